package retry

import (
	"context"
	"encoding/json"
)

// Notebook keeps small values by name on disk; *store.Mirror implements it.
type Notebook interface {
	Keep(ctx context.Context, name string, value []byte) error
	Kept(ctx context.Context, name string) ([]byte, error)
}

// loadNote decodes the value of a name into v, and reports whether there is one.
func loadNote(ctx context.Context, n Notebook, name string, v any) (found bool, err error) {
	value, err := n.Kept(ctx, name)
	if err != nil || value == nil {
		return false, err
	}
	return true, json.Unmarshal(value, v)
}

// saveNote keeps v, encoded, under a name.
func saveNote(ctx context.Context, n Notebook, name string, v any) error {
	value, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return n.Keep(ctx, name, value)
}

package store

import (
	"encoding/json"
	"fmt"
)

// versioned is how a value is kept that has no format of its own.
type versioned[T any] struct {
	V     int `json:"v"`
	Value T   `json:"value"`
}

func encodeValue[T any](what string, version int, value T) ([]byte, error) {
	encoded, err := json.Marshal(versioned[T]{V: version, Value: value})
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", what, err)
	}
	return encoded, nil
}

// decodeValue reads what encodeValue wrote; it keeps nothing of encoded.
func decodeValue[T any](what string, newest int, encoded []byte) (T, error) {
	var kept versioned[T]
	err := json.Unmarshal(encoded, &kept)
	if kept.V > newest { // said first: a newer format need not fit T
		return kept.Value, fmt.Errorf("%w: %s has format %d, this program knows %d", ErrNewer, what, kept.V, newest)
	}
	if err != nil {
		return kept.Value, fmt.Errorf("%w: decode %s: %w", ErrDamaged, what, err)
	}
	return kept.Value, nil
}

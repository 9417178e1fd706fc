package store

import (
	"bytes"
	"context"
	"crypto/rand"
)

// keyBytes is the length of a key.
const keyBytes = 32

// Key returns the random key of 32 bytes that the restaurant keeps under a name. It
// is made when it is first asked for, and stays. It is secret; the caller owns it.
//
// Errors: [booking.ErrNotKept].
func (f *File) Key(ctx context.Context, name string) ([]byte, error) {
	var key []byte
	err := f.view(ctx, func(t *tx) error {
		key = bytes.Clone(t.bucket(keysBucket).Get([]byte(name)))
		return nil
	})
	if err != nil || key != nil {
		return key, err
	}
	err = f.commit(ctx, func(t *tx) error {
		keys := t.bucket(keysBucket)
		if key = bytes.Clone(keys.Get([]byte(name))); key != nil { // somebody else was faster
			return nil
		}
		key = make([]byte, keyBytes)
		_, _ = rand.Read(key) // never fails
		return keys.Put([]byte(name), key)
	})
	return key, err
}

package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"maitre/booking"
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

// decodeValue reads what encodeValue wrote, from its place; it keeps nothing of encoded.
func decodeValue[T any](bucket, key []byte, newest int, encoded []byte) (T, error) {
	var kept versioned[T]
	err := readJSON(bucket, key, newest, encoded, &kept, &kept.V)
	return kept.Value, err
}

// readJSON reads a value from its place into a struct, of which version is the
// field "v". Errors: a valueError.
func readJSON(bucket, key []byte, newest int, encoded []byte, into any, version *int) error {
	err := json.Unmarshal(encoded, into)
	switch {
	case *version > newest: // said first: a newer format need not fit
		return unreadable(bucket, key, fmt.Errorf("%w: it has format %d, this program knows %d", ErrNewer, *version, newest))
	case err != nil:
		return unreadable(bucket, key, fmt.Errorf("%w: %w", ErrDamaged, err))
	case *version < 1:
		return unreadable(bucket, key, fmt.Errorf("%w: it has no format", ErrDamaged))
	}
	return nil
}

// valueError says that one value cannot be read, by its place. It is an
// [ErrDamaged] or an [ErrNewer]. Whoever meets one has the value put into the
// quarantine, and begins again.
type valueError struct {
	bucket, key []byte
	err         error
}

// Error says which value it is and what is wrong with it.
func (e *valueError) Error() string { return placeOf(e.bucket, e.key) + ": " + e.err.Error() }

// Unwrap returns what is wrong with the value.
func (e *valueError) Unwrap() error { return e.err }

// unreadable returns a valueError that keeps nothing of bucket and key.
func unreadable(bucket, key []byte, err error) error {
	return &valueError{bytes.Clone(bucket), bytes.Clone(key), err}
}

// missing is for a value that an index names and that is not there.
func missing(bucket, key []byte) error {
	return unreadable(bucket, key, fmt.Errorf("%w: an index names it, and it is not there", ErrDamaged))
}

// misplaced is for a value that does not belong where it lies.
func misplaced(bucket, key []byte, id string) error {
	return unreadable(bucket, key, fmt.Errorf("%w: it says that it is %q", ErrDamaged, id))
}

// placeOf names a value for the log, without telling whose it is.
func placeOf(bucket, key []byte) string {
	switch {
	case bytes.Equal(bucket, phonesBucket), bytes.Equal(bucket, dialoguesBucket):
		return fmt.Sprintf("%s %s", bucket, booking.Phone(key).Masked())
	case bytes.Equal(bucket, archiveBucket):
		return fmt.Sprintf("%s %q", bucket, entryInTimeKey(key))
	}
	return fmt.Sprintf("%s %q", bucket, key)
}

// asValueError returns the valueError in err, or nil.
func asValueError(err error) *valueError {
	bad, _ := errors.AsType[*valueError](err)
	return bad
}

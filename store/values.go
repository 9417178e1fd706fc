package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"maitre/booking"
	"maitre/store/bolt"
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

// kind is a bucket of values that are read one by one, each by itself.
type kind struct {
	bucket []byte
	// read reports whether a value can be read.
	read func(key, value []byte) error
	// indexes are the buckets whose entries name a value of this one.
	indexes []index
	// atOpen: each value is read while the file is opened; there are few, or they
	// are read fast.
	atOpen bool
}

// index is a bucket of which each entry names a value of another.
type index struct {
	bucket []byte
	key    func(k, v []byte) []byte // of the value that an entry names
}

func inKey(k, _ []byte) []byte   { return k }
func inValue(_, v []byte) []byte { return v }

func behind(n int) func(k, v []byte) []byte {
	return func(k, _ []byte) []byte { return k[min(n, len(k)):] }
}

// afterZero is the rest of a key behind a 0 and n bytes more.
func afterZero(n int) func(k, v []byte) []byte {
	return func(k, _ []byte) []byte {
		_, rest, _ := bytes.Cut(k, []byte{0})
		return rest[min(n, len(rest)):]
	}
}

// reads makes a decoder one that only reports whether it can.
func reads[T any](decode func(key, value []byte) (T, error)) func(key, value []byte) error {
	return func(key, value []byte) error { _, err := decode(key, value); return err }
}

// kinds are the buckets whose values can be put into the quarantine. Not among
// them: the bucket mirror, because which system of record the file is of must not
// be guessed.
func kinds() []kind {
	return []kind{
		// Before the bookings: an entry that can be read holds a copy of one, and a day
		// of which one is lost does not count as read.
		{daysBucket, func(key, value []byte) error { _, _, err := decodeDay(key, value); return err }, nil, true},
		{journalBucket, reads(decodeEntry), []index{{entryOfBucket, inValue}, {dueBucket, behind(timeKeyLen)}, {parkedBucket, inKey}}, false},
		{bookingsBucket, reads(decode), []index{{byDateBucket, behind(dateKeyLen)}, {byPhoneBucket, afterZero(dateKeyLen)}, {codesBucket, inValue}}, false},
		{archiveBucket, reads(decodeArchived), nil, false},
		{waitlistBucket, reads(decodeWaiting), nil, false},
		{dialoguesBucket, reads(decodeDialogue), nil, false},
		{phonesBucket, reads(decodePhone), nil, false},
		// outbox_keys stays: what was sent perhaps is not sent again.
		{outboxBucket, reads(decodeMessage), []index{{outboxDueBucket, behind(dueHead)}, {outboxStatesBucket, afterZero(0)}, {outboxSIDsBucket, inValue}}, false},
		{outboxEarlyBucket, reads(decodeEarly), nil, false},
		{tablesBucket, readsKept(tablesBucket), nil, true},
		{feedBucket, readsKept(feedBucket), nil, true},
		{seenBucket, func(key, value []byte) error { _, err := decodeAnswer(key, value); return err }, nil, true},
	}
}

func readsKept(bucket []byte) func(name, value []byte) error {
	return func(name, value []byte) error { _, err := decodeKept(bucket, name, value); return err }
}

// kindOf returns the kind of a bucket; false where its values stay in their place.
func kindOf(bucket []byte) (kind, bool) {
	for _, k := range kinds() {
		if bytes.Equal(k.bucket, bucket) {
			return k, true
		}
	}
	return kind{}, false
}

// whereIs is where the value of a kind lies: in its bucket, or in that of the
// answer's day, which is nil when it is gone.
func (t *tx) whereIs(name, key []byte) (*bolt.Bucket, []byte) {
	b := t.bucket(name)
	if !bytes.Equal(name, seenBucket) {
		return b, key
	}
	n := min(dateKeyLen, len(key))
	return b.Bucket(key[:n]), key[n:]
}

// eachValue calls f for every value of a kind.
func (t *tx) eachValue(k kind, f func(key, value []byte) error) error {
	b := t.bucket(k.bucket)
	if !bytes.Equal(k.bucket, seenBucket) {
		return b.ForEach(f)
	}
	return b.ForEachBucket(func(day []byte) error {
		return b.Bucket(day).ForEach(func(n, value []byte) error { return f(append(bytes.Clone(day), n...), value) })
	})
}

package bolt

import (
	"bytes"
	"fmt"

	"go.etcd.io/bbolt"
)

// Tx is a transaction, of one View or of a batch of Updates.
type Tx struct {
	// Local is for whoever uses the transaction: nil at first; what one write of a
	// batch leaves here the next of the same batch finds.
	Local any

	bbolt   *bbolt.Tx
	changed bool // by the write that runs
	onSync  func()
}

// ID returns the transaction's number: one more than that of the commit before it;
// of a View that of the commit it sees.
func (t *Tx) ID() int { return t.bbolt.ID() }

// Writable reports whether it is an Update's.
func (t *Tx) Writable() bool { return t.bbolt.Writable() }

// OnSync has fn called once the write is synced, before its caller is answered:
// by the writer, in the order of commits, so that it must not wait for anything.
// Of a write that was run more than once only the last run's call counts; a second
// call replaces the first.
func (t *Tx) OnSync(fn func()) { t.onSync = fn }

// Bucket returns a bucket at the top level, or nil.
func (t *Tx) Bucket(name []byte) *Bucket { return t.wrap(t.bbolt.Bucket(name)) }

// ForEachBucket calls fn for every bucket at the top level but [Meta].
func (t *Tx) ForEachBucket(fn func(name []byte, b *Bucket) error) error {
	return t.bbolt.ForEach(func(name []byte, b *bbolt.Bucket) error {
		if string(name) == Meta {
			return nil
		}
		return fn(name, &Bucket{t, b})
	})
}

// CreateBucket makes a bucket at the top level where there is none, and returns it.
func (t *Tx) CreateBucket(name []byte) (*Bucket, error) { return t.root().CreateBucket(name) }

// RenameBucket gives a bucket at the top level another name, which must be free.
func (t *Tx) RenameBucket(from, to []byte) error {
	was := t.Bucket(from)
	switch {
	case was == nil || string(from) == Meta:
		return fmt.Errorf("there is no bucket %q", from)
	case t.Bucket(to) != nil:
		return fmt.Errorf("there is a bucket %q already", to)
	}
	is, err := t.CreateBucket(to)
	if err != nil {
		return err
	}
	var names [][]byte
	if err := was.ForEach(func(name, value []byte) error {
		if value == nil && was.Bucket(name) != nil {
			names = append(names, bytes.Clone(name))
			return nil
		}
		return is.Put(name, value)
	}); err != nil {
		return err
	}
	for _, name := range names {
		if err := t.apply(change{kind: moveBucket, in: was.bbolt, key: name, to: is.bbolt}); err != nil {
			return err
		}
	}
	return t.root().DeleteBucket(from)
}

// root is the bucket of the buckets at the top level.
func (t *Tx) root() *Bucket { return &Bucket{t, t.bbolt.Cursor().Bucket()} }

// change is a change of one key or one bucket.
type change struct {
	kind       changeKind
	in         *bbolt.Bucket
	key, value []byte
	to         *bbolt.Bucket // of moveBucket
	number     uint64        // of setSequence
}

type changeKind int

const (
	putKey changeKind = iota
	deleteKey
	createBucket
	deleteBucket
	moveBucket
	setSequence
)

// apply is the one function that changes the file: whatever a commit writes goes
// through it, in order, on the writer's goroutine (before there is one, on Open's).
func (t *Tx) apply(c change) (err error) {
	t.changed = true
	switch c.kind {
	case putKey:
		return c.in.Put(c.key, c.value)
	case deleteKey:
		return c.in.Delete(c.key)
	case createBucket:
		_, err = c.in.CreateBucket(c.key)
	case deleteBucket:
		err = c.in.DeleteBucket(c.key)
	case moveBucket:
		err = c.in.MoveBucket(c.key, c.to)
	case setSequence:
		return c.in.SetSequence(c.number)
	}
	if err != nil {
		return fmt.Errorf("bucket %q: %w", c.key, err)
	}
	return nil
}

// Bucket is a set of keys with their values, and of buckets, ordered by their names.
type Bucket struct {
	tx    *Tx
	bbolt *bbolt.Bucket
}

func (t *Tx) wrap(b *bbolt.Bucket) *Bucket {
	if b == nil {
		return nil
	}
	return &Bucket{t, b}
}

// Get returns the value of a key; nil where there is none.
func (b *Bucket) Get(key []byte) []byte { return b.bbolt.Get(key) }

// Put sets the value of a key. The value must not change until the transaction ends.
func (b *Bucket) Put(key, value []byte) error {
	return b.tx.apply(change{kind: putKey, in: b.bbolt, key: key, value: value})
}

// Delete removes a key, if it is there.
func (b *Bucket) Delete(key []byte) error {
	return b.tx.apply(change{kind: deleteKey, in: b.bbolt, key: key})
}

// Bucket returns a bucket within this one, or nil.
func (b *Bucket) Bucket(name []byte) *Bucket { return b.tx.wrap(b.bbolt.Bucket(name)) }

// CreateBucket makes a bucket within this one where there is none, and returns it.
func (b *Bucket) CreateBucket(name []byte) (*Bucket, error) {
	if there := b.Bucket(name); there != nil {
		return there, nil
	}
	if err := b.tx.apply(change{kind: createBucket, in: b.bbolt, key: name}); err != nil {
		return nil, err
	}
	return b.Bucket(name), nil
}

// DeleteBucket removes a bucket within this one with all that is in it.
func (b *Bucket) DeleteBucket(name []byte) error {
	return b.tx.apply(change{kind: deleteBucket, in: b.bbolt, key: name})
}

// NextSequence returns the bucket's next number, from 1 on.
func (b *Bucket) NextSequence() (uint64, error) {
	next := b.bbolt.Sequence() + 1
	return next, b.tx.apply(change{kind: setSequence, in: b.bbolt, number: next})
}

// appendFill is how full bbolt leaves a page of keys in order when it splits one.
const appendFill = 0.9

// Appended says that new keys come at the end, so that pages are left fuller than
// the half that suits keys in no order. It returns the bucket.
func (b *Bucket) Appended() *Bucket {
	b.bbolt.FillPercent = appendFill
	return b
}

// Len returns how many keys the bucket has; it reads all its pages.
func (b *Bucket) Len() int { return b.bbolt.Stats().KeyN }

// ForEach calls fn for every key in order, of a bucket with a nil value. fn must
// not change the bucket.
func (b *Bucket) ForEach(fn func(key, value []byte) error) error { return b.bbolt.ForEach(fn) }

// ForEachBucket calls fn for every bucket within this one.
func (b *Bucket) ForEachBucket(fn func(name []byte) error) error { return b.bbolt.ForEachBucket(fn) }

// Cursor returns a cursor over the keys.
func (b *Bucket) Cursor() *Cursor { return &Cursor{b.bbolt.Cursor()} }

// Cursor goes through a bucket's keys in order. Its methods return nil behind the
// last key and before the first; what they return is valid as long as the
// transaction, and until the bucket is changed.
type Cursor struct{ bbolt *bbolt.Cursor }

// First goes to the first key.
func (c *Cursor) First() (key, value []byte) { return c.bbolt.First() }

// Last goes to the last key.
func (c *Cursor) Last() (key, value []byte) { return c.bbolt.Last() }

// Next goes to the next key.
func (c *Cursor) Next() (key, value []byte) { return c.bbolt.Next() }

// Prev goes to the key before.
func (c *Cursor) Prev() (key, value []byte) { return c.bbolt.Prev() }

// Seek goes to a key, or to the next where it is not there.
func (c *Cursor) Seek(key []byte) (found, value []byte) { return c.bbolt.Seek(key) }

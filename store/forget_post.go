package store

import (
	"bytes"
	"context"
	"time"

	"github.com/oklog/ulid/v2"

	"maitre/booking"
	"maitre/store/bolt"
)

// forgetPost removes messages, phones and receipts that nobody needs to keep:
// what had its last change before a moment, and is not set for a later one.
// Receipts for names that never became known go with the memos.
func (f *File) forgetPost(ctx context.Context, before, earlyBefore time.Time) (n int, err error) {
	for _, bucket := range []struct {
		name   []byte
		before time.Time
		old    func(key, value []byte, before time.Time) (old, rest bool, err error)
		remove func(*tx, []byte) error
	}{
		{outboxBucket, before, oldOwed, (*tx).forgetOwed},
		{phonesBucket, before, oldPhone, (*tx).forgetPhone},
		{outboxEarlyBucket, earlyBefore, oldEarly, func(t *tx, key []byte) error { return t.bucket(outboxEarlyBucket).Delete(key) }},
	} {
		if bucket.before.IsZero() {
			continue
		}
		// Looked for by a reader, so that guests' bookings do not wait for it, and
		// looked at again by the writer.
		var old [][]byte
		if err := f.view(ctx, func(t *tx) (err error) {
			old, err = oldIn(t.bucket(bucket.name), bucket.before, bucket.old)
			return err
		}); err != nil {
			return n, err
		}
		for len(old) > 0 {
			some := old[:min(len(old), forgetAtOnce)]
			gone := 0
			if err := f.commit(ctx, func(t *tx) error {
				gone = 0
				for _, key := range some {
					value := t.bucket(bucket.name).Get(key)
					if value == nil {
						continue
					}
					if still, _, err := bucket.old(key, value, bucket.before); err != nil || !still {
						return err
					}
					if err := bucket.remove(t, key); err != nil {
						return err
					}
					gone++
				}
				return nil
			}); err != nil {
				return n, err
			}
			n += gone
			old = old[len(some):]
		}
	}
	return n, nil
}

// oldIn returns the keys of what is old, up to where the rest cannot be.
func oldIn(b *bolt.Bucket, before time.Time, isOld func(key, value []byte, before time.Time) (old, rest bool, err error)) ([][]byte, error) {
	var found [][]byte
	cursor := b.Cursor()
	for k, v := cursor.First(); k != nil; k, v = cursor.Next() {
		old, rest, err := isOld(k, v, before)
		if err != nil {
			return nil, err
		}
		if rest {
			break
		}
		if old {
			found = append(found, bytes.Clone(k))
		}
	}
	return found, nil
}

// oldOwed tells whether a message is old. Those after it in the order of IDs are
// younger, so that the rest is known by its ID.
func oldOwed(key, value []byte, before time.Time) (old, rest bool, err error) {
	if id, err := ulid.ParseStrict(string(key)); err == nil && !ulid.Time(id.Time()).Before(before) {
		return false, true, nil
	}
	o, err := decodeOwed(key, value)
	return o.Changed.Before(before) && o.Next.Before(before), false, err
}

// oldPhone tells whether there is something old to forget of a phone: of one that
// wants no messages, all but that.
func oldPhone(key, value []byte, before time.Time) (old, rest bool, err error) {
	c, err := decodePhone(key, value)
	return c.Changed.Before(before) && (!c.OptedOut || !c.Heard.IsZero()), false, err
}

// forgetPhone removes what is known of a phone, but not that it wants no messages.
func (t *tx) forgetPhone(key []byte) error {
	c, err := t.phone(booking.Phone(key))
	switch {
	case err != nil:
		return err
	case c.OptedOut:
		c.Heard = time.Time{}
		return t.putPhone(booking.Phone(key), c)
	}
	return t.bucket(phonesBucket).Delete(key)
}

func oldEarly(key, value []byte, before time.Time) (old, rest bool, err error) {
	e, err := decodeEarly(key, value)
	return e.At.Before(before), false, err
}

// forgetOwed removes a message with all that lists it.
func (t *tx) forgetOwed(id []byte) error {
	o, err := t.listedOwed(id)
	if err != nil {
		return err
	}
	if err := t.unlistOwed(o); err != nil {
		return err
	}
	if o.Key != "" {
		if err := t.bucket(outboxKeysBucket).Delete([]byte(o.Key)); err != nil {
			return err
		}
	}
	for _, sid := range sidsOf(o) {
		if err := t.bucket(outboxSIDsBucket).Delete([]byte(sid)); err != nil {
			return err
		}
	}
	return t.bucket(outboxBucket).Delete(id)
}

// sidsOf returns the carrier's names for a message, as far as they are remembered.
func sidsOf(o booking.Owed) []string {
	var sids []string
	for _, a := range o.History {
		if a.SID != "" {
			sids = append(sids, a.SID)
		}
	}
	return sids
}

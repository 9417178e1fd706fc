package store

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"

	"maitre/booking"
	"maitre/store/bolt"
)

// forgetMessages removes messages and phones that nobody needs to keep: what had its
// last change before a moment, and is not set for a later one.
func (f *File) forgetMessages(ctx context.Context, before time.Time) (int, error) {
	messages, err := f.forgetOld(ctx, outboxBucket, before, oldMessage, (*tx).forgetMessage)
	if err != nil {
		return messages, err
	}
	phones, err := f.forgetOld(ctx, phonesBucket, before, oldPhone, (*tx).forgetPhone)
	return messages + phones, err
}

// forgetEarly removes receipts for names that never became known.
func (f *File) forgetEarly(ctx context.Context, before time.Time) (int, error) {
	return f.forgetOld(ctx, outboxEarlyBucket, before, oldEarly, func(t *tx, key []byte) error { return t.bucket(outboxEarlyBucket).Delete(key) })
}

// isOld reports whether a value is old, and whether all behind it are not.
type isOld func(key, value []byte, before time.Time) (old, rest bool, err error)

// forgetOld removes what is old from a bucket. It is looked for by a reader, so that
// guests' bookings do not wait for it, and looked at again by the writer.
func (f *File) forgetOld(ctx context.Context, bucket []byte, before time.Time, isOld isOld, remove func(*tx, []byte) error) (n int, err error) {
	old, err := read(ctx, f, func(t *tx) ([][]byte, error) { return oldIn(t.bucket(bucket), before, isOld) })
	if err != nil {
		return 0, err
	}
	for some := range slices.Chunk(old, forgetAtOnce) {
		gone := 0
		if err := f.commit(ctx, func(t *tx) error {
			gone = 0
			for _, key := range some {
				value := t.bucket(bucket).Get(key)
				if value == nil {
					continue
				}
				still, _, err := isOld(key, value, before)
				if err != nil {
					return err
				}
				if !still {
					continue
				}
				if err := remove(t, key); err != nil {
					return err
				}
				gone++
			}
			return nil
		}); err != nil {
			return n, err
		}
		n += gone
	}
	return n, nil
}

// oldIn returns the keys of what is old, up to where the rest cannot be.
func oldIn(b *bolt.Bucket, before time.Time, isOld isOld) ([][]byte, error) {
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

// oldMessage reports whether a message is old. Those after it in the order of IDs are
// younger, so that the rest is known by its ID.
func oldMessage(key, value []byte, before time.Time) (old, rest bool, err error) {
	if id, err := ulid.ParseStrict(string(key)); err == nil && !ulid.Time(id.Time()).Before(before) {
		return false, true, nil
	}
	o, err := decodeMessage(key, value)
	return o.Changed.Before(before) && o.Next.Before(before), false, err
}

// oldPhone reports whether there is something old to forget of a phone: of one that
// wants no messages, all but that.
func oldPhone(key, value []byte, before time.Time) (old, rest bool, err error) {
	c, err := decodePhone(key, value)
	return c.Changed.Before(before) && (!c.OptedOut || !c.Wrote.IsZero()), false, err
}

// forgetPhone removes what is known of a phone, but not that it wants no messages.
func (t *tx) forgetPhone(key []byte) error {
	c, err := t.phone(booking.Phone(key))
	switch {
	case err != nil:
		return err
	case c.OptedOut:
		c.Wrote = time.Time{}
		return t.putPhone(booking.Phone(key), c)
	}
	return t.bucket(phonesBucket).Delete(key)
}

func oldEarly(key, value []byte, before time.Time) (old, rest bool, err error) {
	e, err := decodeEarly(key, value)
	return e.At.Before(before), false, err
}

// forgetMessage removes a message with all that lists it.
func (t *tx) forgetMessage(id []byte) error {
	o, err := t.listedMessage(id)
	if err != nil {
		return err
	}
	if err := t.unlistMessage(o); err != nil {
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
func sidsOf(o booking.OutboxMessage) []string {
	var sids []string
	for _, a := range o.History {
		if a.SID != "" {
			sids = append(sids, a.SID)
		}
	}
	return sids
}

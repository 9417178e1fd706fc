package store

import (
	"bytes"
	"context"
	"time"

	"maitre/booking"
)

// binding says what the mirror is a mirror of.
type binding struct {
	Record string `json:"record"` // "": the data file is the system of record itself
	// Last is the last one that was not the data file: the rows are of it.
	Last string `json:"last"`
}

const bindingFormat = 1

var bindingKey = []byte("of")

// Rebound is what [Mirror.Bind] did, for the log.
type Rebound struct {
	From, To string
	Changed  bool // From and To differ; otherwise nothing was done
	Queued   int  // bookings that are to be written to the new system of record
	Removed  int  // bookings that were known from the old one only
}

// Bind says which system of record the mirror is of from now on: the name of
// one, or "" when the data file is the system of record itself. It is to be
// called at the start, before anything is read or accepted.
//
// When that changes from the data file to another, each live booking that is not
// over gets a journal entry, so that it is written there; entries that waited
// since earlier say again how their bookings shall stand. When it changes from
// another to yet another, bookings that are rows of the old one are removed,
// unless they wait in the journal; what waits is written anew; and what was read
// of the old one's days, tables and changes is forgotten. Back to the data file,
// nothing is done.
//
// An interrupted Bind is begun again by the next. Errors: [booking.ErrNotKept],
// those of reading.
func (m *Mirror) Bind(ctx context.Context, record string, now time.Time) (Rebound, error) {
	var was binding
	err := m.file.view(ctx, func(t *tx) (err error) {
		if value := t.bucket(mirrorBucket).Get(bindingKey); value != nil {
			was, err = decodeValue[binding](mirrorBucket, bindingKey, bindingFormat, value)
		}
		return err
	})
	done := Rebound{From: was.Record, To: record, Changed: was.Record != record}
	if err != nil || !done.Changed {
		return done, err
	}
	if record == "" {
		return done, m.bound(ctx, binding{Last: was.Last}, false)
	}
	another := was.Last != "" && was.Last != record
	if another {
		m.file.shelf.marks.startOver()
		if done.Removed, err = m.leaveRows(ctx, was.Record != ""); err != nil {
			return done, err
		}
		if err := m.writeAnew(ctx); err != nil {
			return done, err
		}
	}
	if was.Record == "" {
		if done.Queued, err = m.queue(ctx, now); err != nil {
			return done, err
		}
	}
	return done, m.bound(ctx, binding{Record: record, Last: record}, another)
}

// bound keeps the binding, and forgets what was read of the old one's days,
// tables and changes if that is another.
func (m *Mirror) bound(ctx context.Context, b binding, another bool) error {
	f := m.file
	value, err := encodeValue("binding", bindingFormat, b)
	if err != nil {
		return err
	}
	return f.commit(ctx, func(t *tx) error {
		for _, name := range [][]byte{daysBucket, tablesBucket, feedBucket} {
			if !another {
				break
			}
			for _, key := range t.keys(name, nil, 0) {
				if err := t.delete(t.bucket(name), key); err != nil {
					return err
				}
			}
		}
		return t.put(t.bucket(mirrorBucket), bindingKey, value)
	}, func() {
		if another {
			f.shelf.mu.Lock()
			defer f.shelf.mu.Unlock()
			clear(f.shelf.readings)
		}
	})
}

// keys returns the keys of a bucket behind one, at most limit if that is not 0.
func (t *tx) keys(bucket, after []byte, limit int) (keys [][]byte) {
	cursor := t.bucket(bucket).Cursor()
	for key, _ := cursor.Seek(append(bytes.Clone(after), 0)); key != nil && (limit == 0 || len(keys) < limit); key, _ = cursor.Next() {
		keys = append(keys, bytes.Clone(key))
	}
	return keys
}

// leaveRows forgets which rows the bookings are, and removes those that are
// nothing else, if it may.
func (m *Mirror) leaveRows(ctx context.Context, remove bool) (n int, err error) {
	for more := true; more; {
		var done effects
		err := m.file.commit(ctx, func(t *tx) error {
			done = effects{}
			ids := t.keys(rowOfBucket, nil, journalAtOnce)
			more = len(ids) > 0
			for _, id := range ids {
				if err := t.leaveRow(string(id), remove, &done); err != nil {
					return err
				}
			}
			return nil
		}, func() { m.file.publish(&done) })
		if err != nil {
			return n, err
		}
		n += len(done.bookings)
	}
	return n, nil
}

func (t *tx) leaveRow(id string, remove bool, done *effects) error {
	known, err := t.known(id)
	if err != nil {
		return err
	}
	if known == nil || !remove || t.waits(id) {
		return t.unrecord(id)
	}
	done.bookings = append(done.bookings, bookingEffect{was: known})
	return t.remove(known)
}

// writeAnew makes all entries forget how their bookings stood.
func (m *Mirror) writeAnew(ctx context.Context) error {
	return m.eachEntry(ctx, func(_ *tx, e *booking.JournalEntry) (bool, error) {
		had := e.Was != nil
		e.Was = nil
		return had, nil
	})
}

// eachEntry changes all entries, in transactions of bounded size.
func (m *Mirror) eachEntry(ctx context.Context, change func(*tx, *booking.JournalEntry) (bool, error)) error {
	for after := []byte(nil); ; {
		var (
			done effects
			ids  [][]byte
		)
		err := m.file.commit(ctx, func(t *tx) error {
			done = effects{}
			ids = t.keys(journalBucket, after, journalAtOnce)
			for _, id := range ids {
				if _, err := t.alterEntry(string(id), func(e *booking.JournalEntry) (bool, error) { return change(t, e) }, &done); err != nil {
					return err
				}
			}
			return nil
		}, func() { m.file.publish(&done) })
		if err != nil || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
	}
}

// queue gives each live booking that is not over an entry, and makes the entries
// that there are say how their bookings stand now.
func (m *Mirror) queue(ctx context.Context, now time.Time) (n int, err error) {
	err = m.eachEntry(ctx, func(t *tx, e *booking.JournalEntry) (bool, error) {
		known, err := t.known(e.Booking.ID)
		if err != nil || known == nil || sameBooking(known, &e.Booking) {
			return false, err
		}
		*e = folded(*e, *known, now)
		return true, nil
	})
	if err != nil {
		return 0, err
	}
	// A booking of the day before yesterday is over, whatever the time zone.
	for after := dateKey(today(now).AddDays(-2), ""); ; {
		var (
			done effects
			keys [][]byte
		)
		err := m.file.commit(ctx, func(t *tx) error {
			done = effects{}
			keys = t.keys(byDateBucket, after, journalAtOnce)
			for _, key := range keys {
				if err := m.queueOne(t, string(key[dateKeyLen:]), now, &done); err != nil {
					return err
				}
			}
			return nil
		}, func() { m.file.publish(&done) })
		if err != nil || len(keys) == 0 {
			return n, err
		}
		n += len(done.entered)
		after = keys[len(keys)-1]
	}
}

func (m *Mirror) queueOne(t *tx, id string, now time.Time, done *effects) error {
	b, err := t.byID([]byte(id))
	if err != nil || !b.Live() || !b.End.After(now) || t.waits(id) {
		return err
	}
	e := &booking.JournalEntry{
		ID: m.file.shelf.newID(now), Booking: b, Rev: 1,
		State: booking.EntryPending, Next: plain(now), Created: plain(now),
	}
	done.enter(e, nil)
	return t.putEntry(e, nil)
}

package store

import (
	"bytes"
	"encoding/binary"
	"time"

	"maitre/booking"
	"maitre/store/bolt"
)

const entryFormat = 1

// entry returns the journal entry with an ID, or nil.
func (t *tx) entry(id string) (*booking.JournalEntry, error) {
	value := t.bucket(journalBucket).Get([]byte(id))
	if value == nil {
		return nil, nil
	}
	e, err := decodeEntry([]byte(id), value)
	if err != nil {
		return nil, err
	}
	return &e, nil
}

// decodeEntry reads what putEntry wrote.
func decodeEntry(id, value []byte) (booking.JournalEntry, error) {
	e, err := decodeValue[booking.JournalEntry](journalBucket, id, entryFormat, value)
	if err != nil {
		return e, err
	}
	if _, err := entryULID(e.ID); err != nil || e.ID != string(id) {
		return e, misplaced(journalBucket, id, e.ID)
	}
	return e, nil
}

// entryOf returns a booking's journal entry, or nil.
func (t *tx) entryOf(bookingID string) (*booking.JournalEntry, error) {
	return t.entry(string(t.bucket(entryOfBucket).Get([]byte(bookingID))))
}

// waits reports whether a booking has a journal entry.
func (t *tx) waits(bookingID string) bool {
	return t.bucket(entryOfBucket).Get([]byte(bookingID)) != nil
}

// putEntry puts an entry in the place of was, which may be nil.
func (t *tx) putEntry(e, was *booking.JournalEntry) error {
	value, err := encodeEntry(e)
	if err != nil {
		return err
	}
	return t.putEncoded(e, was, value)
}

func encodeEntry(e *booking.JournalEntry) ([]byte, error) {
	return encodeValue("journal entry "+e.ID, entryFormat, e)
}

func (t *tx) putEncoded(e, was *booking.JournalEntry, value []byte) error {
	t.effects.enter(e, was)
	if was != nil {
		bucket, key := t.place(was)
		if err := bucket.Delete(key); err != nil {
			return err
		}
		if err := t.unlistHolds(was); err != nil {
			return err
		}
	} else if err := t.bucket(entryOfBucket).Put([]byte(e.Booking.ID), []byte(e.ID)); err != nil {
		return err
	}
	bucket, key := t.place(e)
	if err := bucket.Put(key, nil); err != nil {
		return err
	}
	if err := t.listHolds(e); err != nil {
		return err
	}
	return t.bucket(journalBucket).Put([]byte(e.ID), value)
}

// removeEntry takes an entry out of the journal.
func (t *tx) removeEntry(e *booking.JournalEntry) error {
	t.effects.leave(e)
	bucket, key := t.place(e)
	if err := bucket.Delete(key); err != nil {
		return err
	}
	if err := t.unlistHolds(e); err != nil {
		return err
	}
	if err := t.bucket(entryOfBucket).Delete([]byte(e.Booking.ID)); err != nil {
		return err
	}
	return t.bucket(journalBucket).Delete([]byte(e.ID))
}

// place is where an entry is listed: a pending one by when it is due.
func (t *tx) place(e *booking.JournalEntry) (*bolt.Bucket, []byte) {
	if e.State == booking.EntryParked {
		return t.bucket(parkedBucket), []byte(e.ID)
	}
	return t.bucket(dueBucket), timeKey(e.Next, e.ID)
}

const timeKeyLen = 12

// timeKey sorts by time, whatever the year, then by ID.
func timeKey(at time.Time, id string) []byte {
	key := make([]byte, 0, timeKeyLen+len(id))
	key = binary.BigEndian.AppendUint64(key, uint64(at.Unix())^1<<63)
	key = binary.BigEndian.AppendUint32(key, uint32(at.Nanosecond()))
	return append(key, id...)
}

func keyTime(key []byte) time.Time {
	return time.Unix(int64(binary.BigEndian.Uint64(key)^1<<63), int64(binary.BigEndian.Uint32(key[8:]))).UTC()
}

// noteAttempt adds a failed attempt to an entry's history.
func noteAttempt(e *booking.JournalEntry, a booking.Attempt) {
	a.At = plain(a.At)
	kept := e.Attempts[max(0, len(e.Attempts)+1-booking.MaxAttemptsKept):]
	e.Attempts = append(append(make([]booking.Attempt, 0, len(kept)+1), kept...), a)
	e.Tried++
}

// makeDue makes an entry pending and due, and forgets its failures.
func makeDue(e *booking.JournalEntry, now time.Time) {
	e.State, e.Next, e.Parked = booking.EntryPending, plain(now), nil
	e.Failures, e.Counted = 0, 0
}

// plain returns a time as reading it back from the file would.
func plain(at time.Time) time.Time { return at.Round(0).UTC() }

// holdDates returns the service days on which an entry holds tables beside those
// that it wants.
func holdDates(e *booking.JournalEntry) []booking.Date {
	var dates []booking.Date
	for _, b := range e.HeldBeside() {
		dates = append(dates, b.Date)
	}
	return dates
}

func (t *tx) listHolds(e *booking.JournalEntry) error {
	for _, date := range holdDates(e) {
		if err := t.bucket(holdsBucket).Put(dateKey(date, e.Booking.ID), nil); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) unlistHolds(e *booking.JournalEntry) error {
	for _, date := range holdDates(e) {
		if err := t.bucket(holdsBucket).Delete(dateKey(date, e.Booking.ID)); err != nil {
			return err
		}
	}
	return nil
}

// heldOn returns what entries hold on a service day beside what they want.
func (t *tx) heldOn(date booking.Date) ([]booking.Booking, error) {
	var (
		held   []booking.Booking
		prefix = dateKey(date, "")
		cursor = t.bucket(holdsBucket).Cursor()
	)
	for k, _ := cursor.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cursor.Next() {
		e, err := t.entryOf(string(k[len(prefix):]))
		if err != nil {
			return nil, err
		}
		if e == nil {
			continue
		}
		for _, b := range e.HeldBeside() {
			if b.Date == date {
				held = append(held, b)
			}
		}
	}
	return held, nil
}

// indexHolds lists what the entries of a file hold that was written before there
// was such a list.
func (t *tx) indexHolds() error {
	return t.bucket(journalBucket).ForEach(func(id, _ []byte) error {
		e, err := t.entry(string(id))
		if err != nil || e == nil {
			return nil //nolint:nilerr // a value that cannot be read is reported by whoever needs it
		}
		return t.listHolds(e)
	})
}

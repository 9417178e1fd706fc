package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"maitre/booking"
)

// Mirror is the data file as a mirror of the system of record: what is last
// known of it, with every accepted wish laid over it, whether it is written
// there yet or not. It is safe for concurrent use.
type Mirror struct{ book }

// Mirror returns the file as a mirror of the system of record.
func (f *File) Mirror() *Mirror { return &Mirror{book{f}} }

// Row is a row of the system of record as it was read.
type Row struct {
	// Booking is what the row says. Its ID is the booking's own, or the record
	// where the row has none; its Code may be empty.
	Booking booking.Booking
	// Record is the row's own ID in the system of record, never empty.
	Record string
}

// Mark returns the present moment. It is to be taken before a read of the system
// of record is sent, and given with what was read.
func (m *Mirror) Mark() Mark { return m.file.index.versions.next() }

// AsOf tells when a day was last read whole; false when it never was. It is
// answered from memory.
func (m *Mirror) AsOf(date booking.Date) (time.Time, bool) {
	r, ok := m.Reading(date)
	return r.AsOf, ok
}

// ByRecord returns the booking that a row is; false when none is known.
func (m *Mirror) ByRecord(ctx context.Context, record string) (found booking.Booking, ok bool, err error) {
	err = m.file.view(ctx, func(t *tx) error {
		id := t.bookingOf(record)
		if ok = id != ""; !ok {
			return nil
		}
		found, err = t.byID([]byte(id))
		return err
	})
	return found, ok && err == nil, err
}

// Record returns the row that a booking is; false when none is known.
func (m *Mirror) Record(ctx context.Context, bookingID string) (record string, ok bool, err error) {
	err = m.file.view(ctx, func(t *tx) error {
		record = t.recordOf(bookingID)
		return nil
	})
	return record, record != "", err
}

// Waits tells whether a booking has a journal entry, pending or parked. It is
// answered from memory.
func (m *Mirror) Waits(bookingID string) bool {
	s := m.file.index
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, waits := s.waiting[bookingID]
	return waits
}

// SetFloor says what the house's tables are: every day handed out from now on
// has it. nil: as the restaurant file has them.
func (m *Mirror) SetFloor(floor *booking.Floor) { m.file.days.setFloor(floor) }

// The names under which [Mirror.Keep] keeps what is not of how changes reach us.
const (
	// KeptTables is the house's tables as they were last read.
	KeptTables = "tables"
	// KeptClaim is by what this file knows that it is its desk that writes to a
	// base. It outlives a [Mirror.Bind] to another.
	KeptClaim = "claim"
)

const (
	keptFormat = 1
	maxKept    = 1 << 20
)

// Keep keeps a small JSON value (not its very bytes) by its name, in the place of
// an earlier one; nil forgets that. Values are of one system of record: see [Mirror.Bind].
//
// Errors: [booking.ErrNotKept].
func (m *Mirror) Keep(ctx context.Context, name string, value []byte) error {
	f := m.file
	if name == "" || len(value) > maxKept || value != nil && !json.Valid(value) {
		return notKept(f.path, fmt.Errorf("value %q of %d bytes: want a name, and JSON of at most %d", name, len(value), maxKept))
	}
	encoded, err := encodeValue(name, keptFormat, json.RawMessage(value))
	if err != nil {
		return notKept(f.path, err)
	}
	return f.commit(ctx, func(t *tx) error {
		if value == nil {
			return t.bucket(keptBucket(name)).Delete([]byte(name))
		}
		return t.bucket(keptBucket(name)).Put([]byte(name), encoded)
	})
}

// Kept returns what Keep kept under a name; nil when there is nothing. The
// caller owns it.
func (m *Mirror) Kept(ctx context.Context, name string) ([]byte, error) {
	if name == "" {
		return nil, errors.New("kept values have names")
	}
	var value json.RawMessage
	err := m.file.view(ctx, func(t *tx) (err error) {
		value = nil
		if encoded := t.bucket(keptBucket(name)).Get([]byte(name)); encoded != nil {
			value, err = decodeKept(keptBucket(name), []byte(name), encoded)
		}
		return err
	})
	return value, err
}

func decodeKept(bucket, name, encoded []byte) (json.RawMessage, error) {
	return decodeValue[json.RawMessage](bucket, name, keptFormat, encoded)
}

func keptBucket(name string) []byte {
	switch name {
	case KeptTables:
		return tablesBucket
	case KeptClaim:
		return mirrorBucket
	}
	return feedBucket
}

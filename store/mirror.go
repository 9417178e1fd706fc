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
// known of it, with every accepted entry applied to it, whether it is written
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

// Version returns the present moment. It is to be taken before a read of the system
// of record is sent, and given with what was read.
func (m *Mirror) Version() Version { return m.file.index.versions.next() }

// AsOf returns when a day was last read whole; false when it never was. It is
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
	record, err = read(ctx, m.file, func(t *tx) (string, error) { return t.recordOf(bookingID), nil })
	return record, record != "", err
}

// Waits reports whether a booking has a journal entry, pending or parked. It is
// answered from memory.
func (m *Mirror) Waits(bookingID string) bool {
	s := m.file.index
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, waits := s.waiting[bookingID]
	return waits
}

// SetFloor says what the restaurant's tables are: every day handed out from now on
// has it. nil: as the restaurant file has them.
func (m *Mirror) SetFloor(floor *booking.Floor) { m.file.days.setFloor(floor) }

// The names under which [Mirror.Keep] keeps what is not of how changes reach us.
const (
	// KeptTables is the restaurant's tables as they were last read.
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
	return read(ctx, m.file, func(t *tx) ([]byte, error) {
		encoded := t.bucket(keptBucket(name)).Get([]byte(name))
		if encoded == nil {
			return nil, nil
		}
		return decodeKept(keptBucket(name), []byte(name), encoded)
	})
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

// Reading is when and how a day was last read whole.
type Reading struct {
	// AsOf is the moment of which what was read is true, as the clock had it.
	AsOf time.Time
	// Feed is the number of the record of changes that was surely kept when the
	// reading was sent: what was changed since is in it. 0: none was. Clocks are set
	// back and forth, so that their times do not show which of two was first.
	Feed uint64
}

// Reading returns when and how a day was last read whole; false when it never was. It
// is answered from memory.
func (m *Mirror) Reading(date booking.Date) (Reading, bool) {
	s := m.file.index
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, ok := s.readings[date]
	return r, ok
}

// NewestFeed is the greatest number of a feed under which a day was read.
func (m *Mirror) NewestFeed() (newest uint64) {
	s := m.file.index
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, r := range s.readings {
		newest = max(newest, r.Feed)
	}
	return newest
}

// ReadSince reports whether a reading of a day that was sent at a moment, or later,
// was kept.
func (m *Mirror) ReadSince(date booking.Date, since Version) bool {
	return m.file.index.versions.readAt(date) >= since
}

const dayFormat = 1

// keptReading is a reading as the file holds it. Programs of before Feed read, and
// write, the time alone.
type keptReading struct {
	versioned[time.Time]
	Feed uint64 `json:"feed,omitempty"`
}

func encodeReading(date booking.Date, r Reading) ([]byte, error) {
	value, err := json.Marshal(keptReading{versioned[time.Time]{V: dayFormat, Value: r.AsOf}, r.Feed})
	if err != nil {
		return nil, fmt.Errorf("encode day %s: %w", date, err)
	}
	return value, nil
}

// decodeDay reads what encodeReading wrote, from its place.
func decodeDay(key, value []byte) (date booking.Date, r Reading, err error) {
	if date, err = booking.ParseDate(string(key)); err != nil {
		return date, r, unreadable(daysBucket, key, fmt.Errorf("%w: %w", ErrDamaged, err))
	}
	var kept keptReading
	err = readJSON(daysBucket, key, dayFormat, value, &kept, &kept.V)
	return date, Reading{AsOf: kept.Value, Feed: kept.Feed}, err
}

// Absent returns what is known of the service days from a date to another, both
// included, and is not among the rows that were read of them: of bookings that were
// rows, and count: see [Mirror.Counts]. That a reading lacks them does not prove that
// they are gone.
func (m *Mirror) Absent(ctx context.Context, from, to booking.Date, rows []Row) ([]Row, error) {
	ids, records := make(map[string]bool, len(rows)), make(map[string]bool, len(rows))
	for _, row := range rows {
		ids[row.Booking.ID], records[row.Record] = true, true
	}
	return read(ctx, m.file, func(t *tx) (absent []Row, err error) {
		for date := from; date <= to; date++ {
			known, err := t.onDate(date)
			if err != nil {
				return nil, err
			}
			for _, b := range known {
				record := t.recordOf(b.ID)
				if record == "" || ids[b.ID] || records[record] || !m.Counts(b) {
					continue
				}
				absent = append(absent, Row{Booking: b, Record: record})
			}
		}
		return absent, nil
	})
}

// Counts reports whether a booking holds its tables and is not over, by the machine's
// clock and by the time that is believed: a clock that is ahead ends nothing.
func (m *Mirror) Counts(b booking.Booking) bool { return b.Live() && b.End.After(m.file.sureNow()) }

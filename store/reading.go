package store

import (
	"encoding/json"
	"fmt"
	"time"

	"maitre/booking"
)

// Reading is when and how a day was last read whole.
type Reading struct {
	// AsOf is the moment of which what was read is true, as the clock had it.
	AsOf time.Time
	// Feed is the number of the record of changes that was surely kept when the
	// reading was sent: what was changed since is in it. 0: none was. Clocks are set
	// back and forth, so that their times do not tell which of two was first.
	Feed uint64
}

// Reading tells when and how a day was last read whole; false when it never was. It
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

// ReadSince tells whether a reading of a day that was sent at a moment, or later,
// was kept.
func (m *Mirror) ReadSince(date booking.Date, since Mark) bool {
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

package store

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"sync"

	"maitre/booking"
)

// Version is a moment in the order of the mirror's changes. It means something to
// the open file that gave it, and only until that is closed.
type Version uint64

// ErrReadTooOld is returned for what was read from the system of record so long
// ago that nobody knows any more what was changed since; to be read again.
var ErrReadTooOld = errors.New("what was read is too old to be kept")

// maxTouched bounds the bookings of which it is known when they were touched
// last: far more than are touched while one read is under way.
const maxTouched = 1 << 16

// versions says, of a booking and a read of the system of record, which is newer.
// It lives in memory only: a read does not outlive the program that sent it.
type versions struct {
	limit int

	mu      sync.Mutex
	latest  Version
	touched map[string]Version // by booking ID
	// forgotten is the newest touch that is not in touched any more.
	forgotten Version
	// read is when the read was sent by which a day was last kept whole.
	read map[booking.Date]Version
}

func newVersions(limit int) *versions {
	return &versions{limit: limit, touched: make(map[string]Version), read: make(map[booking.Date]Version)}
}

// next returns a moment after all that were and before all that come.
func (m *versions) next() Version {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.latest++
	return m.latest
}

// touch notes that a booking is changed. Writes call it while they run, so that
// a later one in the same transaction sees it; if the transaction
// fails, a read is taken for older than it is, which does no harm.
func (m *versions) touch(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.latest++
	m.touched[id] = m.latest
	if len(m.touched) <= m.limit {
		return
	}
	oldest := slices.SortedFunc(maps.Keys(m.touched), func(a, b string) int { return cmp.Compare(m.touched[a], m.touched[b]) })
	for _, id := range oldest[:len(oldest)/2+1] {
		m.forgotten = m.touched[id]
		delete(m.touched, id)
	}
}

// touchedAfter reports whether a booking was touched after a moment.
func (m *versions) touchedAfter(id string, since Version) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.touched[id] > since
}

// known returns ErrReadTooOld if some touch after a moment is forgotten.
func (m *versions) known(since Version) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if since < m.forgotten {
		return ErrReadTooOld
	}
	return nil
}

// readAt is when the read was sent by which a day was last kept whole.
func (m *versions) readAt(date booking.Date) Version {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.read[date]
}

func (m *versions) keepRead(read map[booking.Date]Version) {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.Copy(m.read, read)
}

// startOver forgets everything: no read that was sent before counts any more.
func (m *versions) startOver() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.latest++
	m.forgotten = m.latest
	clear(m.touched)
	clear(m.read)
}

// forgetRead drops days that lie in the past.
func (m *versions) forgetRead(before booking.Date) {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.DeleteFunc(m.read, func(date booking.Date, _ Version) bool { return date < before })
}

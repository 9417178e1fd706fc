package store

import (
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"maitre/booking"
)

// memoryIndex is what the mirror and the journal hold in memory. It is read from
// the file at every start, and holds only what is synced.
type memoryIndex struct {
	newID    func(now time.Time) string
	versions *versions

	mu sync.RWMutex
	// waiting holds each booking's entry. An entry's ID takes 16 bytes here and
	// not 26: in a long outage there are very many.
	waiting  map[string]ulid.ULID
	parked   map[ulid.ULID]struct{}
	readings map[booking.Date]Reading
}

func newMemoryIndex() *memoryIndex {
	return &memoryIndex{
		newID: NewIDs(), versions: newVersions(maxTouched),
		waiting: make(map[string]ulid.ULID), parked: make(map[ulid.ULID]struct{}), readings: make(map[booking.Date]Reading),
	}
}

// read fills the memory index. Of the journal it reads indexes only.
func (s *memoryIndex) read(t *tx) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.waiting)
	clear(s.parked)
	clear(s.readings)
	err := t.bucket(entryOfBucket).ForEach(func(of, id []byte) error {
		entry, err := entryULID(string(id))
		s.waiting[string(of)] = entry
		return err
	})
	if err != nil {
		return err
	}
	err = t.bucket(parkedBucket).ForEach(func(id, _ []byte) error {
		entry, err := entryULID(string(id))
		s.parked[entry] = struct{}{}
		return err
	})
	if err != nil {
		return err
	}
	return t.bucket(daysBucket).ForEach(func(key, value []byte) error {
		date, r, err := decodeDay(key, value)
		s.readings[date] = r
		return err
	})
}

// entryULID reads an entry's ID.
func entryULID(id string) (ulid.ULID, error) {
	entry, err := ulid.ParseStrict(id)
	if err != nil {
		return entry, fmt.Errorf("%w: journal entry %q: %w", ErrDamaged, id, err)
	}
	return entry, nil
}

// effects are what a write changes of what is held in memory. Its transaction
// collects them while it runs, anew each time; they are published once it is synced.
type effects struct {
	bookings []bookingEffect
	// entered are entries as they are in the journal now, left those that are
	// not in it any more.
	entered, left []*booking.JournalEntry
	// stale are days to be read anew: much of them was removed, or entries hold, or
	// held, tables on them beside those that they want.
	stale    []booking.Date
	readings map[booking.Date]Reading
	read     map[booking.Date]Version
	// unread are days of which is forgotten that they were read.
	unread  []booking.Date
	answers []*storedAnswer
	// forgotten are the days whose answers were removed, pastBefore the day before
	// which what is known of readings was.
	forgotten  []booking.Date
	pastBefore booking.Date
}

// enter notes an entry that was put in the place of was, which may be nil.
func (e *effects) enter(now, was *booking.JournalEntry) {
	e.entered = append(e.entered, now)
	e.stale = append(e.stale, holdDates(now)...)
	if was != nil {
		e.stale = append(e.stale, holdDates(was)...)
	}
}

// leave notes an entry that is not in the journal any more.
func (e *effects) leave(was *booking.JournalEntry) {
	e.left = append(e.left, was)
	e.stale = append(e.stale, holdDates(was)...)
}

// readDay notes when a day was read, and by which reading.
func (e *effects) readDay(date booking.Date, r Reading, since Version) {
	if e.readings == nil {
		e.readings, e.read = make(map[booking.Date]Reading), make(map[booking.Date]Version)
	}
	e.readings[date], e.read[date] = r, since
}

// bookingEffect is a booking that was put, changed or removed.
type bookingEffect struct{ now, was *booking.Booking }

// fewEffects is up to how many bookings are changed in the days that are held;
// beyond that, it is less work to read the days again.
const fewEffects = 16

// publish is called by the writer, in the order of its commits.
func (f *File) publish(e *effects) {
	f.publishBookings(e.bookings)
	if len(e.stale) > 0 {
		f.days.drop(e.stale)
	}
	for _, answer := range e.answers {
		f.answers.add(answer)
	}
	for _, day := range e.forgotten {
		f.answers.forget(day)
	}
	f.index.publish(e)
}

func (s *memoryIndex) publish(e *effects) {
	if len(e.entered)+len(e.left)+len(e.readings)+len(e.unread) == 0 && e.pastBefore.IsZero() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, entry := range e.entered {
		id := ulid.MustParse(entry.ID)
		s.waiting[entry.Booking.ID] = id
		if entry.State == booking.EntryParked {
			s.parked[id] = struct{}{}
		} else {
			delete(s.parked, id)
		}
	}
	for _, entry := range e.left {
		delete(s.waiting, entry.Booking.ID)
		delete(s.parked, ulid.MustParse(entry.ID))
	}
	maps.Copy(s.readings, e.readings)
	for _, date := range e.unread {
		delete(s.readings, date)
	}
	s.versions.keepRead(e.read)
	if before := e.pastBefore; !before.IsZero() {
		maps.DeleteFunc(s.readings, func(date booking.Date, _ Reading) bool { return date < before })
		s.versions.forgetRead(before)
	}
}

func (f *File) publishBookings(all []bookingEffect) {
	if len(all) == 0 {
		return
	}
	defer f.onDays(datesOf(all)...)
	if len(all) > fewEffects {
		f.days.drop(datesOf(all))
		return
	}
	for _, b := range all {
		if b.now != nil {
			f.days.put(*b.now, b.was)
		} else {
			f.days.remove(b.was)
		}
	}
}

// datesOf returns the dates, old and new, of bookings that were changed.
func datesOf(all []bookingEffect) []booking.Date {
	var dates []booking.Date
	for _, b := range all {
		for _, one := range []*booking.Booking{b.now, b.was} {
			if one != nil {
				dates = append(dates, one.Date)
			}
		}
	}
	return dates
}

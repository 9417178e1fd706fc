package store

import (
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"maitre/booking"
)

// shelf is what the mirror and the journal hold in memory. It is made anew from
// the file at every start, and says only what is synced.
type shelf struct {
	newID func(now time.Time) string
	marks *marks

	mu sync.RWMutex
	// waiting holds each booking's entry. An entry's ID takes 16 bytes here and
	// not 26: in a long outage there are very many.
	waiting  map[string]ulid.ULID
	parked   map[ulid.ULID]struct{}
	readings map[booking.Date]Reading
}

func newShelf() *shelf {
	return &shelf{
		newID: NewIDs(), marks: newMarks(maxTouched),
		waiting: make(map[string]ulid.ULID), parked: make(map[ulid.ULID]struct{}), readings: make(map[booking.Date]Reading),
	}
}

// read fills the shelf. Of the journal it reads indexes only.
func (s *shelf) read(t *tx) error {
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

// decodeDay reads when a day was last read.
func entryULID(id string) (ulid.ULID, error) {
	entry, err := ulid.ParseStrict(id)
	if err != nil {
		return entry, fmt.Errorf("%w: journal entry %q: %w", ErrDamaged, id, err)
	}
	return entry, nil
}

// effects are what a write changes of what is held in memory. The write collects
// them while it runs, anew each time; they are published once it is synced.
type effects struct {
	bookings []bookingEffect
	// entered are entries as they are in the journal now, left those that are
	// not in it any more.
	entered, left []*booking.JournalEntry
	// held are the days on which entries hold, or held, tables beside those that
	// they want.
	held     []booking.Date
	readings map[booking.Date]Reading
	read     map[booking.Date]Mark
	// unread are days of which is forgotten that they were read.
	unread []booking.Date
}

// enter notes an entry that was put in the place of was, which may be nil.
func (e *effects) enter(now, was *booking.JournalEntry) {
	e.entered = append(e.entered, now)
	e.held = append(e.held, holdDates(now)...)
	if was != nil {
		e.held = append(e.held, holdDates(was)...)
	}
}

// leave notes an entry that is not in the journal any more.
func (e *effects) leave(was *booking.JournalEntry) {
	e.left = append(e.left, was)
	e.held = append(e.held, holdDates(was)...)
}

// bookingEffect is a booking that was put, changed or removed.
type bookingEffect struct{ now, was *booking.Booking }

// fewEffects is up to how many bookings are changed in the days that are held;
// beyond that, it is less work to read the days again.
const fewEffects = 16

// publish is called by the writer, in the order of its commits.
func (f *File) publish(e *effects) {
	f.publishBookings(e.bookings)
	f.days.drop(e.held)
	s := f.shelf
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
	s.marks.keepRead(e.read)
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
			f.days.stand(*b.now, b.was)
		} else {
			f.days.leave(b.was)
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

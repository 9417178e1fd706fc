package store

import (
	"bytes"
	"time"

	"github.com/oklog/ulid/v2"

	"maitre/booking"
)

// substitute puts what else the file knows in the place of a value that was put
// aside, where it is needed:
//
//   - of a journal entry, the mirror holds the booking: it gets a parked entry, and a
//     person checks whether it was written;
//   - of a booking that waits, the journal holds the booking;
//   - of any other booking, the system of record does: its day is to be read again,
//     and is not shown before. Where the file is the system of record itself, its
//     table is not known any more, and the staff see a report;
//   - who wanted no messages, by what is left of the value, still wants none.
//
// All else is made anew when needed, or is history only.
func (t *tx) substitute(a *keptAside, now time.Time) error {
	switch name := []byte(a.Bucket); {
	case bytes.Equal(name, journalBucket):
		return t.substituteEntry(a, now)
	case bytes.Equal(name, bookingsBucket):
		return t.substituteBooking(a, now)
	case bytes.Equal(name, phonesBucket), bytes.Equal(name, dialoguesBucket):
		a.Phone = booking.Phone(a.Key)
		if bytes.Equal(name, phonesBucket) && bytes.Contains(a.Value, []byte(`"opted_out":true`)) {
			return t.putPhone(a.Phone, correspondent{OptedOut: true, Changed: asUTC(now)})
		}
	case bytes.Equal(name, waitlistBucket):
		a.Date, _ = booking.ParseDate(string(a.Key[:min(dateKeyLen, len(a.Key))]))
	case bytes.Equal(name, daysBucket):
		if date, err := booking.ParseDate(string(a.Key)); err == nil {
			a.Date, t.effects.unread = date, append(t.effects.unread, date)
		}
	}
	return nil
}

func (t *tx) substituteEntry(a *keptAside, now time.Time) error {
	id, err := entryULID(string(a.Key))
	if err != nil || a.Booking == "" {
		return nil // nothing says what it was of
	}
	b, err := t.known(a.Booking)
	if err != nil || b == nil {
		t.effects.leave(&booking.JournalEntry{ID: string(a.Key), Booking: booking.Booking{ID: a.Booking}})
		return nil // the booking is put aside itself, and reported
	}
	a.Code, a.Date, a.Phone, a.Replaced = b.Code, b.Date, b.Phone, true
	e := &booking.JournalEntry{
		ID: string(a.Key), Booking: *b, Rev: 1, State: booking.EntryParked, Next: plain(now), Created: plain(ulid.Time(id.Time())),
		Parked: &booking.Parked{
			At: plain(now), Cause: booking.ParkedData,
			Text: "its entry in the data file could not be read, so that nobody knows whether it was written",
			Fix:  "See whether it is in the system of record as it is here. If not, retry the entry, which writes the whole booking; if so, settle it.",
		},
	}
	if t.recordOf(b.ID) != "" {
		e.Was = copyOf(b) // it is there, somehow
	}
	return t.putEntry(e, nil)
}

func (t *tx) substituteBooking(a *keptAside, now time.Time) error {
	id := string(a.Key)
	a.Booking, a.Record = id, t.recordOf(id)
	e, err := t.entryOf(id)
	if err == nil && e != nil {
		b := copyOf(&e.Booking)
		a.Replaced = true
		return t.showAgain(b, now)
	}
	if err := t.unrecord(id); err != nil {
		return err
	}
	if a.Date.IsZero() {
		return nil
	}
	t.effects.bookings = append(t.effects.bookings, bookingEffect{was: &booking.Booking{ID: id, Date: a.Date}})
	t.effects.unread = append(t.effects.unread, a.Date)
	return t.bucket(daysBucket).Delete(dateKey(a.Date, ""))
}

// showAgain makes the file show a booking of which it showed nothing. It goes
// without its code where that may be another's by now.
func (t *tx) showAgain(b *booking.Booking, now time.Time) error {
	value, err := encode(*b)
	if err != nil {
		return err
	}
	claimed, err := t.claims(b, today(now))
	if err != nil && asValueError(err) == nil {
		return err
	}
	return t.putBooking(b, value, nil, claimed && err == nil)
}

// restore moves the values of the quarantine that can be read by now back to their
// places, if these are free, and returns how many.
func (t *tx) restore(now time.Time) (n int, err error) {
	for _, key := range t.keys(quarantineBucket, 0) {
		a, err := decodeValue[keptAside](quarantineBucket, key, asideFormat, t.bucket(quarantineBucket).Get(key))
		if err != nil || a.Value == nil {
			continue
		}
		k, known := kindOf([]byte(a.Bucket))
		if !known || k.read(a.Key, a.Value) != nil {
			continue
		}
		back, err := t.putBack(a, now)
		if err != nil {
			return n, err
		}
		if back {
			n++
			if err := t.bucket(quarantineBucket).Delete(key); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// putBack puts a value that can be read into its place, with what lists it,
// unless that place is taken.
func (t *tx) putBack(a keptAside, now time.Time) (bool, error) {
	name := []byte(a.Bucket)
	into, key := t.whereIs(name, a.Key)
	taken := into == nil || into.Get(key) != nil
	switch {
	case bytes.Equal(name, journalBucket):
		return t.putEntryBack(a, now)
	case taken:
		return false, nil
	case bytes.Equal(name, bookingsBucket):
		// The system of record has the state of a row, or no row.
		if a.Record != "" && t.isMirror() {
			return false, nil
		}
		b, err := decode(a.Key, a.Value)
		if err != nil {
			return false, err
		}
		return true, t.showAgain(&b, now)
	case bytes.Equal(name, outboxBucket):
		o, err := decodeMessage(a.Key, a.Value)
		if err != nil {
			return false, err
		}
		for _, sid := range append(sidsOf(o), o.SID) {
			if sid == "" {
				continue
			}
			if err := t.bucket(outboxSIDsBucket).Put([]byte(sid), a.Key); err != nil {
				return false, err
			}
		}
		return true, t.putMessage(nil, o)
	}
	return true, into.Put(key, a.Value)
}

// putEntryBack puts a journal entry back: in the place of its substitute while
// nobody acted on that, or where there is none.
func (t *tx) putEntryBack(a keptAside, now time.Time) (bool, error) {
	e, err := decodeEntry(a.Key, a.Value)
	if err != nil {
		return false, err
	}
	there, err := t.entryOf(e.Booking.ID)
	switch {
	case err != nil:
		return false, nil // it is not read now, and is put aside when it is met
	case there == nil && a.Replaced:
		return false, nil // a person saw to it
	case there != nil && (there.ID != e.ID || there.Rev != 1 || there.Parked == nil || there.Parked.Cause != booking.ParkedData):
		return false, nil
	}
	known, err := t.known(e.Booking.ID)
	if err != nil {
		return false, nil // likewise
	}
	if known == nil {
		if err := t.showAgain(&e.Booking, now); err != nil {
			return false, err
		}
	}
	return true, t.putEntry(&e, there)
}

// isMirror reports whether the system of record is another than the file.
func (t *tx) isMirror() bool {
	value := t.bucket(mirrorBucket).Get(bindingKey)
	if value == nil {
		return false
	}
	of, err := decodeValue[binding](mirrorBucket, bindingKey, bindingFormat, value)
	return err != nil || of.Record != ""
}

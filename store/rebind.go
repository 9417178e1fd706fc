package store

import (
	"cmp"
	"slices"
	"time"

	"maitre/booking"
)

// rebinding is a change of the system of record, worked out and not yet written.
type rebinding struct {
	Rebound
	was   binding
	now   time.Time
	newID func(time.Time) string

	entries map[string]*booking.JournalEntry // by booking ID
	aside   map[string]asideState            // what was set aside for the new one
	left    map[string]asideState            // what is to be set aside for the old one
	steps   []step
}

// step is what is done about one booking, and its entry.
type step struct {
	now, known      *booking.Booking // nil: it is removed; it was not known
	record          string           // its row in the new one; empty: none is known
	entry, hadEntry *booking.JournalEntry
}

// origin is the last system of record that was another than the data file: what
// waits is for that one.
func (r *rebinding) origin() string { return cmp.Or(r.was.Record, r.was.Last) }

// rebinding works out what [Mirror.Bind] has to do.
func (m *Mirror) rebinding(t *tx, record string, now time.Time) (r rebinding, err error) {
	r.now, r.newID = plain(now), m.file.index.newID
	if r.was, err = t.bound(); err != nil {
		return r, err
	}
	r.From, r.To, r.Changed = r.was.Record, record, r.was.Record != record
	r.Unused = t.unused()
	rows := t.keys(rowOfBucket, 0)
	if !r.Changed && (record != "" || len(rows) == 0) {
		return r, nil
	}
	if r.entries, err = t.entriesByBooking(); err != nil {
		return r, err
	}
	if r.aside, err = t.asideStates(record); err != nil {
		return r, err
	}
	if err := r.part(t, rows); err != nil || !r.Changed {
		return r, err
	}
	err = t.bucket(bookingsBucket).ForEach(func(id, value []byte) error {
		known, err := decode(id, value)
		if err != nil {
			return err
		}
		return r.arrive(t, &known)
	})
	if err != nil {
		return r, err
	}
	for id, p := range r.aside {
		if t.bucket(bookingsBucket).Get([]byte(id)) == nil {
			r.findAgain(p)
		}
	}
	slices.SortFunc(r.Bookings, func(a, b Move) int {
		return cmp.Or(a.Booking.Start.Compare(b.Booking.Start), cmp.Compare(a.Booking.ID, b.Booking.ID))
	})
	return r, nil
}

// entriesByBooking returns the whole journal.
func (t *tx) entriesByBooking() (map[string]*booking.JournalEntry, error) {
	all := map[string]*booking.JournalEntry{}
	err := t.bucket(journalBucket).ForEach(func(id, _ []byte) error {
		e, err := t.entry(string(id))
		if err == nil {
			all[e.Booking.ID] = e
		}
		return err
	})
	return all, err
}

// part works out what is to be set aside for the system of record that is left: all
// of its rows, and what waits for it. Where the data file took over from it, that was done
// then, but for a file whose maitre did not do it yet.
func (r *rebinding) part(t *tx, rows [][]byte) error {
	r.left = map[string]asideState{}
	if r.origin() == r.To || r.origin() == "" {
		return nil
	}
	for _, id := range rows {
		known, err := t.known(string(id))
		if err != nil {
			return err
		}
		if known != nil {
			r.left[string(id)] = asideState{Record: t.recordOf(string(id)), Was: known}
		}
	}
	if len(r.left) == 0 && r.was.Record == "" {
		return nil
	}
	for id, e := range r.entries {
		r.left[id] = asideState{Record: t.recordOf(id), Was: e.Was, Entry: e}
	}
	return nil
}

// arrive works out what becomes of a booking that is known.
func (r *rebinding) arrive(t *tx, known *booking.Booking) error {
	id := known.ID
	p, there := r.aside[id]
	e := r.entries[id]
	ahead := known.Live() && known.End.After(r.now)
	_, ofOld := r.left[id]
	switch {
	case r.To == "":
		if ofOld && (ahead || e != nil) {
			r.note(known, MoveKept)
		}
	case there && e == nil && p.Entry == nil && sameBooking(known, p.Was):
		r.steps = append(r.steps, step{now: known, known: known, record: p.Record})
	case there && p.Was == nil && e == nil && !known.End.After(r.now):
		// It never was known to be a row, and is over.
	case there:
		r.queue(known, known, p, e)
	case e != nil:
		return r.queueNew(t, known, e)
	case r.was.Record == "":
		if ahead && (t.recordOf(id) == "" || r.origin() != r.To) {
			return r.queueNew(t, known, nil)
		}
	case ofOld:
		r.steps = append(r.steps, step{known: known})
		r.Removed++
		if ahead {
			r.note(known, MoveSetAside)
		}
	}
	return nil
}

// findAgain works out what becomes of a booking that was set aside for the new
// system of record, and is not known since.
func (r *rebinding) findAgain(p asideState) {
	switch newest := p.newest(); {
	case p.Entry != nil && (p.Was != nil || newest.End.After(r.now)):
		r.queue(newest, nil, p, nil)
	case p.Was != nil:
		r.steps = append(r.steps, step{now: p.Was, record: p.Record})
		if p.Was.Live() && p.Was.End.After(r.now) {
			r.note(p.Was, MoveFound)
		}
	}
}

// queue gives a booking that is, or was to be, in the new system of record an entry
// which says its state there. known is nil where it is not known any more; e is
// the entry that it has, and may be nil.
func (r *rebinding) queue(b, known *booking.Booking, p asideState, e *booking.JournalEntry) {
	s := step{now: b, known: known, record: p.Record, hadEntry: e}
	kind := MoveAltered
	if p.Was == nil {
		kind = MoveAdded
	}
	switch {
	case e != nil && r.origin() == r.To: // it is for this one
		s.entry = e
		if !sameBooking(b, &e.Booking) {
			next := folded(*e, *b, r.now)
			s.entry = &next
		}
	case p.Entry != nil:
		next := folded(*p.Entry, *b, r.now)
		s.entry = r.renewed(&next, e)
	default:
		s.entry = r.renewed(&booking.JournalEntry{Booking: *b, Was: p.Was}, e)
	}
	r.steps = append(r.steps, s)
	r.Queued++
	r.note(b, kind)
}

// queueNew gives a booking that the new system of record does not know an entry, in
// the place of e, which waits for another and may be nil. One that goes by the ID of its row in
// another goes by one of its own from now on.
func (r *rebinding) queueNew(t *tx, known *booking.Booking, e *booking.JournalEntry) error {
	if e != nil && r.origin() == r.To {
		r.queue(known, known, asideState{Record: t.recordOf(known.ID), Was: e.Was}, e)
		return nil
	}
	elsewhere, err := isRowElsewhere(t, known.ID)
	if err != nil {
		return err
	}
	b := *known
	s := step{now: &b, known: known, hadEntry: e}
	if p, leaves := r.left[known.ID]; elsewhere || leaves && p.Record == known.ID {
		r.steps = append(r.steps, step{known: known, hadEntry: e})
		b.ID = r.newID(r.now)
		s = step{now: &b}
	}
	s.entry = r.renewed(&booking.JournalEntry{Booking: b}, e)
	if s.hadEntry == nil {
		s.entry.ID = r.newID(r.now)
	}
	r.steps = append(r.steps, s)
	r.Queued++
	r.note(&b, MoveAdded)
	return nil
}

// renewed makes an entry due as if it were new, in the place of e and with its
// messages; e may be nil.
func (r *rebinding) renewed(next, e *booking.JournalEntry) *booking.JournalEntry {
	next.ID, next.Rev, next.Created, next.Messages = r.newID(r.now), 1, r.now, nil
	next.Attempts, next.Tried = nil, 0
	if e != nil {
		next.ID, next.Rev, next.Created, next.Messages, next.Silent = e.ID, e.Rev+1, e.Created, e.Messages, e.Silent
		next.Attempts, next.Tried = e.Attempts, e.Tried
	}
	makeDue(next, r.now)
	return next
}

func (r *rebinding) note(b *booking.Booking, f MoveKind) {
	r.Bookings = append(r.Bookings, Move{Booking: *b, Kind: f})
}

// write does what was worked out.
func (r *rebinding) write(t *tx, today booking.Date) error {
	if len(r.left) > 0 {
		if err := t.setAllAside(r.origin(), r.left); err != nil {
			return err
		}
	}
	if r.origin() != r.To && r.origin() != "" {
		for _, id := range t.keys(rowOfBucket, 0) {
			if err := t.unrecord(string(id)); err != nil {
				return err
			}
		}
	}
	if r.To != "" && r.Changed {
		if err := t.takeBack(r.To); err != nil {
			return err
		}
	}
	for i := range r.steps {
		if err := r.steps[i].write(t, today); err != nil {
			return err
		}
	}
	if r.To != "" && r.was.Last != "" && r.origin() != r.To {
		if err := t.forgetReadings(); err != nil {
			return err
		}
	}
	value, err := encodeValue("binding", bindingFormat, binding{Record: r.To, Last: cmp.Or(r.To, r.was.Last)})
	if err != nil {
		return err
	}
	return t.bucket(mirrorBucket).Put(bindingKey, value)
}

func (s *step) write(t *tx, today booking.Date) error {
	switch {
	case s.now == nil && s.hadEntry != nil:
		if err := t.removeEntry(s.hadEntry); err != nil {
			return err
		}
		fallthrough
	case s.now == nil:
		return t.remove(s.known)
	}
	if s.known == nil || !sameBooking(s.now, s.known) {
		if err := t.mirrorBooking(s.now, s.known, today); err != nil {
			return err
		}
	}
	if s.record != "" {
		if err := t.record(s.now.ID, s.record); err != nil {
			return err
		}
	}
	if s.entry == nil || s.entry == s.hadEntry {
		return nil
	}
	return t.putEntry(s.entry, s.hadEntry)
}

// forgetReadings forgets what was read of a system of record's days, tables and changes.
func (t *tx) forgetReadings() error {
	for _, name := range [][]byte{daysBucket, tablesBucket, feedBucket} {
		for _, key := range t.keys(name, 0) {
			if err := t.bucket(name).Delete(key); err != nil {
				return err
			}
		}
	}
	return nil
}

package store

import "maitre/booking"

// found lets the entry of a booking that was missing go on: the same row is there
// again, as a reading says that was asked for after it was missed.
func (k *keeping) found(t *tx, id, record string) error {
	if was := t.recordOf(id); was != "" && was != record {
		return nil // a copy of it
	}
	e, err := t.entryOf(id)
	if err != nil || e == nil || e.Parked == nil || e.Parked.Cause != booking.ParkedMissing || k.file.shelf.marks.touchedAfter(id, k.since) {
		return err
	}
	_, err = t.alterEntry(e.ID, func(e *booking.JournalEntry) (bool, error) {
		makeDue(e, k.file.now())
		return true, nil
	}, &k.effects)
	return err
}

// see has the entry of a booking that waits hold the place that its row was read to
// have, which may be another than the entry knows of.
func (k *keeping) see(t *tx, b, known *booking.Booking) error {
	e, err := t.entryOf(b.ID)
	if err != nil || e == nil || known == nil {
		return err
	}
	seen := CarriedOver(b, known)
	var now *booking.Booking
	if seen.Live() && !e.MayStandAs(seen) {
		now = &seen
	}
	if now == nil && e.Seen == nil || now != nil && e.Seen != nil && sameBooking(now, e.Seen) {
		return nil
	}
	_, err = t.alterEntry(e.ID, func(e *booking.JournalEntry) (bool, error) {
		e.Seen = now
		return true, nil
	}, &k.effects)
	return err
}

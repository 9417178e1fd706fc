package store

import (
	"context"
	"time"

	"maitre/booking"
)

// keeping is one transaction's part of what was read.
type keeping struct {
	file  *File
	since Version
	asOf  time.Time
	feed  uint64 // see Reading
	rows  []Row

	// Either single rows and the records that are gone, or whole days.
	single   bool
	gone     []string
	from, to booking.Date
	// records are those of all that was read, missing those that are gone.
	records, missing map[string]bool

	// Set by write:
	days    []booking.Date // those of from to to that are not known newer
	there   map[string]bool
	err     error // why nothing was to be kept
	left    []Left
	changed []booking.Date // those of bookings that were changed, old and new

	// mine are the bookings that write touched, in whichever run.
	mine map[string]bool
}

func (k *keeping) commit(ctx context.Context) error {
	k.mine = make(map[string]bool)
	if err := k.file.commit(ctx, k.write); err != nil {
		return err
	}
	return k.err
}

func (k *keeping) write(t *tx) error {
	if k.err = k.file.index.versions.known(k.since); k.err != nil {
		return nil
	}
	k.there = make(map[string]bool, len(k.rows))
	k.days, k.left, k.changed = nil, nil, nil
	for date := k.from; !k.single && date <= k.to; date++ {
		if !k.readLater(t, date) {
			k.days = append(k.days, date)
		}
	}
	for i := range k.rows {
		if err := k.keep(t, k.rows[i]); err != nil {
			return err
		}
	}
	for _, record := range k.gone {
		if _, err := k.end(t, t.bookingOf(record)); err != nil {
			return err
		}
	}
	for _, date := range k.days {
		if err := k.keepDay(t, date); err != nil {
			return err
		}
	}
	k.changed = datesOf(t.effects.bookings)
	return nil
}

// keepDay removes what is not there any more from a day, and remembers that the
// day was read.
func (k *keeping) keepDay(t *tx, date booking.Date) error {
	known, err := t.onDate(date)
	if err != nil {
		return err
	}
	for i := range known {
		if id := known[i].ID; !k.there[id] && t.recordOf(id) != "" {
			if _, err := k.end(t, id); err != nil {
				return err
			}
		}
	}
	reading := Reading{AsOf: k.asOf, Feed: k.feed}
	value, err := encodeReading(date, reading)
	if err != nil {
		return err
	}
	t.effects.readDay(date, reading, k.since)
	t.read[date] = k.since
	return t.bucket(daysBucket).Put(dateKey(date, ""), value)
}

// end removes a booking that is not in the system of record any more, unless
// something newer is known of it.
func (k *keeping) end(t *tx, id string) (ended bool, err error) {
	known, err := t.known(id)
	switch {
	case err != nil:
		return false, err
	case known == nil:
		return true, nil
	case k.newer(t, id) || k.readLater(t, known.Date):
		k.leave(id, known.Date)
		// An entry that waits may be settled, and then the booking is where it was before.
		e, err := t.entryOf(id)
		if err == nil && e != nil && e.Was != nil && e.Was.Date != known.Date {
			k.leave(id, e.Was.Date)
		}
		return false, err
	}
	k.touch(id)
	return true, t.remove(known)
}

// keep puts a row.
func (k *keeping) keep(t *tx, row Row) error {
	b := asKept(row.Booking)
	if copied, err := k.isCopy(t, row); err != nil {
		return err
	} else if copied {
		b.ID, b.Code = row.Record, ""
	}
	if other := t.bookingOf(row.Record); b.ID == row.Record && other != "" {
		b.ID = other // somebody emptied our ID in the row: it is that booking's row still
	}
	k.there[b.ID] = true
	known, err := t.known(b.ID)
	if err != nil {
		return err
	}
	if err := k.found(t, b.ID, row.Record); err != nil {
		return err
	}
	if k.newer(t, b.ID) || k.readLater(t, b.Date) || known != nil && k.readLater(t, known.Date) {
		k.leaveAs(b, known)
		return k.see(t, &b, known)
	}
	// The row may have gone by another ID until now.
	if other := t.bookingOf(row.Record); other != "" && other != b.ID {
		if ended, err := k.end(t, other); err != nil || !ended {
			k.there[other] = true
			return err
		}
	}
	k.touch(b.ID)
	if err := k.put(t, &b, known); err != nil {
		return err
	}
	return t.record(b.ID, row.Record)
}

// put makes the mirror say what a row says, unless it does.
func (k *keeping) put(t *tx, b, known *booking.Booking) error {
	if known != nil {
		if *b = CarriedOver(b, known); sameBooking(b, known) {
			return nil
		}
		changedAt(b, k.asOf)
	}
	return t.mirrorBooking(b, known, today(k.file.now()))
}

// leave notes a booking that is left as it is known.
func (k *keeping) leave(id string, dates ...booking.Date) {
	for _, date := range dates {
		k.left = append(k.left, Left{ID: id, Date: date})
	}
}

// leaveAs notes a booking that is left as it is known, unless it is so in the row too.
func (k *keeping) leaveAs(b booking.Booking, known *booking.Booking) {
	if known == nil {
		k.leave(b.ID, b.Date)
		return
	}
	if b = CarriedOver(&b, known); sameBooking(&b, known) {
		return
	}
	k.leave(b.ID, b.Date)
	if known.Date != b.Date {
		k.leave(b.ID, known.Date)
	}
}

// isCopy reports whether a row claims to be a booking that is another row, which
// is still there as far as is known.
func (k *keeping) isCopy(t *tx, row Row) (bool, error) {
	id := row.Booking.ID
	if id == row.Record {
		return false, nil
	}
	record := t.recordOf(id)
	switch record {
	case row.Record:
		return false, nil
	case "": // of two that nobody knows, the first is the booking
		return k.there[id], nil
	}
	if k.records[record] || k.single {
		return !k.missing[record], nil
	}
	known, err := t.known(id)
	return known != nil && (known.Date < k.from || known.Date > k.to), err
}

// newer reports whether a booking may have changed since the read was sent. What
// touched it in an earlier run of the same write does not count.
func (k *keeping) newer(t *tx, id string) bool {
	return t.waits(id) || !k.mine[id] && k.file.index.versions.touchedAfter(id, k.since)
}

// touch notes that a single row was kept. What a day says is known by when the
// day was read.
func (k *keeping) touch(id string) {
	if k.single {
		k.mine[id] = true
		k.file.index.versions.touch(id)
	}
}

// readLater reports whether a later read of a day was kept.
func (k *keeping) readLater(t *tx, date booking.Date) bool {
	return max(t.read[date], k.file.index.versions.readAt(date)) > k.since
}

// found lets the entry of a booking that was missing go on: the same row is there
// again, as a reading says that was asked for after it was missed.
func (k *keeping) found(t *tx, id, record string) error {
	if was := t.recordOf(id); was != "" && was != record {
		return nil // a copy of it
	}
	e, err := t.entryOf(id)
	if err != nil || e == nil || e.Parked == nil || e.Parked.Cause != booking.ParkedMissing || k.file.index.versions.touchedAfter(id, k.since) {
		return err
	}
	_, err = t.alterEntry(e.ID, func(e *booking.JournalEntry) (bool, error) {
		makeDue(e, k.file.now())
		return true, nil
	})
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
	})
	return err
}

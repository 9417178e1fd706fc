package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"maitre/booking"
)

// Of what KeepDays is given, a transaction takes as many days as have so many
// rows, and at most so many days: guests' bookings do not wait long behind it.
const (
	rowsAtOnce = 200
	daysAtOnce = 31
)

// KeepDay makes the mirror of a service day say what was read of it, and
// remembers asOf as the moment of which that is true. since is the mark that was
// taken before the read was sent.
//
// Rows are put; bookings of the day that are not among them, and were a row, are
// removed. Left as they are: bookings that have a journal entry, and bookings
// that were touched after since (written, settled, kept by [Mirror.KeepRows]),
// because what was read of them may be older. A booking that
// never was a row is not removed either. When a read that was sent later was
// kept already, this one changes nothing.
//
// What the system of record cannot hold is carried over from what is known. A row
// that then says what is known changes nothing; of one that says something else,
// Updated becomes asOf. When two rows claim to be one booking (the staff copied
// one), the one that was it before is it still, and the other is a booking named
// by its record, so that its table is held too.
//
// Errors: [ErrReadTooOld], [booking.ErrNotKept].
func (m *Mirror) KeepDay(ctx context.Context, date booking.Date, rows []Row, since Mark, asOf time.Time) error {
	return m.KeepDays(ctx, date, date, rows, since, asOf)
}

// KeepDays is KeepDay for every day from a date to another, both included, in
// transactions of bounded size. After an error, some of the days may be kept.
func (m *Mirror) KeepDays(ctx context.Context, from, to booking.Date, rows []Row, since Mark, asOf time.Time) error {
	_, err := m.ReplaceDays(ctx, from, to, rows, since, Reading{AsOf: asOf})
	return err
}

// ReplaceDays is KeepDays, and tells which dates' bookings it changed, those from
// which a booking moved included, sorted, each once, also with an error.
func (m *Mirror) ReplaceDays(ctx context.Context, from, to booking.Date, rows []Row, since Mark, reading Reading) ([]booking.Date, error) {
	if err := m.checkRows(rows); err != nil {
		return nil, err
	}
	changed := make(map[booking.Date]bool)
	byDate := make(map[booking.Date][]Row)
	records := make(map[string]bool, len(rows))
	for _, row := range rows {
		records[row.Record] = true
		at := min(max(row.Booking.Date, from), to) // a row of another day is put, and no more
		byDate[at] = append(byDate[at], row)
	}
	for from <= to {
		last, n := from, len(byDate[from])
		for last < to && last-from < daysAtOnce-1 && n+len(byDate[last+1]) <= rowsAtOnce {
			last++
			n += len(byDate[last])
		}
		k := &keeping{file: m.file, since: since, asOf: plain(reading.AsOf), feed: reading.Feed, from: from, to: last, records: records}
		for date := from; date <= last; date++ {
			k.rows = append(k.rows, byDate[date]...)
		}
		if err := k.commit(ctx); err != nil {
			return slices.Sorted(maps.Keys(changed)), err
		}
		for _, date := range datesOf(k.bookings) {
			changed[date] = true
		}
		from = last + 1
	}
	return slices.Sorted(maps.Keys(changed)), nil
}

// KeepRows keeps single rows that changed, by the rules of [Mirror.KeepDay], and
// removes the bookings of records that are gone. It returns the dates whose
// bookings it changed, old and new, sorted, each once, also with an error, before
// which it may have kept some. A row that says what is
// known already changes none: it may be the echo of our own write.
//
// Errors: [ErrReadTooOld], [booking.ErrNotKept].
func (m *Mirror) KeepRows(ctx context.Context, rows []Row, gone []string, since Mark) ([]booking.Date, error) {
	changed, _, err := m.KeepChanges(ctx, rows, gone, since)
	return changed, err
}

// Left is a booking that was left as it is known, although what was read says
// something else.
type Left struct {
	ID   string
	Date booking.Date
}

// KeepChanges is KeepRows for whoever is told of each change once: left are the
// bookings for which what was read came too early or too late, and which must be
// read again; those that wait in the journal ([Mirror.Waits]) not before they are
// written. One that was or is on two dates comes twice.
func (m *Mirror) KeepChanges(ctx context.Context, rows []Row, gone []string, since Mark) (dates []booking.Date, left []Left, err error) {
	if err := m.checkRows(rows); err != nil {
		return nil, nil, err
	}
	changed := make(map[booking.Date]bool)
	records := make(map[string]bool, len(rows))
	for _, row := range rows {
		records[row.Record] = true
	}
	parted := make(map[string]bool, len(gone))
	for _, record := range gone {
		parted[record] = true
	}
	for len(rows)+len(gone) > 0 {
		k := &keeping{file: m.file, since: since, asOf: plain(m.file.now()), single: true, records: records, parted: parted}
		k.rows, rows = cut(rows)
		k.gone, gone = cut(gone)
		if err := k.commit(ctx); err != nil {
			return slices.Sorted(maps.Keys(changed)), left, err
		}
		left = append(left, k.left...)
		for _, date := range datesOf(k.bookings) {
			changed[date] = true
		}
	}
	return slices.Sorted(maps.Keys(changed)), left, nil
}

func cut[T any](all []T) (some, rest []T) {
	n := min(len(all), rowsAtOnce)
	return all[:n], all[n:]
}

func (m *Mirror) checkRows(rows []Row) error {
	for i := range rows {
		if row := &rows[i]; row.Record == "" || row.Booking.ID == "" || row.Booking.Date.IsZero() {
			return notKept(m.file.path, fmt.Errorf("row %q is booking %q on %s: want all three", row.Record, row.Booking.ID, row.Booking.Date))
		}
	}
	return nil
}

// keeping is one transaction's part of what was read.
type keeping struct {
	file  *File
	since Mark
	asOf  time.Time
	feed  uint64 // see Reading
	rows  []Row

	// Either single rows and the records that are gone, or whole days.
	single   bool
	gone     []string
	from, to booking.Date
	// records are those of all that was read, parted those that are gone.
	records, parted map[string]bool

	// Set by write:
	days  []booking.Date // those of from to to that are not known newer
	there map[string]bool
	err   error // why nothing was to be kept
	left  []Left
	effects

	// mine are the bookings that write touched, in whichever run.
	mine map[string]bool
}

func (k *keeping) commit(ctx context.Context) error {
	k.mine = make(map[string]bool)
	if err := k.file.commit(ctx, k.write, func() { k.file.publish(&k.effects) }); err != nil {
		return err
	}
	return k.err
}

func (k *keeping) write(t *tx) error {
	if k.err = k.file.shelf.marks.known(k.since); k.err != nil {
		return nil
	}
	k.effects = effects{readings: make(map[booking.Date]Reading), read: make(map[booking.Date]Mark)}
	k.there = make(map[string]bool, len(k.rows))
	k.days, k.left = nil, nil
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
	k.effects.readings[date], k.effects.read[date] = reading, k.since
	t.read[date] = k.since
	return t.put(t.bucket(daysBucket), dateKey(date, ""), value)
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
		// A wish that waits may be settled, and then it is where it was before.
		e, err := t.entryOf(id)
		if err == nil && e != nil && e.Was != nil && e.Was.Date != known.Date {
			k.leave(id, e.Was.Date)
		}
		return false, err
	}
	k.touch(id)
	k.bookings = append(k.bookings, bookingEffect{was: known})
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
	k.bookings = append(k.bookings, bookingEffect{now: b, was: known})
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

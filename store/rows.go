package store

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"time"

	"maitre/booking"
)

// recordOf returns the row that a booking is in the system of record; "" when
// none is known.
func (t *tx) recordOf(id string) string { return string(t.bucket(rowOfBucket).Get([]byte(id))) }

// bookingOf returns the ID of the booking that a row is; "" when none is known.
func (t *tx) bookingOf(record string) string { return string(t.bucket(rowsBucket).Get([]byte(record))) }

// record notes that a booking is a row, and that neither is anything else.
func (t *tx) record(id, record string) error {
	was, other := t.recordOf(id), t.bookingOf(record)
	if was == record && other == id {
		return nil
	}
	if was != "" {
		if err := t.unrecord(id); err != nil {
			return err
		}
	}
	if other != "" {
		if err := t.unrecord(other); err != nil {
			return err
		}
	}
	if err := t.bucket(rowsBucket).Put([]byte(record), []byte(id)); err != nil {
		return err
	}
	return t.bucket(rowOfBucket).Put([]byte(id), []byte(record))
}

// unrecord forgets which row a booking is.
func (t *tx) unrecord(id string) error {
	record := t.recordOf(id)
	if record == "" {
		return nil
	}
	if err := t.bucket(rowOfBucket).Delete([]byte(id)); err != nil || t.bookingOf(record) != id {
		return err
	}
	return t.bucket(rowsBucket).Delete([]byte(record))
}

// mirrorBooking makes the file show b in the place of was, which may be nil. A
// code that an older booking goes by stays with that one.
func (t *tx) mirrorBooking(b, was *booking.Booking, today booking.Date) error {
	value, err := encode(*b)
	if err != nil {
		return err
	}
	claimed, err := t.claims(b, today)
	if err != nil {
		return err
	}
	return t.putBooking(b, value, was, claimed)
}

// claims reports whether b may go by its code. The booking that the desk gave it to
// keeps it over copies of its row; of two rows the older has it.
func (t *tx) claims(b *booking.Booking, today booking.Date) (bool, error) {
	if b.Code == "" {
		return false, nil
	}
	if taken, err := t.codeTaken(b.Code, []byte(b.ID), today); err != nil || !taken {
		return err == nil, err
	}
	holder, err := t.byID(t.bucket(codesBucket).Get([]byte(b.Code)))
	if err != nil || (b.MadeBy == "") != (holder.MadeBy == "") {
		return b.MadeBy != "", err
	}
	return !b.Created.IsZero() && b.Created.Before(holder.Created), nil
}

// NoteRows notes which rows bookings are, by record: of those that wait to be
// written and are no row as far as is known. An attempt whose answer was lost made the
// row; from then on changes of the row are changes of the booking.
//
// Errors: [booking.ErrNotKept].
func (m *Mirror) NoteRows(ctx context.Context, ids map[string]string) error {
	waiting := false
	for _, id := range ids {
		waiting = waiting || m.Waits(id)
	}
	if !waiting {
		return nil
	}
	return m.file.commit(ctx, func(t *tx) error {
		for _, record := range slices.Sorted(maps.Keys(ids)) {
			id := ids[record]
			if !t.waits(id) || t.recordOf(id) != "" || t.bookingOf(record) != "" {
				continue
			}
			if err := t.record(id, record); err != nil {
				return err
			}
		}
		return nil
	})
}

// CarriedOver returns a row as it was read, with what the system of record
// cannot hold taken from what is known of the booking.
func CarriedOver(row, known *booking.Booking) booking.Booking {
	b := *row
	if b.Phone == known.Phone {
		b.Vouched = known.Vouched
	}
	b.Lang, b.MadeBy, b.Created = known.Lang, known.MadeBy, known.Created
	if b.Date == known.Date && b.Time == known.Time && b.HourUnknown == known.HourUnknown && b.Party == known.Party {
		b.Start, b.End, b.Service = known.Start, known.End, known.Service
	}
	if booking.SameTables(b.Tables, known.Tables) {
		b.Tables, b.Zone = known.Tables, known.Zone // the order of links says nothing
	}
	if b.Status == known.Status {
		b.HeldUntil = known.HeldUntil
	}
	b.Updated = known.Updated
	return b
}

// changedAt sets when b was changed. It must not look as if it were as it
// was made, because then its first answer would be taken for true.
func changedAt(b *booking.Booking, at time.Time) {
	b.Updated = at
	if b.Updated.Equal(b.Created) {
		b.Updated = b.Updated.Add(time.Nanosecond)
	}
}

// sameBooking reports whether two bookings say the same.
func sameBooking(a, b *booking.Booking) bool {
	x, y := asKept(*a), asKept(*b)
	return reflect.DeepEqual(x, y)
}

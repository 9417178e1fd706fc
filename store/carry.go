package store

import (
	"reflect"
	"time"

	"maitre/booking"
)

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

// changedAt marks b as changed at a moment. It must not look as if it were as it
// was made, because then its first answer would be taken for true.
func changedAt(b *booking.Booking, at time.Time) {
	b.Updated = at
	if b.Updated.Equal(b.Created) {
		b.Updated = b.Updated.Add(time.Nanosecond)
	}
}

// sameBooking tells whether two bookings say the same.
func sameBooking(a, b *booking.Booking) bool {
	x, y := asKept(*a), asKept(*b)
	return reflect.DeepEqual(x, y)
}

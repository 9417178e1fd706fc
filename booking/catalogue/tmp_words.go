package catalogue

import (
	"fmt"
	"time"

	"maitre/booking"
)

func (c *Catalogue) Landed(e booking.JournalEntry, now time.Time) (booking.Message, bool) {
	if e.Booking.Phone == "" {
		return booking.Message{}, false
	}
	return booking.Message{Kind: booking.MessageBooked, To: e.Booking.Phone, Lang: e.Booking.Lang, Text: "x", Booking: e.Booking.ID}, true
}
func (c *Catalogue) AlertFirst(to booking.Phone, e booking.JournalEntry, why *booking.Trouble, depth booking.JournalDepth, now time.Time) booking.Message {
	return booking.Message{Kind: booking.MessageAlert, To: to, Lang: "es", Text: "first"}
}
func (c *Catalogue) AlertDigest(to booking.Phone, depth booking.JournalDepth, now time.Time) booking.Message {
	return booking.Message{Kind: booking.MessageAlert, To: to, Lang: "es", Text: fmt.Sprint(depth)}
}
func (c *Catalogue) AlertRecovered(to booking.Phone, written, parked int, now time.Time) booking.Message {
	return booking.Message{Kind: booking.MessageAlert, To: to, Lang: "es", Text: fmt.Sprint(written, parked)}
}

package book

import (
	"context"
	"time"

	"maitre/booking"
)

// Lag is how long the list of changes is not believed after a row was read or written.
const Lag = lag

// Start is what Run does first.
func (b *Book) Start(ctx context.Context) { b.start(ctx) }

// Follow is what Run does at each poll and ping.
func (b *Book) Follow(ctx context.Context) { b.follow(ctx) }

// Sync takes up what has changed.
func (b *Book) Sync(ctx context.Context) *booking.Trouble { return b.sync(ctx) }

// Followed tells whether the base's changes are known.
func (b *Book) Followed() bool { return b.feed.followed() }

// Hook is the webhook's ID, its cursor and how many bookings are in doubt.
func (b *Book) Hook() (id string, cursor, doubts int) {
	h := b.feed.known()
	return h.ID, h.Cursor, len(h.Doubts)
}

// TroubleOf is how errors of Airtable's are told to the worker.
var TroubleOf = troubleOf

// KnownAsOf is as of when what is known of a date is true.
func (b *Book) KnownAsOf(date booking.Date) time.Time {
	r, _ := b.Mirror.Reading(date)
	if b.feed.covers(r) {
		return b.feed.asOf()
	}
	return r.AsOf
}

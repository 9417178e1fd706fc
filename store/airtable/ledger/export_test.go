package ledger

import (
	"context"
	"time"

	"maitre/booking"
)

// Lag is how long the list of changes is not believed after a row was read or written.
const Lag = lag

// Start does what Run does first.
func (l *Ledger) Start(ctx context.Context) { l.start(ctx) }

// Follow does what Run does at each poll and notification.
func (l *Ledger) Follow(ctx context.Context) { l.follow(ctx) }

// Sync applies what has changed.
func (l *Ledger) Sync(ctx context.Context) *booking.RecordError { return l.sync(ctx) }

// Followed reports whether the base's changes are followed.
func (l *Ledger) Followed() bool { return l.feed.followed() }

// Hook returns the webhook's ID, its cursor and how many bookings are in doubt.
func (l *Ledger) Hook() (id string, cursor, doubts int) {
	h := l.feed.known()
	return h.ID, h.Cursor, len(h.Doubts)
}

// RecordErrorOf returns errors as RecordErrors.
var RecordErrorOf = recordError

// KnownAsOf returns as of when a date is known.
func (l *Ledger) KnownAsOf(date booking.Date) time.Time {
	r, _ := l.cfg.Mirror.Reading(date)
	if l.feed.covers(r) {
		return l.feed.asOf()
	}
	return r.AsOf
}

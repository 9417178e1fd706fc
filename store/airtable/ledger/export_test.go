package ledger

import (
	"context"
	"time"

	"maitre/booking"
)

// Lag is how long the list of changes is not believed after a row was read or written.
const Lag = lag

// Start is what Run does first.
func (l *Ledger) Start(ctx context.Context) { l.start(ctx) }

// Follow is what Run does at each poll and ping.
func (l *Ledger) Follow(ctx context.Context) { l.follow(ctx) }

// Sync takes up what has changed.
func (l *Ledger) Sync(ctx context.Context) *booking.RecordError { return l.sync(ctx) }

// Followed tells whether the base's changes are known.
func (l *Ledger) Followed() bool { return l.feed.followed() }

// Hook is the webhook's ID, its cursor and how many bookings are in doubt.
func (l *Ledger) Hook() (id string, cursor, doubts int) {
	h := l.feed.known()
	return h.ID, h.Cursor, len(h.Doubts)
}

// TroubleOf is how errors of Airtable's are told to the worker.
var RecordErrorOf = recordError

// KnownAsOf is as of when what is known of a date is true.
func (l *Ledger) KnownAsOf(date booking.Date) time.Time {
	r, _ := l.cfg.Mirror.Reading(date)
	if l.feed.covers(r) {
		return l.feed.asOf()
	}
	return r.AsOf
}

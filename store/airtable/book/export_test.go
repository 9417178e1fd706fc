package book

import "context"

// Start is what Run does first.
func (b *Book) Start(ctx context.Context) { b.start(ctx) }

// Follow is what Run does at each poll and ping.
func (b *Book) Follow(ctx context.Context) { b.follow(ctx) }

// Followed tells whether the base's changes are known.
func (b *Book) Followed() bool { return b.feed.followed() }

// Hook is the webhook's ID, its cursor and how many bookings are in doubt.
func (b *Book) Hook() (id string, cursor, doubts int) {
	h := b.feed.known()
	return h.ID, h.Cursor, len(h.Doubts)
}

// TroubleOf is how errors of Airtable's are told to the worker.
var TroubleOf = troubleOf

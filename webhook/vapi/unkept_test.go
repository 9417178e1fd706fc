package vapi_test

import (
	"context"
	"strings"
	"testing"

	"maitre/booking"
	"maitre/webhook"
	"maitre/webhook/vapi"
)

// amnesia is a memory whose disk is full.
type amnesia struct{}

func (amnesia) Recall(context.Context, string) ([]byte, bool, error) { return nil, false, nil }
func (amnesia) Remember(context.Context, booking.StoredAnswer) error { return booking.ErrNotKept }

// The last that fits on a disk may be the booking itself, and not its answer any
// more: it is booked, or being processed, and that is what the guest hears.
func TestWhatIsDoneIsSaidThoughItsAnswerIsNotKept(t *testing.T) {
	t.Parallel()
	h := open(t, func(c *vapi.Config) { c.Idempotency = webhook.NewIdempotency(amnesia{}, nil) })
	written := make(chan struct{})
	defer close(written)
	h.journal.slow.Store(&written)
	a := h.ask("create_reservation", object{"fecha": "el jueves", "hora": "a las nueve", "personas": "cuatro", "nombre": "Ana"})
	if a.Error != "temporary_failure" || a.Booking == nil || a.Booking.Status != "processing" || strings.Contains(a.Message, "no ha quedado nada") {
		t.Errorf("%+v", a)
	}
}

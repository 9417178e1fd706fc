package ledger_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store/airtable/ledger"
)

// Who asks for a booking that nobody knows of, while what has changed cannot be
// known in time, is told that it cannot be looked up, and never that there is none.
func TestNotFoundIsNeverSaidForWantOfTime(t *testing.T) {
	t.Parallel()
	r := open(t, options{config: func(c *ledger.Config) { c.Patience = 10 * time.Millisecond }})
	known := r.reserve(friday, 2)
	r.mustWrite()
	r.follow()
	r.clock.pass(ledger.DefaultMaxAge + time.Second)
	hold := make(chan struct{})
	r.gate.set(func(req *http.Request) {
		if isPayloads(req) {
			<-hold
		}
	}, nil)
	t.Cleanup(func() { r.gate.set(nil, nil) })
	defer close(hold)
	if b, err := r.ledger.ByCode(t.Context(), known.Code); err != nil || b.ID != known.ID {
		t.Errorf("a code that is known: %v, %v", b, err)
	}
	if _, err := r.ledger.ByCode(t.Context(), "ZZZZ"); err == nil || errors.Is(err, booking.ErrNotFound) {
		t.Errorf("a code that may be known to the base: %v", err)
	}
	for name, caller := range map[string]booking.Caller{
		"a number of no booking":      {Channel: booking.ByPhone, Phone: "+34699999999"},
		"a number of other days only": {Channel: booking.ByPhone, Phone: known.Phone},
	} {
		who := booking.Who{Caller: caller, Date: saturday}
		_, err := r.desk.Lookup(t.Context(), who)
		var refusal *booking.Refusal
		if !errors.As(err, &refusal) || refusal.Reason != booking.Failed {
			t.Errorf("%s: %v", name, err)
		}
	}
	if found, err := r.desk.Lookup(t.Context(), booking.Who{Caller: booking.Caller{Channel: booking.ByPhone, Phone: known.Phone}}); err != nil || len(found) != 1 {
		t.Errorf("what is known: %v, %v", found, err)
	}
}

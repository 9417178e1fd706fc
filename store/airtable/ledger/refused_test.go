package ledger_test

import (
	"strings"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/ledger"
)

// rights is a base whose token the tests take rights from.
func rights(scopes ...string) airtabletest.Options {
	return airtabletest.Options{Tokens: []airtabletest.Token{{Secret: "patRIGHTS.1", Scopes: scopes}}}
}

func (r *fixture) give(scopes ...string) {
	r.srv.RevokeToken("patRIGHTS.1")
	if len(scopes) > 0 {
		r.srv.AddToken(airtabletest.Token{Secret: "patRIGHTS.1", Scopes: scopes})
	}
}

func (r *fixture) wantProblem(words ...string) {
	r.t.Helper()
	why := r.ledger.Problem()
	for _, word := range words {
		if !strings.Contains(why, word) {
			r.t.Errorf("trouble %q, want %q in it", why, word)
		}
	}
	if len(words) == 0 && why != "" {
		r.t.Errorf("trouble %q, want none", why)
	}
}

// A revoked token and a spent quota are seen by the polls, and shown before any
// booking meets them; and no longer once they are fixed.
func TestWhatAPollMeetsIsShown(t *testing.T) {
	t.Parallel()
	all := []string{airtabletest.ScopeRead, airtabletest.ScopeWrite, airtabletest.ScopeWebhooks, airtabletest.ScopeSchemaRead}
	for name, scopes := range map[string][]string{"followed": all, "no webhooks": {airtabletest.ScopeRead, airtabletest.ScopeWrite, airtabletest.ScopeSchemaRead}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := open(t, options{server: rights(scopes...)})
			r.wantProblem() // that it may have no webhook is none: the desk does without
			poll := func() {
				r.clock.pass(20 * time.Minute)
				r.follow()
			}
			r.give()
			poll()
			r.wantProblem("AIRTABLE_API_KEY", "revoked")
			r.give(scopes...)
			poll()
			r.wantProblem()
			r.srv.SpendQuota(true)
			poll()
			r.wantProblem("calls of this month", "larger plan")
			r.srv.SpendQuota(false)
			poll()
			r.wantProblem()
		})
	}
}

// A field that is renamed while the desk goes by names is met by the next
// question for a day, and by no poll.
func TestWhatAQuestionMeetsIsShown(t *testing.T) {
	t.Parallel()
	r := open(t, options{server: rights(airtabletest.ScopeRead, airtabletest.ScopeWrite)})
	if err := r.srv.Staff().RenameField("Reservas", "Notas Especiales", "Notas"); err != nil {
		t.Fatal(err)
	}
	r.wantProblem()
	r.clock.pass(ledger.DefaultMaxAge + time.Second)
	r.free(friday)
	r.wantProblem("maitre check")
	// That it may read the tables says nothing of the bookings.
	r.clock.pass(time.Hour)
	r.follow()
	r.wantProblem("maitre check")
	if err := r.srv.Staff().RenameField("Reservas", "Notas", "Notas Especiales"); err != nil {
		t.Fatal(err)
	}
	r.clock.pass(time.Hour)
	r.follow() // nobody asks for a day, and it shows all the same
	r.wantProblem()
}

// That nothing may be written shows with the first booking, and until one is
// written or a person says that it is fixed.
func TestWhatAWriteMeetsIsShown(t *testing.T) {
	t.Parallel()
	read := []string{airtabletest.ScopeRead, airtabletest.ScopeSchemaRead, airtabletest.ScopeWebhooks}
	r := open(t, options{server: rights(append(read, airtabletest.ScopeWrite)...)})
	r.give(read...)
	r.reserve(friday, 4)
	if failed := r.write(); len(failed) != 1 || failed[0].Cause != booking.ParkedAccess {
		t.Fatalf("failed %v", failed)
	}
	r.wantProblem("data.records:write", `"Reservas"`)
	r.clock.pass(20 * time.Minute)
	r.follow()
	r.wantProblem("data.records:write") // that it may read says nothing of it
	r.ledger.Reconsider()
	r.wantProblem()
	r.reserve(saturday, 4)
	r.write()
	r.wantProblem("data.records:write")
	r.give(append(read, airtabletest.ScopeWrite)...)
	r.reserve(sunday, 4)
	r.mustWrite()
	r.wantProblem()
	// One row's fault is that row's alone.
	defer r.srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpUpsert}, Status: 422,
		Body: `{"error":{"type":"INVALID_VALUE_FOR_COLUMN","message":"Field \"Notas Especiales\" cannot accept the provided value"}}`})()
	r.reserve(sunday, 2)
	if failed := r.write(); len(failed) != 1 || failed[0].Cause != booking.ParkedRecord {
		t.Fatalf("failed %v", failed)
	}
	r.wantProblem()
}

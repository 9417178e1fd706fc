package e2e

import (
	"strings"
	"testing"
	"time"

	"maitre/store/airtable/airtabletest"
)

// TestADayThatNeverWasReadIsWorthTheWholeBudget: a guest who would be turned away
// for a day that is not known waits as long as guests may, not half as long.
func TestADayThatNeverWasReadIsWorthTheWholeBudget(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		base(t, dir, nil).Inject(airtabletest.Fault{
			Ops: []airtabletest.Op{airtabletest.OpList}, Table: "Reservas", Latency: airtabletest.Duration(6 * time.Second),
		})
		p := startIn(t, dir, "REPLY_BUDGET=10s")
		if told := p.ask(dinnerFor(1, "Ana")); !told.Success {
			t.Errorf("told %+v", told)
		}
		p.kill()
	})
}

// TestTheNextDaysAreReadFirst: where nothing is known yet, guests who ask for this
// week need not wait until the whole book was read.
func TestTheNextDaysAreReadFirst(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		srv := base(t, dir, nil)
		for range 250 { // several pages
			if _, err := srv.Staff().Create("Reservas", map[string]any{"Fecha de Reserva": "2026-12-18", "Nombre del Cliente": "Otra", "Estado": "Cancelada"}); err != nil {
				t.Fatal(err)
			}
		}
		// A first start on a base looks at its bookings before that, to see whose it is,
		// and believes that the next days are empty when it is told so twice.
		srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpList}, Table: "Reservas", Skip: 3, Hang: true})
		p := startIn(t, dir, "REPLY_BUDGET=2s")
		p.until("the next days were read", func() (bool, any) {
			return strings.Contains(p.log.String(), "the next days were read"), nil
		})
		c := dinnerFor(1, "Ana")
		c.Args["date"] = thursday
		if told := p.ask(c); !told.Success {
			t.Errorf("told %+v", told)
		}
		p.kill()
	})
}

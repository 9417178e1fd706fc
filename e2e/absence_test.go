package e2e

import (
	"fmt"
	"strings"
	"testing"

	"maitre/store/airtable/airtabletest"
)

// vanished is a desk whose tables are all taken on two evenings by eight guests.
type vanished struct {
	*scene
	codes, phones []string
	dates         []string
}

func eightGuests(t *testing.T, env ...string) *vanished {
	t.Helper()
	v := &vanished{scene: setScene(t, []int{2, 2, 2, 2}, env...)}
	for i := range 8 {
		phone, date := fmt.Sprintf("+3494100030%d", i), []string{thursday, friday}[i%2]
		got := v.asksFor(phone, fmt.Sprintf("Guest %d", i), date, "21:00", 2)
		if got.Booking.Code == "" {
			t.Fatalf("guest %d was told %+v", i, got)
		}
		v.codes, v.phones, v.dates = append(v.codes, got.Booking.Code), append(v.phones, phone), append(v.dates, date)
	}
	v.settled()
	return v
}

// held wants the tables of all eight to be held, and each guest to hear of his own.
func (v *vanished) held() {
	v.t.Helper()
	for _, date := range []string{thursday, friday} {
		v.full(v.asksFor("+34941000201", "Luis", date, "21:00", 2), "nobody has decided that those who booked are not coming")
	}
	for i, code := range v.codes {
		if got := v.tells(v.phones[i], "get_reservation", map[string]any{"code": code}); !got.Success || got.Booking.Date != v.dates[i] || got.Booking.Status == "cancelled" {
			v.t.Errorf("guest %d hears %+v", i, got)
		}
	}
}

// missing waits until all eight wait for a person's decision, and are told of once.
func (v *vanished) missing() {
	v.t.Helper()
	v.until("all eight are missing", func() (bool, any) {
		n := 0
		for _, e := range v.journal() {
			if e.State == "parked" && e.Cause == "missing" {
				n++
			}
		}
		return n == 8, v.journal()
	})
	v.writtenTo(staffPhone, 0)
	v.nothingToSend()
	if sent := v.sentTo(staffPhone); len(sent) != 1 {
		v.t.Errorf("the staff got %d messages, want one: %+v", len(sent), sent)
	}
	if record := v.check("journal"); record.OK {
		v.t.Errorf("/readyz says %+v", record)
	}
}

// whole wants all eight in the base as they were, and nothing to wait.
func (v *vanished) whole() {
	v.t.Helper()
	v.settled()
	for i, code := range v.codes {
		if got := v.rowSays(v.row(code)); !strings.HasPrefix(got, "Confirmada "+v.dates[i]+" 21:00 2 I") {
			v.t.Errorf("guest %d: the base has %s", i, got)
		}
	}
	v.onlyWholeRows(v.codes[0])
	v.agrees(thursday)
	v.agrees(friday)
	v.held()
}

// TestAllRowsDeleted: «select all, delete». The tables stay held and the guests
// hear the truth, until a person says what happened: by a command, by undoing it in
// Airtable, or by letting them go.
func TestAllRowsDeleted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		decide func(v *vanished)
		gone   bool
	}{
		"restored by a command": {func(v *vanished) { v.commands("retry", "missing") }, false},
		"restored by the API":   {func(v *vanished) { v.decides("missing/retry", nil) }, false},
		"undone in Airtable": {func(v *vanished) {
			if err := v.srv.Staff().Restore("Reservas"); err != nil {
				v.t.Error(err)
			}
		}, false},
		"let go by a command": {func(v *vanished) { v.commands("settle", "missing", "--why", "cerramos esa semana") }, true},
	} {
		for how, cut := range map[string]bool{"": false, " (and the power failed)": true} {
			t.Run("airtable/"+name+how, func(t *testing.T) {
				t.Parallel()
				v := eightGuests(t)
				if err := v.srv.Staff().Clear("Reservas"); err != nil {
					t.Fatal(err)
				}
				v.followsTheStaff()
				v.held()
				v.missing()
				v.cutOff(cut)
				v.held()
				c.decide(v)
				if !c.gone {
					v.whole()
					v.stop()
					return
				}
				v.settled()
				if left := v.srv.Records("Reservas"); len(left) != 0 {
					t.Errorf("let go, and back in the base: %+v", left)
				}
				for _, date := range []string{thursday, friday} {
					v.gets(v.asksFor("+34941000202", "Eva", date, "21:00", 2), "a table that is free")
				}
				v.stop()
			})
		}
	}
}

// commands runs maitre journal.
func (s *scene) commands(args ...string) {
	s.t.Helper()
	t, ok := s.t.(*testing.T)
	if !ok {
		s.t.Fatal("commands are run in tests")
	}
	if code, out, stderr := exit(t, s.at(), append([]string{"journal"}, args...)...); code != 0 {
		t.Errorf("journal %v: exit %d\n%s%s", args, code, out, stderr)
	}
}

// TestOneEmptyAnswer: Airtable answers one list with no rows at all. Nobody hears
// that his booking is not there, and no table is sold; when the next list has them
// again, nothing is left over and no row was written anew.
func TestOneEmptyAnswer(t *testing.T) {
	t.Parallel()
	for name, feed := range map[string]bool{"where changes are followed": true, "where they are not": false} {
		t.Run("airtable/"+name, func(t *testing.T) {
			t.Parallel()
			v := eightGuests(t)
			v.stop()
			env := []string{"MAITRE_NOW=2026-11-24T13:00:00+01:00"} // all days are read again after 21 hours
			if !feed {
				scopes := []string{airtabletest.ScopeRead, airtabletest.ScopeWrite, airtabletest.ScopeSchemaRead}
				v.srv.AddToken(airtabletest.Token{Secret: "patNoWebhooks", Scopes: scopes})
				env = append(env, "AIRTABLE_API_KEY=patNoWebhooks", "AIRTABLE_MAX_AGE=1s")
			}
			before := v.srv.Records("Reservas")
			empty := v.srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpList}, Table: "Reservas", Times: 1, Status: 200, Body: `{"records":[]}`})
			v.public.close()
			v.restart(env...)
			v.until("a list was answered with nothing", func() (bool, any) { _ = v.book(thursday); return len(v.srv.Faults()) == 0, nil })
			v.held()
			empty()
			v.until("nothing waits", func() (bool, any) {
				_, _ = v.book(thursday), v.book(friday)
				waiting := v.journal()
				return len(waiting) == 0, waiting
			})
			v.whole()
			if after := v.srv.Records("Reservas"); len(after) != len(before) || after[0].ID != before[0].ID {
				t.Errorf("%d rows, the first %s; there were %d, the first %s", len(after), after[0].ID, len(before), before[0].ID)
			}
			v.stop()
		})
	}
}

// TestOneRowDeleted: a deliberate deletion of one booking counts within a poll, as
// ever. Its guest is not told that it stands, and its table is free.
func TestOneRowDeleted(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		t.Parallel()
		v := eightGuests(t)
		if err := v.srv.Staff().Delete("Reservas", v.row(v.codes[0]).ID); err != nil {
			t.Fatal(err)
		}
		v.until("its table is free", func() (bool, any) {
			got := v.tells(v.phones[0], "get_reservation", map[string]any{"code": v.codes[0]})
			return !got.Success && got.Error == "not_found", got
		})
		v.gets(v.asksFor("+34941000202", "Eva", thursday, "21:00", 2), "the table that the staff freed")
		v.settled()
		v.agrees(thursday)
		v.stop()
	})
}

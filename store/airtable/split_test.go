package airtable_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
)

func TestABadRecordDoesNotSpoilTheOthers(t *testing.T) {
	bad := map[string]struct {
		spoil    func(airtable.Record) airtable.Record
		typ      string
		requests int // for ten records of which the fourth and the eighth are bad
	}{
		"unknown field": {func(r airtable.Record) airtable.Record { return with(r, "Alergias", airtable.String("huevo")) }, "UNKNOWN_FIELD_NAME", 2},
		"unknown choice": {func(r airtable.Record) airtable.Record { return with(r, "Estado", airtable.String("A medias")) },
			"INVALID_MULTIPLE_CHOICE_OPTIONS", 3},
		"bad value": {func(r airtable.Record) airtable.Record {
			return with(r, "Fecha de Reserva", airtable.String("mañana"))
		},
			"INVALID_VALUE_FOR_COLUMN", 3},
		"bad link": {func(r airtable.Record) airtable.Record { return with(r, "Mesa", airtable.Links("recAAAAAAAAAAAAAA")) }, "", 14},
	}
	for name, tt := range bad {
		t.Run(name, func(t *testing.T) {
			inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *transport) {
				var records []airtable.Record
				for i := range 10 {
					r := row(fmt.Sprint(i))
					if i == 3 || i == 7 {
						r = tt.spoil(r)
					}
					records = append(records, r)
				}
				for i, w := range c.Upsert(t.Context(), bookings, records...) {
					if i != 3 && i != 7 {
						if w.Err != nil {
							t.Errorf("%d was good: %v", i, w.Err)
						}
						continue
					}
					if e := asError(t, w.Err); e.Kind != airtable.Permanent || tt.typ != "" && e.Type != tt.typ || e.Fix == "" {
						t.Errorf("%d: %+v", i, e)
					}
				}
				if n := len(saved(t, srv, "Código")); n != 8 {
					t.Errorf("%d rows, want the 8 good ones", n)
				}
				if n := srv.Count(); n > tt.requests {
					t.Errorf("%d requests, want %d at most: %v", n, tt.requests, sizes(srv))
				}
			})
		})
	}
}

func TestWhenAllAreBadAFewRequestsTell(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *transport) {
		var field, choice []airtable.Record
		for i := range 10 {
			field = append(field, with(row(fmt.Sprint(i)), "Alergias", airtable.String("huevo")))
			choice = append(choice, with(row(fmt.Sprint(i)), "Estado", airtable.String("A medias")))
		}
		for what, records := range map[string][]airtable.Record{"field": field, "choice": choice} {
			srv.ResetLog()
			for i, w := range c.Upsert(t.Context(), bookings, records...) {
				if !errors.Is(w.Err, airtable.Permanent) {
					t.Errorf("%d: %v", i, w.Err)
				}
			}
			if n := srv.Count(); n > 5 {
				t.Errorf("%s: %d requests", what, n)
			}
		}
	})
}

func TestTwoRowsOfOneKeyAreNamed(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *transport) {
		for range 2 {
			if _, err := srv.Staff().Create("Reservas", map[string]any{"ID Reserva": "twice"}); err != nil {
				t.Fatal(err)
			}
		}
		all := c.Upsert(t.Context(), bookings, row("a"), row("b"), row("twice"), row("c"))
		e := asError(t, all[2].Err)
		if e.Blame != airtable.BlameRecord || !strings.Contains(e.Fix, "same ID") {
			t.Errorf("got %+v", e)
		}
		if err := airtable.Failures(slices.Delete(all, 2, 3)); err != nil {
			t.Error(err)
		}
	})
}

// The good records of a refused batch are not held up by a guest's, nor hold it up.
func TestAGuestPassesABatchThatIsBeingSplit(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, tr *transport) {
		tr.latency = 100 * time.Millisecond
		var wg sync.WaitGroup
		wg.Go(func() {
			var records []airtable.Record
			for i := range 10 {
				records = append(records, with(row(fmt.Sprint(i)), "Mesa", airtable.Links("recAAAAAAAAAAAAA"+fmt.Sprint(i))))
			}
			for _, w := range c.Upsert(t.Context(), bookings, records...) {
				if w.Err == nil {
					t.Error("linked to nothing")
				}
			}
		})
		time.Sleep(time.Second)
		began := time.Now()
		if err := c.Upsert(airtable.Urgent(t.Context()), bookings, row("guest"))[0].Err; err != nil {
			t.Error(err)
		}
		if waited := time.Since(began); waited > 500*time.Millisecond {
			t.Errorf("a guest waited %s", waited)
		}
		wg.Wait()
		if n := srv.Count(); n != 20 {
			t.Errorf("%d requests, want 19 to tell ten bad ones apart and one for the guest", n)
		}
	})
}

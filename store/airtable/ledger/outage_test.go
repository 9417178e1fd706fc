package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/ledger"
	"maitre/store/airtable/mapping"
)

// memory is a way to Airtable without a network, on which synctest's time can pass.
type memory struct{ handler http.Handler }

func (m memory) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	defer func() {
		if recover() != nil {
			resp, err = nil, io.ErrUnexpectedEOF // the handler dropped the connection
		}
	}()
	w := httptest.NewRecorder()
	served := r.Clone(r.Context())
	served.RequestURI = r.URL.RequestURI()
	m.handler.ServeHTTP(w, served)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

// inBubble runs a test with a fixture on synctest's clock, which begins on Saturday 1
// January 2000.
func inBubble(t *testing.T, h options, do func(t *testing.T, r *fixture)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "maitre.db")
	synctest.Test(t, func(t *testing.T) {
		h.server.Clock = time.Now
		h.server.RatePerBase, h.server.RatePerUser = airtabletest.Unlimited, airtabletest.Unlimited
		srv := airtabletest.New(h.server)
		defer srv.Close()
		r := fixtureOn(t, h, srv, &clock{bubble: true}, memory{srv}, path)
		defer r.stop()
		do(t, r)
	})
}

var (
	nextFriday = on("2000-01-07")
	beyond     = on("2000-03-01") // never read
)

// In every kind of outage nobody waits longer than they may, known days are
// answered, also after a restart, and all goes on when Airtable does.
func TestOutages(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]airtabletest.Fault{
		"refuses": {Drop: true},
		"500":     {Status: http.StatusInternalServerError},
		"503":     {Status: http.StatusServiceUnavailable, HTML: true},
		"429":     {Status: http.StatusTooManyRequests},
		"hangs":   {Hang: true},
	} {
		for _, followed := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				h := options{config: func(c *ledger.Config) { c.Patience = 500 * time.Millisecond }}
				if !followed {
					h.server = noWebhooks()
				}
				inBubble(t, h, func(t *testing.T, r *fixture) { outage(t, r, fault) })
			})
		}
	}
}

func outage(t *testing.T, r *fixture, fault airtabletest.Fault) {
	r.row("2000-01-07 21:00", fields{"Nombre del Cliente": "Eva", "Cantidad de Personas": 4, "Mesa": []string{"T1"}})
	r.ledger.Start(t.Context())
	r.follow()
	freshen := func(date booking.Date, f booking.Freshness) error {
		t.Helper()
		began := time.Now()
		err := r.ledger.Freshen(t.Context(), date, f)
		patience := 500 * time.Millisecond
		if date == beyond { // who would be turned away waits twice as long
			patience *= 2
		}
		if took := time.Since(began); took > patience {
			t.Errorf("a guest waited %s", took)
		}
		return err
	}
	time.Sleep(5 * time.Minute)
	if err := freshen(nextFriday, booking.Sure); err != nil {
		t.Fatal(err)
	}
	lift := r.srv.Inject(fault)
	for range 3 {
		time.Sleep(5 * time.Minute)
		for _, f := range []booking.Freshness{booking.Recent, booking.Sure} {
			if err := freshen(nextFriday, f); err != nil {
				t.Errorf("a day that is known: %v", err)
			}
			if err := freshen(beyond, f); err == nil {
				t.Error("a day that was never read is answered")
			}
		}
		r.wantFree(nextFriday, "interior", "terraza")
	}
	made := r.reserve(nextFriday, 6)
	if len(r.write()) != 1 {
		t.Error("it was written")
	}
	r.restart()
	r.ledger.Start(t.Context())
	r.wantDay(nextFriday, "21:00 I1+I2 Ana, 21:00 T1 Eva")
	r.wantFree(nextFriday, "terraza")
	if tables, known := r.ledger.Tables(); !known || len(tables) != 4 {
		t.Errorf("tables after the restart: %v", tables)
	}
	who := booking.Who{Caller: booking.Caller{Channel: booking.ByPhone, Phone: made.Phone}}
	if found, err := r.desk.Lookup(t.Context(), who); err != nil || len(found) != 1 {
		t.Errorf("by number: %v, %v", found, err)
	}
	r.row("2000-01-07 21:00", fields{"Nombre del Cliente": "Luis", "Cantidad de Personas": 4, "Mesa": []string{"T2"}})

	lift()
	time.Sleep(10 * time.Minute)
	r.follow()
	r.mustWrite()
	r.wantFree(nextFriday)
	if wrong := r.compare(nextFriday); wrong != "" {
		t.Error(wrong)
	}
	if err := freshen(beyond, booking.Recent); err != nil {
		t.Error(err)
	}
}

// While it is not known to answer, a guest finds out whether it does, and does not
// wait to hear.
func TestNoGuestWaitsToFindOutWhetherItAnswers(t *testing.T) {
	t.Parallel()
	for _, followed := range []bool{true, false} {
		up := true
		h := options{config: func(c *ledger.Config) { c.Patience, c.Up = 500*time.Millisecond, func() bool { return up } }}
		if !followed {
			h.server = noWebhooks()
		}
		inBubble(t, h, func(t *testing.T, r *fixture) {
			r.ledger.Start(t.Context())
			r.follow()
			time.Sleep(5 * time.Minute)
			r.srv.Inject(airtabletest.Fault{Hang: true})
			for _, up = range []bool{true, false} {
				r.srv.ResetLog()
				began := time.Now()
				if err := r.ledger.Freshen(t.Context(), nextFriday, booking.Sure); err != nil {
					t.Error(err)
				}
				took := time.Since(began)
				synctest.Wait()
				if asked := r.srv.Count(); took > 0 != up || asked != 1 {
					t.Errorf("followed %v, up %v: waited %s for %d requests", followed, up, took, asked)
				}
				time.Sleep(5 * time.Minute)
			}
		})
	}
}

// Run follows by itself: at each poll, at once when it is pinged, and from the
// start again when the start failed.
func TestRun(t *testing.T) {
	t.Parallel()
	inBubble(t, options{cold: true}, func(t *testing.T, r *fixture) {
		lift := r.srv.Inject(airtabletest.Fault{Status: http.StatusServiceUnavailable})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); r.ledger.Run(ctx) }()
		defer func() { stop(); <-ended }()
		time.Sleep(10 * time.Minute)
		lift()
		id := r.row("2000-01-07 21:00", fields{"Nombre del Cliente": "Eva", "Mesa": []string{"T1"}})
		time.Sleep(time.Minute)
		r.wantDay(nextFriday, "21:00 T1 Eva")
		r.edit(id, fields{"Mesa": []string{"T2"}})
		r.ledger.Pinged()
		synctest.Wait()
		r.wantDay(nextFriday, "21:00 T2 Eva")
		r.edit(id, fields{"Mesa": []string{"I1"}})
		time.Sleep(ledger.DefaultPoll + time.Second)
		r.wantDay(nextFriday, "21:00 I1 Eva")
		r.wantAsked(24*60, func() { time.Sleep(24 * time.Hour) }, airtabletest.OpPayloads)
	})
}

// The record of changes is lost in each of the ways there are: it is begun again,
// and nothing that happened meanwhile stays unknown.
func TestTheFeedIsLost(t *testing.T) {
	t.Parallel()
	payloadOf := func(code string) string {
		return `{"payloads":[{"error":true,"code":"` + code + `","timestamp":"2026-11-23T12:00:00.000Z"}],"cursor":2,"mightHaveMore":false}`
	}
	for name, lose := range map[string]func(r *fixture){
		"deleted": func(r *fixture) {
			id, _, _ := r.ledger.Hook()
			if err := r.client.DeleteWebhook(context.Background(), id); err != nil {
				r.t.Fatal(err)
			}
		},
		"expired": func(r *fixture) { r.clock.pass(8 * 24 * time.Hour) },
		"a payload with an error": func(r *fixture) {
			r.srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpPayloads}, Times: 1, Status: http.StatusOK, Body: payloadOf("INTERNAL_ERROR")})
		},
		"the webhook is not in order": func(r *fixture) {
			r.srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpPayloads}, Times: 1, Status: http.StatusOK, Body: payloadOf("INVALID_HOOK")})
		},
	} {
		for _, restarted := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				r := open(t, options{})
				id := r.row("2026-12-10 21:00", fields{"Nombre del Cliente": "Eva", "Mesa": []string{"T1"}})
				r.follow()
				date := on("2026-12-10")
				r.free(date)
				if restarted {
					r.stop()
					if name == "deleted" {
						r.start()
						lose(r)
						r.stop()
					} else {
						lose(r)
					}
				} else {
					lose(r)
				}
				r.clock.pass(time.Second)
				r.edit(id, fields{"Mesa": []string{"T2"}})
				r.row("2026-12-10 21:00", fields{"Nombre del Cliente": "Luis", "Mesa": []string{"T1"}})
				if restarted {
					r.start()
					was, _, _ := r.ledger.Hook()
					r.ledger.Start(t.Context())
					// One that is gone is found out at once, not after what it would have told.
					if is, _, _ := r.ledger.Hook(); is == was && name != "a payload with an error" {
						t.Error("the webhook that is gone is gone by still")
					}
				}
				r.clock.pass(time.Second)
				r.follow()
				if !r.ledger.Followed() {
					t.Fatal("not followed any more")
				}
				r.wantDay(date, "21:00 T1 Luis, 21:00 T2 Eva")
				r.wantFree(date, "interior")
				// And it records.
				r.edit(id, fields{"Mesa": []string{"I1"}})
				r.clock.pass(time.Second)
				r.follow()
				r.wantDay(date, "21:00 I1 Eva, 21:00 T1 Luis")
				if hooks, err := r.client.Webhooks(t.Context()); err != nil || len(hooks) != 1 {
					t.Errorf("%d webhooks, %v", len(hooks), err)
				}
			})
		}
	}
}

// Changes made while the program was down are taken up by the cursor on disk:
// no day is read.
func TestTheCursorIsKept(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	id := r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Mesa": []string{"T1"}})
	r.follow()
	first, cursor, _ := r.ledger.Hook()
	r.stop()
	r.edit(id, when("2026-11-28 21:00"))
	r.clock.pass(time.Hour)
	r.start()
	r.wantAsked(2, func() { r.ledger.Start(t.Context()) }, airtabletest.OpList) // the tables; and the row, for what was read before the start is not known
	r.wantDay(friday, "")
	r.wantDay(saturday, "21:00 T1 Eva")
	// The staff's change, and this desk's mark of the new start.
	if again, next, _ := r.ledger.Hook(); again != first || next != cursor+2 {
		t.Errorf("webhook %s at %d, want %s at %d", again, next, first, cursor+2)
	}
	if r.ledger.Secret() == nil {
		t.Error("the secret was forgotten")
	}
}

// Payloads come in parts, and in pages; a row that changed often is never shown
// as it was in between.
func TestPayloadsInPartsAndPages(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	r.srv.SplitPayloads(1)
	id := r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Mesa": []string{"T1"}})
	var ids []string
	for range 60 {
		ids = append(ids, r.row("2026-11-28 14:00", fields{"Nombre del Cliente": "Luis"}))
		r.edit(id, fields{"Mesa": []string{"I1"}})
		r.edit(id, fields{"Mesa": []string{"T2"}})
	}
	r.remove(ids[1:]...)
	pages := 0
	r.gate.set(func(req *http.Request) {
		if isPayloads(req) {
			pages++
			if day := r.day(friday); pages > 1 && strings.Contains(day, "I1") {
				t.Errorf("page %d: shown in between: %s", pages, day)
			}
		}
	}, nil)
	r.wantAsked(0, r.follow, airtabletest.OpList)
	if pages < 4 {
		t.Errorf("%d pages", pages)
	}
	r.wantDay(friday, "21:00 T2 Eva")
	r.wantDay(saturday, "14:00  Luis")
	// More than can be kept: every day is read, once.
	for range 5200 {
		r.edit(ids[0], fields{"Notas Especiales": r.newID(monday)})
	}
	r.edit(ids[0], fields{"Nombre del Cliente": "Luisa"})
	r.clock.pass(time.Second)
	r.follow()
	r.wantDay(saturday, "14:00  Luisa")
	r.wantAsked(1, r.follow)
}

// A table is deleted, a field renamed, a field deleted, while it runs.
func TestTheBaseIsChangedWhileItRuns(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	id := r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Mesa": []string{"T1"}})
	r.follow()
	staff := r.srv.Staff()
	for field, name := range map[string]string{"Mesa": "Sitio", "Fecha de Reserva": "Día", "Hora": "Cuándo", "ID Reserva": "Clave"} {
		if err := staff.RenameField("Reservas", field, name); err != nil {
			t.Fatal(err)
		}
	}
	if err := staff.RenameTable("Reservas", "Libro"); err != nil {
		t.Fatal(err)
	}
	// The restaurant file names them as before: they are told apart by ID, as long as it runs.
	if _, err := staff.Update("Libro", id, fields{"Sitio": []string{"T2"}}); err != nil {
		t.Fatal(err)
	}
	made := r.reserve(friday, 6)
	r.clock.pass(time.Minute)
	r.mustWrite()
	if rows := r.srv.Records("Libro"); len(rows) != 2 || rows[1].Fields["Clave"] != made.ID {
		t.Errorf("rows %v", rows)
	}
}

// A field that is called otherwise at the first start, or that the restaurant calls
// otherwise by now: what to fix is shown, bookings are accepted and wait, and all goes
// on once it is fixed. One that was renamed since it was known is known by its ID.
func TestTheBaseIsNotAsItMustBe(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]options{"first start": {cold: true}, "a later one": {}, "no webhooks": {server: noWebhooks()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := open(t, how)
			r.stop()
			called, now := "Mesa", "Sitio"
			if name != "first start" {
				// Two things at once: it is renamed, and the restaurant says another name.
				called = "Sitio de la mesa"
				r.options.names = mapping.Names{Bookings: map[mapping.Key]string{mapping.Table: called}}
			}
			if err := r.srv.Staff().RenameField("Reservas", "Mesa", now); err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			r.options.log = slog.New(slog.NewTextHandler(&log, nil))
			r.start()
			r.ledger.Start(t.Context())
			if r.ledger.Problem() == "" || !strings.Contains(log.String(), called) {
				t.Errorf("trouble %q, log %s", r.ledger.Problem(), &log)
			}
			if name != "first start" {
				r.reserve(friday, 4)
				failures := r.write()
				if len(failures) != 1 || failures[0].Cause != booking.ParkedBase || failures[0].Fix == "" {
					t.Errorf("failures %v", failures)
				}
			}
			if err := r.srv.Staff().RenameField("Reservas", now, called); err != nil {
				t.Fatal(err)
			}
			r.clock.pass(time.Minute)
			r.follow()
			if why := r.ledger.Problem(); why != "" {
				t.Errorf("still %s", why)
			}
			if _, err := r.journal.Release(t.Context(), r.clock.Now(), false, func(booking.JournalEntry) bool { return true }); err != nil {
				t.Fatal(err)
			}
			r.mustWrite()
		})
	}
}

// A field, a table and a choice that were renamed since they were known: before a
// start and while it runs, they are known by their IDs.
func TestWhatIsRenamedIsKnownByItsID(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]options{"followed": {}, "no webhooks": {server: noWebhooks()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := open(t, how)
			r.stop()
			staff := r.srv.Staff()
			rename := func(errs ...error) {
				t.Helper()
				if err := errors.Join(errs...); err != nil {
					t.Fatal(err)
				}
			}
			rename(staff.RenameField("Reservas", "Mesa", "Sitio"), staff.RenameField("Mesas", "Capacidad", "Plazas"),
				staff.RenameChoice("Reservas", "Estado", "Cancelada", "❌"), staff.RenameTable("Reservas", "Libro"))
			r.start()
			r.ledger.Start(t.Context())
			cells := when("2026-11-27 21:00")
			cells["Nombre del Cliente"], cells["Sitio"], cells["Estado"] = "Eva", []string{"T1"}, "❌"
			row, err := staff.Create("Libro", cells)
			if err != nil {
				t.Fatal(err)
			}
			r.clock.pass(11 * time.Minute)
			r.follow()
			// Once more, while it runs.
			rename(staff.RenameField("Libro", "Sitio", "Dónde"), staff.RenameChoice("Libro", "Estado", "❌", "✗"))
			r.clock.pass(11 * time.Minute)
			r.follow()
			r.free(friday) // who is not told of changes reads the day
			if day, err := r.ledger.Day(t.Context(), friday); err != nil || len(day.Bookings) != 1 || day.Bookings[0].Status != booking.Cancelled {
				t.Errorf("a choice that was renamed: %+v, %v", day.Bookings, err)
			}
			made := r.reserve(friday, 6)
			r.mustWrite()
			if why := r.ledger.Problem(); why != "" {
				t.Errorf("trouble: %s", why)
			}
			for _, rec := range r.srv.Records("Libro") {
				if links, _ := rec.Fields["Dónde"].([]string); rec.ID != row.ID && (rec.Fields["ID Reserva"] != made.ID || len(links) == 0) {
					t.Errorf("written as %v", rec.Fields)
				}
			}
		})
	}
}

// Without the scope for webhooks, or for the schema, days are read again by age:
// what is told is never older than MaxAge, and what is decided on than SureAge.
func TestDaysThatAreNotFollowedAge(t *testing.T) {
	t.Parallel()
	for name, server := range map[string]airtabletest.Options{
		"no webhooks": noWebhooks(),
		"no schema": {Tokens: []airtabletest.Token{{Secret: "patNAMES.1", Scopes: []string{
			airtabletest.ScopeRead, airtabletest.ScopeWrite, airtabletest.ScopeWebhooks}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := open(t, options{server: server})
			if r.ledger.Followed() {
				t.Fatal("followed")
			}
			id := r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Cantidad de Personas": 4, "Mesa": []string{"I1", "I2", "T1"}})
			r.free(saturday)
			r.clock.pass(ledger.DefaultMaxAge)
			r.wantAsked(0, func() { r.wantFree(friday, "interior", "terraza") })
			r.clock.pass(time.Nanosecond)
			r.wantAsked(1, func() { r.wantFree(friday, "terraza"); r.wantFree(friday, "terraza") })
			// Moved to Saturday: Saturday is read, and Friday's answers are others too.
			r.edit(id, when("2026-11-28 21:00"))
			r.clock.pass(time.Minute)
			r.wantAsked(1, func() { r.wantFree(saturday, "terraza"); r.wantFree(friday, "interior", "terraza") })
			// A booking is decided on what is no older than SureAge.
			r.row("2026-11-28 21:00", fields{"Nombre del Cliente": "Luis", "Mesa": []string{"T2"}})
			r.clock.pass(ledger.DefaultSureAge + time.Nanosecond)
			_, err := r.desk.Book(t.Context(), booking.Request{Caller: r.caller(), Date: saturday, Time: booking.NewTimeOfDay(21, 0), Party: 4, Name: "Ana"})
			var refusal *booking.Refusal
			if !errors.As(err, &refusal) || refusal.Reason != booking.Full {
				t.Errorf("seated at a table that was given away: %v", err)
			}
			// Tables too are read again.
			if _, err := r.srv.Staff().Update("Mesas", r.srv.Records("Mesas")[3].ID, fields{"Disponible": nil}); err != nil {
				t.Fatal(err)
			}
			r.clock.pass(11 * time.Minute)
			r.follow()
			r.edit(id, when("2026-11-29 21:00"))
			r.clock.pass(time.Hour)
			r.wantFree(sunday)
			// A number that is asked for is looked up.
			r.row("2026-12-01 21:00", fields{"Nombre del Cliente": "Eva", "Teléfono": "612 34 56 78"})
			if found, err := r.ledger.ByPhone(t.Context(), guest.Phone, friday); err != nil || len(found) != 1 {
				t.Errorf("by number: %v, %v", found, err)
			}
		})
	}
}

// A token that is given the scope later is made use of.
func TestTheScopeIsGivenLater(t *testing.T) {
	t.Parallel()
	r := open(t, options{server: noWebhooks()})
	r.wantAsked(0, func() { r.clock.pass(time.Minute); r.follow(); r.clock.pass(time.Minute); r.follow() }, airtabletest.OpWebhook)
	r.srv.RevokeToken("patDEAF.1")
	r.srv.AddToken(airtabletest.Token{Secret: "patDEAF.1"})
	r.clock.pass(time.Hour)
	r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Mesa": []string{"T1"}})
	r.follow()
	if !r.ledger.Followed() {
		t.Fatal("not followed")
	}
	r.wantAsked(0, func() { r.wantFree(friday, "interior", "terraza") })
	r.wantDay(friday, "21:00 T1 Eva")
}

// The month's calls are used up: nobody waits, and Airtable is left alone for a while.
func TestTheQuotaIsSpent(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	r.srv.SpendQuota(true)
	r.clock.pass(5 * time.Minute)
	r.free(friday)
	r.wantAsked(0, func() {
		r.clock.pass(time.Minute)
		r.wantFree(friday, "interior", "terraza")
	})
	r.reserve(friday, 4)
	if failures := r.write(); len(failures) != 1 || failures[0].Cause != booking.ParkedQuota || failures[0].Fix == "" {
		t.Errorf("failures %v", failures)
	}
	r.srv.SpendQuota(false)
	r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Mesa": []string{"T1"}})
	r.clock.pass(6 * time.Minute)
	r.free(friday)
	r.wantDay(friday, "21:00 I1 Ana, 21:00 T1 Eva")
}

// What a guest is told is never older than MaxAge, and what is decided on never
// older than SureAge, however late the polls are.
func TestWhatIsFollowedAges(t *testing.T) {
	t.Parallel()
	h := options{config: func(c *ledger.Config) { c.NotifyURL = "https://casa.example/airtable" }}
	inBubble(t, h, func(t *testing.T, r *fixture) {
		r.srv.LosePings(true)
		time.Sleep(ledger.Lag)
		r.follow()
		id := r.row("2000-01-07 21:00", fields{"Nombre del Cliente": "Eva", "Cantidad de Personas": 4, "Mesa": []string{"I1", "I2"}})
		time.Sleep(ledger.DefaultMaxAge/2 - time.Second)
		r.wantAsked(0, func() { r.wantFree(nextFriday, "interior", "terraza") })
		time.Sleep(2 * time.Second)
		r.free(nextFriday) // changes are asked for behind the guest's back
		synctest.Wait()
		r.wantFree(nextFriday, "terraza")
		r.edit(id, fields{"Mesa": []string{"T1", "T2"}})
		time.Sleep(ledger.DefaultMaxAge + time.Nanosecond)
		r.wantAsked(1, func() { r.wantFree(nextFriday, "interior") })
		r.edit(id, fields{"Mesa": []string{"I1", "I2", "T1", "T2"}})
		time.Sleep(ledger.DefaultSureAge + time.Nanosecond)
		_, err := r.desk.Book(t.Context(), booking.Request{Caller: r.caller(), Date: nextFriday, Time: booking.NewTimeOfDay(21, 0), Party: 4, Name: "Ana"})
		var refusal *booking.Refusal
		if !errors.As(err, &refusal) || refusal.Reason != booking.Full {
			t.Errorf("seated at a table that was given away: %v", err)
		}
	})
}

// Names are the restaurant's own, and the base is empty of tables.
func TestABaseWithoutTables(t *testing.T) {
	t.Parallel()
	r := open(t, options{noTable: true, names: mapping.Names{}})
	r.wantFree(friday, "interior", "terraza")
	r.reserve(friday, 4)
	if failures := r.write(); len(failures) != 1 || failures[0].Cause != booking.ParkedBase {
		t.Errorf("failures %v", failures)
	}
}

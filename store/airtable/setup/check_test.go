package setup_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
)

func seeded(t *testing.T, s site) {
	t.Helper()
	must(t, s.srv.Seed())
}

func TestAWholeBaseIsWell(t *testing.T) {
	t.Parallel()
	s := open(t, airtabletest.Options{})
	seeded(t, s)
	must(t, s.srv.Staff().Clear("Reservas"))
	printed, ok := s.check(t)
	if !ok {
		t.Error("not ok")
	}
	golden(t, "whole", printed)
	if n := s.writes(); n > 0 {
		t.Errorf("%d requests that write", n)
	}
}

// scoped is a base whose one token has these scopes.
func scoped(scopes ...string) airtabletest.Options {
	return airtabletest.Options{Tokens: []airtabletest.Token{{Secret: "patABCDEFGHIJKLMN.0123456789abcdef", Scopes: scopes}}}
}

const (
	reads, writes, readsBase, hooks = airtabletest.ScopeRead, airtabletest.ScopeWrite, airtabletest.ScopeSchemaRead, airtabletest.ScopeWebhooks
)

// Each base is looked at, and all that is not ok about it compared with a file.
func TestWhatIsAmiss(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options airtabletest.Options
		client  func(*airtable.Config)
		spoil   func(t *testing.T, s site)
		ok      bool
		lines   int
	}{
		"empty base": {options: airtabletest.Options{Tables: []airtabletest.Table{}}, lines: 2},
		"lived in":   {spoil: seeded, ok: true, lines: 3},
		"no tables": {spoil: func(t *testing.T, s site) {
			seeded(t, s)
			must(t, s.srv.Staff().Clear("Mesas"))
		}, lines: -1},
		"renamed field": {spoil: func(t *testing.T, s site) {
			seeded(t, s)
			must(t, s.srv.Staff().RenameField("Reservas", "Estado", "Estado de Reserva"))
		}, lines: 1},
		"missing choice": {spoil: func(t *testing.T, s site) {
			seeded(t, s)
			must(t, s.srv.Staff().RemoveChoice("Reservas", "Estado", "Sentada"))
		}, lines: 4},
		"wrong type": {spoil: func(t *testing.T, s site) {
			seeded(t, s)
			must(t, s.srv.Staff().RemoveField("Mesas", "Capacidad"))
			_, err := s.srv.Staff().AddField("Mesas", airtabletest.Field{Name: "Capacidad", Type: airtabletest.Checkbox,
				Options: &airtabletest.Config{Icon: "check", Color: "greenBright"}})
			must(t, err)
		}, lines: 1},
		"no scope for the schema": {options: scoped(reads, writes, hooks), spoil: seeded, ok: true, lines: 4},
		"no scope for webhooks":   {options: scoped(reads, writes, readsBase), spoil: seeded, ok: true, lines: 4},
		"no scope to write":       {options: scoped(reads, readsBase, hooks), spoil: seeded, lines: 4},
		"no scope at all":         {options: scoped([]string{}...), lines: 3},
		"scopes not told": {spoil: func(t *testing.T, s site) {
			seeded(t, s)
			withoutScopes(s)
		}, ok: true, lines: 4},
		"scopes neither told nor given": {options: scoped(reads, writes), spoil: func(t *testing.T, s site) {
			seeded(t, s)
			withoutScopes(s)
		}, ok: true, lines: 6},
		"renamed field and no scope for the schema": {options: scoped(reads, writes), spoil: func(t *testing.T, s site) {
			seeded(t, s)
			must(t, s.srv.Staff().RenameField("Reservas", "Hora", "Llegada"))
		}, lines: 3},
		"revoked token":         {spoil: func(_ *testing.T, s site) { s.srv.RevokeToken(s.srv.Token()) }, lines: 1},
		"no such base":          {client: func(c *airtable.Config) { c.BaseID = "appNotThereAtAll0" }, lines: 1},
		"no base ID":            {client: func(c *airtable.Config) { c.BaseID = "Restaurante" }, lines: 1},
		"no such base and none": {options: scoped(reads, writes), client: func(c *airtable.Config) { c.BaseID = "appNotThereAtAll0" }, lines: 3},
		"not granted the base": {options: airtabletest.Options{Tokens: []airtabletest.Token{{Secret: "patABCDEFGHIJKLMN.0123456789abcdef",
			Bases: []string{"appAnotherOne0000"}}}}, lines: 1},
		"quota spent": {spoil: func(_ *testing.T, s site) { s.srv.SpendQuota(true) }, lines: 1},
		"in trouble": {spoil: func(_ *testing.T, s site) {
			s.srv.Inject(airtabletest.Fault{Status: http.StatusServiceUnavailable})
		}, lines: 1},
		"in trouble half way": {spoil: func(t *testing.T, s site) {
			seeded(t, s)
			s.srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpList}, Status: http.StatusBadGateway, HTML: true})
		}, lines: 1},
		"too many requests": {spoil: func(t *testing.T, s site) {
			must(t, s.srv.Seed())
			must(t, s.srv.Staff().Clear("Reservas"))
			s.srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpSchemaRead}, Status: http.StatusTooManyRequests, Times: 2})
		}, ok: true, lines: 2},
		"no table can be booked": {spoil: func(t *testing.T, s site) {
			_, err := s.srv.Staff().Create("Mesas", fields{"ID Mesa": "T1", "Capacidad": 4})
			must(t, err)
		}, lines: -1},
		"odd tables": {spoil: func(t *testing.T, s site) {
			for _, row := range []fields{
				{"ID Mesa": "T1", "Capacidad": 4, "Disponible": true},
				{"ID Mesa": "Nueva", "Disponible": true},
				{"Nombre de Mesa": "La del fondo", "Capacidad": 2, "Disponible": true},
			} {
				_, err := s.srv.Staff().Create("Mesas", row)
				must(t, err)
			}
		}, ok: true, lines: -1},
		"copies": {spoil: func(t *testing.T, s site) {
			seeded(t, s)
			must(t, s.srv.Staff().Clear("Reservas"))
			for _, name := range []string{"Ana", "Ana", "Ana otra vez"} {
				_, err := s.srv.Staff().Create("Reservas", fields{"ID Reserva": "01KAYGZ5W8M3T1V0QX9R2B4C6D", "Nombre del Cliente": name,
					"Fecha de Reserva": "2026-12-03", "Hora": "2026-12-03T20:00:00.000Z", "Cantidad de Personas": 2, "Estado": "Confirmada"})
				must(t, err)
			}
		}, ok: true, lines: 1},
		"many without a day": {spoil: func(t *testing.T, s site) {
			seeded(t, s)
			must(t, s.srv.Staff().Clear("Reservas"))
			for i := range 13 {
				_, err := s.srv.Staff().Create("Reservas", fields{"Nombre del Cliente": fmt.Sprint("Cliente ", i)})
				must(t, err)
			}
			_, err := s.srv.Staff().Create("Reservas", fields{"Nombre del Cliente": "Eva", "Estado": "Cancelada"})
			must(t, err)
			_, err = s.srv.Staff().Create("Reservas", fields{})
			must(t, err)
		}, ok: true, lines: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.client == nil {
				c.client = func(*airtable.Config) {}
			}
			s := openAs(t, c.options, c.client)
			if c.spoil != nil {
				c.spoil(t, s)
			}
			printed, ok := s.check(t)
			wrong := amiss(printed)
			if n := strings.Count(wrong, "\n"); ok != c.ok || n != c.lines && c.lines >= 0 {
				t.Errorf("ok %t, %d lines:\n%s", ok, n, printed)
			}
			golden(t, name, wrong)
			if n := s.writes(); n > 0 {
				t.Errorf("%d requests that write", n)
			}
		})
	}
}

// withoutScopes keeps Airtable from returning the token's scopes.
func withoutScopes(s site) {
	s.srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpWhoami}, Status: http.StatusOK, Body: `{"id":"usrAAAAAAAAAAAAAA"}`})
}

func TestADeadAddress(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	dead := "http://" + listener.Addr().String()
	must(t, listener.Close())
	printed, ok := openAs(t, airtabletest.Options{}, func(c *airtable.Config) { c.Endpoint = dead }).check(t)
	if ok {
		t.Error("ok")
	}
	golden(t, "dead address", printed)
}

func TestWhatIsNotAirtable(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"a page": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, "<html>Welcome to the WiFi of the bar next door</html>")
		},
		"another service": func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, `{}`) },
		"nothing there":   http.NotFound,
		"another door":    func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusFound) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			other := httptest.NewServer(answer)
			t.Cleanup(other.Close)
			printed, ok := openAs(t, airtabletest.Options{}, func(c *airtable.Config) { c.Endpoint = other.URL }).check(t)
			if ok || strings.Count(printed, "\n") != 1 || !strings.Contains(printed, "AIRTABLE_ENDPOINT_URL") {
				t.Errorf("got %s", printed)
			}
		})
	}
}

func TestTheTokenIsNotShown(t *testing.T) {
	t.Parallel()
	s := open(t, scoped(reads, writes))
	seeded(t, s)
	for _, spoil := range []func(){
		func() {},
		func() { s.srv.Inject(airtabletest.Fault{Drop: true}) },
		func() { s.srv.LiftFaults(); s.srv.RevokeToken(s.srv.Token()) },
	} {
		spoil()
		if printed, _ := s.check(t); strings.Contains(printed, "0123456789abcdef") {
			t.Errorf("shown: %s", printed)
		}
	}
}

func TestAnInterruptionPrintsNothing(t *testing.T) {
	t.Parallel()
	s := open(t, airtabletest.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out strings.Builder
	if _, err := s.Check(ctx, &out); !errors.Is(err, context.Canceled) || out.Len() > 0 {
		t.Errorf("%v, printed %s", err, &out)
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestWhatCannotBePrintedIsAnError(t *testing.T) {
	t.Parallel()
	s := open(t, airtabletest.Options{})
	if _, err := s.Check(context.Background(), full{}); err == nil {
		t.Error("no error")
	}
}

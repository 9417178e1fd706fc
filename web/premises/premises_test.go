package premises_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"maitre/retry"
	"maitre/store"
	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
	"maitre/store/env"
	"maitre/web/premises"
	"maitre/webhook/whatsapp/twilio/twiliotest"
)

// What guests meet is tested on the built binary, at the top level. Here is
// tested what it cannot show: whose mistake an error is, and that what was opened
// is let go of.

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// plan is of a house that keeps its own book, without a phone or Twilio.
func plan(t *testing.T) premises.Config {
	t.Helper()
	house, warnings, err := premises.ReadHouse("")
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	return premises.Config{
		House: house, Watch: premises.WatchFrom(time.Time{}), Log: slog.New(slog.DiscardHandler), PublicURL: "http://localhost:8000",
		ReplyBudget: time.Second, RetryTick: time.Hour, RetryMaxAttempts: 5, Changed: retry.NewDates(), VAPI: premises.VAPI{Auth: "hmac"},
	}
}

func dataFile(t *testing.T, c premises.Config) *store.File {
	t.Helper()
	file, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "maitre.db"), store.Options{Slug: c.House.Restaurant.Slug})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	return file
}

// withTwilio adds one that listens.
func withTwilio(t *testing.T, c premises.Config) premises.Config {
	t.Helper()
	srv := twiliotest.Start(t, twiliotest.Options{})
	c.Twilio = premises.Twilio{
		AccountSID: srv.AccountSID(), Tokens: env.Secrets{env.Secret(srv.Token())}, WhatsApp: "+34600000000", SMS: "+34600000001", Endpoint: srv.URL(),
	}
	return c
}

func TestWhatIsOpenedIsLetGoOf(t *testing.T) {
	t.Parallel()
	c := withTwilio(t, plan(t))
	srv := airtabletest.Start(t, airtabletest.Options{})
	c.Airtable = premises.Airtable{
		Endpoint: srv.URL(), BaseID: srv.BaseID(), Token: airtable.Token(srv.Token()), Bookings: "Reservas", Tables: "Mesas", Poll: time.Hour, MaxAge: time.Minute,
	}
	p, err := premises.Open(t.Context(), dataFile(t, c), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	wait := p.Work(ctx)
	answer := httptest.NewRecorder()
	p.Handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/healthz", nil))
	if answer.Code != http.StatusOK {
		t.Errorf("health: %d %s", answer.Code, answer.Body)
	}
	stop()
	wait()
	p.Close()
}

func TestWhatAPersonMustWriteOtherwiseIsTheirMistake(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*premises.Config)
		says  string
	}{
		"a base ID that is none": {func(c *premises.Config) { c.Airtable = premises.Airtable{BaseID: "a/b", Token: "pat"} }, "not a base ID"},
		"an account without a token": {
			func(c *premises.Config) { c.Twilio = premises.Twilio{AccountSID: "AC1", WhatsApp: "+34600000000"} }, "auth token",
		},
		"a blank token":                    {func(c *premises.Config) { c.Twilio.Tokens = env.Secrets{" "} }, "blank"},
		"an address that is none":          {func(c *premises.Config) { c.PublicURL = "ftp://desk" }, "public URL"},
		"an assistant VAPI would not take": {func(c *premises.Config) { c.House.Restaurant.Name = "" }, "restaurant file: VAPI would refuse"},
	} {
		cfg := plan(t)
		c.spoil(&cfg)
		_, err := premises.Open(t.Context(), dataFile(t, cfg), cfg)
		if !isMistake(err) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want a mistake that says %q", name, err, c.says)
		}
	}
	if _, _, err := premises.ReadHouse(filepath.Join(t.TempDir(), "none.toml")); !isMistake(err) {
		t.Errorf("no restaurant file: %v", err)
	}
}

func isMistake(err error) bool {
	_, is := errors.AsType[*premises.Mistake](err)
	return is
}

func TestADataFileThatCannotBeUsedIsNobodysMistake(t *testing.T) {
	t.Parallel()
	c := plan(t)
	file := dataFile(t, c)
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := premises.Open(t.Context(), file, c); !errors.Is(err, store.ErrClosed) || isMistake(err) {
		t.Errorf("%v", err)
	}
}

func TestCheckTellsOfTwilio(t *testing.T) {
	t.Parallel()
	connected := withTwilio(t, plan(t))
	wrong := connected
	wrong.Twilio.Tokens = env.Secrets{"wrongtoken"}
	for name, c := range map[string]struct {
		premises.Config
		well bool
		says string
	}{
		"none":          {plan(t), true, "note: Twilio is not set up"},
		"connected":     {connected, true, `ok: the Twilio account "Test"`},
		"a wrong token": {wrong, false, "wrong: Twilio: "},
	} {
		var out strings.Builder
		well, err := premises.Check(t.Context(), c.Config, nil, &out)
		if err != nil || well != c.well || !strings.Contains(out.String(), "\n"+c.says) || !strings.HasPrefix(out.String(), "ok: local mode") {
			t.Errorf("%s: well %t, %v, want %t and %q:\n%s", name, well, err, c.well, c.says, &out)
		}
		if strings.Contains(out.String(), "wrongtoken") {
			t.Errorf("%s: the token is told:\n%s", name, &out)
		}
	}
}

func TestThePrintedAssistantOffersTheWaitlistWhereThereIsOne(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		premises.Config
		waitlist bool
	}{
		"nothing can be sent": {plan(t), false},
		"by SMS":              {withTwilio(t, plan(t)), true},
	} {
		var out strings.Builder
		if err := premises.Assistant(c.Config, &out); err != nil {
			t.Fatal(err)
		}
		if !json.Valid([]byte(out.String())) || strings.Contains(out.String(), "add_to_waitlist") != c.waitlist {
			t.Errorf("%s: want the waitlist %t:\n%s", name, c.waitlist, &out)
		}
	}
}

func TestTheWatchRunsOnFromWhereItIsSet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		set, machine := premises.WatchFrom(start), premises.WatchFrom(time.Time{})
		time.Sleep(time.Minute)
		if got := set.Now(); !got.Equal(start.Add(time.Minute)) {
			t.Errorf("%s after a minute from %s", got, start)
		}
		if got := machine.Now(); !got.Equal(time.Now()) {
			t.Errorf("%s, the machine's is %s", got, time.Now())
		}
	})
}

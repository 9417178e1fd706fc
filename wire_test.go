package main

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
	"maitre/store/airtable/airtabletest"
	"maitre/webhook/whatsapp/twilio/twiliotest"
)

// What guests meet is tested on the built binary, in package e2e. Here is tested what
// it cannot show: which errors are of the configuration, and that what was opened is
// released.

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// localConfig is of a restaurant whose bookings are in the data file, without a phone
// or Twilio.
func localConfig() Config {
	return Config{
		PublicURL: "http://localhost:8000", ReplyBudget: time.Second, RetryTick: time.Hour, RetryMaxAttempts: 5, VAPIAuth: "hmac",
		AirtableBookings: "Reservas", AirtableTablesName: "Mesas",
	}
}

func programOf(t *testing.T, c Config) program {
	t.Helper()
	p, warnings, err := newProgram(c, slog.New(slog.DiscardHandler))
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	return p
}

func openFile(t *testing.T, p program) *store.File {
	t.Helper()
	file, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "maitre.db"), store.Options{Slug: p.restaurant.Slug})
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
func withTwilio(t *testing.T, c Config) Config {
	t.Helper()
	srv := twiliotest.Start(t, twiliotest.Options{})
	c.TwilioAccountSID, c.TwilioAuthTokens, c.TwilioURL = srv.AccountSID(), Secrets{Secret(srv.Token())}, srv.URL()
	c.TwilioWhatsApp, c.TwilioSMS = "+34600000000", "+34600000001"
	return c
}

func TestWhatIsOpenedIsReleased(t *testing.T) {
	t.Parallel()
	c := withTwilio(t, localConfig())
	srv := airtabletest.Start(t, airtabletest.Options{})
	c.AirtableURL, c.AirtableBaseID, c.AirtableAPIKey = srv.URL(), srv.BaseID(), Secret(srv.Token())
	c.AirtablePoll, c.AirtableMaxAge = time.Hour, time.Minute
	p := programOf(t, c)
	d, err := wire(t.Context(), p, openFile(t, p), retry.NewDates(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	wait := d.work(ctx)
	answer := httptest.NewRecorder()
	d.handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/healthz", nil))
	if answer.Code != http.StatusOK {
		t.Errorf("health: %d %s", answer.Code, answer.Body)
	}
	stop()
	wait()
	d.close()
}

func TestWhatAPersonMustWriteOtherwiseIsAConfigError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*program)
		says  string
	}{
		"a base ID that is none": {func(p *program) { p.cfg.AirtableBaseID, p.cfg.AirtableAPIKey = "a/b", "pat" }, "not a base ID"},
		"an account without a token": {
			func(p *program) { p.cfg.TwilioAccountSID, p.cfg.TwilioWhatsApp = "AC1", "+34600000000" }, "auth token",
		},
		"a blank token":                    {func(p *program) { p.cfg.TwilioAuthTokens = Secrets{" "} }, "blank"},
		"an address that is none":          {func(p *program) { p.cfg.PublicURL = "ftp://desk" }, "public URL"},
		"an assistant VAPI would not take": {func(p *program) { p.restaurant.Name = "" }, "restaurant file: VAPI would refuse"},
	} {
		p := programOf(t, localConfig())
		c.spoil(&p)
		_, err := wire(t.Context(), p, openFile(t, p), retry.NewDates(), nil)
		if !isConfigError(err) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want a ConfigError that says %q", name, err, c.says)
		}
	}
	if _, _, err := readRestaurantFile(filepath.Join(t.TempDir(), "none.toml")); !isConfigError(err) {
		t.Errorf("no restaurant file: %v", err)
	}
}

func isConfigError(err error) bool {
	_, is := errors.AsType[*ConfigError](err)
	return is
}

func TestADataFileThatCannotBeUsedIsNoConfigError(t *testing.T) {
	t.Parallel()
	p := programOf(t, localConfig())
	file := openFile(t, p)
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := wire(t.Context(), p, file, retry.NewDates(), nil); !errors.Is(err, store.ErrClosed) || isConfigError(err) {
		t.Errorf("%v", err)
	}
}

func TestCheckReportsOnTwilio(t *testing.T) {
	t.Parallel()
	connected := withTwilio(t, localConfig())
	wrong := connected
	wrong.TwilioAuthTokens = Secrets{"wrongtoken"}
	for name, c := range map[string]struct {
		cfg  Config
		well bool
		says string
	}{
		"none":          {localConfig(), true, "note: Twilio is not set up"},
		"connected":     {connected, true, `ok: the Twilio account "Test"`},
		"a wrong token": {wrong, false, "wrong: Twilio: "},
	} {
		var out strings.Builder
		well, err := programOf(t, c.cfg).check(t.Context(), &out)
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
		cfg      Config
		waitlist bool
	}{
		"nothing can be sent": {localConfig(), false},
		"by SMS":              {withTwilio(t, localConfig()), true},
	} {
		var out strings.Builder
		if err := programOf(t, c.cfg).printAssistant(&out); err != nil {
			t.Fatal(err)
		}
		if !json.Valid([]byte(out.String())) || strings.Contains(out.String(), "add_to_waitlist") != c.waitlist {
			t.Errorf("%s: want the waitlist %t:\n%s", name, c.waitlist, &out)
		}
	}
}

func TestTheClockRunsOnFromWhereItIsSet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		set, machine := clockFrom(start), clockFrom(time.Time{})
		time.Sleep(time.Minute)
		if got := set.Now(); !got.Equal(start.Add(time.Minute)) {
			t.Errorf("%s after a minute from %s", got, start)
		}
		if got := machine.Now(); !got.Equal(time.Now()) {
			t.Errorf("%s, the machine's is %s", got, time.Now())
		}
	})
}

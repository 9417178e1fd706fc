package setup_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"
	"go.uber.org/goleak"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/mapping"
	"maitre/store/airtable/setup"
	"maitre/store/restaurantfile"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var update = flag.Bool("update", false, "write the golden files anew, to be read as an owner would")

type fields = map[string]any

// spanish reads numbers as the desk's own parser does.
type spanish struct{}

func (spanish) Parse(s string) (booking.Phone, error) {
	n, err := phonenumbers.Parse(s, "ES")
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", errors.New("no such phone number")
	}
	return booking.Phone(phonenumbers.Format(n, phonenumbers.E164)), nil
}

// now is a Monday's morning.
var now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// site is a base over HTTP, and what is set up there.
type site struct {
	setup.Setup
	srv *airtabletest.Server
}

func open(t *testing.T, o airtabletest.Options) site {
	t.Helper()
	return openAs(t, o, func(*airtable.Config) {})
}

// openAs opens it with another client configuration.
func openAs(t *testing.T, o airtabletest.Options, as func(*airtable.Config)) site {
	t.Helper()
	o.RatePerBase, o.RatePerUser = airtabletest.Unlimited, airtabletest.Unlimited
	o.Clock = func() time.Time { return now }
	srv := airtabletest.Start(t, o)
	cfg := airtable.Config{
		Endpoint: srv.URL(), Token: airtable.Token(srv.Token()), BaseID: srv.BaseID(), Pace: 10_000, RewriteAfter: -1, Penalty: time.Millisecond,
	}
	as(&cfg)
	client, err := airtable.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	file, err := restaurantfile.LoadFile("")
	if err != nil {
		t.Fatal(err)
	}
	return site{setup.Setup{
		Base: client, Endpoint: cfg.Endpoint, BaseID: cfg.BaseID, Restaurant: file.Restaurant, Now: now,
		Mapper: mapping.New(file.Airtable, file.Restaurant, spanish{}),
	}, srv}
}

// check returns what is printed, without what differs from run to run, and whether all is well.
func (s site) check(t *testing.T) (string, bool) {
	t.Helper()
	var out bytes.Buffer
	ok, err := s.Check(context.Background(), &out)
	if err != nil {
		t.Fatal(err)
	}
	if ok == strings.Contains("\n"+out.String(), "\nwrong: ") {
		t.Errorf("ok is %t of\n%s", ok, &out)
	}
	return s.anonymous(out.String()), ok
}

func (s site) anonymous(text string) string {
	host := strings.TrimPrefix(s.Endpoint, "http://")
	return strings.NewReplacer(s.Endpoint, "https://api.airtable.com", host, "1.2.3.4:443").Replace(text)
}

// init runs maitre airtable init and returns what is printed.
func (s site) init(t *testing.T, answer string, how setup.How) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := s.Init(context.Background(), strings.NewReader(answer), &out, how)
	return s.anonymous(out.String()), err
}

// writes is how many requests changed or could have changed the base.
func (s site) writes() int {
	n := 0
	for _, op := range append(airtabletest.Writes(), airtabletest.OpSchemaWrite, airtabletest.OpWebhook) {
		for _, r := range s.srv.Requests() {
			if r.Op == op && r.Method != "GET" {
				n++
			}
		}
	}
	return n
}

// golden compares with a file, which -update writes.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", strings.ReplaceAll(name, " ", "-")+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s\n got %s\nwant %s", path, got, want)
	}
}

// amiss is what is not ok.
func amiss(printed string) string {
	var all strings.Builder
	for line := range strings.Lines(printed) {
		if !strings.HasPrefix(line, "ok: ") {
			all.WriteString(line)
		}
	}
	return all.String()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

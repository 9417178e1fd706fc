package main

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lmittmann/tint"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/env"
	"maitre/store/restaurantfile"
	"maitre/web/premises"
)

// Config is all that the environment says of how maitre runs, checked. Nothing changes it after start.
type Config struct {
	Port       int // 0: any free one
	ListenHost string
	PublicURL  string // how the world reaches us; no slash at the end
	OnFly      bool   // behind Fly.io's proxy
	DataDir    string
	// RequireData: no new data file is made.
	RequireData bool
	// Adopt is a system of record or a restaurant's slug to which a change is agreed.
	Adopt string
	// RestaurantFile is the owner's file; empty: the built-in sample.
	RestaurantFile string

	AirtableAPIKey                       env.Secret // empty: local mode
	AirtableBaseID, AirtableURL          string
	AirtableBookings, AirtableTablesName string
	// AirtablePoll is how often changes are asked for; 0: as Airtable can notify us or not.
	AirtablePoll   time.Duration
	AirtableMaxAge time.Duration // how old what guests are told may be

	VAPISecrets          env.Secrets // all are accepted
	VAPIAuth             string      // hmac, header or bearer
	VAPIRequireTimestamp bool
	VAPICredentialID     string // VAPI's name for the credential with which it signs; may be empty

	TwilioAccountSID string
	TwilioAuthTokens env.Secrets // the first signs our calls, all are accepted
	TwilioWhatsApp   booking.Phone
	TwilioSMS        booking.Phone
	TwilioURL        string // empty: Twilio's own

	StaffPhones   []booking.Phone
	AdminPassword env.Secret // empty, in local mode only: to be made at start
	AdminToken    env.Secret // empty: the staff API takes sessions only

	ReplyBudget, RetryTick          time.Duration
	RetryMaxAttempts, RetentionDays int

	LogFormat string // tint or json
	LogLevel  slog.Level
	Now       time.Time // for tests: where the desk's clock starts; zero: now
	DieAt     string    // for tests: the point at which the program kills itself

	// Warnings are what can be lived with but should be seen to; no secret is in them.
	Warnings []string
}

// LocalMode tells whether the data file is the system of record.
func (c Config) LocalMode() bool { return c.AirtableAPIKey == "" && c.AirtableBaseID == "" }

// Address is where to listen, as net.Listen takes it.
func (c Config) Address() string { return net.JoinHostPort(c.ListenHost, strconv.Itoa(c.Port)) }

// variables is the whole list, each reading into c: what serve --help prints and readConfig reads.
func variables(c *Config) []env.Variable {
	return []env.Variable{
		env.Var("PORT", "8000", "port to listen on; 0: any free one", env.Number(&c.Port, 0, 65535)),
		env.Var("LISTEN_HOST", "127.0.0.1", "address to listen on; on Fly.io 0.0.0.0 by default", env.Text(&c.ListenHost)),
		env.Var("PUBLIC_URL", "", "how the world reaches us, such as https://desk.example; by default http://localhost:$PORT", env.Address(&c.PublicURL)),
		env.Var("DATA_DIR", "./data", "holds maitre.db and backups/", env.Text(&c.DataDir)),
		env.Var("REQUIRE_DATA", "false", "true: refuse to start without an existing data file, as when its volume is not mounted", env.Bool(&c.RequireData)),
		env.Var("ADOPT", "", "for one start: agree, as maitre adopt does, to a change of the system of record to this base's ID or to local, or of the restaurant to this slug", env.Text(&c.Adopt)),
		env.Var("RESTAURANT_FILE", "", "the house, in TOML (docs/restaurant-file.md); by default the built-in sample", env.Text(&c.RestaurantFile)),
		env.Var("AIRTABLE_API_KEY", "", "system of record, with AIRTABLE_BASE_ID; by default local mode: the data file", env.Text(&c.AirtableAPIKey)),
		env.Var("AIRTABLE_BASE_ID", "", "the base, such as appXXXXXXXXXXXXXX", env.Text(&c.AirtableBaseID)),
		env.Var("AIRTABLE_ENDPOINT_URL", "https://api.airtable.com", "for tests", env.Address(&c.AirtableURL)),
		env.Var("AIRTABLE_TABLE_BOOKINGS", "Reservas", "name or ID of the table of bookings", env.Text(&c.AirtableBookings)),
		env.Var("AIRTABLE_TABLE_TABLES", "Mesas", "name or ID of the table of tables", env.Text(&c.AirtableTablesName)),
		env.Var("AIRTABLE_POLL", "", "how often changes in Airtable are asked for; by default 1m, or 10m where Airtable can notify PUBLIC_URL", env.Duration(&c.AirtablePoll, 24*time.Hour)),
		env.Var("AIRTABLE_MAX_AGE", "2m", "how old what guests are told of a day may be; bookings are decided on a day of at most 15s", env.Duration(&c.AirtableMaxAge, 24*time.Hour)),
		env.Var("VAPI_WEBHOOK_SECRET", "", "secret shared with VAPI; several, comma-separated, are all accepted", env.AnyOf(&c.VAPISecrets)),
		env.Var("VAPI_AUTH", "hmac", "how VAPI shows that it knows the secret: hmac, header or bearer", env.Choice(&c.VAPIAuth, "hmac", "header", "bearer")),
		env.Var("VAPI_REQUIRE_TIMESTAMP", "false", "true: refuse signatures without a timestamp", env.Bool(&c.VAPIRequireTimestamp)),
		env.Var("VAPI_CREDENTIAL_ID", "", "VAPI's ID of the credential it signs with; put into the assistants we give out", env.Text(&c.VAPICredentialID)),
		env.Var("TWILIO_ACCOUNT_SID", "", "the Twilio account, for WhatsApp and SMS", env.Text(&c.TwilioAccountSID)),
		env.Var("TWILIO_AUTH_TOKEN", "", "its token; several, comma-separated: the first signs our calls, all are accepted", env.AnyOf(&c.TwilioAuthTokens)),
		env.Var("TWILIO_WHATSAPP_FROM", "", "our WhatsApp sender, such as +34612345678", env.Phone(&c.TwilioWhatsApp)),
		env.Var("TWILIO_SMS_FROM", "", "sender for phones that WhatsApp cannot reach", env.Phone(&c.TwilioSMS)),
		env.Var("TWILIO_ENDPOINT_URL", "", "for tests: where Twilio calls go; by default Twilio", env.Address(&c.TwilioURL)),
		env.Var("STAFF_PHONE", "", "where alerts go, comma-separated", env.Phones(&c.StaffPhones)),
		env.Var("ADMIN_PASSWORD", "", "the staff sign in with it at /admin; by default made anew at each start, and logged; required once Airtable keeps the book", env.Text(&c.AdminPassword)),
		env.Var("ADMIN_TOKEN", "", "bearer token for the staff API (maitre journal needs it) and /metrics; by default they take a signed-in session only, /metrics this machine too", env.Text(&c.AdminToken)),
		env.Var("REPLY_BUDGET", "1s", "how long a guest waits for the system of record before hearing 'being processed'", env.Duration(&c.ReplyBudget, time.Minute)),
		env.Var("RETRY_TICK", "5s", "how often the worker looks for due entries", env.Duration(&c.RetryTick, time.Hour)),
		env.Var("RETRY_MAX_ATTEMPTS", "5", "then an entry waits for a person", env.Number(&c.RetryMaxAttempts, 1, 1000)),
		env.Var("RETENTION_DAYS", "365", "how long guests' data stays", env.Number(&c.RetentionDays, 1, 36500)),
		env.Var("LOG_FORMAT", "", "tint or json; by default tint on a terminal, else json", env.Choice(&c.LogFormat, "tint", "json")),
		env.Var("LOG_LEVEL", "info", "debug, info, warn or error", env.Level(&c.LogLevel)),
		env.Var("MAITRE_DIE_AT", "", "for tests: the program kills itself there: journal.before_sync, journal.after_sync, journal.before_archive or waitlist.after_sync, with :N at the N-th time", env.Text(&c.DieAt)),
		env.Var("MAITRE_NOW", "", "for tests: the desk's clock starts there and runs on, such as 2026-11-23T13:00:00+01:00", env.Moment(&c.Now)),
	}
}

// readConfig reads and checks every variable. Errors: a [premises.Mistake] that holds
// an [env.BadVariable] for each problem; none shows a secret.
func readConfig(getenv func(string) string) (Config, error) {
	c := Config{OnFly: getenv("FLY_APP_NAME") != ""}
	problems := env.Read(variables(&c), getenv)
	if c.OnFly && getenv("LISTEN_HOST") == "" {
		c.ListenHost = "0.0.0.0"
	}
	c.PublicURL = cmp.Or(c.PublicURL, "http://localhost:"+strconv.Itoa(c.Port))
	if c.LogFormat == "" {
		c.LogFormat = "json"
		if stat, err := os.Stderr.Stat(); err == nil && stat.Mode()&fs.ModeCharDevice != 0 {
			c.LogFormat = "tint"
		}
	}
	if problems = append(problems, c.complete(getenv)...); len(problems) > 0 {
		return c, mistake(errors.Join(problems...))
	}
	return c, nil
}

// complete reports what is missing beside what is set: a channel without its
// secret would be open to anybody.
func (c *Config) complete(getenv func(string) string) (problems []error) {
	set := func(name string) bool { return strings.TrimSpace(getenv(name)) != "" }
	need := func(name, why string) {
		if !set(name) {
			problems = append(problems, &env.BadVariable{Variable: name, Mend: "missing; " + why})
		}
	}
	if set("VAPI_AUTH") || set("VAPI_REQUIRE_TIMESTAMP") {
		need("VAPI_WEBHOOK_SECRET", "VAPI_AUTH and VAPI_REQUIRE_TIMESTAMP make sense only with it; openssl rand -hex 32 makes one")
	} else if set("AIRTABLE_API_KEY") && set("AIRTABLE_BASE_ID") && !set("TWILIO_AUTH_TOKEN") {
		need("VAPI_WEBHOOK_SECRET", "with neither it nor TWILIO_AUTH_TOKEN no guest can reach the desk")
	}
	switch key, base := set("AIRTABLE_API_KEY"), set("AIRTABLE_BASE_ID"); {
	case key && base:
		need("ADMIN_PASSWORD", "the staff sign in with it; it can be left out in local mode only")
	case key:
		need("AIRTABLE_BASE_ID", "AIRTABLE_API_KEY needs it; unset both for local mode")
	case base:
		need("AIRTABLE_API_KEY", "AIRTABLE_BASE_ID needs it; unset both for local mode")
	}
	if set("TWILIO_ACCOUNT_SID") || set("TWILIO_WHATSAPP_FROM") || set("TWILIO_SMS_FROM") {
		for _, name := range []string{"TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_WHATSAPP_FROM"} {
			need(name, "WhatsApp needs TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_WHATSAPP_FROM")
		}
	} else if set("TWILIO_AUTH_TOKEN") {
		c.Warnings = append(c.Warnings, "TWILIO_AUTH_TOKEN is set without TWILIO_ACCOUNT_SID and TWILIO_WHATSAPP_FROM: nothing can be sent")
	}
	const enough = 16 // characters; fewer can be guessed
	short := func(s env.Secret) bool { return s != "" && len(s) < enough }
	for _, weak := range []struct {
		name string
		is   bool
	}{{"VAPI_WEBHOOK_SECRET", slices.ContainsFunc(c.VAPISecrets, short)}, {"ADMIN_TOKEN", short(c.AdminToken)}, {"ADMIN_PASSWORD", short(c.AdminPassword)}} {
		if weak.is {
			c.Warnings = append(c.Warnings, fmt.Sprintf("%s is shorter than %d characters and can be guessed; openssl rand -hex 32 makes a good one", weak.name, enough))
		}
	}
	return problems
}

// logger returns what is logged with.
func (c Config) logger(w io.Writer) *slog.Logger {
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: c.LogLevel}))
	}
	return slog.New(tint.NewTextHandler(w, &tint.Options{Level: c.LogLevel, TimeFormat: time.TimeOnly}))
}

// lacks tells what the desk goes without because a variable is not set.
func (c Config) lacks() (without []string) {
	if len(c.VAPISecrets) == 0 {
		without = append(without, "nobody can phone: /vapi answers 401 to everything until VAPI_WEBHOOK_SECRET is set")
	}
	if len(c.TwilioAuthTokens) == 0 {
		without = append(without, "nobody can write: /whatsapp answers 401 to everything until TWILIO_AUTH_TOKEN is set")
	}
	if c.TwilioAccountSID == "" {
		without = append(without, "nothing can be sent, to guests or staff, until TWILIO_ACCOUNT_SID and TWILIO_WHATSAPP_FROM are set")
	} else if len(c.StaffPhones) == 0 {
		without = append(without, "nobody is told when a booking waits: set STAFF_PHONE")
	}
	if c.AdminToken == "" {
		without = append(without, "maitre journal cannot speak with this desk until ADMIN_TOKEN is set; the staff's pages can")
	}
	return without
}

// passwordLength is that of a password that we make: 80 bits, and few enough
// letters to be typed on a phone.
const passwordLength = 16

// giveStaffPassword makes a password for the staff where the owner gave none, and
// tells it: it is the one secret that a log may show, and is another at every start.
// Only in local mode can it be missing.
func (c *Config) giveStaffPassword(log *slog.Logger) {
	if c.AdminPassword != "" {
		return
	}
	c.AdminPassword = env.Secret(strings.ToLower(rand.Text()[:passwordLength]))
	log.Warn("the staff sign in with this password until the next start; set ADMIN_PASSWORD to choose your own",
		"password", c.AdminPassword.Reveal(), "url", c.PublicURL+"/admin")
}

// plan is what the house is built from, where it is configured like this.
func (c Config) plan(house restaurantfile.File, log *slog.Logger) premises.Config {
	return premises.Config{
		House: house, Watch: premises.WatchFrom(c.Now), Log: log, Version: version, Revision: revision(), Host: host(),
		Adopt: c.Adopt, PublicURL: c.PublicURL, OnFly: c.OnFly, AdminPassword: c.AdminPassword, AdminToken: c.AdminToken, StaffPhones: c.StaffPhones,
		ReplyBudget: c.ReplyBudget, RetryTick: c.RetryTick, RetryMaxAttempts: c.RetryMaxAttempts,
		Airtable: premises.Airtable{
			Endpoint: c.AirtableURL, BaseID: c.AirtableBaseID, Token: airtable.Token(c.AirtableAPIKey.Reveal()),
			Bookings: c.AirtableBookings, Tables: c.AirtableTablesName, Poll: c.AirtablePoll, MaxAge: c.AirtableMaxAge,
		},
		VAPI: premises.VAPI{
			Auth: c.VAPIAuth, Secrets: c.VAPISecrets, RequireTimestamp: c.VAPIRequireTimestamp, CredentialID: c.VAPICredentialID,
		},
		Twilio: premises.Twilio{
			AccountSID: c.TwilioAccountSID, Tokens: c.TwilioAuthTokens, WhatsApp: c.TwilioWhatsApp, SMS: c.TwilioSMS, Endpoint: c.TwilioURL,
		},
	}
}

// host is this machine's name, for people.
func host() string {
	name, err := os.Hostname()
	if err != nil {
		return "an unnamed machine"
	}
	return name
}

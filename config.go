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
)

// Config is everything that the environment says of how maitre runs, checked. It does
// not change after start.
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

	AirtableAPIKey                       Secret // empty: local mode
	AirtableBaseID, AirtableURL          string
	AirtableBookings, AirtableTablesName string
	// AirtablePoll is how often changes are asked for; 0: as Airtable can notify us or not.
	AirtablePoll   time.Duration
	AirtableMaxAge time.Duration // how old what guests are told may be

	VAPISecrets          Secrets // all are accepted
	VAPIAuth             string  // hmac, header or bearer
	VAPIRequireTimestamp bool
	VAPICredentialID     string // VAPI's name for the credential with which it signs; may be empty

	TwilioAccountSID string
	TwilioAuthTokens Secrets // the first signs our calls, all are accepted
	TwilioWhatsApp   booking.Phone
	TwilioSMS        booking.Phone
	TwilioURL        string // empty: Twilio's own

	StaffPhones   []booking.Phone
	AdminPassword Secret // empty, in local mode only: to be made at start
	AdminToken    Secret // empty: the staff API takes sessions only

	ReplyBudget, RetryTick          time.Duration
	RetryMaxAttempts, RetentionDays int

	LogFormat string // tint or json
	LogLevel  slog.Level
	Now       time.Time // for tests: where the desk's clock starts; zero: now
	DieAt     string    // for tests: the point at which the program kills itself

	// Warnings are what can be lived with but should be seen to; no secret is in them.
	Warnings []string
}

// LocalMode reports whether the data file is the system of record.
func (c Config) LocalMode() bool { return c.AirtableAPIKey == "" && c.AirtableBaseID == "" }

// Address is where to listen, as net.Listen takes it.
func (c Config) Address() string { return net.JoinHostPort(c.ListenHost, strconv.Itoa(c.Port)) }

// variables is the whole list, each reading into c: what serve --help prints and readConfig reads.
func variables(c *Config) []variable {
	return []variable{
		{"PORT", "8000", "port to listen on; 0: any free one", asNumber(&c.Port, 0, 65535)},
		{"LISTEN_HOST", "127.0.0.1", "address to listen on; on Fly.io 0.0.0.0 by default", asText(&c.ListenHost)},
		{"PUBLIC_URL", "", "how the world reaches us, such as https://desk.example; by default http://localhost:$PORT", asAddress(&c.PublicURL)},
		{"DATA_DIR", "./data", "holds maitre.db and backups/", asText(&c.DataDir)},
		{"REQUIRE_DATA", "false", "true: refuse to start without an existing data file, as when its volume is not mounted", asBool(&c.RequireData)},
		{"ADOPT", "", "for one start: agree, as maitre adopt does, to a change of the system of record to this base's ID or to local, or of the restaurant to this slug", asText(&c.Adopt)},
		{"RESTAURANT_FILE", "", "the restaurant, in TOML (docs/restaurant-file.md); by default the built-in sample", asText(&c.RestaurantFile)},
		{"AIRTABLE_API_KEY", "", "system of record, with AIRTABLE_BASE_ID; by default local mode: the data file", asText(&c.AirtableAPIKey)},
		{"AIRTABLE_BASE_ID", "", "the base, such as appXXXXXXXXXXXXXX", asText(&c.AirtableBaseID)},
		{"AIRTABLE_ENDPOINT_URL", "https://api.airtable.com", "for tests", asAddress(&c.AirtableURL)},
		{"AIRTABLE_TABLE_BOOKINGS", "Reservas", "name or ID of the table of bookings", asText(&c.AirtableBookings)},
		{"AIRTABLE_TABLE_TABLES", "Mesas", "name or ID of the table of tables", asText(&c.AirtableTablesName)},
		{"AIRTABLE_POLL", "", "how often changes in Airtable are asked for; by default 1m, or 10m where Airtable can notify PUBLIC_URL", asDuration(&c.AirtablePoll, 24*time.Hour)},
		{"AIRTABLE_MAX_AGE", "2m", "how old what guests are told of a day may be; bookings are decided on a day of at most 15s", asDuration(&c.AirtableMaxAge, 24*time.Hour)},
		{"VAPI_WEBHOOK_SECRET", "", "secret shared with VAPI; several, comma-separated, are all accepted", asSecrets(&c.VAPISecrets)},
		{"VAPI_AUTH", "hmac", "how VAPI shows that it knows the secret: hmac, header or bearer", asChoice(&c.VAPIAuth, "hmac", "header", "bearer")},
		{"VAPI_REQUIRE_TIMESTAMP", "false", "true: refuse signatures without a timestamp", asBool(&c.VAPIRequireTimestamp)},
		{"VAPI_CREDENTIAL_ID", "", "VAPI's ID of the credential it signs with; put into the assistants we give out", asText(&c.VAPICredentialID)},
		{"TWILIO_ACCOUNT_SID", "", "the Twilio account, for WhatsApp and SMS", asText(&c.TwilioAccountSID)},
		{"TWILIO_AUTH_TOKEN", "", "its token; several, comma-separated: the first signs our calls, all are accepted", asSecrets(&c.TwilioAuthTokens)},
		{"TWILIO_WHATSAPP_FROM", "", "our WhatsApp sender, such as +34612345678", asPhone(&c.TwilioWhatsApp)},
		{"TWILIO_SMS_FROM", "", "sender for phones that WhatsApp cannot reach", asPhone(&c.TwilioSMS)},
		{"TWILIO_ENDPOINT_URL", "", "for tests: where Twilio calls go; by default Twilio", asAddress(&c.TwilioURL)},
		{"STAFF_PHONE", "", "where alerts go, comma-separated", asPhones(&c.StaffPhones)},
		{"ADMIN_PASSWORD", "", "the staff sign in with it at /admin; by default made anew at each start, and logged; required once Airtable keeps the book", asText(&c.AdminPassword)},
		{"ADMIN_TOKEN", "", "bearer token for the staff API (maitre journal needs it) and /metrics; by default they take a signed-in session only, /metrics this machine too", asText(&c.AdminToken)},
		{"REPLY_BUDGET", "1s", "how long a guest waits for the system of record before hearing 'being processed'", asDuration(&c.ReplyBudget, time.Minute)},
		{"RETRY_TICK", "5s", "how often the worker looks for due entries", asDuration(&c.RetryTick, time.Hour)},
		{"RETRY_MAX_ATTEMPTS", "5", "then an entry waits for a person", asNumber(&c.RetryMaxAttempts, 1, 1000)},
		{"RETENTION_DAYS", "365", "how long guests' data stays", asNumber(&c.RetentionDays, 1, 36500)},
		{"LOG_FORMAT", "", "tint or json; by default tint on a terminal, else json", asChoice(&c.LogFormat, "tint", "json")},
		{"LOG_LEVEL", "info", "debug, info, warn or error", asLevel(&c.LogLevel)},
		{"MAITRE_DIE_AT", "", "for tests: the program kills itself there: journal.before_sync, journal.after_sync, journal.before_archive or waitlist.after_sync, with :N at the N-th time", asText(&c.DieAt)},
		{"MAITRE_NOW", "", "for tests: the desk's clock starts there and runs on, such as 2026-11-23T13:00:00+01:00", asTime(&c.Now)},
	}
}

// readConfig reads and checks every variable. Errors: a [ConfigError] that holds
// an [VariableError] for each problem; none shows a secret.
func readConfig(getenv func(string) string) (Config, error) {
	c := Config{OnFly: getenv("FLY_APP_NAME") != ""}
	problems := readVariables(variables(&c), getenv)
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
		return c, configError(errors.Join(problems...))
	}
	return c, nil
}

// complete returns what is missing beside what is set: a channel without its secret
// would be open to anybody.
func (c *Config) complete(getenv func(string) string) (problems []error) {
	set := func(name string) bool { return strings.TrimSpace(getenv(name)) != "" }
	need := func(name, why string) {
		if !set(name) {
			problems = append(problems, &VariableError{Variable: name, Fix: "missing; " + why})
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
	short := func(s Secret) bool { return s != "" && len(s) < enough }
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

// logger returns the logger that writes to w.
func (c Config) logger(w io.Writer) *slog.Logger {
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: c.LogLevel}))
	}
	return slog.New(tint.NewTextHandler(w, &tint.Options{Level: c.LogLevel, TimeFormat: time.TimeOnly}))
}

// lacks returns what the desk goes without because a variable is not set.
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
// characters to be typed on a phone.
const passwordLength = 16

// giveStaffPassword makes a password for the staff where the owner gave none, and
// logs it: it is the one secret that a log may show, and is another at every start.
// Only in local mode can it be missing.
func (c *Config) giveStaffPassword(log *slog.Logger) {
	if c.AdminPassword != "" {
		return
	}
	c.AdminPassword = Secret(strings.ToLower(rand.Text()[:passwordLength]))
	log.Warn("the staff sign in with this password until the next start; set ADMIN_PASSWORD to choose your own",
		"password", c.AdminPassword.Reveal(), "url", c.PublicURL+"/admin")
}

// host is this machine's name, for people.
func host() string {
	name, err := os.Hostname()
	if err != nil {
		return "an unnamed machine"
	}
	return name
}

package main

import (
	"cmp"
	"encoding"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/joho/godotenv"

	"maitre/booking"
)

// Config is all that the environment says of how maitre runs, checked. Nothing changes it after start.
type Config struct {
	Port       int // 0: any free one
	ListenHost string
	PublicURL  string // how the world reaches us; no slash at the end
	OnFly      bool   // behind Fly.io's proxy
	DataDir    string
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

// LocalMode tells whether the data file is the system of record.
func (c Config) LocalMode() bool { return c.AirtableAPIKey == "" && c.AirtableBaseID == "" }

// Address is where to listen, as net.Listen takes it.
func (c Config) Address() string { return net.JoinHostPort(c.ListenHost, strconv.Itoa(c.Port)) }

const redacted = "[secret]"

// Secret is a value that no log, no error and no dump may show; only Reveal returns it.
type Secret string

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String tells only whether there is a secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// Format keeps every verb of fmt, wrong ones too, from showing the secret.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue is what slog shows.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

var _ encoding.TextMarshaler = Secret("")

// MarshalText is what JSON shows.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Secrets are several secrets, of which any will do.
type Secrets []Secret

// Reveal returns the secrets themselves.
func (ss Secrets) Reveal() []string {
	all := make([]string, len(ss))
	for i, s := range ss {
		all[i] = s.Reveal()
	}
	return all
}

// BadVariable is one thing in the environment that must be mended.
type BadVariable struct {
	Variable string
	Value    string // the bad value; empty: missing, or a secret
	Mend     string
}

// Error names the variable, shows the bad value unless it is a secret, and says how to mend it.
func (b *BadVariable) Error() string {
	if b.Value == "" {
		return b.Variable + ": " + b.Mend
	}
	return fmt.Sprintf("%s=%q: %s", b.Variable, b.Value, b.Mend)
}

// variable is one variable of the environment. A default that is not a fixed
// value is told in the meaning. read takes a value, or says how to mend it and
// which part of it may be shown.
type variable struct {
	name, standard, meaning string
	read                    func(value string) (shown, mend string)
}

// variables is the whole list, each reading into c: what serve --help prints and readConfig reads.
func variables(c *Config) []variable {
	return []variable{
		{"PORT", "8000", "port to listen on; 0: any free one", number(&c.Port, 0, 65535)},
		{"LISTEN_HOST", "127.0.0.1", "address to listen on; on Fly.io 0.0.0.0 by default", text(&c.ListenHost)},
		{"PUBLIC_URL", "", "how the world reaches us, such as https://desk.example; by default http://localhost:$PORT", parsed(&c.PublicURL, address, mendURL)},
		{"DATA_DIR", "./data", "holds maitre.db and backups/", text(&c.DataDir)},
		{"RESTAURANT_FILE", "", "the house, in TOML (docs/restaurant-file.md); by default the built-in sample", text(&c.RestaurantFile)},
		{"AIRTABLE_API_KEY", "", "system of record, with AIRTABLE_BASE_ID; by default local mode: the data file", text(&c.AirtableAPIKey)},
		{"AIRTABLE_BASE_ID", "", "the base, such as appXXXXXXXXXXXXXX", text(&c.AirtableBaseID)},
		{"AIRTABLE_ENDPOINT_URL", "https://api.airtable.com", "for tests", parsed(&c.AirtableURL, address, mendURL)},
		{"AIRTABLE_TABLE_BOOKINGS", "Reservas", "name or ID of the table of bookings", text(&c.AirtableBookings)},
		{"AIRTABLE_TABLE_TABLES", "Mesas", "name or ID of the table of tables", text(&c.AirtableTablesName)},
		{"AIRTABLE_POLL", "", "how often changes in Airtable are asked for; by default 1m, or 10m where Airtable can notify PUBLIC_URL", duration(&c.AirtablePoll, 24*time.Hour)},
		{"AIRTABLE_MAX_AGE", "2m", "how old what guests are told of a day may be; bookings are decided on a day of at most 15s", duration(&c.AirtableMaxAge, 24*time.Hour)},
		{"VAPI_WEBHOOK_SECRET", "", "secret shared with VAPI; several, comma-separated, are all accepted", secrets(&c.VAPISecrets)},
		{"VAPI_AUTH", "hmac", "how VAPI shows that it knows the secret: hmac, header or bearer", choice(&c.VAPIAuth, "hmac", "header", "bearer")},
		{"VAPI_REQUIRE_TIMESTAMP", "false", "true: refuse signatures without a timestamp", parsed(&c.VAPIRequireTimestamp, strconv.ParseBool, "write true or false")},
		{"VAPI_CREDENTIAL_ID", "", "VAPI's ID of the credential it signs with; put into the assistants we give out", text(&c.VAPICredentialID)},
		{"TWILIO_ACCOUNT_SID", "", "the Twilio account, for WhatsApp and SMS", text(&c.TwilioAccountSID)},
		{"TWILIO_AUTH_TOKEN", "", "its token; several, comma-separated: the first signs our calls, all are accepted", secrets(&c.TwilioAuthTokens)},
		{"TWILIO_WHATSAPP_FROM", "", "our WhatsApp sender, such as +34612345678", parsed(&c.TwilioWhatsApp, e164, mendPhone)},
		{"TWILIO_SMS_FROM", "", "sender for phones that WhatsApp cannot reach", parsed(&c.TwilioSMS, e164, mendPhone)},
		{"TWILIO_ENDPOINT_URL", "", "for tests: where Twilio calls go; by default Twilio", parsed(&c.TwilioURL, address, mendURL)},
		{"STAFF_PHONE", "", "where alerts go, comma-separated", list(&c.StaffPhones, e164, mendPhone)},
		{"ADMIN_PASSWORD", "", "the staff sign in with it at /admin; by default made anew at each start, and logged; required once Airtable keeps the book", text(&c.AdminPassword)},
		{"ADMIN_TOKEN", "", "bearer token for the staff API (maitre journal needs it) and /metrics; by default they take a signed-in session only, /metrics this machine too", text(&c.AdminToken)},
		{"REPLY_BUDGET", "1s", "how long a guest waits for the system of record before hearing 'being processed'", duration(&c.ReplyBudget, time.Minute)},
		{"RETRY_TICK", "5s", "how often the worker looks for due entries", duration(&c.RetryTick, time.Hour)},
		{"RETRY_MAX_ATTEMPTS", "5", "then an entry waits for a person", number(&c.RetryMaxAttempts, 1, 1000)},
		{"RETENTION_DAYS", "365", "how long guests' data stays", number(&c.RetentionDays, 1, 36500)},
		{"LOG_FORMAT", "", "tint or json; by default tint on a terminal, else json", choice(&c.LogFormat, "tint", "json")},
		{"LOG_LEVEL", "info", "debug, info, warn or error", parsed(&c.LogLevel, logLevel, "write debug, info, warn or error")},
		{"MAITRE_DIE_AT", "", "for tests: the program kills itself there: journal.before_sync, journal.after_sync or journal.before_archive, with :N at the N-th time", text(&c.DieAt)},
		{"MAITRE_NOW", "", "for tests: the desk's clock starts there and runs on, such as 2026-11-23T13:00:00+01:00", parsed(&c.Now, rfc3339, "write date, time and zone, such as 2026-11-23T13:00:00+01:00")},
	}
}

// printVariables lists every variable, its default and its meaning. That nobody
// reads it to the end is no error.
func printVariables(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "VARIABLE\tDEFAULT\tMEANING")
	for _, v := range variables(&Config{}) {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", v.name, cmp.Or(v.standard, "-"), v.meaning)
	}
	_, _ = fmt.Fprintln(table, "\nThey come from the environment; .env in the working directory fills those that are unset.")
	_ = table.Flush()
}

// readConfig reads and checks every variable. Errors: a [BadVariable] for each
// problem, all joined; none shows a secret.
func readConfig(getenv func(string) string) (Config, error) {
	c := Config{OnFly: getenv("FLY_APP_NAME") != ""}
	var problems []error
	for _, v := range variables(&c) {
		value := strings.TrimSpace(getenv(v.name))
		if value == "" && getenv(v.name) != "" {
			problems = append(problems, &BadVariable{v.name, "", "only blanks; give it a value, or unset it"})
		}
		if value == "" {
			value = v.standard
		}
		if value == "" {
			continue
		}
		if shown, mend := v.read(value); mend != "" {
			problems = append(problems, &BadVariable{v.name, shown, mend})
		}
	}
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
	return c, errors.Join(append(problems, c.complete(getenv)...)...)
}

// complete reports what is missing beside what is set: a channel without its
// secret would be open to anybody.
func (c *Config) complete(getenv func(string) string) (problems []error) {
	set := func(name string) bool { return strings.TrimSpace(getenv(name)) != "" }
	need := func(name, why string) {
		if !set(name) {
			problems = append(problems, &BadVariable{name, "", "missing; " + why})
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

const (
	mendURL   = "write an absolute address without query, such as https://desk.example"
	mendPhone = "write it with its country, such as +34612345678"
)

// parsed reads with parse; mend says what it takes.
func parsed[T any](to *T, parse func(string) (T, error), mend string) func(string) (string, string) {
	return func(value string) (string, string) {
		v, err := parse(value)
		if err != nil {
			return value, mend
		}
		*to = v
		return "", ""
	}
}

func text[T ~string](to *T) func(string) (string, string) {
	return parsed(to, func(s string) (T, error) { return T(s), nil }, "")
}

func choice(to *string, options ...string) func(string) (string, string) {
	return parsed(to, func(s string) (string, error) {
		return s, unless(slices.Contains(options, s))
	}, "write one of "+strings.Join(options, ", "))
}

func number(to *int, least, most int) func(string) (string, string) {
	return parsed(to, func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		return n, errors.Join(err, unless(least <= n && n <= most))
	}, fmt.Sprintf("write a whole number from %d to %d", least, most))
}

func duration(to *time.Duration, most time.Duration) func(string) (string, string) {
	return parsed(to, func(s string) (time.Duration, error) {
		d, err := time.ParseDuration(s)
		return d, errors.Join(err, unless(0 < d && d <= most))
	}, fmt.Sprintf("write a time with its unit, such as 1s or 500ms, above 0 and up to %s", most))
}

// list reads values between commas.
func list[S ~[]T, T any](to *S, parse func(string) (T, error), mend string) func(string) (string, string) {
	return parsed(to, func(s string) (all S, err error) {
		for item := range strings.SplitSeq(s, ",") {
			item = strings.TrimSpace(item)
			v, bad := parse(item)
			all, err = append(all, v), errors.Join(err, bad, unless(item != ""))
		}
		return all, err
	}, mend+"; between commas, none empty")
}

// secrets reads a list without ever showing it.
func secrets(to *Secrets) func(string) (string, string) {
	read := list(to, func(s string) (Secret, error) { return Secret(s), nil }, "write one or more secrets")
	return func(value string) (string, string) {
		_, mend := read(value)
		return "", mend
	}
}

var errBad = errors.New("not acceptable")

func unless(ok bool) error {
	if ok {
		return nil
	}
	return errBad
}

func rfc3339(s string) (time.Time, error) { return time.Parse(time.RFC3339, s) }

func logLevel(s string) (l slog.Level, err error) {
	err = l.UnmarshalText([]byte(s))
	return l, err
}

func address(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil {
		return "", errBad
	}
	ok := (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
	return strings.TrimRight(s, "/"), unless(ok)
}

var e164Shape = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)

// e164 takes a number with its country, or a Spanish one. Whether it exists is
// for the network to say: a test's sender need not.
func e164(s string) (booking.Phone, error) {
	s = strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "").Replace(strings.TrimPrefix(s, "whatsapp:"))
	if rest, ok := strings.CutPrefix(s, "00"); ok {
		s = "+" + rest
	}
	if len(s) == 9 && strings.ContainsAny(s[:1], "6789") {
		s = "+34" + s
	}
	return booking.Phone(s), unless(e164Shape.MatchString(s))
}

// maxDotenv bounds the file of variables, in bytes.
const maxDotenv = 64 << 10

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// environment returns getenv with what it leaves unset filled from a file of
// NAME=value lines, which need not exist. Errors name the file and the line, and
// show nothing of it: it holds secrets.
func environment(getenv func(string) string, path string) (func(string) string, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return getenv, nil
	}
	if err == nil && len(data) > maxDotenv {
		err = fmt.Errorf("larger than %d KiB", maxDotenv>>10)
	}
	if err != nil {
		return nil, fmt.Errorf("read variables from %s: %w", path, err)
	}
	fill, ok := parseDotenv(string(data))
	if !ok {
		return nil, fmt.Errorf("%s:%d: not a variable; write NAME=value, with values that hold blanks, # or $ in 'single quotes'", path, badLine(string(data)))
	}
	return func(name string) string { return cmp.Or(getenv(name), fill[name]) }, nil
}

func parseDotenv(data string) (map[string]string, bool) {
	fill, err := godotenv.Unmarshal(data)
	for name := range fill {
		if !variableName.MatchString(name) {
			return nil, false
		}
	}
	return fill, err == nil
}

// badLine finds where the first statement begins that cannot be read, since the
// parser does not tell: statement by statement, a quoted value being many lines.
func badLine(data string) int {
	lines, first := strings.SplitAfter(data, "\n"), 0
	for end := 1; end <= len(lines); end++ {
		if _, ok := parseDotenv(strings.Join(lines[first:end], "")); ok {
			first = end
		}
	}
	return first + 1
}

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/booking"
)

// contract is the list of variables that others rely on, and their defaults.
var contract = map[string]string{
	"PORT": "8000", "LISTEN_HOST": "127.0.0.1", "PUBLIC_URL": "", "DATA_DIR": "./data", "RESTAURANT_FILE": "",
	"REQUIRE_DATA": "false", "ADOPT": "",
	"AIRTABLE_API_KEY": "", "AIRTABLE_BASE_ID": "", "AIRTABLE_ENDPOINT_URL": "https://api.airtable.com",
	"AIRTABLE_TABLE_BOOKINGS": "Reservas", "AIRTABLE_TABLE_TABLES": "Mesas", "AIRTABLE_POLL": "", "AIRTABLE_MAX_AGE": "2m",
	"VAPI_WEBHOOK_SECRET": "", "VAPI_AUTH": "hmac", "VAPI_REQUIRE_TIMESTAMP": "false", "VAPI_CREDENTIAL_ID": "",
	"TWILIO_ACCOUNT_SID": "", "TWILIO_AUTH_TOKEN": "", "TWILIO_WHATSAPP_FROM": "", "TWILIO_SMS_FROM": "", "TWILIO_ENDPOINT_URL": "",
	"STAFF_PHONE": "", "ADMIN_PASSWORD": "", "ADMIN_TOKEN": "",
	"REPLY_BUDGET": "1s", "RETRY_TICK": "5s", "RETRY_MAX_ATTEMPTS": "5", "RETENTION_DAYS": "365",
	"LOG_FORMAT": "", "LOG_LEVEL": "info", "MAITRE_NOW": "", "MAITRE_DIE_AT": "",
}

func from(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestVariablesAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	have := map[string]string{}
	for _, v := range variables(&Config{}) {
		have[v.name] = v.standard
		if v.meaning == "" {
			t.Errorf("%s means nothing", v.name)
		}
	}
	if diff := cmp.Diff(contract, have); diff != "" {
		t.Errorf("(-contract +have)\n%s", diff)
	}
	var help bytes.Buffer
	printVariables(&help, variables(&Config{}))
	for name, standard := range contract {
		if !strings.Contains(help.String(), "\n"+name+" ") || !strings.Contains(help.String(), standard) {
			t.Errorf("help does not list %s with default %q:\n%s", name, standard, &help)
		}
	}
}

func TestNothingSetIsLocalMode(t *testing.T) {
	t.Parallel()
	got, err := readConfig(from(nil))
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Port: 8000, ListenHost: "127.0.0.1", PublicURL: "http://localhost:8000", DataDir: "./data",
		AirtableURL: "https://api.airtable.com", AirtableBookings: "Reservas", AirtableTablesName: "Mesas", AirtableMaxAge: 2 * time.Minute,
		VAPIAuth: "hmac", ReplyBudget: time.Second, RetryTick: 5 * time.Second, RetryMaxAttempts: 5, RetentionDays: 365,
		LogFormat: got.LogFormat, LogLevel: slog.LevelInfo,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !got.LocalMode() || got.Address() != "127.0.0.1:8000" {
		t.Errorf("local %v, address %s", got.LocalMode(), got.Address())
	}
}

func TestEverythingSet(t *testing.T) {
	t.Parallel()
	got, err := readConfig(from(map[string]string{
		"FLY_APP_NAME": "desk", "PORT": "0", "PUBLIC_URL": " https://desk.example/ ", "DATA_DIR": "/data", "RESTAURANT_FILE": "restaurant.toml",
		"AIRTABLE_API_KEY": "pat-0123456789abcdef", "AIRTABLE_BASE_ID": "app1", "AIRTABLE_ENDPOINT_URL": "http://127.0.0.1:9/v0",
		"AIRTABLE_TABLE_BOOKINGS": "R", "AIRTABLE_TABLE_TABLES": "M", "AIRTABLE_POLL": "30s", "AIRTABLE_MAX_AGE": "90s", "MAITRE_DIE_AT": "journal.after_sync:3",
		"VAPI_WEBHOOK_SECRET": "0123456789abcdef-new , 0123456789abcdef-old", "VAPI_AUTH": "bearer", "VAPI_REQUIRE_TIMESTAMP": "true",
		"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "tok1,tok2", "TWILIO_WHATSAPP_FROM": "whatsapp:+14155238886", "TWILIO_SMS_FROM": "+15005550006",
		"TWILIO_ENDPOINT_URL": "http://127.0.0.1:9", "STAFF_PHONE": "+34 600 111 222, 0034941000126,612345678",
		"ADMIN_PASSWORD": "let me in, please", "ADMIN_TOKEN": "0123456789abcdef",
		"REPLY_BUDGET": "50ms", "RETRY_TICK": "20ms", "RETRY_MAX_ATTEMPTS": "1", "RETENTION_DAYS": "30",
		"REQUIRE_DATA": "true", "ADOPT": "local", "LOG_FORMAT": "tint", "LOG_LEVEL": "debug", "MAITRE_NOW": "2026-11-23T13:00:00+01:00",
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		ListenHost: "0.0.0.0", PublicURL: "https://desk.example", OnFly: true, DataDir: "/data", RequireData: true, Adopt: "local", RestaurantFile: "restaurant.toml",
		AirtableAPIKey: "pat-0123456789abcdef", AirtableBaseID: "app1", AirtableURL: "http://127.0.0.1:9/v0", AirtableBookings: "R", AirtableTablesName: "M",
		AirtablePoll: 30 * time.Second, AirtableMaxAge: 90 * time.Second, DieAt: "journal.after_sync:3",
		VAPISecrets: Secrets{"0123456789abcdef-new", "0123456789abcdef-old"}, VAPIAuth: "bearer", VAPIRequireTimestamp: true,
		TwilioAccountSID: "AC1", TwilioAuthTokens: Secrets{"tok1", "tok2"}, TwilioWhatsApp: "+14155238886", TwilioSMS: "+15005550006", TwilioURL: "http://127.0.0.1:9",
		StaffPhones: []booking.Phone{"+34600111222", "+34941000126", "+34612345678"}, AdminPassword: "let me in, please", AdminToken: "0123456789abcdef",
		ReplyBudget: 50 * time.Millisecond, RetryTick: 20 * time.Millisecond, RetryMaxAttempts: 1, RetentionDays: 30,
		LogFormat: "tint", LogLevel: slog.LevelDebug, Now: got.Now,
	}
	// Formatted, secrets look all the same, so compare what they reveal.
	if !reflect.DeepEqual(got, want) {
		t.Errorf("(-want +got)\n%s", cmp.Diff(want, got))
	}
	if got.LocalMode() || got.Address() != "0.0.0.0:0" || got.Now.UTC().Hour() != 12 {
		t.Errorf("local %v, address %s, now %s", got.LocalMode(), got.Address(), got.Now)
	}
}

func TestBadVariables(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ set, want string }{
		{"PORT=banana", `PORT="banana": write a whole number from 0 to 65535`},
		{"PORT=65536", `PORT="65536": write a whole number from 0 to 65535`},
		{"PORT= ", `PORT: only blanks; give it a value, or unset it`},
		{"PUBLIC_URL=desk.example", `PUBLIC_URL="desk.example": write an absolute address`},
		{"PUBLIC_URL=ftp://desk.example", `write an absolute address`},
		{"PUBLIC_URL=https://desk.example/?a=b", `write an absolute address`},
		{"AIRTABLE_ENDPOINT_URL=//x", `AIRTABLE_ENDPOINT_URL="//x": write an absolute address`},
		{"AIRTABLE_API_KEY=pat", `AIRTABLE_BASE_ID: missing; AIRTABLE_API_KEY needs it; unset both for local mode`},
		{"AIRTABLE_BASE_ID=app", `AIRTABLE_API_KEY: missing; AIRTABLE_BASE_ID needs it; unset both for local mode`},
		{"AIRTABLE_API_KEY=pat AIRTABLE_BASE_ID=app VAPI_WEBHOOK_SECRET=x", `ADMIN_PASSWORD: missing; the staff sign in with it`},
		{"AIRTABLE_API_KEY=pat AIRTABLE_BASE_ID=app ADMIN_PASSWORD=x", `VAPI_WEBHOOK_SECRET: missing; with neither it nor TWILIO_AUTH_TOKEN`},
		{"VAPI_WEBHOOK_SECRET=one,,two", `VAPI_WEBHOOK_SECRET: write one or more secrets; between commas, none empty`},
		{"VAPI_AUTH=magic VAPI_WEBHOOK_SECRET=x", `VAPI_AUTH="magic": write one of hmac, header, bearer`},
		{"VAPI_AUTH=header", `VAPI_WEBHOOK_SECRET: missing; VAPI_AUTH and VAPI_REQUIRE_TIMESTAMP make sense only with it`},
		{"VAPI_REQUIRE_TIMESTAMP=maybe VAPI_WEBHOOK_SECRET=x", `VAPI_REQUIRE_TIMESTAMP="maybe": write true or false`},
		{"TWILIO_ACCOUNT_SID=AC1 TWILIO_WHATSAPP_FROM=+34612345678", `TWILIO_AUTH_TOKEN: missing; WhatsApp needs`},
		{"TWILIO_ACCOUNT_SID=AC1 TWILIO_AUTH_TOKEN=x", `TWILIO_WHATSAPP_FROM: missing`},
		{"TWILIO_WHATSAPP_FROM=+34612345678 TWILIO_AUTH_TOKEN=x", `TWILIO_ACCOUNT_SID: missing`},
		{"STAFF_PHONE=123", `STAFF_PHONE="123": write it with its country, such as +34612345678; between commas, none empty`},
		{"STAFF_PHONE=+34612345678,", `STAFF_PHONE="+34612345678,": write it`},
		{"REPLY_BUDGET=2m", `REPLY_BUDGET="2m": write a time with its unit, such as 1s or 500ms, above 0 and up to 1m0s`},
		{"RETRY_TICK=-3s", `RETRY_TICK="-3s": write a time`},
		{"RETRY_TICK=5", `RETRY_TICK="5": write a time with its unit`},
		{"RETRY_MAX_ATTEMPTS=0", `RETRY_MAX_ATTEMPTS="0": write a whole number from 1 to 1000`},
		{"RETENTION_DAYS=-1", `RETENTION_DAYS="-1": write a whole number`},
		{"LOG_FORMAT=xml", `LOG_FORMAT="xml": write one of tint, json`},
		{"LOG_LEVEL=loud", `LOG_LEVEL="loud": write debug, info, warn or error`},
		{"MAITRE_NOW=noon", `MAITRE_NOW="noon": write date, time and zone`},
	} {
		t.Run(c.set, func(t *testing.T) {
			t.Parallel()
			values := map[string]string{}
			for _, pair := range strings.SplitAfter(c.set, " ") {
				if name, value, ok := strings.Cut(pair, "="); ok {
					values[name] = strings.TrimSuffix(value, " ")
					if value == " " {
						values[name] = value
					}
				}
			}
			_, err := readConfig(from(values))
			var bad *VariableError
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got  %v\nwant %s", err, c.want)
			}
			if n := strings.Count(err.Error(), "\n"); n > 0 {
				t.Errorf("one bad value makes %d lines:\n%v", n+1, err)
			}
		})
	}
}

func TestAllBadVariablesAreReportedTogether(t *testing.T) {
	t.Parallel()
	_, err := readConfig(from(map[string]string{"PORT": "x", "RETRY_TICK": "x", "LOG_LEVEL": "x", "AIRTABLE_BASE_ID": "x"}))
	if err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("want four lines, got:\n%v", err)
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	c, err := readConfig(from(map[string]string{"VAPI_WEBHOOK_SECRET": "short,longer-than-sixteen", "ADMIN_TOKEN": "short", "ADMIN_PASSWORD": "short", "TWILIO_AUTH_TOKEN": "x"}))
	if err != nil || len(c.Warnings) != 4 {
		t.Errorf("%v, warnings %q", err, c.Warnings)
	}
	if strings.Contains(strings.ReplaceAll(strings.Join(c.Warnings, ""), "shorter", ""), "short") {
		t.Errorf("a warning shows a secret: %q", c.Warnings)
	}
}

// TestNoSecretIsEverShown sets every secret, well and badly, and looks for it in
// all that the configuration can print.
func TestNoSecretIsEverShown(t *testing.T) {
	t.Parallel()
	const hush = "hush-hush"
	for _, name := range []string{"AIRTABLE_API_KEY", "VAPI_WEBHOOK_SECRET", "TWILIO_AUTH_TOKEN", "ADMIN_PASSWORD", "ADMIN_TOKEN"} {
		for _, value := range []string{hush, hush + ",", "," + hush, " " + hush + " "} {
			c, err := readConfig(from(map[string]string{name: value, "PORT": "x"}))
			var out bytes.Buffer
			fmt.Fprintf(&out, "%v\n%+v\n%#v\n%v\n", c, c, c, err)
			if err := json.NewEncoder(&out).Encode(c); err != nil {
				t.Fatal(err)
			}
			slog.New(slog.NewJSONHandler(&out, nil)).Info("c", "c", c, "s", c.AdminToken, "ss", c.VAPISecrets)
			slog.New(slog.NewTextHandler(&out, nil)).Info("c", "c", c, "s", c.AdminToken, "ss", c.VAPISecrets)
			if strings.Contains(out.String(), "hush") || strings.Contains(out.String(), fmt.Sprintf("%x", "hush")) {
				t.Errorf("%s=%q is shown:\n%s", name, value, &out)
			}
			if !strings.Contains(out.String(), "[secret]") && err != nil && !strings.Contains(err.Error(), name) {
				t.Errorf("%s=%q was not read", name, value)
			}
		}
	}
}

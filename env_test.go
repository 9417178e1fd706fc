package main

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"maitre/booking"
)

// TestValuesAreReadOrTheErrorSaysHowToFixThem reads good and bad values of every kind.
func TestValuesAreReadOrTheErrorSaysHowToFixThem(t *testing.T) {
	t.Parallel()
	var kinds struct {
		text, choice, address string
		yes                   bool
		number                int
		wait                  time.Duration
		moment                time.Time
		level                 slog.Level
		phone                 booking.Phone
		phones                []booking.Phone
		secrets               Secrets
	}
	for name, c := range map[string]struct {
		read     reader
		got      func() any
		good     string
		want     string
		bad, fix string
	}{
		"text":     {asText(&kinds.text), func() any { return kinds.text }, "a b", "a b", "", ""},
		"choice":   {asChoice(&kinds.choice, "a", "b"), func() any { return kinds.choice }, "b", "b", "c", "write one of a, b"},
		"bool":     {asBool(&kinds.yes), func() any { return kinds.yes }, "true", "true", "maybe", "write true or false"},
		"number":   {asNumber(&kinds.number, 1, 9), func() any { return kinds.number }, "9", "9", "10", "write a whole number from 1 to 9"},
		"duration": {asDuration(&kinds.wait, time.Minute), func() any { return kinds.wait }, "1m", "1m0s", "0s", "above 0 and up to 1m0s"},
		"moment":   {asTime(&kinds.moment), func() any { return kinds.moment.UTC() }, "2026-11-23T13:00:00+01:00", "2026-11-23 12:00:00 +0000 UTC", "noon", "write date, time and zone"},
		"level":    {asLevel(&kinds.level), func() any { return kinds.level }, "warn", "WARN", "loud", "write debug, info, warn or error"},
		"address":  {asAddress(&kinds.address), func() any { return kinds.address }, "https://desk.example/", "https://desk.example", "https://me@desk.example", "write an absolute address"},
		"phone":    {asPhone(&kinds.phone), func() any { return kinds.phone }, "whatsapp:+14155238886", "+14155238886", "123", "write it with its country"},
		"phones":   {asPhones(&kinds.phones), func() any { return kinds.phones }, "612 345 678, 0034941000126", "[+34612345678 +34941000126]", "612345678,", "between commas, none empty"},
		"secrets":  {asSecrets(&kinds.secrets), func() any { return kinds.secrets.Reveal() }, "new, old", "[new old]", "hush,,hush", "write one or more secrets"},
	} {
		if _, fix := c.read(c.good); fix != "" || fmt.Sprint(c.got()) != c.want {
			t.Errorf("%s: %q is read as %v, %s; want %s", name, c.good, c.got(), fix, c.want)
		}
		if c.bad == "" {
			continue
		}
		shown, fix := c.read(c.bad)
		if !strings.Contains(fix, c.fix) || strings.Contains(shown+fix, "hush") {
			t.Errorf("%s: of %q is said %q, %q; want %q", name, c.bad, shown, fix, c.fix)
		}
		if fmt.Sprint(c.got()) != c.want {
			t.Errorf("%s: %q was refused, and yet it is %v", name, c.bad, c.got())
		}
	}
}

func TestEveryProblemIsNamed(t *testing.T) {
	t.Parallel()
	var one, two, three int
	problems := readVariables([]variable{
		{"ONE", "1", "", asNumber(&one, 0, 9)},
		{"TWO", "2", "", asNumber(&two, 0, 9)},
		{"THREE", "", "", asNumber(&three, 0, 9)},
	}, func(name string) string { return map[string]string{"ONE": " ", "TWO": " x "}[name] })
	var bad *VariableError
	if len(problems) != 2 || !errors.As(problems[1], &bad) || bad.Variable != "TWO" || bad.Value != "x" {
		t.Errorf("%q", problems)
	}
	if !strings.HasPrefix(problems[0].Error(), "ONE: only blanks") || one != 1 || two != 0 || three != 0 {
		t.Errorf("%q, and %d %d %d", problems, one, two, three)
	}
}

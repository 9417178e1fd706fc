package main

import (
	"strings"
	"testing"
	"time"

	"maitre/booking"
)

// monday is when these tests take place: Monday 23 November 2026.
var monday = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestUnderstandingIsReadOrItsUsageSaid(t *testing.T) {
	t.Parallel()
	for args, wrong := range map[string]string{
		"":                "",
		"mañana a las 9":  "",
		"--lang en at 9":  "",
		"--lang fr à 9 h": `--lang "fr": want es or en`,
		"--now noon":      `--now "noon": want RFC 3339, such as 2026-11-23T13:00:00+01:00`,
		"--what":          "understand [--now RFC3339] [--lang es|en] [TEXT]: flag provided but not defined: -what",
	} {
		_, err := readUnderstanding(strings.Fields(args), monday)
		if got := text(err); got != wrong {
			t.Errorf("understand %s: %q, want %q", args, got, wrong)
		}
	}
}

func TestWordsAreUnderstoodLineByLine(t *testing.T) {
	t.Parallel()
	restaurant := &booking.Restaurant{Location: time.UTC, Languages: []booking.Lang{booking.Spanish}}
	for name, c := range map[string]struct {
		args []string
		in   string
		want []string // a part of each line
	}{
		"arguments":           {[]string{"mañana", "para 4"}, "not read", []string{`"date":"2026-11-24"`}},
		"lines":               {nil, "mañana\npasado mañana\n", []string{`"date":"2026-11-24"`, `"date":"2026-11-25"`}},
		"another day":         {[]string{"--now", "2026-12-01T12:00:00Z", "mañana"}, "", []string{`"date":"2026-12-02"`}},
		"an argument of none": {[]string{""}, "not read", nil},
	} {
		asked, err := readUnderstanding(c.args, monday)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := asked.print(restaurant, strings.NewReader(c.in), &out); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if out.Len() == 0 {
			lines = nil
		}
		if len(lines) != len(c.want) {
			t.Errorf("%s: %d lines, want %d:\n%s", name, len(lines), len(c.want), &out)
			continue
		}
		for i, want := range c.want {
			if !strings.Contains(lines[i], want) {
				t.Errorf("%s: %s\nwant %s", name, lines[i], want)
			}
		}
	}
}

package airtable_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maitre/store/airtable"
)

func TestCellsAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	madrid := time.FixedZone("CET", 3600)
	for _, tt := range []struct {
		cell airtable.Cell
		want string
	}{
		{airtable.String("a<b>&\"\n"), `"a<b>&\"\n"`},
		{airtable.String("\xff"), "\"\uFFFD\""},
		{airtable.String(""), `""`},
		{airtable.Number(-4), `-4`},
		{airtable.Bool(true), `true`},
		{airtable.Instant(time.Date(2026, 12, 25, 0, 30, 0, 999_999, madrid)), `"2026-12-24T23:30:00.000Z"`},
		{airtable.Instant(time.Date(2026, 7, 1, 21, 0, 0, 5e6, time.UTC)), `"2026-07-01T21:00:00.005Z"`},
		{airtable.String("2026-12-24"), `"2026-12-24"`},
		{airtable.Links("rec1", "rec2"), `["rec1","rec2"]`},
		{airtable.Links(), `[]`},
		{airtable.Empty(), `null`},
		{nil, `null`},
	} {
		if got, err := json.Marshal(tt.cell); err != nil || !json.Valid(got) || string(tt.cell) != tt.want && tt.cell != nil {
			t.Errorf("got %s (%s) %v, want %s", tt.cell, got, err, tt.want)
		}
	}
}

func TestCellsAsTheyAreRead(t *testing.T) {
	t.Parallel()
	text := func(c string) (string, bool) { return airtable.Cell(c).Text() }
	for c, want := range map[string]string{
		`"Ana"`: "Ana", `{"id":"sel1","name":"Confirmada","color":"x"}`: "Confirmada", `4`: "4", ` 4.5 `: "4.5", `""`: "",
	} {
		if got, ok := text(c); !ok || got != want {
			t.Errorf("%s reads %q %t", c, got, ok)
		}
	}
	for _, c := range []string{"", "null", "true", "false", `["a"]`, `{"error":"#ERROR!"}`, `{"specialValue":"NaN"}`, `{`} {
		if got, ok := text(c); ok {
			t.Errorf("%s reads %q", c, got)
		}
	}
	for c, want := range map[string]float64{"4": 4, "4.5": 4.5, "-1e3": -1000} {
		if got, ok := airtable.Cell(c).Number(); !ok || got != want {
			t.Errorf("%s reads %v %t", c, got, ok)
		}
	}
	for _, c := range []string{"", "null", `"4"`, "[4]", "NaN", "Inf", "1e999"} {
		if got, ok := airtable.Cell(c).Number(); ok {
			t.Errorf("%s reads %v", c, got)
		}
	}
	at := time.Date(2026, 12, 24, 20, 0, 0, 0, time.UTC)
	for _, c := range []string{`"2026-12-24T20:00:00.000Z"`, `"2026-12-24T21:00:00+01:00"`} {
		if got, ok := airtable.Cell(c).Instant(); !ok || !got.Equal(at) || got.Location() != time.UTC {
			t.Errorf("%s reads %v %t", c, got, ok)
		}
	}
	for _, c := range []string{`"2026-12-24"`, `"21:00"`, "null", "7"} {
		if got, ok := airtable.Cell(c).Instant(); ok {
			t.Errorf("%s reads %v", c, got)
		}
	}
	for c, want := range map[string][]string{
		`["rec1","rec2"]`: {"rec1", "rec2"}, `[{"id":"rec1","name":"T1"}]`: {"rec1"}, `[]`: nil, `null`: nil, ``: nil,
	} {
		if got, ok := airtable.Cell(c).IDs(); !ok || !slices.Equal(got, want) {
			t.Errorf("%s reads %v %t", c, got, ok)
		}
	}
	for _, c := range []string{`"rec1"`, `[1]`, `[null]`, `[{"name":"T1"}]`, `{}`, `[`} {
		if got, ok := airtable.Cell(c).IDs(); ok {
			t.Errorf("%s reads %v", c, got)
		}
	}
	if got, ok := airtable.Cell(`[{"id":"x","name":"Sin gluten"},{"name":"Vegano"}]`).Texts(); !ok || !slices.Equal(got, []string{"Sin gluten", "Vegano"}) {
		t.Errorf("choices read %v %t", got, ok)
	}
	for c, want := range map[string]bool{"true": true, "null": false, "": false, "false": false} {
		if got, ok := airtable.Cell(c).Bool(); !ok || got != want {
			t.Errorf("%s reads %t %t", c, got, ok)
		}
	}
	if _, ok := airtable.Cell(`"sí"`).Bool(); ok {
		t.Error(`"sí" reads as a checkbox`)
	}
}

// What is written reads the same, and what a record holds is not shared.
func TestCellsKeepWhatIsPutIn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		if got, ok := airtable.String(s).Text(); !ok || got != s {
			t.Fatalf("%q reads %q %t", s, got, ok)
		}
		at := time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "at"))
		if got, ok := airtable.Instant(at).Instant(); !ok || !got.Equal(at) {
			t.Fatalf("%s reads %s", at, got)
		}
	})
	raw := []byte(`{"a":"x"}`)
	var cells map[string]airtable.Cell
	if err := json.Unmarshal(raw, &cells); err != nil {
		t.Fatal(err)
	}
	raw[6] = 'y'
	if got, _ := cells["a"].Text(); got != "x" {
		t.Errorf("shared: %q", got)
	}
}

// Whatever Airtable or a proxy sends, reading a cell neither panics nor invents.
func FuzzCell(f *testing.F) {
	for _, seed := range []string{`"a"`, `[{"id":"rec1"}]`, `{"name":1}`, `[[]]`, `1e400`, `{`, ` `} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c := airtable.Cell(b)
		_, text := c.Text()
		_, number := c.Number()
		_, _ = c.Instant()
		_, _ = c.IDs()
		_, _ = c.Texts()
		_, _ = c.Bool()
		if c.IsEmpty() && number {
			t.Errorf("%q is empty and a number", b)
		}
		if text && string(b) == "null" {
			t.Errorf("%q is text", b)
		}
	})
}

package airtable_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest/formula"
)

// keeps evaluates a formula for a row; it fails where the formula reads another field.
func keeps(t interface{ Fatalf(string, ...any) }, f airtable.Formula, row map[string]string) bool {
	parsed, err := formula.Parse(f.String())
	if err != nil {
		t.Fatalf("%s: %v", f, err)
	}
	for _, ref := range parsed.Refs() {
		if _, ok := row[ref]; !ok {
			t.Fatalf("%s reads the field %q", f, ref)
		}
	}
	return parsed.Eval(formula.Env{RecordID: "rec00000000000001", Field: func(ref string) formula.Value {
		if row[ref] == "" {
			return formula.Value{}
		}
		return formula.Str(row[ref])
	}}).Truthy()
}

func TestConditionsForRowsTypedByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f    airtable.Formula
		cell string
		want bool
	}{
		{airtable.HasDigits("A", "612345678"), "612345678", true},
		{airtable.HasDigits("A", "612345678"), "+34 612 34 56 78", true},
		{airtable.HasDigits("A", "612345678"), "(612) 345-678", true},
		{airtable.HasDigits("A", "612345678"), "612.34.56.78 / 941", true},
		{airtable.HasDigits("A", "612345678"), "612\u00a0345\u00a0678", true},
		{airtable.HasDigits("A", "612345678"), "6123456789", true}, // for the caller to look at
		{airtable.HasDigits("A", "612345678"), "612345679", false},
		{airtable.HasDigits("A", "612345678"), "", false},
		{airtable.Says("A", "k7qf"), " K7qF ", true},
		{airtable.Says("A", "K7QF"), "K7QF2", false},
		{airtable.Says("A", "K7QF"), "", false},
		{airtable.RecordIs("rec00000000000001"), "", true},
		{airtable.RecordIs("rec00000000000002"), "", false},
		{airtable.Given("A", airtable.Formula{}), "x", true},
		{airtable.Given("A", airtable.Formula{}), "", false},
		{airtable.Given("A", airtable.Eq("A", "x")), "x", true},
		// The error of comparing nothing must not drop what the other condition keeps.
		{airtable.Or(airtable.Given("A", airtable.DateIs("A", "2026-12-24")), airtable.Eq("B", "b")), "", true},
		{airtable.Or(airtable.Given("A", airtable.DateIs("A", "2026-12-24")), airtable.Eq("B", "c")), "2026-12-24", true},
	} {
		if got := keeps(t, c.f, map[string]string{"A": c.cell, "B": "b"}); got != c.want {
			t.Errorf("%s keeps %q: %t, want %t", c.f, c.cell, got, c.want)
		}
	}
	bad := airtable.Given("A", airtable.Eq("a}b}", "x"))
	if bad.Err() == nil || airtable.Given("a}b}", airtable.Formula{}).Err() == nil || airtable.HasDigits("", "1").Err() == nil {
		t.Error("a field's name that cannot stand in a formula is taken")
	}
}

func TestNoTextChangesWhatTheseConditionsMean(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		said, cell := guestText().Draw(t, "said"), guestText().Draw(t, "cell")
		if rapid.Bool().Draw(t, "same") {
			cell = said
		}
		row := map[string]string{"A": cell, "B": "b"}
		clean := func(s string) string { return strings.ToUpper(strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))) }
		if got, want := keeps(t, airtable.Says("A", said), row), clean(said) == clean(cell); got != want && !strings.EqualFold(clean(said), clean(cell)) {
			t.Fatalf("%q found by %q: %t", cell, said, got)
		}
		keeps(t, airtable.HasDigits("A", said), row)
		if keeps(t, airtable.RecordIs(said), row) && said != "rec00000000000001" {
			t.Fatalf("%q is a record", said)
		}
		if f := airtable.Given("A", airtable.Eq("B", said)); keeps(t, f, row) != (cell != "" && said == "b") {
			t.Fatalf("%s keeps %v", f, row)
		}
	})
}

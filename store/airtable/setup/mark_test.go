package setup_test

import (
	"strings"
	"testing"

	"maitre/store/airtable/airtabletest"
)

// Check prints which desk writes to the base, and where that cannot be known.
func TestCheckTellsWhoseTheBaseIs(t *testing.T) {
	t.Parallel()
	s := open(t, airtabletest.Options{})
	seeded(t, s)
	if printed, _ := s.check(t); strings.Contains(printed, "writes to this base") {
		t.Errorf("nobody has the base yet:\n%s", printed)
	}
	before, _ := s.check(t)
	_, err := s.srv.Staff().Create("Mesas", map[string]any{"ID Mesa": "maitre · caja-1 · desde 2026-11-30 22:40 · 7F3KQ2"})
	must(t, err)
	printed, _ := s.check(t)
	line := "ok: the maitre that writes to this base runs on caja-1 since 2026-11-30 22:40\n"
	if strings.Replace(printed, line, "", 1) != before {
		t.Errorf("want one more line, and no more tables:\n%s", printed)
	}
}

func TestCheckTellsThatASecondDeskWouldNotBeNoticed(t *testing.T) {
	t.Parallel()
	s := open(t, airtabletest.Options{})
	seeded(t, s)
	must(t, s.srv.Staff().RenameField("Mesas", "ID Mesa", "Etiqueta"))
	_, err := s.srv.Staff().AddField("Mesas", airtabletest.Field{Name: "ID Mesa", Type: airtabletest.Number, Options: &airtabletest.Config{Precision: new(int)}})
	must(t, err)
	if printed, _ := s.check(t); strings.Count(printed, "a second maitre on this base would not be noticed") != 1 {
		t.Error(printed)
	}
}

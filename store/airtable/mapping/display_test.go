package mapping_test

import (
	"testing"

	"maitre/store/airtable/mapping"
)

func TestIDsAreReplacedByNames(t *testing.T) {
	t.Parallel()
	base := textBase()
	field := base[0].Fields[0]
	m := mapper(t, mapping.Names{}).Bind(base)
	said := "The table \"" + base[0].ID + "\" has no field \"" + field.ID + "\", and nothing else is changed"
	if got, want := m.Named(said), "The table \""+base[0].Name+"\" has no field \""+field.Name+"\", and nothing else is changed"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := mapper(t, mapping.Names{}).Named(said); got != said {
		t.Errorf("a mapper that knows no IDs says %s", got)
	}
}

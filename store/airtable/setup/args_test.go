package setup_test

import (
	"strings"
	"testing"

	"maitre/store/airtable/setup"
)

func TestArgumentsOfInit(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]*setup.How{
		"init":                 {},
		"init --yes":           {Yes: true},
		"init --yes --dry-run": {Yes: true, DryRun: true},
		"":                     nil,
		"check":                nil,
		"init now":             nil,
		"init --force":         nil,
	} {
		how, err := setup.ReadHow(strings.Fields(args))
		if want == nil {
			if err == nil || err.Error() != "airtable init [--dry-run] [--yes]" {
				t.Errorf("airtable %s: %+v, %v, want its usage", args, how, err)
			}
			continue
		}
		if err != nil || how != *want {
			t.Errorf("airtable %s: %+v, %v, want %+v", args, how, err, *want)
		}
	}
}

package setup

import (
	"errors"
	"flag"
	"io"
)

// How says how much [Setup.Init] may do by itself.
type How struct {
	// Yes adds without asking.
	Yes bool
	// DryRun shows what would be added, and adds nothing whatever Yes says.
	DryRun bool
}

var errUsage = errors.New("airtable init [--dry-run] [--yes]")

// ReadHow reads the arguments of "maitre airtable". Its error says what they may be.
func ReadHow(args []string) (how How, err error) {
	if len(args) == 0 || args[0] != "init" {
		return How{}, errUsage
	}
	flags := flag.NewFlagSet("init", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&how.DryRun, "dry-run", false, "")
	flags.BoolVar(&how.Yes, "yes", false, "")
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() > 0 {
		return How{}, errUsage
	}
	return how, nil
}

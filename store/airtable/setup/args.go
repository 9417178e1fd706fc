package setup

import (
	"errors"
	"flag"
	"io"
)

// How says what [Setup.Init] may do without asking.
type How struct {
	// Yes adds without asking.
	Yes bool
	// DryRun prints what would be added, and adds nothing, whatever Yes says.
	DryRun bool
}

var errUsage = errors.New("airtable init [--dry-run] [--yes]")

// ReadHow reads the arguments of "maitre airtable". Its error is the usage.
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

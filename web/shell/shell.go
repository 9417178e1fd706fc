// Package shell is what a person at a shell asks without an open desk: what the
// desk makes of a guest's words, and headers for a request made by hand. Each
// command is read from its arguments first, so that a wrong one is told before
// anything else is looked at, and then carried out on what main gives it. It
// must not know the environment, nor the data file.
package shell

import (
	"flag"
	"io"
)

// silent is a set of flags that leaves it to its caller to say what is wrong.
func silent(name string) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	return flags
}

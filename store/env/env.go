// Package env reads what the owner sets in the environment, and in the file that
// fills it: as package restaurantfile does for the house, it knows how values are
// written (numbers, times, addresses, telephone numbers, lists, secrets), reports
// all that is wrong at once with how to mend it, and never shows a secret. It must
// not know which variables there are, nor what for.
package env

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Variable is one variable of the environment. A default that is not a fixed
// value is told in the meaning.
type Variable struct {
	Name, Default, Meaning string
	Read                   Reader
}

// Var returns a variable, for a list of them that reads as a table.
func Var(name, standard, meaning string, read Reader) Variable {
	return Variable{Name: name, Default: standard, Meaning: meaning, Read: read}
}

// BadVariable is one thing in the environment that must be mended.
type BadVariable struct {
	Variable string
	Value    string // the bad value; empty: missing, or a secret
	Mend     string
}

// Error names the variable, shows the bad value unless it is a secret, and says how to mend it.
func (b *BadVariable) Error() string {
	if b.Value == "" {
		return b.Variable + ": " + b.Mend
	}
	return fmt.Sprintf("%s=%q: %s", b.Variable, b.Value, b.Mend)
}

// Read reads every variable. It returns a [BadVariable] for each problem; none
// shows a secret.
func Read(variables []Variable, getenv func(string) string) (problems []error) {
	for _, v := range variables {
		value := strings.TrimSpace(getenv(v.Name))
		if value == "" && getenv(v.Name) != "" {
			problems = append(problems, &BadVariable{v.Name, "", "only blanks; give it a value, or unset it"})
		}
		if value == "" {
			value = v.Default
		}
		if value == "" {
			continue
		}
		if shown, mend := v.Read(value); mend != "" {
			problems = append(problems, &BadVariable{v.Name, shown, mend})
		}
	}
	return problems
}

// Print lists every variable, its default and its meaning. That nobody reads it
// to the end is no error.
func Print(w io.Writer, variables []Variable) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "VARIABLE\tDEFAULT\tMEANING")
	for _, v := range variables {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", v.Name, cmp.Or(v.Default, "-"), v.Meaning)
	}
	_, _ = fmt.Fprintln(table, "\nThey come from the environment; .env in the working directory fills those that are unset.")
	_ = table.Flush()
}

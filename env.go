package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// variable is one variable of the environment. A default that is not a fixed value
// is described in the meaning.
type variable struct {
	name, standard, meaning string
	read                    reader
}

// VariableError is one problem in the environment.
type VariableError struct {
	Variable string
	Value    string // the bad value; empty: missing, or a secret
	Fix      string
}

// Error names the variable, shows the bad value unless it is a secret, and says how to fix it.
func (e *VariableError) Error() string {
	if e.Value == "" {
		return e.Variable + ": " + e.Fix
	}
	return fmt.Sprintf("%s=%q: %s", e.Variable, e.Value, e.Fix)
}

// readVariables reads every variable. It returns a [VariableError] for each problem;
// none shows a secret.
func readVariables(variables []variable, getenv func(string) string) (problems []error) {
	for _, v := range variables {
		value := strings.TrimSpace(getenv(v.name))
		if value == "" && getenv(v.name) != "" {
			problems = append(problems, &VariableError{v.name, "", "only blanks; give it a value, or unset it"})
		}
		if value == "" {
			value = v.standard
		}
		if value == "" {
			continue
		}
		if shown, fix := v.read(value); fix != "" {
			problems = append(problems, &VariableError{v.name, shown, fix})
		}
	}
	return problems
}

// printVariables lists every variable, its default and its meaning. Errors in writing
// are ignored: the reader may have seen enough.
func printVariables(w io.Writer, variables []variable) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "VARIABLE\tDEFAULT\tMEANING")
	for _, v := range variables {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", v.name, cmp.Or(v.standard, "-"), v.meaning)
	}
	_, _ = fmt.Fprintln(table, "\nThey come from the environment; .env in the working directory fills those that are unset.")
	_ = table.Flush()
}

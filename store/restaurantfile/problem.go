package restaurantfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// maxShown bounds how many problems one error spells out.
	maxShown = 40
	// maxProblems bounds how many are looked for: after so many, the file is another kind of file.
	maxProblems = 1000
)

// Problem is one thing to fix in a restaurant file.
type Problem struct {
	File string
	Line int    // from 1; 0: the file as a whole
	Key  string // the way to the value, such as services[2].first
	// Value is the bad value as the file has it, shortened; empty: there is none.
	Value string
	What  string // what is wrong
	Fix   string // how to fix it
}

// Error returns one line: place, key, value, what is wrong, how to fix it.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	b.WriteString(": ")
	if p.Key != "" {
		b.WriteString(p.Key)
		if p.Value != "" {
			b.WriteString(" = " + p.Value)
		}
		b.WriteByte(' ')
	}
	b.WriteString(p.What)
	if p.Fix != "" {
		b.WriteString("; " + p.Fix)
	}
	return b.String()
}

// Problems are all things to fix in a restaurant file, by line. Never empty as an error.
type Problems []*Problem

// Error returns a line for each problem; of very many, the first ones and how many more there are.
func (ps Problems) Error() string {
	lines := make([]string, 0, maxShown+1)
	for i, p := range ps {
		if i == maxShown {
			lines = append(lines, fmt.Sprintf("%s: and %d more", p.File, len(ps)-maxShown))
			break
		}
		lines = append(lines, p.Error())
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns each problem, for errors.As.
func (ps Problems) Unwrap() []error {
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p
	}
	return errs
}

// reader gathers what is wrong with one file while its tables are read.
type reader struct {
	file     string
	problems Problems
	// owners says, for every key asked for, the tables it was asked of, so that
	// the problem of a key under the wrong heading can name the right one.
	owners  map[string][]string
	unknown []unknownKey
	// expanded counts the tables that ranges have asked for so far.
	expanded int
	// languages are those of the restaurant, known once the top of the file is read.
	languages []string
}

func (r *reader) add(line int, key, value, what, fix string) {
	if r.full() {
		return
	}
	r.problems = append(r.problems, &Problem{File: r.file, Line: line, Key: key, Value: value, What: what, Fix: fix})
}

func (r *reader) full() bool { return len(r.problems) >= maxProblems }

func (r *reader) err() error {
	r.reportUnknown()
	if len(r.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(r.problems, func(a, b *Problem) int { return cmp.Compare(a.Line, b.Line) })
	return r.problems
}

// shorten keeps a value fit for one line of an error.
func shorten(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

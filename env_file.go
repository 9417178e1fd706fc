package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/joho/godotenv"
)

// maxDotenv bounds the file of variables, in bytes.
const maxDotenv = 64 << 10

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// withFile returns getenv with what it leaves unset filled from a file of
// NAME=value lines, which need not exist. Errors name the file and the line, and
// show nothing of it: it holds secrets.
func withFile(getenv func(string) string, path string) (func(string) string, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return getenv, nil
	}
	if err == nil && len(data) > maxDotenv {
		err = fmt.Errorf("larger than %d KiB", maxDotenv>>10)
	}
	if err != nil {
		return nil, fmt.Errorf("read variables from %s: %w", path, err)
	}
	fill, ok := parseDotenv(string(data))
	if !ok {
		return nil, fmt.Errorf("%s:%d: not a variable; write NAME=value, with values that hold blanks, # or $ in 'single quotes'", path, badLine(string(data)))
	}
	return func(name string) string { return cmp.Or(getenv(name), fill[name]) }, nil
}

func parseDotenv(data string) (map[string]string, bool) {
	fill, err := godotenv.Unmarshal(data)
	for name := range fill {
		if !variableName.MatchString(name) {
			return nil, false
		}
	}
	return fill, err == nil
}

// badLine finds where the first statement begins that cannot be read, since the
// parser does not tell: statement by statement, a quoted value being many lines.
func badLine(data string) int {
	lines, first := strings.SplitAfter(data, "\n"), 0
	for end := 1; end <= len(lines); end++ {
		if _, ok := parseDotenv(strings.Join(lines[first:end], "")); ok {
			first = end
		}
	}
	return first + 1
}

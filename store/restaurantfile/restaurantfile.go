// Package restaurantfile reads the file in which the owner describes the house:
// TOML in, a [booking.Restaurant] out. It knows how the file is written (keys,
// formats, ranges, references by name) and says how to mend whatever is not
// right, all of it at once and with the line. It must not know what the rules
// mean: whether the house contradicts itself is for the restaurant's own check.
package restaurantfile

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"os"

	"maitre/booking"
)

// SampleName is the name under which problems of the built-in sample are reported.
const SampleName = "sample.toml"

// maxSize bounds the file, in bytes; a large house needs some twenty thousand.
const maxSize = 1 << 20

//go:embed sample.toml
var sample []byte

// Sample returns the built-in restaurant file, for an owner to copy and edit.
// The caller owns what it returns.
func Sample() []byte { return bytes.Clone(sample) }

// Load reads the restaurant file at path; an empty path means the built-in
// sample. The restaurant has not been checked for contradictions yet.
//
// Errors: those of [Parse], and those of reading the file.
func Load(path string) (*booking.Restaurant, error) {
	if path == "" {
		return Parse(SampleName, sample)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open restaurant file: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read restaurant file: %w", err)
	}
	return Parse(path, data)
}

// Parse reads a restaurant from TOML; name is what problems call the file. The
// restaurant has not been checked for contradictions yet.
//
// Errors: [Problems], every one found. A file that is not TOML has exactly one.
func Parse(name string, data []byte) (*booking.Restaurant, error) {
	r := &reader{file: name, owners: map[string][]string{}}
	if len(data) > maxSize {
		r.add(0, "", "", fmt.Sprintf("is larger than %d KiB", maxSize>>10), "give the path of the restaurant file itself")
		return nil, r.err()
	}
	root, problem := parseTree(bytes.TrimPrefix(data, []byte("\ufeff")))
	if problem != nil {
		problem.File = name
		return nil, Problems{problem}
	}
	house := r.house(&table{reader: r, node: root})
	if err := r.err(); err != nil {
		return nil, err
	}
	return house, nil
}

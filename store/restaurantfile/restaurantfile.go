// Package restaurantfile reads the file in which the owner describes the restaurant:
// TOML in, a [booking.Restaurant] out, and beside it what things are called in the
// staff's Airtable base and which messages are sent. It knows how the file is written (keys,
// formats, ranges, references by name) and says how to fix whatever is not
// right, all at once and with the line. It does not know what the rules
// mean: [booking.Restaurant] itself checks for contradictions.
package restaurantfile

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"os"

	"maitre/booking"
	"maitre/store/airtable/mapping"
)

// SampleName is the name under which problems of the built-in sample are reported.
const SampleName = "sample.toml"

// maxSize bounds the file, in bytes; a large restaurant needs some twenty thousand.
const maxSize = 1 << 20

//go:embed sample.toml
var sample []byte

// File is the content of a restaurant file.
type File struct {
	// Restaurant has not been checked for contradictions yet.
	Restaurant *booking.Restaurant
	// Airtable is what things are called in the base, completed with the defaults.
	// The tables' names are not in the file: see AIRTABLE_TABLE_BOOKINGS.
	Airtable mapping.Names
	// Messages are the messages that the restaurant sends by itself.
	Messages booking.Correspondence
}

// LoadFile reads the restaurant file at path; an empty path means the built-in
// sample.
//
// Errors: those of [ParseFile], and those of reading the file.
func LoadFile(path string) (File, error) {
	if path == "" {
		return ParseFile(SampleName, sample)
	}
	f, err := os.Open(path)
	if err != nil {
		return File{}, fmt.Errorf("open restaurant file: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return File{}, fmt.Errorf("read restaurant file: %w", err)
	}
	return ParseFile(path, data)
}

// ParseFile reads a restaurant file from TOML; problems call it name.
//
// Errors: [Problems], all that were found. A file that is not TOML has exactly one.
func ParseFile(name string, data []byte) (File, error) {
	r := &reader{file: name, owners: map[string][]string{}}
	if len(data) > maxSize {
		r.add(0, "", "", fmt.Sprintf("is larger than %d KiB", maxSize>>10), "give the path of the restaurant file itself")
		return File{}, r.err()
	}
	root, problem := parseTree(bytes.TrimPrefix(data, []byte("\ufeff")))
	if problem != nil {
		problem.File = name
		return File{}, Problems{problem}
	}
	f := r.whole(&table{reader: r, node: root})
	if err := r.err(); err != nil {
		return File{}, err
	}
	return f, nil
}

// whole reads all of the file.
func (r *reader) whole(top *table) File {
	restaurant := r.restaurant(top)
	names := readAirtable(top, restaurant)
	messages := readMessages(top)
	top.done()
	return File{Restaurant: restaurant, Airtable: names, Messages: messages}
}

package airtable

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Record is a row. Of one to be written, ID is empty (a new row, or one found by
// the fields to merge on) and Created is not looked at; fields that it does not
// name keep their values.
type Record struct {
	ID      string
	Created time.Time
	// Fields are the cells by field name, or by field ID where that was asked
	// for. Airtable leaves empty cells out.
	Fields map[string]Cell
}

// Cell is a cell's value in JSON, as Airtable sends it. Nil is an empty cell.
//
// Values are told apart by their form, not by the field's type, and
// in both of Airtable's forms: a choice is "Confirmada" in a record and
// {"id","name","color"} in a webhook's payload, a link "rec…" or {"id","name"}.
type Cell []byte

// Empty is what clears a cell when it is written.
func Empty() Cell { return Cell("null") }

// String is a cell of text, a choice of a single select, a phone number, an email
// or a date without time (YYYY-MM-DD).
// What is not UTF-8 in it is replaced.
func String(s string) Cell { return encode(strings.ToValidUTF8(s, "\uFFFD")) }

// Links is a cell of linked records, by their IDs. It replaces those there are.
func Links(ids ...string) Cell { return encode(append([]string{}, ids...)) }

// Number is a cell of a whole number.
func Number(n int) Cell { return strconv.AppendInt(nil, int64(n), 10) }

// Bool is a checkbox.
func Bool(b bool) Cell { return strconv.AppendBool(nil, b) }

// Instant is a cell of date and time, in UTC with its Z: without one Airtable
// would read it in the field's own zone. Airtable keeps milliseconds.
func Instant(t time.Time) Cell { return encode(zulu(t)) }

const zuluLayout = "2006-01-02T15:04:05.000Z"

func zulu(t time.Time) string { return t.UTC().Format(zuluLayout) }

// encode writes JSON without escaping <, > and &. It is given what cannot fail.
func encode(v any) Cell {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return Empty()
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// MarshalJSON writes the cell; nil is null.
func (c Cell) MarshalJSON() ([]byte, error) {
	if c == nil {
		return []byte("null"), nil
	}
	return c, nil
}

// UnmarshalJSON keeps the value unchanged.
func (c *Cell) UnmarshalJSON(b []byte) error {
	*c = slices.Clone(b)
	return nil
}

// IsEmpty reports whether there is nothing in the cell: null, "", [] and false all
// read as empty, as Airtable holds it.
func (c Cell) IsEmpty() bool {
	switch string(bytes.TrimSpace(c)) {
	case "", "null", `""`, "[]", "false":
		return true
	}
	return false
}

// named is a choice or a link as webhooks' payloads have it. Formula fields that
// cannot be computed are {"error":"#ERROR!"} or {"specialValue":"NaN"}.
type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Text reads text, a choice's name or a number's digits.
func (c Cell) Text() (string, bool) {
	b := bytes.TrimSpace(c)
	if len(b) == 0 {
		return "", false
	}
	switch b[0] {
	case '"':
		var s string
		return s, json.Unmarshal(b, &s) == nil
	case '{':
		var n named
		return n.Name, json.Unmarshal(b, &n) == nil && n.Name != ""
	}
	_, number := c.Number()
	return string(b), number
}

// Number reads a JSON number, not text that looks like one.
func (c Cell) Number() (float64, bool) {
	n, err := strconv.ParseFloat(string(bytes.TrimSpace(c)), 64)
	return n, err == nil && !math.IsInf(n, 0) && !math.IsNaN(n)
}

// Bool reads a checkbox: true, or false when the cell is empty.
func (c Cell) Bool() (value, ok bool) {
	switch string(bytes.TrimSpace(c)) {
	case "true":
		return true, true
	case "false", "null", "":
		return false, true
	}
	return false, false
}

// Instant reads a date and time. One of a date alone is not an instant.
func (c Cell) Instant() (time.Time, bool) {
	s, ok := c.Text()
	if !ok {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339, s)
	return t.UTC(), err == nil
}

// IDs reads a list of links: ["rec…"] or [{"id":"rec…"}].
func (c Cell) IDs() ([]string, bool) {
	return c.list(func(n named) string { return n.ID })
}

// Texts reads a list of choices: ["a"] or [{"name":"a"}].
func (c Cell) Texts() ([]string, bool) {
	return c.list(func(n named) string { return n.Name })
}

func (c Cell) list(of func(named) string) ([]string, bool) {
	if c.IsEmpty() {
		return nil, true
	}
	var cells []Cell
	if json.Unmarshal(c, &cells) != nil {
		return nil, false
	}
	all := make([]string, 0, len(cells))
	for _, cell := range cells {
		var s string
		var n named
		switch {
		case json.Unmarshal(cell, &s) == nil:
		case json.Unmarshal(cell, &n) == nil:
			s = of(n)
		}
		if s == "" {
			return nil, false
		}
		all = append(all, s)
	}
	return all, true
}

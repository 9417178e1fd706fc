package airtable

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Formula is a condition on records. Only the functions below make one, so that a
// guest's text can never change its meaning. The zero value is no condition: every
// record.
//
// A field is named by its name or, better, by its ID, which outlives a renaming.
type Formula struct {
	text string
	err  error
}

// String returns the formula as Airtable reads it; empty for no condition.
func (f Formula) String() string { return f.text }

// Err says why the formula cannot be put together, if so: [ErrFieldName].
func (f Formula) Err() error { return f.err }

// ErrFieldName is returned for a field whose name cannot stand in a formula. Its
// ID can.
var ErrFieldName = errors.New("the field's name cannot stand in a formula; use its ID (fld…)")

const never = "FALSE()" // keeps no record

// quote writes a string literal. The backslash is escaped first, or the others'
// own would be escaped.
var quote = strings.NewReplacer(`\`, `\\`, `'`, `\'`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

func literal(s string) string {
	return "'" + quote.Replace(strings.ToValidUTF8(s, "\uFFFD")) + "'"
}

// reference writes {name}. Airtable reads one escaped } in a name and no more
// than one; of backslashes and line breaks nothing is known [?].
func reference(field string) (string, error) {
	if field == "" || strings.Count(field, "}") > 1 || strings.ContainsAny(field, "\\{\n\r\t") {
		return "", fmt.Errorf("%w: %q", ErrFieldName, field)
	}
	return "{" + strings.ReplaceAll(field, "}", `\}`) + "}", nil
}

// on puts a field's reference between two parts of a condition.
func on(field, before, after string) Formula {
	ref, err := reference(field)
	if err != nil {
		return Formula{err: err}
	}
	return Formula{text: before + ref + after}
}

// Eq keeps records whose field reads exactly s. For a field of links that is the
// names of the linked records, not their IDs [?].
func Eq(field, s string) Formula { return on(field, "", "="+literal(s)) }

// Blank keeps records with nothing in the field. As text, since for a number 0
// equals BLANK().
func Blank(field string) Formula { return on(field, "(", "&'')=''") }

// The comparisons of dates are made only if the cell is not empty: with an empty one
// Airtable computes an error, which inside an [Or] drops the row whatever else holds.

// DateIs keeps records whose field, a date without time, is that day
// (YYYY-MM-DD).
func DateIs(field, day string) Formula {
	return Given(field, on(field, "IS_SAME(", ","+literal(day)+",'day')"))
}

// DateFrom keeps records whose field, a date without time, is that day
// (YYYY-MM-DD) or a later one.
func DateFrom(field, day string) Formula {
	return Given(field, Not(isBefore(field, literal(day+"T00:00:00.000Z"))))
}

// Between keeps records whose field, a date and time, is in [from, to).
func Between(field string, from, to time.Time) Formula {
	return Given(field, And(Not(isBefore(field, "'"+zulu(from)+"'")), isBefore(field, "'"+zulu(to)+"'")))
}

func isBefore(field, instant string) Formula {
	return on(field, "IS_BEFORE(", ",DATETIME_PARSE("+instant+"))")
}

// And keeps records that all keep. Without any it is no condition.
func And(all ...Formula) Formula {
	conditions := make([]Formula, 0, len(all))
	for _, f := range all {
		if f != (Formula{}) {
			conditions = append(conditions, f)
		}
	}
	return combine("AND", conditions)
}

// Or keeps records that one keeps; without any, no record.
func Or(all ...Formula) Formula {
	if len(all) == 0 {
		return Formula{text: never}
	}
	if slices.Contains(all, Formula{}) {
		return Formula{}
	}
	return combine("OR", all)
}

// Not keeps the records that f does not.
func Not(f Formula) Formula {
	switch {
	case f.err != nil:
		return f
	case f.text == "":
		return Formula{text: never}
	}
	return Formula{text: "NOT(" + f.text + ")"}
}

func combine(function string, all []Formula) Formula {
	parts := make([]string, len(all))
	for i, f := range all {
		if f.err != nil {
			return f
		}
		parts[i] = f.text
	}
	switch len(parts) {
	case 0:
		return Formula{}
	case 1:
		return all[0]
	}
	return Formula{text: function + "(" + strings.Join(parts, ",") + ")"}
}

// The conditions below are for rows that were typed by hand.

// Given keeps the records that f keeps, of those with something in the field. A
// comparison of dates with an empty cell is an error, and an error anywhere in an
// [Or] drops the row, whatever the other conditions say.
func Given(field string, f Formula) Formula {
	if f.err != nil {
		return f
	}
	condition := f.text
	if condition == "" {
		condition = "TRUE()"
	}
	return on(field, "IF(", ","+condition+","+never+")")
}

// Says keeps records whose field reads s, whatever the capitals and the spaces around it.
func Says(field, s string) Formula {
	return on(field, "UPPER(TRIM(", "&''))="+literal(strings.ToUpper(strings.TrimSpace(s))))
}

// HasDigits keeps records whose field has these digits one after the other, with
// whatever people put between those of a telephone number. It also keeps longer
// numbers that have them: look again at what it finds.
func HasDigits(field, digits string) Formula {
	before, after := "FIND("+literal(digits)+",", "&''"
	for _, r := range " -./()\u00a0" {
		before, after = before+"SUBSTITUTE(", after+",'"+string(r)+"','')"
	}
	return on(field, before, after+")>0")
}

// RecordIs keeps the record of that ID.
func RecordIs(id string) Formula { return Formula{text: "RECORD_ID()=" + literal(id)} }

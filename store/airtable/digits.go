package airtable

import "strings"

// This file has the conditions that rows typed by hand ask for.

// Given keeps the records that f keeps, of those with something in the field. A
// comparison of dates with an empty cell is an error, and an error anywhere in an
// [Or] drops the row, whatever the other conditions say.
func Given(field string, f Formula) Formula {
	if f.err != nil {
		return f
	}
	given := on(field, "IF(%s,")
	if f.text == "" {
		f.text = "TRUE()"
	}
	given.text += f.text + "," + never + ")"
	return given
}

// Says keeps records whose field reads s, whatever the capitals and the spaces around it.
func Says(field, s string) Formula {
	f := on(field, "UPPER(TRIM(%s&''))=")
	f.text += literal(strings.ToUpper(strings.TrimSpace(s)))
	return f
}

// HasDigits keeps records whose field has these digits one after the other, with
// whatever people put between those of a telephone number. It also keeps longer
// numbers that have them: look again at what it finds.
func HasDigits(field, digits string) Formula {
	const between = " -./()\u00a0"
	format := "%s&''"
	for _, r := range between {
		format = "SUBSTITUTE(" + format + ",'" + string(r) + "','')"
	}
	f := on(field, format)
	f.text = "FIND(" + literal(digits) + "," + f.text + ")>0"
	return f
}

// RecordIs keeps the record of that ID.
func RecordIs(id string) Formula { return Formula{text: "RECORD_ID()=" + literal(id)} }

package booking

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxAllNotes bounds the notes of one booking, in characters.
const maxAllNotes = 4 * MaxNotes

// noteSep separates the notes of a booking.
const noteSep = "; "

// AddNote returns the notes of a booking with more added after them; have is never cut. A
// note that is there already, or that says that there is nothing to note ("ninguna",
// "none"), is not added. If more does not fit whole, it is left out; [Desk.Change] then
// refuses it.
func AddNote(have, more string) string {
	notes, _ := addNote(have, more)
	return notes
}

// addNote reports false where more does not fit.
func addNote(have, more string) (notes string, fits bool) {
	notes = have
	for _, note := range splitNotes(more) {
		if saysNothing(note) || hasNote(notes, note) {
			continue
		}
		if strings.TrimSpace(notes) == "" {
			notes = note
		} else {
			notes += noteSep + note
		}
	}
	if notes != have && utf8.RuneCountInString(notes) > maxAllNotes {
		return have, false
	}
	return notes, true
}

// splitNotes returns the single notes. A comma does not end one: "alergia a nueces, almendras" is one note.
func splitNotes(notes string) []string {
	parts := strings.FieldsFunc(notes, func(r rune) bool { return r == ';' || r == '\n' })
	kept := parts[:0]
	for _, part := range parts {
		if part = strings.TrimSpace(part); part != "" {
			kept = append(kept, part)
		}
	}
	return kept
}

// hasNote reports whether a note is there already, whatever its capitals and full stop.
func hasNote(notes, note string) bool {
	for _, one := range splitNotes(notes) {
		if bareNote(one) == bareNote(note) {
			return true
		}
	}
	return false
}

func bareNote(note string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.TrimFunc(note, notLetter)), " "))
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// nothingToNote are the words with which guests and models say that there is no note.
var nothingToNote = map[string]bool{
	"": true, "no": true, "nada": true, "ninguna": true, "ninguno": true, "ningún": true, "sin notas": true, "no hay": true, "nada especial": true, "nada más": true,
	"ninguna nota": true, "no hay notas": true, "ninguna nota especial": true, "sin notas especiales": true, "no aplica": true, "vacío": true, "n/a": true, "na": true, "s/n": true,
	"no especificado": true, "no especificada": true, "sin especificar": true, "no, gracias": true, "no gracias": true, "nada, gracias": true, "nada gracias": true,
	"none": true, "null": true, "nil": true, "undefined": true, "nothing": true, "no notes": true, "not applicable": true, "not specified": true, "unspecified": true,
	"empty": true, "nope": true, "nothing special": true, "no special requests": true, "no special notes": true, "no thanks": true, "no, thanks": true, "unknown": true, "default": true,
}

// saysNothing reports whether a text says that there is nothing to note.
func saysNothing(note string) bool {
	bare := bareNote(note)
	return nothingToNote[bare] || strings.HasPrefix(strings.TrimSpace(note), "{{")
}

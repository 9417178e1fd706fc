package phrase

import (
	"strings"
	"testing"

	"maitre/booking"
)

func TestNoWordIsOfBothLanguages(t *testing.T) {
	t.Parallel()
	spanish := set(languageWords[booking.Spanish])
	for w := range strings.FieldsSeq(languageWords[booking.English]) {
		if spanish[w] {
			t.Errorf("%q is in both languages: which one wins would be chance", w)
		}
	}
}

func TestShortFormsShadowNoWord(t *testing.T) {
	t.Parallel()
	r := New(Restaurant{})
	for short, long := range shortForms {
		if string(foldAll(short)) != short {
			t.Errorf("short form %q is never met: texts are folded first", short)
		}
		for w := range strings.FieldsSeq(long) {
			if r.words.known(w) != w {
				t.Errorf("%q stands for %q, which would be corrected to %q", short, w, r.words.known(w))
			}
		}
	}
}

func TestTyposOfOneLetterAreCorrected(t *testing.T) {
	t.Parallel()
	r := New(Restaurant{})
	for typo, want := range map[string]string{
		"sabdo": "sabado", "sabaado": "sabado", "domigno": "domingo", "jueevs": "jueves", "dicimbre": "diciembre", "resrva": "reserva", "tomorrou": "tomorrow",
		"teraza": "terraza", "graciasss": "gracias", "siii": "si", "holaaaa": "hola", "perfectoo": "perfecto", "saturdey": "saturday", "canselar": "cancelar",
	} {
		if got := r.words.known(typo); got != want {
			t.Errorf("%q is corrected to %q, not %q", typo, got, want)
		}
	}
	// Names, words of another meaning, and what is as near to one number or day as
	// to another stay as they are.
	for _, w := range []string{"marta", "carla", "julia", "nueva", "noches", "coche", "there", "right", "lunas", "juiio", "cable", "xyzzy"} {
		if got := r.words.known(w); got != w {
			t.Errorf("%q is taken for %q", w, got)
		}
	}
}

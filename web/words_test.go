package web

import (
	"reflect"
	"testing"

	"maitre/booking"
)

func TestEveryLanguageHasEveryWord(t *testing.T) {
	t.Parallel()
	for _, lang := range []booking.Lang{booking.Spanish, booking.English} {
		w := reflect.ValueOf(wordsIn(lang))
		for i := range w.NumField() {
			if w.Field(i).IsZero() {
				t.Errorf("%s: no words for %s", lang, w.Type().Field(i).Name)
			}
		}
	}
}

func TestLongDates(t *testing.T) {
	t.Parallel()
	d := booking.NewDate(2026, 3, 1)
	if got := spanish().longDate(d); got != "domingo 1 de marzo" {
		t.Errorf("in Spanish %q", got)
	}
	if got := english().longDate(d); got != "Sunday 1 March" {
		t.Errorf("in English %q", got)
	}
}

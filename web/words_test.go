package web

import (
	"reflect"
	"testing"

	"maitre/booking"
)

func TestEveryLanguageHasEveryWord(t *testing.T) {
	t.Parallel()
	for _, lang := range []booking.Lang{booking.Spanish, booking.English} {
		missing(t, string(lang), reflect.ValueOf(wordsIn(lang)))
		staff := wordsIn(lang).Staff
		for _, status := range append(booking.Statuses(), booking.Processing) {
			has(t, lang, status, staff.statuses[status])
		}
		for _, channel := range []booking.Channel{booking.ByPhone, booking.ByWhatsApp, booking.ByWeb, booking.ByStaff} {
			has(t, lang, channel, staff.channels[channel])
		}
		for _, cause := range []booking.ParkCause{
			booking.ParkedAccess, booking.ParkedBase, booking.ParkedQuota, booking.ParkedRecord, booking.ParkedConflict, booking.ParkedPast, booking.ParkedLimit,
		} {
			has(t, lang, cause, staff.Case.causes[cause].What)
			has(t, lang, cause, staff.Case.causes[cause].Do)
		}
		for _, kind := range append(booking.GuestMessages(), booking.MessageCall, booking.MessageAlert) {
			has(t, lang, kind, staff.Message.kinds[kind])
		}
		has(t, lang, optedOut, staff.Message.codes[optedOut])
	}
}

// missing fails for each word that is not there, in words within words too.
func missing(t *testing.T, name string, v reflect.Value) {
	t.Helper()
	if v.IsZero() {
		t.Errorf("no words for %s", name)
	}
	if v.Kind() == reflect.Struct {
		for i := range v.NumField() {
			missing(t, name+"."+v.Type().Field(i).Name, v.Field(i))
		}
	}
}

func has(t *testing.T, lang booking.Lang, what any, word string) {
	t.Helper()
	if word == "" {
		t.Errorf("%s: no words for %v", lang, what)
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

package vapi_test

import (
	"strings"
	"testing"
)

// What the guest said reaches us in the guest's words at times.
func TestValuesInWords(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, test := range []struct {
		args                 object
		date, time           string
		party                int
		zone, saidInLanguage string
	}{
		{object{"date": "el jueves", "time": "a las nueve y media", "pax": "somos cuatro"}, "2026-11-26", "21:30", 4, "", "tenemos mesa"},
		{object{"date": "pasado mañana", "time": "a las dos", "pax": "dos"}, "2026-11-25", "14:00", 2, "", "tenemos mesa"},
		{object{"date": "el jueves", "time": "9:30", "pax": "dos", "zone": "en la terraza"}, "2026-11-26", "21:30", 2, "terraza", "tenemos mesa"},
		{object{"date": "next Thursday", "time": "half past nine", "pax": "four people"}, "2026-11-26", "21:30", 4, "", "we have a table"},
		{object{"date": "next Thursday", "time": "half past nine", "pax": "four people", "lang": "es"}, "2026-11-26", "21:30", 4, "", "tenemos mesa"},
		{object{"date": "2026-11-26", "time": "21:30", "pax": 4, "lang": "en"}, "2026-11-26", "21:30", 4, "", "we have a table"},
	} {
		a := h.ask("check_availability", test.args)
		if a.Offer == nil || a.Offer.Date != test.date || a.Offer.Time != test.time || a.Offer.Party != test.party ||
			test.zone != "" && a.Offer.Zone != test.zone || !strings.Contains(a.Message, test.saidInLanguage) {
			t.Errorf("%v: %+v", test.args, a)
		}
	}
	if made := h.askFrom("", "create_reservation", object{"date": "el jueves", "time": "a las nueve", "pax": "dos", "nombre": "Ana", "phone": "seis uno dos, treinta y cuatro, cincuenta y seis, setenta y ocho"}); !made.Success {
		t.Errorf("spoken phone: %+v", made)
	} else if kept := h.booked("2026-11-26"); len(kept) != 1 || kept[0].Phone != caller {
		t.Errorf("spoken phone: kept %+v", kept)
	}
	for _, answer := range []struct{ said, want string }{{"sí, claro", "confirmed"}, {"no, cancélela", "cancelled"}} {
		if a := h.ask("confirm_reservation", object{"confirmed": answer.said}); a.Booking == nil || a.Booking.Status != answer.want {
			t.Errorf("%s: %+v", answer.said, a)
		}
	}
}

package vapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"maitre/booking"
	"maitre/webhook/vapi"
)

func TestALifeOfABooking(t *testing.T) {
	t.Parallel()
	h := open(t)

	free := h.ask("check_availability", object{"date": "2026-12-24", "time": "21:00", "pax": 4})
	if !free.Success || free.Offer == nil {
		t.Fatalf("not offered: %+v", free)
	}
	made := h.ask("create_reservation", object{"date": "2026-12-24", "time": "21:00", "pax": 4, "customer_name": "Ana Ruiz", "notes": "una trona"})
	if !made.Success || made.Booking == nil || made.Booking.Status != "confirmed" || made.Booking.Name != "Ana Ruiz" {
		t.Fatalf("not booked: %+v", made)
	}
	kept := h.booked("2026-12-24")
	if len(kept) != 1 || kept[0].Phone != caller || kept[0].Notes != "una trona" || kept[0].Channel != booking.ByPhone || kept[0].CallID == "" || kept[0].Lang != booking.Spanish {
		t.Fatalf("kept %+v", kept)
	}
	if found := h.ask("get_reservation", object{}); found.Booking == nil || found.Booking.Code != made.Booking.Code {
		t.Errorf("not found: %+v", found)
	}
	moved := h.ask("update_reservation", object{"fecha": "2026-12-26", "hora": "21:00", "personas": "5"})
	if !moved.Success || moved.Booking.Date != "2026-12-26" || moved.Booking.Time != "21:00" || moved.Booking.Party != 5 || moved.Booking.Code != made.Booking.Code {
		t.Errorf("not moved: %+v", moved)
	}
	if yes := h.ask("confirm_verbal", object{"confirmed": true}); !yes.Success || yes.Booking.Status != "confirmed" {
		t.Errorf("not confirmed: %+v", yes)
	}
	if gone := h.ask("cancel_reservation", object{"code": strings.ToLower(made.Booking.Code[:2]) + " - " + made.Booking.Code[2:]}); !gone.Success || gone.Booking.Status != "cancelled" {
		t.Errorf("not cancelled: %+v", gone)
	}
	if found := h.ask("get_reservation", object{}); found.Success || found.Error != "not_found" {
		t.Errorf("still found: %+v", found)
	}
}

func TestAnswersThatSayNo(t *testing.T) {
	t.Parallel()
	h := open(t)
	day := func(more object) object {
		args := object{"date": "2026-12-24", "time": "21:00", "pax": 4}
		maps.Copy(args, more)
		return args
	}
	for _, test := range []struct {
		name, tool   string
		args         any
		error, field string
	}{
		{"unknown tool", "order_pizza", object{}, "invalid", "tool"},
		{"no tool", "", object{}, "invalid", "tool"},
		{"waiting list", "add_to_waitlist", day(object{"nombre": "Ana"}), "not_allowed", ""},
		{"no date", "check_availability", object{"time": "21:00", "pax": 2}, "invalid", "date"},
		{"nothing at all", "check_availability", nil, "invalid", "date"},
		{"no party", "check_availability", object{"date": "2026-12-24"}, "invalid", "party"},
		{"date as a list", "check_availability", day(object{"date": []string{"2026-12-24"}}), "invalid", "date"},
		{"date that is none", "check_availability", day(object{"date": "2026-02-30"}), "invalid", "date"},
		{"time that is none", "check_availability", day(object{"time": "25:61"}), "invalid", "time"},
		{"half a guest", "check_availability", day(object{"pax": 2.5}), "invalid", "party"},
		{"no guest", "check_availability", day(object{"pax": 0}), "invalid", "party"},
		{"fewer than none", "check_availability", day(object{"pax": -4}), "invalid", "party"},
		{"more than any", "check_availability", day(object{"pax": json.Number("1e400")}), "invalid", "party"},
		{"too many", "check_availability", day(object{"pax": 21}), "too_large", ""},
		{"zone unknown", "check_availability", day(object{"zone": "azotea"}), "invalid", "zone"},
		{"zone garbled", "check_availability", day(object{"zone": object{"a": 1}}), "invalid", "zone"},
		{"closed", "check_availability", object{"date": "2026-11-30", "time": "21:00", "pax": 2}, "closed", ""},
		{"past", "check_availability", object{"date": "2026-11-01", "time": "21:00", "pax": 2}, "past", ""},
		{"too far", "check_availability", object{"date": "2028-11-02", "pax": 2}, "too_far", ""},
		{"no time", "create_reservation", object{"date": "2026-12-24", "pax": 2, "nombre": "Ana"}, "invalid", "time"},
		{"no name", "create_reservation", day(object{"customer_name": "null"}), "invalid", "name"},
		{"bad phone", "create_reservation", day(object{"nombre": "Ana", "phone": "12"}), "invalid", "phone"},
		{"nobody's code", "cancel_reservation", object{"code": "HHHH"}, "not_found", ""},
		{"nothing booked", "cancel_reservation", object{}, "not_found", ""},
		{"yes or no", "confirm_reservation", object{}, "invalid", "confirmed"},
		{"perhaps", "confirm_reservation", object{"confirmed": []int{1}}, "invalid", "confirmed"},
		{"nothing changes", "update_reservation", object{}, "invalid", ""},
		{"hours of no day", "get_hours", object{"date": "2026-13-13"}, "invalid", "date"},
	} {
		a := h.ask(test.tool, test.args)
		if a.Success || a.Error != test.error || a.Field != test.field || a.Message == "" {
			t.Errorf("%s: %+v", test.name, a)
		}
	}
	for _, b := range h.booked("2026-12-24") {
		t.Errorf("booked all the same: %+v", b)
	}
}

func TestValuesInAllTheirForms(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, args := range []object{
		{"date": "2026-12-24", "time": "21:00", "pax": 4},
		{"date": " 2026-12-24 ", "time": "21:00:00", "pax": "4"},
		{"fecha": "2026-12-24", "hora": "21:00", "personas": 4.0},
		{"date": "", "fecha": "2026-12-24", "time": nil, "hora": "21:00", "party_size": json.Number("4.0")},
		{"date": "2026-12-24T21:00:00", "time": "2026-12-24T21:00", "pax": "4.0"},
		{"date": "2026-12-24", "time": "21:00", "pax": 4, "zone": nil, "phone": "", "lang": "es-ES", "unheard_of": []any{object{}}},
	} {
		a := h.ask("check_availability", args)
		if !a.Success || a.Offer == nil || a.Offer.Date != "2026-12-24" || a.Offer.Time != "21:00" || a.Offer.Party != 4 {
			t.Errorf("%v: %+v", args, a)
		}
	}
}

func TestTimesOfADay(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.ask("check_availability", object{"date": "2026-12-24", "pax": 2, "zone": "Terraza"})
	if !a.Success || len(a.Slots) == 0 || a.Date != "2026-12-24" || a.Party != 2 {
		t.Errorf("%+v", a)
	}
}

func TestHoursAndInfo(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, tool := range []string{"get_hours", "get_horarios"} {
		if a := h.ask(tool, object{}); !a.Success || len(a.Week) == 0 {
			t.Errorf("%s: %+v", tool, a)
		}
		if a := h.ask(tool, object{"fecha": "2026-12-24"}); !a.Success || a.Date != "2026-12-24" || len(a.Services) == 0 {
			t.Errorf("%s of a date: %+v", tool, a)
		}
	}
	all := h.ask("get_info", object{})
	if !all.Success || all.Restaurant == nil || len(all.Facts) < 2 {
		t.Fatalf("%+v", all)
	}
	if one := h.ask("get_info", object{"topic": all.Facts[1].Key}); !one.Success || len(one.Facts) != 1 || one.Facts[0] != all.Facts[1] {
		t.Errorf("%+v", one)
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	h := open(t)
	for lang, english := range map[string]bool{
		"en": true, "en-GB": true, "English": true, "inglés": true, "es": false, "español": false, "castellano": false, "fr": false, "": false,
	} {
		a := h.ask("get_hours", object{"language": lang})
		if got := strings.Contains(a.Message, "lunch"); got != english {
			t.Errorf("%q: %s", lang, a.Message)
		}
	}
}

func TestSeveralCallsAreAnsweredInOrder(t *testing.T) {
	t.Parallel()
	h := open(t)
	w := h.post(message(t, "call", caller,
		called{"same", "get_info", nil},
		called{"b", "no_such_tool", "not JSON"},
		called{"same", "create_reservation", `{"date":"2026-12-24","time":"21:00","pax":2,"nombre":"Ana \"la\" Ruiz"}`},
		called{"", "get_reservation", object{}},
	))
	var r results
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	want := []struct {
		name, id string
		success  bool
	}{{"get_info", "same", true}, {"no_such_tool", "b", false}, {"create_reservation", "same", true}, {"get_reservation", "", true}}
	if len(r.Results) != len(want) {
		t.Fatalf("%d results", len(r.Results))
	}
	for i, want := range want {
		got := r.Results[i]
		if got.Name != want.name || got.ToolCallID != want.id || decoded(t, got.Result).Success != want.success {
			t.Errorf("%d: %+v", i, got)
		}
		if strings.ContainsAny(got.Result, "\r\n") {
			t.Errorf("%d is of several lines", i)
		}
	}
	if got := decoded(t, r.Results[3].Result); got.Booking == nil || got.Booking.Name != `Ana "la" Ruiz` {
		t.Errorf("the call after the booking does not see it: %+v", got)
	}
}

// panicking is a desk that breaks down when it is asked for its hours.
type panicking struct{ *booking.Desk }

func (panicking) Hours(booking.Date) booking.DayHours { panic("clumsy") }

func (panicking) Book(context.Context, booking.Request) (booking.Result, error) { panic("clumsy") }

func TestOnePanicDoesNotSpoilTheOthers(t *testing.T) {
	t.Parallel()
	h := open(t, func(c *vapi.Config) { c.Desk = panicking{c.Desk.(*booking.Desk)} })
	body := message(t, "call", caller,
		called{"1", "get_hours", object{"date": "2026-12-24", "lang": "en"}},
		called{"2", "create_reservation", object{"date": "2026-12-24", "time": "21:00", "pax": 2, "nombre": "Ana"}},
		called{"3", "check_availability", object{"date": "2026-12-24", "time": "21:00", "pax": 2}})
	for range 2 { // and a repeat is not stuck behind the panic
		got := h.raw(body)
		if len(got) != 3 {
			t.Fatalf("%d results", len(got))
		}
		for i, wantError := range []string{"temporary_failure", "temporary_failure", ""} {
			if a := decoded(t, got[i]); a.Error != wantError || a.Message == "" {
				t.Errorf("%d: %+v", i, a)
			}
		}
	}
	if logged := h.logged.String(); !strings.Contains(logged, "tool panicked") || !strings.Contains(logged, "clumsy") {
		t.Errorf("log: %s", logged)
	}
}

func TestTooManyCalls(t *testing.T) {
	t.Parallel()
	h := open(t)
	var calls []called
	for i := range 500 {
		calls = append(calls, called{fmt.Sprint(i), "get_info", nil})
	}
	got := h.raw(message(t, "call", caller, calls...))
	if len(got) != 256 {
		t.Fatalf("%d results, want those of as many calls as are read", len(got))
	}
	for i, raw := range got {
		if a := decoded(t, raw); a.Success != (i < 20) || i >= 20 && a.Error != "temporary_failure" {
			t.Fatalf("%d: %+v", i, a)
		}
	}
}

func TestNoCalls(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, body := range []string{
		`{"message":{"type":"tool-calls"}}`, `{"message":{"type":"tool-calls","toolCallList":[]}}`,
		`{"message":{"type":"tool-calls","toolCallList":{"id":"a"}}}`, `{"message":{"type":"tool-calls","toolCallList":null,"toolCalls":"x"}}`,
	} {
		if w := h.post([]byte(body)); w.Code != 200 || w.Body.String() != `{"results":[]}` {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	h := open(t)
	made := h.ask("create_reservation", object{"date": "2026-12-24", "time": "21:00", "pax": 4, "nombre": "Ana"})
	code := made.Booking.Code
	for _, test := range []struct {
		name, from, tool string
		args             any
		error            string
	}{
		{"a stranger", "+34699999999", "get_reservation", object{}, "not_found"},
		{"a stranger who says the number", "+34699999999", "get_reservation", object{"phone": caller}, "not_allowed"},
		{"a stranger who has only the code", "+34699999999", "cancel_reservation", object{"code": code}, "not_found"},
		{"a hidden number", "", "get_reservation", object{}, "invalid"},
		{"a hidden number that says the number", "", "cancel_reservation", object{"phone": "612 345 678"}, "not_allowed"},
		{"a hidden number with both", "", "get_reservation", object{"telefono": "612 345 678", "codigo": code}, ""},
		{"the caller", caller, "get_reservation", object{}, ""},
	} {
		if a := h.askFrom(test.from, test.tool, test.args); a.Error != test.error || a.Success != (test.error == "") {
			t.Errorf("%s: %+v", test.name, a)
		}
	}
}

// Twilio spells ANONYMOUS and its like on a telephone's keys. Taken for a
// number, all who hide theirs would share their bookings.
func TestHiddenNumbersAreNobodys(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, from := range []string{
		"anonymous", "Restricted", "sip:anonymous@anonymous.invalid",
		"+266696687", "266696687", // ANONYMOUS
		"+7378742833", "7378742833", // RESTRICTED
		"+86282452253", "86282452253", // UNAVAILABLE
		"+8656696", "8656696", // UNKNOWN
		"+2562533", "2562533", // BLOCKED
		"+7748283", "7748283", // PRIVATE
	} {
		a := h.askFrom(from, "create_reservation", object{"date": "2026-12-24", "time": "21:00", "pax": 2, "nombre": "Ana"})
		if a.Success || a.Error != "invalid" || a.Field != "phone" {
			t.Errorf("%s: %+v", from, a)
		}
	}
}

func TestCallerInEitherPlace(t *testing.T) {
	t.Parallel()
	for name, talk := range map[string]string{
		"in the call":       `"call":{"id":"c","customer":{"number":"` + caller + `"}}`,
		"beside it":         `"call":{"id":"c"},"customer":{"number":"` + caller + `","name":"x"}`,
		"in a chat":         `"chat":{"id":"c"},"customer":{"number":"` + caller + `"}`,
		"without any names": `"customer":{"number":"` + caller + `"}`,
	} {
		h := open(t)
		body := `{"message":{"type":"tool-calls",` + talk + `,"toolCallList":[{"id":7,"name":"create_reservation","arguments":{"date":"2026-12-24","time":"21:00","pax":2,"nombre":"Ana"}}]}}`
		first := h.raw([]byte(body))
		second := h.raw([]byte(body))
		if kept := h.booked("2026-12-24"); len(kept) != 1 || kept[0].Phone != caller {
			t.Errorf("%s: kept %+v", name, kept)
		}
		if name != "without any names" && first[0] != second[0] {
			t.Errorf("%s: a repeat differs:\n%s\n%s", name, first, second)
		}
	}
}

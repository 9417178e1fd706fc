package answer_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/webhook/answer"
)

func restaurant() *booking.Restaurant {
	return &booking.Restaurant{
		Name: "Casa Laurel", Phone: "+34941123456", Address: "calle del Laurel 12, Logroño",
		Languages: []booking.Lang{booking.Spanish, booking.English}, Location: time.UTC, Step: 15, PartyLimit: 20, Horizon: 120,
		Facts: []booking.Fact{
			{Key: "parking", Text: booking.Text{booking.Spanish: "Hay aparcamiento.", booking.English: "There is parking."}},
			{Key: "pets", Text: booking.Text{booking.Spanish: "Los perros, en la terraza."}},
		},
		Zones: []booking.Zone{
			{ID: "terraza", Name: booking.Text{booking.Spanish: "la terraza", booking.English: "terrace"}},
			{ID: "interior", Name: booking.Text{booking.Spanish: "el interior"}},
		},
	}
}

func newRenderer() *answer.Renderer {
	now := func() time.Time { return time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC) }
	return answer.New(catalogue.New(restaurant()), now)
}

func ana() booking.Booking {
	return booking.Booking{
		ID: "01J", Code: "K7QF", Name: "Ana", Phone: "+34612345678", Email: "ana@example.org", Notes: "alergia a los frutos secos",
		Date: booking.NewDate(2026, 12, 24), Time: booking.NewTimeOfDay(21, 0), Party: 4, Tables: []string{"T1"}, Zone: "terraza",
		Status: booking.Confirmed,
	}
}

const booked = "Su mesa queda reservada a nombre de Ana: 4 personas, el jueves 24 de diciembre a las 21:00, en la terraza. Anoto: alergia a los frutos secos. Su código es K 7 Q F. Le esperamos."

func TestAnswersAreTheContracts(t *testing.T) {
	t.Parallel()
	s := newRenderer()
	es, en := booking.Spanish, booking.English
	joined := ana()
	joined.Tables = []string{"T1", "T2"}
	cancelled := ana()
	cancelled.Status = booking.Cancelled
	view := `{"code":"K7QF","date":"2026-12-24","time":"21:00","party":4,"name":"Ana","table":"T1","zone":"terraza","status":"confirmed"}`
	processing := strings.Replace(view, "confirmed", "processing", 1)
	lunch := booking.ServiceHours{ID: "lunch", Name: booking.Text{es: "Comida", en: "Lunch"}, First: booking.NewTimeOfDay(13, 0), Last: booking.NewTimeOfDay(15, 30),
		KitchenCloses: booking.NewTimeOfDay(16, 0), RoomCloses: booking.NewTimeOfDay(0, 30),
		Seatings: []booking.Seating{{First: booking.NewTimeOfDay(13, 0), Last: booking.NewTimeOfDay(13, 0), Until: booking.NewTimeOfDay(15, 0)}}}
	service := `{"service":"lunch","name":"Comida","first":"13:00","last":"15:30","kitchen_closes":"16:00","room_closes":"00:30","seatings":[{"first":"13:00","last":"13:00","until":"15:00"}]}`
	full := &booking.Refusal{Reason: booking.Full, Date: booking.NewDate(2026, 12, 24), Time: booking.NewTimeOfDay(21, 0), HasTime: true, Party: 4,
		Alternatives: []booking.Alternative{
			{Date: booking.NewDate(2026, 12, 24), Time: booking.NewTimeOfDay(21, 30)},
			{Date: booking.NewDate(2026, 12, 24), Time: booking.NewTimeOfDay(0, 30), Zone: "interior"},
		}}
	state := *full
	was := ana()
	state.Unchanged, state.Alternatives = &was, nil
	cases := []struct {
		name string
		got  answer.Answer
		want string // with MESSAGE for the message, where the catalogue's tests have it
	}{
		{"booked", s.Booked(es, booking.Result{Booking: ana(), State: booking.Written}),
			`{"success":true,"message":"` + booked + `","booking":` + view + `}`},
		{"booked, a combination", s.Booked(es, booking.Result{Booking: joined, State: booking.Written}),
			`{"success":true,"message":"MESSAGE","booking":` + strings.Replace(view, "T1", "T1+T2", 1) + `}`},
		{"booked, pending", s.Booked(es, booking.Result{Booking: ana(), State: booking.Pending}),
			`{"success":false,"error":"temporary_failure","message":"MESSAGE","booking":` + processing + `}`},
		{"changed, pending", s.Changed(es, booking.Result{Booking: ana()}),
			`{"success":false,"error":"temporary_failure","message":"MESSAGE","booking":` + processing + `}`},
		{"changed", s.Changed(es, booking.Result{Booking: ana(), State: booking.Written}),
			`{"success":true,"message":"MESSAGE","booking":` + view + `}`},
		{"cancelled", s.Cancelled(es, booking.Result{Booking: cancelled, State: booking.Written}),
			`{"success":true,"message":"MESSAGE","booking":` + strings.Replace(view, "confirmed", "cancelled", 1) + `}`},
		{"confirmed", s.Confirmed(es, booking.Result{Booking: ana(), State: booking.Written}, true),
			`{"success":true,"message":"Gracias, su reserva a nombre de Ana queda confirmada: 4 personas, el jueves 24 de diciembre a las 21:00, en la terraza. Le esperamos.","booking":` + view + `}`},
		{"declined", s.Confirmed(es, booking.Result{Booking: cancelled, State: booking.Written}, false),
			`{"success":true,"message":"De acuerdo, su reserva a nombre de Ana para 4 personas, el jueves 24 de diciembre a las 21:00, queda cancelada y dejamos libre la mesa. Gracias por avisarnos, y hasta otra ocasión.","booking":` + strings.Replace(view, "confirmed", "cancelled", 1) + `}`},
		{"found none", s.Found(es, nil), `{"success":false,"error":"not_found","message":"MESSAGE"}`},
		{"no slots left", s.Slots(es, booking.Query{Date: booking.NewDate(2026, 12, 24), Party: 2}, []booking.Slot{{Time: booking.NewTimeOfDay(21, 0)}}),
			`{"success":false,"error":"full","message":"MESSAGE","date":"2026-12-24","party":2,"slots":[{"time":"21:00","available":false}]}`},
		{"no such fact", s.Info(es, "helicopter"),
			`{"success":false,"error":"not_found","message":"MESSAGE","house":{"name":"Casa Laurel","phone":"+34941123456","address":"calle del Laurel 12, Logroño"}}`},
		{"another number's booking", s.Refused(es, &booking.Refusal{Reason: booking.NotAllowed, Problem: booking.OtherNumber, Unchanged: &was, Which: []booking.Booking{was}}),
			`{"success":false,"error":"not_allowed","message":"Para mirar una reserva hecha con otro teléfono necesito también su código. ¿Lo tiene a mano?"}`},
		{"found one", s.Found(es, []booking.Booking{ana()}), `{"success":true,"message":"MESSAGE","booking":` + view + `,"bookings":[` + view + `]}`},
		{"found two", s.Found(es, []booking.Booking{ana(), ana()}), `{"success":true,"message":"MESSAGE","bookings":[` + view + `,` + view + `]}`},
		{"offered", s.Offered(en, booking.Offer{Date: booking.NewDate(2026, 12, 24), Time: booking.NewTimeOfDay(0, 30), Party: 2, Zone: "terraza", Zones: []string{"terraza", "interior"}, Until: booking.NewTimeOfDay(1, 30)}),
			`{"success":true,"message":"MESSAGE","offer":{"date":"2026-12-24","time":"00:30","party":2,"zone":"terraza","zones":["terraza","interior"],"until":"01:30"}}`},
		{"slots", s.Slots(es, booking.Query{Date: booking.NewDate(2026, 12, 24), Party: 2}, []booking.Slot{{Time: booking.NewTimeOfDay(21, 0), Zones: []string{"terraza"}}, {Time: booking.NewTimeOfDay(21, 15)}}),
			`{"success":true,"message":"MESSAGE","date":"2026-12-24","party":2,"slots":[{"time":"21:00","available":true,"zones":["terraza"]},{"time":"21:15","available":false}]}`},
		{"hours", s.Hours(es, booking.DayHours{Date: booking.NewDate(2026, 12, 24), Services: []booking.ServiceHours{lunch}}),
			`{"success":true,"message":"MESSAGE","date":"2026-12-24","services":[` + service + `]}`},
		{"week", s.Week(es, [7][]booking.ServiceHours{time.Sunday: {lunch}, time.Tuesday: {lunch}}),
			`{"success":true,"message":"MESSAGE","week":[{"day":"tuesday","services":[` + service + `]},{"day":"sunday","services":[` + service + `]}]}`},
		{"info", s.Info(en, "Pets"),
			`{"success":true,"message":"MESSAGE","house":{"name":"Casa Laurel","phone":"+34941123456","address":"calle del Laurel 12, Logroño"},"facts":[{"key":"pets","text":"Los perros, en la terraza."}]}`},
		{"no waitlist", s.NoWaitlist(es), `{"success":false,"error":"not_allowed","message":"MESSAGE"}`},
		{"full", s.Refused(es, fmt.Errorf("book: %w", full)),
			`{"success":false,"error":"full","message":"MESSAGE","alternatives":[{"date":"2026-12-24","time":"21:30"},{"date":"2026-12-24","time":"00:30","zone":"interior"}]}`},
		{"full, a change", s.Refused(es, &state), `{"success":false,"error":"full","message":"MESSAGE","booking":` + view + `}`},
		{"invalid", s.Refused(en, &booking.Refusal{Reason: booking.Invalid, Field: "date", Problem: booking.Missing}),
			`{"success":false,"error":"invalid","field":"date","message":"What day would it be for?"}`},
		{"which one", s.Refused(es, &booking.Refusal{Reason: booking.Invalid, Field: "code", Problem: booking.Ambiguous, Which: []booking.Booking{ana(), ana()}}),
			`{"success":false,"error":"invalid","field":"code","message":"MESSAGE","bookings":[` + view + `,` + view + `]}`},
	}
	for _, k := range cases {
		got := string(k.got.JSON())
		if k.got.Message == "" {
			t.Errorf("%s: nothing to say", k.name)
		}
		if strings.Contains(k.want, "MESSAGE") {
			got = strings.Replace(got, k.got.Message, "MESSAGE", 1)
		}
		if got != k.want {
			t.Errorf("%s:\n got %s\nwant %s", k.name, got, k.want)
		}
	}
}

// What only the desk and the staff may know reaches no guest. What is noted on a booking
// is its guest's to hear.
func TestAnswersKeepSecrets(t *testing.T) {
	t.Parallel()
	s := newRenderer()
	secret := errors.New("bbolt: no space left on /data/maitre.db")
	b := ana()
	for name, a := range map[string]answer.Answer{
		"a bare error":    s.Refused(booking.Spanish, secret),
		"a cause":         s.Refused(booking.English, &booking.Refusal{Reason: booking.Failed, Err: secret, Field: "disk"}),
		"no error at all": s.Refused(booking.Spanish, nil),
		"a nil refusal":   s.Refused(booking.Spanish, (*booking.Refusal)(nil)),
		"a booking":       s.Booked(booking.Spanish, booking.Result{Booking: b, State: booking.Written}),
		"found":           s.Found(booking.Spanish, []booking.Booking{b, b}),
	} {
		got := string(a.JSON())
		for _, leak := range []string{"bbolt", "maitre.db", "disk", string(b.Phone), b.Email, b.ID + `"`} {
			if strings.Contains(got, leak) {
				t.Errorf("%s: %s tells %q", name, got, leak)
			}
		}
		if strings.Contains(name, "error") || strings.Contains(name, "nil") || name == "a cause" {
			if a.Success || a.Error != "temporary_failure" || a.Field != "" || a.Message == "" {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
}

// plain is what encoding/json makes of the answer with HTML escaping off.
func plain(t interface{ Fatal(...any) }, a answer.Answer) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

func TestJSONIsWhatTheStandardLibraryWrites(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := anyAnswer().Draw(t, "answer")
		got := a.JSON()
		if want := plain(t, a); !bytes.Equal(got, want) {
			t.Fatalf("\n got %s\nwant %s", got, want)
		}
		if bytes.ContainsAny(got, "\n\r\u2028\u2029") {
			t.Fatalf("more than a line: %q", got)
		}
		if !json.Valid(got) {
			t.Fatalf("not JSON: %s", got)
		}
		var back, again answer.Answer // the second time around nothing is left to replace
		if err := json.Unmarshal(got, &back); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(back.JSON(), &again); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(again, back) {
			t.Fatalf("does not come back the same:\n got %+v\nwant %+v", again, back)
		}
	})
}

var nasty = []string{"", `"`, `\`, "\n", "\r", "\t", "\b", "\f", "\v", "\x00", "\x1f", "\x7f", "\u0085", "\u2028", "\u2029", "\u202a", "\ufffd",
	"\xff", "\xe2\x80", "\xed\xa0\x80", "<&>", "{time}", "👩‍👩‍👧", "ñ", "/", "\U0010ffff"}

func anyText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(nasty), rapid.String()), 0, 5).Draw(t, "text"), "")
	})
}

func anyAnswer() *rapid.Generator[answer.Answer] {
	text := anyText()
	views := rapid.Custom(func(t *rapid.T) answer.Booking {
		return answer.Booking{Code: text.Draw(t, "code"), Date: text.Draw(t, "date"), Time: text.Draw(t, "time"), Party: rapid.Int().Draw(t, "party"),
			Name: text.Draw(t, "name"), Table: text.Draw(t, "table"), Zone: text.Draw(t, "zone"), Status: text.Draw(t, "status")}
	})
	services := rapid.Custom(func(t *rapid.T) answer.Service {
		return answer.Service{Service: text.Draw(t, "service"), Name: text.Draw(t, "name"), First: text.Draw(t, "first"), Last: text.Draw(t, "last"),
			KitchenCloses: text.Draw(t, "kitchen"), RoomCloses: text.Draw(t, "room"),
			Seatings: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) answer.Seating {
				return answer.Seating{Name: text.Draw(t, "name"), First: text.Draw(t, "first"), Last: text.Draw(t, "last"), Until: text.Draw(t, "until")}
			}), 0, 2).Draw(t, "seatings")}
	})
	zones := rapid.SliceOfN(text, 0, 3)
	return rapid.Custom(func(t *rapid.T) answer.Answer {
		a := answer.Answer{
			Success: rapid.Bool().Draw(t, "success"), Error: text.Draw(t, "error"), Field: text.Draw(t, "field"), Message: text.Draw(t, "message"),
			Bookings: rapid.SliceOfN(views, 0, 2).Draw(t, "bookings"),
			Alternatives: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) answer.Alternative {
				return answer.Alternative{Date: text.Draw(t, "date"), Time: text.Draw(t, "time"), Zone: text.Draw(t, "zone")}
			}), 0, 3).Draw(t, "alternatives"),
			Date: text.Draw(t, "date"), Party: rapid.IntRange(-1, 30).Draw(t, "party"),
			Slots: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) answer.Slot {
				return answer.Slot{Time: text.Draw(t, "time"), Available: rapid.Bool().Draw(t, "free"), Zones: zones.Draw(t, "zones")}
			}), 0, 3).Draw(t, "slots"),
			Services: rapid.SliceOfN(services, 0, 2).Draw(t, "services"),
			Week: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) answer.Weekday {
				return answer.Weekday{Day: text.Draw(t, "day"), Services: rapid.SliceOfN(services, 0, 1).Draw(t, "services")}
			}), 0, 2).Draw(t, "week"),
			Facts: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) answer.Fact {
				return answer.Fact{Key: text.Draw(t, "key"), Text: text.Draw(t, "text")}
			}), 0, 2).Draw(t, "facts"),
		}
		if rapid.Bool().Draw(t, "has booking") {
			b := views.Draw(t, "booking")
			a.Booking = &b
		}
		if rapid.Bool().Draw(t, "has offer") {
			a.Offer = &answer.Offer{Date: text.Draw(t, "date"), Time: text.Draw(t, "time"), Party: 2, Zone: text.Draw(t, "zone"), Zones: zones.Draw(t, "zones"), Until: text.Draw(t, "until")}
		}
		if rapid.Bool().Draw(t, "has restaurant") {
			a.Restaurant = &answer.Facts{Name: text.Draw(t, "name"), Phone: text.Draw(t, "phone"), Address: text.Draw(t, "address")}
		}
		return a
	})
}

// A guest's name goes through the desk to the answer as it was written.
func TestNamesComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	s := newRenderer()
	for _, name := range append(nasty[:17:17], "{time} \"Ana\" \\ <b>", "👩‍👩‍👧", "%s") {
		b := ana()
		b.Name = name
		got := s.Booked(booking.Spanish, booking.Result{Booking: b, State: booking.Written}).JSON()
		var back answer.Answer
		if err := json.Unmarshal(got, &back); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if back.Booking.Name != name {
			t.Errorf("%q came back as %q", name, back.Booking.Name)
		}
	}
}

func FuzzJSON(f *testing.F) {
	for _, s := range nasty {
		f.Add(s, s+"Ana"+s)
	}
	s := newRenderer()
	f.Fuzz(func(t *testing.T, name, zone string) {
		b := ana()
		b.Name, b.Zone = name, zone
		a := s.Booked(booking.Spanish, booking.Result{Booking: b, State: booking.Written})
		got := a.JSON()
		if want := plain(t, a); !bytes.Equal(got, want) {
			t.Fatalf("\n got %s\nwant %s", got, want)
		}
		if strings.ContainsAny(a.Message, "\n\r\u2028\u2029") {
			t.Fatalf("more than a line: %q", a.Message)
		}
	})
}

func BenchmarkJSON(b *testing.B) {
	s := newRenderer()
	a := s.Booked(booking.Spanish, booking.Result{Booking: ana(), State: booking.Written})
	b.ReportAllocs()
	for b.Loop() {
		a.JSON()
	}
}

func BenchmarkOffered(b *testing.B) {
	s := newRenderer()
	offer := booking.Offer{Date: booking.NewDate(2026, 12, 24), Time: booking.NewTimeOfDay(21, 0), Party: 4, Zone: "terraza", Zones: []string{"terraza", "interior"}}
	b.ReportAllocs()
	for b.Loop() {
		s.Offered(booking.Spanish, offer).JSON()
	}
}

package booking_test

import (
	"strings"
	"testing"
	"time"

	"maitre/booking"
)

// holidayRestaurant is closed on Mondays and has dinner from Thursday to Saturday;
// it opens on a Monday that is a holiday and closes on the Tuesday after, has
// dinner on the eve of a holiday and two seatings at a holiday's lunch.
func holidayRestaurant() *booking.Restaurant {
	r := smallRestaurant()
	r.Services[0].Days = []time.Weekday{0, 2, 3, 4, 5, 6}
	sunday := time.Sunday
	r.Holidays = []booking.Holiday{
		{Date: on("2026-12-07"), Name: text("puente")},        // a Monday
		{Date: on("2026-12-08"), Name: text("la Inmaculada")}, // a Tuesday
		{Date: on("2027-01-06"), Name: text("Reyes")},         // a Wednesday
		{Date: on("2027-02-01"), Name: text("fiesta local")},  // a Monday
	}
	r.HolidayRules = []booking.HolidayRule{
		{On: booking.OnHoliday, Weekdays: []time.Weekday{time.Monday}, ServeAs: &sunday},
		{On: booking.AfterHoliday, Weekdays: []time.Weekday{time.Tuesday}, Closed: true, Reason: text("descanso")},
		{On: booking.OnEve, Weekdays: []time.Weekday{0, 2, 3}, Add: []string{"dinner"}, AddAs: time.Thursday},
		{On: booking.OnHoliday, SeatingsFor: []string{"lunch"}, Seatings: []booking.Seating{
			{First: at("13:00"), Last: at("13:30"), Until: at("15:30")},
			{First: at("15:30"), Last: at("16:00"), Until: at("18:30")},
		}},
	}
	return r
}

func TestWhatIsServedOnHolidaysTheirEvesAndTheDaysAfter(t *testing.T) {
	t.Parallel()
	s := open(t, holidayRestaurant())
	for _, c := range []struct{ name, date, want string }{
		{"an ordinary Monday", "2026-11-30", ""},
		{"an ordinary Tuesday", "2026-12-01", "lunch"},
		{"a Thursday", "2026-12-03", "lunch dinner"},
		{"the Sunday before a holiday: dinner on the eve", "2026-12-06", "lunch dinner"},
		{"a Monday that is a holiday: open as on Sundays", "2026-12-07", "lunch*"},
		{"a Tuesday after it that is a holiday itself: not closed", "2026-12-08", "lunch*"},
		{"the eve of Reyes, a Tuesday", "2027-01-05", "lunch dinner"},
		{"Reyes: two seatings", "2027-01-06", "lunch*"},
		{"the Tuesday after a Monday holiday: closed", "2027-02-02", ""},
	} {
		hours := s.Hours(on(c.date))
		var got []string
		for _, service := range hours.Services {
			if len(service.Seatings) == 2 {
				service.ID += "*"
			}
			got = append(got, service.ID)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s (%s): serves %q, want %q", c.name, c.date, got, c.want)
		}
	}
	if closure := s.Hours(on("2027-02-02")).Closure.In("es"); closure != "descanso" {
		t.Errorf("closed because of %q, want the rule's reason", closure)
	}
	if holiday := s.Hours(on("2027-01-06")).Holiday.In("es"); holiday != "Reyes" {
		t.Errorf("holiday %q, want Reyes", holiday)
	}
}

func TestSeatingsGiveTheTableTwiceAndSayUntilWhen(t *testing.T) {
	t.Parallel()
	s := open(t, holidayRestaurant())
	first, err := s.Book(ctx, tableRequest(1, "2027-01-06", "13:30", 4))
	if err != nil || first.Until != at("15:30") {
		t.Fatalf("%+v, %v: want the first seating, until 15:30", first, err)
	}
	second, err := s.Book(ctx, tableRequest(2, "2027-01-06", "15:30", 4))
	if err != nil || second.Until != 0 || second.Booking.Tables[0] != first.Booking.Tables[0] {
		t.Errorf("%+v, %v: want the same table in the second seating", second, err)
	}
	_, err = s.Book(ctx, tableRequest(3, "2027-01-06", "14:30", 2))
	if no := refusal(t, err); no.Reason != booking.Closed || len(no.Hours) != 1 || len(no.Hours[0].Seatings) != 2 {
		t.Errorf("between the seatings: %+v, want closed with the seatings' hours", no)
	}
}

func TestAStayThatDoesNotFitItsSeatingIsNotOffered(t *testing.T) {
	t.Parallel()
	r := holidayRestaurant()
	r.Turns[1].Stay = 130 * time.Minute
	s := open(t, r)
	slots, err := s.Availability(ctx, booking.Query{Caller: guest(1), Date: on("2027-01-06"), Party: 4})
	if err != nil {
		t.Fatal(err)
	}
	for _, slot := range slots {
		if want := slot.Time <= at("13:15") || slot.Time >= at("15:30"); slot.Available() != want {
			t.Errorf("%s available: %v, want %v", slot.Time, slot.Available(), want)
		}
	}
}

func TestEveryStayEndsWhenTheRoomCloses(t *testing.T) {
	t.Parallel()
	r := smallRestaurant()
	r.Services[0].RoomCloses = at("16:15")
	s := open(t, r)
	b := s.mustBook(tableRequest(1, "2026-11-24", "15:30", 4))
	if got := b.End.In(madrid).Format("15:04"); got != "16:15" {
		t.Errorf("a stay from 15:30 ends at %s, want 16:15 when the room closes", got)
	}
}

func TestCheckFindsWhatADeskCannotWorkWith(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, want string
		change     func(*booking.Restaurant)
	}{
		{"no tables", "tables: none", func(r *booking.Restaurant) { r.Tables, r.Combinations = nil, nil }},
		{"no services", "services: none", func(r *booking.Restaurant) { r.Services = nil }},
		{"a combination of two zones", "two zones", func(r *booking.Restaurant) { r.Combinations[0].Tables = []string{"I1", "T1"} }},
		{"a combination with a stranger", "unknown table X9", func(r *booking.Restaurant) { r.Combinations[0].Tables = []string{"I1", "X9"} }},
		{"a table twice", "listed twice", func(r *booking.Restaurant) { r.Tables[1].ID = "I1" }},
		{"a table for minus one", "seats 3 to 2", func(r *booking.Restaurant) { r.Tables[0].Min = 3 }},
		{"a table on the moon", `unknown zone "luna"`, func(r *booking.Restaurant) { r.Tables[0].Zone = "luna" }},
		{"a service that ends before it begins", "before the first", func(r *booking.Restaurant) { r.Services[0].Last = at("12:00") }},
		{"a room that closes before the last arrival", "not after the last arrival", func(r *booking.Restaurant) { r.Services[0].RoomCloses = at("15:00") }},
		{"overlapping seatings", "before the one before it ends", func(r *booking.Restaurant) {
			r.Services[0].Seatings = []booking.Seating{{First: at("13:00"), Last: at("13:30"), Until: at("15:30")}, {First: at("15:00"), Last: at("15:30"), Until: at("17:00")}}
		}},
		{"turns that fall", "ascending", func(r *booking.Restaurant) { r.Turns[1].UpTo = 2 }},
		{"a closure backwards", "ends before it begins", func(r *booking.Restaurant) {
			r.Closures = []booking.Closure{{From: on("2026-12-02"), To: on("2026-12-01")}}
		}},
		{"no zone of time", "time zone", func(r *booking.Restaurant) { r.Location = nil }},
		{"a language of the gods", `language "la"`, func(r *booking.Restaurant) { r.Languages = []booking.Lang{"la"} }},
	} {
		r := smallRestaurant()
		c.change(r)
		if _, err := r.Check(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestCheckWarnsOfContradictions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, want string
		change     func(*booking.Restaurant)
	}{
		{"a limit above the largest table", "largest table or combination seats 8", func(r *booking.Restaurant) { r.PartyLimit = 12 }},
		{"a gap", "seats a party of 5", func(r *booking.Restaurant) { r.Combinations[0].Min = 6 }},
		{"a short seating", "too short for parties of 3 or more", func(r *booking.Restaurant) {
			r.Services[0].Seatings = []booking.Seating{{First: at("13:00"), Last: at("13:30"), Until: at("14:30")}}
		}},
		{"overlapping services", "overlap on Thursdays", func(r *booking.Restaurant) { r.Services[1].First = at("15:00") }},
	} {
		r := smallRestaurant()
		c.change(r)
		warnings, err := r.Check()
		if err != nil || !strings.Contains(strings.Join(warnings, "\n"), c.want) {
			t.Errorf("%s: %q, %v: want %q", c.name, warnings, err, c.want)
		}
	}
	if warnings, err := smallRestaurant().Check(); err != nil || len(warnings) > 0 {
		t.Errorf("a correct restaurant: %q, %v", warnings, err)
	}
}

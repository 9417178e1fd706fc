package booking_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"maitre/booking"
)

// someRestaurant draws a restaurant: a handful of tables in two zones, combinations,
// pacing, closures, holidays with every rule, and a dinner that may pass midnight.
func someRestaurant(t *rapid.T) *booking.Restaurant {
	r := holidayRestaurant()
	r.Horizon, r.PartyLimit = 500, 12
	r.Tables, r.Combinations = nil, nil
	for i := range rapid.IntRange(2, 7).Draw(t, "tables") {
		least := rapid.IntRange(1, 3).Draw(t, "min")
		table := booking.Table{
			ID: fmt.Sprintf("M%d", i), Zone: []string{"interior", "terraza"}[i%2], Min: least,
			Max: least + rapid.IntRange(0, 4).Draw(t, "more"), Priority: rapid.IntRange(0, 3).Draw(t, "priority"),
			Access: rapid.SampledFrom([]booking.Access{booking.Online, booking.Online, booking.Online, booking.StaffOnly, booking.WalkInOnly}).Draw(t, "access"),
		}
		r.Tables = append(r.Tables, table)
		if i >= 2 && rapid.Bool().Draw(t, "joined") {
			r.Combinations = append(r.Combinations, booking.Combination{
				Tables: []string{fmt.Sprintf("M%d", i-2), table.ID}, Min: 3, Max: min(r.Tables[i-2].Max+table.Max, 12),
			})
		}
	}
	if rapid.Bool().Draw(t, "paced") {
		r.Pacing = booking.Pacing{All: rapid.IntRange(4, 20).Draw(t, "all"), Online: rapid.IntRange(2, 20).Draw(t, "online")}
	}
	if rapid.Bool().Draw(t, "late") {
		r.Services[1].Last, r.Services[1].RoomCloses = at("03:15"), at("05:30")
	}
	r.Step = rapid.SampledFrom([]int{15, 30, 45}).Draw(t, "step")
	r.Closures = []booking.Closure{
		{From: on("2026-12-10"), To: on("2026-12-10"), Reason: text("obras")},
		{From: on("2026-12-12"), To: on("2026-12-12"), Services: []string{"lunch"}, Reason: text("boda")},
	}
	return r
}

// someDates are those on which things go wrong: the nights of the clock
// changes, holidays, eves, closures, and ordinary days.
var someDates = []string{
	"2026-12-03", "2026-12-04", "2026-12-06", "2026-12-07", "2026-12-08", "2026-12-10", "2026-12-12", "2027-01-05",
	"2027-01-06", "2027-02-01", "2027-02-02", "2027-03-27", "2027-03-28", "2027-10-30", "2027-10-31",
}

func someDate(t *rapid.T) booking.Date {
	return on(rapid.SampledFrom(someDates).Draw(t, "date"))
}

func someCaller(t *rapid.T) booking.Caller {
	caller := guest(rapid.IntRange(1, 8).Draw(t, "guest"))
	caller.Channel = rapid.SampledFrom([]booking.Channel{booking.ByPhone, booking.ByWeb, booking.ByStaff}).Draw(t, "channel")
	return caller
}

func someTime(t *rapid.T) booking.TimeOfDay {
	return booking.NewTimeOfDay(rapid.SampledFrom([]int{13, 14, 15, 16, 20, 21, 22, 23, 0, 1, 2, 3}).Draw(t, "hour"), 15*rapid.IntRange(0, 3).Draw(t, "quarter"))
}

func someRequest(t *rapid.T) booking.Request {
	return booking.Request{
		Caller: someCaller(t), Date: someDate(t), Time: someTime(t), Party: rapid.IntRange(1, 12).Draw(t, "party"),
		Zone: rapid.SampledFrom([]string{"", "", "interior", "terraza"}).Draw(t, "zone"), Name: "Ana",
	}
}

// TestNoTwoLiveBookingsShareATable drives a desk at random and checks its
// bookings after every step.
func TestNoTwoLiveBookingsShareATable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := openOn(someRestaurant(rt), newMemory(), &testClock{now: time.Date(2026, 11, 23, 13, 0, 0, 0, madrid)}, t)
		rt.Repeat(map[string]func(*rapid.T){
			"book": func(rt *rapid.T) { _, _ = s.Book(ctx, someRequest(rt)) },
			"change": func(rt *rapid.T) {
				r := someRequest(rt)
				c := booking.Change{Who: s.someWho(rt), Date: &r.Date, Time: &r.Time, Party: &r.Party}
				if rapid.Bool().Draw(rt, "only the party") {
					c.Date, c.Time = nil, nil
				}
				_, _ = s.Change(ctx, c)
			},
			"cancel": func(rt *rapid.T) { _, _ = s.Cancel(ctx, booking.Cancellation{Who: s.someWho(rt)}) },
			"confirm": func(rt *rapid.T) {
				_, _ = s.Confirm(ctx, booking.Confirmation{Who: s.someWho(rt), Confirmed: rapid.Bool().Draw(rt, "yes")})
			},
			"a day passes": func(*rapid.T) { s.clock.set(s.clock.Now().Add(20 * time.Hour)) },
			"":             s.checkBookings,
		})
	})
}

// someWho draws one of the bookings, as its guest would identify it.
func (s *testDesk) someWho(t *rapid.T) booking.Who {
	all := s.book.all()
	if len(all) == 0 {
		return booking.Who{Caller: guest(1)}
	}
	b := all[rapid.IntRange(0, len(all)-1).Draw(t, "which")]
	return booking.Who{Caller: booking.Caller{Channel: booking.ByPhone, Phone: b.Phone}, Code: b.Code}
}

func (s *testDesk) checkBookings(t *rapid.T) {
	tables := map[string]booking.Table{}
	for _, table := range s.r.Tables {
		tables[table.ID] = table
	}
	all := s.book.all()
	for i, b := range all {
		if !b.Live() {
			continue
		}
		seats := 0
		for _, id := range b.Tables {
			seats += tables[id].Max
			if tables[id].Access == booking.WalkInOnly || tables[id].Access == booking.StaffOnly && b.Channel != booking.ByStaff {
				t.Fatalf("%s, by %s, sits at %s, which is %s", b.ID, b.Channel, id, tables[id].Access)
			}
			if tables[id].Zone != b.Zone || b.AskedZone != "" && b.Zone != b.AskedZone {
				t.Fatalf("%s asked for %q and sits in %q", b.ID, b.AskedZone, b.Zone)
			}
		}
		if seats < b.Party {
			t.Fatalf("%s: %d guests on %d seats", b.ID, b.Party, seats)
		}
		if !b.Start.Before(b.End) {
			t.Fatalf("%s: from %s to %s", b.ID, b.Start, b.End)
		}
		for _, o := range all[i+1:] {
			shared := slices.ContainsFunc(b.Tables, func(id string) bool { return slices.Contains(o.Tables, id) })
			if o.Live() && shared && b.Start.Before(o.End) && o.Start.Before(b.End) {
				t.Fatalf("%s and %s share a table: %v %s-%s, %v %s-%s", b.ID, o.ID, b.Tables, b.Start, b.End, o.Tables, o.Start, o.End)
			}
		}
	}
}

// TestWhatIsOfferedCanBeBookedAndWhatIsRefusedIsNotOffered compares, for every
// quarter of an hour of a date, what Availability and Check say with what Book does.
func TestWhatIsOfferedCanBeBookedAndWhatIsRefusedIsNotOffered(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		now := time.Date(2026, 12, 3, 12, 0, 0, 0, madrid)
		s := openOn(someRestaurant(rt), newMemory(), &testClock{now: now}, t)
		for range rapid.IntRange(0, 12).Draw(rt, "bookings") {
			_, _ = s.Book(ctx, someRequest(rt))
		}
		s.clock.set(now.Add(time.Duration(rapid.IntRange(0, 14*60).Draw(rt, "minutes later")) * time.Minute))
		r := someRequest(rt)
		r.Caller.Phone = "+34600999999"
		q := booking.Query{Caller: r.Caller, Date: r.Date, Party: r.Party, Zone: r.Zone}
		slots, err := s.Availability(ctx, q)
		offered := map[booking.TimeOfDay][]string{}
		for _, slot := range slots {
			offered[slot.Time] = slot.Zones
		}
		for clock := booking.DayBegins; clock < booking.DayEnds; clock += 15 {
			twin := s.twin()
			r.Time = clock
			result, bookErr := twin.Book(ctx, r)
			offer, checkErr := s.Check(ctx, q, clock)
			if (bookErr == nil) != (checkErr == nil) || (bookErr == nil) != (len(offered[clock]) > 0) {
				rt.Fatalf("%s %s for %d in %q: booked %v, checked %v, offered in %v (%v)",
					r.Date, clock, r.Party, r.Zone, bookErr, checkErr, offered[clock], err)
			}
			if bookErr == nil && (offer.Zone != result.Booking.Zone || !slices.Contains(offered[clock], offer.Zone) || offer.Until != result.Until) {
				rt.Fatalf("offered %+v in %v, booked %+v", offer, offered[clock], result)
			}
			if bookErr != nil {
				s.alternativesAreReal(rt, r, refusal(t, bookErr))
			}
		}
	})
}

// twin is the same desk over a copy of the book.
func (s *testDesk) twin() *testDesk {
	m := newMemory()
	for _, b := range s.book.all() {
		m.bookings[b.ID] = b
	}
	return openOn(s.r, m, s.clock, s.t)
}

func (s *testDesk) alternativesAreReal(t *rapid.T, r booking.Request, no *booking.Refusal) {
	if len(no.Alternatives) > 3 {
		t.Fatalf("%d alternatives", len(no.Alternatives))
	}
	for _, alt := range no.Alternatives {
		again := r
		again.Date, again.Time = alt.Date, alt.Time
		if alt.Zone != "" {
			again.Zone = alt.Zone
		}
		if _, err := s.twin().Book(ctx, again); err != nil {
			t.Fatalf("refused with %v, offered %+v, which is refused with %v", no, alt, err)
		}
	}
}

// TestCancelThenBookRestoresExactlyWhatWasFree books and cancels, and compares
// what every party could have before and after.
func TestCancelThenBookRestoresExactlyWhatWasFree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := openOn(someRestaurant(rt), newMemory(), &testClock{now: time.Date(2026, 11, 23, 13, 0, 0, 0, madrid)}, t)
		for range rapid.IntRange(0, 12).Draw(rt, "bookings") {
			_, _ = s.Book(ctx, someRequest(rt))
		}
		r := someRequest(rt)
		r.Caller.Phone = "+34600999999"
		before := s.free(r.Date)
		first, err := s.Book(ctx, r)
		if err != nil {
			return
		}
		with := s.free(r.Date)
		who := booking.Who{Caller: r.Caller}
		if _, err := s.Cancel(ctx, booking.Cancellation{Who: who}); err != nil {
			rt.Fatalf("cancel: %v", err)
		}
		if diff := cmp.Diff(before, s.free(r.Date)); diff != "" {
			rt.Fatalf("after a cancellation other things are free (-before +after):\n%s", diff)
		}
		again, err := s.Book(ctx, r)
		if err != nil || !slices.Equal(again.Booking.Tables, first.Booking.Tables) {
			rt.Fatalf("booked again at %v, %v; first at %v", again.Booking.Tables, err, first.Booking.Tables)
		}
		if diff := cmp.Diff(with, s.free(r.Date)); diff != "" {
			rt.Fatalf("booked again, other things are free (-first +again):\n%s", diff)
		}
	})
}

// free describes all that is free on a date, for every party and zone.
func (s *testDesk) free(date booking.Date) []string {
	var free []string
	for _, channel := range []booking.Channel{booking.ByWeb, booking.ByStaff} {
		for party := 1; party <= s.r.PartyLimit; party++ {
			slots, err := s.Availability(ctx, booking.Query{Caller: booking.Caller{Channel: channel}, Date: date, Party: party})
			if err != nil {
				free = append(free, err.Error())
			}
			for _, slot := range slots {
				free = append(free, fmt.Sprintf("%s %d %s %s", channel, party, slot.Time, strings.Join(slot.Zones, ",")))
			}
		}
	}
	return free
}

func TestDatesAndTimesReadBackAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		d := booking.Date(rapid.IntRange(1, 60000).Draw(rt, "date"))
		if back := on(d.String()); back != d {
			rt.Fatalf("%s reads back as %s", d, back)
		}
		clock := booking.TimeOfDay(rapid.IntRange(int(booking.DayBegins), int(booking.DayEnds)-1).Draw(rt, "time"))
		if back := at(clock.String()); back != clock {
			rt.Fatalf("%s (%d) reads back as %d", clock, clock, back)
		}
		instant, exists := d.Instant(clock, madrid)
		if backDate, backTime := booking.ServiceDay(instant, madrid); exists && (backDate != d || backTime != clock) {
			rt.Fatalf("%s %s is %s, which is %s %s", d, clock, instant, backDate, backTime)
		}
	})
}

func TestCodesReadBackHoweverTheyAreSaid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		code := booking.CodeFrom(rapid.SliceOfN(rapid.Byte(), 4, 6).Draw(rt, "random"))
		spelled := strings.ToLower(strings.Join(strings.Split(code, ""), rapid.SampledFrom([]string{"", " ", "-", ". "}).Draw(rt, "between")))
		if back, ok := booking.ParseCode(spelled); !ok || back != code {
			rt.Fatalf("%q reads as %q, %v: want %q", spelled, back, ok, code)
		}
	})
	for _, none := range []string{"", "K7", "K7QFK7Q", "K7Q0", "K7Q'"} {
		if code, ok := booking.ParseCode(none); ok {
			t.Errorf("%q reads as the code %q", none, code)
		}
	}
}

package booking_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/booking"
)

var ctx = context.Background()

func TestTheBestSeatWastesLeastThenJoinsLeastThenGoesByPriority(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	for i, want := range []struct {
		party  int
		tables []string
	}{
		{2, []string{"I2"}}, // priority 1 before 2
		{2, []string{"I1"}},
		{2, []string{"B1"}}, // the high table last of the tables for two
		{2, []string{"T1"}}, // then two seats are wasted
		{2, nil},            // never at a table for three or more, nor at the walk-in table
		{4, []string{"I3"}},
		{6, nil}, // the combination's tables are taken; S1 is the staff's
	} {
		result, err := s.Book(ctx, tableRequest(i, "2026-11-26", "21:00", want.party))
		if want.tables == nil {
			if no := refusal(t, err); no.Reason != booking.Full {
				t.Errorf("party %d of %d: refused as %s, want full", i, want.party, no.Reason)
			}
			continue
		}
		if err != nil {
			t.Fatalf("party %d of %d: %v", i, want.party, err)
		}
		if diff := cmp.Diff(want.tables, result.Booking.Tables); diff != "" {
			t.Errorf("party %d of %d sits elsewhere (-want +got):\n%s", i, want.party, diff)
		}
	}
}

func TestACombinationSeatsALargePartyAndTheStaffTableTheStaff(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	if got := s.mustBook(tableRequest(1, "2026-11-26", "21:00", 6)).Tables; strings.Join(got, "+") != "I1+I2+I3" {
		t.Errorf("six guests at %v, want the combination", got)
	}
	r := tableRequest(2, "2026-11-26", "21:00", 6)
	r.Caller.Channel = booking.ByStaff
	if got := s.mustBook(r).Tables; got[0] != "S1" {
		t.Errorf("the staff's six at %v, want S1", got)
	}
}

func TestATableThatNeedsAWordComesWithIt(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	s.mustBook(tableRequest(1, "2026-11-26", "21:00", 2))
	s.mustBook(tableRequest(2, "2026-11-26", "21:00", 2))
	offer, err := s.Check(ctx, booking.Query{Caller: guest(3), Date: on("2026-11-26"), Party: 2, Zone: "interior"}, at("21:00"))
	if err != nil || offer.NeedsWord.In("es") != "mesa alta" {
		t.Errorf("offer %+v, %v: want the word about the high table", offer, err)
	}
	result, err := s.Book(ctx, tableRequest(3, "2026-11-26", "21:00", 2))
	if err != nil || result.NeedsWord.In("es") != "mesa alta" {
		t.Errorf("booked %+v, %v: want the word about the high table", result, err)
	}
}

func TestRefusalsSayWhyAndOfferWhatIsReal(t *testing.T) {
	t.Parallel()
	closed := smallRestaurant()
	closed.Closures = []booking.Closure{
		{From: on("2026-12-10"), To: on("2026-12-12"), Reason: text("obras")},
		{From: on("2026-12-17"), To: on("2026-12-17"), Services: []string{"dinner"}, Reason: text("evento")},
	}
	for _, c := range []struct {
		name   string
		change func(*booking.Request)
		want   booking.Refusal // Reason, Field, Problem
		offers int
	}{
		{"yesterday", func(r *booking.Request) { r.Date = on("2026-11-22") }, booking.Refusal{Reason: booking.Past}, 3},
		{"an hour ago", func(r *booking.Request) { r.Date, r.Time = on("2026-11-23"), at("12:00") }, booking.Refusal{Reason: booking.Past}, 3},
		{"in a quarter of an hour", func(r *booking.Request) { r.Date, r.Time = on("2026-11-23"), at("13:15") }, booking.Refusal{Reason: booking.TooSoon}, 3},
		{"next year", func(r *booking.Request) { r.Date = on("2027-11-22") }, booking.Refusal{Reason: booking.TooFar}, 0},
		{"no dinner on a Monday", func(r *booking.Request) { r.Date = on("2026-11-30") }, booking.Refusal{Reason: booking.Closed}, 3},
		{"closed for works", func(r *booking.Request) { r.Date = on("2026-12-11") }, booking.Refusal{Reason: booking.Closed}, 3},
		{"dinner closed for an event", func(r *booking.Request) { r.Date = on("2026-12-17") }, booking.Refusal{Reason: booking.Closed}, 3},
		{"between two steps", func(r *booking.Request) { r.Time = at("21:07") }, booking.Refusal{Reason: booking.Invalid, Field: "time", Problem: booking.BetweenSlot}, 3},
		{"nobody", func(r *booking.Request) { r.Party = 0 }, booking.Refusal{Reason: booking.Invalid, Field: "party", Problem: booking.Missing}, 0},
		{"less than nobody", func(r *booking.Request) { r.Party = -2 }, booking.Refusal{Reason: booking.Invalid, Field: "party", Problem: booking.Unclear}, 0},
		{"a coach party", func(r *booking.Request) { r.Party = 9 }, booking.Refusal{Reason: booking.TooLarge}, 0},
		{"no date", func(r *booking.Request) { r.Date = 0 }, booking.Refusal{Reason: booking.Invalid, Field: "date", Problem: booking.Missing}, 0},
		{"no such zone", func(r *booking.Request) { r.Zone = "azotea" }, booking.Refusal{Reason: booking.Invalid, Field: "zone", Problem: booking.Unknown}, 0},
		{"no name", func(r *booking.Request) { r.Name = "  " }, booking.Refusal{Reason: booking.Invalid, Field: "name", Problem: booking.Missing}, 0},
		{"a bell in the name", func(r *booking.Request) { r.Name = "Ana\a" }, booking.Refusal{Reason: booking.Invalid, Field: "name", Problem: booking.BadText}, 0},
		{"a name turned around", func(r *booking.Request) { r.Name = "Ana \u202eanA" }, booking.Refusal{Reason: booking.Invalid, Field: "name", Problem: booking.BadText}, 0},
		{"a name of a page", func(r *booking.Request) { r.Name = strings.Repeat("a", 81) }, booking.Refusal{Reason: booking.Invalid, Field: "name", Problem: booking.TooLong}, 0},
		{"notes of a novel", func(r *booking.Request) { r.Notes = strings.Repeat("a ", 501) }, booking.Refusal{Reason: booking.Invalid, Field: "notes", Problem: booking.TooLong}, 0},
		{"no number", func(r *booking.Request) { r.Caller.Phone = "" }, booking.Refusal{Reason: booking.Invalid, Field: "phone", Problem: booking.Missing}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, closed)
			r := tableRequest(1, "2026-11-26", "21:00", 2)
			c.change(&r)
			_, err := s.Book(ctx, r)
			no := refusal(t, err)
			if no.Reason != c.want.Reason || no.Field != c.want.Field || no.Problem != c.want.Problem {
				t.Errorf("refused with %v, want %v", no, &c.want)
			}
			if len(no.Alternatives) != c.offers {
				t.Errorf("%d alternatives, want %d: %v", len(no.Alternatives), c.offers, no.Alternatives)
			}
			for i, alt := range no.Alternatives {
				r := tableRequest(100+i, alt.Date.String(), alt.Time.String(), 2)
				s.mustBook(r)
			}
			if s.book.accepted != len(no.Alternatives) {
				t.Errorf("a refused request left %d entries", s.book.accepted-len(no.Alternatives))
			}
		})
	}
}

func TestAlternativesAreNearestFirstAndNameAnotherZone(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	s.mustBook(tableRequest(1, "2026-11-26", "21:00", 4)) // I3
	r := tableRequest(2, "2026-11-26", "21:00", 4)
	r.Zone = "interior"
	_, err := s.Book(ctx, r)
	want := []booking.Alternative{
		{Date: on("2026-11-26"), Time: at("21:00"), Zone: "terraza"},
		{Date: on("2026-11-26"), Time: at("20:45"), Zone: "terraza"},
		{Date: on("2026-11-26"), Time: at("21:15"), Zone: "terraza"},
	}
	if diff := cmp.Diff(want, refusal(t, err).Alternatives); diff != "" {
		t.Errorf("alternatives (-want +got):\n%s", diff)
	}
	s.mustBook(tableRequest(3, "2026-11-26", "21:00", 4)) // T1
	_, err = s.Book(ctx, tableRequest(4, "2026-11-26", "21:00", 4))
	want = []booking.Alternative{ // 23:00 is the first dinner that both leave room for; one lunch; then the day after
		{Date: on("2026-11-26"), Time: at("23:00")},
		{Date: on("2026-11-26"), Time: at("15:30")},
		{Date: on("2026-11-27"), Time: at("21:00")},
	}
	if diff := cmp.Diff(want, refusal(t, err).Alternatives); diff != "" {
		t.Errorf("alternatives (-want +got):\n%s", diff)
	}
}

func TestARepeatInOtherWordsIsTheSameBooking(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	r := tableRequest(1, "2026-11-26", "21:00", 2)
	r.Caller.CallID = "call-1"
	r.Reply = booking.Reply{Key: "k1", Say: func(booking.Result) []byte { return []byte("a1") }}
	first := s.mustBook(r)
	if first.MadeBy != "k1" || string(s.book.answers["k1"]) != "a1" {
		t.Errorf("made by %q, answer %q: want the answer kept with the booking", first.MadeBy, s.book.answers["k1"])
	}
	for name, change := range map[string]func(*booking.Request){
		"same number, another call":  func(r *booking.Request) { r.Caller.CallID = "call-2" },
		"same call, another number":  func(r *booking.Request) { r.Phone = "+34600999999" },
		"same call, number withheld": func(r *booking.Request) { r.Caller.Phone, r.Phone = "", r.Caller.Phone },
	} {
		again := r
		change(&again)
		result, err := s.Book(ctx, again)
		if err != nil || !result.Repeated || result.Booking.ID != first.ID {
			t.Errorf("%s: %+v, %v: want the first booking once more", name, result, err)
		}
	}
	for name, caller := range map[string]booking.Caller{
		"another caller who says the number": {Channel: booking.ByPhone, Phone: "+34600999999", CallID: "call-3"},
		"a hidden caller who says it":        {Channel: booking.ByPhone, CallID: "call-4"},
	} {
		again := r
		again.Phone, again.Caller = r.Caller.Phone, caller
		result, err := s.Book(ctx, again)
		if no := refusal(t, err); no.Reason != booking.NotAllowed || result.Booking.Code != "" {
			t.Errorf("%s: %v, %+v: want to be asked for the code, not told it", name, no, result)
		}
	}
	if _, err := s.Cancel(ctx, booking.Cancellation{Who: booking.Who{Caller: r.Caller}}); err != nil {
		t.Fatal(err)
	}
	if result, err := s.Book(ctx, r); err != nil || result.Repeated || result.Booking.ID == first.ID {
		t.Errorf("after a cancellation: %+v, %v: want a new booking", result, err)
	}
}

func TestABookingUnderASaidNumberIsRepeatedToWhoSaysItAgain(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	r := tableRequest(1, "2026-11-26", "21:00", 2)
	r.Phone, r.Caller = "+34600111111", booking.Caller{Channel: booking.ByPhone, CallID: "web-1"}
	first := s.mustBook(r)
	r.Caller.CallID = "web-2"
	if result, err := s.Book(ctx, r); err != nil || !result.Repeated || result.Booking.ID != first.ID {
		t.Errorf("%+v, %v: want the first booking once more", result, err)
	}
}

// On a page anybody can type anybody's number: a repeat gets the answer only with the same
// name and number.
func TestOnAPageARepeatNeedsTheSameNameAndNumber(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	typed := func(n int, name string) booking.Request {
		r := tableRequest(n, "2026-11-26", "21:00", 2)
		r.Phone, r.Name, r.Caller = r.Caller.Phone, name, booking.Caller{Channel: booking.ByWeb}
		return r
	}
	first := s.mustBook(typed(1, "Ana García"))
	if result, err := s.Book(ctx, typed(1, " ana  garcía ")); err != nil || !result.Repeated || result.Booking.ID != first.ID {
		t.Errorf("%+v, %v: want the first booking once more", result, err)
	}
	s.mustBook(tableRequest(2, "2026-11-26", "21:00", 2)) // by phone, from that number
	for name, r := range map[string]booking.Request{
		"another name":                 typed(1, "Berta"),
		"a number that called by name": typed(2, tableRequest(2, "2026-11-26", "21:00", 2).Name),
	} {
		result, err := s.Book(ctx, r)
		no := refusal(t, err)
		if no.Reason != booking.NotAllowed || no.Problem != booking.Doubled || no.Date != r.Date || no.Time != r.Time || no.Party != 2 || result.Booking.Code != "" {
			t.Errorf("%s: %+v, %+v: want neither another booking nor that one", name, no, result)
		}
	}
	if s.book.accepted != 2 {
		t.Errorf("%d bookings, want 2", s.book.accepted)
	}
}

// A slot that has gone by is not shown as taken.
func TestASlotThatHasGoneByIsNotTaken(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant()) // its clock shows 13:00
	slots, err := s.Availability(ctx, booking.Query{Caller: guest(1), Date: on("2026-11-23"), Party: 2})
	if err != nil {
		t.Fatal(err)
	}
	gone, free := 0, 0
	for _, slot := range slots {
		switch {
		case slot.Gone && slot.Available():
			t.Errorf("%s is gone and can be booked", slot.Time)
		case slot.Gone:
			gone++
		case slot.Available():
			free++
		}
	}
	if gone == 0 || free == 0 {
		t.Errorf("%d gone and %d free, want some of both: %v", gone, free, slots)
	}
}

func TestNGuestsForTheLastTableMakeOneBooking(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	s.mustBook(tableRequest(1, "2026-11-26", "21:00", 4))
	var wg sync.WaitGroup
	results := make([]error, 200)
	for i := range results {
		wg.Go(func() {
			r := tableRequest(10+i, "2026-11-26", "21:00", 4)
			r.Caller.Channel = []booking.Channel{booking.ByPhone, booking.ByWhatsApp, booking.ByWeb}[i%3]
			_, results[i] = s.Book(ctx, r)
		})
	}
	wg.Wait()
	booked := 0
	for _, err := range results {
		if err == nil {
			booked++
			continue
		}
		if no := refusal(t, err); no.Reason != booking.Full || len(no.Alternatives) != 3 {
			t.Errorf("refused with %v and %d alternatives, want full and 3", no, len(no.Alternatives))
		}
	}
	if booked != 1 {
		t.Errorf("%d bookings of the last table, want 1", booked)
	}
}

func TestOnlyTheGuestsOwnBookingsAreSeenAndChanged(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	b := s.mustBook(tableRequest(1, "2026-11-26", "21:00", 2))
	hidden := booking.Caller{Channel: booking.ByPhone}
	for _, c := range []struct {
		name string
		who  booking.Who
		want booking.Reason // empty: allowed
	}{
		{"own number", booking.Who{Caller: guest(1)}, ""},
		{"own number said", booking.Who{Caller: guest(1), Phone: b.Phone}, ""},
		{"own number and code, in lower case", booking.Who{Caller: guest(1), Code: strings.ToLower(b.Code)}, ""},
		{"another number said, with the code", booking.Who{Caller: guest(2), Phone: b.Phone, Code: b.Code}, ""},
		{"withheld number, number and code said", booking.Who{Caller: hidden, Phone: b.Phone, Code: b.Code}, ""},
		{"another number said, no code", booking.Who{Caller: guest(2), Phone: b.Phone}, booking.NotAllowed},
		{"withheld number, number said, no code", booking.Who{Caller: hidden, Phone: b.Phone}, booking.NotAllowed},
		{"withheld number", booking.Who{Caller: hidden}, booking.Invalid},
		{"code alone from another number", booking.Who{Caller: guest(2), Code: b.Code}, booking.NotFound},
		{"code alone, number withheld", booking.Who{Caller: hidden, Code: b.Code}, booking.NotFound},
		{"wrong code", booking.Who{Caller: guest(1), Code: "2222"}, booking.NotFound},
		{"no code at all", booking.Who{Caller: guest(1), Code: "!!"}, booking.NotFound},
		{"nobody's number", booking.Who{Caller: guest(3)}, booking.NotFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, err := s.Lookup(ctx, c.who)
			if c.want == "" {
				if err != nil || len(found) != 1 || found[0].ID != b.ID {
					t.Fatalf("found %v, %v: want the booking", found, err)
				}
				return
			}
			if no := refusal(t, err); no.Reason != c.want {
				t.Errorf("refused as %s, want %s", no.Reason, c.want)
			}
			party := 1
			if _, err := s.Change(ctx, booking.Change{Who: c.who, Party: &party}); err == nil {
				t.Error("a stranger changed the booking")
			}
			if _, err := s.Cancel(ctx, booking.Cancellation{Who: c.who}); err == nil {
				t.Error("a stranger cancelled the booking")
			}
		})
	}
}

func TestALinkOpensItsBookingAndNoOther(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	b, other := s.mustBook(tableRequest(1, "2026-11-26", "21:00", 2)), s.mustBook(tableRequest(2, "2026-11-26", "21:00", 2))
	link, web := s.Link(b), booking.Caller{Channel: booking.ByWeb}
	code, seal, _ := strings.Cut(link, "-")
	if code != b.Code || len(seal) < 24 || s.Link(other) == link || strings.Contains(link, b.ID) {
		t.Fatalf("link %q of %s", link, b.Code)
	}
	for name, bad := range map[string]string{
		"the code alone": b.Code, "no seal": b.Code + "-", "another's seal": other.Code + "-" + seal, "a letter too few": link[:len(link)-1],
		"a letter too many": link + "a", "another letter": link[:len(link)-1] + string(link[len(link)-1]^1), "nothing": "-", "in capitals": strings.ToUpper(link),
	} {
		who := booking.Who{Caller: web, Link: bad}
		if found, err := s.Lookup(ctx, who); refusal(t, err).Reason != booking.NotFound || found != nil {
			t.Errorf("%s: %v, %v", name, found, err)
		}
		if _, err := s.Cancel(ctx, booking.Cancellation{Who: who}); refusal(t, err).Reason != booking.NotFound {
			t.Errorf("%s cancels", name)
		}
	}
	who, party := booking.Who{Caller: web, Link: link}, 1
	if found, err := s.Lookup(ctx, who); err != nil || len(found) != 1 || found[0].ID != b.ID {
		t.Errorf("%v, %v", found, err)
	}
	if result, err := s.Change(ctx, booking.Change{Who: who, Party: &party}); err != nil || result.Booking.ID != b.ID || result.Booking.Party != 1 {
		t.Errorf("%+v, %v", result, err)
	}
	if result, err := s.Cancel(ctx, booking.Cancellation{Who: who}); err != nil || result.Booking.Status != booking.Cancelled {
		t.Errorf("%+v, %v", result, err)
	}
	keyless := booking.NewDesk(booking.Config{Restaurant: s.r, Ledger: s.book, Clock: s.clock})
	if _, err := keyless.Lookup(ctx, who); keyless.Link(b) != "" || refusal(t, err).Reason != booking.NotFound {
		t.Errorf("a desk without a key: %q, %v", keyless.Link(b), err)
	}
}

func TestWithSeveralBookingsTheDeskAsksWhich(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	first := s.mustBook(tableRequest(1, "2026-11-26", "21:00", 2))
	s.mustBook(tableRequest(1, "2026-11-27", "21:00", 2))
	_, err := s.Cancel(ctx, booking.Cancellation{Who: booking.Who{Caller: guest(1)}})
	no := refusal(t, err)
	if no.Reason != booking.Invalid || no.Field != "code" || no.Problem != booking.Ambiguous || len(no.Which) != 2 {
		t.Fatalf("refused with %v among %d, want to be asked which of 2", no, len(no.Which))
	}
	result, err := s.Cancel(ctx, booking.Cancellation{Who: booking.Who{Caller: guest(1), Date: on("2026-11-26")}})
	if err != nil || result.Booking.ID != first.ID || result.Booking.Status != booking.Cancelled {
		t.Errorf("%+v, %v: want the one of the 26th cancelled", result.Booking, err)
	}
}

func TestAChangeMovesOrLeavesEverythingAsItWas(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	b := s.mustBook(tableRequest(1, "2026-11-26", "21:00", 4))
	s.mustBook(tableRequest(2, "2026-11-27", "21:00", 4))
	s.mustBook(tableRequest(3, "2026-11-27", "21:00", 4))
	friday, saturday, later := on("2026-11-27"), on("2026-11-28"), at("21:30")

	_, err := s.Change(ctx, booking.Change{Who: booking.Who{Caller: guest(1)}, Date: &friday})
	no := refusal(t, err)
	if no.Reason != booking.Full || no.Unchanged == nil || no.Unchanged.ID != b.ID || len(no.Alternatives) == 0 {
		t.Errorf("refused with %+v: want full, alternatives, and the unchanged booking", no)
	}
	if still, _ := s.Lookup(ctx, booking.Who{Caller: guest(1)}); still[0].Date != b.Date {
		t.Errorf("a refused change left %+v", still[0])
	}

	notes := "trona\npara el niño"
	result, err := s.Change(ctx, booking.Change{Who: booking.Who{Caller: guest(1)}, Notes: &notes})
	if err != nil || result.Booking.Notes != "trona para el niño" || result.Booking.Tables[0] != b.Tables[0] {
		t.Errorf("%+v, %v: want the note on the same table", result.Booking, err)
	}
	if result, err = s.Change(ctx, booking.Change{Who: booking.Who{Caller: guest(1)}, Time: &later}); err != nil || result.Booking.Time != later {
		t.Errorf("half an hour later, over its own table: %+v, %v", result.Booking, err)
	}
	if result, err = s.Change(ctx, booking.Change{Who: booking.Who{Caller: guest(1)}, Date: &saturday}); err != nil || result.Booking.Date != saturday ||
		result.Was.Date != b.Date || result.Booking.Code != b.Code || result.Booking.ID != b.ID {
		t.Errorf("moved to Saturday: %+v, %v", result, err)
	}
	if result, err = s.Change(ctx, booking.Change{Who: booking.Who{Caller: guest(1)}, Date: &saturday}); err != nil || !result.Repeated {
		t.Errorf("moved to where it is: %+v, %v: want it repeated", result, err)
	}
	if _, err = s.Change(ctx, booking.Change{Who: booking.Who{Caller: guest(1)}}); refusal(t, err).Problem != booking.Unchanged {
		t.Errorf("a change of nothing: %v", err)
	}
	s.mustBook(tableRequest(4, "2026-11-26", "21:00", 4)) // what it left is free again
	s.mustBook(tableRequest(5, "2026-11-26", "21:00", 4))
}

func TestTheMovesOfABookingsLife(t *testing.T) {
	t.Parallel()
	allowed := map[string]bool{
		"pre_booked>confirmed": true, "pre_booked>seated": true, "pre_booked>cancelled": true, "pre_booked>no_show": true,
		"confirmed>seated": true, "confirmed>cancelled": true, "confirmed>no_show": true,
		"seated>completed": true, "no_show>seated": true,
	}
	for _, from := range booking.Statuses() {
		for _, to := range booking.Statuses() {
			if move := string(from) + ">" + string(to); from.MayBecome(to) != allowed[move] {
				t.Errorf("%s: allowed %v, want %v", move, from.MayBecome(to), allowed[move])
			}
		}
	}
}

func TestAGuestConfirmsOrDeclines(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	r := tableRequest(1, "2026-11-26", "21:00", 2)
	r.PreBook = true
	if b := s.mustBook(r); b.Status != booking.PreBooked {
		t.Fatalf("status %s, want pre_booked", b.Status)
	}
	yes := booking.Confirmation{Who: booking.Who{Caller: guest(1)}, Confirmed: true}
	if result, err := s.Confirm(ctx, yes); err != nil || result.Booking.Status != booking.Confirmed {
		t.Errorf("%+v, %v: want it confirmed", result, err)
	}
	if result, err := s.Confirm(ctx, yes); err != nil || !result.Repeated {
		t.Errorf("%+v, %v: want it confirmed already", result, err)
	}
	no := booking.Confirmation{Who: booking.Who{Caller: guest(1)}}
	if result, err := s.Confirm(ctx, no); err != nil || result.Booking.Status != booking.Cancelled {
		t.Errorf("%+v, %v: want it cancelled", result, err)
	}
}

func TestAnAnswerIsNeverGivenForWhatIsNotKept(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	b := s.mustBook(tableRequest(1, "2026-11-26", "21:00", 2))
	s.book.fail = fmt.Errorf("%w: disk full", booking.ErrNotKept)
	_, err := s.Book(ctx, tableRequest(2, "2026-11-26", "21:00", 2))
	if no := refusal(t, err); no.Reason != booking.Failed || !errors.Is(no, booking.ErrNotKept) {
		t.Errorf("refused with %v, want temporary_failure because of the disk", no)
	}
	_, err = s.Cancel(ctx, booking.Cancellation{Who: booking.Who{Caller: guest(1)}})
	if no := refusal(t, err); no.Reason != booking.Failed || no.Unchanged == nil || no.Unchanged.ID != b.ID {
		t.Errorf("refused with %+v, want the unchanged booking", no)
	}
}

func TestPacingCountsCoversBySlotAndChannel(t *testing.T) {
	t.Parallel()
	r := smallRestaurant()
	r.Pacing = booking.Pacing{All: 6, Online: 4}
	s := open(t, r)
	s.mustBook(tableRequest(1, "2026-11-26", "21:00", 2))
	s.mustBook(tableRequest(2, "2026-11-26", "21:00", 2))
	if _, err := s.Book(ctx, tableRequest(3, "2026-11-26", "21:00", 2)); refusal(t, err).Reason != booking.Full {
		t.Errorf("a fifth cover online: %v", err)
	}
	s.mustBook(tableRequest(4, "2026-11-26", "21:15", 2))
	staff := tableRequest(5, "2026-11-26", "21:00", 2)
	staff.Caller.Channel = booking.ByStaff
	s.mustBook(staff)
	staff = tableRequest(6, "2026-11-26", "21:00", 1)
	staff.Caller.Channel = booking.ByStaff
	if _, err := s.Book(ctx, staff); refusal(t, err).Reason != booking.Full {
		t.Errorf("a seventh cover by the staff: %v", err)
	}
}

func TestPastMidnightBelongsToTheEveningBefore(t *testing.T) {
	t.Parallel()
	r := smallRestaurant()
	r.Services[1].Last, r.Services[1].RoomCloses = at("00:30"), at("02:30")
	s := open(t, r)
	b := s.mustBook(tableRequest(1, "2026-11-26", "00:30", 2))
	want := time.Date(2026, 11, 27, 0, 30, 0, 0, madrid)
	if !b.Start.Equal(want) || b.Date != on("2026-11-26") || b.Time.String() != "00:30" {
		t.Errorf("booked %s %s at %s, want the evening of the 26th, %s", b.Date, b.Time, b.Start, want)
	}
	s.clock.set(time.Date(2026, 11, 27, 0, 10, 0, 0, madrid))
	if today := s.Today(); today != on("2026-11-26") {
		t.Errorf("at ten past midnight today is %s, want still the 26th", today)
	}
	if found, err := s.Lookup(ctx, booking.Who{Caller: guest(1)}); err != nil || len(found) != 1 {
		t.Errorf("at ten past midnight: %v, %v: want the booking of tonight", found, err)
	}
}

func TestNightsOfTheClockChanges(t *testing.T) {
	t.Parallel()
	r := smallRestaurant()
	r.Horizon = 700
	r.Services[1].Last, r.Services[1].RoomCloses = at("03:30"), at("05:45")
	s := open(t, r)
	slots, err := s.Availability(ctx, booking.Query{Caller: guest(1), Date: on("2027-03-27"), Party: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, slot := range slots {
		if c := slot.Time.String(); c >= "02:00" && c < "03:00" {
			t.Errorf("offered %s in the night in which no clock shows it", c)
		}
	}
	spring := s.mustBook(tableRequest(1, "2027-03-27", "01:45", 2))
	if got := spring.End.In(madrid).Format("15:04"); got != "04:15" {
		t.Errorf("ninety minutes from 01:45 end at %s in the spring night, want 04:15", got)
	}
	autumn := s.mustBook(tableRequest(2, "2027-10-30", "02:30", 2))
	if got := autumn.Start.UTC().Format("15:04"); got != "00:30" {
		t.Errorf("02:30 comes twice in the autumn night; booked %s UTC, want the first, 00:30", got)
	}
	if got := autumn.End.In(madrid).Format("15:04"); got != "03:00" {
		t.Errorf("ninety minutes from the first 02:30 end at %s, want 03:00", got)
	}
}

func TestAChangeMayUseTheTableItHas(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	s.mustBook(tableRequest(1, "2026-11-26", "21:00", 4))
	s.mustBook(tableRequest(2, "2026-11-26", "21:00", 4)) // nothing is left for four
	later := at("21:45")
	result, err := s.Change(ctx, booking.Change{Who: booking.Who{Caller: guest(1)}, Time: &later})
	if err != nil || result.Booking.Tables[0] != "I3" {
		t.Errorf("%+v, %v: want to stay at I3, three quarters of an hour later", result.Booking, err)
	}
}

// TestACancelledBookingStaysCancelledWhenMoved lets a cancellation and a move to
// another date race. The booking ends cancelled either way.
func TestACancelledBookingStaysCancelledWhenMoved(t *testing.T) {
	t.Parallel()
	friday := on("2026-11-27")
	for range 300 {
		s := open(t, smallRestaurant())
		s.mustBook(tableRequest(1, "2026-11-26", "21:00", 2))
		var wg sync.WaitGroup
		var cancelled error
		wg.Go(func() { _, cancelled = s.Cancel(ctx, booking.Cancellation{Who: booking.Who{Caller: guest(1)}}) })
		wg.Go(func() {
			_, _ = s.Change(ctx, booking.Change{Who: booking.Who{Caller: guest(1)}, Date: &friday})
		})
		wg.Wait()
		if b := s.book.all()[0]; cancelled != nil || b.Status != booking.Cancelled {
			t.Fatalf("cancelled (%v), and yet %s on %s", cancelled, b.Status, b.Date)
		}
	}
}

// TestCodesBecomeLongerWhenTheyRunOut gives every guest the same few codes to draw from.
func TestCodesBecomeLongerWhenTheyRunOut(t *testing.T) {
	t.Parallel()
	r := smallRestaurant()
	m, draws := newMemory(), 0
	desk := booking.NewDesk(booking.Config{
		Restaurant: r, Ledger: m, Journal: m, Locks: m, Clock: &testClock{now: time.Date(2026, 11, 23, 13, 0, 0, 0, madrid)},
		NewID:   func(time.Time) string { draws++; return fmt.Sprintf("B%04d", draws) },
		NewCode: func(n int) string { draws++; return booking.CodeFrom(bytes.Repeat([]byte{byte(draws % 2)}, n)) },
	})
	var lengths []int
	for i := range 6 {
		result, err := desk.Book(ctx, tableRequest(i, on("2026-11-24").AddDays(i).String(), "14:00", 2))
		if err != nil {
			t.Fatalf("booking %d: %v", i, err)
		}
		lengths = append(lengths, len(result.Booking.Code))
	}
	if diff := cmp.Diff([]int{4, 4, 5, 5, 6, 6}, lengths); diff != "" {
		t.Errorf("lengths of codes (-want +got):\n%s", diff)
	}
	if _, err := desk.Book(ctx, tableRequest(9, "2026-12-20", "14:00", 2)); refusal(t, err).Reason != booking.Failed {
		t.Errorf("with every code taken: %v", err)
	}
}

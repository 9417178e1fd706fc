package catalogue_test

import (
	"strings"

	"maitre/booking"
	"maitre/booking/catalogue"
)

func results(c *catalogue.Catalogue, lang booking.Lang) []said {
	high := text("mesa alta con taburetes", "a high table with stools")
	preBooked := with(func(b *booking.Booking) { b.Status = booking.PreBooked })
	cancelled := with(func(b *booking.Booking) { b.Status = booking.Cancelled })
	unreachable := with(func(b *booking.Booking) { b.Phone = "" })
	tonight := with(func(b *booking.Booking) { b.Date, b.Time, b.Party = on("2026-11-23"), at("01:30"), 1 })
	late := with(func(b *booking.Booking) { b.Date, b.Time, b.Zone = on("2026-11-27"), at("00:30"), "interior" })
	tomorrow := with(func(b *booking.Booking) {
		b.Date, b.Time, b.Zone, b.Name = on("2026-11-24"), at("13:00"), "", ""
	})
	nextYear := with(func(b *booking.Booking) { b.Date = on("2027-12-24") })
	before := with(func(b *booking.Booking) { b.Notes = "celíaca" })
	noted := with(func(b *booking.Booking) { b.Notes = "celíaca; una trona" })
	ok := func(b booking.Booking) booking.Result {
		return booking.Result{Booking: b, State: booking.Written}
	}
	pending := func(b booking.Booking) booking.Result { return booking.Result{Booking: b} }
	again := func(r booking.Result) booking.Result { r.Repeated = true; return r }
	word := booking.Result{Booking: ana(), State: booking.Written, NeedsWord: high, Until: at("22:45")}
	n := now()
	return []said{
		{"booked", c.Booked(lang, n, ok(ana()))},
		{"booked: a table that needs a word, first seating", c.Booked(lang, n, word)},
		{"booked: tonight after midnight, alone", c.Booked(lang, n, ok(tonight))},
		{"booked: after midnight", c.Booked(lang, n, ok(late))},
		{"booked: tomorrow, no zone, no name", c.Booked(lang, n, ok(tomorrow))},
		{"booked: in more than a year", c.Booked(lang, n, ok(nextYear))},
		{"booked: pending", c.Booked(lang, n, pending(ana()))},
		{"booked: pending, no phone", c.Booked(lang, n, pending(unreachable))},
		{"booked: pending, held", c.Booked(lang, n, pending(preBooked))},
		{"booked: held until confirmed", c.Booked(lang, n, ok(preBooked))},
		{"booked: repeated", c.Booked(lang, n, again(ok(ana())))},
		{"booked: repeated, pending", c.Booked(lang, n, again(pending(ana())))},
		{"booked: repeated, held", c.Booked(lang, n, again(ok(preBooked)))},
		{"booked: repeated, cancelled since", c.Booked(lang, n, again(ok(cancelled)))},
		{"booked: repeated, its cancellation pending", c.Booked(lang, n, again(pending(cancelled)))},
		{"booked: with a note", c.Booked(lang, n, ok(noted))},
		{"changed", c.Changed(lang, n, ok(ana()))},
		{"changed: a note added", c.Changed(lang, n, booking.Result{Booking: noted, Was: &before, State: booking.Written})},
		{"changed: a table that needs a word, first seating", c.Changed(lang, n, word)},
		{"changed: held", c.Changed(lang, n, ok(preBooked))},
		{"changed: pending", c.Changed(lang, n, pending(ana()))},
		{"changed: pending, no phone", c.Changed(lang, n, pending(unreachable))},
		{"changed: repeated", c.Changed(lang, n, again(ok(ana())))},
		{"cancelled", c.Cancelled(lang, n, ok(cancelled))},
		{"cancelled: after midnight", c.Cancelled(lang, n, ok(late))},
		{"cancelled: pending", c.Cancelled(lang, n, pending(cancelled))},
		{"cancelled: pending, no phone", c.Cancelled(lang, n, pending(unreachable))},
		{"cancelled: repeated", c.Cancelled(lang, n, again(ok(cancelled)))},
		{"confirmed", c.Confirmed(lang, n, ok(ana()))},
		{"confirmed: pending", c.Confirmed(lang, n, pending(ana()))},
		{"confirmed: repeated", c.Confirmed(lang, n, again(ok(ana())))},
		{"declined", c.Declined(lang, n, ok(cancelled))},
		{"declined: pending", c.Declined(lang, n, pending(cancelled))},
	}
}

func readings(c *catalogue.Catalogue, lang booking.Lang) []said {
	second := with(func(b *booking.Booking) {
		b.Code, b.Date, b.Time, b.Party, b.Status = "M3XT", on("2027-01-02"), at("14:00"), 1, booking.PreBooked
	})
	third := with(func(b *booking.Booking) {
		b.Code, b.Date, b.Zone, b.Status = "R9CP", on("2027-01-06"), "barra", booking.Processing
	})
	offer := booking.Offer{Date: on("2026-12-24"), Time: at("21:00"), Party: 4, Zone: "terraza",
		Zones: []string{"terraza", "interior", "barra"}}
	word := offer
	word.NeedsWord, word.Until = text("Es una mesa alta con taburetes.", "It is a high table with stools."), at("01:00")
	alone := booking.Offer{Date: on("2026-11-23"), Time: at("21:00"), Party: 1}
	q := booking.Query{Date: on("2026-12-24"), Party: 4}
	onTerrace := q
	onTerrace.Zone = "terraza"
	onSofas := q
	onSofas.Zone = "sofas"
	today := booking.Query{Date: on("2026-11-23"), Party: 2}
	friday := booking.Query{Date: on("2026-11-27"), Party: 2}
	n := now()
	return []said{
		{"found: none", c.Found(lang, n, nil)},
		{"found: one", c.Found(lang, n, []booking.Booking{ana()})},
		{"found: one, with notes", c.Found(lang, n, []booking.Booking{with(func(b *booking.Booking) { b.Notes = "celíaca; una trona." })})},
		{"found: one, held", c.Found(lang, n, []booking.Booking{second})},
		{"found: one, processing", c.Found(lang, n, []booking.Booking{third})},
		{"found: one, seated", c.Found(lang, n, []booking.Booking{with(func(b *booking.Booking) { b.Status = booking.Seated })})},
		{"found: two", c.Found(lang, n, []booking.Booking{ana(), second})},
		{"found: three", c.Found(lang, n, []booking.Booking{ana(), second, third})},
		{"found: five", c.Found(lang, n, []booking.Booking{ana(), second, third, ana(), ana()})},
		{"found: six", c.Found(lang, n, []booking.Booking{ana(), second, third, ana(), ana(), ana()})},
		{"offered", c.Offered(lang, n, offer)},
		{"offered: a word, a first seating", c.Offered(lang, n, word)},
		{"offered: alone, today, a restaurant without zones", c.Offered(lang, n, alone)},
		{"slots: lunch and dinner", c.Slots(lang, n, q, free("13:00 13:15 13:30 13:45 14:00 15:00 20:30 20:45 22:00"))},
		{"slots: dinner only", c.Slots(lang, n, q, free("21:00 21:15"))},
		{"slots: on the terrace", c.Slots(lang, n, onTerrace, free("21:00 21:15 21:30 21:45"))},
		{"slots: not on the sofas, but elsewhere", c.Slots(lang, n, onSofas, free("21:00"))},
		{"slots: today, none", c.Slots(lang, n, today, []booking.Slot{{Time: at("14:00")}})},
		{"slots: past midnight", c.Slots(lang, n, friday, free("23:00 23:45 00:30 01:00 01:30"))},
		{"slots: past midnight only", c.Slots(lang, n, friday, free("00:30 01:00"))},
		{"slots: across midnight", c.Slots(lang, n, friday, free("23:30 23:45 00:00 00:15"))},
		{"a day", c.Day(lang, n, on("2026-12-24"))},
		{"a day: today", c.Day(lang, n, on("2026-11-23"))},
		{"a time", c.When(lang, n, on("2026-12-24"), at("13:00"))},
		{"a time: one o'clock tomorrow night", c.When(lang, n, on("2026-11-24"), at("01:00"))},
		{"a party", c.Party(lang, 1)},
		{"a zone", c.Zone(lang, "terraza") + " / " + c.InZone(lang, "terraza")},
	}
}

func free(times string) []booking.Slot {
	var slots []booking.Slot
	for s := range strings.FieldsSeq(times) {
		slots = append(slots, booking.Slot{Time: at(s), Zones: []string{"terraza", "interior"}})
	}
	return slots
}

func refusals(c *catalogue.Catalogue, lang booking.Lang) []said {
	asked := booking.Refusal{Date: on("2026-12-24"), Time: at("21:00"), HasTime: true, Party: 4}
	three := []booking.Alternative{
		{Date: on("2026-12-24"), Time: at("21:30")},
		{Date: on("2026-12-24"), Time: at("22:00"), Zone: "interior"},
		{Date: on("2026-12-25"), Time: at("21:00")},
	}
	day := func(r *booking.Refusal) { r.HasTime = false }
	offering := func(alternatives ...booking.Alternative) func(*booking.Refusal) {
		return func(r *booking.Refusal) { r.Alternatives = alternatives }
	}
	because := func(es, en string) func(*booking.Refusal) {
		return func(r *booking.Refusal) { r.Closure = text(es, en) }
	}
	state := func(r *booking.Refusal) { b := ana(); r.Unchanged = &b }
	unchangedAs := func(status booking.Status) func(*booking.Refusal) {
		return func(r *booking.Refusal) { b := with(func(b *booking.Booking) { b.Status = status }); r.Unchanged = &b }
	}
	open := func(hours ...booking.ServiceHours) func(*booking.Refusal) {
		return func(r *booking.Refusal) { r.Hours = hours }
	}
	problem := func(p booking.Problem) func(*booking.Refusal) { return func(r *booking.Refusal) { r.Problem = p } }
	field := func(f string) func(*booking.Refusal) { return func(r *booking.Refusal) { r.Field = f } }
	say := func(name string, reason booking.Reason, changes ...func(*booking.Refusal)) said {
		r := asked
		r.Reason = reason
		for _, change := range changes {
			change(&r)
		}
		return said{name, c.Refused(lang, now(), &r)}
	}
	at5 := func(r *booking.Refusal) { r.Time = at("17:00") }
	terrace := func(r *booking.Refusal) { r.Zone = "terraza" }
	friday := func(r *booking.Refusal) { r.Date, r.Time = on("2026-11-27"), at("23:00") }
	past := func(r *booking.Refusal) { r.Date = on("2026-11-21") }
	today := func(r *booking.Refusal) { r.Date, r.Time = on("2026-11-23"), at("13:15") }
	inAYear := func(r *booking.Refusal) { r.Date = on("2027-12-24") }
	return []said{
		say("full, three alternatives", booking.Full, offering(three...)),
		say("full, one alternative", booking.Full, offering(three[0])),
		say("full, none", booking.Full),
		say("full on the terrace, then the terrace after the dining room", booking.Full, terrace, offering(three[1], three[0])),
		say("full, the whole day", booking.Full, day, offering(three[2], booking.Alternative{Date: on("2026-12-25"), Time: at("21:30")})),
		say("full, later that night", booking.Full, friday, offering(booking.Alternative{Date: on("2026-11-27"), Time: at("22:45")}, booking.Alternative{Date: on("2026-11-27"), Time: at("00:30")}, booking.Alternative{Date: on("2026-11-28"), Time: at("00:15")})),
		say("full, a change refused", booking.Full, state, offering(three[0])),
		say("full, today", booking.Full, today),
		say("closed, no reason", booking.Closed, day),
		say("closed, a reason", booking.Closed, because("fiesta privada", "private party"), offering(three[2])),
		say("closed, a reason with its own 'for'", booking.Closed, because("Por descanso del personal.", "For a staff holiday.")),
		say("closed, a reason that is a sentence", booking.Closed, because("Cerramos por vacaciones.", "We are on holiday.")),
		say("closed at that time", booking.Closed, at5, open(lunch, dinner), offering(three...)),
		say("closed at that time, two seatings", booking.Closed, at5, open(lunch, lateDinner)),
		say("between two seatings", booking.Closed, func(r *booking.Refusal) { r.Time = at("22:00") }, open(lunch, lateDinner)),
		say("closed, dinner only", booking.Closed, because("Nochebuena", "Christmas Eve"), open(lunch)),
		say("past", booking.Past, past),
		say("past, today", booking.Past, today, offering(booking.Alternative{Date: on("2026-11-23"), Time: at("13:30")})),
		say("past, a day", booking.Past, past, day),
		say("past, today, no time", booking.Past, today, day),
		say("past, no date", booking.Past, func(r *booking.Refusal) { r.Date, r.HasTime = 0, false }),
		say("too soon", booking.TooSoon, today),
		say("too soon, alternatives", booking.TooSoon, today, offering(booking.Alternative{Date: on("2026-11-23"), Time: at("14:00")})),
		say("too far", booking.TooFar, inAYear),
		say("too large", booking.TooLarge),
		say("too large, a change refused", booking.TooLarge, state),
		say("not found", booking.NotFound),
		say("not found by code", booking.NotFound, field("code")),
		say("not found by phone", booking.NotFound, field("phone")),
		say("not allowed", booking.NotAllowed),
		say("not allowed, doubled", booking.NotAllowed, problem(booking.Doubled)),
		say("not allowed, other number", booking.NotAllowed, problem(booking.OtherNumber), state),
		say("not allowed, life over", booking.NotAllowed, problem(booking.LifeOver)),
		say("not allowed, seated", booking.NotAllowed, problem(booking.LifeOver), unchangedAs(booking.Seated)),
		say("not allowed, completed", booking.NotAllowed, problem(booking.LifeOver), unchangedAs(booking.Completed)),
		say("not allowed, cancelled", booking.NotAllowed, problem(booking.LifeOver), unchangedAs(booking.Cancelled)),
		say("not allowed, no-show", booking.NotAllowed, problem(booking.LifeOver), unchangedAs(booking.NoShow)),
		say("failed", booking.Failed),
		say("an unknown reason", booking.Reason("moon")),
		say("between slots", booking.Invalid, field("time"), problem(booking.BetweenSlot), func(r *booking.Refusal) { r.Time = at("21:10") }, offering(three...)),
		say("between seatings", booking.Invalid, field("time"), problem(booking.BetweenSlot), friday, offering(booking.Alternative{Date: on("2026-11-27"), Time: at("23:15")})),
		say("which booking", booking.Invalid, field("code"), problem(booking.Ambiguous), func(r *booking.Refusal) {
			r.Which = []booking.Booking{ana(), with(func(b *booking.Booking) { b.Code, b.Date, b.Party = "M3XT", on("2026-11-28"), 2 })}
		}),
		say("nothing to change", booking.Invalid, problem(booking.Unchanged), state),
		say("unknown zone, a change refused", booking.Invalid, field("zone"), problem(booking.Unknown), state),
	}
}

// invalid is every field with every problem, each text once.
func invalid(c *catalogue.Catalogue, lang booking.Lang) []said {
	fields := []string{"date", "time", "party", "zone", "name", "phone", "notes", "email", "code", "confirmed", "lang", "", "other"}
	problems := []booking.Problem{booking.Missing, booking.Unclear, booking.TooLong, booking.BadText, booking.Unknown,
		booking.BetweenSlot, booking.Ambiguous, booking.OtherNumber, booking.Doubled, booking.LifeOver, booking.Unchanged, ""}
	var all []said
	for _, field := range fields {
		heard := map[string]bool{}
		for _, problem := range problems {
			r := &booking.Refusal{Reason: booking.Invalid, Field: field, Problem: problem}
			text := c.Refused(lang, now(), r)
			if !heard[text] {
				all = append(all, said{strings.TrimSpace("invalid " + field + " " + string(problem)), text})
			}
			heard[text] = true
		}
	}
	return all
}

func aboutTheRestaurant(c *catalogue.Catalogue, lang booking.Lang) []said {
	n := now()
	holiday := text("la Inmaculada", "the Immaculate Conception")
	noDinner := text("Por la noche tenemos una boda.", "We have a wedding in the evening.")
	sunday := on("2026-11-29")
	w := c.Waiting(lang)
	waited := booking.Waited{Waiting: booking.Waiting{Name: "Ana García", Date: on("2026-12-24"), Time: at("21:00"), Party: 4, Zone: "terraza"}}
	again := waited
	again.Repeated = true
	return []said{
		{"greeting", c.Greeting(lang)},
		{"while the caller waits", strings.Join([]string{w.Start, w.Wait, w.NotLooked, w.NotSure}, " / ")},
		{"hours", c.Hours(lang, n, booking.DayHours{Date: on("2026-12-24"), Services: []booking.ServiceHours{lunch, dinner}})},
		{"hours: two seatings", c.Hours(lang, n, booking.DayHours{Date: on("2026-11-27"), Services: []booking.ServiceHours{lunch, lateDinner}})},
		{"hours: a holiday", c.Hours(lang, n, booking.DayHours{Date: on("2026-12-08"), Services: []booking.ServiceHours{lunch}, Holiday: holiday})},
		{"hours: a service closed", c.Hours(lang, n, booking.DayHours{Date: sunday, Services: []booking.ServiceHours{lunch}, Closure: noDinner})},
		{"hours: closed today", c.Hours(lang, n, booking.DayHours{Date: on("2026-11-23")})},
		{"hours: closed for a reason, on a holiday", c.Hours(lang, n, booking.DayHours{Date: on("2026-12-08"), Holiday: holiday, Closure: text("por descanso del personal", "for a staff holiday")})},
		{"week", c.Week(lang, week())},
		{"week: always open", c.Week(lang, [7][]booking.ServiceHours{{lunch}, {lunch}, {lunch}, {lunch}, {lunch}, {lunch}, {lunch}})},
		{"week: never open", c.Week(lang, [7][]booking.ServiceHours{})},
		{"info: all", c.Info(lang, "")},
		{"info: parking", c.Info(lang, "Parking")},
		{"info: unknown", c.Info(lang, "helicopter")},
		{"no waitlist", c.NoWaitlist(lang)},
		{"waitlist", c.Listed(lang, n, waited)},
		{"waitlist: already on it", c.Listed(lang, n, again)},
		{"waitlist: no more room", c.Refused(lang, n, &booking.Refusal{Reason: booking.NotAllowed, Problem: booking.ListFull})},
		{"waitlist: a landline", c.Refused(lang, n, &booking.Refusal{Reason: booking.Invalid, Field: "phone", Problem: booking.NoMobile})},
		{"waitlist: which of the two", c.Either(lang, n, ana(), again.Waiting)},
		{"failed", c.Failed(lang)},
	}
}

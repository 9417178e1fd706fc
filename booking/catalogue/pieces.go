package catalogue

import (
	"strconv"
	"strings"
	"time"

	"maitre/booking"
)

// Day names a service day: "el jueves 24 de diciembre", "Thursday 24 December";
// "hoy, lunes 23 de noviembre", with a comma at its end only inside a sentence.
// The year is said only where it could be taken for another.
func (c *Catalogue) Day(lang booking.Lang, now time.Time, d booking.Date) string {
	return strings.TrimSuffix(c.at(lang, now).day(d), ",")
}

// When names a time of a service day: "el jueves 24 de diciembre a las 21:00",
// "la noche del viernes 27 de noviembre, a las 00:30".
func (c *Catalogue) When(lang booking.Lang, now time.Time, d booking.Date, t booking.TimeOfDay) string {
	return c.at(lang, now).when(d, t)
}

// Party names a number of guests: "1 persona", "4 people".
func (c *Catalogue) Party(lang booking.Lang, n int) string { return c.timeless(lang).party(n) }

// code spells a code so that it is read out letter by letter, "K 7 Q F", and
// makes it bold for guests who read.
func (w wording) code(code string) string {
	if w.written {
		return w.bold(w.theirs(code))
	}
	return strings.Join(strings.Split(oneLine(code), ""), " ")
}

func (w wording) day(d booking.Date) string { return w.date(d, false) }

// date names a day, or its night for what happens after midnight. It may end
// with a comma, see appendText.
func (w wording) date(d booking.Date, night bool) string {
	year, month, day := d.Civil()
	named := w.Date
	switch {
	case w.relative && d == w.today:
		named = w.Today
	case w.relative && d == w.today.AddDays(1):
		named = w.Tomorrow
	case w.needsYear(d):
		named = w.DateYear
	}
	fills := [...]fill{
		{"weekday", w.weekdays[d.Weekday()]},
		{"d", strconv.Itoa(day)},
		{"month", w.months[month-1]},
		{"year", strconv.Itoa(year)},
	}
	return w.piece(named.of(night), fills[:]...)
}

// needsYear reports whether day and month alone could be taken for another
// year's: all but the eleven months to come and the month gone by.
func (w wording) needsYear(d booking.Date) bool {
	year, month, day := w.today.Civil()
	return d < w.today.AddDays(-31) || d >= booking.NewDate(year, month+11, day)
}

// on makes an adverb of a day: "on Thursday 24 December", but "today, Monday 23 November".
func (w wording) on(d booking.Date, named string) string {
	if w.relative && (d == w.today || d == w.today.AddDays(1)) {
		return named
	}
	return w.piece(w.OnDay, fill{"day", named})
}

func (w wording) onDay(d booking.Date) string { return w.on(d, w.day(d)) }

func (w wording) when(d booking.Date, t booking.TimeOfDay) string {
	return w.date(d, t.AfterMidnight()) + " " + w.at(t)
}

// whenAfter names a time, and its day with few words where it is the day asked for.
func (w wording) whenAfter(asked, d booking.Date, t booking.TimeOfDay) string {
	if d == asked {
		return w.Same.of(t.AfterMidnight()) + " " + w.at(t)
	}
	return w.when(d, t)
}

// whenOf is when the guests of a booking come, as far as anybody knows.
func (w wording) whenOf(b booking.Booking) string {
	if b.HourUnknown {
		return w.day(b.Date)
	}
	return w.when(b.Date, b.Time)
}

func (w wording) onWhen(d booking.Date, t booking.TimeOfDay) string { return w.on(d, w.when(d, t)) }

func (w wording) at(t booking.TimeOfDay) string { return w.clock(w.At, t) }

func (w wording) until(t booking.TimeOfDay) string { return w.clock(w.Until, t) }

// clock returns the time, with the piece for an hour of one ("a la 01:30") where it is.
func (w wording) clock(named number, t booking.TimeOfDay) string {
	if atOne(t) {
		return w.piece(named.one, fill{"time", t.String()})
	}
	return w.piece(named.many, fill{"time", t.String()})
}

func atOne(t booking.TimeOfDay) bool { return int(t)/60%24 == 1 }

func (w wording) span(from, to booking.TimeOfDay) string {
	if from == to {
		return w.at(from)
	}
	return w.piece(w.Span, fill{"from", from.String()}, fill{"to", to.String()})
}

// count says how many.
func (w wording) count(n int, of number) string {
	if n == 1 {
		return of.one
	}
	return w.piece(of.many, fill{"n", strconv.Itoa(n)})
}

func (w wording) party(n int) string { return w.count(n, w.People) }

// optional is a piece with something in it, or nothing where there is nothing.
func (w wording) optional(piece, slot, value string) string {
	if value == "" {
		return ""
	}
	return w.piece(piece, fill{slot, value})
}

// named is " a nombre de Ana", or nothing.
func (w wording) named(name string) string { return w.optional(w.Named, "name", w.theirs(name)) }

// inZone is ", en la terraza", or nothing.
func (w wording) inZone(id string) string { return w.optional(w.Place, "zone", w.zone(id).in) }

// there is inZone without the comma.
func (w wording) there(id string) string { return w.optional(w.There, "zone", w.zone(id).in) }

// times lists times of arrival in their order: "a las 13:00 y de 14:00 a 15:30".
// Runs of three and more are said as ranges. Those after midnight are listed apart:
// their day is the one before the calendar's.
func (w wording) times(times []booking.TimeOfDay) string {
	var items []string
	midnight := -1 // the first item after midnight
	bare := false  // whether "a las" still holds from the time before
	for i := 0; i < len(times); {
		if midnight < 0 && times[i].AfterMidnight() {
			midnight, bare = len(items), false
		}
		last := i
		for last+1 < len(times) && w.restaurant.Step > 0 && int(times[last+1]-times[last]) == w.restaurant.Step {
			last++
		}
		own := w.At.one != w.At.many && atOne(times[i]) // an hour of one has words of its own
		switch {
		case last >= i+2:
			items = append(items, w.span(times[i], times[last]))
			i, bare = last+1, false
			continue
		case bare && !own:
			items = append(items, times[i].String())
		default:
			items = append(items, w.at(times[i]))
			bare = !own
		}
		i++
	}
	if midnight < 0 {
		return w.all(items)
	}
	late := w.piece(w.AfterMidnight, fill{"times", w.all(items[midnight:])})
	if midnight == 0 {
		return late
	}
	return strings.Join(items[:midnight], ", ") + strings.TrimRight(w.and(late), " ") + ", " + late
}

// phone spells the restaurant's number as it is said: "941 12 34 56".
func (w wording) phone() string {
	number := string(w.restaurant.Phone)
	if d, ok := strings.CutPrefix(number, "+34"); ok && len(d) == 9 {
		return w.countryCode + d[:3] + " " + d[3:5] + " " + d[5:7] + " " + d[7:]
	}
	return oneLine(number)
}

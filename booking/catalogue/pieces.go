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
	return strings.TrimSuffix(c.speak(lang, now).day(d), ",")
}

// When names a time of a service day: "el jueves 24 de diciembre a las 21:00",
// "la noche del viernes 27 de noviembre, a las 00:30".
func (c *Catalogue) When(lang booking.Lang, now time.Time, d booking.Date, t booking.TimeOfDay) string {
	return c.speak(lang, now).when(d, t)
}

// Party names a number of guests: "1 persona", "4 people".
func (c *Catalogue) Party(lang booking.Lang, n int) string { return c.timeless(lang).party(n) }

// Zone names a zone with its article: "la terraza". An unknown ID stands for
// itself, an empty one for nothing.
func (c *Catalogue) Zone(lang booking.Lang, id string) string { return c.tongue(lang).place(id).bare }

// InZone names a zone as a place: "en la terraza", "on the terrace".
func (c *Catalogue) InZone(lang booking.Lang, id string) string { return c.tongue(lang).place(id).in }

// Times lists times of arrival in their order: "a las 13:00 y de 14:00 a 15:30".
// Three or more in a row, one step apart, are said as a range.
func (c *Catalogue) Times(lang booking.Lang, times []booking.TimeOfDay) string {
	return c.timeless(lang).times(times)
}

// Code spells a booking's code so that it is read out letter by letter: "K 7 Q F".
func (c *Catalogue) Code(code string) string { return spelled(code) }

func spelled(code string) string { return strings.Join(strings.Split(oneLine(code), ""), " ") }

// code spells a code for those who hear it, and sets it off for those who read it.
func (v voice) code(code string) string {
	if v.written {
		return v.bold(v.theirs(code))
	}
	return spelled(code)
}

func (v voice) day(d booking.Date) string { return v.date(d, false) }

// date names a day, or its night for what happens after midnight. It may end
// with a comma, see appendText.
func (v voice) date(d booking.Date, night bool) string {
	year, month, day := d.Civil()
	fills := [...]fill{
		{"weekday", v.weekdays[d.Weekday()]},
		{"d", strconv.Itoa(day)},
		{"month", v.months[month-1]},
		{"year", strconv.Itoa(year)},
	}
	return v.piece(v.dateKey(d, night), fills[:]...)
}

func (v voice) dateKey(d booking.Date, night bool) string {
	byDay, byNight := pieceDay, pieceNight
	switch {
	case v.relative && d == v.today:
		byDay, byNight = pieceToday, pieceTonight
	case v.relative && d == v.today.AddDays(1):
		byDay, byNight = pieceTomorrow, pieceTomorrowNight
	case v.needsYear(d):
		byDay, byNight = pieceDayYear, pieceNightYear
	}
	if night {
		return byNight
	}
	return byDay
}

// needsYear tells whether day and month alone could be taken for another
// year's: all but the eleven months to come and the month gone by.
func (v voice) needsYear(d booking.Date) bool {
	year, month, day := v.today.Civil()
	return d < v.today.AddDays(-31) || d >= booking.NewDate(year, month+11, day)
}

// on makes an adverb of a day: "on Thursday 24 December", but "today, Monday 23 November".
func (v voice) on(d booking.Date, named string) string {
	if v.relative && (d == v.today || d == v.today.AddDays(1)) {
		return named
	}
	return v.piece(pieceOn, fill{"day", named})
}

func (v voice) onDay(d booking.Date) string { return v.on(d, v.day(d)) }

func (v voice) when(d booking.Date, t booking.TimeOfDay) string {
	return v.date(d, t.AfterMidnight()) + " " + v.at(t)
}

// whenOf is when the guests of a booking come, as far as anybody knows.
func (v voice) whenOf(b booking.Booking) string {
	if b.HourUnknown {
		return v.date(b.Date, false)
	}
	return v.when(b.Date, b.Time)
}

func (v voice) onWhen(d booking.Date, t booking.TimeOfDay) string { return v.on(d, v.when(d, t)) }

func (v voice) at(t booking.TimeOfDay) string { return v.clock(pieceAt, pieceAtOne, t) }

func (v voice) until(t booking.TimeOfDay) string { return v.clock(pieceUntil, pieceUntilOne, t) }

// clock tells the time, with the piece for an hour of one ("a la 01:30") where it is.
func (v voice) clock(key, keyOne string, t booking.TimeOfDay) string {
	if v.atOne(t) {
		key = keyOne
	}
	return v.piece(key, fill{"time", t.String()})
}

// atOne tells whether t is an hour of one and the language minds.
func (v voice) atOne(t booking.TimeOfDay) bool { return v.mindsOne && int(t)/60%24 == 1 }

func (v voice) span(from, to booking.TimeOfDay) string {
	if from == to {
		return v.at(from)
	}
	return v.piece(pieceSpan, fill{"from", from.String()}, fill{"to", to.String()})
}

func (v voice) party(n int) string {
	if n == 1 {
		return v.piece(pieceOnePerson)
	}
	return v.piece(piecePeople, fill{"n", strconv.Itoa(n)})
}

// named is " a nombre de Ana", or nothing.
func (v voice) named(name string) string {
	if name = v.theirs(name); name == "" {
		return ""
	}
	return v.piece(pieceNamed, fill{"name", name})
}

// inZone is ", en la terraza", or nothing.
func (v voice) inZone(id string) string {
	in := v.place(id).in
	if in == "" {
		return ""
	}
	return v.piece(piecePlace, fill{"zone", in})
}

// there is inZone without the comma.
func (v voice) there(id string) string {
	in := v.place(id).in
	if in == "" {
		return ""
	}
	return v.piece(pieceThere, fill{"zone", in})
}

// times lists times of arrival, runs of three and more as ranges. Those after
// midnight are told apart: their day is the one before the calendar's.
func (v voice) times(times []booking.TimeOfDay) string {
	var items []string
	midnight := -1 // the first item after midnight
	bare := false  // whether "a las" still holds from the time before
	for i := 0; i < len(times); {
		if midnight < 0 && times[i].AfterMidnight() {
			midnight, bare = len(items), false
		}
		last := i
		for last+1 < len(times) && v.house.Step > 0 && int(times[last+1]-times[last]) == v.house.Step {
			last++
		}
		switch {
		case last >= i+2:
			items = append(items, v.span(times[i], times[last]))
			i, bare = last+1, false
			continue
		case bare && !v.atOne(times[i]):
			items = append(items, times[i].String())
		default:
			items = append(items, v.at(times[i]))
			bare = !v.atOne(times[i])
		}
		i++
	}
	if midnight < 0 {
		return v.all(items)
	}
	late := v.piece(pieceMidnight, fill{"times", v.all(items[midnight:])})
	if midnight == 0 {
		return late
	}
	return strings.Join(items[:midnight], ", ") + strings.TrimRight(v.and(late), " ") + ", " + late
}

// all joins items with commas and "and".
func (v voice) all(items []string) string {
	if len(items) == 0 {
		return ""
	}
	return join(items, ", ", v.and(items[len(items)-1]))
}

// any joins items with commas and "or".
func (v voice) any(items []string) string { return join(items, ", ", v.or) }

// join joins items, the last one with its own separator.
func join(items []string, separator, last string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	head := len(items) - 1
	return strings.Join(items[:head], separator) + last + items[head]
}

// phone spells the house's number as it is said: "941 12 34 56".
func (v voice) phone() string {
	number := string(v.house.Phone)
	if d, ok := strings.CutPrefix(number, "+34"); ok && len(d) == 9 {
		return v.countryCode + d[:3] + " " + d[3:5] + " " + d[5:7] + " " + d[7:]
	}
	return oneLine(number)
}

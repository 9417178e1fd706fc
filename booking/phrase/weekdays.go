package phrase

import (
	"time"

	"maitre/booking"
)

// nearest returns the next date that falls on a weekday, from tomorrow on; from
// today on where today is meant to count.
func (d *dates) nearest(weekday int, todayCounts bool) booking.Date {
	ahead := (weekday - int(d.today.Weekday()) + 7) % 7
	if ahead == 0 && !todayCounts {
		ahead = 7
	}
	return d.today.AddDays(ahead)
}

// inWeek returns the weekday of the week that is so many weeks after this one.
func (d *dates) inWeek(weeks, weekday int) booking.Date {
	monday := d.today.AddDays(-(int(d.today.Weekday()) + 6) % 7)
	return monday.AddDays(7*weeks + (weekday+6)%7)
}

// weekday reads "el sábado", "el próximo sábado", "el jueves de la semana que
// viene", "sábado 5", "Friday week".
func (d *dates) weekday(i int) (dateFound, bool) {
	t := d.at(i)
	f := dateFound{from: i, to: i + 1}
	if !t.has(isWeekday) || d.holds(habit, i) || !d.plainWeekday(i) {
		return f, false
	}
	if d.is(i+1, "pasado") && !d.is(i+2, "manana") || d.at(i-1).is("last") && !d.at(i+1).is("of", "in") || d.at(i-1).is("pasado") {
		d.use(i, i+1) // a day gone by: nothing to book
		return f, false
	}
	wd := t.lex.weekday - 1
	if f, ok := d.nthInMonth(i, wd); ok {
		return f, true
	}
	if n, ok := d.weekdayNumber(i+1, wd); ok {
		n.from = i
		return n, true
	}
	prior := d.at(i - 1)
	f.value = d.nearest(wd, prior.is("este", "this", "hoy", "today", "mismo") || d.is(i-2, "hoy") || d.is(i+1, "de", "esta", "semana"))
	if d.nextWeek {
		f.value = d.inWeek(1, wd)
	}
	if by, c, ok := first(d.sentence, shifts, i+1); ok {
		f.to = c.to
		if weeks := by.weeks + by.each*c.n[0]; by.ofWeek {
			f.value = d.inWeek(weeks, wd)
			f.vague = f.value < d.today
		} else {
			f.value = f.value.AddDays(7 * weeks)
		}
	}
	return f, true
}

// shift is what moves a weekday: by weeks, for each of the number that is said, or to
// the week that is so many after this one.
type shift struct {
	weeks, each int
	ofWeek      bool
}

// shifts are the words after a weekday that move it. "Next week" moves it wherever it
// is said, and here is only passed over.
var shifts = compile([]row[shift]{
	{shift{}, `de? la/the? semana que viene/entra|de? la/the? semana siguiente/proxima|de? la/the? proxima/otra semana|de? la/the? next/following week|que viene/entra|mas proximo/cercano|proximo/coming`},
	{shift{0, 0, true}, `de esta semana|this week`},
	{shift{1, 0, false}, `week|after next|en N:8 dia/dias?|dentro de N:8 dia/dias?`},
	{shift{2, 0, false}, `fortnight|en N:15 dia/dias?|dentro de N:15 dia/dias?`},
	{shift{3, 0, false}, `en N:21-22 dia/dias?|dentro de N:21-22 dia/dias?`},
	{shift{0, 1, false}, `en NUM:1-99 semana/semanas`},
	{shift{0, 1, true}, `de? dentro de NUM:1-99 semana/semanas|in NUM:1-99 week/weeks`},
})

// nths are the ordinals of "el primer sábado de diciembre"; the last is -1.
var nths = map[string]int{"primer": 1, "primero": 1, "first": 1, "segundo": 2, "second": 2, "tercer": 3, "third": 3, "cuarto": 4, "fourth": 4, "ultimo": -1, "last": -1}

// nthInMonth reads "el primer sábado de diciembre", "the last Friday of
// November". Which of a month's Saturdays is meant without a number is not clear.
func (d *dates) nthInMonth(i, wd int) (dateFound, bool) {
	f := dateFound{from: i, to: i + 1, vague: true}
	nth, counted := nths[d.at(i-1).text]
	if counted {
		f.from--
	}
	j := i + 1
	if !d.at(j).is("de", "in", "of", "del") {
		return f, counted
	}
	t := d.at(j + 1)
	if !t.has(isMonth) {
		return f, counted
	}
	f.to = j + 2
	if !counted {
		return f, true
	}
	year, _, _ := d.today.Civil()
	for y := year; y <= year+1; y++ {
		first := booking.NewDate(y, time.Month(t.lex.month), 1)
		v := first.AddDays((wd-int(first.Weekday())+7)%7 + 7*(nth-1))
		if nth < 0 {
			last := booking.NewDate(y, time.Month(t.lex.month)+1, 0)
			v = last.AddDays(-((int(last.Weekday()) - wd + 7) % 7))
		}
		if v >= d.today {
			f.value, f.vague = v, false
			break
		}
	}
	return f, true
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// habit is a weekday as a habit: "los lunes", "every Monday".
var habit = patterns(`los/cada/every/todos/un/algun/cualquier/any/some [|los no [|todos los [`)

// plainWeekday refuses the short forms that are also other words: "in the sun".
func (d *dates) plainWeekday(i int) bool {
	t := d.at(i)
	if len(t.text) > 4 || !shortDays[t.text] {
		return true
	}
	prior := d.at(i - 1)
	switch t.text {
	case "sun", "sat", "wed":
		return !prior.is("the", "we", "be", "in", "to", "get", "are")
	case "mar":
		return prior.is("el", "este") || d.num(i+1).next > 0
	}
	return true
}

// weekdayNumber reads the day of the month that follows a weekday: "sábado 5",
// "Saturday the 5th of December". It is vague where they do not agree within the next
// two months, so that a slip is asked about.
func (d *dates) weekdayNumber(i, wd int) (dateFound, bool) {
	if d.at(i).kind == stop && d.at(i).glued && len(d.at(i-1).text) <= 4 { // sáb. 5
		i++
	}
	if d.at(i).kind == comma {
		if _, near := d.monthDay(i + 1); near || d.at(i+1).is("dia", "the") {
			i++
		}
	}
	lead := d.at(i).is("dia", "the", "el")
	for d.at(i).is("dia", "the", "el") {
		i++
	}
	if !d.free(i) {
		return dateFound{}, false
	}
	t := d.at(i)
	f, whole := d.monthDay(i)
	if !whole && (t.kind == pair && t.sep == '/' || t.kind == triple) {
		f, whole = d.written(i)
	}
	if whole {
		f.vague = f.vague || f.value.Weekday() != time.Weekday(wd)
		return f, true
	}
	n := d.num(i)
	if n.next == 0 || n.article || n.value < 1 || n.value > 31 || t.kind == pair ||
		d.guestNoun(n.next) > 0 || d.at(n.next).has(isThing) || !lead && !n.ordinal && t.kind == word && t.has(isOrdinal) {
		return dateFound{}, false
	}
	f = dateFound{to: n.next, vague: true}
	for nth := range 2 {
		if v, ok := d.nextDay(n.value, nth); ok && v.Weekday() == time.Weekday(wd) {
			f.value, f.vague = v, false
			break
		}
	}
	return f, true
}

// following reads "el siguiente" after a weekday: "este sábado no, el siguiente".
func (d *dates) following(i int) (dateFound, bool) {
	f := dateFound{from: i, to: i + 1}
	if len(d.found) == 0 {
		return f, false
	}
	last := d.found[len(d.found)-1]
	if !d.at(last.from).has(isWeekday) || last.vague {
		return f, false
	}
	next := d.at(i + 1)
	switch {
	case d.at(i).is("siguiente", "otro") && d.at(i-1).is("el") && (next.mark() || leads[next.text]):
	case d.is(i, "following", "one"), d.is(i, "one", "after"), d.is(i, "next", "one"), d.is(i, "following", "week"):
		f.to = i + 2
	default:
		return f, false
	}
	f.value = last.value.AddDays(7)
	d.found = d.found[:len(d.found)-1] // the one that was turned down
	return f, true
}

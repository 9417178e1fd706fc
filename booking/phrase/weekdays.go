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

// inNextWeek returns the weekday of the week that begins next Monday.
func (d *dates) inNextWeek(weekday int) booking.Date { return d.weekStart().AddDays(7 + (weekday+6)%7) }

// weekStart returns the Monday of this week.
func (d *dates) weekStart() booking.Date {
	return d.today.AddDays(-(int(d.today.Weekday()) + 6) % 7)
}

// weekday reads "el sábado", "el próximo sábado", "el jueves de la semana que
// viene", "sábado 5", "Friday week".
func (d *dates) weekday(i int) (dateFound, bool) {
	t := d.at(i)
	f := dateFound{from: i, to: i + 1}
	if !t.has(isWeekday) || d.habitual(i) || !d.plainWeekday(i) {
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
	if n, to, ok := d.weekdayNumber(i + 1); ok {
		f.to = to
		f.value, f.vague = d.numbered(wd, n)
		return f, true
	}
	prior := d.at(i - 1)
	todayCounts := prior.is("este", "this", "hoy", "today", "mismo") || d.is(i-2, "hoy") || d.is(i+1, "de", "esta", "semana")
	f.value = d.nearest(wd, todayCounts)
	if d.nextWeek {
		f.value = d.inNextWeek(wd)
	}
	if k := d.shifted(i+1, &f, wd); k > 0 {
		f.to = k
	}
	return f, true
}

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

// shifted reads what moves a weekday by weeks, and returns the token after it.
func (d *dates) shifted(i int, f *dateFound, wd int) int {
	k := i
	if d.at(k).is("de") {
		k++
	}
	if d.at(k).is("la", "the") {
		k++
	}
	switch {
	case d.nextWeekAt(k) > 0:
		return d.nextWeekAt(k)
	case d.is(i, "que", "viene"), d.is(i, "que", "entra"), d.is(i, "mas", "proximo"), d.is(i, "mas", "cercano"):
		return i + 2
	case d.is(i, "proximo"), d.is(i, "coming"):
		return i + 1
	case d.is(i, "de", "esta", "semana"), d.is(i, "this", "week"):
		f.value = d.weekStart().AddDays((wd + 6) % 7)
		f.vague = f.value < d.today
		return i + 2 + b2i(d.is(i, "de"))
	case d.is(i, "week"), d.is(i, "after", "next"):
		f.value = f.value.AddDays(7)
		return i + 1 + b2i(d.is(i, "after"))
	case d.is(i, "fortnight"):
		f.value = f.value.AddDays(14)
		return i + 1
	case d.is(i, "en"), d.is(i, "dentro", "de"):
		k = i + 1 + b2i(d.is(i, "dentro"))
		if days, next := d.weekCount(k); next > 0 && days%7 == 0 {
			if d.is(i, "dentro") && d.at(next-1).is("semana", "semanas") {
				f.value = d.weekStart().AddDays(days + (wd+6)%7)
				return next
			}
			f.value = f.value.AddDays(days)
			return next
		}
	case d.is(i, "de", "dentro", "de"):
		if n := d.num(i + 3); n.next > 0 && d.at(n.next).is("semana", "semanas") && n.value < 100 {
			f.value = d.weekStart().AddDays(7*n.value + (wd+6)%7)
			return n.next + 1
		}
	case d.is(i, "in"):
		if n := d.num(i + 1); n.next > 0 && d.at(n.next).is("week", "weeks") && n.value < 100 {
			f.value = d.weekStart().AddDays(7*n.value + (wd+6)%7)
			return n.next + 1
		}
	}
	return 0
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// habitual tells whether a weekday is meant as a habit: "los lunes", "every Monday".
func (d *dates) habitual(i int) bool {
	return d.at(i-1).is("los", "cada", "every", "todos", "un", "algun", "cualquier", "any", "some") || d.is(i-2, "todos", "los") || d.is(i-1, "no") && d.is(i-2, "los")
}

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
// "Saturday the 5th of December".
func (d *dates) weekdayNumber(i int) (numbered dayOf, to int, ok bool) {
	if d.at(i).kind == stop && d.at(i).glued && len(d.at(i-1).text) <= 4 { // sáb. 5
		i++
	}
	if d.at(i).kind == comma && (d.at(i+1).is("dia", "the") || d.monthNear(i+1)) {
		i++
	}
	lead := false
	for d.at(i).is("dia", "the", "el") {
		lead = true
		i++
	}
	if !d.free(i) {
		return dayOf{}, 0, false
	}
	if f, ok := d.monthDay(i); ok {
		return dayOf{date: f.value, bad: f.vague}, f.to, true
	}
	if t := d.at(i); t.kind == pair && t.sep != ':' && t.sep != 'h' || t.kind == triple {
		if t.kind == pair && t.sep != '/' {
			return dayOf{}, 0, false
		}
		if f, ok := d.written(i); ok {
			return dayOf{date: f.value, bad: f.vague}, f.to, true
		}
	}
	n := d.num(i)
	if n.next == 0 || n.article || n.value < 1 || n.value > 31 || d.at(i).kind == pair {
		return dayOf{}, 0, false
	}
	next := d.at(n.next)
	if d.guestNoun(n.next) > 0 || next.has(isThing) || !lead && !n.ordinal && d.at(i).kind == word && d.at(i).has(isOrdinal) {
		return dayOf{}, 0, false
	}
	return dayOf{day: n.value}, n.next, true
}

// monthNear tells whether a day with its month begins at i.
func (d *dates) monthNear(i int) bool {
	_, ok := d.monthDay(i)
	return ok
}

// dayOf is what a weekday's number says: a day of the month or a whole date.
type dayOf struct {
	day  int
	date booking.Date
	bad  bool
}

// numbered returns the date of a weekday with its number; vague when they do not
// agree within the next two months, so that a slip is asked about.
func (d *dates) numbered(wd int, n dayOf) (value booking.Date, vague bool) {
	if n.day == 0 {
		return n.date, n.bad || n.date.Weekday() != time.Weekday(wd)
	}
	for nth := range 2 {
		if v, ok := d.nextDay(n.day, nth); ok && v.Weekday() == time.Weekday(wd) {
			return v, false
		}
	}
	return 0, true
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

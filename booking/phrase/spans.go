package phrase

import (
	"time"

	"maitre/booking"
)

// spans are lengths of time as guests say them, in days.
func (d *dates) span(i int) (days, months, next int) {
	if d.at(i).is("fortnight") {
		return 14, 0, i + 1
	}
	if d.is(i, "a", "fortnight") {
		return 14, 0, i + 2
	}
	if d.is(i, "un", "par", "de") && d.at(i+3).is("semanas", "dias") {
		if d.is(i+3, "semanas") {
			return 14, 0, i + 4
		}
		return 2, 0, i + 4
	}
	if d.is(i, "a", "couple", "of") && d.at(i+3).is("weeks", "days") {
		if d.is(i+3, "weeks") {
			return 14, 0, i + 4
		}
		return 2, 0, i + 4
	}
	n := d.num(i)
	if n.next == 0 || n.ordinal {
		return 0, 0, 0
	}
	unit := d.at(n.next)
	switch {
	case unit.is("dia", "dias", "day", "days"):
		switch { // "ocho días" are a week, "quince" two: the day itself is counted
		case n.value == 8 && d.spanish(i):
			return 7, 0, n.next + 1
		case n.value == 15 && d.spanish(i):
			return 14, 0, n.next + 1
		}
		return n.value, 0, n.next + 1
	case unit.is("semana", "semanas", "week", "weeks"):
		return 7 * n.value, 0, n.next + 1
	case unit.is("mes", "meses", "month", "months"):
		return 0, n.value, n.next + 1
	}
	return 0, 0, 0
}

// spanish tells whether the number at i is Spanish by its unit.
func (d *dates) spanish(i int) bool { return d.at(d.num(i).next).is("dia", "dias") }

// counted reads "dentro de dos semanas", "in 3 days", "a week today".
func (d *dates) counted(i int) (dateFound, bool) {
	from := i
	switch {
	case d.is(i, "dentro", "de"), d.is(i, "de", "aqui", "a"):
		i += 2
		if d.is(i, "a") || d.is(i-1, "aqui") {
			i++
		}
	case d.at(i).is("en", "in", "within"):
		i++
	default:
		return d.weekFrom(i)
	}
	if n := d.num(i); n.next > 0 && d.at(n.next).lex.weekday > 0 && d.is(from, "dentro") {
		nearest := d.nearest(d.at(n.next).lex.weekday-1, false)
		return dateFound{value: nearest.AddDays(7 * (n.value - 1)), from: from, to: n.next + 1}, n.value < 60
	}
	days, months, next := d.span(i)
	if next == 0 || days > 800 || months > 24 || days+months == 0 {
		return dateFound{}, false
	}
	if d.is(next, "time") {
		next++
	}
	v := d.today.AddDays(days)
	if months > 0 {
		y, m, day := d.today.Civil()
		v = booking.NewDate(y, m+time.Month(months), day)
		if _, _, back := v.Civil(); back != day { // the 31st, in a shorter month
			v = booking.NewDate(y, m+time.Month(months)+1, 0)
		}
	}
	return dateFound{value: v, from: from, to: next}, true
}

// weekFrom reads "a week today", "two weeks from Friday", "a fortnight on Saturday".
func (d *dates) weekFrom(i int) (dateFound, bool) {
	days, _, next := d.span(i)
	if next == 0 || days == 0 || days > 800 {
		return dateFound{}, false
	}
	if d.at(next).is("from", "on") {
		next++
	}
	t := d.at(next)
	f := dateFound{from: i, to: next + 1}
	switch {
	case t.is("today", "now"):
		f.value = d.today.AddDays(days)
	case t.is("tomorrow"):
		f.value = d.today.AddDays(days + 1)
	case t.has(isWeekday) && days%7 == 0:
		f.value = d.nearest(t.lex.weekday-1, false).AddDays(days)
	default:
		return f, false
	}
	return f, true
}

// fromDay reads "de hoy en ocho", "de mañana en quince".
func (d *dates) fromDay(i int) (dateFound, bool) {
	if !d.is(i, "de") || !d.is(i+2, "en") {
		return dateFound{}, false
	}
	base := 0
	switch {
	case d.is(i+1, "hoy"):
	case d.is(i+1, "manana"):
		base = 1
	default:
		return dateFound{}, false
	}
	days, next := d.weekCount(i + 3)
	if next == 0 {
		return dateFound{}, false
	}
	return dateFound{value: d.today.AddDays(base + days), from: i, to: next}, true
}

// weekCount reads the "ocho" or "quince días" of "de hoy en ocho".
func (d *dates) weekCount(i int) (days, next int) {
	n := d.num(i)
	if n.next == 0 {
		return 0, 0
	}
	next = n.next
	unit := d.at(next)
	switch {
	case unit.is("dia", "dias"):
		next++
	case unit.is("semana", "semanas"):
		return 7 * n.value, next + 1
	}
	switch n.value {
	case 8:
		return 7, next
	case 15:
		return 14, next
	case 21, 22:
		return 21, next
	}
	if next > n.next && n.value < 100 {
		return n.value, next
	}
	return 0, 0
}

package phrase

import (
	"time"

	"maitre/booking"
)

// whichMonth is how the month of a day is given.
type whichMonth uint8

const (
	monthFirst whichMonth = iota // December 24th
	monthLast
	monthNumber
	thisMonth
	nextMonth
)

// monthDays are the days of a month. The day is the first number.
var monthDays = compile([]row[whichMonth]{
	{monthFirst, `MONTH the/STOP? ORD|MONTH the/STOP? N !GUESTS`},
	{monthNumber, `NUM:1-31 day/dia? de/del/of the ORD:1-12`},
	{monthLast, `NUM:1-31 day/dia? de/del/of MONTH|NUM:1-31 day/dia? de/del/of mes de? MONTH|NUM:1-31 day/dia? !mar MONTH`},
	{monthNumber, `el/dia/the/al/del/on [ NUM:1-31 del NUM:1-12`},
	{thisMonth, `NUM:1-31 day/dia? de/del/of este mes|NUM:1-31 day/dia? de/del/of this month`},
	{nextMonth, `NUM:1-31 day/dia? de/del/of mes que viene/entra|NUM:1-31 day/dia? de/del/of proximo mes|NUM:1-31 day/dia? de/del/of next month`},
})

// monthDay reads "el 5 de diciembre", "5 dic", "December 24th", "24th of December
// 2026", "el 5 de este mes".
func (d *dates) monthDay(i int) (dateFound, bool) {
	which, c, ok := first(d.sentence, monthDays, i)
	if !ok {
		return dateFound{}, false
	}
	f := dateFound{from: i, to: c.to}
	day, month := c.n[0], c.n[1]
	switch which {
	case monthFirst:
		month = d.at(i).lex.month
	case monthLast:
		month = d.at(c.to - 1).lex.month
	case thisMonth, nextMonth:
		y, m, _ := d.today.Civil()
		y, m, _ = booking.NewDate(y, m+time.Month(b2i(which == nextMonth)), 1).Civil()
		f.value, f.vague = d.civil(y, int(m), day)
		return f, true
	}
	if year, to := d.yearAt(f.to); to > 0 {
		f.to = to
		f.value, f.vague = d.civil(year, month, day)
		return f, true
	}
	if day < 1 || day > 31 {
		return f, false
	}
	f.value, f.vague = d.next(month, day)
	d.agree(&f)
	return f, true
}

// yearAt reads "de 2026", ", 2026", "2026".
func (d *dates) yearAt(i int) (year, to int) {
	if d.at(i).is("de", "del", "of") || d.at(i).kind == comma {
		i++
	}
	if t := d.at(i); t.kind == number && t.wide[0] == 4 && t.n[0] >= 2000 && t.n[0] < 2100 && d.free(i) {
		return t.n[0], i + 1
	}
	return 0, 0
}

// agree makes a mention vague whose weekday, said just before, is another one.
func (d *dates) agree(f *dateFound) {
	i := f.from - 1
	for d.at(i).is("dia", "the", "el") || d.at(i).kind == comma {
		i--
	}
	if w := d.at(i); w.has(isWeekday) && f.value.Weekday() != time.Weekday(w.lex.weekday-1) {
		f.vague = true
	}
}

// dayAlone reads "el 5", "día 5", "the 5th".
func (d *dates) dayAlone(i int) (dateFound, bool) {
	n := d.num(i)
	digits := d.at(i).kind == number
	if n.next == 0 || n.article || n.value < 1 || n.value > 31 || d.at(i).kind == pair || d.guestNoun(n.next) > 0 || d.at(n.next).has(isThing) {
		return dateFound{}, false
	}
	lead, next := d.at(i-1), d.at(n.next)
	var ok bool
	switch {
	case n.ordinal && digits:
		ok = !lead.is("la") || next.is("of", "for")
	case n.ordinal:
		ok = lead.is("the") && (n.value > 3 || d.at(i-2).is("on", "for", "until")) && (next.mark() || leads[next.text])
	default:
		ok = lead.is("el", "dia", "al", "del") || lead.is("the") && digits && !next.is("of")
	}
	if !ok {
		return dateFound{}, false
	}
	v, ok := d.nextDay(n.value, 0)
	return dateFound{value: v, from: i, to: n.next, vague: !ok}, true
}

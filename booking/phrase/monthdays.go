package phrase

import (
	"time"

	"maitre/booking"
)

// monthDay reads "el 5 de diciembre", "5 dic", "December 24th", "24th of December 2026".
func (d *dates) monthDay(i int) (dateFound, bool) {
	f := dateFound{from: i}
	day, month := 0, 0
	if t := d.at(i); t.has(isMonth) { // December 24th
		j := i + 1
		if d.at(j).is("the") || d.at(j).kind == stop && d.num(j+1).next > 0 {
			j++
		}
		n := d.num(j)
		if n.next == 0 || n.article || !d.free(j) || !n.ordinal && d.guestNoun(n.next) > 0 {
			return f, false
		}
		month, day, f.to = t.lex.month, n.value, n.next
	} else if n := d.num(i); n.next > 0 && n.value >= 1 && n.value <= 31 {
		j := n.next
		dayWord := d.at(j).is("day", "dia")
		if dayWord {
			j++
		}
		joined := d.at(j).is("de", "del", "of")
		if joined {
			j++
		}
		if d.at(j).is("mes") && joined {
			j++
			if d.at(j).is("de") {
				j++
			}
		}
		if joined && d.at(j).is("the") && d.num(j+1).ordinal && d.num(j+1).value <= 12 { // 3rd of the 12th
			f.value, f.vague = d.next(d.num(j+1).value, n.value)
			f.to = d.num(j + 1).next
			return f, true
		}
		switch t := d.at(j); {
		case t.has(isMonth) && (!t.is("mar") || joined):
			month = t.lex.month
			f.to = j + 1
		case joined && d.is(n.next, "del") && d.num(j).next > 0 && d.num(j).value <= 12 && d.dayLead(i):
			month = d.num(j).value
			f.to = d.num(j).next
		case joined:
			return d.dayOfMonth(i, n, j)
		default:
			return f, false
		}
		day = n.value
	} else {
		return f, false
	}
	year, to := d.yearAt(f.to)
	if to > 0 {
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
	if w := d.at(i); !f.vague && w.has(isWeekday) && f.value.Weekday() != time.Weekday(w.lex.weekday-1) {
		f.vague = true
	}
}

// dayOfMonth reads "el 5 de este mes", "el 5 del mes que viene".
func (d *dates) dayOfMonth(i int, n numeral, j int) (dateFound, bool) {
	f := dateFound{from: i}
	y, m, _ := d.today.Civil()
	switch {
	case d.is(j, "este", "mes"), d.is(j, "this", "month"):
		f.to = j + 2
	case d.is(j-1, "mes", "que", "viene"), d.is(j-1, "mes", "que", "entra"):
		f.to = j + 2
		m++
	case d.is(j, "proximo", "mes"), d.is(j, "next", "month"):
		f.to = j + 2
		m++
	default:
		return f, false
	}
	first := booking.NewDate(y, m, 1)
	year, month, _ := first.Civil()
	f.value, f.vague = d.civil(year, int(month), n.value)
	return f, true
}

// dayAlone reads "el 5", "día 5", "the 5th".
func (d *dates) dayAlone(i int) (dateFound, bool) {
	n := d.num(i)
	f := dateFound{from: i, to: n.next}
	if n.next == 0 || n.article || n.value < 1 || n.value > 31 || d.at(i).kind == pair {
		return f, false
	}
	next := d.at(n.next)
	if d.guestNoun(n.next) > 0 || next.has(isThing) || next.has(isPart) && next.is("manana") && d.is(n.next-1, "de") {
		return f, false
	}
	lead := d.at(i - 1)
	switch {
	case n.ordinal && d.at(i).kind == number && next.is("of", "for"), n.ordinal && d.at(i).kind == number && !lead.is("la"):
	case n.ordinal && lead.is("the") && (n.value > 3 || d.at(i-2).is("on", "for", "until")) && (next.mark() || leads[next.text]):
	case !n.ordinal && lead.is("el", "dia", "al", "del"):
	case !n.ordinal && lead.is("the") && d.at(i).kind == number && !next.is("of"):
	default:
		return f, false
	}
	v, ok := d.nextDay(n.value, 0)
	f.value, f.vague = v, !ok
	return f, true
}

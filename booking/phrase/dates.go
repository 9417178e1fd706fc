package phrase

import (
	"time"

	"maitre/booking"
)

type dateFound = found[booking.Date]

// dates is what the date rules look at.
type dates struct {
	*sentence
	feasts   map[string][]*rule[nextDate]
	today    booking.Date
	nextWeek bool // "next week" is said somewhere
	found    []dateFound
}

// dateRules are tried at every token that is still free, in this order. Each
// returns the mention that begins there, or false.
var dateRules = []func(*dates, int) (dateFound, bool){
	(*dates).written,
	(*dates).relative,
	(*dates).counted,
	(*dates).fromDay,
	(*dates).feast,
	(*dates).monthDay,
	(*dates).weekday,
	(*dates).following,
	(*dates).dayAlone,
}

// findDates returns all dates that are mentioned, in order, and takes their words.
func (r *Reader) findDates(s *sentence, today booking.Date) []dateFound {
	d := &dates{sentence: s, feasts: r.feasts, today: today, nextWeek: s.saysNextWeek()}
	for i := 0; i < len(s.toks); i++ {
		if !s.free(i) {
			continue
		}
		for _, rule := range dateRules {
			f, ok := rule(d, i)
			if !ok {
				continue
			}
			if before := s.num(f.from - 2); s.at(f.from-1).is("o", "or") && before.next == f.from-1 && !before.article && s.free(f.from-2) {
				f.vague = true // "5 o 6 de diciembre"
			}
			s.use(f.from, f.to)
			d.add(f)
			i = f.to - 1
			break
		}
	}
	return d.found
}

// add keeps a mention; one that makes an earlier one exact takes its place: "el
// domingo, seis de diciembre".
func (d *dates) add(f dateFound) {
	if n := len(d.found) - 1; n >= 0 && !f.vague && !d.found[n].vague {
		last := &d.found[n]
		if onlyWeekday := d.at(last.to - 1).has(isWeekday); onlyWeekday && d.explicit(f) && last.value.Weekday() == f.value.Weekday() &&
			!d.regret(last.to, f.from) {
			last.value, last.to = f.value, f.to
			return
		}
		if d.explicit(*last) && f.to == f.from+1 && d.at(f.from).has(isWeekday) && last.value.Weekday() == f.value.Weekday() {
			return
		}
	}
	d.found = append(d.found, f)
}

// explicit tells whether a mention carries a number.
func (d *dates) explicit(f dateFound) bool {
	for i := f.from; i < f.to; i++ {
		if k := d.at(i).kind; k == number || k == pair || k == triple || k == word && (d.at(i).class()&(isUnit|isTeen|isTen|isOrdinal) != 0) {
			return true
		}
	}
	return false
}

func (t *token) class() class { return t.lex.class }

func (s *sentence) saysNextWeek() bool {
	for i := range s.toks {
		if s.nextWeekAt(i) > 0 {
			return true
		}
	}
	return false
}

// nextWeekAt returns the token after "la semana que viene" and its like at i.
func (s *sentence) nextWeekAt(i int) int {
	switch {
	case s.is(i, "semana", "que", "viene"), s.is(i, "semana", "que", "entra"):
		return i + 3
	case s.is(i, "semana", "siguiente"), s.is(i, "semana", "proxima"), s.is(i, "proxima", "semana"), s.is(i, "next", "week"), s.is(i, "following", "week"), s.is(i, "otra", "semana"):
		return i + 2
	}
	return 0
}

// written reads 2026-12-05, 5/12/2026, 5/12.
func (d *dates) written(i int) (dateFound, bool) {
	t := d.at(i)
	f := dateFound{from: i, to: i + 1}
	switch {
	case t.kind == triple && t.wide[0] == 4:
		f.value, f.vague = d.civil(t.n[0], t.n[1], t.n[2])
		return f, true
	case t.kind == triple && (t.sep != ':' && t.sep != 'h'):
		year := t.n[2]
		if t.wide[2] == 2 {
			year += 2000
		}
		day, month := dayFirst(t.n[0], t.n[1])
		f.value, f.vague = d.civil(year, month, day)
		return f, true
	case t.kind == pair && (t.sep == '/' || t.sep == '.' && !(t.wide[1] == 1) || t.sep == '-' && d.dayLead(i) || t.sep == '.' && d.dayLead(i)):
		if d.guestNoun(i+1) > 0 || t.sep == '/' && !d.dayLead(i) && t.n[1] == t.n[0]+1 && d.partyLead(i) {
			return f, false
		}
		day, month := dayFirst(t.n[0], t.n[1])
		if month < 1 || month > 12 || day < 1 || day > 31 {
			return f, false
		}
		f.value, f.vague = d.next(month, day)
		return f, true
	}
	return f, false
}

// dayFirst puts the day before the month, as written here; 12/24 can only be the
// other way.
func dayFirst(a, b int) (day, month int) {
	if b > 12 && a <= 12 {
		return b, a
	}
	return a, b
}

// dayLead tells whether "el", "día", "on the" or their like come before i.
func (s *sentence) dayLead(i int) bool { return s.at(i-1).is("el", "dia", "the", "al", "del", "on") }

// partyLead tells whether a word that a party size follows comes before i.
func (s *sentence) partyLead(i int) bool {
	t := s.at(i - 1)
	return t.has(isLead) || t.has(isFiller) || t.is("para", "pa", "for", "x", "por")
}

// civil checks a full date; vague: there is no such day, or it is past.
func (d *dates) civil(year, month, day int) (value booking.Date, vague bool) {
	if month < 1 || month > 12 || day < 1 || day > 31 || year < 1970 || year > 9999 {
		return 0, true
	}
	v := booking.NewDate(year, time.Month(month), day)
	_, _, back := v.Civil()
	return v, back != day || v < d.today
}

// next returns the next time that a month has this day, from today on.
func (d *dates) next(month, day int) (value booking.Date, vague bool) {
	year, _, _ := d.today.Civil()
	for y := year; y <= year+8; y++ {
		if v, bad := d.civil(y, month, day); !bad {
			return v, false
		}
	}
	return 0, true
}

// nextDay returns the nth next date, from today on, that has this day of the month.
func (d *dates) nextDay(day, nth int) (booking.Date, bool) {
	year, month, _ := d.today.Civil()
	for k := range 14 {
		first := booking.NewDate(year, month+time.Month(k), 1)
		y, m, _ := first.Civil()
		if v, bad := d.civil(y, int(m), day); !bad {
			if nth--; nth < 0 {
				return v, true
			}
		}
	}
	return 0, false
}

// relative reads hoy, mañana, pasado mañana, esta noche.
func (d *dates) relative(i int) (dateFound, bool) {
	t := d.at(i)
	if t.kind != word {
		return dateFound{}, false
	}
	ahead := func(days, words int) (dateFound, bool) {
		return dateFound{value: d.today.AddDays(days), from: i, to: i + words}, true
	}
	switch t.text {
	case "hoy", "today", "tonight":
		if t.text == "hoy" && d.is(i-1, "de") && d.is(i+1, "en") {
			return dateFound{}, false
		}
		return ahead(0, 1)
	case "ahora", "now":
		if d.is(i-1, "por") || d.at(i+1).is("no", "que") || d.is(i-1, "no") {
			return dateFound{}, false
		}
		return dateFound{value: d.today, from: i, to: i + 1, weak: true}, true
	case "esta", "este", "this":
		if d.at(i+1).is("noche", "tarde", "mediodia", "evening", "afternoon", "morning", "manana", "lunchtime") {
			// The part of the day is read by its own rule.
			f, _ := ahead(0, 1)
			return f, true
		}
	case "pasado":
		if d.is(i+1, "manana") {
			return ahead(2, 2)
		}
		if d.at(i-1).is("o", "para", "pa") && (d.at(i+1).mark() || leads[d.at(i+1).text]) {
			return ahead(2, 1)
		}
	case "day":
		if d.is(i, "day", "after", "tomorrow") {
			return ahead(2, 3)
		}
	case "tomorrow":
		if d.at(i-1).is("week", "fortnight", "after") {
			return dateFound{}, false
		}
		if d.is(i+1, "week") {
			return ahead(8, 2)
		}
		return ahead(1, 1)
	case "manana":
		if d.at(i-1).is("la", "esta") || d.is(i-1, "de") && d.clockBefore(i-1) || d.is(i-2, "de", "hoy") {
			return dateFound{}, false
		}
		if d.is(i-1, "de") && d.is(i+1, "en") {
			return dateFound{}, false
		}
		return ahead(1, 1)
	}
	return dateFound{}, false
}

// clockBefore tells whether a time of day ends before i, as in "9 de mañana".
func (d *dates) clockBefore(i int) bool { return i > 0 && d.used[i-1] && d.num(i-1).next > 0 }

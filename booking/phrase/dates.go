package phrase

import (
	"time"

	"maitre/booking"
)

type dateFound = found[booking.Date]

// dates is what the date rules look at.
type dates struct {
	*sentence
	feasts   map[string][]feastName
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
		if d.headcount(i+1) > 0 || t.sep == '/' && !d.dayLead(i) && t.n[1] == t.n[0]+1 && d.partyLead(i) {
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

// spans are lengths of time as guests say them, in days.
func (d *dates) span(i int) (days, months, next int) {
	if d.at(i).is("fortnight") {
		return 14, 0, i + 1
	}
	if d.is(i, "a", "fortnight") {
		return 14, 0, i + 2
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

// feast reads a holiday by its name, and the day before or after it.
func (d *dates) feast(i int) (dateFound, bool) {
	from, shift := i, 0
	switch {
	case d.is(i, "vispera", "de"), d.is(i, "dia", "antes", "de"), d.is(i, "day", "before"):
		shift = -1
	case d.is(i, "dia", "despues", "de"), d.is(i, "day", "after"):
		shift = 1
	}
	if name := d.feastAt(i); name == nil && shift != 0 {
		for i++; i < from+5 && d.feastAt(i) == nil && d.at(i).is("de", "del", "antes", "despues", "before", "after", "el", "la"); i++ {
		}
	} else if name != nil {
		shift = 0
	}
	name := d.feastAt(i)
	if name == nil {
		return dateFound{}, false
	}
	f := dateFound{from: from, to: i + len(name.words)}
	if shift == 0 && !d.namesDay(i, name) {
		return f, false
	}
	v, ok := name.on(d.today)
	if v.AddDays(shift) < d.today {
		v, ok = name.on(v + 1)
	}
	f.value = v.AddDays(shift)
	return f, ok
}

// feastAt returns the longest name of a day that begins at token i.
func (d *dates) feastAt(i int) *feastName {
	t := d.at(i)
	if t.kind != word {
		return nil
	}
	for k, name := range d.feasts[t.text] {
		if d.is(i, name.words...) {
			return &d.feasts[t.text][k]
		}
	}
	return nil
}

// namesDay tells the day from things called after it: a Christmas dinner may be
// on any evening, and a long weekend is several days.
func (d *dates) namesDay(i int, name *feastName) bool {
	first := name.words[0]
	if first == "dia" || first == "noche" {
		return true
	}
	k := i - 1
	if d.at(k).is("la", "el") {
		k--
	}
	before := d.at(k)
	if before.is("de") {
		before = d.at(k - 1)
	}
	if before.is("calle", "plaza", "puente", "avenida", "ciudad", "semana", "vacaciones", "fiestas") {
		return false
	}
	if first == "navidad" && before.is("cena", "comida", "menu", "fiesta", "almuerzo", "cesta", "loteria") {
		return false
	}
	return !d.at(i+len(name.words)).is("dinner", "party", "lunch", "menu", "meal", "do", "drinks") || len(name.words) > 1
}

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
		if n.next == 0 || n.article || !d.free(j) || !n.ordinal && d.headcount(n.next) > 0 {
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
	if d.headcount(n.next) > 0 || next.has(isThing) || next.has(isPart) && next.is("manana") && d.is(n.next-1, "de") {
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

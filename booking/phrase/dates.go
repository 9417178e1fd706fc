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
	d := &dates{sentence: s, feasts: r.feasts, today: today, nextWeek: s.says(nextWeek)}
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

// explicit reports whether a mention carries a number.
func (d *dates) explicit(f dateFound) bool {
	for i := f.from; i < f.to; i++ {
		if k := d.at(i).kind; k == number || k == pair || k == triple || d.at(i).has(isUnit|isTeen|isTen|isOrdinal) {
			return true
		}
	}
	return false
}

// nextWeek is how the week after this one is called.
var nextWeek = patterns(`semana que viene/entra|semana siguiente/proxima|proxima/otra semana|next/following week`)

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
	case t.kind == pair && (t.sep == '/' || t.sep == '.' && t.wide[1] != 1 || (t.sep == '-' || t.sep == '.') && d.dayLead(i)):
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

// dayLead reports whether "el", "día", "on the" or their like come before i.
func (s *sentence) dayLead(i int) bool { return s.at(i-1).is("el", "dia", "the", "al", "del", "on") }

// partyLead reports whether a word that a party size follows comes before i.
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

// ahead is a day by how far it lies ahead; negative: none is meant.
type ahead struct {
	days int
	weak bool
}

var noDay = ahead{days: -1}

// relativeDays are the days that are named from today on. The part of the day in
// "esta noche" is read by its own rule.
var relativeDays = compile([]row[ahead]{
	{noDay, `de [ hoy/manana en|por/no [ ahora/now|ahora/now no/que|la/esta [ manana|de hoy [ manana|week/fortnight/after [ tomorrow`},
	{ahead{0, false}, `hoy/today/tonight|esta/este/this ] noche/tarde/mediodia/evening/afternoon/morning/manana/lunchtime`},
	{ahead{0, true}, `ahora/now`},
	{ahead{1, false}, `manana`},
	{ahead{2, false}, `pasado manana|o/para/pa [ pasado ] END/SMALL|day after tomorrow`},
	{ahead{8, false}, `tomorrow week`},
	{ahead{1, false}, `tomorrow`},
})

// relative reads hoy, mañana, pasado mañana, esta noche.
func (d *dates) relative(i int) (dateFound, bool) {
	a, c, ok := first(d.sentence, relativeDays, i)
	if !ok || a == noDay || d.is(i-1, "de", "manana") && i > 1 && d.used[i-2] && d.num(i-2).next > 0 { // 9 de mañana
		return dateFound{}, false
	}
	return dateFound{value: d.today.AddDays(a.days), from: i, to: c.to, weak: a.weak}, true
}

// span is a length of time: so many days or months for each of the number that is
// said, or days alone.
type span struct{ days, each, months int }

// spans are lengths of time as guests say them. "Ocho días" are a week, "quince" two:
// the day itself is counted.
var spans = compile([]row[span]{
	{span{days: 14}, `a? fortnight|un par de semanas|a couple of weeks|N:15 dia/dias`},
	{span{days: 2}, `un par de dias|a couple of days`},
	{span{days: 7}, `N:8 dia/dias`},
	{span{each: 1}, `N/UN dia/dias/day/days`},
	{span{each: 7}, `N/UN semana/semanas/week/weeks`},
	{span{months: 1}, `N/UN mes/meses/month/months`},
})

// eightDays are the numbers that stand for weeks in "de hoy en ocho".
var eightDays = compile([]row[span]{{span{days: 7}, `N:8`}, {span{days: 14}, `N:15`}, {span{days: 21}, `N:21-22`}})

// span returns the length of time at i and the token after it; 0: there is none, or it
// is none that a booking lies ahead.
func (d *dates) span(i int, table []rule[span]) (days, months, next int) {
	v, c, ok := first(d.sentence, table, i)
	days, months = v.days+v.each*c.n[0], v.months*c.n[0]
	if !ok || days > 800 || months > 24 || days+months == 0 {
		return 0, 0, 0
	}
	return days, months, c.to
}

// fromNow are the words before a length of time from today on.
var fromNow = patterns(`dentro de|de aqui a|en/in/within`)

// counted reads "dentro de dos semanas", "dentro de dos domingos", "in 3 days".
func (d *dates) counted(from int) (dateFound, bool) {
	_, c, ok := first(d.sentence, fromNow, from)
	if !ok {
		return d.weekFrom(from)
	}
	if n := d.num(c.to); d.is(from, "dentro") && n.next > 0 && d.at(n.next).lex.weekday > 0 {
		nearest := d.nearest(d.at(n.next).lex.weekday-1, false)
		return dateFound{value: nearest.AddDays(7 * (n.value - 1)), from: from, to: n.next + 1}, n.value < 60
	}
	days, months, next := d.span(c.to, spans)
	if d.is(next, "time") {
		next++
	}
	f := dateFound{value: d.today.AddDays(days), from: from, to: next}
	if months > 0 {
		y, m, day := d.today.Civil()
		f.value = booking.NewDate(y, m+time.Month(months), day)
		if _, _, back := f.value.Civil(); back != day { // the 31st, in a shorter month
			f.value = booking.NewDate(y, m+time.Month(months)+1, 0)
		}
	}
	return f, next > 0
}

// weekFrom reads "a week today", "two weeks from Friday", "a fortnight on Saturday".
func (d *dates) weekFrom(i int) (dateFound, bool) {
	days, _, next := d.span(i, spans)
	if days == 0 {
		return dateFound{}, false
	}
	if d.at(next).is("from", "on") {
		next++
	}
	f := dateFound{value: d.today.AddDays(days), from: i, to: next + 1}
	switch t := d.at(next); {
	case t.is("today", "now"):
	case t.is("tomorrow"):
		f.value++
	case t.has(isWeekday) && days%7 == 0:
		f.value = d.nearest(t.lex.weekday-1, false).AddDays(days)
	default:
		return f, false
	}
	return f, true
}

// fromDay reads "de hoy en ocho", "de mañana en quince".
func (d *dates) fromDay(i int) (dateFound, bool) {
	if !d.is(i, "de") || !d.at(i+1).is("hoy", "manana") || !d.is(i+2, "en") {
		return dateFound{}, false
	}
	days, _, next := d.span(i+3, spans)
	if next == 0 {
		days, _, next = d.span(i+3, eightDays)
	}
	return dateFound{value: d.today.AddDays(b2i(d.is(i+1, "manana")) + days), from: i, to: next}, days > 0
}

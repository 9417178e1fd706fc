package phrase

import (
	"strings"
	"time"

	"maitre/booking"
)

// Date reads a text that names a date: as said, or YYYY-MM-DD. A number
// alone is a day of the month. It reports false for what is past or unclear.
func (r *Reader) Date(text string, now time.Time) (booking.Date, bool) {
	s := r.read(text)
	now = now.In(r.restaurant.Location)
	today := booking.NewDate(now.Date())
	s.takeGreetings()
	s.findTimes(now, false)
	all := r.findDates(s, today)
	if len(all) == 0 {
		if n, ok := s.onlyNumber(); ok && n >= 1 && n <= 31 {
			d := &dates{sentence: s, today: today}
			return d.nextDay(n, 0)
		}
		if len(s.toks) == 1 && s.at(0).kind == pair && (s.at(0).sep == '-' || s.at(0).sep == '.') {
			d := &dates{sentence: s, today: today}
			day, month := dayFirst(s.at(0).n[0], s.at(0).n[1])
			v, bad := d.next(month, day)
			return v, !bad
		}
	}
	return settle(s, all, s.moves())
}

// Time reads a text that names a time of day on a date: as said, or HH:MM.
// HH:MM is exact; other hours are read by the services of the date, and by the
// restaurant's usual ones where on is zero.
func (r *Reader) Time(text string, on booking.Date) (booking.TimeOfDay, bool) {
	text = strings.TrimSpace(text)
	if len(text) == len("15:04") {
		if t, err := booking.ParseTimeOfDay(text); err == nil {
			return t, true
		}
	}
	s := r.read(text)
	s.takeGreetings()
	parts := s.findParts()
	var day *booking.Date
	if on != 0 {
		day = &on
	}
	return r.settleTime(s, s.findTimes(time.Time{}, true), parts, day, s.moves())
}

// Party reads a text that names a number of guests. A number alone will do.
func (r *Reader) Party(text string) (int, bool) {
	s := r.read(text)
	s.takeGreetings()
	if s.says(severalTables) {
		return 0, false
	}
	all := s.findParties(true)
	if len(all) == 0 {
		n, ok := s.onlyNumber()
		return n, ok && n > 0 && n <= maxParty
	}
	var clock []timeFound
	var days []dateFound
	s.amend(&clock, &days, &all, 0)
	n, ok := settle(s, all, s.moves())
	return n, ok && n > 0
}

// onlyNumber returns the number of a text that holds no other, and no date or time.
func (s *sentence) onlyNumber() (int, bool) {
	value, count := 0, 0
	for i := 0; i < len(s.toks); i++ {
		t := s.at(i)
		if t.kind == pair || t.kind == triple {
			return 0, false
		}
		n := s.num(i)
		if n.next == 0 || n.article && len(s.toks) > 1 {
			continue
		}
		value = n.value
		count++
		i = n.next - 1
	}
	return value, count == 1
}

// Zone reads a text that names a zone; any reports that none is preferred, and
// id is then empty.
func (r *Reader) Zone(text string) (id string, any, ok bool) {
	s := r.read(text)
	all, any := r.findZones(s)
	if id, ok := settle(s, all, false); ok {
		return id, false, true
	}
	if !any && len(all) > 1 && !s.regret(0, len(s.toks)) { // "dentro o fuera": either will do
		any = true
	}
	return "", any, any
}

// Name reads the answer to "in what name?": a bare name will do.
func (r *Reader) Name(text string) (string, bool) {
	s := r.read(text)
	if name := r.findName(s); name != "" {
		return name, true
	}
	i := 0
	for t := s.at(i); t.is("si", "pues", "es", "soy", "a", "al", "de", "el", "la", "yes", "hola", "ok", "vale", "pon", "ponlo", "it", "is", "for", "nombre", "claro", "sure") || t.kind == comma; t = s.at(i) {
		i++
	}
	to := s.nameEnd(i, true)
	if to <= i || !s.at(to).mark() && !s.at(to).is("por", "please", "gracias", "thanks") {
		return "", false
	}
	return s.nameAt(i, to), true
}

// Phone reads a telephone number, spoken or written ("seis uno dos, treinta y
// cuatro, doble cinco..."), as digits with an optional +. It does not check them
// against a numbering plan.
func (r *Reader) Phone(text string) (digits string, ok bool) {
	s := r.read(text)
	best := 0
	for i := 0; i < len(s.toks); i++ {
		found, next := s.phoneAt(i)
		n := len(strings.TrimPrefix(found, "+"))
		if n >= minPhone && n <= maxPhone && n > best {
			digits, best = found, n
		}
		if next > i {
			i = next - 1
		}
	}
	return digits, best > 0
}

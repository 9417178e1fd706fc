package phrase

import (
	"time"

	"maitre/booking"
)

// reading is an hour and minute as they were said, before it is known which
// half of the day is meant.
type reading struct {
	hour, min int
	// exact: no half of the day is left to choose.
	exact bool
	at    booking.TimeOfDay // where exact
	part  *part             // of the day, where said
	// padded: written as 09:30, which most often is exact but may be a dinner.
	padded bool
}

type timeFound = found[reading]

// times is what the time rules look at.
type times struct {
	*sentence
	parts  []said
	now    time.Time // zero: durations from now are not read
	moving bool      // the sentence moves a booking: "de las 9 a las 10" is no stay
	bare   bool      // a number alone is a time, as in the answer to "at what time?"
	found  []timeFound
}

// findTimes returns the times of day that are mentioned, and takes their words.
func (s *sentence) findTimes(parts []said, now time.Time, bare bool) []timeFound {
	t := &times{sentence: s, parts: parts, now: now, bare: bare, moving: s.moves()}
	for i := 0; i < len(s.toks); i++ {
		if !s.free(i) {
			continue
		}
		f, ok := t.wait(i)
		if !ok {
			f, ok = t.clock(i)
		}
		if !ok || t.limit(f.from) {
			continue
		}
		t.span(&f)
		t.other(&f)
		s.use(f.from, f.to)
		t.found = append(t.found, f)
		i = f.to - 1
	}
	return t.found
}

// span passes over the end of a stay: of "de 9 a 11" the arrival counts.
func (t *times) span(f *timeFound) {
	lead := f.from - 1
	if t.at(lead).is("las", "la") {
		lead--
	}
	if t.moving || !t.at(lead).is("de", "from", "desde") || !t.at(f.to).is("a", "to", "hasta", "until", "till") {
		return
	}
	i := f.to + 1
	if t.at(i).is("las", "la") {
		i++
	}
	end := timeFound{from: i}
	if t.spoken(i, &end, true, true) || t.at(i).kind == pair && t.written(i, &end, true) {
		f.to = end.to
		if f.value.part == nil {
			f.value.part = end.value.part
		}
	}
}

// other makes a time vague that another one follows: "las nueve y media o diez",
// "9-9:30".
func (t *times) other(f *timeFound) {
	i := f.to
	if !t.at(i).is("o", "u", "or") && t.at(i).kind != dash {
		return
	}
	n := t.num(i + 1)
	if t.at(i+1).kind == pair && t.at(i + 1).wide[1] == 2 {
		f.to, f.vague = i+2, true
	} else if n.next > 0 && !n.article && !n.ordinal && n.value <= 24 && t.headcount(n.next) == 0 {
		end := timeFound{to: n.next}
		end.value.hour = n.value
		t.minutes(&end, true)
		f.to, f.vague = end.to, true
	}
}

// limit tells whether a time is a bound and not a wish: "antes de las diez".
func (t *times) limit(from int) bool {
	i := from - 1
	for t.at(i).is("las", "la", "de", "a", "que") {
		i--
	}
	return t.at(i).is("antes", "before", "until", "till", "by") || t.at(i).is("hasta") || t.is(i, "tardar")
}

// wait reads "en una hora", "dentro de media hora", "in half an hour".
func (t *times) wait(i int) (timeFound, bool) {
	f := timeFound{from: i}
	switch {
	case t.now.IsZero():
		return f, false
	case t.is(i, "dentro", "de"):
		i += 2
	case t.at(i).is("en", "in"):
		i++
	default:
		return f, false
	}
	var minutes int
	n := t.num(i)
	switch {
	case t.is(i, "media", "hora"):
		minutes, f.to = 30, i+2
	case t.is(i, "half", "an", "hour"):
		minutes, f.to = 30, i+3
	case t.is(i, "un", "cuarto", "de", "hora"):
		minutes, f.to = 15, i+4
	case n.next == 0:
		return f, false
	case t.at(n.next).is("minutos", "minutes", "min", "mins"):
		minutes, f.to = n.value, n.next+1
	case t.at(n.next).is("hora", "horas", "hour", "hours", "h"):
		minutes, f.to = 60*n.value, n.next+1
		if t.is(f.to, "y", "media") {
			minutes, f.to = minutes+30, f.to+2
		}
	}
	if f.to == 0 || minutes > 12*60 {
		return f, false
	}
	_, at := booking.ServiceDay(t.now.Add(time.Duration(minutes)*time.Minute), t.now.Location())
	f.value = reading{exact: true, at: at}
	return f, true
}

// lead tells how firmly the words before i say that a time follows.
func (t *times) lead(i int) (firm, some bool) {
	p := t.at(i - 1)
	switch {
	case p.is("las"):
		who := t.at(i - 2)
		return !who.is("somos", "vamos", "nosotras", "seremos", "todas", "iremos", "vosotras", "ellas"), true
	case p.is("la"):
		one := t.at(i).is("una") || t.at(i).n[0] == 1 && t.num(i).value <= 1
		return one, one
	case p.is("at", "@"):
		return true, true
	case p.is("around", "about", "from", "by", "till", "til", "past", "after", "sobre", "hacia"):
		return t.headcount(t.num(i).next) == 0 && !t.headRange(i), true
	case p.is("de", "desde"):
		n := t.num(i)
		stay := n.next > 0 && t.at(n.next).is("a") && t.num(n.next+1).next > 0 && t.partFollows(t.num(n.next+1).next)
		return stay, stay
	case p.is("to") && t.moving && len(t.found) > 0 && t.found[len(t.found)-1].to == i-1:
		return true, true
	case p.is("to") && t.pushed() && t.headcount(t.num(i).next) == 0:
		return true, true
	case p.is("a", "tipo", "for", "hora"):
		return false, true
	}
	return false, false
}

// pushed tells whether a booking is moved in time: "push it back to ten".
func (t *times) pushed() bool {
	for i := range t.toks {
		if t.at(i).is("push", "bring", "move", "postpone", "back", "forward") {
			return true
		}
	}
	return false
}

// headRange tells whether a range of numbers begins at i.
func (t *times) headRange(i int) bool {
	n := t.num(i)
	return n.next > 0 && t.at(n.next).is("to", "or", "o", "and", "u") && t.num(n.next+1).next > 0 &&
		t.headcount(t.num(n.next+1).next) > 0
}

// clock reads a time of day.
func (t *times) clock(i int) (timeFound, bool) {
	firm, some := t.lead(i)
	f := timeFound{from: i}
	ok := false
	switch tok := t.at(i); {
	case tok.kind == pair:
		ok = t.written(i, &f, firm)
	case tok.kind == triple:
		if tok.sep == ':' && tok.n[0] < 25 && tok.n[1] < 60 { // 21:30:00
			f.value, f.to, ok = reading{hour: tok.n[0], min: tok.n[1], padded: true}, i+1, true
			t.tail(&f)
		}
	case tok.is("half"):
		ok = t.half(i, &f)
	case tok.is("quarter"), tok.is("cuarto"):
		ok = t.quarter(i, &f)
	case tok.is("midnight", "medianoche"):
		f.value, f.to, ok = reading{exact: true, at: 24 * 60}, i+1, true
	case tok.is("noon", "midday"):
		f.value, f.to, f.weak, ok = reading{exact: true, at: 12 * 60}, i+1, true, true
	default:
		ok = t.spoken(i, &f, firm, some)
	}
	if !ok || f.value.hour > 24 || f.value.min > 59 || f.value.hour == 24 && f.value.min > 59 {
		return f, false
	}
	return f, true
}

// written reads 21:30, 21h30, 20.45.
func (t *times) written(i int, f *timeFound, firm bool) bool {
	tok := t.at(i)
	h, m := tok.n[0], tok.n[1]
	if h > 24 || m > 59 || tok.wide[1] != 2 || tok.sep == '/' || tok.sep == '-' {
		return false
	}
	if tok.sep == '.' && !firm {
		if t.dayLead(i) && t.at(i-1).is("el", "dia", "the", "on") || m%5 != 0 && !t.bare {
			return false
		}
	}
	f.value = reading{hour: h, min: m, padded: tok.wide[0] == 2 && h < 10}
	f.to = i + 1
	if t.at(f.to).is("h", "hs", "hrs", "horas", "hr") {
		f.to++
	}
	t.tail(f)
	return true
}

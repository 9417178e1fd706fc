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
		return t.headcount(t.num(i).next) == 0 && !t.range_(i), true
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

// range_ tells whether a range of numbers begins at i.
func (t *times) range_(i int) bool {
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

// half reads "half past two" and the British "half nine".
func (t *times) half(i int, f *timeFound) bool {
	j := i + 1
	if t.at(j).kind == dash {
		j++
	}
	if t.at(j).is("past") {
		j++
	}
	n := t.num(j)
	if n.next == 0 || n.article || n.ordinal || n.value < 1 || n.value > 12 {
		return false
	}
	f.value, f.to = reading{hour: n.value, min: 30}, n.next
	t.tail(f)
	return true
}

// quarter reads "quarter to ten", "quarter past nine" and "cuarto para las diez".
func (t *times) quarter(i int, f *timeFound) bool {
	j := i + 1
	if t.is(j, "para", "las") {
		j++
	}
	past := t.at(j).is("past", "after")
	if !past && !t.at(j).is("to", "of", "till", "before", "las") {
		return false
	}
	n := t.num(j + 1)
	if n.next == 0 || n.article || n.value < 1 || n.value > 12 {
		return false
	}
	if t.at(i-1).is("a", "un") {
		f.from--
	}
	f.to = n.next
	f.value = reading{hour: n.value, min: 15}
	if !past {
		f.value = beforeHour(n.value, 15)
	}
	t.tail(f)
	return true
}

// beforeHour returns the time that is so many minutes before an hour.
func beforeHour(hour, minutes int) reading {
	if hour == 1 {
		hour = 13
		if minutes > 0 { // a quarter to one is in the twelves
			return reading{hour: 12, min: 60 - minutes}
		}
	}
	return reading{hour: hour - 1, min: 60 - minutes}
}

// spoken reads an hour that begins with a number.
func (t *times) spoken(i int, f *timeFound, firm, some bool) bool {
	n := t.num(i)
	if n.next == 0 || n.ordinal || n.article && (!t.at(i).is("una") || !firm && !t.partFollows(n.next)) {
		return false
	}
	if tok := t.at(i); tok.kind == number && tok.wide[0] == 4 && n.value%100 < 60 && n.value/100 <= 24 &&
		(firm || t.bare || t.at(n.next).is("h", "hs", "hrs", "horas")) { // 2130
		f.value = reading{hour: n.value / 100, min: n.value % 100, padded: tok.text[0] == '0'}
		f.to = n.next
		t.unit(f)
		t.tail(f)
		return true
	}
	if n.value > 60 {
		return false
	}
	if t.pastTo(i, n, f) {
		t.tail(f)
		return true
	}
	if n.value > 24 || t.headcount(n.next) > 0 && !firm || t.dayLead(i) && !t.at(i-1).is("on") {
		return false
	}
	f.value, f.to = reading{hour: n.value}, n.next
	marked := t.minutes(f, firm) || firm || t.bare
	if t.at(f.to).is("oclock") {
		marked = true
	}
	if t.unit(f) {
		marked = marked || n.value >= 12 && !t.lasting(i) || some && !t.lasting(i)
	}
	if t.at(f.to).is("en") && t.is(f.to, "en", "punto") {
		f.to += 2
		marked = true
	}
	if t.tail(f) {
		marked = true
	}
	if marked && firm && t.headcount(f.to) > 0 && f.to == n.next && !t.at(i-1).is("las", "la") {
		return false
	}
	return marked
}

// partFollows tells whether "de la noche" or its like comes at i.
func (t *times) partFollows(i int) bool {
	f := timeFound{to: i}
	return t.tail(&f)
}

// lasting tells whether a number of hours is a length of time.
func (t *times) lasting(i int) bool {
	return t.at(i-1).is("en", "in", "durante", "unas", "unos", "de", "within", "para", "for", "las") && !t.is(i-2, "a", "las")
}

// unit reads the "h" or "horas" after an hour.
func (t *times) unit(f *timeFound) bool {
	if u := t.at(f.to); u.is("h", "hs", "hrs", "hr", "horas", "oclock") {
		f.to++
		return true
	}
	return false
}

// minutes reads what is said after an hour: "y media", "menos cuarto", "treinta".
func (t *times) minutes(f *timeFound, firm bool) bool {
	i := f.to
	h := f.value.hour
	set := func(m, to int) bool {
		f.value.min, f.to = m, to
		return true
	}
	switch {
	case t.at(i).is("y", "i", "con"):
		n := t.num(i + 1)
		switch {
		case t.at(i+1).is("media") && !t.at(i+2).is("docena"):
			return set(30, i+2)
		case t.at(i+1).kind == pair && t.at(i+1).text == "1/2":
			return set(30, i+2)
		case t.at(i + 1).is("cuarto"):
			return set(15, i+2)
		case t.is(i+1, "tres", "cuartos"):
			return set(45, i+3)
		case t.at(i+1).is("pico", "algo"):
			f.to = i + 2
			return true
		case firm && n.next > 0 && !n.article && n.value < 60 && n.value > 0 && t.headcount(n.next) == 0 && !t.dateAfter(n.next) && !t.at(n.next).is("son", "es", "estara"):
			return set(n.value, n.next)
		}
	case t.at(i).is("menos") || t.at(i).kind == dash && t.at(i+1).is("cuarto"):
		n := t.num(i + 1)
		switch {
		case t.at(i + 1).is("cuarto"):
			f.value, f.to = beforeHour(h, 15), i+2
			return true
		case n.next > 0 && !n.article && n.value < 30 && n.value > 0 && (firm || n.value%5 == 0) && t.headcount(n.next) == 0:
			f.value, f.to = beforeHour(h, n.value), n.next
			return true
		}
	default:
		n := t.num(i)
		if n.next == 0 || n.article || n.ordinal || n.value > 59 || t.headcount(n.next) > 0 || t.dateAfter(n.next) || !t.free(i) {
			return false
		}
		if t.at(n.next).is("o", "u", "or") && t.num(n.next+1).next > 0 {
			return false
		}
		tok := t.at(i)
		digits := tok.kind == number && tok.wide[0] == 2
		words := tok.kind == word && (n.value >= 10 || n.value == 5)
		quarters := n.value == 15 || n.value == 30 || n.value == 45
		if firm && digits && (quarters || n.value >= 40 || n.value%10 == 0 && n.value > 0 || n.value == 0) || words && (firm && n.value%5 == 0 || quarters && t.at(i-1).kind == word || firm && n.value > 12) {
			return set(n.value, n.next)
		}
	}
	return false
}

// dateAfter tells whether what follows makes the number before it a day.
func (t *times) dateAfter(i int) bool {
	if t.at(i).is("de", "of") {
		i++
	}
	return t.at(i).has(isMonth)
}

// pastTo reads "ten past nine", "twenty to ten", "veinte para las nueve".
func (t *times) pastTo(i int, n numeral, f *timeFound) bool {
	j := n.next
	if t.at(j).is("minutes", "mins", "minutos") {
		j++
	}
	past, to := t.at(j).is("past", "after"), t.at(j).is("to", "till")
	if t.is(j, "para", "las") && n.value%5 == 0 && n.value < 60 && n.value > 0 && !t.headLead(i) {
		to = true
		j++
	}
	if !past && !to || n.article || n.value < 1 || n.value > 29 || to && t.at(i-1).is("from", "between", "for", "of", "table") {
		return false
	}
	h := t.num(j + 1)
	if h.next == 0 || h.article || h.ordinal || h.value < 1 || h.value > 12 || t.headcount(h.next) > 0 || n.value%5 != 0 && !t.at(i-1).is("at") {
		return false
	}
	f.to = h.next
	if past {
		f.value = reading{hour: h.value, min: n.value}
	} else {
		f.value = beforeHour(h.value, n.value)
	}
	return true
}

// headLead tells whether a party size is being said at i.
func (s *sentence) headLead(i int) bool {
	return s.at(i-1).has(isLead) || s.at(i-1).is("para", "mesa", "for", "pa", "x")
}

// tail reads the half of the day after a time: pm, "de la noche", "in the evening".
func (t *times) tail(f *timeFound) bool {
	i := f.to
	if t.is(i, "en", "punto") {
		f.to, i = i+2, i+2
	}
	if t.at(i).is("oclock") || t.is(i, "o", "clock") {
		f.to, i = i+1+b2i(t.at(i).is("o")), i+1+b2i(t.at(i).is("o"))
	}
	if t.at(i).is("pm", "am") && !t.is(i+1, "i") {
		f.value.meridiem(t.at(i).is("pm"))
		f.to = i + 1
		return true
	}
	j := i
	switch {
	case t.is(i, "de", "la"), t.is(i, "por", "la"), t.is(i, "in", "the"), t.is(i, "a", "la"):
		j = i + 2
	case t.is(i, "del"), t.is(i, "de"), t.is(i, "at"), t.is(i, "al"), t.is(i, "a"):
		j = i + 1
	}
	p := t.at(j)
	if !p.has(isPart) || p.is("manana") && !t.at(j-1).is("la") && !(t.is(i, "de") && false) {
		return false
	}
	if j == i && !p.is("noche", "tonight", "mediodia") {
		return false
	}
	if p.is("comer", "cenar", "comida", "cena", "lunch", "dinner", "tonight") {
		return false // said of the meal: it keeps its own place
	}
	f.value.part = partOf[p.text]
	f.to = j + 1
	return true
}

// meridiem applies am or pm.
func (v *reading) meridiem(pm bool) {
	h := v.hour
	if h > 12 || h == 0 {
		return
	}
	h %= 12
	if pm {
		h += 12
	}
	v.exact, v.at = true, booking.Clock(h, v.min)
}

// resolve returns the service-day time that is meant by a reading on a date: the
// half of the day that was said, else the one whose hour falls in a service,
// else the one nearest to one.
func (r *Reader) resolve(v reading, p *part, on booking.Date) booking.TimeOfDay {
	switch {
	case v.exact:
		return v.at
	case v.hour == 24 || v.hour == 0:
		return booking.TimeOfDay(24*60 + v.min)
	case v.hour > 12:
		return booking.Clock(v.hour, v.min)
	}
	first := booking.Clock(v.hour, v.min)
	second := booking.TimeOfDay((v.hour+12)*60 + v.min) // the twelve of the night is 24:00
	if first > second {
		first, second = second, first
	}
	if v.part != nil {
		p = v.part
	}
	if p != nil {
		a, b := p.holds(first), p.holds(second)
		switch {
		case a && !b:
			return first
		case b && !a:
			return second
		}
	}
	return r.byService(first, second, on, v)
}

func (p *part) holds(t booking.TimeOfDay) bool { return t >= p.first && t <= p.last }

// byService chooses between two times twelve hours apart by the services.
func (r *Reader) byService(first, second booking.TimeOfDay, on booking.Date, v reading) booking.TimeOfDay {
	usual := r.house.Usual
	if len(usual) == 0 {
		usual = spain
	}
	var that []Window
	if on != 0 && r.house.Windows != nil {
		that = r.house.Windows(on)
	}
	for _, windows := range [][]Window{that, usual} {
		a, b := distance(first, windows), distance(second, windows)
		switch {
		case len(windows) == 0:
		case a == 0 && b != 0:
			return first
		case b == 0 && a != 0:
			return second
		case a == 0 && b == 0: // both are served: the earlier in the day, unless dinner is all there is
			return first
		}
	}
	if v.padded {
		return booking.Clock(v.hour, v.min)
	}
	a, b := distance(first, usual), distance(second, usual)
	if second.AfterMidnight() {
		b += 60 // people say midnight when they mean it
	}
	if a <= b {
		return first
	}
	return second
}

// spain is when Spain eats, for a house that has not said.
var spain = []Window{{13 * 60, 16 * 60}, {20 * 60, 23*60 + 30}}

// distance returns how far a time lies from the nearest window, in minutes.
func distance(t booking.TimeOfDay, windows []Window) booking.TimeOfDay {
	best := booking.DayEnds
	for _, w := range windows {
		switch {
		case t < w.First:
			best = min(best, w.First-t)
		case t > w.Last:
			best = min(best, t-w.Last)
		default:
			return 0
		}
	}
	return best
}

package phrase

import "maitre/booking"

// offset is how many minutes lie between an hour and what is meant; where a number
// gives them, each is 1 or -1, and minutes is 0.
type offset struct{ minutes, each int }

// aroundHour is how a time is said by the hour that it is near to. The hour is the
// last number.
var aroundHour = compile([]row[offset]{
	{offset{30, 0}, `half DASH? past? N:1-12`}, // the British half nine is half past nine
	{offset{15, 0}, `a/un? quarter/cuarto past/after N:1-12`},
	{offset{-15, 0}, `a/un? quarter/cuarto to/of/till/before N:1-12|a/un? quarter/cuarto para? las N:1-12`},
	{offset{0, 1}, `FIVE minutes/mins/minutos? past/after N:1-12 !GUESTS|at [ N:1-29 minutes/mins? past/after N:1-12 !GUESTS`},
	{offset{0, -1}, `!from/between/for/of/table [ FIVE minutes/mins/minutos? to/till N:1-12 !GUESTS|at [ N:1-29 minutes/mins? to/till N:1-12 !GUESTS
	 |!LEAD/para/mesa/for/pa/x [ FIVE minutos? para las N:1-12 !GUESTS`},
})

// afterHour is what follows an hour.
var afterHour = compile([]row[offset]{
	{offset{30, 0}, `y/i/con media !docena|y/i/con HALF`},
	{offset{15, 0}, `y/i/con cuarto`},
	{offset{45, 0}, `y/i/con tres cuartos`},
	{offset{0, 0}, `y/i/con pico/algo`},
	{offset{-15, 0}, `menos/DASH cuarto`},
	{offset{0, -1}, `menos FIVE !GUESTS`},
})

// afterSureHour is what follows an hour only where nothing but a time can be meant.
var afterSureHour = compile([]row[offset]{
	{offset{0, 1}, `y/i/con N:1-59 !GUESTS !OFMONTH !son/es/estara`},
	{offset{0, -1}, `menos N:1-29 !GUESTS`},
})

// from returns the time at an offset from an hour.
func (o offset) from(hour, said int) reading {
	minutes := o.minutes + o.each*said
	if minutes >= 0 {
		return reading{hour: hour, min: minutes}
	}
	if hour == 1 { // a quarter to one is in the twelves
		hour = 13
	}
	return reading{hour: hour - 1, min: 60 + minutes}
}

// near reads "half nine", "quarter to ten", "veinte para las nueve".
func (t *times) near(i int, f *timeFound) bool {
	o, c, ok := first(t.sentence, aroundHour, i)
	if !ok {
		return false
	}
	hour := c.n[0]
	if o.each != 0 {
		hour = c.n[1]
	}
	f.value, f.to = o.from(hour, c.n[0]), c.to
	t.tail(f)
	return true
}

// spoken reads an hour that begins with a number.
func (t *times) spoken(i int, f *timeFound, firm, some bool) bool {
	n := t.num(i)
	if n.next == 0 || n.ordinal || n.article && (!t.at(i).is("una") || !firm && !t.partFollows(n.next)) {
		return false
	}
	if tok := t.at(i); tok.wide[0] == 4 && n.value%100 < 60 && n.value/100 <= 24 && (firm || t.bare || t.at(n.next).is("h", "horas")) { // 2130
		f.value = reading{hour: n.value / 100, min: n.value % 100, padded: tok.text[0] == '0'}
		f.to = n.next
		t.unit(f)
		t.tail(f)
		return true
	}
	if n.value > 24 || t.guestNoun(n.next) > 0 && !firm || t.dayLead(i) && !t.at(i-1).is("on") {
		return false
	}
	f.value, f.to = reading{hour: n.value}, n.next
	marked := t.minutes(f, firm) || firm || t.bare || t.at(f.to).is("oclock")
	if t.unit(f) {
		marked = marked || (n.value >= 12 || some) && !t.holds(lasting, i)
	}
	if t.is(f.to, "en", "punto") {
		f.to += 2
		marked = true
	}
	marked = t.tail(f) || marked
	guests := firm && f.to == n.next && t.guestNoun(f.to) > 0 && !t.at(i-1).is("las", "la")
	return marked && !guests
}

// lasting is what comes before a number of hours that is a length of time.
var lasting = patterns(`en/in/durante/unas/unos/de/within/para/for [|!a las [`)

// partFollows reports whether "de la noche" or its like comes at i.
func (t *times) partFollows(i int) bool {
	f := timeFound{to: i}
	return t.tail(&f)
}

// unit reads the "h" or "horas" after an hour.
func (t *times) unit(f *timeFound) bool {
	if t.at(f.to).is("h", "horas", "oclock") {
		f.to++
		return true
	}
	return false
}

// minutes reads what is said after an hour: "y media", "menos cuarto", "treinta".
func (t *times) minutes(f *timeFound, firm bool) bool {
	o, c, ok := first(t.sentence, afterHour, f.to)
	if !ok && firm {
		o, c, ok = first(t.sentence, afterSureHour, f.to)
	}
	if ok {
		f.value, f.to = o.from(f.value.hour, c.n[0]), c.to
		return true
	}
	i := f.to
	n := t.num(i)
	if n.next == 0 || n.article || n.ordinal || n.value > 59 || t.guestNoun(n.next) > 0 || t.ofMonth(n.next) > 0 || !t.free(i) ||
		t.at(n.next).is("o", "u", "or") && t.num(n.next+1).next > 0 {
		return false
	}
	quarter, five := n.value > 0 && n.value%15 == 0, n.value%5 == 0
	switch tok := t.at(i); {
	case tok.kind == number && tok.wide[0] == 2: // 9 30
		ok = firm && (quarter || n.value >= 40 || n.value%10 == 0)
	case tok.kind == word && (n.value >= 10 || n.value == 5): // nueve treinta
		ok = firm && (five || n.value > 12) || quarter && t.at(i-1).kind == word
	}
	if ok {
		f.value.min, f.to = n.value, n.next
	}
	return ok
}

// ofMonth returns the token after "de diciembre" or "diciembre", which make the number
// before them a day; 0 where there is none.
func (s *sentence) ofMonth(i int) int {
	if s.at(i).is("de", "of") {
		i++
	}
	if s.at(i).has(isMonth) {
		return i + 1
	}
	return 0
}

// afterTime is what gives the half of the day after a time. Words of a meal are not part
// of it: "a las 9 cena" says when to dine.
var afterTime = patterns(`de/por/a la !comer/cenar/comida/cena/lunch/dinner/tonight PART|in the !manana/comer/cenar/comida/cena/lunch/dinner/tonight PART
	|del/de/at/al/a !manana/comer/cenar/comida/cena/lunch/dinner/tonight PART|noche/mediodia`)

// tail reads the half of the day after a time: pm, "de la noche", "in the evening".
func (t *times) tail(f *timeFound) bool {
	if t.is(f.to, "en", "punto") {
		f.to += 2
	}
	if t.at(f.to).is("oclock") {
		f.to++
	} else if t.is(f.to, "o", "clock") {
		f.to += 2
	}
	if half := t.at(f.to); half.is("pm", "am") && !t.is(f.to+1, "i") {
		f.value.meridiem(half.is("pm"))
		f.to++
		return true
	}
	_, c, ok := first(t.sentence, afterTime, f.to)
	if ok {
		f.value.part = partOf[t.at(c.to-1).text]
		f.to = c.to
	}
	return ok
}

// meridiem applies am or pm.
func (v *reading) meridiem(pm bool) {
	if h := v.hour; h >= 1 && h <= 12 {
		v.exact, v.at = true, booking.NewTimeOfDay(h%12+12*b2i(pm), v.min)
	}
}

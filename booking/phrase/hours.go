package phrase

import "maitre/booking"

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

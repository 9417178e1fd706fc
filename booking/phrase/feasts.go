package phrase

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
	f := dateFound{from: from, to: i + len(name.elements)}
	if shift == 0 && !d.namesDay(i, name) {
		return f, false
	}
	v, ok := name.means(d.today)
	if v.AddDays(shift) < d.today {
		v, ok = name.means(v + 1)
	}
	f.value = v.AddDays(shift)
	return f, ok
}

// feastAt returns the longest name of a day that begins at token i.
func (d *dates) feastAt(i int) *rule[nextDate] {
	t := d.at(i)
	if t.kind != word {
		return nil
	}
	for _, name := range d.feasts[t.text] {
		if d.match(name.elements, i, &caught{}) > 0 {
			return name
		}
	}
	return nil
}

// namesDay tells the day from things called after it: a Christmas dinner may be
// on any evening, and a long weekend is several days.
func (d *dates) namesDay(i int, name *rule[nextDate]) bool {
	first := name.elements[0].words[0]
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
	return !d.at(i+len(name.elements)).is("dinner", "party", "lunch", "menu", "meal", "do", "drinks") || len(name.elements) > 1
}

package phrase

import (
	"slices"
	"strings"
	"time"

	"maitre/booking"
)

// feast is a day of the year that goes by a name.
type feast struct {
	names string // separated by |
	on    func(year int) booking.Date
}

func yearly(m time.Month, d int) func(int) booking.Date {
	return func(year int) booking.Date { return booking.NewDate(year, m, d) }
}

// easterPlus returns the date n days after Easter Sunday (Gregorian, by the
// anonymous algorithm of 1876).
func easterPlus(n int) func(int) booking.Date {
	return func(y int) booking.Date {
		a, b, c := y%19, y/100, y%100
		d, e := b/4, b%4
		g := (8*b + 13) / 25
		h := (19*a + b - d - g + 15) % 30
		i, k := c/4, c%4
		l := (32 + 2*e + 2*i - h - k) % 7
		m := (a + 11*h + 22*l) / 451
		month, day := (h+l-7*m+114)/31, (h+l-7*m+114)%31+1
		return booking.NewDate(y, time.Month(month), day+n)
	}
}

// nthSunday returns the nth Sunday of a month.
func nthSunday(m time.Month, n int) func(int) booking.Date {
	return func(y int) booking.Date {
		first := booking.NewDate(y, m, 1)
		return first.AddDays((7-int(first.Weekday()))%7 + 7*(n-1))
	}
}

// feasts are the days that guests in Spain name. Names that are also something
// else (a surname, a street) are here only with the words that make them a day.
var feasts = []feast{
	{"nochebuena|noche buena|christmas eve|xmas eve", yearly(12, 24)},
	{"dia de navidad|navidad|christmas day|christmas|xmas day|xmas", yearly(12, 25)},
	{"san esteban|sant esteve|boxing day|saint stephen day", yearly(12, 26)},
	{"nochevieja|noche vieja|fin de ano|new year eve|new years eve|nye", yearly(12, 31)},
	{"ano nuevo|new year day|new years day", yearly(1, 1)},
	{"noche de reyes|vispera de reyes|noche de los reyes|twelfth night", yearly(1, 5)},
	{"dia de reyes|dia de los reyes|en reyes|por reyes|para reyes|reyes magos|epifania|three kings day|epiphany", yearly(1, 6)},
	{"san valentin|dia de los enamorados|valentine day|valentines day|valentine|valentines", yearly(2, 14)},
	{"san patricio|saint patrick day|st patrick day|st patricks day", yearly(3, 17)},
	{"dia del padre|dia de san jose|por san jose|en san jose|para san jose", yearly(3, 19)},
	{"dia del trabajo|dia del trabajador|labour day", yearly(5, 1)},
	{"dia de la madre", nthSunday(time.May, 1)},
	{"noche de san juan|verbena de san juan", yearly(6, 23)},
	{"dia de san juan|por san juan|en san juan|para san juan", yearly(6, 24)},
	{"dia de santiago|santiago apostol", yearly(7, 25)},
	{"dia de la asuncion|dia de la virgen|virgen de agosto", yearly(8, 15)},
	{"dia del pilar|virgen del pilar|dia de la hispanidad|por el pilar|en el pilar|para el pilar", yearly(10, 12)},
	{"halloween", yearly(10, 31)},
	{"todos los santos|dia de los santos|all saints day|all saints", yearly(11, 1)},
	{"dia de la constitucion|por la constitucion|en la constitucion", yearly(12, 6)},
	{"dia de la inmaculada|la inmaculada|por la inmaculada|en la inmaculada|la purisima", yearly(12, 8)},
	{"domingo de ramos|palm sunday", easterPlus(-7)},
	{"jueves santo|maundy thursday", easterPlus(-3)},
	{"viernes santo|good friday", easterPlus(-2)},
	{"sabado santo|sabado de gloria|holy saturday", easterPlus(-1)},
	{"domingo de resurreccion|domingo de pascua|easter sunday|easter day", easterPlus(0)},
	{"lunes de pascua|easter monday", easterPlus(1)},
}

// nextDate returns the next date that has a name, from a day on.
type nextDate func(today booking.Date) (booking.Date, bool)

// feastNames returns the names by which days go.
func feastNames(restaurant Restaurant, words *lexicon) map[string][]*rule[nextDate] {
	var all []rule[nextDate]
	for _, h := range restaurant.Holidays {
		name := plainWords(h.Name)
		words.add(0, strings.Join(name, " "))
		all = append(all, plainRule[nextDate](name, func(today booking.Date) (best booking.Date, found bool) {
			for _, other := range restaurant.Holidays {
				if slices.Equal(plainWords(other.Name), name) && other.Date >= today && (!found || other.Date < best) {
					best, found = other.Date, true
				}
			}
			return best, found
		}))
	}
	for _, f := range feasts {
		for name := range strings.SplitSeq(f.names, "|") {
			all = append(all, plainRule[nextDate](strings.Fields(name), func(today booking.Date) (booking.Date, bool) {
				year, _, _ := today.Civil()
				if d := f.on(year); d >= today {
					return d, true
				}
				return f.on(year + 1), true
			}))
		}
	}
	return phrasesByFirst(all)
}

// besideFeast is the day before or after one: how many days lie between.
var besideFeast = compile([]row[int]{
	{-1, `vispera de|dia antes de|day before`},
	{1, `dia despues de|day after`},
})

// feast reads a holiday by its name, and the day before or after it.
func (d *dates) feast(from int) (dateFound, bool) {
	i, shift := from, 0
	name := d.feastAt(i)
	if name == nil {
		by, c, ok := first(d.sentence, besideFeast, i)
		if !ok {
			return dateFound{}, false
		}
		shift = by
		for i = c.to; i < from+5 && d.feastAt(i) == nil && d.at(i).is("de", "del", "el", "la"); i++ {
		}
		if name = d.feastAt(i); name == nil {
			return dateFound{}, false
		}
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
	for _, name := range d.feasts[d.at(i).text] {
		if d.match(name.elements, i, &caught{}) > 0 {
			return name
		}
	}
	return nil
}

// namesDay reports whether the day is meant, and not a thing called after it: a Christmas dinner may be
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

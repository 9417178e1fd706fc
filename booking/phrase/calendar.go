package phrase

import (
	"slices"
	"strings"
	"time"

	"maitre/booking"
)

var monthWords = [13]string{
	1: "enero january jan ene", 2: "febrero february feb", 3: "marzo march", 4: "abril april abr apr", 5: "mayo may", 6: "junio june jun",
	7: "julio july jul", 8: "agosto august ago aug", 9: "septiembre setiembre september sept sep", 10: "octubre october oct", 11: "noviembre november nov",
	12: "diciembre december dic dec diciemb",
}

var weekdayWords = [7]string{
	time.Sunday: "domingo sunday dom sun", time.Monday: "lunes monday lun mon", time.Tuesday: "martes tuesday tue tues",
	time.Wednesday: "miercoles wednesday mie wed weds", time.Thursday: "jueves thursday jue thu thur thurs", time.Friday: "viernes friday vie fri",
	time.Saturday: "sabado saturday sab sat",
}

// habits are weekdays in the plural: they name no date.
var habits = map[time.Weekday]string{
	time.Sunday: "domingos sundays", time.Monday: "mondays", time.Tuesday: "tuesdays", time.Wednesday: "wednesdays",
	time.Thursday: "thursdays", time.Friday: "fridays", time.Saturday: "sabados saturdays",
}

// shortDays are short forms of weekdays that may be other words.
var shortDays = set("sun sat mon wed mar dom mie lun vie thu tue fri")

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

func (l *lexicon) addCalendar() {
	for m, words := range monthWords {
		for w := range strings.FieldsSeq(words) {
			e := l.entry(w)
			e.class |= isMonth
			e.month = m
		}
	}
	for d, words := range weekdayWords {
		for w := range strings.FieldsSeq(words) {
			e := l.entry(w)
			e.class |= isWeekday
			e.weekday = d + 1
		}
	}
	for d, words := range habits {
		for w := range strings.FieldsSeq(words) {
			l.entry(w).weekday = int(d) + 1
		}
	}
	l.add(isThing, things)
	for _, p := range parts {
		l.add(isPart, p.words)
	}
	for _, f := range feasts {
		l.add(0, strings.ReplaceAll(f.names, "|", " "))
	}
	for w := range strings.FieldsSeq(dateGlue) {
		l.entry(w)
	}
}

// things are nouns that, counted, are no guests and make "el 50" no date.
const things = `aniversario cumpleanos cumple anos birthday anniversary euros euro years year mesas tables mesa table noches nights dias days semanas weeks horas hours hora hour
 minutos minutes menus platos raciones turno turnos opcion option time times floor planta coches cars perros perro dogs dog tronas carritos coche car meses months mes month veces vez
 sillas tartas copas botellas habitaciones piso available one ones`

const dateGlue = `dia dias day days semana semanas week weeks mes meses month months fortnight dentro pasado pasada manana hoy today tomorrow tonight noche tarde night evening afternoon morning
 primer segundo tercer ultimo last que viene entra proximo proxima siguiente next this este esta the following coming after before vispera puente finde weekend aqui quince ocho`

// feastNames returns the names by which days go.
func feastNames(house House, words *lexicon) map[string][]*rule[nextDate] {
	var all []rule[nextDate]
	for _, h := range house.Holidays {
		name := plainWords(h.Name)
		words.add(0, strings.Join(name, " "))
		all = append(all, plainRule[nextDate](name, func(today booking.Date) (best booking.Date, found bool) {
			for _, other := range house.Holidays {
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

// plainWords cuts a name into folded words.
func plainWords(name string) []string {
	return strings.Fields(strings.Map(func(c rune) rune {
		if c == '-' || c == '\'' || c == '’' || c == '.' || c == ',' {
			return ' '
		}
		return c
	}, string(foldAll(name))))
}

func foldAll(text string) []byte {
	out := make([]byte, 0, len(text))
	for _, c := range text {
		out = fold(out, c)
	}
	return out
}

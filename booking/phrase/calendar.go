package phrase

import (
	"strings"
	"time"
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
var habits = [7]string{
	time.Sunday: "domingos sundays", time.Monday: "mondays", time.Tuesday: "tuesdays", time.Wednesday: "wednesdays",
	time.Thursday: "thursdays", time.Friday: "fridays", time.Saturday: "sabados saturdays",
}

// shortDays are short forms of weekdays that may be other words.
var shortDays = set("sun sat mon wed mar dom mie lun vie thu tue fri")

func (l *lexicon) addCalendar() {
	for m, words := range monthWords {
		l.each(words, func(e *lexeme) { e.class, e.month = e.class|isMonth, m })
	}
	for d, words := range weekdayWords {
		l.each(words, func(e *lexeme) { e.class, e.weekday = e.class|isWeekday, d+1 })
	}
	for d, words := range habits {
		l.each(words, func(e *lexeme) { e.weekday = d + 1 })
	}
	l.add(isThing, things)
	for _, p := range parts {
		l.add(isPart, p.words)
	}
	for _, f := range feasts {
		l.add(0, strings.ReplaceAll(f.names, "|", " "))
	}
	l.add(0, dateGlue)
}

// things are nouns that, counted, are no guests and make "el 50" no date.
const things = `aniversario cumpleanos cumple anos birthday anniversary euros euro years year mesas tables mesa table noches nights dias days semanas weeks horas hours hora hour
 minutos minutes menus platos raciones turno turnos opcion option time times floor planta coches cars perros perro dogs dog tronas carritos coche car meses months mes month veces vez
 sillas tartas copas botellas habitaciones piso available one ones`

const dateGlue = `dia dias day days semana semanas week weeks mes meses month months fortnight dentro pasado pasada manana hoy today tomorrow tonight noche tarde night evening afternoon morning
 primer segundo tercer ultimo last que viene entra proximo proxima siguiente next this este esta the following coming after before vispera puente finde weekend aqui quince ocho`

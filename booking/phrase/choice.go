package phrase

import "cmp"

// Readings of answers that only mean something beside the question that was
// asked: which of a list, what to change, which booking.

// choiceOrdinals are the ordinals with which one of a list is named.
var choiceOrdinals = map[string]int{
	"primero": 1, "primera": 1, "primer": 1, "first": 1, "segundo": 2, "segunda": 2, "second": 2, "tercero": 3, "tercera": 3, "tercer": 3, "third": 3,
	"cuarta": 4, "fourth": 4, "quinto": 5, "quinta": 5, "fifth": 5, "sexto": 6, "sexta": 6, "sixth": 6, "septima": 7, "seventh": 7, "octava": 8, "eighth": 8, "novena": 9, "ninth": 9,
}

// beside are words that may be beside the choice in such an answer.
var beside = set(`la el lo the option opcion numero number num no one ones la de por favor please vale si ok perfecto pues quiero queria prefiero preferimos mejor me nos
 quedo quedamos con esa ese eso i we will take would like prefer that go for gracias thanks thank you a mi cancela cancelar cancel anula anular cambia cambiar change confirma confirmo confirm elijo escojo pon ponme reserva reservame entonces bueno venga yes yeah sure great`)

// Choice reads the answer to a numbered list of n things: "2", "la segunda", "la
// última", "option two". It reports false for what names none of them, or
// more than one, and for all that says something else besides.
func (r *Reader) Choice(text string, n int) (int, bool) {
	s := r.read(text)
	chosen := 0
	for i := 0; i < len(s.toks); i++ {
		t, at := s.at(i), 0
		switch ordinal := choiceOrdinals[t.text]; {
		case t.kind == word && ordinal > 0:
			at = ordinal
		case t.is("ultima", "ultimo", "last"):
			at = n
		case t.kind == number && t.wide[0] <= 2:
			at = t.n[0]
			if next := s.at(i + 1); next.glued && next.is("a", "o", "ª", "º", "st", "nd", "rd", "th") {
				i++
			}
		case t.is("uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
			t.is("one") && (len(s.toks) == 1 || s.at(i-1).is("option", "number")):
			at = t.lex.value
		case t.mark() || t.kind == dash || t.kind == word && beside[t.text] && !(t.is("no") && !s.at(i-1).is("option", "opcion")):
			continue
		default:
			return 0, false
		}
		if at < 1 || at > n || chosen > 0 && chosen != at {
			return 0, false
		}
		chosen = at
	}
	return chosen, chosen > 0
}

// The details of a booking, as [Reader.Detail] names them.
const (
	DetailDate  = "date"
	DetailTime  = "time"
	DetailParty = "party"
	DetailZone  = "zone"
	DetailName  = "name"
)

var details = compile([]row[string]{
	{DetailDate, `dia/fecha/day/date/dias`},
	{DetailTime, `hora/horario/time/hour/hours`},
	{DetailParty, `personas/gente/comensales/people/guests/pax/numero/cuantos/party/size/number/somos/seremos/adultos/ninos`},
	{DetailZone, `zona/sitio/lugar/ubicacion/area/zone/place/seat/seats/seating/where`},
	{DetailName, `nombre/name/apellido/surname`},
})

// Detail reads the answer to "what shall we change?" where it names one detail
// and not what it shall become: "la hora", "the day". Empty: none, or several.
func (r *Reader) Detail(text string) string {
	s := r.read(text)
	found := ""
	for i := range s.toks {
		detail, _, ok := first(s, details, i)
		if ok && found != "" && found != detail {
			return ""
		}
		found = cmp.Or(detail, found)
	}
	return found
}

var madeBooking = patterns(`mi/mis/nuestra/nuestras/my/our/otra/other/anterior/previous/existing [ reserva/reservas/booking/bookings/reservation/reservations/mesa/table
	|reserva/reservas/booking/bookings/reservation/reservations/mesa/table que tengo/tenemos/hice/hicimos/tenia
	|reserva/reservas/booking/bookings/reservation/reservations/mesa/table i/we
	|reserva/reservas/booking/bookings/reservation/reservations/mesa/table del/de/for/on WEEKDAY/MONTH/el/manana/hoy/tomorrow/today`)

// OfMadeBooking reports whether a text is about a booking that is made already
// ("cancela mi reserva", "the booking I have on Friday"), and so not of one that
// is being made.
func (r *Reader) OfMadeBooking(text string) bool { return r.read(text).says(madeBooking) }

// OfAll reports whether a text is about all of the guest's bookings ("todo", "las dos",
// "both"), and of how many, where it says; 0: it does not.
func (r *Reader) OfAll(text string) (n int, all bool) {
	s := r.read(text)
	for i := range s.toks {
		t := s.at(i)
		switch {
		case t.is("todo", "todas", "todos", "all", "everything"):
			return 0, true
		case t.is("ambas", "ambos", "both"):
			return 2, true
		case t.is("las", "los", "the") && !s.at(i-1).is("a", "de", "sobre", "para"):
			if m := s.num(i + 1); m.next > 0 && !m.ordinal && m.value > 1 && s.at(m.next).mark() {
				return m.value, true
			}
		}
	}
	return 0, false
}

var ofTable = patterns(`#room/#table/#reserve/#booking`)

// OfTable reports whether a text is about a table or of booking one.
func (r *Reader) OfTable(text string) bool { return r.read(text).says(ofTable) }

// How guests ask what is answering, and what they may ask it to be.
var (
	whoAnswers  = patterns(`quien/que eres|who are you|what are you ] END`)
	asksIfIs    = patterns(`eres/hablo/sois|are you|am i talking|is this`)
	whatAnswers = patterns(`robot/bot/maquina/chatbot/machine/human/humano/humana/persona/person/ia/ai`)
)

// AsksMachine reports whether a text asks who or what is answering: "¿eres un
// robot?", "am I talking to a real person?".
func (r *Reader) AsksMachine(text string) bool {
	s := r.read(text)
	asks := false
	for i := range s.toks {
		asks = asks || s.holds(asksIfIs, i)
		if s.holds(whoAnswers, i) || asks && s.holds(whatAnswers, i) {
			return true
		}
	}
	return false
}

package whatsapp_test

import (
	"strings"
	"testing"

	"maitre/booking"
)

// way is a conversation and what its last answer must and must not say.
type way struct {
	name string
	// scenes happen before, as in the transcripts.
	scenes, says, want []string
}

func TestWays(t *testing.T) {
	t.Parallel()
	thursday := "mesa para 2 el jueves a las 9"
	full := []string{"full 2026-11-26 21:00"}
	two := []string{"booked 2026-11-26 21:00 2", "booked 2026-11-28 21:00 4"}
	one := two[:1:1]
	for _, w := range []way{
		// "No, mejor a las 10" is understood wherever it is said.
		{"better, asked for the party", nil, []string{"mesa el jueves a las 9", "no, mejor a las 10", "2"}, []string{"22:00", "2 personas"}},
		{"better, asked for the day", nil, []string{"mesa para 2 a las 9", "no, mejor a las 10", "el jueves"}, []string{"22:00", "2 personas", "jueves 26"}},
		{"better, asked for the time", nil, []string{"mesa para 2 el jueves", "no, mejor a las 10"}, []string{"22:00"}},
		{"better, asked for the name", nil, []string{"mesa para 2 el jueves a las 9", "la hora", "no, mejor a las 10"}, []string{"22:00"}},
		{"better, read back", nil, []string{thursday, "no, mejor a las 10"}, []string{"22:00", "!21:00"}},
		{"better, what to change", nil, []string{thursday, "no", "no, mejor a las 10"}, []string{"22:00"}},
		{"better, offered others", full, []string{thursday, "no, mejor a las 10"}, []string{"Sería una mesa", "22:00"}},
		{"better, asked for another day", full, []string{thursday, "no", "no, mejor a las 10"}, []string{"Sería una mesa", "22:00"}},
		{"better, change read back", one, []string{"cambia mi reserva a las 22:30", "no, mejor a las 10"}, []string{"Pasaría", "22:00", "!22:30"}},
		{"better, what to change of it", one, []string{"cambia mi reserva", "no, mejor a las 10"}, []string{"Pasaría", "22:00"}},
		{"better, to be cancelled", one, []string{"cancela mi reserva", "no, mejor a las 10"}, []string{"Pasaría", "22:00", "¿La cambio?"}},
		{"better, which one", two, []string{"quiero cambiar la hora de mi reserva", "la primera", "no, mejor a las 10"}, []string{"Pasaría", "26 de noviembre a las 22:00"}},
		{"better, after it is booked", nil, []string{thursday, "sí", "no, mejor a las 10", "sí"}, []string{"El cambio está hecho", "22:00"}},
		{"better, after it failed", []string{"down on"}, []string{thursday, "no, mejor a las 10"}, []string{"no he podido"}},
		{"better, English", nil, []string{"table for 2 on Thursday at 9pm", "no, at 10 instead"}, []string{"22:00", "Shall I"}},

		// One of several times.
		{"by number", full, []string{thursday, "2"}, []string{"Sería una mesa", "20:45"}},
		{"by ordinal", full, []string{thursday, "la última"}, []string{"21:15"}},
		{"by its time", full, []string{thursday, "a las 9 menos cuarto"}, []string{"Sería una mesa", "20:45"}},
		{"another day", full, []string{thursday, "el viernes mejor"}, []string{"Sería una mesa", "viernes 27 de noviembre a las 21:00"}},
		{"yes to several", full, []string{thursday, "sí"}, []string{"¿Cuál prefiere?", "1. ", "!no le he entendido"}},
		{"a number too high", full, []string{thursday, "7"}, []string{"no le he entendido", "¿Cuál prefiere?"}},
		{"none of them", full, []string{thursday, "ninguna", "no"}, []string{"para cuando quiera"}},
		{"none, but another day", full, []string{thursday, "ninguna", "sí", "el viernes"}, []string{"viernes 27"}},
		{"not a number of people", full, []string{thursday, "2", "sí"}, []string{"2 personas", "queda reservada"}},
		{"more people, from the list", full, []string{thursday, "la primera, pero somos 3"}, []string{"3 personas"}},

		// What is asked, and what is answered bare.
		{"bare answers", nil, []string{"quiero reservar", "el jueves", "4", "9"}, []string{"4 personas", "jueves 26", "21:00"}},
		{"a bare day of the month", nil, []string{"mesa para 2 a las 9", "el 3"}, []string{"jueves 3 de diciembre"}},
		{"a number of people, to all at once", nil, []string{"quiero reservar", "2"}, []string{"¿Para qué día"}},
		{"a number that can only be people", nil, []string{"a table for 4 on Thursday at 9pm", "can we make it 5?"}, []string{"5 people", "Shall I"}},
		{"a number that can be an hour too", nil, []string{"a table for 4 on Thursday at 9pm", "make it 10"}, []string{"What shall we change"}},
		{"a closed day, at once", nil, []string{"¿tenéis mesa para esta noche?"}, []string{"no abrimos", "¿Quiere que miremos otro día?"}},
		{"a closed day, and then another", nil, []string{"¿tenéis mesa para esta noche?", "y mañana?", "2"}, []string{"martes 24", "tenemos mesa"}},
		{"a name", nil, []string{thursday, "no", "el nombre", "Begoña"}, []string{"a nombre de Begoña"}},
		{"yes with a name", nil, []string{thursday, "sí, a nombre de Luis Gil"}, []string{"queda reservada a nombre de Luis Gil"}},
		{"yes with a change", nil, []string{thursday, "sí, pero a las 10"}, []string{"Sería una mesa", "22:00", "!reservada"}},
		{"yes with what was read back", nil, []string{thursday, "sí, a las 9"}, []string{"queda reservada"}},
		{"zone", nil, []string{thursday, "en la barra"}, []string{"en la barra", "taburetes"}},
		{"any zone", nil, []string{thursday, "en la barra", "da igual dónde"}, []string{"Sería una mesa", "!taburetes"}},
		{"notes one by one", nil, []string{thursday, "uno es celíaco", "y necesitamos una trona"}, []string{"Anoto: uno es celíaco; necesitamos una trona"}},
		{"nothing but a no", nil, []string{"mesa para 2", "no gracias"}, []string{"no dejo nada reservado"}},
		{"thanks at the read-back is no yes", nil, []string{thursday, "gracias"}, []string{"¿Se la reservo", "!queda reservada"}},
		{"hello at the read-back", nil, []string{thursday, "hola?"}, []string{"¿Se la reservo"}},
		{"too many", nil, []string{"mesa para 40 el jueves a las 9", "no"}, []string{"!le llamará"}},
		{"too many, then fewer", nil, []string{"mesa para 40 el jueves a las 9", "seremos 12"}, []string{"Sería una mesa", "12 personas"}},
		{"gone by", nil, []string{"mesa para 2 hoy a las 3"}, []string{"Lo siento"}},
		{"a day closed", nil, []string{"mesa para 2 el lunes 30 a las 9"}, []string{"no abrimos", "1. "}},

		// Cancelling what is half made, and what is made.
		{"cancel the half-made", one, []string{thursday, "cancelar"}, []string{"no dejo nada reservado", "!¿Cancelo"}},
		{"cancel the made, in between", one, []string{"mesa para 4 el sábado a las 9", "cancela mi reserva del jueves"}, []string{"¿Cancelo", "26 de noviembre"}},
		{"cancel, at the end", one, []string{"cancela mi reserva", "sí, cancélala"}, []string{"queda cancelada"}},
		{"cancel, by the day", two, []string{"cancela la del sábado"}, []string{"¿Cancelo", "28 de noviembre"}},
		{"cancel, by the day, asked", two, []string{"cancelar", "la del sábado"}, []string{"¿Cancelo", "28 de noviembre"}},
		{"cancel, by the time that both have", two, []string{"cancela la de las 9"}, []string{"¿Cuál quiere cancelar?"}},
		{"cancel, by number and verb", two, []string{"cancelar", "cancela la segunda"}, []string{"¿Cancelo", "28 de noviembre"}},
		{"cancel all", two, []string{"cancela todo"}, []string{"26 de noviembre", "28 de noviembre", "¿Las cancelo todas?"}},
		{"cancel both, which is no hour", two, []string{"cancela las dos"}, []string{"26 de noviembre", "28 de noviembre", "¿Las cancelo todas?"}},
		{"cancel all, of the listed", two, []string{"cancelar", "las dos"}, []string{"¿Las cancelo todas?"}},
		{"cancel all, and yes", two, []string{"cancela todas mis reservas", "sí, por favor"}, []string{"26 de noviembre a las 21:00*, queda cancelada", "28 de noviembre a las 21:00*, queda cancelada"}},
		{"cancel all, and no", two, []string{"cancela todo", "no"}, []string{"sigue como estaba"}},
		{"cancel all, and not quite", two, []string{"cancela todo", "sí que hace frío"}, []string{"¿Las cancelo todas?", "!queda cancelada"}},
		{"cancel all, and then one", two, []string{"cancela todo", "cancela solo la del sábado"}, []string{"¿Cancelo", "28 de noviembre", "!26 de noviembre"}},
		{"cancel, and another day", two, []string{"cancela la del sábado", "sí, cancela la del jueves"}, []string{"¿Cancelo", "26 de noviembre", "!queda cancelada"}},
		{"cancel, and a firm no", one, []string{"cancela mi reserva", "claro que no"}, []string{"sigue como estaba"}},
		{"cancel, and not now", one, []string{"cancela mi reserva", "sí, pero ahora no"}, []string{"¿Cancelo", "!queda cancelada"}},
		{"cancel, and what it costs", one, []string{"cancela mi reserva", "¿cancelar cuesta algo?"}, []string{"!queda cancelada"}},
		{"cancel none", two, []string{"cancelar", "ninguna"}, []string{"sigue como estaba"}},
		{"cancel nothing", nil, []string{"cancela mi reserva"}, []string{"No encuentro"}},
		{"cancel nothing, then book", nil, []string{"cancela mi reserva", thursday}, []string{"Sería una mesa"}},
		{"cancel while changing", one, []string{"cambia mi reserva a las 10", "cancélala"}, []string{"¿Cancelo"}},
		{"we cannot come", one, []string{"al final no podemos ir"}, []string{"¿Cancelo"}},

		// Changing what is made.
		{"change, all in one", one, []string{"¿puedo cambiar mi reserva al viernes a las 11 de la noche?"}, []string{"Pasaría", "viernes 27 de noviembre a las 23:00"}},
		{"change which", two, []string{"cambia mi reserva a las 22:30"}, []string{"¿Cuál quiere cambiar?"}},
		{"change which, picked", two, []string{"cambia mi reserva a las 22:30", "1"}, []string{"Pasaría", "26 de noviembre a las 22:30"}},
		{"change by its day", two, []string{"cambia la reserva del jueves a las 22:30"}, []string{"Pasaría", "26 de noviembre a las 22:30"}},
		{"change to what is", one, []string{"cambia mi reserva a las 9"}, []string{"ya estaba así"}},
		{"change to what cannot be", append(one, full...), []string{"cambia mi reserva al lunes", "sí"}, []string{"no abrimos", "sigue como estaba", "1. "}},
		{"change, of the offered", append(one, full...), []string{"cambia mi reserva al lunes", "sí", "1"}, []string{"El cambio está hecho"}},
		{"the name, after it is booked", nil, []string{thursday, "sí", "a nombre de Marta"}, []string{"Quedaría a nombre de Marta"}},
		{"the place, after it is booked", nil, []string{thursday, "sí", "y en la terraza"}, []string{"Pasaría", "en la terraza"}},
		{"more than a yes", one, []string{"mis reservas", "vale, súbela a 3"}, []string{"no le he entendido"}},
		{"change not", one, []string{"cambia mi reserva a las 10", "no"}, []string{"sigue como estaba"}},
		{"change the name", one, []string{"cambia la reserva, a nombre de Marta"}, []string{"Quedaría a nombre de Marta", "¿La cambio?"}},
		{"change the number", one, []string{"quiero cambiar mi reserva", "las personas", "5"}, []string{"Pasaría a ser para 5 personas"}},
		{"an allergy, later", one, []string{"se me olvidó decir que uno es celíaco"}, []string{"Anoto", "celíaco", "¿Lo apunto en la reserva?"}},
		{"an allergy, noted", one, []string{"se me olvidó decir que uno es celíaco", "sí"}, []string{"El cambio está hecho"}},
		{"an allergy, asked about", one, []string{"mi hijo es celíaco, ¿hay algo para él?"}, []string{"sin gluten", "!¿Lo apunto"}},
		{"an allergy, without a booking", nil, []string{"mi mujer es celíaca"}, []string{"sin gluten", "!No encuentro"}},
		{"an allergy, asked about in the middle", nil, []string{thursday, "mi hijo es celíaco, ¿hay algo para él?"}, []string{"sin gluten", "Anoto: mi hijo es celíaco", "¿Se la reservo"}},
		{"change nothing", nil, []string{"quiero cambiar mi reserva"}, []string{"No encuentro"}},

		// What is held until it is confirmed.
		{"yes to it", []string{"held 2026-11-26 21:00 2"}, []string{"sí, confirmo"}, []string{"queda confirmada"}},
		{"yes, but otherwise", []string{"held 2026-11-26 21:00 2"}, []string{"sí, pero seremos 5"}, []string{"Pasaría a ser para 5 personas", "!queda confirmada"}},
		{"yes, but otherwise, and yes", []string{"held 2026-11-26 21:00 2"}, []string{"sí, pero seremos 5", "sí", "sí"}, []string{"queda confirmada", "5 personas"}},
		{"yes, a table", nil, []string{"sí, mesa para 5"}, []string{"¿Para qué día"}},
		{"no to it", []string{"held 2026-11-26 21:00 2"}, []string{"no"}, []string{"queda cancelada"}},
		{"asked for a yes beside something else", []string{"held 2026-11-26 21:00 2"}, []string{"¿abrís el lunes?"}, []string{"lunes", "¿Se la guardamos? Responda SÍ o NO."}},
		{"no to it after something else", []string{"held 2026-11-26 21:00 2"}, []string{"¿abrís el lunes?", "no"}, []string{"queda cancelada"}},
		{"no to it late after something else", []string{"held 2026-11-26 21:00 2", "later 1m"}, []string{"está reservada, ¿no?", "no veo el código", "no sé", "espera"}, []string{"¿Se la guardamos?"}},
		{"a tag", []string{"held 2026-11-26 21:00 2"}, []string{"está reservada, ¿no?"}, []string{"26 de noviembre", "¿Se la guardamos? Responda SÍ o NO."}},
		{"a tag, and yes", []string{"held 2026-11-26 21:00 2"}, []string{"está reservada, ¿no?", "sí"}, []string{"queda confirmada"}},
		{"a tag, and we cannot", []string{"held 2026-11-26 21:00 2"}, []string{"está reservada, ¿no?", "uy, no podemos ir"}, []string{"queda cancelada"}},
		{"a tag, and another hour", []string{"held 2026-11-26 21:00 2"}, []string{"está reservada, ¿no?", "no, mejor a las 10"}, []string{"22:00", "¿La cambio?"}},
		{"a tag, and a fact", []string{"held 2026-11-26 21:00 2"}, []string{"no faltaremos", "¿tenéis parking?"}, []string{"aparcamiento público", "¿Se la guardamos?"}},
		{"we cannot come on another day", []string{"held 2026-11-26 21:00 2"}, []string{"no podemos ir el viernes"}, []string{"26 de noviembre", "?", "!queda cancelada"}},
		{"we cannot come, with another table", []string{"held 2026-11-26 21:00 2", "booked 2026-11-28 21:00 2"}, []string{"no podemos ir"}, []string{"¿Cuál quiere cancelar?"}},
		{"a no in English", []string{"held 2026-11-26 21:00 2"}, []string{"sorry, we can't make it"}, []string{"is cancelled"}},
		{"no no in English", []string{"held 2026-11-26 21:00 2"}, []string{"we can't find the code, sorry"}, []string{"YES or NO"}},
		{"not about the list", []string{"held 2026-11-26 21:00 2"}, []string{"no me quites de la lista de espera"}, []string{"quítame de la lista", "!ya no"}},
		{"asked about the list", []string{"held 2026-11-26 21:00 2"}, []string{"¿cómo me borro de la lista de espera?"}, []string{"quítame de la lista", "!ya no"}},
		{"off the list by a question", nil, []string{"¿me quitas de la lista de espera?"}, []string{"No le encuentro en ninguna lista"}},
		{"yes to one of two", []string{"held 2026-11-26 21:00 2", "held 2026-11-27 21:00 2"}, []string{"sí"}, []string{"¿De cuál me habla?"}},
		{"yes to the second", []string{"held 2026-11-26 21:00 2", "held 2026-11-27 21:00 2"}, []string{"sí", "la segunda"}, []string{"queda confirmada", "27 de noviembre"}},
		{"yes to nothing", nil, []string{"sí"}, []string{"no tenemos nada pendiente"}},
		{"no to nothing", nil, []string{"no"}, []string{"para cuando quiera"}},
		{"ok, after all", one, []string{"mis reservas", "ok"}, []string{"A usted"}},

		// The restaurant.
		{"hours of a day", nil, []string{"¿a qué hora abrís el sábado?"}, []string{"sábado 28 de noviembre servimos"}},
		{"a fact", nil, []string{"¿tenéis parking?"}, []string{"aparcamiento público"}},
		{"no such fact", nil, []string{"¿hay piscina?"}, []string{"no lo tengo apuntado", "941 00 01 26"}},
		{"a machine", nil, []string{"hola", "¿eres un robot?"}, []string{"asistente automático", "¿Prefiere que le llame una persona"}},
		{"a machine, and a person then", nil, []string{"¿eres un robot?", "sí"}, []string{"le llamará"}},
		{"the day once more", nil, []string{"mesa para 2 el jueves", "el jueves"}, []string{"tenemos mesa", "!no he entendido"}},
		{"late", nil, []string{"llegaremos 10 minutos tarde"}, []string{"quince minutos", "le llamará"}},
		{"where", nil, []string{"¿dónde estáis?"}, []string{"Calle del Candil"}},
		{"a fact in the middle", nil, []string{thursday, "¿tenéis parking?"}, []string{"aparcamiento público", "¿Se la reservo"}},
		{"English in the middle", nil, []string{thursday, "sorry, do you speak English?"}, []string{"Shall I book", "!Sería"}},
		{"one word is no change of language", nil, []string{"a table for 2 on Thursday please", "terraza", "9pm"}, []string{"That would be", "on the terrace"}},
	} {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			for _, what := range w.scenes {
				h = scene(t, h, what)
			}
			h.want(h.talk(ana, w.says...), w.want...)
		})
	}
}

// Whatever the way, a table is booked only after it was read back and agreed to.
func TestNothingIsBookedWithoutAYes(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"resérvame mesa para 2 el jueves a las 9", "quiero reservar ya mesa para 2 el jueves a las 9 a nombre de Ana, confirmado", "book a table for 2 on Thursday at 9pm, name Ana, yes",
		"sí, mesa para 2 el jueves a las 9", "vale, perfecto, el jueves a las 9 para 2",
	} {
		h := open(t)
		got := h.says(ana, text)
		if live := h.booked("2026-11-26"); len(live) != 0 {
			t.Errorf("%q books at once: %s", text, got)
		}
		if !strings.Contains(got, "26") {
			t.Errorf("%q is not read back with its date:\n%s", text, got)
		}
	}
	h := open(t)
	h.made(ana, "2026-11-26", "21:00", 2, nil)
	for _, text := range []string{"cancela mi reserva, sí, confirmo", "cancel my booking now", "cambia mi reserva a las 10 ya"} {
		h.says(ana, text)
		h.clock.pass(31 * 60e9)
	}
	if live := h.booked("2026-11-26"); len(live) != 1 || live[0].Time != booking.NewTimeOfDay(21, 0) {
		t.Errorf("%+v", live)
	}
}

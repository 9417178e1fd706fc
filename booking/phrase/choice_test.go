package phrase_test

import (
	"testing"

	"maitre/booking"
	"maitre/booking/phrase"
)

func TestChoice(t *testing.T) {
	t.Parallel()
	r := phrase.New(house(t))
	for say, want := range map[string]int{
		"2": 2, "2️⃣": 2, "la 2": 2, "el 2": 2, "la 2ª": 2, "opción 2": 2, "la opcion 3 por favor": 3, "número dos": 2, "dos": 2,
		"la segunda": 2, "la primera, gracias": 1, "vale, la primera": 1, "prefiero la tercera": 3, "la última": 3, "Me quedo con la segunda": 2,
		"the second one": 2, "number two": 2, "option 3 please": 3, "the last one": 3, "I'll take the first": 1, "first": 1, "one": 1, "1.": 1, "(2)": 2,
		"4": 0, "0": 0, "la cuarta": 0, "a las 2": 0, "a las dos": 0, "somos 2": 0, "para 2": 0, "2 personas": 0, "el 2 de diciembre": 0, "2/12": 0, "21:00": 0,
		"la primera o la segunda": 0, "ni la primera ni la segunda": 0, "no": 0, "sí": 0, "": 0, "ninguna": 0, "la primera no": 0, "el viernes": 0, "20": 0, "uno": 1,
	} {
		if got, ok := r.Choice(say, 3); got != want || ok != (want > 0) {
			t.Errorf("%q of 3: %d, %v; want %d", say, got, ok, want)
		}
	}
}

func TestDetail(t *testing.T) {
	t.Parallel()
	r := phrase.New(house(t))
	for say, want := range map[string]string{
		"la hora": phrase.DetailTime, "el día": phrase.DetailDate, "cambiar la fecha": phrase.DetailDate, "las personas": phrase.DetailParty,
		"la zona": phrase.DetailZone, "el nombre": phrase.DetailName, "the time please": phrase.DetailTime, "the day": phrase.DetailDate,
		"how many people": phrase.DetailParty, "the name": phrase.DetailName, "el día y la hora": "", "nada": "", "": "",
	} {
		if got := r.Detail(say); got != want {
			t.Errorf("%q: %q, want %q", say, got, want)
		}
	}
}

func TestOfMadeBooking(t *testing.T) {
	t.Parallel()
	r := phrase.New(house(t))
	for say, want := range map[string]bool{
		"cancela mi reserva": true, "cancelar la reserva del viernes": true, "anula la reserva que tengo": true, "cancel my booking": true,
		"cancel the reservation I have": true, "cancela la otra reserva": true, "cancel our table for friday": true,
		"cancelar": false, "cancela": false, "cancela la reserva": false, "cancel": false, "no, déjalo": false, "cancel it please": false,
	} {
		if got := r.OfMadeBooking(say); got != want {
			t.Errorf("%q: %v", say, got)
		}
	}
}

func TestTopic(t *testing.T) {
	t.Parallel()
	h := house(t)
	for _, key := range []string{"kitchen", "gluten_free", "vegetarian", "children", "accessibility", "pets", "terrace", "parking", "payment", "group_menus", "cake", "late"} {
		h.Facts = append(h.Facts, booking.Fact{Key: key})
	}
	h.Facts = append(h.Facts, booking.Fact{Key: "bodega", Text: booking.Text{booking.Spanish: "Enseñamos los calados a quien lo pida.", booking.English: "We show our cellars."}})
	r := phrase.New(h)
	for say, want := range map[string]string{
		"¿Tenéis parking?": "parking", "dónde puedo aparcar?": "parking", "se puede ir con perro?": "pets", "do you have gluten free options?": "gluten_free",
		"mi hijo es celíaco, ¿hay algo para él?": "gluten_free", "is there a high chair for the baby?": "children", "tenéis trona": "children",
		"can I pay by card?": "payment", "¿dónde estáis?": phrase.TopicAddress, "where are you located?": phrase.TopicAddress, "¿qué menú tenéis?": "kitchen",
		"puedo llevar una tarta?": "cake", "is the restaurant wheelchair accessible?": "accessibility", "y si llueve en la terraza?": "terrace",
		"llegaremos tarde": "late", "¿enseñáis la bodega?": "bodega", "¿hay piscina?": "", "": "", "¿tenéis aparcamineto?": "parking",
		"¿hay platos veganos?": "vegetarian", "¿menús para grupos?": "group_menus", "¿precio medio?": "",
	} {
		if got := r.Topic(say); got != want {
			t.Errorf("%q: %q, want %q", say, got, want)
		}
	}
	if got := phrase.New(house(t)).Topic("¿tenéis parking?"); got != "" {
		t.Errorf("a house without facts tells of %q", got)
	}
}

func TestAsksMachine(t *testing.T) {
	t.Parallel()
	r := phrase.New(house(t))
	for say, want := range map[string]bool{
		"¿eres un robot?": true, "quien eres?": true, "¿hablo con una persona?": true, "are you a real person?": true, "who are you": true, "is this a bot?": true,
		"no quiero hablar con un robot": false, "quiero hablar con una persona": false, "somos 4": false, "are you open?": false, "what are your hours?": false, "": false,
	} {
		if got := r.AsksMachine(say); got != want {
			t.Errorf("%q: %v", say, got)
		}
	}
}

func TestNeeds(t *testing.T) {
	t.Parallel()
	r := phrase.New(house(t))
	for say, want := range map[string]string{
		"mesa para 4 el sábado a las 9, uno es celíaco":        "uno es celíaco",
		"Mi mujer es alérgica a los frutos secos":              "Mi mujer es alérgica a los frutos secos",
		"mesa para 2 mañana a las 9 con trona":                 "con trona",
		"somos 4 y uno es vegano. Gracias":                     "uno es vegano",
		"ah, y es el cumpleaños de mi madre":                   "es el cumpleaños de mi madre",
		"table for 3 tomorrow, one of us is allergic to nuts!": "one of us is allergic to nuts",
		"somos celíacos; y necesitamos una trona":              "somos celíacos; necesitamos una trona",
		"we need a high chair":                                 "we need a high chair",
		"mi padre va con muletas, hasta luego":                 "con muletas",
		"¿tenéis tronas?":                                      "", "¿hay platos sin gluten?": "", "mesa para 4": "", "": "",
	} {
		if got := r.Needs(say); got != want {
			t.Errorf("%q: %q, want %q", say, got, want)
		}
	}
}

func TestOfTable(t *testing.T) {
	t.Parallel()
	r := phrase.New(house(t))
	for say, want := range map[string]bool{
		"otra mesa a las 9": true, "quiero reservar a las 9": true, "is there a table at 3?": true, "¿hay sitio a las 3?": true,
		"could we come at 3 instead?": false, "mejor a las 10": false, "¿podría ser a las 10?": false, "": false,
	} {
		if got := r.OfTable(say); got != want {
			t.Errorf("%q: %v", say, got)
		}
	}
}

package phrase_test

import (
	"testing"
	"time"

	"maitre/booking"
	"maitre/booking/phrase"
)

func TestOneThingAsked(t *testing.T) {
	t.Parallel()
	r := phrase.New(testRestaurant(t))
	now := monday(t)
	date := func(s string) string {
		if d, ok := r.Date(s, now); ok {
			return d.String()
		}
		return ""
	}
	at := func(s string) string {
		if v, ok := r.Time(s, 0); ok {
			return v.String()
		}
		return ""
	}
	party := func(s string) string {
		if n, ok := r.Party(s); ok {
			return string(rune('0'+n/10)) + string(rune('0'+n%10))
		}
		return ""
	}
	zone := func(s string) string {
		id, any, ok := r.Zone(s)
		switch {
		case !ok:
			return ""
		case any:
			return "any"
		}
		return id
	}
	name := func(s string) string { n, _ := r.Name(s); return n }
	phone := func(s string) string { d, _ := r.Phone(s); return d }
	for _, c := range []struct {
		what string
		read func(string) string
		want map[string]string
	}{
		{"date", date, map[string]string{
			"2026-12-24": "2026-12-24", "2026-11-22": "", "5": "2026-12-05", "el 5": "2026-12-05", "el sábado": "2026-11-28", "sabado": "2026-11-28",
			"5-12": "2026-12-05", "24/12": "2026-12-24", "hoy": "2026-11-23", "mañana": "2026-11-24", "mañana por la mañana": "2026-11-24", "": "", "nada": "",
			"32": "", "0": "", "el puente": "", "sábado o domingo": "", "tomorrow": "2026-11-24", "24 de diciembre": "2026-12-24", "veinticuatro": "2026-11-24", "2026-02-30": "",
		}},
		{"time", at, map[string]string{
			"21:30": "21:30", "09:00": "09:00", "10:00": "10:00", "02:00": "02:00", "00:30": "00:30", "24:00": "00:00", "9": "21:00", "nueve": "21:00", "nueve y media": "21:30", "las 2": "14:00", "2": "14:00",
			"21": "21:00", "2130": "21:30", "930": "", "22h": "22:00", "9pm": "21:00", "9:30 PM": "21:30", "half nine": "21:30", "a las 9 o a las 10": "", "25:00": "", "21:60": "", "": "", "sobre las nueve y media de la noche": "21:30",
			"mediodía": "", "4 personas": "", "veintiuna horas": "21:00", "a las 9 no, a las 10": "22:00", "20.30": "20:30", "quince treinta": "15:30",
		}},
		{"party", party, map[string]string{
			"4": "04", "cuatro": "04", "4 personas": "04", "two couples": "04", "cuatro o cinco": "05", "0": "", "": "", "un bebé": "", "mi mujer y yo": "02", "solo yo": "01", "12": "12", "unos 10": "10", "somos 3 y un bebé": "04",
			"uno": "01", "2 mesas": "", "muchos": "", "4, no, 5": "05", "just me": "01", "con mi mujer": "02", "4 adultos, 2 niños": "06",
		}},
		{"zone", zone, map[string]string{
			"terraza": "terraza", "fuera": "terraza", "outside": "terraza", "dentro": "interior", "da igual": "any", "me da igual": "any", "cualquiera": "any", "anywhere": "any", "zona chill": "sofas", "sofás": "sofas", "": "", "azotea": "",
			"interior": "interior", "dentro o fuera, da igual": "any", "we don't mind": "any", "barra": "barra",
		}},
		{"name", name, map[string]string{
			"Ana": "Ana", "ana garcía": "Ana García", "a nombre de Ana": "Ana", "Soy Pedro": "Pedro", "sí, a nombre de Luis": "Luis", "Xiang Wu": "Xiang Wu", "María de la O": "María de la O", "mañana a las 9": "", "4": "", "no": "", "": "",
			"Domingo": "Domingo", "García, por favor": "García", "people": "", "quisiera": "", "it's Smith": "Smith", "a las nueve": "",
		}},
		{"phone", phone, map[string]string{
			"612345678": "612345678", "+34 612 345 678": "+34612345678", "seis uno dos tres cuatro cinco seis siete ocho": "612345678", "doble cuatro": "", "doble seiscientos uno dos tres": "", "mi número es el 612 34 56 78": "612345678",
			"seis, uno, dos, tres, cuatro, cinco, seis, siete, ocho": "612345678", "sesenta y uno dos tres cuatro cinco seis siete ocho": "612345678", "": "", "4 personas": "", "whatsapp:+34612345678": "+34612345678",
			"six one two, three four five, six seven eight": "612345678", "612 triple cinco 6 7 8": "612555678", "941-20-30-40": "941203040", "(+34) 612 34 56 78": "+34612345678", "cero cero treinta y cuatro seis uno dos tres cuatro cinco seis siete ocho": "0034612345678",
		}},
	} {
		for said, want := range c.want {
			if got := c.read(said); got != want {
				t.Errorf("%s of %q is %q, not %q", c.what, said, got, want)
			}
		}
	}
}

func TestTimeIsReadByTheServicesOfTheDate(t *testing.T) {
	t.Parallel()
	h := testRestaurant(t)
	h.Usual[1].Last = clock(23, 30)
	brunch := booking.NewDate(2026, time.December, 6) // a Sunday that serves 10:00-13:00 only
	closed := booking.NewDate(2026, time.December, 7)
	early := booking.NewDate(2026, time.December, 8)
	late := booking.NewDate(2026, time.December, 31)
	h.Windows = func(d booking.Date) []phrase.Window {
		switch d {
		case brunch:
			return []phrase.Window{{First: clock(10, 0), Last: clock(13, 0)}}
		case closed, early:
			return nil
		case late:
			return []phrase.Window{{First: clock(21, 0), Last: clock(0, 30)}}
		}
		return h.Usual
	}
	r := phrase.New(h)
	for _, c := range []struct {
		on   booking.Date
		say  string
		want string
	}{
		{brunch, "a las 10", "10:00"},
		{brunch, "a las 9", "21:00"}, // not served: read as usual, and refused as such
		{closed, "a las nueve", "21:00"},
		{closed, "a las dos", "14:00"},
		{late, "a las doce", "00:00"},
		{late, "a las doce y media", "00:30"},
		{late, "a las 12 del mediodía", "12:00"},
		{early, "a las doce", "12:00"}, // an hour before lunch, half an hour after dinner: who means midnight says so
		{0, "a las doce", "12:00"},
		{0, "a las 10", "22:00"},
	} {
		got, ok := r.Time(c.say, c.on)
		if !ok || got.String() != c.want {
			t.Errorf("%s on %s: %s, %v; not %s", c.say, c.on, got, ok, c.want)
		}
	}
	m := r.Understand("el 6 de diciembre a las 10 para dos", monday(t), "")
	if m.Time == nil || m.Time.String() != "10:00" {
		t.Errorf("a brunch at ten is read as %v", m.Time)
	}
	if got, _ := r.Time("a las doce de la noche", late); !got.AfterMidnight() || got != clock(0, 0) {
		t.Errorf("midnight is %d, not of the same service day", got)
	}
}

func TestZeroRestaurantUnderstands(t *testing.T) {
	t.Parallel()
	m := phrase.New(phrase.Restaurant{}).Understand("mesa para 4 mañana a las 9", time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC), "")
	if m.Intent != phrase.Book || m.Party != 4 || m.Date == nil || m.Time == nil || m.Time.String() != "21:00" {
		t.Errorf("understood %+v", m)
	}
}

func TestHintSettlesTheLanguageOfWordsOfBoth(t *testing.T) {
	t.Parallel()
	r := phrase.New(testRestaurant(t))
	for _, c := range []struct {
		say  string
		hint booking.Lang
		want booking.Lang
	}{
		{"ok", booking.English, booking.English}, {"ok", booking.Spanish, booking.Spanish}, {"21:30", "", booking.Spanish},
		{"table for two please", booking.Spanish, booking.English}, {"mesa para dos", booking.English, booking.Spanish}, {"no", booking.English, booking.English},
	} {
		if got := r.Understand(c.say, monday(t), c.hint).Lang; got != c.want {
			t.Errorf("%q with hint %q is %s, not %s", c.say, c.hint, got, c.want)
		}
	}
}

func TestRestaurantsOwnZonesComeFirst(t *testing.T) {
	t.Parallel()
	r := phrase.New(phrase.Restaurant{Zones: []phrase.ZoneWords{{ID: "patio", Words: []string{"Patio", "fuera", "zona de la parra"}}, {ID: "terraza", Words: []string{"Terraza de arriba"}}}})
	for say, want := range map[string]string{"fuera": "patio", "en la zona de la parra": "patio", "terraza de arriba": "terraza", "dentro": "interior", "en el pátio": "patio"} {
		if got, _, _ := r.Zone(say); got != want {
			t.Errorf("%q is %q, not %q", say, got, want)
		}
	}
}

func TestChoice(t *testing.T) {
	t.Parallel()
	r := phrase.New(testRestaurant(t))
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
	r := phrase.New(testRestaurant(t))
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
	r := phrase.New(testRestaurant(t))
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
	h := testRestaurant(t)
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
	if got := phrase.New(testRestaurant(t)).Topic("¿tenéis parking?"); got != "" {
		t.Errorf("a restaurant without facts has the topic %q", got)
	}
}

func TestAsksMachine(t *testing.T) {
	t.Parallel()
	r := phrase.New(testRestaurant(t))
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
	r := phrase.New(testRestaurant(t))
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
	r := phrase.New(testRestaurant(t))
	for say, want := range map[string]bool{
		"otra mesa a las 9": true, "quiero reservar a las 9": true, "is there a table at 3?": true, "¿hay sitio a las 3?": true,
		"could we come at 3 instead?": false, "mejor a las 10": false, "¿podría ser a las 10?": false, "": false,
	} {
		if got := r.OfTable(say); got != want {
			t.Errorf("%q: %v", say, got)
		}
	}
}

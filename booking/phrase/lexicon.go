package phrase

import (
	"slices"
	"strings"

	"maitre/booking"
)

// class is what a word can be; a word can be several things.
type class uint32

const (
	isUnit    class = 1 << iota // one to nine
	isTeen                      // ten to twenty-nine, where they are one word
	isTen                       // thirty to ninety; English twenty
	isHundred                   // a hundred to nine hundred
	isOrdinal                   // first to thirty-first
	isMonth
	isWeekday
	isPerson // a noun for one guest: takes a seat
	isPair   // a noun for two guests
	isMinor  // a noun for a guest who is a child
	isMine   // a word that makes a person one of the speaker's party: my, a
	isLead   // a verb that a party size follows: somos
	isFiller // may be between a verb and a number: unos, about
	isGiven  // a given name
	isPart   // of the day
	isThing
	isNumber = isUnit | isTeen | isTen | isHundred
)

// lexeme is what is known of a word.
type lexeme struct {
	class   class
	value   int // of a number word, or seats of a person noun
	ordinal int
	month   int
	weekday int          // 1 is Sunday
	lang    booking.Lang // empty: of both languages, or of none
	groups  []string     // of the intents' tables, such as #cancel
	known   bool
	typable bool // typos are corrected towards it
}

// lexicon is every word that any table knows.
type lexicon struct {
	entries    map[string]*lexeme
	expansions map[string][]string // short forms and what they are short for
	stems      []stem
	near       map[string][]string // a word with one letter missing -> words
}

type stem struct{ prefix, group string }

func (l *lexicon) entry(w string) *lexeme {
	e, ok := l.entries[w]
	if !ok {
		e = &lexeme{known: true, typable: true}
		l.entries[w] = e
	}
	return e
}

// lexeme returns what is known of a word; never nil.
func (l *lexicon) lexeme(w string) *lexeme {
	if e, ok := l.entries[w]; ok {
		return e
	}
	for i := range l.stems {
		if strings.HasPrefix(w, l.stems[i].prefix) && len(w) <= len(l.stems[i].prefix)+7 {
			return &lexeme{groups: []string{l.stems[i].group}, known: true}
		}
	}
	return none.lex
}

func (l *lexicon) add(c class, words string) {
	l.each(words, func(e *lexeme) { e.class |= c })
}

// each sets what is known of every one of the words.
func (l *lexicon) each(words string, set func(*lexeme)) {
	for w := range strings.FieldsSeq(words) {
		set(l.entry(w))
	}
}

// addReal makes words known towards which no typo is corrected.
func (l *lexicon) addReal(words string) {
	for w := range strings.FieldsSeq(words) {
		if !l.lexeme(w).known {
			l.entries[w] = &lexeme{known: true}
		}
	}
}

// newLexicon gathers the words of all tables and of the restaurant.
func newLexicon(restaurant Restaurant) *lexicon {
	l := &lexicon{entries: make(map[string]*lexeme, 2048), expansions: map[string][]string{}, near: map[string][]string{}}
	l.addNumbers()
	l.addCalendar()
	l.addPeople()
	l.addZones(restaurant)
	l.addIntents()
	l.add(isGiven, givenNames)
	for w := range strings.FieldsSeq(givenNames) {
		l.entries[w].typable = l.entries[w].class != isGiven
	}
	for lang, words := range languageWords {
		l.each(words, func(e *lexeme) { e.lang = lang })
	}
	l.addReal(realWords)
	l.addReal(tableWords(plainTable))
	for short, long := range shortForms {
		l.expansions[short] = strings.Fields(long)
		l.add(0, long)
	}
	l.indexTypos()
	return l
}

func (l *lexicon) indexTypos() {
	words := make([]string, 0, len(l.entries))
	for w, e := range l.entries {
		if len(w) >= minTypo && e.typable {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	for _, w := range words {
		l.near[w] = append(l.near[w], w)
		for i := range w {
			if i > 0 && w[i] == w[i-1] {
				continue
			}
			less := w[:i] + w[i+1:]
			l.near[less] = append(l.near[less], w)
		}
	}
}

// addIntents makes the words of the intents' patterns and of the groups known.
func (l *lexicon) addIntents() {
	for group, words := range wordGroups {
		for w := range strings.FieldsSeq(words) {
			if prefix, ok := strings.CutSuffix(w, "~"); ok {
				l.stems = append(l.stems, stem{prefix, group})
				continue
			}
			e := l.entry(w)
			if !slices.Contains(e.groups, group) {
				e.groups = append(e.groups, group)
			}
		}
	}
	slices.SortFunc(l.stems, func(a, b stem) int { return strings.Compare(a.prefix, b.prefix) })
	l.add(0, tableWords(intentTable))
	for _, e := range l.entries {
		slices.Sort(e.groups)
	}
}

// tableWords returns the words of the patterns of a table.
func tableWords[T any](table []row[T]) string {
	var all []string
	for _, row := range table {
		for field := range strings.FieldsSeq(strings.ReplaceAll(row.patterns, "|", " ")) {
			all = append(all, newElement(field).words...)
		}
	}
	return strings.Join(all, " ")
}

// languageWords are words by which a language is known. No word is in both.
var languageWords = map[booking.Lang]string{
	booking.Spanish: `el la los las un una unos unas de del al y o para pa por en con que es somos seremos quiero queria quisiera queremos podemos puedo podeis puede pueden teneis tienen hay esta este estos hoy manana pasado tarde noche mediodia
 si vale venga gracias hola buenas buenos dias tardes noches mesa mesas reserva reservar reservado cancelar anular cambiar mover muevela personas gente nino ninos bebe bebes mi mis nombre soy voy vamos solo sola pero porque como donde cuando cuanto
 lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre uno dos tres cuatro cinco seis siete ocho nueve diez doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte veintiuna treinta media cuarto menos punto
 terraza fuera dentro salon confirmo perfecto claro genial mejor perdon nosotros nosotras tengo tenemos alguien persona hablar abris cerrais horario cena cenar comer comida almorzar sitio hueco baja alta adelante correcto pareja parejas amigos mujer marido sobre igual tambien favor semana proximo proxima siguiente finde nochebuena nochevieja navidad reyes llamo ponme cual tenia telefono grupo unas docena nadie nada ninguna primero barra interior comedor
 se te le lo su sus yo ya muy mas entonces ahora aqui alli seria sea ser estoy estamos cerca aparcar perro perros carta otro otra mismo dic ene abr ago sab mie jue vie lun`,
	booking.English: `the for at on of and i we you my our is are am was were be will would can could do does did have has this that these those it in to from with by about around an
 today tomorrow tonight monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december
 one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty half past quarter oclock table tables book booking reserve reservation please thanks thank hello hi hey
 yes yeah yep sure fine great cancel change move people guests adults kids wife husband friends just next week morning afternoon evening night lunch dinner noon midnight name under inside outside open close hours where when what how someone speak talk
 human party couple couples dozen fortnight sorry actually instead not want need like make get new year christmas eve day days weeks after before anywhere first second third us alone sat mon tue tues wed thu thur thurs fri jan apr aug dec nice lovely myself
 terrace indoors outdoors available availability space room there any some which who unsubscribe nope wrong right good perfect correct cheers bye`,
}

// language returns the language of a text by its words; if they do not show it, hint, or
// the restaurant's own.
func (r *Reader) language(s *sentence, hint booking.Lang) booking.Lang {
	spanish, english := 0, 0
	for i := range s.toks {
		switch s.at(i).lex.lang {
		case booking.Spanish:
			spanish++
		case booking.English:
			english++
		}
	}
	switch {
	case spanish > english:
		return booking.Spanish
	case english > spanish:
		return booking.English
	case hint != "":
		return hint
	case r.restaurant.Lang != "":
		return r.restaurant.Lang
	}
	return booking.Spanish
}

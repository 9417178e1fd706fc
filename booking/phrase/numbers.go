package phrase

// numeral is a number that begins at a token: its value and the token after it.
type numeral struct {
	value int
	next  int // 0: no number begins here
	// article: it is "un", "una", "a", which count only before a noun.
	article bool
	ordinal bool
}

func (n numeral) sort() numberSort {
	switch {
	case n.ordinal:
		return ordinalNumber
	case n.article:
		return articleNumber
	case n.value%5 == 0 && n.value > 0 && n.value < 30:
		return plainNumber | fiveNumber
	}
	return plainNumber
}

var unitWords = map[int]string{
	1: "un uno una one", 2: "dos two", 3: "tres three", 4: "cuatro four", 5: "cinco five", 6: "seis six", 7: "siete seven", 8: "ocho eight", 9: "nueve nine",
}

var teenWords = map[int]string{
	10: "diez ten", 11: "once eleven", 12: "doce twelve", 13: "trece thirteen", 14: "catorce fourteen", 15: "quince fifteen",
	16: "dieciseis sixteen", 17: "diecisiete seventeen", 18: "dieciocho eighteen", 19: "diecinueve nineteen", 20: "veinte",
	21: "veintiuno veintiuna veintiun", 22: "veintidos", 23: "veintitres", 24: "veinticuatro", 25: "veinticinco",
	26: "veintiseis", 27: "veintisiete", 28: "veintiocho", 29: "veintinueve",
}

var tenWords = map[int]string{
	20: "twenty", 30: "treinta thirty", 40: "cuarenta forty fourty", 50: "cincuenta fifty", 60: "sesenta sixty", 70: "setenta seventy", 80: "ochenta eighty", 90: "noventa ninety",
}

var hundredWords = map[int]string{
	100: "cien ciento", 200: "doscientos", 300: "trescientos", 400: "cuatrocientos", 500: "quinientos", 600: "seiscientos",
	700: "setecientos", 800: "ochocientos", 900: "novecientos",
}

var ordinalWords = map[int]string{
	1: "primero first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth", 9: "ninth", 10: "tenth",
	11: "eleventh", 12: "twelfth", 13: "thirteenth", 14: "fourteenth", 15: "fifteenth", 16: "sixteenth", 17: "seventeenth", 18: "eighteenth", 19: "nineteenth",
	20: "twentieth", 30: "thirtieth",
}

func (l *lexicon) addNumbers() {
	for class, table := range map[class]map[int]string{isUnit: unitWords, isTeen: teenWords, isTen: tenWords, isHundred: hundredWords} {
		for value, words := range table {
			l.each(words, func(e *lexeme) { e.class, e.value = e.class|class, value })
		}
	}
	for value, words := range ordinalWords {
		l.each(words, func(e *lexeme) { e.class, e.ordinal = e.class|isOrdinal, value })
	}
}

// readNumerals finds the numbers of the sentence, in digits and in words.
func (s *sentence) readNumerals() {
	s.nums = make([]numeral, len(s.toks)+1)
	for i := range s.toks {
		s.nums[i] = s.numeralAt(i)
	}
}

func (s *sentence) num(i int) numeral {
	if i < 0 || i >= len(s.nums) {
		return numeral{}
	}
	return s.nums[i]
}

func (s *sentence) numeralAt(i int) numeral {
	t := s.at(i)
	switch {
	case t.kind == number && t.wide[0] <= 4:
		if next := s.at(i + 1); next.glued && next.is("st", "nd", "rd", "th", "º", "ro", "o") {
			return numeral{value: t.n[0], next: i + 2, ordinal: true}
		}
		return numeral{value: t.n[0], next: i + 1}
	case t.kind != word:
		return numeral{}
	case t.has(isHundred):
		if rest := s.below100(i + 1); rest.next > 0 && !rest.article && !rest.ordinal {
			return numeral{value: t.lex.value + rest.value, next: rest.next}
		}
		return numeral{value: t.lex.value, next: i + 1}
	}
	return s.below100(i)
}

func (s *sentence) below100(i int) numeral {
	t := s.at(i)
	switch {
	case t.kind != word:
		return numeral{}
	case t.has(isTen):
		j := i + 1
		if s.at(j).kind == dash || t.lex.value >= 30 && s.at(j).is("y") {
			j++
		}
		english := t.text[len(t.text)-1] == 'y'
		if u := s.at(j); (j > i+1 || english) && u.kind == word && !u.is("un") {
			if u.has(isUnit) {
				return numeral{value: t.lex.value + u.lex.value, next: j + 1}
			}
			if english && u.has(isOrdinal) && u.lex.ordinal < 10 {
				return numeral{value: t.lex.value + u.lex.ordinal, next: j + 1, ordinal: true}
			}
		}
		return numeral{value: t.lex.value, next: i + 1}
	case t.has(isTeen) || t.has(isUnit):
		return numeral{value: t.lex.value, next: i + 1, article: t.is("un", "una")}
	case t.has(isOrdinal):
		return numeral{value: t.lex.ordinal, next: i + 1, ordinal: true}
	case t.is("a", "an"):
		return numeral{value: 1, next: i + 1, article: true}
	}
	return numeral{}
}

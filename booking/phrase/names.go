package phrase

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameLeads are the words that a name follows. Those that may be followed by
// something else as well ("soy alérgico") need a word that looks like a name.
var nameLeads = []row[bool]{
	{true, `a/al/en nombre de|a nombre del|bajo el nombre de|con el nombre de|con el nombre|el nombre es/seria|mi/su nombre es|nombre es|me llamo|de parte de
	 |my/the name is|name is|under the name of|under the name|in the name of|name of|i am called`},
	{false, `se llama|nombre|titular|under|the name|name|call me|soy|te habla|habla|i am|this/it is|para|for|reserva/mesa de|reserva para|booking for/of|pon`},
}

// nameEnds are words that no name goes on with.
var nameEnds = set(`para el los las a al en con por que y e o u pero somos seremos mi me gracias tel telefono movil numero es una un quiero queria quisiera
 manana hoy esta este pasado sobre desde hasta mesa reserva reservar tengo tenia porfa favor si no vale ok vengo voy llamo escribo
 for at on in and the tomorrow today tonight my phone number please thanks thank table i we with of us is are would want can could people
 personas dentro fuera terraza comer cenar lo te le se seria soy pax this next it also to from about around`)

// particles are the small words inside of names.
var particles = set("de del la las los da do dos van von der den di du le san santa y mac mc o al bin ben")

// titles come before a name and are no part of it.
var titles = set("sr sra srta senor senora senorita don dona mr mrs ms miss dr dra doctor doctora")

const maxNameWords = 5

// findName returns the name that the guest gives, and takes its words.
func (r *Reader) findName(s *sentence) string {
	for i := range s.toks {
		for _, lead := range r.nameLeads[s.at(i).text] {
			from := s.match(lead.elements, i, &caught{})
			if from == 0 {
				continue
			}
			for s.at(from).kind == comma || s.at(from).is("es", "is") && lead.means {
				from++
			}
			if to := s.nameEnd(from, lead.means); to > from && !s.at(from).is("no") {
				s.use(i, to)
				return s.nameAt(from, to)
			}
			break
		}
	}
	return ""
}

// nameEnd returns the token after a name that begins at from; sure reports whether
// nothing else can follow what came before. 0: there is none.
func (s *sentence) nameEnd(from int, sure bool) int {
	first := s.skipTitles(from, sure)
	i := first
	for i < first+maxNameWords && s.inName(i, first, sure) {
		i++
	}
	for i > first && (s.at(i-1).kind == dash || particles[s.at(i-1).text] && !(len(s.at(i-1).text) == 1 && s.capital(i-1))) {
		i--
	}
	if i == first || !sure && !s.nameAfter(first, s.at(from-1)) {
		return 0
	}
	return i
}

// skipTitles returns the token after "la señora" and "Dr."
func (s *sentence) skipTitles(i int, sure bool) int {
	if s.at(i).is("la", "el") && titles[s.at(i+1).text] || sure && s.at(i).is("los", "las") && s.capital(i+1) {
		i++
	}
	for titles[s.at(i).text] {
		i++
		if s.at(i).kind == stop {
			i++
		}
	}
	return i
}

// nameAfter reports whether the word at i begins a name after a word that something else
// can follow, too: "para Ana", but "para Logroño", "soy alérgico".
func (s *sentence) nameAfter(i int, lead *token) bool {
	t := s.at(i)
	written := s.capital(i) && !s.shouted()
	if t.has(isMonth|isWeekday) && (!s.capital(i) || lead.is("para", "for", "de", "pon", "of")) {
		return false
	}
	return t.has(isGiven) || written && !lead.is("para", "pon")
}

// inName reports whether the word at i goes on with a name that began at first.
func (s *sentence) inName(i, first int, sure bool) bool {
	t := s.at(i)
	switch {
	case t.kind == dash:
		return i > first && t.glued && s.at(i+1).glued && s.at(i+1).kind == word
	case t.kind != word || s.used[i] || t.text == "👍" || t.text == "👎":
		return false
	case particles[t.text] && i > first && !(len(t.text) == 1 && s.nameLike(i)):
		return s.particleInName(i, sure)
	case particles[t.text] && i == first && sure && s.nameLike(i+1): // De la Fuente
		return true
	case s.nameLike(i):
		return i > first || sure || t.lex == none.lex || t.has(isGiven)
	case nameEnds[t.text]:
		return false
	case i == first:
		return sure && !t.is("a")
	}
	return s.plainName(i) && (sure || !s.capital(first) && s.at(first).has(isGiven))
}

// particleInName reports whether a name goes on after the small word at i.
func (s *sentence) particleInName(i int, sure bool) bool {
	k := i + 1
	for k < i+3 && particles[s.at(k).text] && !s.capital(k) {
		k++
	}
	t := s.at(i)
	if t.is("y", "dos") && !s.capital(i+1) || t.is("las", "los") && s.num(i+1).next > 0 {
		return false
	}
	return s.nameLike(k) || sure && s.plainName(k)
}

// plainName reports whether the word at i is known as nothing but a name, if at all.
func (s *sentence) plainName(i int) bool {
	t := s.at(i)
	return t.kind == word && !nameEnds[t.text] && (t.lex == none.lex || t.has(isGiven)) && !t.has(isNumber)
}

// nameLike reports whether the word at i looks like a name: written with a capital
// where not everything is, or known as one.
func (s *sentence) nameLike(i int) bool {
	t := s.at(i)
	written := s.capital(i) && !s.shouted()
	if t.kind != word || nameEnds[t.text] && !(len(t.text) == 1 && particles[s.at(i-1).text] && written) { // María de la O
		return false
	}
	return t.has(isGiven) || written && (!t.has(isNumber) || t.glued)
}

func (s *sentence) capital(i int) bool {
	t := s.at(i)
	c, _ := utf8.DecodeRuneInString(s.src[min(t.from, len(s.src)):])
	return t.kind == word && unicode.IsUpper(c)
}

// shouted reports whether the whole text is in capitals.
func (s *sentence) shouted() bool { return s.capitals > 3 && s.smalls == 0 }

// nameAt returns the words of a name as they were written, with capitals where
// the guest left them out.
func (s *sentence) nameAt(from, to int) string {
	if s.at(from).is("la", "el", "los", "las") && !s.capital(from) {
		from++
	}
	for titles[s.at(from).text] && from < to-1 {
		from++
		if s.at(from).kind == stop {
			from++
		}
	}
	return tidyName(s.src[s.at(from).from:s.at(to-1).to])
}

// tidyName gives a name its capitals where it is written all small or all large.
func tidyName(name string) string {
	words := strings.Fields(name)
	if strings.ToLower(name) == name || strings.ToUpper(name) == name {
		for i, w := range words {
			words[i] = strings.ToLower(w)
			if i == 0 || !particles[words[i]] {
				words[i] = capitalised(words[i])
			}
		}
	}
	return strings.Join(words, " ")
}

func capitalised(w string) string {
	up := true
	return strings.Map(func(c rune) rune {
		if up {
			c = unicode.ToUpper(c)
		}
		up = c == '-' || c == '\'' || c == '’'
		return c
	}, w)
}

// givenNames are common given names of Spain and of its guests, so that they are
// known when written small and are not taken for typos.
const givenNames = `maria carmen ana isabel laura cristina marta lucia sara paula elena raquel pilar teresa rosa beatriz nuria silvia julia irene patricia andrea alba rocio monica sonia
 sofia claudia martina valeria daniela alicia natalia carla noa emma olivia carlota blanca ines angela victoria eva miriam susana yolanda esther mercedes dolores concepcion josefa antonia francisca
 gloria lourdes inmaculada encarnacion montserrat amparo consuelo margarita lorena veronica esperanza aurora begona ainhoa leire maite nerea amaia itziar ane aitana vega lola gabriela fatima
 antonio manuel jose francisco juan david javier daniel carlos miguel rafael pedro pablo angel sergio fernando jorge luis alberto alvaro diego adrian raul enrique ramon vicente ivan ruben oscar
 andres joaquin santiago eduardo victor mario roberto jaime ignacio marcos salvador emilio hugo julian alfonso tomas guillermo gabriel agustin gonzalo felipe cesar nicolas lucas mateo martin
 leo izan marc aitor iker unai jon mikel inaki gorka xabier asier borja nacho pepe paco curro kiko toni jordi josep xavi pau oriol arnau nil bruno samuel hector dario ismael joel isaac rodrigo lorenzo
 esteban gregorio domingo abril abel adan benito camilo clara celia candela celeste elisa fabiola gema jimena lidia luisa magdalena manuela noelia olga rebeca sandra tamara vanesa virginia
 john james robert michael william thomas charles christopher matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric
 jonathan stephen larry justin scott brandon benjamin gregory frank alexander patrick jack dennis jerry tyler aaron peter adam henry nathan zachary kyle noah ethan jeremy walter keith roger tom tim ben sam joe bob jim mike
 dave steve chris matt alex max harry oliver simon martin liam oscar
 mary linda barbara elizabeth jennifer susan jessica sarah karen nancy lisa margaret betty sandra ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca
 sharon cynthia kathleen amy angela anna ruth brenda pamela nicole katherine samantha christine helen debra rachel carolyn janet catherine heather diane julie joyce kelly christina joan evelyn judith megan hannah
 jane kate sophie charlotte grace chloe lucy jean sally claire ingrid hans klaus giulia marco pierre francois jean luca fatima mohamed ahmed omar youssef ali wei li chen yuki`

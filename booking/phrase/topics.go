package phrase

import (
	"slices"
	"strings"
	"unicode/utf8"

	"maitre/booking"
)

// TopicAddress is what [Reader.Topic] returns for a question where the restaurant is
// or how to reach it by phone, whatever its facts.
const TopicAddress = "address"

// topic is a thing that guests ask about: the names under which an owner may
// keep what there is to say of it, and the words by which guests ask. A general
// one gives way to another that a question also names.
type topic struct {
	names, words string
	general      bool
}

var topicTable = []topic{
	{"parking aparcamiento car coche", "aparcar aparco aparcamos aparcamiento aparcamientos parking garaje coche coches park parked car cars garage moto", false},
	{"gluten celiac coeliac celiacos", "gluten celiaco celiaca celiacos celiacas coeliac celiac", false},
	{"allergies allergy alergias alergenos allergens", "alergia alergias alergico alergica alergenos alergeno allergy allergies allergic allergen allergens intolerancia intolerancias lactosa nut nuts dairy lactose", false},
	{"vegetarian vegan vegetariano vegano", "vegano vegana veganos veganas vegetariano vegetariana vegetarianos vegetarianas vegan vegans vegetarian vegetarians", false},
	{"children kids ninos", "nino ninos nina ninas bebe bebes trona tronas carrito carritos cambiador infantil kid kids child children baby babies highchair highchairs pushchair stroller pram", false},
	{"accessibility accessible accesibilidad wheelchair", "accesible accesibilidad minusvalidos discapacitados silla ruedas wheelchair accessible escaleras escalones ascensor rampa steps stairs lift elevator bano banos aseos toilet toilets", false},
	{"pets dogs mascotas perros", "perro perros perra perrito mascota mascotas dog dogs pet pets gato", false},
	{"terrace terraza garden patio", "terraza terrazas patio jardin terrace garden fuera outdoors outside estufas toldo lluvia llueve rain", false},
	{"payment pay pago cards", "tarjeta tarjetas efectivo bizum pagar pago pagos cuenta card cards cash pay payment bill amex visa", false},
	{"group groups grupos menus", "grupo grupos group groups comunion comuniones boda bodas bautizo empresa cerrado cerrados set", false},
	{"cake tarta birthday cumpleanos", "tarta tartas pastel cumpleanos velas birthday cake cakes candles", false},
	{"late delay retraso", "tarde retraso retrasamos retrasados late delay delayed cortesia", false},
	{"kitchen food menu carta cocina comida", "carta menu menus plato platos cocina especialidad especialidades comida vino vinos food dishes wine wines cuisine specials tapas pescado carne postre postres marisco", true},
	{"price prices precio precios", "precio precios cuesta cuestan cuanto price prices cost costs expensive caro", false},
	{"wifi internet", "wifi internet contrasena password", false},
	{"music musica", "musica directo music live", false},
	{"smoking fumar", "fumar fumadores smoke smoking", false},
	{"delivery takeaway domicilio llevar", "domicilio llevar delivery takeaway takeout", false},
	{TopicAddress, "direccion donde ubicacion ubicados llegar llego address where located location directions sitio calle telefono phone numero metro autobus bus tren", true},
}

// topics finds the fact that a guest asks about.
type topics struct {
	keys  []string
	words map[string][]weighed
}

// weighed is how much a word speaks for a fact.
type weighed struct{ fact, weight int }

// How much the words of a question count: those by which guests ask for a
// thing, those of the fact's own name, those of its text.
const (
	weightAsked = 6
	weightNamed = 8
	weightText  = 1
)

func topicsOf(facts []booking.Fact) *topics {
	t := &topics{words: map[string][]weighed{}}
	for i, fact := range facts {
		t.keys = append(t.keys, fact.Key)
		names := wordsOf(fact.Key)
		t.add(i, weightNamed, names)
		for _, topic := range topicTable {
			if slices.ContainsFunc(names, func(name string) bool { return slices.Contains(strings.Fields(topic.names), name) }) {
				t.add(i, weightAsked-b2i(topic.general), strings.Fields(topic.words))
			}
		}
		for _, text := range fact.Text {
			t.add(i, weightText, slices.DeleteFunc(wordsOf(text), func(w string) bool { return utf8.RuneCountInString(w) < 5 }))
		}
	}
	if !slices.Contains(t.keys, TopicAddress) {
		t.keys = append(t.keys, TopicAddress)
		t.add(len(t.keys)-1, weightAsked-1, strings.Fields(topicTable[len(topicTable)-1].words))
	}
	return t
}

func (t *topics) add(fact, weight int, words []string) {
	for _, w := range words {
		known := slices.ContainsFunc(t.words[w], func(x weighed) bool { return x.fact == fact })
		if !known {
			t.words[w] = append(t.words[w], weighed{fact, weight})
		}
	}
}

// wordsOf cuts a text into its words, in lower case and without accents.
func wordsOf(text string) []string {
	var folded []byte
	for _, c := range text {
		folded = fold(folded, c)
	}
	return strings.FieldsFunc(string(folded), func(c rune) bool { return c < 'a' && (c < '0' || c > '9') || c > 'z' })
}

// Topic returns the key of the restaurant's fact that a text asks about, as the
// Restaurant has them, or [TopicAddress]; empty when it is about none of them.
func (r *Reader) Topic(text string) string {
	s := r.read(text)
	scores := make([]int, len(r.topics.keys))
	for i := range s.toks {
		if s.at(i).kind != word {
			continue
		}
		for _, x := range r.topics.words[s.at(i).text] {
			scores[x.fact] += x.weight
		}
	}
	best := 0
	for i, score := range scores {
		if score > scores[best] {
			best = i
		}
	}
	if len(scores) == 0 || scores[best] < weightAsked-1 {
		return ""
	}
	return r.topics.keys[best]
}

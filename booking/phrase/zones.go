package phrase

import "strings"

// The zones that most houses have, by the IDs that their restaurant files use.
const (
	inside  = "interior"
	terrace = "terraza"
)

// zoneWords are the usual names of zones; phrases are joined by a dot.
var zoneWords = map[string]string{
	inside:  "interior dentro adentro salon sala comedor inside indoors indoor inside. dining.room main.room",
	terrace: "terraza terracita fuera afuera exterior aire.libre al.fresco alfresco outside outdoors outdoor terrace patio",
	"barra": "barra bar.counter at.the.bar at.the.counter",
	"sofas": "sofas sofa sofás chester",
}

// anyZone is how guests say that the zone does not matter.
var anyZone = []string{
	"da igual", "igual me da", "donde sea", "donde querais", "donde quieras", "donde quieran", "donde haya", "donde podais", "donde mejor", "cualquiera", "cualquier sitio", "cualquier zona", "cualquier mesa", "sin preferencia",
	"no tengo preferencia", "no tenemos preferencia", "ninguna preferencia", "indiferente", "lo mismo da", "me es igual", "nos es igual", "no importa", "no me importa", "no nos importa", "lo que haya", "lo que tengais",
	"anywhere", "any table", "any zone", "any area", "either", "either is fine", "no preference", "do not mind", "does not matter", "do not care", "whatever", "wherever", "whichever", "not fussed", "no matter",
}

// anyWay tells whether "cualquiera" at i speaks of something other than a zone.
func (s *sentence) otherAny(i, to int) bool {
	next := s.at(to)
	return next.is("hora", "dia", "time", "day", "date", "fecha", "problema") || next.is("de") && s.at(to+1).is("las", "los") || s.at(i-1).is("hora", "dia")
}

type zonePhrase struct {
	words []string
	id    string
}

func (l *lexicon) addZones(house House) {
	for _, phrases := range zoneWords {
		for w := range strings.FieldsSeq(strings.ReplaceAll(phrases, ".", " ")) {
			l.entry(w)
		}
	}
	for _, z := range house.Zones {
		for _, name := range z.Words {
			for _, w := range plainWords(name) {
				l.entry(w)
			}
		}
	}
	for _, p := range anyZone {
		l.add(0, p)
	}
}

// zonePhrases returns the names of zones by their first word, longest first; the
// house's own come before the usual ones.
func zonePhrases(house House) map[string][]zonePhrase {
	m := map[string][]zonePhrase{}
	add := func(words []string, id string) {
		if len(words) == 0 {
			return
		}
		list := m[words[0]]
		at := len(list)
		for i := range list {
			if sameWords(list[i].words, words) {
				return
			}
			if len(list[i].words) < len(words) {
				at = min(at, i)
			}
		}
		list = append(list, zonePhrase{})
		copy(list[at+1:], list[at:])
		list[at] = zonePhrase{words, id}
		m[words[0]] = list
	}
	for _, z := range house.Zones {
		add(plainWords(strings.ReplaceAll(z.ID, "_", " ")), z.ID)
		for _, name := range z.Words {
			add(plainWords(name), z.ID)
		}
	}
	for id, names := range zoneWords {
		for name := range strings.FieldsSeq(names) {
			add(plainWords(strings.ReplaceAll(name, ".", " ")), id)
		}
	}
	return m
}

// findZones returns the zones that are mentioned.
func (r *Reader) findZones(s *sentence) (all []found[string], any bool) {
	for i := 0; i < len(s.toks); i++ {
		t := s.at(i)
		if t.kind != word || s.used[i] {
			continue
		}
		if to := r.anyAt(s, i); to > 0 && !s.otherAny(i, to) {
			any = true
			continue
		}
		for _, z := range r.zones[t.text] {
			if !s.is(i, z.words...) {
				continue
			}
			to := i + len(z.words)
			if t.is("dentro", "fuera", "outside", "inside") && s.at(to).is("de", "of") && s.num(to+1).next > 0 ||
				t.is("fuera", "outside") && s.at(to).is("de", "of") && s.at(to+1).is("carta", "hora", "horario", "hours", "espana") {
				break
			}
			if t.is("bar", "sala") && s.at(to).is("de") && s.is(to, "de", "espera") {
				break
			}
			all = append(all, found[string]{value: z.id, from: i, to: to})
			s.use(i, to)
			i = to - 1
			break
		}
	}
	return all, any
}

// anyAt returns the token after the words that say that no zone is preferred.
func (r *Reader) anyAt(s *sentence, i int) int {
	for _, p := range r.anyZone[s.at(i).text] {
		if s.is(i, p...) {
			return i + len(p)
		}
	}
	return 0
}

// byFirst keys phrases by their first word, longest first.
func byFirst(phrases []string) map[string][][]string {
	m := map[string][][]string{}
	for _, p := range phrases {
		words := strings.Fields(p)
		list := append(m[words[0]], words)
		for k := len(list) - 1; k > 0 && len(list[k-1]) < len(list[k]); k-- {
			list[k-1], list[k] = list[k], list[k-1]
		}
		m[words[0]] = list
	}
	return m
}

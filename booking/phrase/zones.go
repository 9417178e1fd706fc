package phrase

import "strings"

// The zones that most restaurants have, by the IDs that their restaurant files use.
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

// anyZoneTable is how guests say that the zone does not matter.
var anyZoneTable = []row[struct{}]{{patterns: `da igual|igual me da|donde sea/querais/quieras/quieran/haya/podais/mejor|cualquiera|cualquier sitio/zona/mesa|sin preferencia|no tengo/tenemos preferencia|ninguna preferencia|indiferente|lo mismo da
 |me/nos es igual|no importa|no me/nos importa|lo que haya/tengais|anywhere|any table/zone/area|either is fine|either|no preference|do not mind/care|does not matter|whatever|wherever|whichever|not fussed|no matter`}}

var anyZone = compile(anyZoneTable)

// otherAny reports whether "cualquiera" at i speaks of something other than a zone.
func (s *sentence) otherAny(i, to int) bool {
	next := s.at(to)
	return next.is("hora", "dia", "time", "day", "date", "fecha", "problema") || next.is("de") && s.at(to+1).is("las", "los") || s.at(i-1).is("hora", "dia")
}

func (l *lexicon) addZones(restaurant Restaurant) {
	for _, phrases := range zoneWords {
		for w := range strings.FieldsSeq(strings.ReplaceAll(phrases, ".", " ")) {
			l.entry(w)
		}
	}
	for _, z := range restaurant.Zones {
		for _, name := range z.Words {
			for _, w := range plainWords(name) {
				l.entry(w)
			}
		}
	}
	l.add(0, tableWords(anyZoneTable))
}

// zonePhrases returns the names of zones; of as long ones the restaurant's own come first.
func zonePhrases(restaurant Restaurant) map[string][]*rule[string] {
	var all []rule[string]
	for _, z := range restaurant.Zones {
		for _, name := range append([]string{strings.ReplaceAll(z.ID, "_", " ")}, z.Words...) {
			all = append(all, plainRule(plainWords(name), z.ID))
		}
	}
	for id, names := range zoneWords {
		for name := range strings.FieldsSeq(names) {
			all = append(all, plainRule(plainWords(name), id))
		}
	}
	return phrasesByFirst(all)
}

// findZones returns the zones that are mentioned.
func (r *Reader) findZones(s *sentence) (all []found[string], any bool) {
	for i := 0; i < len(s.toks); i++ {
		t := s.at(i)
		if t.kind != word || s.used[i] {
			continue
		}
		if _, c, ok := first(s, anyZone, i); ok && !s.otherAny(i, c.to) {
			any = true
			continue
		}
		for _, z := range r.zones[t.text] {
			to := s.match(z.elements, i, &caught{})
			if to == 0 {
				continue
			}
			if t.is("dentro", "fuera", "outside", "inside") && s.at(to).is("de", "of") && s.num(to+1).next > 0 ||
				t.is("fuera", "outside") && s.at(to).is("de", "of") && s.at(to+1).is("carta", "hora", "horario", "hours", "espana") {
				break
			}
			if t.is("bar", "sala") && s.at(to).is("de") && s.is(to, "de", "espera") {
				break
			}
			all = append(all, found[string]{value: z.means, from: i, to: to})
			s.use(i, to)
			i = to - 1
			break
		}
	}
	return all, any
}

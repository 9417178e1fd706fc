package phrase

import "maitre/booking"

// part is a part of the day, as the range of service-day minutes in which an
// hour said with it must lie.
type part struct {
	words       string
	first, last booking.TimeOfDay
}

// parts are the parts of the day by their words. Spaniards say "tarde" from
// lunch until after eight, "noche" from then on.
var parts = []part{
	{"madrugada", 24 * 60, 30*60 - 1},
	{"manana morning mananita desayunar desayuno breakfast", 6 * 60, 13*60 - 1},
	{"mediodia comer comida almorzar almuerzo lunch lunchtime comemos", 12 * 60, 18*60 - 1},
	{"tarde afternoon merendar tardecita", 12 * 60, 22*60 - 1},
	{"noche night evening cenar cena dinner tonight supper cenamos nochecita", 18 * 60, 30*60 - 1},
}

// partOf are the parts by word.
var partOf = func() map[string]*part {
	m := map[string]*part{}
	for i := range parts {
		for w := range set(parts[i].words) {
			m[w] = &parts[i]
		}
	}
	return m
}()

// said is a part of the day and where it is said.
type said struct {
	part *part
	at   int
}

// findParts returns the parts of the day that are mentioned. "mañana" is one
// only after an article, and none of those in a greeting are.
func (s *sentence) findParts() []said {
	var all []said
	for i := range s.toks {
		t := s.at(i)
		if !t.has(isPart) || s.used[i] {
			continue
		}
		p := partOf[t.text]
		switch t.text {
		case "manana":
			if !s.at(i-1).is("la", "esta") {
				continue
			}
		case "tarde":
			if s.at(i-1).is("mas", "muy", "llegamos", "llegar", "llego", "es", "algo", "poco", "tan", "demasiado") {
				continue
			}
		case "noche", "night", "evening", "afternoon", "morning":
			if s.at(i - 1).is("good") {
				continue
			}
		}
		all = append(all, said{p, i})
	}
	return all
}

// partFor returns the part of the day that governs an hour said at token i: the
// only one, else the nearest before it, else the nearest after.
func partFor(all []said, i int) *part {
	var p *part
	for _, m := range all {
		if p == nil || m.at < i {
			p = m.part
		}
	}
	return p
}

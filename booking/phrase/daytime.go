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

// settleTime chooses among the times that are mentioned and resolves the one
// that holds.
func (r *Reader) settleTime(s *sentence, all []timeFound, parts []said, on *booking.Date, change bool) (booking.TimeOfDay, bool) {
	var day booking.Date
	if on != nil {
		day = *on
	}
	resolved := make([]found[booking.TimeOfDay], len(all))
	for i, f := range all {
		resolved[i] = found[booking.TimeOfDay]{
			value: r.resolve(f.value, partFor(parts, f.from), day), from: f.from, to: f.to, vague: f.vague, weak: f.weak,
		}
	}
	return settle(s, resolved, change)
}

// resolve returns the service-day time that is meant by a reading on a date: the
// half of the day that was said, else the one whose hour falls in a service,
// else the one nearest to one.
func (r *Reader) resolve(v reading, p *part, on booking.Date) booking.TimeOfDay {
	switch {
	case v.exact:
		return v.at
	case v.hour == 24 || v.hour == 0:
		return booking.TimeOfDay(24*60 + v.min)
	case v.hour > 12:
		return booking.NewTimeOfDay(v.hour, v.min)
	}
	first := booking.NewTimeOfDay(v.hour, v.min)
	second := booking.TimeOfDay((v.hour+12)*60 + v.min) // the twelve of the night is 24:00
	if first > second {
		first, second = second, first
	}
	if v.part != nil {
		p = v.part
	}
	if p != nil {
		a, b := p.holds(first), p.holds(second)
		switch {
		case a && !b:
			return first
		case b && !a:
			return second
		}
	}
	return r.byService(first, second, on, v)
}

func (p *part) holds(t booking.TimeOfDay) bool { return t >= p.first && t <= p.last }

// byService chooses between two times twelve hours apart by the services.
func (r *Reader) byService(first, second booking.TimeOfDay, on booking.Date, v reading) booking.TimeOfDay {
	usual := r.restaurant.Usual
	if len(usual) == 0 {
		usual = spain
	}
	var that []Window
	if on != 0 && r.restaurant.Windows != nil {
		that = r.restaurant.Windows(on)
	}
	for _, windows := range [][]Window{that, usual} {
		a, b := distance(first, windows), distance(second, windows)
		switch {
		case len(windows) == 0:
		case a == 0 && b != 0:
			return first
		case b == 0 && a != 0:
			return second
		case a == 0 && b == 0: // both are served: the earlier in the day, unless dinner is all there is
			return first
		}
	}
	if v.padded {
		return booking.NewTimeOfDay(v.hour, v.min)
	}
	a, b := distance(first, usual), distance(second, usual)
	if second.AfterMidnight() {
		b += 60 // people say midnight when they mean it
	}
	if a <= b {
		return first
	}
	return second
}

// spain is when Spain eats, for a restaurant that has not said.
var spain = []Window{{13 * 60, 16 * 60}, {20 * 60, 23*60 + 30}}

// distance returns how far a time lies from the nearest window, in minutes.
func distance(t booking.TimeOfDay, windows []Window) booking.TimeOfDay {
	best := booking.DayEnds
	for _, w := range windows {
		switch {
		case t < w.First:
			best = min(best, w.First-t)
		case t > w.Last:
			best = min(best, t-w.Last)
		default:
			return 0
		}
	}
	return best
}

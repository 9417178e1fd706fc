package phrase

import (
	"time"

	"maitre/booking"
)

// greetings are taken first, so that "buenas noches" is no evening.
var greetings = patterns(`buenas/buenos/muy/good/feliz noches/tardes/dias/dia/tarde/noche/morning/evening/afternoon/night/day|hasta manana ] END|see you tomorrow/tonight/soon/then`)

func (s *sentence) takeGreetings() {
	for i := range s.toks {
		if _, c, ok := first(s, greetings, i); ok {
			s.use(i, c.to)
		}
	}
}

var moving = patterns(`#change/#shift|al final|push/bring`)

// moves tells whether the sentence moves a booking from one thing to another.
func (s *sentence) moves() bool { return s.says(moving) }

// severalTables is more than one table: whether a number is for each of them or for
// all is not clear then.
var severalTables = patterns(`NUM:2-9999 mesas/tables`)

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

// afterAmend is what follows a bare number that corrects another.
var afterAmend = patterns(`END|con/y/el/para`)

// amend reads a bare number that corrects what was said before it: "somos 4,
// perdón, 5", "a las nueve, no, diez".
func (s *sentence) amend(clock *[]timeFound, days *[]dateFound, parties *[]partyFound, today booking.Date) {
	for i := 1; i < len(s.toks); i++ {
		n := s.num(i)
		if n.next == 0 || n.article || n.ordinal || !s.free(i) || !s.holds(afterAmend, n.next) || !s.regretBefore(i) {
			continue
		}
		hour, day, party := lastEnd(*clock, i), lastEnd(*days, i), lastEnd(*parties, i)
		switch latest := max(hour, day, party); {
		case latest < 0:
			continue
		case hour == latest:
			if n.value >= 1 && n.value <= 24 {
				*clock = append(*clock, timeFound{value: reading{hour: n.value}, from: i, to: n.next})
			}
		case day == latest:
			d := &dates{sentence: s, today: today}
			if v, ok := d.nextDay(n.value, 0); ok && n.value >= 1 {
				*days = append(*days, dateFound{value: v, from: i, to: n.next})
			}
		default:
			*parties = append(*parties, partyFound{value: n.value, from: i, to: n.next})
		}
		s.use(i, n.next)
	}
}

// lastEnd returns the last end of a mention up to token i, or -1.
func lastEnd[T comparable](all []found[T], i int) int {
	last := -1
	for _, f := range all {
		if f.to <= i {
			last = max(last, f.to)
		}
	}
	return last
}

// regretBefore tells whether a word of correction comes just before i.
func (s *sentence) regretBefore(i int) bool {
	i--
	for s.at(i).kind == comma {
		i--
	}
	return regrets[s.at(i).text] || s.at(i).is("decir") || s.is(i-1, "i", "mean") || s.is(i-1, "make", "it")
}

// bareParty reads the one number that is left over beside a date and a time, set
// off from the rest: "mañana 14:30, 6".
func (s *sentence) bareParty() int {
	value, count := 0, 0
	for i := 0; i < len(s.toks); i++ {
		n := s.num(i)
		if n.next == 0 || n.article || n.ordinal || !s.free(i) {
			continue
		}
		count++
		if (s.at(i-1).mark() || s.used[i-1]) && s.at(n.next).mark() && n.value > 0 && n.value <= 40 && s.at(i-1).kind != nothing {
			value = n.value
		}
		i = n.next - 1
	}
	if count != 1 {
		return 0
	}
	return value
}

// noTime is given where durations from now cannot be meant.
var noTime time.Time

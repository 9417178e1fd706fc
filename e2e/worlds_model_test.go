package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// cells say how something of a booking stands, by the words below. Of a word they
// are what it changes, and of a booking all that is known.
type cells map[string]string

// The cells of a booking: those of its row, as rowSays reads them.
const (
	cStatus = "status" // as the base has it; gone, where there is no row
	cDate   = "date"
	cTime   = "time"
	cParty  = "party"
	cTable  = "table" // where the staff chose it
	cNote   = "note"

	gone      = "gone"
	confirmed = "Confirmada"
	preBooked = "Pre-reserva"
	cancelled = "Cancelada"
)

// A word is what somebody said of a booking, and was acknowledged.
type word struct {
	by   string // "guest", "staff" or "person"
	says cells
	// sure: the guest was told that it is in the book, not that it is on its way there.
	sure bool
	at   time.Time
}

// stay is a booking as the model knows it: of a guest, or typed by the staff.
type stay struct {
	name  string // no other has it
	by    *visitor
	code  string
	link  string // his own page of it
	words []word
	// base is how many of the words were in the base when the round began.
	base int
	// open is what the guest had asked for when the line went dead: it may have been done.
	open cells
	// chosen: a person had it tried again although somebody else had said otherwise:
	// either may stand.
	chosen bool
	// vanished: its row was deleted with all others while something else happened to it.
	vanished bool
	// either are the states in which it may stand; nil: as its words say.
	either []cells
	// past are states in which it may have been before a person settled something.
	past []cells
	// unseen: the staff had moved it, deleted it with all others, and undid that: the
	// desk may never have known where they had moved it to.
	unseen bool
	// dropped: it was found wrong, and reported.
	dropped bool
	copyOf  string // the code that it carries, of another
	emptied string // the field that the staff emptied in it
}

// stands is what so many words come to.
func (s *stay) stands(n int) cells { return add(s.words[:n]) }

// unreached is what so many words come to where the desk did not hear what the staff
// said in this round.
func (s *stay) unreached(n int) cells {
	return add(slices.Concat(s.words[:s.base], slices.DeleteFunc(slices.Clone(s.words[s.base:n]), func(w word) bool { return w.by == "staff" })))
}

// add is what words come to.
func add(words []word) cells {
	out := cells{}
	for _, w := range words {
		maps.Copy(out, w.says)
		if w.by == "guest" && moves(w.says) {
			delete(out, cTable) // the desk seats the party anew
		}
	}
	return out
}

// moves reports whether a word may bring other tables with it.
func moves(says cells) bool { return says[cDate]+says[cTime]+says[cParty] != "" }

func (s *stay) now() cells { return s.stands(len(s.words)) }

// states are all in which the booking may have been seen since the round began,
// where the guest's open request was done and where it was not.
func (s *stay) states() (all []cells) {
	for n := s.base; n <= len(s.words); n++ {
		if n > 0 {
			all = append(all, s.stands(n))
		}
		if n > s.base && s.base > 0 && s.words[n-1].by == "guest" && !s.words[n-1].sure {
			all = append(all, s.unreached(n)) // a request that waits is shown on what the desk knew
		}
	}
	all = append(all, s.either...)
	if s.open != nil {
		for _, state := range slices.Clone(all) {
			state = maps.Clone(state)
			maps.Copy(state, s.open)
			all = append(all, state)
		}
		if len(s.words) == 0 {
			all = append(all, s.open)
		}
	}
	return all
}

func live(status string) bool {
	return status != "" && status != gone && status != cancelled
}

// liveNow reports whether the booking stands, as far as everybody knows.
func (s *stay) liveNow() bool { return !s.dropped && len(s.words) > 0 && live(s.now()[cStatus]) }

// waits reports whether something that the guest asked for in this round may not be in
// the book yet.
func (s *stay) waits() bool {
	return s.open != nil || slices.ContainsFunc(s.words[s.base:], func(w word) bool { return w.by == "guest" && !w.sure })
}

// said notes a word.
func (w *world) said(s *stay, by string, sure bool, says cells) {
	s.words = append(s.words, word{by: by, says: says, sure: sure, at: time.Now()})
	for _, state := range s.either {
		maps.Copy(state, says)
		if by == "guest" && moves(says) {
			delete(state, cTable)
		}
	}
}

// letGo forgets what the guest had asked for and was not in the base yet: a person
// said that it is seen to.
func (s *stay) letGo() {
	s.words = append(slices.Clone(s.words[:s.base]), slices.DeleteFunc(slices.Clone(s.words[s.base:]), func(w word) bool {
		return w.by == "guest" && !w.sure
	})...)
	if len(s.words) == 0 || s.words[0].by == "staff" && s.by != nil {
		// It never was in the base, as far as anybody was told.
		s.words = append(s.words, word{by: "person", says: cells{cStatus: cancelled}, at: time.Now()})
	}
	s.open = nil
}

// agrees says in what a row differs from a state; empty: in nothing. Where a booking
// is not to stand, no row is as good as one that says so.
func (want cells) differs(has cells) string {
	if !live(want[cStatus]) {
		if live(has[cStatus]) {
			return fmt.Sprintf("it is %s, and ought to be %s", has[cStatus], want[cStatus])
		}
		return ""
	}
	var out []string
	for _, cell := range slices.Sorted(maps.Keys(want)) {
		if has[cell] != want[cell] {
			out = append(out, fmt.Sprintf("%s is %q, not %q", cell, has[cell], want[cell]))
		}
	}
	return strings.Join(out, "; ")
}

// lastOn is who said last what a cell is.
func (s *stay) lastOn(cell string) string {
	for _, w := range slices.Backward(s.words) {
		if _, ok := w.says[cell]; ok {
			return w.by
		}
	}
	return ""
}

// story tells what was said of a booking since the round began.
func (s *stay) story() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s %s; when the round began %v", s.name, s.code, s.stands(s.base))
	for _, w := range s.words[s.base:] {
		sure := ""
		if w.by == "guest" && !w.sure {
			sure = ", being processed"
		}
		fmt.Fprintf(&out, "; %s %v%s", w.by, w.says, sure)
	}
	if s.open != nil {
		fmt.Fprintf(&out, "; unanswered %v", s.open)
	}
	return out.String()
}

// kindOf says what kind of wrong it is when a booking is not as it ought to be.
func (s *stay) kindOf(want, has cells) string {
	switch {
	case live(want[cStatus]) && !live(has[cStatus]) && s.lastOn(cStatus) == "guest":
		return "lost"
	default:
		return "undone"
	}
}

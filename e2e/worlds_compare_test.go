package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// finals are the states in which a booking may stand when all is over.
func (s *stay) finals() (all []cells) {
	switch {
	case s.chosen:
		all = s.mixed()
	case s.either != nil:
		all = s.either
	case len(s.words) > 0:
		all = []cells{s.now()}
	default:
		all = []cells{{cStatus: gone}}
	}
	if s.open != nil {
		for _, state := range slices.Clone(all) {
			state = maps.Clone(state)
			maps.Copy(state, s.open)
			if moves(s.open) {
				delete(state, cTable)
			}
			all = append(all, state)
		}
	}
	return all
}

// mixed are all states that come of any choice, cell by cell, among what was said
// since the guest last heard that it is done, and how it stood then.
func (s *stay) mixed() []cells {
	values := map[string][]string{}
	for cell, v := range s.stands(s.base) {
		values[cell] = []string{v}
	}
	for _, word := range s.words[s.base:] {
		for cell, v := range word.says {
			if word.by == "guest" && word.sure && !s.vanished { // what was deleted and came back is the staff's word
				values[cell] = nil
			}
			if _, had := values[cell]; !had && s.vanished {
				values[cell] = []string{""} // the desk, which wrote it anew, may never have known
			}
			if !slices.Contains(values[cell], v) {
				values[cell] = append(values[cell], v)
			}
		}
	}
	delete(values, cTable)
	all := []cells{{}}
	for _, cell := range slices.Sorted(maps.Keys(values)) {
		var next []cells
		for _, state := range all {
			for _, v := range values[cell] {
				state := maps.Clone(state)
				state[cell] = v
				next = append(next, state)
			}
		}
		all = next
	}
	if s.base == 0 || s.vanished {
		all = append(all, cells{cStatus: gone})
	}
	return all
}

// found is what there is of a booking: how many live ones, and the state of one.
type found struct {
	live int
	says cells
	code string
}

// has finds a booking where the book is kept: in the base, or at the desk.
func (w *world) has(s *stay, book []kept) found {
	f := found{says: cells{cStatus: gone}}
	take := func(says cells, code string) {
		if live(says[cStatus]) {
			f.live++
		}
		if f.code == "" || live(says[cStatus]) {
			f.says, f.code = says, code
		}
	}
	if w.srv != nil {
		for _, r := range w.rowsOf(s) {
			take(w.stateOf(r), textOf(r.Fields["Código"])+" ")
		}
	} else {
		for _, b := range book {
			if b.Name == s.name {
				take(atDesk(b), b.Code)
			}
		}
	}
	f.code = strings.TrimSpace(f.code)
	return f
}

// atDesk is what the desk shows of a booking, in the model's words.
func atDesk(b kept) cells {
	status := map[string]string{"confirmed": confirmed, "pre_booked": preBooked, "cancelled": cancelled, "seated": "Sentada"}[b.Status]
	if status == "" {
		status = b.Status
	}
	return cells{cStatus: status, cDate: b.Date, cTime: b.Time, cParty: strconv.Itoa(b.Party), cTable: b.Table, cNote: b.Notes}
}

// allBooked is what the desk shows of all days.
func (w *world) allBooked() (all []kept) {
	for _, date := range worldDays {
		all = append(all, w.s.book(date)...)
	}
	return all
}

// compare holds what is there against the model, once it has had time to arrive.
func (w *world) compare() {
	// What the staff did last may be on its way to the desk.
	within(8*time.Second, func() (bool, any) { return w.all(w.allBooked(), func(string, *stay, string) {}), nil })
	book := w.allBooked()
	w.all(book, func(kind string, s *stay, why string) {
		if s != nil {
			s.dropped = true
		}
		w.reported[why] = true
		w.wrong(kind, "%s", why)
	})
	w.readsMessages()
	for _, name := range w.liveNames(book) {
		if story, ended := w.ended[name]; ended {
			delete(w.ended, name)
			w.wrong("undone", "%s was over and is live again; %s", name, story)
		}
	}
	for _, s := range w.stays {
		w.accept(s, w.has(s, book))
	}
	w.forget()
}

// liveNames are the names of all live bookings, where the book is kept.
func (w *world) liveNames(book []kept) (names []string) {
	if w.srv == nil {
		for _, b := range book {
			if live(atDesk(b)[cStatus]) {
				names = append(names, b.Name)
			}
		}
		return names
	}
	for _, r := range w.srv.Records("Reservas") {
		if live(w.stateOf(r)[cStatus]) {
			names = append(names, textOf(r.Fields["Nombre del Cliente"]))
		}
	}
	return names
}

// all looks at everything, and tells of what is wrong.
func (w *world) all(book []kept, tell func(kind string, s *stay, why string)) (well bool) {
	well = true
	for _, s := range w.stays {
		if s.dropped {
			continue
		}
		f := w.has(s, book)
		want := s.finals()
		var why []string
		fits := slices.ContainsFunc(want, func(state cells) bool {
			d := state.differs(f.says)
			why = append(why, d)
			return d == ""
		})
		switch {
		case f.live > 1:
			well = false
			tell("doubled", s, fmt.Sprintf("%d live rows; %s", f.live, s.story()))
		case !fits:
			well = false
			tell(s.kindOf(want[0], f.says), s, fmt.Sprintf("%s; it is %v; %s", why[0], f.says, s.story()))
		case w.srv != nil && s.emptied == "":
			if d := w.otherwise(f, s, book); d != "" {
				well = false
				tell("untrue", s, "the desk shows otherwise than the base: "+d+"; "+s.story())
			}
		}
	}
	return w.overlaps(book, tell) && well
}

// otherwise says in what the desk shows a booking otherwise than the base.
func (w *world) otherwise(f found, s *stay, book []kept) string {
	shown := cells{cStatus: gone}
	for _, b := range book {
		if b.Name == s.name && (shown[cStatus] == gone || live(atDesk(b)[cStatus])) {
			shown = atDesk(b)
		}
	}
	if !live(f.says[cStatus]) {
		return f.says.differs(shown)
	}
	says := maps.Clone(f.says)
	if says[cStatus] == "empty" {
		says[cStatus] = confirmed
	}
	return says.differs(shown)
}

// overlaps finds tables that two parties have at once.
func (w *world) overlaps(book []kept, tell func(kind string, s *stay, why string)) (well bool) {
	type held struct {
		name string
		says cells
	}
	var all []held
	if w.srv != nil {
		for _, r := range w.srv.Records("Reservas") {
			all = append(all, held{textOf(r.Fields["Nombre del Cliente"]), w.stateOf(r)})
		}
	} else {
		for _, b := range book {
			all = append(all, held{b.Name, atDesk(b)})
		}
	}
	well = true
	unseen := func(name string) bool {
		return slices.ContainsFunc(w.stays, func(s *stay) bool { return s.name == name && s.unseen })
	}
	for i, a := range all {
		for _, b := range all[:i] {
			pair := a.name + " and " + b.name
			if !live(a.says[cStatus]) || !live(b.says[cStatus]) || a.says[cTable] == "" || a.says[cTable] != b.says[cTable] || a.says[cDate] == "" || a.says[cTime] == "" ||
				b.says[cTime] == "" || !meet(a.says, b.says) {
				continue
			}
			why := fmt.Sprintf("%s share %s on %s at %s and %s", pair, a.says[cTable], a.says[cDate], a.says[cTime], b.says[cTime])
			if unseen(a.name) || unseen(b.name) {
				w.reported[why] = true
			}
			if !w.reported[why] {
				well = false
				tell("overlaps", nil, why)
			}
		}
	}
	return well
}

// accept takes a booking as it is for what the next round begins with.
func (w *world) accept(s *stay, f found) {
	if s.code == "" {
		s.code = f.code
	}
	if s.open != nil || s.chosen || s.either != nil {
		by := s.lastOn(cStatus)
		if by == "" {
			by = "guest"
		}
		says := maps.Clone(f.says)
		if by == "guest" {
			delete(says, cTable)
		}
		s.words = append(s.words, word{by: by, says: says, sure: true, at: time.Now()})
	}
	for i := range s.words {
		s.words[i].sure = true
	}
	s.open, s.either, s.past, s.chosen, s.vanished, s.unseen, s.base = nil, nil, nil, false, false, false, len(s.words)
}

// forget lets go of what is over, and has the staff delete old rows when there are many.
func (w *world) forget() {
	over := func(s *stay) bool { return s.dropped || len(s.words) == 0 || !live(s.now()[cStatus]) }
	for _, v := range w.visitors {
		switch {
		case v.stay != nil && v.stay.dropped:
			v.again()
		case v.stay != nil && over(v.stay):
			v.stay = nil
		}
	}
	for _, s := range w.stays {
		if over(s) && !s.dropped {
			w.ended[s.name] = s.story()
		}
	}
	w.stays = slices.DeleteFunc(w.stays, over)
	if w.srv == nil {
		return
	}
	var old []string
	for _, r := range w.srv.Records("Reservas") {
		if name := textOf(r.Fields["Nombre del Cliente"]); !slices.ContainsFunc(w.stays, func(s *stay) bool { return s.name == name }) {
			old = append(old, r.ID)
		}
	}
	if len(old) > 25 {
		if err := w.srv.Staff().Delete("Reservas", old...); err != nil {
			w.t.Error(err)
		}
		w.s.until("the desk knows that old rows are gone", func() (bool, any) { n := len(w.allBooked()); return n <= len(w.stays), n })
	}
}

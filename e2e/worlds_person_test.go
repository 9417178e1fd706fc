package e2e

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// decides tells the desk what a person decides about entries; false: there were none.
func (w *world) decides(what, why string) bool {
	body, err := json.Marshal(map[string]string{"why": why})
	if err != nil {
		w.t.Fatal(err)
	}
	header := map[string]string{"Authorization": "Bearer " + testToken, "Content-Type": "application/json"}
	status, _, got, err := w.s.do("POST", "/admin/api/journal/"+what, header, body)
	w.note("a person: %s: %d", what, status)
	if err != nil || status != 200 && status != 404 {
		w.note("%v %s", err, got)
	}
	return err == nil && status == 200
}

// ofEntry is the booking of an entry; nil: none that is looked at.
func (w *world) ofEntry(e entry) *stay {
	i := slices.IndexFunc(w.stays, func(s *stay) bool { return s.name == e.Booking.Name })
	if i < 0 || w.stays[i].dropped {
		return nil
	}
	return w.stays[i]
}

// personActs has a person try or settle something that waits, too early perhaps.
func (w *world) personActs() {
	entries := w.s.journal()
	if len(entries) == 0 {
		return
	}
	e := entries[w.chance.IntN(len(entries))]
	if e.Cause == "missing" {
		return // looked at when all is healed
	}
	w.total.add("a person acts while things fail", 1)
	if w.chance.IntN(2) == 0 {
		w.retries(e)
	} else {
		w.settles(e)
	}
}

// retries has an entry tried again. Where somebody said otherwise of the booking
// meanwhile, either may come of it.
func (w *world) retries(e entry) {
	if !w.decides(e.ID+"/retry", "") {
		return
	}
	w.retried[e.ID] = true
	if s := w.ofEntry(e); s != nil && e.State == "parked" {
		s.chosen = true
	}
}

// settles has an entry settled: what the guest asked for is void, as far as it was
// not in the base. Which of several requests were, nobody outside knows.
func (w *world) settles(e entry) {
	s := w.ofEntry(e)
	var either, past []cells
	if s != nil {
		either, past = s.settled(), s.states()
	}
	if !w.decides(e.ID+"/settle", "visto") || s == nil {
		return
	}
	s.letGo()
	s.either = append(s.either, either...) // it may have been settled before
	s.past = append(s.past, past...)
}

// settled are the states in which settling may leave a booking: without its guest's
// last request that was being processed, without the last two, and so on.
func (s *stay) settled() (all []cells) {
	for from := s.base; from <= len(s.words); from++ {
		state, first := cells{}, true
		for i, word := range s.words {
			if i >= from && word.by == "guest" && !word.sure {
				continue
			}
			maps.Copy(state, word.says)
			if word.by == "guest" && moves(word.says) {
				delete(state, cTable)
			}
			first = false
		}
		if first || len(state) == 0 || s.words[0].by == "guest" && !s.words[0].sure && from == 0 && s.base == 0 {
			state = cells{cStatus: cancelled}
		}
		all = append(all, state)
	}
	return all
}

// settle waits until nothing waits any more, deciding what needs a person.
func (w *world) settle() {
	began := time.Now()
	done := false
	w.s.until("nothing waits", func() (bool, any) {
		entries := w.s.journal()
		missing := slices.ContainsFunc(entries, func(e entry) bool { return e.Cause == "missing" })
		if w.cleared || missing {
			w.missing(entries, time.Since(began))
			return false, entries
		}
		for _, e := range entries {
			w.decide(e)
		}
		done = len(entries) == 0 && len(w.s.outbox("waiting", "sending")) == 0
		if !done && time.Since(began) > time.Minute {
			w.wrong("stuck", "after a minute of a healthy Airtable these wait: %+v", entries)
			w.t.FailNow()
		}
		return done, entries
	})
}

// decide does what a person does about an entry when Airtable is well.
func (w *world) decide(e entry) {
	if e.State == "pending" {
		if e.Attempts > 2 && !w.retried[e.ID+"!"] { // its pause may be a minute by now
			w.retried[e.ID+"!"] = true
			w.decides(e.ID+"/retry", "")
		}
		return
	}
	w.total.add("cases: "+e.Cause, 1)
	w.note("case %s of %s %s: %s", e.Cause, e.Booking.Name, e.Booking.Code, e.Error)
	switch {
	case e.Cause == "record":
		// Copies that carry the booking's ID: the staff empty it, as they are told.
		for _, s := range w.stays {
			for _, r := range w.rowsOf(s) {
				if s.copyOf == e.Booking.Code && s.copyOf != "" && r.Fields["ID Reserva"] != nil {
					w.edit(s, r, "empty the copy's ID", nil, map[string]any{"ID Reserva": nil})
				}
			}
		}
		// Of two rows of the booking itself, one restored and one written meanwhile, they
		// delete one.
		if s := w.ofEntry(e); s != nil {
			for _, r := range w.rowsOf(s)[min(1, len(w.rowsOf(s))):] {
				w.note("staff delete the second row of %s", s.name)
				if err := w.srv.Staff().Delete("Reservas", r.ID); err != nil {
					w.t.Error(err)
				}
				s.chosen = true
			}
		}
		if w.retried[e.ID] {
			w.settles(e)
		} else {
			w.decides(e.ID+"/retry", "")
			w.retried[e.ID] = true
		}
	case w.retried[e.ID] || e.Cause == "conflict" && w.chance.IntN(2) == 0 || e.Cause == "past":
		w.settles(e)
	default:
		w.retries(e)
	}
}

// missing decides about bookings whose rows are gone all at once: they are brought
// back, undone in Airtable, or let go.
func (w *world) missing(entries []entry, since time.Duration) {
	if time.Since(w.decided) < 15*time.Second || w.undone && time.Since(w.decided) < time.Minute {
		return // the desk may not have heard of what was done
	}
	unasked := 0
	for _, s := range w.stays {
		if s.liveNow() && s.open == nil && (s.by != nil || s.base > 0) && !slices.ContainsFunc(entries, func(e entry) bool { return e.Booking.Name == s.name }) && len(w.rowsOf(s)) == 0 {
			unasked++
		}
	}
	if unasked > 0 && since < 15*time.Second {
		return
	}
	if unasked > 0 {
		w.wrong("lost", "the staff deleted everything, and of %d bookings nobody is asked; %+v", unasked, entries)
	}
	w.cleared, w.decided = false, time.Now()
	for _, s := range w.stays {
		if len(s.words) > s.base || s.open != nil || s.either != nil {
			s.chosen, s.vanished = true, true // something else happened to it besides
		}
	}
	switch how := w.chance.IntN(3); {
	case w.undone: // and something disappeared again, or still
		w.decides("missing/retry", "")
	case unasked > 0 || how == 0:
		w.note("staff undo it")
		for _, s := range w.stays {
			s.unseen = slices.ContainsFunc(s.words[s.base:], func(w word) bool { return w.by == "staff" && moves(w.says) })
		}
		if len(w.wiped) > 0 { // there was something
			if err := w.srv.Staff().Restore("Reservas", w.wiped...); err != nil {
				w.t.Error(err)
			}
			w.wiped, w.undone = nil, true
		}
	case how == 1:
		w.decides("missing/retry", "")
	default:
		if w.decides("missing/settle", "cerramos") {
			for _, e := range entries {
				if s := w.ofEntry(e); s != nil && e.Cause == "missing" {
					w.said(s, "person", true, cells{cStatus: gone})
				}
			}
		}
	}
}

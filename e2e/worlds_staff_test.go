package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"maitre/store/airtable/airtabletest"
)

// stateOf is what a row says, in the model's words.
func (w *world) stateOf(r airtabletest.Record) cells {
	out := cells{cStatus: textOf(r.Fields["Estado"]), cDate: textOf(r.Fields["Fecha de Reserva"]), cTime: madrid(r.Fields["Hora"]),
		cParty: textOf(r.Fields["Cantidad de Personas"]), cNote: noteOf(r)}
	if out[cStatus] == "" {
		out[cStatus] = "empty"
	}
	linked, _ := r.Fields["Mesa"].([]string)
	for _, id := range linked {
		if t, ok := w.srv.Record(id); ok {
			out[cTable] = textOf(t.Fields["ID Mesa"])
		}
	}
	return out
}

func textOf(cell any) string {
	if cell == nil {
		return ""
	}
	return fmt.Sprint(cell)
}

// rowsOf are the rows of a booking.
func (w *world) rowsOf(s *stay) (found []airtabletest.Record) {
	for _, r := range w.srv.Records("Reservas") {
		if r.Fields["Nombre del Cliente"] == s.name {
			found = append(found, r)
		}
	}
	return found
}

// place is a table at an hour.
type place struct{ date, hour, table string }

// free draws a place that the base shows free for a party; false: none of those tried.
func (w *world) free(party int, but string) (place, bool) {
	for range 20 {
		p := place{w.draw(worldDays), w.draw(worldHours), fmt.Sprint("I", 1+w.chance.IntN(len(worldSeats)))}
		n, _ := strconv.Atoi(p.table[1:])
		if worldSeats[n-1] >= party && !slices.ContainsFunc(w.srv.Records("Reservas"), func(r airtabletest.Record) bool {
			state := w.stateOf(r)
			return r.ID != but && live(state[cStatus]) && (state[cTable] == p.table || state[cTable] == "") && meet(state, cells{cDate: p.date, cTime: p.hour})
		}) {
			return p, true
		}
	}
	return place{}, false
}

// meet reports whether two bookings are in the restaurant at the same time; who has no hour
// is there all evening.
func meet(a, b cells) bool {
	from, errA := time.Parse("15:04", a[cTime])
	other, errB := time.Parse("15:04", b[cTime])
	return a[cDate] == b[cDate] && (errA != nil || errB != nil || from.Sub(other).Abs() < 2*time.Hour)
}

// staffAct has the staff do something to their base.
func (w *world) staffAct() {
	var those []*stay
	for _, s := range w.stays {
		if !s.dropped && s.emptied == "" && s.liveNow() && s.open == nil && len(w.rowsOf(s)) == 1 {
			those = append(those, s)
		}
	}
	if w.cleared {
		return
	}
	if len(those) == 0 || w.chance.IntN(8) == 0 {
		w.staffType("", nil)
		return
	}
	s := those[w.chance.IntN(len(those))]
	row := w.rowsOf(s)[0]
	if !live(w.stateOf(row)[cStatus]) {
		return
	}
	switch n := w.chance.IntN(14); {
	case n < 2:
		w.edit(s, row, "cancel", cells{cStatus: cancelled}, map[string]any{"Estado": cancelled})
	case n < 3:
		if party := w.drawNew(s, cParty, parties[:2]); party != "" { // any table is large enough
			number, _ := strconv.Atoi(party)
			w.edit(s, row, "change the party", cells{cParty: party}, map[string]any{"Cantidad de Personas": number})
		}
	case n < 4:
		note := w.nameOf("nota")
		w.edit(s, row, "write a note", cells{cNote: note}, map[string]any{"Notas Especiales": note})
	case n < 7:
		w.staffMove(s, row)
	case n < 9:
		if len(w.deleted) >= 2 && time.Since(w.deleted[len(w.deleted)-2]) < 70*time.Second {
			return // a third in a minute is a question
		}
		w.deleted = append(w.deleted, time.Now())
		w.note("staff delete %s", s.name)
		w.total.add("staff: delete", 1)
		if err := w.srv.Staff().Delete("Reservas", row.ID); err != nil {
			w.t.Error(err)
		}
		w.said(s, "staff", true, cells{cStatus: gone})
	case n < 10 && w.does("copy"):
		w.staffType(s.code, row.Fields)
	case n < 13:
		w.staffEmpty(s, row)
	default:
		if len(those) >= 6 && w.does("clear") && w.chance.IntN(3) == 0 {
			w.staffClear()
		}
	}
}

// unsafe reports whether a place that the staff take now may be given to a guest at the
// same moment, before the desk can hear of the staff: that cannot be helped. While
// Airtable is down nothing is written, and what waits is looked at again before it is.
func (w *world) unsafe() bool {
	if w.weather.name == "down" && w.weather.blind {
		return false
	}
	return w.weather.blind || w.weather.name == "late" || w.waiting()
}

// edit changes cells of a row.
func (w *world) edit(s *stay, row airtabletest.Record, what string, says cells, fields map[string]any) {
	w.note("staff %s: %s %v", what, s.name, says)
	w.total.add("staff: "+what, 1)
	if _, err := w.srv.Staff().Update("Reservas", row.ID, fields); err != nil {
		w.t.Error(err)
	}
	if w.unsafe() && slices.ContainsFunc(s.words[s.base:], func(w word) bool { return w.by == "guest" && !w.sure && alike(w.says, says) }) {
		s.chosen = true // the guest's may be on its way to the same cell, and Airtable writes on no condition
	}
	w.said(s, "staff", true, says)
}

// alike reports whether two words are of one cell.
func alike(a, b cells) bool {
	for cell := range a {
		if _, both := b[cell]; both {
			return true
		}
	}
	return false
}

// staffMove gives a booking another place that the base shows free.
func (w *world) staffMove(s *stay, row airtabletest.Record) {
	state := w.stateOf(row)
	party, _ := strconv.Atoi(state[cParty])
	p, ok := w.free(party, row.ID)
	if !ok || w.unsafe() {
		return
	}
	says := cells{cDate: p.date, cTime: p.hour, cTable: p.table}
	w.edit(s, row, "move", says, map[string]any{"Fecha de Reserva": p.date, "Hora": at(w.t, p.date, p.hour), "Mesa": []string{w.s.table(p.table)}})
	w.known(s)
}

// staffType types a booking, or copies a row and makes another of it.
func (w *world) staffType(copyOf string, from map[string]any) {
	party := 1 + w.chance.IntN(2)
	p, ok := w.free(party, "")
	if !ok || w.unsafe() {
		return
	}
	s := &stay{name: w.nameOf("Staff"), copyOf: copyOf}
	fields := map[string]any{"Nombre del Cliente": s.name, "Fecha de Reserva": p.date, "Hora": at(w.t, p.date, p.hour), "Cantidad de Personas": party,
		"Estado": confirmed, "Mesa": []string{w.s.table(p.table)}}
	what := "type a row"
	if from != nil {
		// What «Duplicate record» and typing over it leave: the ID too, half the times.
		what = "copy a row"
		copied := maps.Clone(from)
		maps.Copy(copied, fields)
		if fields = copied; w.chance.IntN(2) == 0 {
			what = "copy a row, and empty its ID"
			delete(fields, "ID Reserva")
		}
	}
	w.note("staff %s: %s %v of %q", what, s.name, p, copyOf)
	w.total.add("staff: "+what, 1)
	if _, err := w.srv.Staff().Create("Reservas", fields); err != nil {
		w.t.Error(err)
		return
	}
	w.stays = append(w.stays, s)
	w.said(s, "staff", true, cells{cStatus: confirmed, cDate: p.date, cTime: p.hour, cParty: strconv.Itoa(party), cTable: p.table})
	w.known(s)
}

// known waits until the desk shows a place that the staff took, where it can hear of
// it: what they did a moment ago it cannot know.
func (w *world) known(s *stay) {
	if w.weather.blind || w.farAway() {
		return
	}
	if s.waits() {
		w.s.followsTheStaff() // it shows what the guest requests
		return
	}
	state := s.now()
	if _, heard := within(15*time.Second, func() (bool, any) {
		on := w.s.book(state[cDate])
		return slices.ContainsFunc(on, func(b kept) bool { return b.Name == s.name && b.Time == state[cTime] }), on
	}); !heard {
		s.dropped = true
		if s.by != nil {
			s.by.again()
		}
		w.wrong("untrue", "the desk does not hear of what the staff did: %s", s.story())
	}
}

// staffEmpty empties a cell of a row.
func (w *world) staffEmpty(s *stay, row airtabletest.Record) {
	field := w.draw([]string{"ID Reserva", "ID Reserva", "Fecha de Reserva", "Hora", "Mesa", "Estado"})
	if s.waits() && (field == "Hora" || field == "Fecha de Reserva" || field == "Mesa") {
		return // when they come is one thing, which the guest is about to change, and it wants a table
	}
	if s.by == nil && field == "ID Reserva" || field != "ID Reserva" && w.weather.lag > 0 {
		return
	}
	says := map[string]cells{"Fecha de Reserva": {cDate: ""}, "Hora": {cTime: ""}, "Mesa": {cTable: ""}, "Estado": {cStatus: "empty"}}[field]
	w.edit(s, row, "empty "+field, says, map[string]any{field: nil})
	if says != nil {
		s.emptied = field
	}
}

// repair puts back what the staff had emptied, when they see that it is missing.
func (w *world) repair() {
	for _, s := range w.stays {
		if s.emptied != "" && !s.dropped && w.srv != nil {
			if rows := w.rowsOf(s); len(rows) == 1 && s.liveNow() {
				w.puts(s, rows[0])
			}
		}
		s.emptied = ""
	}
}

// puts writes into a row what the booking was before a cell was emptied; where its
// place has been taken meanwhile, it is cancelled instead.
func (w *world) puts(s *stay, row airtabletest.Record) {
	state := w.stateOf(row)
	party, _ := strconv.Atoi(state[cParty])
	p, ok := w.free(party, row.ID)
	if !ok {
		w.edit(s, row, "cancel", cells{cStatus: cancelled}, map[string]any{"Estado": cancelled})
		return
	}
	w.edit(s, row, "fill in again", cells{cStatus: confirmed, cDate: p.date, cTime: p.hour, cTable: p.table}, map[string]any{"Estado": confirmed,
		"Fecha de Reserva": p.date, "Hora": at(w.t, p.date, p.hour), "Mesa": []string{w.s.table(p.table)}})
	w.known(s)
	s.base = len(s.words)
}

// staffClear is «select all, delete», in error or not.
func (w *world) staffClear() {
	w.note("staff delete all rows")
	w.total.add("staff: delete all rows", 1)
	deleted := func() []string {
		ids, err := w.srv.Staff().Deleted("Reservas")
		if err != nil {
			w.t.Error(err)
		}
		return ids
	}
	before := deleted()
	if err := w.srv.Staff().Clear("Reservas"); err != nil {
		w.t.Error(err)
	}
	w.wiped = slices.DeleteFunc(deleted(), func(id string) bool { return slices.Contains(before, id) })
	w.cleared = true
}

package airtable

import (
	"bytes"
	"cmp"
	"net/http"
	"slices"
)

// A request is refused as a whole for one bad record. The documents do not say
// that nothing of it was written [?]; with upserts, sending the good ones again
// does no harm in either case.

// splits reports whether one record of several may be the cause of a refusal.
func (e *Error) splits() bool {
	return e.Kind == Permanent && (e.Status == http.StatusUnprocessableEntity || e.Status == http.StatusRequestEntityTooLarge || e.noRecord())
}

// mayStillHappen reports whether Airtable may still be writing. A 500 is the end
// of it; when nobody answered, or a gateway did, there is no telling.
func (e *Error) mayStillHappen() bool {
	return e.Kind == UnknownOutcome && e.Status != http.StatusInternalServerError && e.Status != http.StatusOK
}

// split has a refused batch wait again, in parts. Those whom the error names are
// refused with it, those it cannot mean go together, and the rest by halves. Each
// part is sent by itself: what is known to hold a bad record must not spoil others.
func (q *queue) split(batch []*item, err *Error) {
	batch = slices.DeleteFunc(batch, func(it *item) bool { return it.state == finished }) // its caller gave up
	if len(batch) == 0 {
		return
	}
	suspects, others := suspectsOf(batch, err)
	if len(suspects) == 1 || err.certain() {
		for _, it := range suspects {
			it.fail(err)
		}
		suspects = nil
	}
	q.parts++
	refused := cmp.Or(batch[0].refused, q.parts)
	half := (len(suspects) + 1) / 2
	for _, part := range [][]*item{others, suspects[:half], suspects[half:]} {
		q.parts++
		for _, it := range part {
			it.state, it.part, it.refused = waiting, q.parts, refused
		}
	}
}

// suspectsOf parts the items that the error may mean from those that it cannot. An
// error without a hint may mean all.
func suspectsOf(batch []*item, err *Error) (suspects, others []*item) {
	for _, it := range batch {
		if err.mayMean(it.record) {
			suspects = append(suspects, it)
		} else {
			others = append(others, it)
		}
	}
	if len(suspects) == 0 {
		return others, nil
	}
	return suspects, others
}

// certain reports whether every record that has the named field is refused.
func (e *Error) certain() bool { return e.Field != "" && e.Blame == BlameBase }

func (e *Error) mayMean(r Record) bool {
	switch {
	case e.Field != "":
		_, ok := r.Fields[e.Field]
		return ok
	case e.Choice != "":
		return len(fieldsWith(r, e.Choice)) > 0
	}
	return true
}

// failAlike refuses, after one record of a refused batch was, those others of it
// that have the same cell in the same field, without a request for each.
func (q *queue) failAlike(bad *item, err *Error) {
	if bad.refused == 0 || err.Kind != Permanent {
		return
	}
	field := err.Field
	if err.Choice != "" {
		if fields := fieldsWith(bad.record, err.Choice); len(fields) == 1 {
			field = fields[0]
		}
	}
	cell := bad.record.Fields[field]
	if cell == nil {
		return
	}
	q.failWaiting(err, func(it *item) bool {
		return it.refused == bad.refused && bytes.Equal(it.record.Fields[field], cell)
	})
}

// fieldsWith names the fields of a record that hold a choice.
func fieldsWith(r Record, choice string) []string {
	var names []string
	for name, cell := range r.Fields {
		text, _ := cell.Text()
		texts, _ := cell.Texts()
		if text == choice || slices.Contains(texts, choice) {
			names = append(names, name)
		}
	}
	return names
}

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

// divisible tells whether a refusal may be owed to one record of several.
func (e *Error) divisible() bool {
	switch {
	case e.Kind != Permanent:
		return false
	case e.Status == http.StatusUnprocessableEntity, e.Status == http.StatusRequestEntityTooLarge:
		return true
	}
	return e.noRecord()
}

// mayStillHappen tells whether Airtable may be at the write still. A 500 is the
// end of it; when nobody answered, or a gateway did, there is no telling.
func (e *Error) mayStillHappen() bool {
	return e.Kind == UnknownOutcome && e.Status != http.StatusInternalServerError && e.Status != http.StatusOK
}

// divide puts a refused batch back in parts. Those whom the error names are
// refused with it, those it cannot mean leave together, and the rest by halves.
// Parts leave each for itself: what is known to hold a bad record must not spoil
// new company. The lane's lock is held.
func (l *lane) divide(batch []*item, err *Error) {
	batch = slices.DeleteFunc(batch, func(it *item) bool { return it.state == finished }) // its caller has gone
	if len(batch) == 0 {
		return
	}
	suspects, others := l.part(batch, err)
	if len(suspects) == 1 || err.certain() && len(others) < len(batch) {
		for _, it := range suspects {
			it.fail(err)
		}
		suspects = nil
	}
	l.groups++
	origin := cmp.Or(batch[0].origin, l.groups)
	half := (len(suspects) + 1) / 2
	for _, part := range [][]*item{others, suspects[:half], suspects[half:]} {
		l.groups++
		for _, it := range part {
			it.state, it.group, it.origin = waiting, l.groups, origin
		}
		l.waiting = append(l.waiting, part...)
	}
	slices.SortFunc(l.waiting, func(a, b *item) int { return cmp.Compare(a.order, b.order) })
}

// part tells those whom the error may mean from those whom it cannot. Where it
// gives no hint, it may mean all.
func (l *lane) part(batch []*item, err *Error) (suspects, others []*item) {
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

// certain tells whether every record that has the named field is refused.
func (e *Error) certain() bool {
	return e.Field != "" && e.Blame == BlameBase
}

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

// convict refuses, after one record was, those of the same refused batch that
// have the same cell in the same field, without a request for each. The lane's
// lock is held.
func (l *lane) convict(proven *item, err *Error) {
	if proven.origin == 0 || err.Kind != Permanent {
		return
	}
	field := err.Field
	if err.Choice != "" {
		if fields := fieldsWith(proven.record, err.Choice); len(fields) == 1 {
			field = fields[0]
		}
	}
	cell := proven.record.Fields[field]
	if cell == nil {
		return
	}
	l.waiting = slices.DeleteFunc(l.waiting, func(it *item) bool {
		if it.origin != proven.origin || !bytes.Equal(it.record.Fields[field], cell) {
			return false
		}
		it.fail(err)
		return true
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

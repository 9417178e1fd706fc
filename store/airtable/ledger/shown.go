package ledger

import (
	"sync"

	"maitre/store/airtable/mapping"
)

// shown remembers which cells the staff were told of, so that a day that is read
// often is complained of once.
type shown struct {
	mu  sync.Mutex
	all map[mapping.Unread]bool
}

const maxShown = 1000

// tellUnread logs cells that could not be read, each once.
func (l *Ledger) tellUnread(unread []mapping.Unread) {
	l.shown.mu.Lock()
	defer l.shown.mu.Unlock()
	if l.shown.all == nil || len(l.shown.all) > maxShown {
		l.shown.all = map[mapping.Unread]bool{}
	}
	for _, u := range unread {
		if l.shown.all[u] {
			continue
		}
		l.shown.all[u] = true
		l.Log.Warn("a cell in Airtable could not be read fully", "row", u.Record, "field", u.Field, "value", u.Value, "what", u.Why)
	}
}

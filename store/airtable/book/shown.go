package book

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
func (b *Book) tellUnread(unread []mapping.Unread) {
	b.shown.mu.Lock()
	defer b.shown.mu.Unlock()
	if b.shown.all == nil || len(b.shown.all) > maxShown {
		b.shown.all = map[mapping.Unread]bool{}
	}
	for _, u := range unread {
		if b.shown.all[u] {
			continue
		}
		b.shown.all[u] = true
		b.Log.Warn("a cell in Airtable could not be read fully", "row", u.Record, "field", u.Field, "value", u.Value, "what", u.Why)
	}
}

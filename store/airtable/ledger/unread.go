package ledger

import (
	"sync"

	"maitre/store/airtable/mapping"
)

// loggedCells remembers which unreadable cells were logged, so that each is logged once.
type loggedCells struct {
	mu  sync.Mutex
	all map[mapping.Unread]bool
}

const maxLogged = 1000

// logUnread logs cells that could not be read, each once.
func (l *Ledger) logUnread(unread []mapping.Unread) {
	l.logged.mu.Lock()
	defer l.logged.mu.Unlock()
	if l.logged.all == nil || len(l.logged.all) > maxLogged {
		l.logged.all = map[mapping.Unread]bool{}
	}
	for _, u := range unread {
		if l.logged.all[u] {
			continue
		}
		l.logged.all[u] = true
		l.cfg.Log.Warn("a cell in Airtable could not be read fully", "row", u.Record, "field", u.Field, "value", u.Value, "error", u.Why)
	}
}

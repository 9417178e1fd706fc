package airtable

import (
	"cmp"
	"slices"
	"time"
)

// What leaves the lane next. The lane's lock is held in all of these.

// leader returns the item that the next request is for: the first urgent one that
// nothing holds back, or else the first of the others, whose turn it is also after
// some urgent ones in a row. Without one, how long the soonest to be free still rests.
func (l *lane) leader(now time.Time) (*item, time.Duration) {
	var urgent, other *item
	soonest := time.Hour
	for i, it := range l.waiting {
		first := &other
		if it.urgent {
			first = &urgent
		}
		if *first != nil {
			continue
		}
		if rest := l.rest(it, now); rest > 0 {
			soonest = min(soonest, rest)
		} else if !l.heldBack(i) {
			*first = it
		}
	}
	if urgent == nil || other != nil && l.inRow >= urgentInRow {
		return other, soonest
	}
	return urgent, soonest
}

// batch marks and returns what leaves now: the leader and what may go with it,
// urgent ones first, each in their order.
func (l *lane) batch(now time.Time) []*item {
	leader, _ := l.leader(now)
	if leader == nil {
		return nil
	}
	batch := []*item{leader}
	for _, urgent := range []bool{true, false} {
		for i, it := range l.waiting {
			if len(batch) == maxRecords || leader.alone != nil {
				break
			}
			if it == leader || it.urgent != urgent || it.shape != leader.shape || it.group != leader.group ||
				l.rest(it, now) > 0 || l.heldBack(i) {
				continue
			}
			batch = append(batch, it)
		}
	}
	for _, it := range batch {
		it.state = underWay
	}
	l.inRow++
	if !leader.urgent || !slices.ContainsFunc(l.waiting, func(it *item) bool { return !it.urgent && it.state == waiting }) {
		l.inRow = 0
	}
	slices.SortFunc(batch, func(a, b *item) int { return cmp.Compare(a.order, b.order) })
	return batch
}

// heldBack tells whether an earlier write of the same row waits.
func (l *lane) heldBack(i int) bool {
	return slices.ContainsFunc(l.waiting[:i], l.waiting[i].meets)
}

// rest tells how long the row of a write still rests.
func (l *lane) rest(it *item, now time.Time) time.Duration {
	return l.unsettled[it.row()].Sub(now)
}

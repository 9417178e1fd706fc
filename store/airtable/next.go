package airtable

import (
	"cmp"
	"slices"
	"time"
)

// urgentInRow is how many urgent requests are sent before a background one that waits.
const urgentInRow = 4

// next returns the item that the next request is for, and whether that is an
// urgent request; nil when none is ready. Urgent ones go first, reads and writes
// alternately.
func (q *queue) next(now time.Time) (it *item, urgent bool) {
	var reads, writes struct{ urgent, background *item } // the first of each
	for i, it := range q.items {
		of := &reads
		if it.writes() {
			of = &writes
		}
		first := &of.background
		if it.urgent {
			first = &of.urgent
		}
		if *first == nil && q.ready(i, now) {
			*first = it
		}
	}
	if writes.urgent != nil {
		if writes.background != nil && q.writesInRow >= urgentInRow {
			writes.urgent = writes.background // as an urgent request: urgent writes wait for its end
		}
		writes.background = nil
	}
	first, other := q.alternate(reads.urgent, writes.urgent), q.alternate(reads.background, writes.background)
	if first == nil || other != nil && q.inRow >= urgentInRow && !q.limiter.next(now, false).After(now) {
		return other, false
	}
	return first, true
}

// alternate returns a read after a write and a write after a read, or the one that
// there is.
func (q *queue) alternate(read, write *item) *item {
	if q.wrote {
		return cmp.Or(read, write)
	}
	return cmp.Or(write, read)
}

// ready reports whether nothing but the pace keeps the i-th item from being sent.
func (q *queue) ready(i int, now time.Time) bool {
	it := q.items[i]
	if it.state != waiting || !it.writes() {
		return it.state == waiting
	}
	return !q.writing && !q.notBefore[it.row()].After(now) && !slices.ContainsFunc(q.items[:i], it.meets)
}

// untilRewrite returns how long the row that may be written again soonest has to
// wait, and an hour when there is none.
func (q *queue) untilRewrite(now time.Time) time.Duration {
	soonest := time.Hour
	for row, at := range q.notBefore {
		if !at.After(now) {
			delete(q.notBefore, row)
			continue
		}
		soonest = min(soonest, at.Sub(now))
	}
	return soonest
}

// batch takes what is sent with the leader, urgent items first, and returns it in
// the order in which it came.
func (q *queue) batch(leader *item, now time.Time) []*item {
	leader.state = underWay
	batch := []*item{leader}
	for _, urgent := range []bool{true, false} {
		for i, it := range q.items {
			if len(batch) < maxRecords && leader.alone == nil && it.urgent == urgent && it.shape == leader.shape &&
				it.part == leader.part && q.ready(i, now) {
				it.state = underWay
				batch = append(batch, it)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(q.items), func(it *item) bool { return it.state != underWay })
}

// count returns one more than n for an urgent request while background items of a
// kind wait, and 0 otherwise.
func (q *queue) count(n int, urgent bool, kind func(*item) bool) int {
	waits := func(it *item) bool { return !it.urgent && it.state == waiting && kind(it) }
	if urgent && slices.ContainsFunc(q.items, waits) {
		return n + 1
	}
	return 0
}

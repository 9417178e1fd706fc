package airtable

import (
	"context"
	"encoding/json"
	"strings"
	"time"
)

// item is what waits in the queue: a record to be written, or a request that
// carries no records. Its state belongs to the queue's goroutine until done is closed.
type item struct {
	op       Operation
	to       Target
	urgent   bool
	deadline time.Time // zero: waits for ever
	address  address   // how its row is known
	key      string    // which row that is

	record  Record
	payload json.RawMessage
	shape   string // equal for records that may share a request
	// alone, in place of a record, sends a change of the base.
	alone func(context.Context, *permit) *Error

	state   state
	part    int     // not 0: shares a request only with those of its part
	refused int     // the part that was refused first, with all that came of it
	permit  *permit // of a request that does not write, once finished
	written Written
	done    chan struct{}
}

type state int

const (
	waiting state = iota
	underWay
	finished
)

// address is how a write says which row it means.
type address int

const (
	noRow address = iota // it writes none
	newRow
	byID    // by record ID
	byMerge // by the fields to merge on
	wholeBase
)

func newItem(ctx context.Context, op Operation, to Target) *item {
	deadline, _ := ctx.Deadline()
	return &item{op: op, to: to, urgent: isUrgent(ctx), deadline: deadline, done: make(chan struct{})}
}

func addressOf(op Operation, to Target, record Record) (address, string) {
	switch {
	case op == OpCreate:
		return newRow, ""
	case op != OpUpsert || record.ID != "":
		return byID, record.ID
	}
	var key strings.Builder
	for _, name := range to.MergeOn {
		key.WriteString(name + "\x00")
		key.Write(record.Fields[name])
		key.WriteByte(0)
	}
	return byMerge, key.String()
}

// row names the row that a write means.
func (it *item) row() string { return it.to.Table + "\x00" + it.key }

// writes reports whether the item must not be under way beside other writes.
func (it *item) writes() bool { return it.address != noRow }

// meets reports whether two items may mean the same row, so that they must keep
// their order and must not share a request: two upserts of a new key in one, or
// side by side, can make two rows, and then every later one fails.
func (it *item) meets(other *item) bool {
	switch {
	case !it.writes() || !other.writes():
		return false
	case it.address == wholeBase || other.address == wholeBase:
		return true
	case it.to.Table != other.to.Table:
		return false
	case it.address == newRow || other.address == newRow:
		// A new row may be the one that a merge looks for, never one with an ID.
		return it.address == byMerge || other.address == byMerge
	case it.address == other.address && (it.address == byID || it.shape == other.shape):
		return it.key == other.key
	}
	return true
}

// canWait reports whether the item's caller waits until then.
func (it *item) canWait(until time.Time) bool {
	return it.deadline.IsZero() || !until.After(it.deadline)
}

// finish sets the result and wakes the caller.
func (it *item) finish(w Written) {
	if it.state != finished {
		it.state, it.written = finished, w
		close(it.done)
	}
}

// fail finishes the item with a copy of an error.
func (it *item) fail(e *Error) {
	own := *e
	own.Operation, own.Table = it.op, it.to.Table
	it.finish(Written{Err: &own})
}

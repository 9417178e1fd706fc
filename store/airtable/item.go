package airtable

import (
	"context"
	"encoding/json"
	"strings"
	"time"
)

// item is one record on its way to Airtable. What it is does not change; where
// it stands is guarded by the lane's lock until done is closed.
type item struct {
	op      Operation
	to      Target
	record  Record
	payload json.RawMessage
	shape   string  // equal for what may share a request
	address address // how its row is known
	key     string  // which row that is
	// alone, in place of a record, is a request that shares with nobody.
	alone    func(ctx context.Context, t *turn) error
	deadline time.Time

	order   uint64 // when it came
	urgent  bool
	state   state
	group   uint64 // not 0: leaves only with those of its group
	origin  uint64 // the refused batch that it was in
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
	newRow  address = iota
	byID            // by record ID
	byMerge         // by the fields to merge on
	wholeBase
)

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

// row names the row that a write means, to tell whether it is still at rest.
func (it *item) row() string { return it.to.Table + "\x00" + it.key }

// meets tells whether two writes may mean the same row, so that they must keep
// their order and must not share a request: two upserts of a new key in one, or
// side by side, can make two rows, and then every later one fails.
func (it *item) meets(other *item) bool {
	switch {
	case it.address == wholeBase || other.address == wholeBase:
		return true
	case it.to.Table != other.to.Table:
		return false
	case it.address == newRow || other.address == newRow:
		// A new row may be the one that a merge looks for, never one with an ID.
		return it.address == byMerge || other.address == byMerge
	case it.address == other.address && it.shape == other.shape:
		return it.key == other.key
	case it.address == byID && other.address == byID:
		return it.key == other.key
	}
	return true
}

// finish tells the caller. The lane's lock is held, or nobody else knows the item yet.
func (it *item) finish(w Written) {
	if it.state != finished {
		it.state, it.written = finished, w
		close(it.done)
	}
}

// fail tells the caller of an error, which is filled in and copied: it may be
// told to others too.
func (it *item) fail(e *Error) {
	own := *e
	own.Operation, own.Table = it.op, it.to.Table
	it.finish(Written{Err: &own})
}

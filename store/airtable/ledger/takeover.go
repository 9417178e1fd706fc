package ledger

import (
	"context"
	"fmt"
)

// OtherDesk returns the desk that writes to the base, if it is not this one.
func (l *Ledger) OtherDesk(ctx context.Context) (*OtherDeskError, error) {
	s, t := l.currentBase(ctx)
	if t == nil {
		t = l.readMarks(ctx, s)
	}
	if t != nil {
		return nil, t
	}
	return l.claim.another(), nil
}

// TakeOver makes the base this desk's from the next start on, whichever desk had it.
func (l *Ledger) TakeOver(ctx context.Context) error {
	s, t := l.currentBase(ctx)
	if t == nil {
		t = l.readMarks(ctx, s)
	}
	if t == nil {
		t = l.putMark(ctx, s)
	}
	switch why := l.Unmarked(); {
	case t != nil:
		return t
	case why != "":
		return fmt.Errorf("the tables' table in Airtable cannot be written to: %s", why)
	}
	return nil
}

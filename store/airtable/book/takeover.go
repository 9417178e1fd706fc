package book

import (
	"context"
	"fmt"
)

// OtherDesk returns the desk that writes to the base, if it is not this one.
func (b *Book) OtherDesk(ctx context.Context) (*OtherDeskError, error) {
	s, t := b.madeUp(ctx)
	if t == nil {
		t = b.readMarks(ctx, s)
	}
	if t != nil {
		return nil, t
	}
	return b.claim.another(), nil
}

// TakeOver makes the base this desk's from the next start on, whosever it was:
// a person said so.
func (b *Book) TakeOver(ctx context.Context) error {
	s, t := b.madeUp(ctx)
	if t == nil {
		t = b.readMarks(ctx, s)
	}
	if t == nil {
		t = b.putMark(ctx, s)
	}
	switch why := b.Unmarked(); {
	case t != nil:
		return t
	case why != "":
		return fmt.Errorf("the tables' table in Airtable cannot be written to: %s", why)
	}
	return nil
}

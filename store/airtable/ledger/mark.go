package ledger

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

// Hold writes this desk's mark to the base. Where Airtable cannot be asked it returns
// nil: nothing is written before the mark is.
//
// Errors: [OtherDeskError].
func (l *Ledger) Hold(ctx context.Context) error {
	_ = l.hold(ctx) // on error it is tried again
	if other := l.claim.another(); other != nil {
		return other
	}
	return nil
}

// hold reads the marks, and writes this desk's where it is due.
func (l *Ledger) hold(ctx context.Context) *booking.RecordError {
	c := &l.claim
	if t := c.writing.lock(ctx); t != nil {
		return t
	}
	defer c.writing.unlock()
	began := l.cfg.Now()
	s, t := l.currentBase(ctx)
	if t == nil && c.seenAt().Before(began) { // unless they were just read with the tables
		t = l.readMarks(ctx, s)
	}
	if t == nil && c.isMissing() {
		t = l.putMark(ctx, s)
	}
	if t != nil {
		return t
	}
	l.removeMarks(ctx, s)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = c.another() == nil && (c.held || !c.due) // once held, a deleted mark does not stop writes
	return nil
}

// readMarks reads the marks among the rows of the tables' table.
func (l *Ledger) readMarks(ctx context.Context, s *base) *booking.RecordError {
	var records []airtable.Record
	t := l.ask(ctx, ofTables, func(ctx context.Context) (err error) {
		records, err = l.cfg.Client.List(ctx, s.mapper.TablesTable(), airtable.ListOptions{
			Fields: []string{s.mapper.IDField()}, ByFieldID: s.mapper.ByFieldID(),
		})
		return err
	})
	if t == nil {
		l.seeMarks(s, records)
	}
	return t
}

// seeMarks records which desk has the base, by all rows of the tables' table: of
// several marks the oldest counts.
func (l *Ledger) seeMarks(s *base, records []airtable.Record) {
	marks := valid(s.mapper.Marks(records))
	c := &l.claim
	c.mu.Lock()
	c.seen = l.cfg.Now()
	c.rows = slices.DeleteFunc(slices.Clone(records), func(rec airtable.Record) bool {
		_, is := s.mapper.Mark(rec)
		return !is && (rec.ID != c.record || !s.mapper.IDIsEmpty(rec))
	})
	var other *OtherDeskError
	switch {
	case len(marks) == 0:
		c.due = c.unmarked == ""
	case c.isOurs(marks[0].Token):
		c.record, c.due = marks[0].Record, c.unmarked == "" && marks[0].Token != c.token
		c.kept.Held, c.kept.Tried = marks[0].Token, c.kept.Tried[max(0, len(c.kept.Tried)-triedAfter):]
	default:
		other = &OtherDeskError{Base: l.cfg.Client.String(), Host: marks[0].Host, Since: marks[0].Since}
	}
	first := other != nil && c.another() == nil
	if first {
		c.lose(other)
	}
	c.mu.Unlock()
	if first && l.cfg.OnLost != nil {
		l.cfg.OnLost(other)
	}
}

// valid leaves out marks that somebody has edited.
func valid(marks []mapping.Mark) []mapping.Mark {
	return slices.DeleteFunc(marks, func(k mapping.Mark) bool { return k.Token == "" })
}

// isMissing reports whether the base lacks the mark of this start.
func (c *claim) isMissing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.due && c.another() == nil
}

// putMark writes the mark of this start, in the row of an earlier one if there is
// one. After writing a new row it reads the marks again: another desk may just have
// made an older one.
func (l *Ledger) putMark(ctx context.Context, s *base) *booking.RecordError {
	token, err := l.newToken(ctx)
	if err != nil {
		return &booking.RecordError{Kind: booking.Unreachable, Text: err.Error()}
	}
	c := &l.claim
	mark := mapping.NewMark(l.cfg.Host, c.since.In(l.cfg.Restaurant.Location), token)
	mark.Record = c.row(s)
	t := l.writeMark(ctx, s, mark)
	switch {
	case t != nil || l.Unmarked() != "":
		return t
	case mark.Record == "":
		pause := time.NewTimer(l.cfg.MarkPause)
		defer pause.Stop()
		select {
		case <-pause.C:
			return l.readMarks(ctx, s)
		case <-ctx.Done():
			return &booking.RecordError{Kind: booking.Interrupted, Text: context.Cause(ctx).Error()}
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.record, c.due = mark.Record, false
	return nil
}

// row returns the record ID of the oldest mark, or else of one that was edited or
// emptied; empty if there is none.
func (c *claim) row(s *base) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := s.mapper.Marks(c.rows)
	if whole := valid(slices.Clone(all)); len(whole) > 0 {
		return whole[0].Record
	}
	if len(c.rows) > 0 {
		return c.rows[0].ID
	}
	return ""
}

// writeMark writes a mark. Where the base takes none, the desk works without.
func (l *Ledger) writeMark(ctx context.Context, s *base, mark mapping.Mark) *booking.RecordError {
	row, err := s.mapper.MarkRow(mark)
	if err != nil {
		l.setUnmarked(err)
		return nil
	}
	if err := l.cfg.Allow(); err != nil {
		return &booking.RecordError{Kind: booking.Unreachable, Text: err.Error()}
	}
	to := airtable.Target{Table: s.mapper.TablesTable(), ByFieldID: s.mapper.ByFieldID()}
	write := l.cfg.Client.Update
	if mark.Record == "" {
		write = l.cfg.Client.Create
	}
	err = airtable.Failures(write(ctx, to, row))
	t := recordError(err)
	l.cfg.Report(t)
	switch {
	case errors.Is(err, airtable.ErrNotFound):
		return &booking.RecordError{Kind: booking.Unreachable, Text: err.Error()} // somebody deleted it just now
	case takesNoMark(err):
		l.setUnmarked(err)
		return nil
	}
	return t
}

// takesNoMark reports whether the tables' table cannot be written to, although the
// token is accepted.
func takesNoMark(err error) bool {
	e, _ := errors.AsType[*airtable.Error](err)
	return e != nil && e.Kind == airtable.Permanent && e.Blame != airtable.BlameEndpoint && e.Status != http.StatusUnauthorized
}

func (l *Ledger) setUnmarked(why error) {
	c := &l.claim
	c.mu.Lock()
	first := c.unmarked == ""
	c.unmarked, c.due = why.Error(), false
	c.mu.Unlock()
	if first {
		l.cfg.Log.Warn("the tables' table in Airtable cannot be written to, so that a second desk would not be noticed; see that only one maitre runs with this base", "error", why)
	}
}

// removeTime bounds the removal of marks that do not count.
const removeTime = 5 * time.Second

// removeMarks removes marks that do not count, best effort: those beside this
// desk's, or this desk's beside the one to which it has lost the base.
func (l *Ledger) removeMarks(ctx context.Context, s *base) {
	c := &l.claim
	var ids []string
	c.mu.Lock()
	for i, mark := range valid(s.mapper.Marks(c.rows)) {
		if i > 0 && (c.another() == nil || c.isOurs(mark.Token)) {
			ids = append(ids, mark.Record)
		}
	}
	c.mu.Unlock()
	if len(ids) == 0 {
		return
	}
	// Also if the desk is stopping. Marks that stay do no harm.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removeTime)
	defer cancel()
	_ = l.cfg.Client.Delete(ctx, s.mapper.TablesTable(), ids...)
}

// mayWrite returns a context for writing to the base, which ends when another desk
// is seen to have it, and the error that keeps this one from writing.
func (l *Ledger) mayWrite(ctx context.Context) (context.Context, context.CancelFunc, *booking.RecordError) {
	c := &l.claim
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(c.lost, cancel)
	done := func() { stop(); cancel() }
	if !c.isHeld() {
		if t := l.hold(ctx); t != nil {
			return ctx, done, t
		}
	}
	if other := c.another(); other != nil {
		return ctx, done, &booking.RecordError{Kind: booking.Interrupted, Text: other.Error()}
	}
	return ctx, done, nil
}

// maintainMark writes the mark again if somebody deleted or edited it, and reads it
// now and then where changes are not followed.
func (l *Ledger) maintainMark(ctx context.Context) {
	old := !l.feed.followed() && l.cfg.Now().Sub(l.claim.seenAt()) >= markAge
	if l.claim.another() == nil && !l.coolingDown() && (l.claim.isDue() || old) {
		_ = l.hold(ctx) // on error it is tried again
	}
}

// withoutMarks leaves out changes of marks. look says that another desk may have
// made some of them.
func (l *Ledger) withoutMarks(s *base, t airtable.TableChange) (rest airtable.TableChange, look bool) {
	c := &l.claim
	c.mu.Lock()
	defer c.mu.Unlock()
	others := func(id string, cells airtable.Cells) (is bool) {
		mark, is := s.mapper.Mark(airtable.Record{ID: id, Fields: cells})
		look = look || is && !c.isOurs(mark.Token)
		return is
	}
	rest = t
	rest.Created, rest.Changed, rest.Destroyed = map[string]airtable.CreatedRecord{}, map[string]airtable.ChangedRecord{}, nil
	for id, r := range t.Created {
		if !others(id, r.Cells) {
			rest.Created[id] = r
		}
	}
	for id, r := range t.Changed {
		if !others(id, r.Current.Cells) {
			rest.Changed[id] = r
		}
	}
	for _, id := range t.Destroyed {
		if id == c.record {
			look = true
		} else {
			rest.Destroyed = append(rest.Destroyed, id)
		}
	}
	return rest, look
}

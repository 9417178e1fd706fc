package ledger

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

// Write writes entries to the base: a booking whose row is known by that row's ID,
// any other as a whole row by the booking's ID. Results are in the order of the
// entries. A row that is refused does not keep the others from being written.
func (l *Ledger) Write(ctx context.Context, urgent bool, entries []booking.JournalEntry) []booking.WriteResult {
	if urgent {
		ctx = airtable.Urgent(ctx)
	}
	results := make([]booking.WriteResult, len(entries))
	ctx, done, t := l.mayWrite(ctx)
	defer done()
	var s *base
	if t == nil {
		s, t = l.currentBase(ctx)
	}
	if t != nil {
		for i := range results {
			results[i].Err = t
		}
		return results
	}
	d := l.draft(ctx, s, entries, results)
	if len(d.records) == 0 {
		return results
	}
	defer func() { l.noteWritten(d.of, results) }()
	for n, w := range l.cfg.Client.Upsert(ctx, d.to, d.records...) {
		i := d.of[n]
		switch {
		case errors.Is(w.Err, airtable.ErrNotFound):
			results[i].Err = changedMeanwhile("its row in Airtable was deleted")
		case w.Err != nil:
			results[i].Err = l.explain(ctx, s, entries[i], w.Err)
		default:
			results[i] = writtenAs(s, entries[i].Booking, w.Record)
			l.recent.touch(entries[i].Booking.ID)
		}
	}
	return results
}

// writtenAs returns the result of a write, as the base answered it.
func writtenAs(s *base, want booking.Booking, rec airtable.Record) booking.WriteResult {
	rows, _ := s.mapper.Rows([]airtable.Record{rec}, s.index)
	if len(rows) == 0 {
		return booking.WriteResult{Err: changedMeanwhile("its row in Airtable has no day any more")}
	}
	stands := asBooking(s, rows[0].Booking, want)
	if want.Live() && !stands.Live() {
		return booking.WriteResult{Err: changedMeanwhile("its row in Airtable was cancelled")}
	}
	return booking.WriteResult{Record: rec.ID, ReadBack: &stands}
}

// changedMeanwhile returns the error of a row that somebody changed between our
// reading and our writing it: it is read again.
func changedMeanwhile(text string) *booking.RecordError {
	return &booking.RecordError{Kind: booking.RateLimited, Text: text + " while it was being written; it is looked at again"}
}

// noteWritten records whether Airtable accepted the rows that were sent.
func (l *Ledger) noteWritten(sent []int, results []booking.WriteResult) {
	written := false
	for _, i := range sent {
		t := results[i].Err
		if written = written || t == nil; t != nil && lasting(t) {
			l.refused.note(toWrite, t)
			return
		}
	}
	if written {
		l.refused.note(toWrite, nil)
	}
}

// draft is the rows to be written.
type draft struct {
	to      airtable.Target
	records []airtable.Record
	of      []int // which entry each is of
}

// draft makes the rows. For one that cannot be made, the error is in results; for
// one that already says what it should, its record.
func (l *Ledger) draft(ctx context.Context, s *base, entries []booking.JournalEntry, results []booking.WriteResult) draft {
	d := draft{to: airtable.Target{Table: s.mapper.BookingsTable(), MergeOn: s.mapper.MergeOn(), ByFieldID: s.mapper.ByFieldID()}}
	for i, e := range entries {
		record := ""
		if e.Was != nil {
			var err error
			if record, _, err = l.cfg.Mirror.Record(ctx, e.Booking.ID); err != nil {
				results[i].Err = unreadable(err)
				continue
			}
		}
		t := d.add(s, i, e, record)
		if t != nil && t.Cause == booking.ParkedBase {
			// The base may have been fixed since it was read.
			if fresh, again := l.readBase(ctx, l.baseNeededSince()); again == nil && fresh != s {
				s = fresh
				t = d.add(s, i, e, record)
			}
		}
		results[i] = booking.WriteResult{Record: record, Err: t} // without fields to change, it is written
	}
	return d
}

// staleBase is how old a reading of the base may be to show that something is missing.
const staleBase = 10 * time.Second

// baseNeededSince returns when the base must have been read, at the earliest, to
// show that something is missing.
func (l *Ledger) baseNeededSince() time.Time {
	at := l.cfg.Now().Add(-staleBase)
	if asked := l.doubted.Load(); asked != nil && asked.After(at) {
		return *asked
	}
	return at
}

// Reconsider has the base read again before something is next found missing, and
// forgets what it refused to have written: a person says that it was fixed.
func (l *Ledger) Reconsider() {
	now := l.cfg.Now()
	l.doubted.Store(&now)
	l.refused[toWrite].Store(nil)
}

func (d *draft) add(s *base, i int, e booking.JournalEntry, record string) *booking.RecordError {
	rec, err := s.mapper.Row(e.Booking, record, e.Was, s.index, e.Passed...)
	if err != nil {
		return recordError(err)
	}
	if len(rec.Fields) > 0 {
		d.records, d.of = append(d.records, rec), append(d.of, i)
	}
	return nil
}

// explain returns why a row was not written; if several rows have its ID, it names them.
func (l *Ledger) explain(ctx context.Context, s *base, e booking.JournalEntry, err error) *booking.RecordError {
	t := recordError(err)
	t.Text, t.Fix = s.mapper.Named(t.Text), s.mapper.Named(t.Fix)
	var refused *airtable.Error
	if !errors.As(err, &refused) || refused.Kind != airtable.Permanent {
		return t
	}
	if refused.Blame == airtable.BlameBase || refused.Blame == airtable.BlameRecord {
		// A field or a choice may have changed.
		_, _ = l.readBase(ctx, l.baseNeededSince()) // an error shows at the next write
	}
	if refused.Blame != airtable.BlameRecord || mapping.IsRecordID(e.Booking.ID) {
		return t
	}
	twins, err := l.cfg.Client.List(ctx, s.mapper.BookingsTable(), airtable.ListOptions{
		Fields: s.mapper.MergeOn(), Where: s.mapper.WhereID(e.Booking.ID), ByFieldID: s.mapper.ByFieldID(),
	})
	if err != nil || len(twins) < 2 {
		return t
	}
	return twinRows(e.Booking.ID, twins)
}

// twinRows returns the error of several rows that have one booking's ID.
func twinRows(id string, twins []airtable.Record) *booking.RecordError {
	ids := make([]string, len(twins))
	for i, twin := range twins {
		ids[i] = twin.ID
	}
	return &booking.RecordError{
		Kind: booking.Permanent, Cause: booking.ParkedRecord,
		Text: fmt.Sprintf("%d rows in Airtable carry the booking's ID %s: %s", len(twins), id, strings.Join(ids, ", ")),
		Fix:  "Delete all but one of these rows in Airtable, or empty their ID, then retry the entry.",
	}
}

// Refresh brings dates up to date before a write. It waits as long as it takes.
func (l *Ledger) Refresh(ctx context.Context, dates []booking.Date) *booking.RecordError {
	asked, mark := l.cfg.Now(), l.cfg.Mirror.Version()
	if !l.feed.followed() {
		l.beginFeed(ctx)
	}
	// A sync that is under way may have begun before.
	for l.feed.followed() && l.feed.age(asked) > 0 {
		if t := l.sync(ctx); t != nil {
			return t
		}
	}
	for _, date := range dates {
		r, known := l.cfg.Mirror.Reading(date)
		if known && (l.feed.followed() && l.feed.covers(r) || l.cfg.Mirror.ReadSince(date, mark)) {
			continue
		}
		if t := l.readDay(ctx, date, true); t != nil {
			return t
		}
		l.Touch(date)
	}
	return nil
}

// Probe asks with one request whether Airtable answers.
func (l *Ledger) Probe(ctx context.Context) *booking.RecordError {
	s := l.base.Load()
	_, err := l.cfg.Client.List(ctx, s.mapper.BookingsTable(), airtable.ListOptions{Max: 1})
	return recordError(err)
}

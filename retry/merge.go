package retry

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"maitre/booking"
)

// mergeAll reads the rows of leased entries, merges the entries with them (see
// [booking.Merge]), and returns those that are to be written. An entry that clashes
// with a change of the staff is parked. kept reports whether the results of the
// others are on disk.
func (w *Worker) mergeAll(ctx context.Context, urgent bool, entries []booking.JournalEntry) (left []booking.JournalEntry, kept bool) {
	left, entries = w.splitUntried(entries)
	if len(entries) == 0 {
		return left, true
	}
	rows, t := w.cfg.Record.Rows(ctx, urgent, entries)
	if t != nil && ctx.Err() != nil {
		t = &booking.RecordError{Kind: booking.Interrupted}
	}
	if t != nil {
		outcomes := make([]booking.WriteResult, len(entries))
		for i := range outcomes {
			outcomes[i].Err = t
		}
		_, kept = w.saveResults(entries, outcomes)
		return left, kept
	}
	kept = true
	for i, e := range entries {
		now, may, err := w.merge(ctx, e, rows[i])
		switch {
		case may:
			left = append(left, now)
		case err != nil && !errors.Is(err, booking.ErrNotFound):
			kept = false
			w.cfg.Log.Error("save an entry that was merged with its row; the entry is attempted again", "entry", e.ID, "error", err)
			w.answerWaiters(e.Booking.ID, e.Rev, booking.Pending)
		default:
			w.answerWaiters(e.Booking.ID, e.Rev, booking.Pending)
		}
	}
	return left, kept
}

// merge merges one entry with its row, and returns it as it is to be written; may
// reports whether there is something to write now.
func (w *Worker) merge(ctx context.Context, e booking.JournalEntry, read booking.RowRead) (_ booking.JournalEntry, may bool, err error) {
	if read.Err != nil {
		_, err := w.saveResult(e, booking.WriteResult{Err: read.Err})
		return e, false, err
	}
	row := read.Row
	merged, clashes := booking.Merge(e, row)
	wanted := e
	wanted.Booking = merged
	switch {
	case len(clashes) > 0:
		return e, false, w.parkClash(ctx, e, row, clashes)
	case row.Missing() && !wanted.NeedsRow():
		return e, false, w.endWithoutRow(ctx, wanted)
	case row.Missing():
		return e, true, nil
	}
	if e.Was == nil || read.Unknown || !booking.SameInRow(*e.Was, row.Booking) || !booking.SameInRow(merged, e.Booking) {
		now, err := w.cfg.Journal.Rebase(ctx, e.ID, e.Rev, row, merged)
		if err != nil || now.Rev != e.Rev {
			return e, false, err // a newer revision is merged by itself
		}
		w.reportChange(e, merged)
		e = now
	}
	return e, true, nil
}

// lateArrival is how long after an attempt without an answer its write may still
// arrive. Only after that is a missing row known not to come.
const lateArrival = 15 * time.Second

// endWithoutRow ends an entry that needs no row and has none. If the outcome of the
// last attempt is unknown, it waits until that can no longer arrive.
func (w *Worker) endWithoutRow(ctx context.Context, e booking.JournalEntry) error {
	now := w.cfg.Clock.Now()
	if n := len(e.Attempts); n > 0 && e.Attempts[n-1].Kind == string(booking.UnknownOutcome) {
		if since := now.Sub(e.Attempts[n-1].At); since >= 0 && since < lateArrival {
			return w.cfg.Journal.Postpone(ctx, []string{e.ID}, now.Add(lateArrival-since))
		}
	}
	_, err := w.written(ctx, e, booking.WriteResult{}, now)
	return err
}

// parkClash parks an entry, because the staff changed in the record what the entry
// changes too, and queues a message to the guest.
func (w *Worker) parkClash(ctx context.Context, e booking.JournalEntry, row booking.Row, clashes []booking.Clash) error {
	now := w.cfg.Clock.Now()
	why := booking.Parked{At: now, Cause: booking.ParkedConflict, Row: &row, Text: clashText(clashes),
		Fix: "Call the guest. Then retry the entry to have it written all the same, or settle it to leave the row as it is."}
	var messages []booking.Message
	if w.cfg.Words != nil && !e.Silent {
		if m, ok := w.cfg.Words.NotDone(e, now); ok {
			messages = append(messages, m)
		}
	}
	if err := w.park(ctx, e, why, nil, messages...); err != nil {
		return err
	}
	if len(messages) > 0 && w.cfg.OnQueued != nil {
		w.cfg.OnQueued()
	}
	return nil
}

// clashText describes what the staff changed.
func clashText(clashes []booking.Clash) string {
	what := make([]string, len(clashes))
	for i, c := range clashes {
		switch c {
		case booking.ClashGone:
			return "its row was deleted in Airtable meanwhile"
		case booking.ClashStatus:
			return "its row was given another status in Airtable meanwhile"
		default:
			what[i] = string(c)
		}
	}
	return fmt.Sprintf("the staff changed it in Airtable meanwhile (%s)", strings.Join(what, ", "))
}

// reportChange calls OnChange with an entry's dates, old and new.
func (w *Worker) reportChange(e booking.JournalEntry, also ...booking.Booking) {
	if w.cfg.OnChange == nil {
		return
	}
	dates := []booking.Date{e.Booking.Date}
	if e.Was != nil {
		dates = append(dates, e.Was.Date)
	}
	for _, b := range append(e.Passed[:len(e.Passed):len(e.Passed)], also...) {
		dates = append(dates, b.Date)
	}
	w.cfg.OnChange(dates...)
}

package store

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"maitre/booking"
)

// forgetAtOnce bounds the bookings that one transaction removes, so that guests'
// bookings do not wait long behind it.
const forgetAtOnce = 200

// Forget removes what retention says shall not stay: the bookings of service
// days before a date, with all that lists them, unless they wait in the journal;
// who waited for a table on those days;
// what the archive took in before that date; the messages, and what is known of
// phones (but not that they want no messages), of which nothing was heard since then;
// what was put aside before then because it could not be read; and, of before answersBefore, the
// memos of whole UTC days and the conversations in which nothing was said since.
// It returns how many of all these it removed, also with an error, after which
// the rest is still there. The zero date and the zero time remove nothing.
//
// Errors: the cause of ctx's end, [booking.ErrNotKept].
func (f *File) Forget(ctx context.Context, before booking.Date, answersBefore time.Time) (n int, err error) {
	for more := !before.IsZero(); more; {
		var gone removal
		if err := f.commit(ctx, func(t *tx) error { return t.forgetBookings(before, &gone) }); err != nil {
			return n, err
		}
		n += gone.n
		more = gone.more
	}
	if err := f.forgetMirror(ctx, before); err != nil {
		return n, err
	}
	for more := !answersBefore.IsZero(); more; {
		var gone removal
		until := dateKey(today(answersBefore), "")
		if err := f.commit(ctx, func(t *tx) error { return t.forgetAnswers(until, &gone) }); err != nil {
			return n, err
		}
		n += gone.n
		more = gone.more
	}
	for more := !answersBefore.IsZero(); more; {
		var gone removal
		if err := f.commit(ctx, func(t *tx) error { return t.forgetDialogues(answersBefore, &gone) }); err != nil {
			return n, err
		}
		n += gone.n
		more = gone.more
	}
	var postBefore time.Time
	if !before.IsZero() {
		postBefore, _ = before.Instant(booking.DayBegins, time.UTC)
	}
	post, err := f.forgetPost(ctx, postBefore, answersBefore)
	return n + post, err
}

// answerLife is how long memos stay, past the days in which they are looked up. A
// conversation that rests as long goes too: a booking that was half made in it,
// with what a guest said of an allergy, is nobody's to keep.
const answerLife = (answerDays + 1) * 24 * time.Hour

// KeepForgetting removes, at once and then every hour until ctx ends, what
// belongs to service days that lie more than a number of days back, as a clock
// in loc has them, and memos and conversations that nobody comes back to any
// more. The returned function waits for it to end.
func (f *File) KeepForgetting(ctx context.Context, loc *time.Location, days int) (wait func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(time.Hour)
		defer ticker.Stop()
		for {
			f.db.CheckDiskSpace()
			f.lookAtClock(ctx)
			now := f.sureNow()
			today, _ := booking.ServiceDay(now, loc)
			n, err := f.Forget(ctx, today.AddDays(-days), now.Add(-answerLife))
			switch {
			case err != nil && ctx.Err() == nil:
				f.log.Error("what is older than the retention time could not be removed; it is tried again in an hour", "file", f.path, "error", err)
			case n > 0:
				f.log.Info("removed what is older than the retention time", "removed", n)
			}
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
		}
	}()
	return func() { <-done }
}

// removal is what a transaction removed.
type removal struct {
	n    int
	more bool // there may be more to remove
}

func (t *tx) forgetBookings(before booking.Date, gone *removal) error {
	*gone = removal{}
	var (
		old   []booking.Booking
		until = dateKey(before, "")
		dates = t.bucket(byDateBucket).Cursor()
	)
	for k, _ := dates.First(); k != nil && bytes.Compare(k, until) < 0 && len(old) < forgetAtOnce; k, _ = dates.Next() {
		if t.waits(string(k[dateKeyLen:])) {
			continue
		}
		b, err := t.byID(k[dateKeyLen:])
		if err != nil {
			return err
		}
		old = append(old, b)
	}
	for i := range old {
		if err := t.erase(&old[i]); err != nil {
			return err
		}
		t.effects.stale = append(t.effects.stale, old[i].Date)
	}
	gone.n, gone.more = len(old), len(old) == forgetAtOnce
	return nil
}

// forgetAnswers removes the oldest day of memos, if it ended before the day until.
func (t *tx) forgetAnswers(until []byte, gone *removal) error {
	*gone = removal{}
	seen := t.bucket(seenBucket)
	day, _ := seen.Cursor().First()
	if day == nil || bytes.Compare(day, until) >= 0 {
		return nil
	}
	day = bytes.Clone(day)
	date, err := booking.ParseDate(string(day))
	if err != nil {
		return fmt.Errorf("%w: memos of a %w", ErrDamaged, err)
	}
	t.effects.forgotten = append(t.effects.forgotten, date)
	memos := seen.Bucket(day).Cursor()
	for k, _ := memos.First(); k != nil; k, _ = memos.Next() {
		gone.n++
	}
	gone.more = true
	return seen.DeleteBucket(day)
}

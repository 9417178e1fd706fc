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
// phones (but not that they want no messages) that did not write since then;
// what was put aside before then because it could not be read; and, of before answersBefore, the
// answers of whole UTC days and the conversations in which nothing was said since.
// It returns how many of all these it removed, also with an error, after which
// the rest is still there. The zero date and the zero time remove nothing.
//
// Errors: the cause of ctx's end, [booking.ErrNotKept].
func (f *File) Forget(ctx context.Context, before booking.Date, answersBefore time.Time) (n int, err error) {
	var steps []func(context.Context) (int, error)
	if !before.IsZero() {
		messagesBefore, _ := before.Instant(booking.DayBegins, time.UTC)
		steps = append(steps,
			f.inBatches(func(t *tx) (int, bool, error) { return t.forgetBookings(before) }),
			f.inBatches(func(t *tx) (int, bool, error) { more, err := t.forgetDays(before); return 0, more, err }),
			func(ctx context.Context) (int, error) { return 0, f.forgetAside(ctx, before) },
			func(ctx context.Context) (int, error) { return f.forgetMessages(ctx, messagesBefore) },
		)
	}
	if !answersBefore.IsZero() {
		until := dateKey(today(answersBefore), "")
		steps = append(steps,
			f.inBatches(func(t *tx) (int, bool, error) { return t.forgetAnswers(until) }),
			f.inBatches(func(t *tx) (int, bool, error) { return t.forgetDialogues(answersBefore) }),
			func(ctx context.Context) (int, error) { return f.forgetEarly(ctx, answersBefore) },
		)
	}
	for _, step := range steps {
		gone, err := step(ctx)
		n += gone
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// inBatches runs a write again and again, in a transaction of its own each time, while
// there is more to do. It returns the sum of what they did, also with an error.
func (f *File) inBatches(run func(*tx) (n int, more bool, err error)) func(context.Context) (int, error) {
	return func(ctx context.Context) (n int, err error) {
		for more := true; more; {
			var done int
			if err := f.commit(ctx, func(t *tx) (err error) {
				done, more, err = run(t)
				return err
			}); err != nil {
				return n, err
			}
			n += done
		}
		return n, nil
	}
}

// answerLife is how long answers stay, past the days in which they are looked up. A
// conversation that rests as long is removed too: a booking that was half made in
// it may hold what a guest said of an allergy.
const answerLife = (answerDays + 1) * 24 * time.Hour

// KeepForgetting removes, at once and then every hour until ctx ends, what
// belongs to service days that lie more than a number of days back, as a clock
// in loc has them, and answers and conversations that nobody comes back to any
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

func (t *tx) forgetBookings(before booking.Date) (n int, more bool, err error) {
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
			return 0, false, err
		}
		old = append(old, b)
	}
	for i := range old {
		if err := t.erase(&old[i]); err != nil {
			return 0, false, err
		}
		t.effects.stale = append(t.effects.stale, old[i].Date)
	}
	return len(old), len(old) == forgetAtOnce, nil
}

// forgetAnswers removes the oldest day of answers, if it ended before the day until.
func (t *tx) forgetAnswers(until []byte) (n int, more bool, err error) {
	days := t.bucket(seenBucket)
	day, _ := days.Cursor().First()
	if day == nil || bytes.Compare(day, until) >= 0 {
		return 0, false, nil
	}
	day = bytes.Clone(day)
	date, err := booking.ParseDate(string(day))
	if err != nil {
		return 0, false, fmt.Errorf("%w: answers of a %w", ErrDamaged, err)
	}
	t.effects.forgotten = append(t.effects.forgotten, date)
	return days.Bucket(day).Len(), true, days.DeleteBucket(day)
}

// forgetDays removes what the archive and the quarantine took in before a date, when
// earlier days were read, and who waited for a table on them. The journal is never
// touched.
func (t *tx) forgetDays(before booking.Date) (more bool, err error) {
	y, m, d := before.Civil()
	until := timeKey(time.Date(y, m, d, 0, 0, 0, 0, time.UTC), "")
	t.effects.pastBefore = before
	for _, remove := range []func() (more bool, err error){
		func() (bool, error) { return t.deleteBefore(archiveBucket, until) },
		func() (bool, error) { return t.forgetQuarantined(until) },
		func() (bool, error) { return t.deleteBefore(daysBucket, dateKey(before, "")) },
		func() (bool, error) { return t.deleteBefore(waitlistBucket, dateKey(before, "")) },
	} {
		if more, err = remove(); err != nil || more {
			return more, err
		}
	}
	return false, nil
}

// deleteBefore removes the keys of a bucket before one, and reports whether there
// may be more than it removed at once.
func (t *tx) deleteBefore(bucket, until []byte) (more bool, err error) {
	keys := t.keys(bucket, forgetAtOnce)
	for _, key := range keys {
		if bytes.Compare(key, until) >= 0 {
			return false, nil
		}
		if err := t.bucket(bucket).Delete(key); err != nil {
			return false, err
		}
	}
	return len(keys) == forgetAtOnce, nil
}

package store

import (
	"bytes"
	"context"
	"time"

	"maitre/booking"
)

// forgetMirror removes what the archive and the quarantine took in before a date, when
// earlier days were read, who waited for a table on them, and what was set aside of
// their bookings. The journal is never touched. The zero date removes nothing.
func (f *File) forgetMirror(ctx context.Context, before booking.Date) error {
	y, m, d := before.Civil()
	until := timeKey(time.Date(y, m, d, 0, 0, 0, 0, time.UTC), "")
	for more := !before.IsZero(); more; {
		err := f.commit(ctx, func(t *tx) error {
			t.effects.pastBefore = before
			left, err := t.deleteBefore(archiveBucket, until)
			if more = left; err != nil || left {
				return err
			}
			if left, err = t.forgetAside(until); err != nil || left {
				more = left
				return err
			}
			if left, err = t.deleteBefore(daysBucket, dateKey(before, "")); err != nil || left {
				more = left
				return err
			}
			more, err = t.forgetWaiting(before)
			return err
		})
		if err != nil {
			return err
		}
	}
	if before.IsZero() {
		return nil
	}
	return f.forgetAside(ctx, before)
}

// deleteBefore removes the keys of a bucket before one, and tells whether there
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

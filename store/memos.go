package store

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"maitre/booking"
)

// memoDays is for how many UTC days back a memo is looked up. Callers repeat a
// request within minutes, at most a day or two.
const memoDays = 8

const (
	memoFormat = 1
	// maxMemoKey bounds a memo's key, in bytes.
	maxMemoKey = 1024
)

// memo is a booking.Memo on its way into the file.
type memo struct {
	key    []byte
	value  []byte
	day    []byte // the UTC day on which it is made
	oldest []byte // the oldest day to look for an earlier one
}

func (f *File) newMemo(m booking.Memo) (*memo, error) {
	if m.Key == "" || len(m.Key) > maxMemoKey {
		return nil, fmt.Errorf("memo key of %d bytes: want 1 to %d", len(m.Key), maxMemoKey)
	}
	day, oldest := f.memoWindow()
	value := append(make([]byte, 0, 1+len(m.Answer)), memoFormat)
	return &memo{key: []byte(m.Key), value: append(value, m.Answer...), day: day, oldest: oldest}, nil
}

// memoWindow returns today and the oldest day of memos, as keys.
func (f *File) memoWindow() (day, oldest []byte) {
	now := today(f.now())
	return dateKey(now, ""), dateKey(now.AddDays(1-memoDays), "")
}

// today is the calendar day in UTC.
func today(now time.Time) booking.Date { return booking.NewDate(now.UTC().Date()) }

// Recall returns the answer that is kept under a memo key; the caller owns it.
// It reports false when there is none, or none of the last eight days.
func (f *File) Recall(ctx context.Context, key string) (answer []byte, ok bool, err error) {
	_, oldest := f.memoWindow()
	err = f.view(ctx, func(t *tx) error {
		value := t.recall([]byte(key), oldest)
		if value == nil {
			return nil
		}
		if value[0] > memoFormat {
			return fmt.Errorf("%w: memo has format %d, this program knows %d", ErrNewer, value[0], memoFormat)
		}
		answer, ok = bytes.Clone(value[1:]), true
		return nil
	})
	return answer, ok, err
}

// Remember keeps a memo, synced. The first of a key wins: when there is one
// already, it stays, and that is no error. Errors: [booking.ErrNotKept].
func (f *File) Remember(ctx context.Context, m booking.Memo) error {
	made, err := f.newMemo(m)
	if err != nil {
		return notKept(f.path, err)
	}
	return f.commit(ctx, func(t *tx) error { return t.remember(made) }, nil)
}

// recall looks through the days from the newest on, the newest first. Days after
// today are looked at too: the clock may have been set back.
func (t *tx) recall(key, oldest []byte) []byte {
	seen := t.bucket(seenBucket)
	days := seen.Cursor()
	for day, _ := days.Last(); day != nil && bytes.Compare(day, oldest) >= 0; day, _ = days.Prev() {
		if value := seen.Bucket(day).Get(key); value != nil {
			return value
		}
	}
	return nil
}

func (t *tx) remember(m *memo) error {
	if t.recall(m.key, m.oldest) != nil {
		return nil
	}
	t.touched = true
	day, err := t.memoDay(m.day)
	if err != nil {
		return err
	}
	return t.put(day, m.key, m.value)
}

// memoDay returns the bucket of a day's memos, made if need be. It is a small
// tree of its own, so that memos, whose keys come in no order, touch few pages,
// and a day's end is one bucket to delete.
func (t *tx) memoDay(day []byte) (*bbolt.Bucket, error) {
	b, err := t.bucket(seenBucket).CreateBucketIfNotExists(day)
	if err != nil {
		return nil, fmt.Errorf("make bucket %q: %w", day, err)
	}
	return b, nil
}

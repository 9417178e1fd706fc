package store

import (
	"bytes"
	"context"
	"encoding/binary"
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
	day    booking.Date // the UTC day on which it is made
	oldest booking.Date // the oldest day to look for an earlier one

	at   uint64 // where the last run put it; 0: an earlier one of its key stays
	mark mark
}

func (f *File) newMemo(m booking.Memo) (*memo, error) {
	if m.Key == "" || len(m.Key) > maxMemoKey {
		return nil, fmt.Errorf("memo key of %d bytes: want 1 to %d", len(m.Key), maxMemoKey)
	}
	day, oldest := f.memoWindow()
	value := make([]byte, 0, 1+binary.MaxVarintLen16+len(m.Key)+len(m.Answer))
	value = binary.AppendUvarint(append(value, memoFormat), uint64(len(m.Key)))
	value = append(append(value, m.Key...), m.Answer...)
	return &memo{key: []byte(m.Key), value: value, day: day, oldest: oldest, mark: markOf(m.Key)}, nil
}

// decodeMemo takes apart what newMemo put together, from its place: the day and the number.
func decodeMemo(place, value []byte) (key, answer []byte, err error) {
	if len(place) != dateKeyLen+memoKeyLen {
		return nil, nil, unreadable(seenBucket, place, fmt.Errorf("%w: a memo under %x", ErrDamaged, place))
	}
	if len(value) == 0 {
		return nil, nil, unreadable(seenBucket, place, fmt.Errorf("%w: an empty memo", ErrDamaged))
	}
	if value[0] != memoFormat {
		return nil, nil, unreadable(seenBucket, place, fmt.Errorf("%w: it has format %d, this program knows %d", ErrNewer, value[0], memoFormat))
	}
	length, n := binary.Uvarint(value[1:])
	rest := value[1+max(n, 0):]
	if n <= 0 || length > uint64(len(rest)) {
		return nil, nil, unreadable(seenBucket, place, fmt.Errorf("%w: a memo that ends too soon", ErrDamaged))
	}
	return rest[:length], rest[length:], nil
}

// memoWindow returns today and the oldest day of memos.
func (f *File) memoWindow() (day, oldest booking.Date) {
	day = today(f.now())
	return day, day.AddDays(1 - memoDays)
}

// today is the calendar day in UTC.
func today(now time.Time) booking.Date { return booking.NewDate(now.UTC().Date()) }

// Recall returns the answer that is kept under a memo key; the caller owns it.
// It reports false when there is none, or none of the last eight days.
func (f *File) Recall(ctx context.Context, key string) (answer []byte, ok bool, err error) {
	_, oldest := f.memoWindow()
	place, known := f.seen.find(markOf(key), oldest)
	if !known {
		return nil, false, f.readable()
	}
	err = f.view(ctx, func(t *tx) error {
		kept, of, err := t.memoAt(place)
		if err == nil && string(kept) == key {
			answer, ok = bytes.Clone(of), true
		}
		return err
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
	return f.commit(ctx, func(t *tx) error { return t.remember(made, f.seen) }, func() { f.seen.add(made) })
}

// memoAt returns the memo at a place; nothing when its day was forgotten meanwhile.
func (t *tx) memoAt(at place) (key, answer []byte, err error) {
	day := t.bucket(seenBucket).Bucket(dateKey(at.day, ""))
	if day == nil {
		return nil, nil, nil
	}
	value := day.Get(memoKey(at.n))
	if value == nil { // put aside
		return nil, nil, nil
	}
	return decodeMemo(append(dateKey(at.day, ""), memoKey(at.n)...), value)
}

// remember puts a memo behind the others of its day, so that memos, whose keys
// come in no order, touch one page and not one each.
func (t *tx) remember(m *memo, seen *seen) error {
	m.at = 0
	if _, known := seen.find(m.mark, m.oldest); known || t.memos[m.mark] {
		return nil
	}
	t.touched = true
	day, err := t.memoDay(m.day)
	if err != nil {
		return err
	}
	if m.at, err = day.NextSequence(); err != nil {
		return fmt.Errorf("number a memo: %w", err)
	}
	t.memos[m.mark] = true
	return t.put(day, memoKey(m.at), m.value)
}

func memoKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// memoDay returns the bucket of a day's memos, made if need be. A day's end is
// then one bucket to delete.
func (t *tx) memoDay(date booking.Date) (*bbolt.Bucket, error) {
	key := dateKey(date, "")
	day, err := t.bucket(seenBucket).CreateBucketIfNotExists(key)
	if err != nil {
		return nil, fmt.Errorf("make bucket %q: %w", key, err)
	}
	day.FillPercent = appendFill
	return day, nil
}

const memoKeyLen = 8

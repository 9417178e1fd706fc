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
	// openFormat is of a memo with two answers: which of them holds depends on
	// whether a journal entry was written.
	openFormat = 2
	// maxMemoKey bounds a memo's key, in bytes.
	maxMemoKey = 1024
)

// memo is a booking.StoredAnswer on its way into the file.
type memo struct {
	of     booking.StoredAnswer
	value  []byte
	day    booking.Date // the UTC day on which it is made
	oldest booking.Date // the oldest day to look for an earlier one

	at   uint64 // where the last run put it; 0: an earlier one of its key stays
	mark mark
}

func (f *File) newMemo(m booking.StoredAnswer) (*memo, error) {
	if m.Key == "" || len(m.Key) > maxMemoKey {
		return nil, fmt.Errorf("memo key of %d bytes: want 1 to %d", len(m.Key), maxMemoKey)
	}
	day, oldest := f.memoWindow()
	made := &memo{of: m, day: day, oldest: oldest, mark: markOf(m.Key)}
	value := append(make([]byte, 0, 1+binary.MaxVarintLen16+len(m.Key)+len(m.Answer)), memoFormat)
	made.value = append(appendPart(value, m.Key), m.Answer...)
	return made, nil
}

// await leaves open which of the memo's two answers holds, until revision rev of an
// entry is written.
func (m *memo) await(entry string, rev int) {
	value := append(make([]byte, 0, 64+len(m.of.Key)+len(m.of.Answer)+len(m.of.Pending)), openFormat)
	value = appendPart(appendPart(value, m.of.Key), entry)
	value = binary.AppendUvarint(value, uint64(rev))
	m.value = append(appendPart(value, m.of.Answer), m.of.Pending...)
}

func appendPart[T ~string | ~[]byte](value []byte, part T) []byte {
	return append(binary.AppendUvarint(value, uint64(len(part))), part...)
}

// keptMemo is a memo as the file has it. Its bytes are the file's.
type keptMemo struct {
	key, answer []byte
	// entry, where set, is the journal entry on which it depends which answer holds:
	// until its revision rev is written, pending does.
	entry   string
	rev     int
	pending []byte
}

// readMemo takes apart what newMemo and await put together.
func readMemo(value []byte) (keptMemo, error) {
	if len(value) == 0 {
		return keptMemo{}, fmt.Errorf("%w: an empty memo", ErrDamaged)
	}
	r := parts{rest: value[1:]}
	switch value[0] {
	case memoFormat:
		kept := keptMemo{key: r.next()}
		kept.answer = r.rest
		return kept, r.err
	case openFormat:
		kept := keptMemo{key: r.next(), entry: string(r.next()), rev: int(r.number()), answer: r.next()}
		kept.pending = r.rest
		return kept, r.err
	}
	return keptMemo{}, fmt.Errorf("%w: memo has format %d, this program knows %d", ErrNewer, value[0], openFormat)
}

// decodeMemo is readMemo for a memo at its place: the day and the number.
func decodeMemo(place, value []byte) (keptMemo, error) {
	if len(place) != dateKeyLen+memoKeyLen {
		return keptMemo{}, unreadable(seenBucket, place, fmt.Errorf("%w: a memo under %x", ErrDamaged, place))
	}
	kept, err := readMemo(value)
	if err != nil {
		err = unreadable(seenBucket, place, err)
	}
	return kept, err
}

// parts reads a value part by part.
type parts struct {
	rest []byte
	err  error
}

func (p *parts) number() uint64 {
	v, n := binary.Uvarint(p.rest)
	if n <= 0 {
		p.rest, p.err = nil, fmt.Errorf("%w: a memo that ends too soon", ErrDamaged)
		return 0
	}
	p.rest = p.rest[n:]
	return v
}

func (p *parts) next() []byte {
	length := p.number()
	if length > uint64(len(p.rest)) {
		p.rest, p.err = nil, fmt.Errorf("%w: a memo that ends too soon", ErrDamaged)
		return nil
	}
	part := p.rest[:length]
	p.rest = p.rest[length:]
	return part
}

// memoWindow returns today and the oldest day of memos.
func (f *File) memoWindow() (day, oldest booking.Date) {
	day = today(f.now())
	return day, day.AddDays(1 - memoDays)
}

// today is the calendar day in UTC.
func today(now time.Time) booking.Date { return booking.NewDate(now.UTC().Date()) }

// Recall returns the answer that is kept under a memo key; the caller owns it.
// It reports false when there is none, or none of the last eight days. Of two
// answers it is the one that holds now, and is from now on.
func (f *File) Recall(ctx context.Context, key string) (answer []byte, ok bool, err error) {
	_, oldest := f.memoWindow()
	place, known := f.seen.find(markOf(key), oldest)
	if !known {
		return nil, false, f.readable()
	}
	waits := false
	look := func(t *tx) error {
		kept, err := t.memoAt(place)
		if err != nil || string(kept.key) != key {
			answer, ok, waits = nil, false, false
			return err
		}
		answer, ok = bytes.Clone(kept.answer), true
		if waits, err = t.awaits(kept); waits {
			answer = bytes.Clone(kept.pending)
		}
		return err
	}
	if err := f.view(ctx, look); err != nil || !waits {
		return answer, ok, err
	}
	// Once it is written the other answer would hold: this one is told, and kept.
	err = f.commit(ctx, func(t *tx) error {
		if err := look(t); err != nil || !waits {
			return err
		}
		m, err := f.newMemo(booking.StoredAnswer{Key: key, Answer: answer})
		if err != nil {
			return err
		}
		return t.remember(m, f.seen)
	}, nil)
	return answer, ok && err == nil, err
}

// awaits reports whether the entry on which a memo's answer depends is still to be written.
func (t *tx) awaits(m keptMemo) (bool, error) {
	if m.entry == "" {
		return false, nil
	}
	e, err := t.entry(m.entry)
	return e != nil && e.Written < m.rev, err
}

// Remember keeps a memo, synced. The first of a key wins: when there is one
// already, it stays, and that is no error; where that has two answers, the memo
// says which was told. Errors: [booking.ErrNotKept].
func (f *File) Remember(ctx context.Context, m booking.StoredAnswer) error {
	made, err := f.newMemo(m)
	if err != nil {
		return notKept(f.path, err)
	}
	return f.commit(ctx, func(t *tx) error { return t.remember(made, f.seen) }, func() { f.seen.add(made) })
}

// memoAt returns the memo at a place; nothing when its day was forgotten meanwhile.
func (t *tx) memoAt(at place) (keptMemo, error) {
	day := t.bucket(seenBucket).Bucket(dateKey(at.day, ""))
	if day == nil {
		return keptMemo{}, nil
	}
	value := day.Get(memoKey(at.n))
	if value == nil { // put aside
		return keptMemo{}, nil
	}
	return decodeMemo(append(dateKey(at.day, ""), memoKey(at.n)...), value)
}

// remember puts a memo behind the others of its day, so that memos, whose keys
// come in no order, touch one page and not one each.
func (t *tx) remember(m *memo, seen *seen) error {
	m.at = 0
	if at, known := seen.find(m.mark, m.oldest); known {
		return t.settleMemo(at, m)
	}
	if t.memos[m.mark] {
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

// settleMemo puts the answer that was told in the place of a memo with two.
func (t *tx) settleMemo(at place, told *memo) error {
	kept, err := t.memoAt(at)
	if err != nil || kept.entry == "" || string(kept.key) != told.of.Key || told.value[0] != memoFormat {
		return err
	}
	t.touched = true
	return t.put(t.bucket(seenBucket).Bucket(dateKey(at.day, "")), memoKey(at.n), told.value)
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

package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"maitre/booking"
	"maitre/store/bolt"
)

// answerDays is for how many UTC days back an answer is looked up. Callers repeat a
// request within minutes, at most a day or two.
const answerDays = 8

const (
	answerFormat = 1
	// openAnswerFormat is of two answers: which of them holds depends on whether a
	// journal entry was written.
	openAnswerFormat = 2
	// maxIdempotencyKey bounds an idempotency key, in bytes.
	maxIdempotencyKey = 1024
)

// storedAnswer is a booking.StoredAnswer on its way into the file.
type storedAnswer struct {
	of     booking.StoredAnswer
	value  []byte
	day    booking.Date // the UTC day on which it is made
	oldest booking.Date // the oldest day to look for an earlier one

	at     uint64 // where the last run put it; 0: an earlier one of its key stays
	digest keyDigest
}

func (f *File) newStoredAnswer(m booking.StoredAnswer) (*storedAnswer, error) {
	if m.Key == "" || len(m.Key) > maxIdempotencyKey {
		return nil, fmt.Errorf("idempotency key of %d bytes: want 1 to %d", len(m.Key), maxIdempotencyKey)
	}
	day, oldest := f.answerWindow()
	made := &storedAnswer{of: m, day: day, oldest: oldest, digest: digestOf(m.Key)}
	value := append(make([]byte, 0, 1+binary.MaxVarintLen16+len(m.Key)+len(m.Answer)), answerFormat)
	made.value = append(appendPart(value, m.Key), m.Answer...)
	return made, nil
}

// await leaves open which of the two answers holds, until revision rev of an entry is
// written.
func (m *storedAnswer) await(entry string, rev int) {
	value := append(make([]byte, 0, 64+len(m.of.Key)+len(m.of.Answer)+len(m.of.Pending)), openAnswerFormat)
	value = appendPart(appendPart(value, m.of.Key), entry)
	value = binary.AppendUvarint(value, uint64(rev))
	m.value = append(appendPart(value, m.of.Answer), m.of.Pending...)
}

func appendPart[T ~string | ~[]byte](value []byte, part T) []byte {
	return append(binary.AppendUvarint(value, uint64(len(part))), part...)
}

// keptAnswer is an answer as the file has it. Its bytes are the file's.
type keptAnswer struct {
	key, answer []byte
	// entry, where set, is the journal entry on which it depends which answer holds:
	// until its revision rev is written, pending does.
	entry   string
	rev     int
	pending []byte
}

// readAnswer takes apart what newStoredAnswer and await put together.
func readAnswer(value []byte) (keptAnswer, error) {
	if len(value) == 0 {
		return keptAnswer{}, fmt.Errorf("%w: an empty answer", ErrDamaged)
	}
	r := parts{rest: value[1:]}
	switch value[0] {
	case answerFormat:
		kept := keptAnswer{key: r.next()}
		kept.answer = r.rest
		return kept, r.err
	case openAnswerFormat:
		kept := keptAnswer{key: r.next(), entry: string(r.next()), rev: int(r.number()), answer: r.next()}
		kept.pending = r.rest
		return kept, r.err
	}
	return keptAnswer{}, fmt.Errorf("%w: a stored answer has format %d, this program knows %d", ErrNewer, value[0], openAnswerFormat)
}

// decodeAnswer is readAnswer for an answer at its place: the day and the number.
func decodeAnswer(place, value []byte) (keptAnswer, error) {
	if len(place) != dateKeyLen+answerKeyLen {
		return keptAnswer{}, unreadable(seenBucket, place, fmt.Errorf("%w: an answer under %x", ErrDamaged, place))
	}
	kept, err := readAnswer(value)
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
		p.rest, p.err = nil, fmt.Errorf("%w: an answer that ends too soon", ErrDamaged)
		return 0
	}
	p.rest = p.rest[n:]
	return v
}

func (p *parts) next() []byte {
	length := p.number()
	if length > uint64(len(p.rest)) {
		p.rest, p.err = nil, fmt.Errorf("%w: an answer that ends too soon", ErrDamaged)
		return nil
	}
	part := p.rest[:length]
	p.rest = p.rest[length:]
	return part
}

// answerWindow returns today and the oldest day of answers.
func (f *File) answerWindow() (day, oldest booking.Date) {
	day = today(f.now())
	return day, day.AddDays(1 - answerDays)
}

// today is the calendar day in UTC.
func today(now time.Time) booking.Date { return booking.NewDate(now.UTC().Date()) }

// Recall returns the answer that is kept under an idempotency key; the caller owns it.
// It reports false when there is none, or none of the last eight days. Of two
// answers it is the one that holds now, and is from now on.
func (f *File) Recall(ctx context.Context, key string) (answer []byte, ok bool, err error) {
	_, oldest := f.answerWindow()
	place, known := f.answers.find(digestOf(key), oldest)
	if !known {
		return nil, false, f.db.Err()
	}
	waits := false
	look := func(t *tx) error {
		kept, err := t.answerAt(place)
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
	// Once it is written the other answer would hold: this one is given, and kept.
	err = f.commit(ctx, func(t *tx) error {
		if err := look(t); err != nil || !waits {
			return err
		}
		m, err := f.newStoredAnswer(booking.StoredAnswer{Key: key, Answer: answer})
		if err != nil {
			return err
		}
		return t.remember(m, f.answers)
	})
	return answer, ok && err == nil, err
}

// awaits reports whether the entry on which it depends which answer holds is still to be written.
func (t *tx) awaits(m keptAnswer) (bool, error) {
	if m.entry == "" {
		return false, nil
	}
	e, err := t.entry(m.entry)
	return e != nil && e.Written < m.rev, err
}

// Remember keeps an answer, synced. The first of a key wins: when there is one
// already, it stays, and that is no error; where there are two, the one that was given
// stays. Errors: [booking.ErrNotKept].
func (f *File) Remember(ctx context.Context, m booking.StoredAnswer) error {
	made, err := f.newStoredAnswer(m)
	if err != nil {
		return notKept(f.path, err)
	}
	return f.commit(ctx, func(t *tx) error { return t.remember(made, f.answers) })
}

// answerAt returns the answer at a place; nothing when its day was forgotten meanwhile.
func (t *tx) answerAt(at place) (keptAnswer, error) {
	day := t.bucket(seenBucket).Bucket(dateKey(at.day, ""))
	if day == nil {
		return keptAnswer{}, nil
	}
	value := day.Get(answerKey(at.n))
	if value == nil { // put aside
		return keptAnswer{}, nil
	}
	return decodeAnswer(append(dateKey(at.day, ""), answerKey(at.n)...), value)
}

// remember puts an answer behind the others of its day, so that answers, whose keys
// come in no order, touch one page and not one each.
func (t *tx) remember(m *storedAnswer, answers *answerIndex) error {
	m.at = 0
	if at, known := answers.find(m.digest, m.oldest); known {
		return t.resolveAnswer(at, m)
	}
	if t.answered[m.digest] {
		return nil
	}
	day, err := t.answerDay(m.day)
	if err != nil {
		return err
	}
	if m.at, err = day.NextSequence(); err != nil {
		return fmt.Errorf("number an answer: %w", err)
	}
	t.answered[m.digest] = true
	t.effects.answers = append(t.effects.answers, m)
	return day.Put(answerKey(m.at), m.value)
}

// resolveAnswer replaces two answers by the one that was given.
func (t *tx) resolveAnswer(at place, given *storedAnswer) error {
	kept, err := t.answerAt(at)
	if err != nil || kept.entry == "" || string(kept.key) != given.of.Key || given.value[0] != answerFormat {
		return err
	}
	return t.bucket(seenBucket).Bucket(dateKey(at.day, "")).Put(answerKey(at.n), given.value)
}

func answerKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// answerDay returns the bucket of a day's answers, made if need be. A day's end is
// then one bucket to delete.
func (t *tx) answerDay(date booking.Date) (*bolt.Bucket, error) {
	key := dateKey(date, "")
	day, err := t.bucket(seenBucket).CreateBucket(key)
	if err != nil {
		return nil, err
	}
	return day.Appended(), nil
}

const answerKeyLen = 8

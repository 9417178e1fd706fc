package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"

	"maitre/booking"
)

// answerIndex says where in the file the answer under an idempotency key is. It is
// read from the file at every start, and holds only what is synced.
//
// The file itself has answers in the order in which they came. Under their keys,
// which come from outside and in no order, each would have touched a page of its
// own, and cost more than all the rest of a booking (measured: 64 callers booked
// 15,000 times a second that way, 27,000 times this way).
type answerIndex struct {
	mu   sync.RWMutex
	days map[booking.Date]map[keyDigest]uint64
}

// keyDigest is a digest of an idempotency key, so that memory is bounded whatever the keys are.
// The stored answer holds the key itself, to compare.
type keyDigest [16]byte

func digestOf(key string) keyDigest {
	digest := sha256.Sum256([]byte(key))
	return keyDigest(digest[:16])
}

// place is where an answer lies.
type place struct {
	day booking.Date
	n   uint64
}

// find looks through the days from the newest on. Days after today count too:
// the clock may have been set back.
func (s *answerIndex) find(d keyDigest, oldest booking.Date) (place, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found place
	for day, numbers := range s.days {
		if n, ok := numbers[d]; ok && day >= oldest && day > found.day {
			found = place{day, n}
		}
	}
	return found, found.n != 0
}

// add notes an answer that is synced.
func (s *answerIndex) add(m *storedAnswer) {
	if m.at == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(m.day, m.digest, m.at)
}

func (s *answerIndex) put(day booking.Date, d keyDigest, n uint64) {
	if s.days[day] == nil {
		s.days[day] = make(map[keyDigest]uint64)
	}
	s.days[day][d] = n
}

// forget drops a day that was removed from the file.
func (s *answerIndex) forget(day booking.Date) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.days, day)
}

// readAnswers reads all answers of the file.
func (t *tx) readAnswers() (*answerIndex, error) {
	s := &answerIndex{days: make(map[booking.Date]map[keyDigest]uint64)}
	all := t.bucket(seenBucket)
	err := all.ForEachBucket(func(name []byte) error {
		day, err := booking.ParseDate(string(bytes.Clone(name)))
		if err != nil {
			return fmt.Errorf("%w: answers of a %w", ErrDamaged, err)
		}
		return all.Bucket(name).ForEach(func(n, value []byte) error {
			kept, err := decodeAnswer(append(bytes.Clone(name), n...), value)
			if err != nil {
				return err
			}
			s.put(day, digestOf(string(kept.key)), binary.BigEndian.Uint64(n))
			return nil
		})
	})
	return s, err
}

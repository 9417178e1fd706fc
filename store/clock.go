package store

import (
	"context"
	"time"

	"maitre/store/bolt"
)

// The machine's clock may be wrong: a battery is empty, somebody mistyped a year.
// Whatever removes something for good uses a time that the file keeps. It advances
// while the desk runs; where the clock shows another time, that is believed once
// the desk has run by it for a while.
const (
	// clockNear is how far a clock may be from the time that is believed to be
	// believed at once.
	clockNear = time.Hour
	// clockFar is from where on a difference is reported: the desk was not closed for
	// a day or two.
	clockFar = 72 * time.Hour
	// nearProof and farProof are how long the desk must have run by a clock that is
	// near or far: in a week somebody sees that every date is wrong, and a
	// restaurant that opens again after a winter has its old bookings removed a
	// week later.
	nearProof = time.Hour
	farProof  = 7 * 24 * time.Hour
	// clockPause is the longest time for which the desk may be off without a clock's
	// proof beginning again.
	clockPause = clockFar
)

// believed is what a file keeps of the time.
type believed struct {
	// At is the newest time that is believed.
	At time.Time `json:"at"`
	// Shown is what a clock that is not believed yet showed when it was looked at
	// last, and Ran how long the desk has run by it; zero while there is none.
	Shown time.Time     `json:"shown,omitzero"`
	Ran   time.Duration `json:"ran,omitempty"`
}

const believedFormat = 1

// look is what is believed when the clock shows a time, and the desk has run for
// a while since it was looked at last.
func (b believed) look(shown time.Time, ran time.Duration) believed {
	b.At = b.At.Add(ran)
	gap := shown.Sub(b.At).Abs()
	if gap <= clockNear {
		return believed{At: shown}
	}
	if on := shown.Sub(b.Shown); b.Shown.IsZero() || on < 0 || on > ran+clockPause {
		b.Ran = 0 // not the clock that was being proved
	} else {
		b.Ran += ran
	}
	b.Shown = shown
	proof := nearProof
	if gap > clockFar {
		proof = farProof
	}
	if b.Ran >= proof {
		return believed{At: shown}
	}
	return b
}

// far reports whether the clock shows a time that is far from what is believed.
func (b believed) far() bool { return !b.Shown.IsZero() && b.Shown.Sub(b.At).Abs() > clockFar }

// sure is the time by which something may be removed: the earlier of what the
// clock shows and what is believed.
func (b believed) sure(shown time.Time, ran time.Duration) time.Time {
	if at := b.At.Add(ran); at.Before(shown) {
		return at
	}
	return shown
}

// sureNow is the time by which something may be removed.
func (f *File) sureNow() time.Time {
	f.clock.mu.Lock()
	defer f.clock.mu.Unlock()
	return f.clock.believed.sure(f.now(), time.Since(f.clock.looked))
}

// ClockDoubt returns what the clock showed when it was looked at last, and what time
// is believed instead; false while these are near.
func (f *File) ClockDoubt() (shown, believed time.Time, doubt bool) {
	f.clock.mu.Lock()
	defer f.clock.mu.Unlock()
	return f.clock.believed.Shown, f.clock.believed.At, f.clock.believed.far()
}

// lookAtClock looks at the clock, and keeps what is believed from now on.
func (f *File) lookAtClock(ctx context.Context) {
	f.clock.mu.Lock()
	was := f.clock.believed
	next := was.look(plain(f.now()), time.Since(f.clock.looked))
	f.clock.believed, f.clock.looked = next, time.Now()
	reported := f.clock.reported
	f.clock.reported = next.far()
	f.clock.mu.Unlock()
	switch {
	case next.far() && !reported:
		f.log.Warn("the machine's clock shows a time that is far from the last one known: nothing is deleted until the desk has run by it for a week; if it is wrong, set it right",
			"clock", next.Shown, "last_known", next.At, "file", f.path)
	case reported && !next.far():
		f.log.Info("the machine's clock is believed again", "clock", next.At)
	}
	if err := f.keepBelieved(ctx, next); err != nil && ctx.Err() == nil {
		f.log.Error("what time is believed could not be kept", "file", f.path, "error", err)
	}
}

func (f *File) keepBelieved(ctx context.Context, b believed) error {
	value, err := encodeValue("the time", believedFormat, b)
	if err != nil {
		return err
	}
	return f.commit(ctx, func(t *tx) error { return t.meta().Put(metaClock, value) })
}

// readClock begins with what the file believes, and looks at the clock.
func (f *File) readClock(t *tx) error {
	believed, err := t.believed()
	f.clock.believed, f.clock.looked = believed.look(plain(f.now()), 0), time.Now()
	return err
}

// believed returns what the file believes; of one that does not say, the newest
// time that it knows of.
func (t *tx) believed() (believed, error) {
	meta := t.meta()
	if value := meta.Get(metaClock); value != nil {
		return decodeValue[believed]([]byte(bolt.Meta), metaClock, believedFormat, value)
	}
	var newest believed
	note := func(times ...time.Time) {
		for _, at := range times {
			if at.After(newest.At) {
				newest.At = at
			}
		}
	}
	for _, key := range []string{bolt.MetaCreated, bolt.MetaProbed} {
		if at, err := time.Parse(time.RFC3339Nano, string(meta.Get([]byte(key)))); err == nil {
			note(at)
		}
	}
	if key, _ := t.bucket(archiveBucket).Cursor().Last(); len(key) >= timeKeyLen {
		note(keyTime(key))
	}
	// What cannot be read says nothing; whoever needs it reports it.
	if messages, err := t.messagesIn("", 1); err == nil && len(messages) > 0 {
		note(messages[0].Made, messages[0].Changed)
	}
	err := t.bucket(bookingsBucket).ForEach(func(id, value []byte) error {
		if b, err := decode(id, value); err == nil {
			note(b.Created, b.Updated)
		}
		return nil
	})
	return newest, err
}

// meta is the bucket of what is known of the file itself.
func (t *tx) meta() *bolt.Bucket { return t.Bucket([]byte(bolt.Meta)) }

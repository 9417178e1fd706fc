package retry_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
)

// crashAfter simulates kill -9 after a number of steps of outbox and carrier:
// nothing afterwards takes effect.
type crashAfter struct {
	mu      sync.Mutex
	steps   int
	crashed chan struct{}
}

var errDead = errors.New("killed")

func (l *crashAfter) step() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.steps--; l.steps == 0 {
		close(l.crashed)
	}
	if l.steps <= 0 {
		return errDead
	}
	return nil
}

// crashingOutbox is an outbox that crashes before or after any write.
type crashingOutbox struct {
	*store.Outbox
	*crashAfter
}

func (b crashingOutbox) Begin(ctx context.Context, seen booking.OutboxMessage, way booking.Way, now time.Time) (o booking.OutboxMessage, ok bool, err error) {
	if err := b.step(); err != nil {
		return booking.OutboxMessage{}, false, err
	}
	o, ok, err = b.Outbox.Begin(ctx, seen, way, now)
	return o, ok, errors.Join(err, b.step())
}

func (b crashingOutbox) Finish(ctx context.Context, seen booking.OutboxMessage, out booking.SendResult, now time.Time) (booking.OutboxMessage, error) {
	if err := b.step(); err != nil {
		return booking.OutboxMessage{}, err
	}
	o, err := b.Outbox.Finish(ctx, seen, out, now)
	return o, errors.Join(err, b.step())
}

// carrierState is what the carrier has. It outlives the program.
type carrierState struct {
	mu       sync.Mutex
	chance   *rand.Rand
	messages []sentMessage
	seen     map[string]time.Time // when a message shows in the carrier's list, by SID
	hidden   map[string]bool      // messages of which Find could not know
}

func (w *carrierState) draw(share float64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.chance.Float64() < share
}

func (w *carrierState) accept(l booking.OutgoingMessage) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	sid := fmt.Sprint("SM", len(w.messages))
	w.messages = append(w.messages, sentMessage{l, time.Now(), sid})
	lag := time.Duration(w.chance.IntN(100)) * time.Second
	if w.chance.Float64() < 0.01 {
		lag = 240 * time.Hour
		w.hidden[l.Message] = true
	}
	w.seen[sid] = time.Now().Add(lag)
	return sid
}

// crashingCarrier is the carrier of a program that may crash while it calls it.
type crashingCarrier struct {
	*carrierState
	*crashAfter
}

func (c crashingCarrier) Send(_ context.Context, l booking.OutgoingMessage) (string, error) {
	if err := c.step(); err != nil {
		return "", err
	}
	switch {
	case c.draw(0.1):
		return "", carryErr(booking.CarryLater, 20429)
	case c.draw(0.1): // lost on the way there
		return "", carryErr(booking.CarryUnknown, 0)
	}
	sid := c.accept(l)
	if err := c.step(); err != nil {
		return "", err
	}
	if c.draw(0.1) { // lost on the way back
		return "", carryErr(booking.CarryUnknown, 0)
	}
	return sid, nil
}

func (c crashingCarrier) Find(_ context.Context, l booking.OutgoingMessage, age time.Duration) ([]string, time.Time, error) {
	if err := c.step(); err != nil {
		return nil, time.Time{}, err
	}
	if c.draw(0.2) {
		return nil, time.Time{}, carryErr(booking.CarryLater, 0)
	}
	c.carrierState.mu.Lock()
	defer c.carrierState.mu.Unlock()
	var sids []string
	for _, p := range c.messages {
		if p.To == l.To && p.Text == l.Text && time.Since(p.at) <= age+time.Minute && !time.Now().Before(c.seen[p.sid]) {
			sids = append(sids, p.sid)
		}
	}
	return sids, time.Now(), nil
}

// A thousand times the program is killed in the middle of its work, or stopped,
// and started again. No message leaves twice, unless the carrier could not say
// that it had left; and none is lost.
func TestNoMessageLeavesTwiceInAThousandRestarts(t *testing.T) {
	t.Parallel()
	const rounds = 1000
	path := filepath.Join(t.TempDir(), "maitre.db")
	synctest.Test(t, func(t *testing.T) {
		w := &carrierState{chance: rand.New(rand.NewPCG(7, 11)), seen: map[string]time.Time{}, hidden: map[string]bool{}}
		owedBy, killed := map[string]bool{}, 0
		for round := range rounds + 1 {
			f, err := store.Open(context.Background(), path, store.Options{Slug: "casa"})
			if err != nil {
				t.Fatal(err)
			}
			l := &crashAfter{steps: 1 + rand.New(rand.NewPCG(3, uint64(round))).IntN(20), crashed: make(chan struct{})}
			last := round == rounds
			if last {
				l.steps = 1 << 30
			}
			wake := retry.NewSignal()
			sender := retry.NewSender(crashingOutbox{f.Outbox(), l}, crashingCarrier{w, l}, retry.SenderOptions{SMS: true, Grace: time.Second, Wake: wake})
			ctx, cancel := context.WithCancel(context.Background())
			done := make(chan struct{})
			go func() { defer close(done); sender.Run(ctx) }()

			if !last {
				// The reminders of the day are put again at every start.
				for i := range 3 {
					m := to(booking.Phone(fmt.Sprintf("+34600%06d", round/5*3+i)))
					m.Kind, m.Key = booking.MessageReminder, fmt.Sprintf("reminder/%d/%d", round/5, i)
					m.NotBefore = time.Now().Add(time.Duration(i) * 20 * time.Second)
					if _, err := f.Outbox().Put(context.Background(), m); err != nil {
						t.Fatal(err)
					}
					owedBy[m.Key] = true
				}
			}
			wake.Send()
			limit := time.Duration(10+round%7*30) * time.Second
			if last {
				limit = 100 * time.Hour
			}
			select {
			case <-l.crashed:
				killed++
			case <-time.After(limit):
			}
			cancel()
			<-done
			if last {
				tally(t, w, f.Outbox(), owedBy, killed)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(round%5) * 40 * time.Second)
		}
	})
}

func tally(t *testing.T, w *carrierState, box *store.Outbox, owedBy map[string]bool, killed int) {
	t.Helper()
	times := map[string]int{}
	for _, p := range w.messages {
		times[p.Message]++
	}
	list, err := box.List(context.Background(), "", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	states, twice, excused := map[booking.MessageState]int{}, 0, 0
	for _, o := range list {
		if !owedBy[o.Key] {
			t.Errorf("%s was put twice, or never", o.Key)
		}
		delete(owedBy, o.Key)
		states[o.State]++
		left := times[o.ID]
		delete(times, o.ID)
		switch {
		case left > 1 && w.hidden[o.ID]:
			excused++
		case left > 1:
			twice++
			t.Errorf("message %s left %d times: %+v", o.ID, left, o)
		case o.State == booking.MessageSent && left == 0:
			t.Errorf("message %s is said to be sent, and never left: %+v", o.ID, o)
		case o.State != booking.MessageSent && o.State != booking.MessageFailed:
			t.Errorf("message %s is left %s", o.ID, o.State)
		}
	}
	if len(owedBy) > 0 || len(times) > 0 {
		t.Errorf("%d messages are lost, %d messages belong to none", len(owedBy), len(times))
	}
	if killed < 300 || states[booking.MessageSent] < len(list)*9/10 {
		t.Errorf("the test tests too little: killed %d times, %v", killed, states)
	}
	t.Logf("%d messages, %d messages, killed %d times; %v; left twice %d, and %d of which the carrier could not know",
		len(list), len(w.messages), killed, states, twice, excused)
}

package retry_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
)

const (
	ana   booking.Phone = "+34612345678"
	eva   booking.Phone = "+34622222222"
	staff booking.Phone = "+34699999999"
)

// sentMessage is a message as it came to the carrier.
type sentMessage struct {
	booking.OutgoingMessage
	at  time.Time
	sid string // "" where it was not taken
}

// carrier is a Carrier in memory, set up by the test.
type carrier struct {
	mu       sync.Mutex
	messages []sentMessage
	taken    int
	at       map[booking.Phone]int // messages under way
	// answer decides about the nth message (from 0): whether it is taken, and the
	// error that the sender gets. Nil takes all.
	answer func(ctx context.Context, n int, l booking.OutgoingMessage) (taken bool, err error)
	// findErr is what looking for a message fails with; searches counts.
	findErr  func() error
	searches []time.Time
	// lag is how long what was taken does not show in the list.
	lag time.Duration
}

func (c *carrier) Send(ctx context.Context, l booking.OutgoingMessage) (string, error) {
	c.mu.Lock()
	n := len(c.messages)
	c.messages = append(c.messages, sentMessage{OutgoingMessage: l, at: time.Now()})
	c.at[l.To]++
	if c.at[l.To] > 1 {
		panic("two messages to one phone at a time")
	}
	c.mu.Unlock()
	taken, err := true, error(nil)
	if c.answer != nil {
		taken, err = c.answer(ctx, n, l)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at[l.To]--
	if !taken {
		return "", err
	}
	c.taken++
	sid := fmt.Sprint("SM", c.taken)
	c.messages[n].sid = sid
	if err != nil {
		return "", err
	}
	return sid, nil
}

func (c *carrier) Find(_ context.Context, l booking.OutgoingMessage, age time.Duration) ([]string, time.Time, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.searches = append(c.searches, time.Now())
	if c.findErr != nil {
		if err := c.findErr(); err != nil {
			return nil, time.Time{}, err
		}
	}
	var sids []string
	for _, p := range c.messages {
		if p.sid != "" && p.To == l.To && p.Way == l.Way && p.Text == l.Text && slices.Equal(p.Vars, l.Vars) && time.Since(p.at) <= max(age, 0)+7*24*time.Hour && time.Since(p.at) >= c.lag {
			sids = append(sids, p.sid)
		}
	}
	return sids, time.Now(), nil
}

func (c *carrier) sent() []sentMessage {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.messages)
}

func (c *carrier) searched() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.searches)
}

// senderFixture is an outbox on disk, a carrier and a sender in a synctest bubble.
type senderFixture struct {
	t       *testing.T
	file    *store.File
	box     *store.Outbox
	carrier *carrier
	sender  *retry.Sender
	wake    retry.Signal // the sender's
	opened  time.Time
	stop    func()
}

func withSender(t *testing.T, o retry.SenderOptions, f func(*senderFixture)) {
	t.Helper()
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	synctest.Test(t, func(t *testing.T) {
		file, err := store.Open(context.Background(), path, store.Options{Slug: "casa"})
		if err != nil {
			t.Fatal(err)
		}
		fixture := &senderFixture{t: t, file: file, box: file.Outbox(), carrier: &carrier{at: map[booking.Phone]int{}}, wake: retry.NewSignal(), opened: time.Now()}
		if o.Jitter == nil {
			o.Jitter = highest
		}
		fixture.start(o)
		f(fixture)
		fixture.stop()
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
}

// start runs a sender until stop.
func (o *senderFixture) start(options retry.SenderOptions) {
	options.Wake = o.wake
	o.sender = retry.NewSender(o.box, o.carrier, options)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); o.sender.Run(ctx) }()
	o.stop = sync.OnceFunc(func() { cancel(); <-done })
}

// put puts messages into the outbox, and wakes the sender.
func (o *senderFixture) put(messages ...booking.Message) {
	o.t.Helper()
	if _, err := o.box.Put(o.t.Context(), messages...); err != nil {
		o.t.Fatal(err)
	}
	o.wake.Send()
	synctest.Wait()
}

// pass lets time pass.
func (o *senderFixture) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (o *senderFixture) ok(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *senderFixture) received(phone booking.Phone) {
	o.t.Helper()
	o.ok(o.box.HeardFrom(o.t.Context(), phone, time.Now()))
}

func (o *senderFixture) receipt(sid, status string, code int) {
	o.t.Helper()
	_, _, err := o.box.Delivered(o.t.Context(), booking.Receipt{SID: sid, Status: status, Code: code})
	o.ok(err)
	o.wake.Send()
	synctest.Wait()
}

// only returns the one message that there is.
func (o *senderFixture) only() booking.OutboxMessage {
	o.t.Helper()
	list, err := o.box.List(o.t.Context(), "", 2)
	if err != nil || len(list) != 1 {
		o.t.Fatalf("%d messages, %v", len(list), err)
	}
	return list[0]
}

func (o *senderFixture) want(state booking.MessageState, code int) booking.OutboxMessage {
	o.t.Helper()
	m := o.only()
	if m.State != state || m.Code != code {
		o.t.Errorf("the message is %s %d (%s), want %s %d", m.State, m.Code, m.Reason, state, code)
	}
	return m
}

// wantSent checks by which ways messages were sent, in order, with when: "text@0s
// template@2m0s".
func (o *senderFixture) wantSent(want ...string) {
	o.t.Helper()
	var got []string
	for _, p := range o.carrier.sent() {
		got = append(got, fmt.Sprintf("%s@%s", p.Way, p.at.Sub(o.opened)))
	}
	if !slices.Equal(got, want) {
		o.t.Errorf("messages: %v, want %v", got, want)
	}
}

func guestMessage() booking.Message {
	return booking.Message{Kind: booking.MessageBooked, To: ana, Lang: booking.Spanish, Text: "Su mesa ya está en el libro.", Vars: []string{"Ana"}}
}

func to(phone booking.Phone) booking.Message {
	m := guestMessage()
	m.To = phone
	return m
}

func templates(kind booking.MessageKind, lang booking.Lang) string {
	if kind == booking.MessageBooked && lang == booking.Spanish {
		return "HXbooked"
	}
	return ""
}

func carryErr(kind booking.CarryKind, code int) error {
	return fmt.Errorf("send: %w", &booking.CarryError{Kind: kind, Code: code, Reason: "on command", Err: errors.New("x")})
}

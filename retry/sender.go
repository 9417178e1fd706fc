package retry

import (
	"cmp"
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"maitre/booking"
)

// Outbox is where messages are owed. What it returns is as it is on disk, and
// what it is told is on disk when it returns.
type Outbox interface {
	// Due returns the messages of which something is to be done at a moment, in
	// the order in which it is to be done.
	Due(ctx context.Context, now time.Time, limit int) ([]booking.OutboxMessage, error)
	// Begin notes that an attempt begins. It reports false when the message is no
	// longer as it was seen.
	Begin(ctx context.Context, seen booking.OutboxMessage, way booking.Way, now time.Time) (begun booking.OutboxMessage, ok bool, err error)
	// Finish notes what a message came to, and returns how it stands: otherwise
	// than it was told, when the message is no longer as it was seen.
	Finish(ctx context.Context, seen booking.OutboxMessage, out booking.SendResult, now time.Time) (booking.OutboxMessage, error)
	// Hasten undoes what a clock that was ahead did to messages, and tells to how many.
	Hasten(ctx context.Context, now time.Time) (n int, err error)
	// Claimed tells whether the carrier's name belongs to a message already.
	Claimed(ctx context.Context, sid string) (bool, error)
	// LastHeard returns when a phone last wrote to us; zero: never.
	LastHeard(ctx context.Context, phone booking.Phone) (time.Time, error)
	// OptedOut tells whether whoever has a phone wants no messages.
	OptedOut(ctx context.Context, phone booking.Phone) (bool, error)
}

// Carrier takes letters to phones. Its errors are [*booking.CarryError], by
// [errors.As]; any other means that nobody knows what happened.
type Carrier interface {
	// Send hands a letter over, and returns the carrier's name for it.
	Send(ctx context.Context, l booking.OutgoingMessage) (sid string, err error)
	// Find returns the carrier's names for what may be a letter that was sent so
	// long ago by our clock, which may be wrong, and as of when its list shows them,
	// by its own clock.
	Find(ctx context.Context, l booking.OutgoingMessage, age time.Duration) (sids []string, asOf time.Time, err error)
}

const (
	senderTick  = 5 * time.Second
	senderHands = 4
	senderGrace = 3 * time.Second
	// dueAtOnce is how many due messages are looked at together.
	dueAtOnce = 256
)

// PostmanOptions say how the postman works.
type SenderOptions struct {
	// Template returns the carrier's ID of the template for a kind of message in
	// a language, "" where there is none. Defaults to none.
	Template func(booking.MessageKind, booking.Lang) string
	// SMS tells that there is a sender for SMS, and that the house allows it.
	SMS bool
	// Staff are phones that get messages although they opted out.
	Staff []booking.Phone
	// Quiet tells whether a moment lies in the quiet hours, and when they end.
	// Defaults to no quiet hours.
	Quiet func(now time.Time) (until time.Time, quiet bool)
	// Still tells whether what a message tells is still so; one that is not does not
	// leave. Defaults to yes.
	Still func(ctx context.Context, o booking.OutboxMessage) (bool, error)
	// Breaker is the carrier's. Defaults to one of its own.
	Breaker *Breaker
	// Tick is how often to look for what is due. Defaults to five seconds.
	Tick time.Duration
	// Hands is how many letters go at a time, never two to one phone. Defaults to four.
	Hands int
	// Grace is how long an attempt may go on when the postman stops. Defaults to
	// three seconds.
	Grace time.Duration
	// Wake has the postman look at once: a message was put, or came back. Defaults to one
	// that nobody sends.
	Wake Signal
	// Finished, where set, hears of every message that something was done about,
	// one at a time.
	Finished func(booking.OutboxMessage)
	// Log hears of what went wrong. Defaults to silence.
	Log *slog.Logger
	// Now tells the time. Defaults to time.Now.
	Now func() time.Time
	// Jitter draws from [0, 1). Defaults to chance.
	Jitter func() float64
}

// Postman empties an outbox: it sends what is due by the way that reaches the
// phone, looks for what may have been sent before it sends it again, and gives up
// where a person must see to it. Start it with Run.
type Sender struct {
	outbox  Outbox
	carrier Carrier
	o       SenderOptions
	clock   clockCheck // Run's
	// refusal is the last word of a carrier that takes no letter of ours, until it
	// takes or refuses one for the letter's own sake.
	refusal atomic.Pointer[booking.CarryError]
}

// NewPostman returns a postman that has not begun.
func NewSender(outbox Outbox, carrier Carrier, o SenderOptions) *Sender {
	if o.Template == nil {
		o.Template = func(booking.MessageKind, booking.Lang) string { return "" }
	}
	if o.Quiet == nil {
		o.Quiet = func(time.Time) (time.Time, bool) { return time.Time{}, false }
	}
	if o.Still == nil {
		o.Still = func(context.Context, booking.OutboxMessage) (bool, error) { return true, nil }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	if o.Breaker == nil {
		o.Breaker = NewBreaker("the carrier of messages", BreakerOptions{Now: o.Now, Jitter: o.Jitter})
	}
	o.Wake = cmp.Or(o.Wake, NewSignal())
	o.Tick = cmp.Or(o.Tick, senderTick)
	o.Hands = cmp.Or(o.Hands, senderHands)
	o.Grace = cmp.Or(o.Grace, senderGrace)
	return &Sender{outbox: outbox, carrier: carrier, o: o}
}

// round is what the postman has in hand. Only Run touches it.
type senderState struct {
	sending int
	busy    map[booking.Phone]bool // a letter to it is under way
	// resting are messages that are left alone until the next tick: something
	// went wrong with them here in the house, and would at once again.
	skipped map[string]bool
	// unwritten are outcomes that the outbox could not take yet. Their messages
	// are not due there, for an attempt has begun.
	unsaved map[string]result
	done    chan result
}

// result is what came of handling a message.
type result struct {
	seen, stored booking.OutboxMessage
	// unwritten is the outcome that the outbox did not take; nil otherwise.
	unsaved *booking.SendResult
	skip    bool
}

// Run works until ctx ends. What is under way then may go on for the grace, and
// is cut off after it: its outcome is then unknown, which is on disk. It returns
// when nothing is under way.
func (p *Sender) Run(ctx context.Context) {
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	ticker := time.NewTicker(p.o.Tick)
	defer ticker.Stop()
	r := &senderState{busy: map[booking.Phone]bool{}, skipped: map[string]bool{}, unsaved: map[string]result{}, done: make(chan result)}
	for ctx.Err() == nil {
		p.dispatch(work, r)
		select {
		case <-ctx.Done():
		case <-p.o.Wake.c:
		case done := <-r.done:
			p.collect(r, done)
		case <-ticker.C:
			clear(r.skipped)
			p.saveUnsaved(work, r)
		}
	}
	grace := time.AfterFunc(p.o.Grace, cut)
	defer grace.Stop()
	for r.sending > 0 {
		p.collect(r, <-r.done)
	}
	p.saveUnsaved(context.WithoutCancel(ctx), r)
}

// handOut gives what is due to free hands.
func (p *Sender) dispatch(ctx context.Context, r *senderState) {
	if r.sending >= p.o.Hands || !p.o.Breaker.OpenUntil().IsZero() {
		return
	}
	now := p.o.Now()
	p.checkClock(ctx, now)
	due, err := p.outbox.Due(ctx, now, dueAtOnce)
	if err != nil {
		p.o.Log.Error("messages that are due could not be read; it is tried again", "error", err)
		return
	}
	for _, o := range due {
		if r.sending >= p.o.Hands {
			return
		}
		if r.busy[o.To] || r.skipped[o.ID] {
			continue
		}
		if p.o.Breaker.Allow() != nil {
			return // the next tick asks again
		}
		r.sending++
		r.busy[o.To] = true
		go func() { r.done <- p.handle(ctx, o) }()
	}
}

// takeBack notes what a hand did.
func (p *Sender) collect(r *senderState, done result) {
	r.sending--
	delete(r.busy, done.seen.To)
	if done.skip {
		r.skipped[done.seen.ID] = true
	}
	if done.unsaved != nil {
		r.unsaved[done.seen.ID] = done
		return
	}
	p.reportFinished(done.stored)
}

func (p *Sender) reportFinished(o booking.OutboxMessage) {
	if o.ID == "" || o.State == booking.MessageSending {
		return
	}
	switch o.State {
	case booking.MessageFailed, booking.MessageWithheld, booking.MessageExpired:
		p.o.Log.Warn("a message was not sent", "message", o.ID, "kind", o.Kind, "to", o.To.Masked(),
			"state", o.State, "code", o.Code, "reason", o.Reason, "attempts", o.Tries)
	case booking.MessageUnknown:
		p.o.Log.Warn("whether a message was sent is not known yet", "message", o.ID, "kind", o.Kind, "to", o.To.Masked(), "reason", o.Reason)
	case booking.MessageWaiting, booking.MessageSending, booking.MessageSent, booking.MessageBounced,
		booking.MessageDelivered, booking.MessageRead:
		p.o.Log.Debug("message", "message", o.ID, "kind", o.Kind, "to", o.To.Masked(), "state", o.State, "code", o.Code, "reason", o.Reason)
	}
	if p.o.Finished != nil {
		p.o.Finished(o)
	}
}

// writeDown tries again to put on disk what attempts came to.
func (p *Sender) saveUnsaved(ctx context.Context, r *senderState) {
	for id, done := range r.unsaved {
		stands, err := p.outbox.Finish(ctx, done.seen, *done.unsaved, p.o.Now())
		if err != nil {
			p.o.Log.Error("what a message came to could not be written down; it is tried again", "message", id, "error", err)
			return
		}
		delete(r.unsaved, id)
		p.reportFinished(stands)
	}
}

// Trouble says what keeps all messages from leaving, and what a person can do, for
// anyone to read; empty: nothing.
func (p *Sender) Problem() string {
	if refusal := p.refusal.Load(); refusal != nil {
		return strings.TrimSpace("nothing can be sent. " + refusal.Fix)
	}
	if p.o.Breaker.State() != Closed {
		return "the carrier of messages does not answer; what is owed is sent when it does"
	}
	return ""
}

func (p *Sender) isStaff(phone booking.Phone) bool { return slices.Contains(p.o.Staff, phone) }

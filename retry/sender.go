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

// Outbox keeps messages until they are sent. Its methods read and write what is on
// disk.
type Outbox interface {
	// Due returns the messages that are due, in the order in which to handle them.
	Due(ctx context.Context, now time.Time, limit int) ([]booking.OutboxMessage, error)
	// Begin records that an attempt begins; ok is false if the message has changed
	// since it was read.
	Begin(ctx context.Context, seen booking.OutboxMessage, way booking.Way, now time.Time) (begun booking.OutboxMessage, ok bool, err error)
	// Finish records a result, unless the message has changed since it was read, and
	// returns the message as it is now.
	Finish(ctx context.Context, seen booking.OutboxMessage, out booking.SendResult, now time.Time) (booking.OutboxMessage, error)
	// Hasten makes messages due that a clock that was ahead had put off, and returns
	// their number.
	Hasten(ctx context.Context, now time.Time) (n int, err error)
	// Claimed reports whether the carrier's ID belongs to a message already.
	Claimed(ctx context.Context, sid string) (bool, error)
	// LastMessage returns when a phone last wrote to us, zero if never.
	LastMessage(ctx context.Context, phone booking.Phone) (time.Time, error)
	// OptedOut reports whether a phone wants no messages.
	OptedOut(ctx context.Context, phone booking.Phone) (bool, error)
}

// Carrier sends messages to phones. Its errors are [*booking.CarryError], by
// [errors.As]; any other means that the outcome is unknown.
type Carrier interface {
	// Send sends a message, and returns the carrier's ID of it.
	Send(ctx context.Context, l booking.OutgoingMessage) (sid string, err error)
	// Find returns the carrier's IDs of what may be a message that was sent so long
	// ago by our clock, which may be wrong, and the time of its list by its own clock.
	Find(ctx context.Context, l booking.OutgoingMessage, age time.Duration) (sids []string, asOf time.Time, err error)
}

const (
	senderTick  = 5 * time.Second
	senderHands = 4
	senderGrace = 3 * time.Second
	// dueAtOnce is the number of due messages read at a time.
	dueAtOnce = 256
)

// SenderOptions configure a [Sender].
type SenderOptions struct {
	// Template returns the carrier's ID of the template for a kind of message in a
	// language, "" if there is none. Defaults to none.
	Template func(booking.MessageKind, booking.Lang) string
	// SMS is whether SMS is set up and the restaurant allows it.
	SMS bool
	// Staff are the phones that get messages even if they opted out.
	Staff []booking.Phone
	// Quiet reports whether a moment lies in the quiet hours, and when they end.
	// Defaults to no quiet hours.
	Quiet func(now time.Time) (until time.Time, quiet bool)
	// Still reports whether what a message says still holds; otherwise it is not
	// sent. Defaults to true.
	Still func(ctx context.Context, o booking.OutboxMessage) (bool, error)
	// Breaker is the carrier's. Defaults to a new one.
	Breaker *Breaker
	// Tick is the time between two looks for due messages. Defaults to 5 s.
	Tick time.Duration
	// Hands is the number of messages sent at a time, never two to one phone. Defaults
	// to 4.
	Hands int
	// Grace is how long an attempt may go on when the sender stops. Defaults to 3 s.
	Grace time.Duration
	// Wake has the sender look for due messages at once. Defaults to a signal that is
	// never sent.
	Wake Signal
	// Finished, if set, is called with each message that was handled, one at a time.
	OnFinished func(booking.OutboxMessage)
	// Log defaults to none.
	Log *slog.Logger
	// Now defaults to time.Now.
	Now func() time.Time
	// Jitter draws from [0, 1). Defaults to rand.Float64.
	Jitter func() float64
}

// Sender sends an outbox's messages: each by the way that reaches the phone. A
// message that may have been sent is looked for before it is sent again; one that
// cannot be sent is left to a person. Start it with Run.
type Sender struct {
	outbox  Outbox
	carrier Carrier
	o       SenderOptions
	clock   clockCheck // only Run uses it
	// refusal is the error of a carrier that takes no message of ours, until it takes
	// one, or refuses one for its own sake.
	refusal atomic.Pointer[booking.CarryError]
}

// NewSender returns a sender; Run starts it.
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

// senderState is what is under way. Only Run uses it.
type senderState struct {
	sending int
	busy    map[booking.Phone]bool // a message to it is under way
	// skipped are messages that are left alone until the next tick, because
	// something failed on our side.
	skipped map[string]bool
	// unsaved are the results that the outbox could not save yet. Their messages are
	// not due there, since an attempt has begun.
	unsaved map[string]result
	done    chan result
}

// result is what came of handling a message.
type result struct {
	seen, stored booking.OutboxMessage
	// unsaved is the result that the outbox could not save; nil otherwise.
	unsaved *booking.SendResult
	skip    bool
}

// Run sends messages until ctx ends, and returns when nothing is under way.
// Attempts under way may go on for the grace, and are then cut off: their outcome
// is unknown.
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

// dispatch starts to handle due messages, as many at a time as the options allow.
func (p *Sender) dispatch(ctx context.Context, r *senderState) {
	if r.sending >= p.o.Hands || !p.o.Breaker.OpenUntil().IsZero() {
		return
	}
	now := p.o.Now()
	p.checkClock(ctx, now)
	due, err := p.outbox.Due(ctx, now, dueAtOnce)
	if err != nil {
		p.o.Log.Error("read due messages; it is tried again", "error", err)
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

// collect takes the result of a message that was handled.
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
	if p.o.OnFinished != nil {
		p.o.OnFinished(o)
	}
}

// saveUnsaved tries again to save results.
func (p *Sender) saveUnsaved(ctx context.Context, r *senderState) {
	for id, done := range r.unsaved {
		stored, err := p.outbox.Finish(ctx, done.seen, *done.unsaved, p.o.Now())
		if err != nil {
			p.o.Log.Error("save the result of a message; it is tried again", "message", id, "error", err)
			return
		}
		delete(r.unsaved, id)
		p.reportFinished(stored)
	}
}

// Problem says what keeps all messages from being sent and how to fix it, or "" if
// nothing does. It holds nothing confidential.
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

package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"maitre/booking"
)

// Receipts come in any order, more than once, and before the answer to the
// request that they are about. So each is ranked against what is known, and one
// for a name that is not known yet is kept while there is an attempt whose name
// is still to be learnt.

// ranks order a carrier's statuses of a message; others are ignored.
var ranks = map[string]int{
	"accepted": 1, "scheduled": 1, "queued": 1, "sending": 2, "sent": 3,
	statusDelivered: 5, statusRead: 6,
	// Final, unless the message was seen to arrive.
	statusUndelivered: 4, statusFailed: 4,
}

const (
	statusDelivered   = "delivered"
	statusRead        = "read"
	statusUndelivered = "undelivered"
	statusFailed      = "failed"
)

// news reports whether a status says more than the one before it.
func news(was, is string) bool {
	if was == statusUndelivered || was == statusFailed {
		return false
	}
	return ranks[is] > ranks[was]
}

// Delivered notes a carrier's receipt for a message, and returns the message and
// whether the receipt changed it. A receipt for what nobody
// here sent changes nothing. A message that did not reach its phone is bounced
// then, and due.
func (b *Outbox) Delivered(ctx context.Context, r booking.Receipt) (latest booking.OutboxMessage, changed bool, err error) {
	if ranks[r.Status] == 0 || r.SID == "" || len(r.SID) > maxSID || len(r.Message) > maxSID {
		return booking.OutboxMessage{}, false, nil
	}
	err = b.file.commit(ctx, func(t *tx) (err error) {
		latest, changed, err = t.delivered(r, b.file.now())
		return err
	})
	return latest, changed && err == nil, err
}

func (t *tx) delivered(r booking.Receipt, now time.Time) (latest booking.OutboxMessage, changed bool, err error) {
	if id := t.bucket(outboxSIDsBucket).Get([]byte(r.SID)); id != nil {
		was, err := t.listedMessage(id)
		if err != nil || was.SID != r.SID || !news(was.Delivery, r.Status) {
			return was, false, err // of an attempt before the last, or nothing new
		}
		latest = receive(was, r, now)
		return latest, true, t.putMessage(&was, latest)
	}
	was, found, err := t.message(r.Message)
	if err != nil {
		return booking.OutboxMessage{}, false, err
	}
	if found && was.SID == "" && was.Tries > 0 && was.State.Open() {
		// The answer to the attempt has not come, or never will: this is it.
		latest = finish(was, booking.SendResult{State: booking.MessageSent, SID: r.SID}, now)
		if latest, err = t.named(latest, r.SID, now); err != nil {
			return booking.OutboxMessage{}, false, err
		}
		if news(latest.Delivery, r.Status) {
			latest = receive(latest, r, now)
		}
		return latest, true, t.putMessage(&was, latest)
	}
	return booking.OutboxMessage{}, false, t.keepEarly(r, now)
}

// receive returns a message as a receipt that is news leaves it.
func receive(o booking.OutboxMessage, r booking.Receipt, now time.Time) booking.OutboxMessage {
	o.Delivery, o.Changed = r.Status, now.UTC()
	switch r.Status {
	case statusDelivered:
		o.State, o.Next, o.Code, o.Reason = booking.MessageDelivered, time.Time{}, 0, ""
	case statusRead:
		o.State, o.Next, o.Code, o.Reason = booking.MessageRead, time.Time{}, 0, ""
	case statusUndelivered, statusFailed:
		o.State, o.Next, o.Code, o.Reason = booking.MessageBounced, now.UTC(), r.Code, r.Status
	}
	if n := len(o.History); n > 0 && o.History[n-1].SID == r.SID {
		o.History = slices.Clone(o.History)
		o.History[n-1].State, o.History[n-1].Code, o.History[n-1].Reason = o.State, o.Code, o.Reason
	}
	return o
}

// named returns a message with the carrier's name for it, and with what the
// carrier said of that name before it was known.
func (t *tx) named(o booking.OutboxMessage, sid string, now time.Time) (booking.OutboxMessage, error) {
	o.SID, o.Delivery = sid, ""
	if err := t.bucket(outboxSIDsBucket).Put([]byte(sid), []byte(o.ID)); err != nil {
		return o, err
	}
	bucket := t.bucket(outboxEarlyBucket)
	value := bucket.Get([]byte(sid))
	if value == nil {
		return o, nil
	}
	early, err := decodeEarly([]byte(sid), value)
	if err != nil {
		return o, err
	}
	o = receive(o, booking.Receipt{SID: sid, Status: early.Status, Code: early.Code}, now)
	return o, bucket.Delete([]byte(sid))
}

const earlyFormat = 1

// early is a receipt that came before the name that it is about.
type early struct {
	V      int       `json:"v"`
	Status string    `json:"status"`
	Code   int       `json:"code,omitempty"`
	At     time.Time `json:"at"`
}

func decodeEarly(sid, value []byte) (early, error) {
	var e early
	err := readJSON(outboxEarlyBucket, sid, earlyFormat, value, &e, &e.V)
	return e, err
}

// keepEarly keeps a receipt for a name that is not known, if there is an attempt
// whose name it could be.
func (t *tx) keepEarly(r booking.Receipt, now time.Time) error {
	nameless := false
	for _, state := range []booking.MessageState{booking.MessageSending, booking.MessageUnknown} {
		for range t.idsIn(state) {
			nameless = true
			break
		}
	}
	if !nameless {
		return nil
	}
	bucket := t.bucket(outboxEarlyBucket)
	if value := bucket.Get([]byte(r.SID)); value != nil {
		was, err := decodeEarly([]byte(r.SID), value)
		if err != nil || !news(was.Status, r.Status) {
			return err
		}
	}
	value, err := json.Marshal(early{V: earlyFormat, Status: r.Status, Code: r.Code, At: now.UTC()})
	if err != nil {
		return fmt.Errorf("encode receipt: %w", err)
	}
	return bucket.Put([]byte(r.SID), value)
}

package booking

import (
	"fmt"
	"time"
)

// MessageState is the state of a message in the outbox.
type MessageState string

// The life of a message.
//
// A message is waiting until an attempt begins; sending until the attempt's result is on
// disk; then waiting again, sent, or unknown. What the carrier took and could not deliver
// is bounced until it is decided what to do. The other states are final.
const (
	// MessageWaiting: to be sent when its time comes.
	MessageWaiting MessageState = "waiting"
	// MessageSending: an attempt has begun.
	MessageSending MessageState = "sending"
	// MessageUnknown: an attempt may or may not have arrived; the carrier is asked before
	// anything is sent again.
	MessageUnknown MessageState = "unknown"
	// MessageSent: the carrier took it, and has not reported on it yet.
	MessageSent MessageState = "sent"
	// MessageBounced: it does not reach the phone by this way.
	MessageBounced MessageState = "bounced"

	MessageDelivered MessageState = "delivered"
	MessageRead      MessageState = "read"
	// MessageFailed: given up, and shown to a person.
	MessageFailed MessageState = "failed"
	// MessageExpired: its time was over before it could be sent.
	MessageExpired MessageState = "expired"
	// MessageWithheld: its recipient does not want messages.
	MessageWithheld MessageState = "withheld"
)

// MessageStates returns all states, in the order of a message's life.
func MessageStates() []MessageState {
	return []MessageState{MessageWaiting, MessageSending, MessageUnknown, MessageSent, MessageBounced,
		MessageDelivered, MessageRead, MessageFailed, MessageExpired, MessageWithheld}
}

// Open reports whether a message in this state still needs work.
func (s MessageState) Open() bool {
	switch s {
	case MessageWaiting, MessageSending, MessageUnknown, MessageBounced:
		return true
	default:
		return false
	}
}

// Way is how a message travels.
type Way string

// The ways, in the order in which they are tried.
const (
	// ByText is free text by WhatsApp, within 24 hours of the phone's last message.
	ByText Way = "text"
	// ByTemplate is an approved template by WhatsApp.
	ByTemplate Way = "template"
	// BySMS is free text by SMS.
	BySMS Way = "sms"
)

// OutboxMessage is a message and what has been done about it so far.
type OutboxMessage struct {
	Message
	State MessageState `json:"state"`
	Made  time.Time    `json:"made"`
	// Changed is when the state changed last.
	Changed time.Time `json:"changed"`
	// Next is when it is due again, while State is Open and not sending.
	Next time.Time `json:"next,omitzero"`

	// Way is that of the last attempt; later attempts do not return to an earlier way.
	Way Way `json:"way,omitempty"`
	// SID is the carrier's ID of the last attempt.
	SID string `json:"sid,omitempty"`
	// Delivery is the carrier's last status of it.
	Delivery string `json:"delivery,omitempty"`
	// Code and Reason say why the last attempt failed or was postponed.
	Code   int    `json:"code,omitempty"`
	Reason string `json:"reason,omitempty"`

	// Tries counts the attempts, Doubts those whose result was unknown, and Failures the
	// failures since the last success.
	Tries    int `json:"tries,omitempty"`
	Doubts   int `json:"doubts,omitempty"`
	Failures int `json:"failures,omitempty"`
	// History holds the latest attempts, oldest first.
	History []MessageAttempt `json:"history,omitempty"`
}

// MessageAttempt is one try at sending a message.
type MessageAttempt struct {
	At     time.Time    `json:"at"`
	Way    Way          `json:"way"`
	State  MessageState `json:"state"` // what it led to
	SID    string       `json:"sid,omitempty"`
	Code   int          `json:"code,omitempty"`
	Reason string       `json:"reason,omitempty"`
	// Missed is when, by the carrier's clock, the carrier's list was first found without
	// it; the attempt was made before. Zero: its result is known, or was not looked for.
	Missed time.Time `json:"missed,omitzero"`
}

// LastTry returns when the last attempt began; zero when there was none.
func (o OutboxMessage) LastTry() time.Time {
	if len(o.History) == 0 {
		return time.Time{}
	}
	return o.History[len(o.History)-1].At
}

// Missed returns the last attempt's Missed; zero when there was no attempt.
func (o OutboxMessage) Missed() time.Time {
	if len(o.History) == 0 {
		return time.Time{}
	}
	return o.History[len(o.History)-1].Missed
}

// SendResult is the result of an attempt to send a message, or of looking for one.
type SendResult struct {
	// State is waiting, unknown, sent, bounced, failed, expired or withheld.
	State MessageState
	// SID is the carrier's ID; with sent only.
	SID string
	// Next is when to look again; with waiting, unknown and bounced.
	Next time.Time
	// Failed counts it as one more failure: the next wait is longer.
	Failed bool
	Code   int
	Reason string
	// Missed is as in [MessageAttempt]; with unknown only.
	Missed time.Time
}

// Receipt is the carrier's report on a message that it took.
type Receipt struct {
	// Message is the message's ID, where the carrier returns it.
	Message string
	SID     string
	// Status is the carrier's: queued, sending, sent, delivered, read,
	// undelivered, failed. Any other is ignored.
	Status string
	Code   int
}

// OutgoingMessage is a message made ready for one attempt.
type OutgoingMessage struct {
	Message string // its ID
	To      Phone
	Way     Way
	// Text is what is sent by text or SMS.
	Text string
	// Template and Vars are what is sent by template.
	Template string
	Vars     []string
}

// CarryKind is what a [CarryError] means for the next attempt.
type CarryKind string

// The kinds of failures to send a message. With all but CarryUnknown, nothing was sent.
const (
	// CarryRefused: the same message will be refused again.
	CarryRefused CarryKind = "refused"
	// CarryLater: it can be tried again.
	CarryLater CarryKind = "later"
	// CarryUnauthorized: nothing is sent before a person fixes the account.
	CarryUnauthorized CarryKind = "unauthorized"
	// CarryUnknown: it may have been sent.
	CarryUnknown CarryKind = "unknown"
)

// CarryError is why a message was not sent, or is not known to be.
type CarryError struct {
	Kind CarryKind
	Code int // the carrier's; 0 where there is none
	// Reason is for the staff, in the carrier's words or ours.
	Reason string
	// Fix says what a person can do, in our own words; empty where there is nothing.
	Fix        string
	RetryAfter time.Duration // how long to wait at least; 0 where nobody knows
	Err        error         // the cause; may be nil
}

// Error returns the kind, the carrier's code and the reason.
func (e *CarryError) Error() string {
	if e.Code != 0 {
		return fmt.Sprintf("message not sent: %s (%d): %s", e.Kind, e.Code, e.Reason)
	}
	return fmt.Sprintf("message not sent: %s: %s", e.Kind, e.Reason)
}

// Unwrap returns the cause.
func (e *CarryError) Unwrap() error { return e.Err }

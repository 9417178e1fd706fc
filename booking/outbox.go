package booking

import (
	"fmt"
	"time"
)

// MessageState is how far a message owed has come.
type MessageState string

// The life of a message.
//
// A message is waiting until an attempt begins; sending until the attempt's
// outcome is on disk; then waiting again, sent, or unknown. What the carrier
// took and could not deliver is bounced until it is decided what becomes of it.
// The rest are ends.
const (
	// MessageWaiting: to be sent when its time comes.
	MessageWaiting MessageState = "waiting"
	// MessageSending: an attempt has begun.
	MessageSending MessageState = "sending"
	// MessageUnknown: an attempt may or may not have arrived; it is looked for
	// before anything is sent again.
	MessageUnknown MessageState = "unknown"
	// MessageSent: the carrier took it, and nothing is heard of it yet.
	MessageSent MessageState = "sent"
	// MessageBounced: the carrier took it, or refused it, because this way does
	// not reach the phone.
	MessageBounced MessageState = "bounced"

	MessageDelivered MessageState = "delivered"
	MessageRead      MessageState = "read"
	// MessageFailed: given up; a person sees it.
	MessageFailed MessageState = "failed"
	// MessageExpired: its time was over before it could be sent.
	MessageExpired MessageState = "expired"
	// MessageWithheld: its receiver does not want messages.
	MessageWithheld MessageState = "withheld"
)

// MessageStates returns all states, in the order of a message's life.
func MessageStates() []MessageState {
	return []MessageState{MessageWaiting, MessageSending, MessageUnknown, MessageSent, MessageBounced,
		MessageDelivered, MessageRead, MessageFailed, MessageExpired, MessageWithheld}
}

// Open tells whether something is still to be done about a message in this state.
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

// Owed is a message together with what became of it so far.
type OutboxMessage struct {
	Message
	State MessageState `json:"state"`
	Made  time.Time    `json:"made"`
	// Changed is when the state changed last.
	Changed time.Time `json:"changed"`
	// Next is when something is to be done, while State is Open and not sending.
	Next time.Time `json:"next,omitzero"`

	// Way is that of the last attempt; later ones do not go back behind it.
	Way Way `json:"way,omitempty"`
	// SID is the carrier's name for what it took at the last attempt.
	SID string `json:"sid,omitempty"`
	// Delivery is the carrier's last word on it.
	Delivery string `json:"delivery,omitempty"`
	// Code and Reason say why the last attempt failed or was put off.
	Code   int    `json:"code,omitempty"`
	Reason string `json:"reason,omitempty"`

	// Tries counts the attempts, Doubts those whose outcome was unknown, and
	// Failures what went wrong since the last success.
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
	// Missed is when the carrier's list was first without it, by the carrier's clock:
	// the attempt was made before. Zero: its outcome is known, or nobody has looked.
	Missed time.Time `json:"missed,omitzero"`
}

// LastTry is when the last attempt began; zero when there was none.
func (o OutboxMessage) LastTry() time.Time {
	if len(o.History) == 0 {
		return time.Time{}
	}
	return o.History[len(o.History)-1].At
}

// Missed is when the carrier's list was first without what the last attempt may
// have sent, by the carrier's clock; zero: nobody has looked.
func (o OutboxMessage) Missed() time.Time {
	if len(o.History) == 0 {
		return time.Time{}
	}
	return o.History[len(o.History)-1].Missed
}

// MessageOutcome is what an attempt, or a look at a message, led to.
type SendResult struct {
	// State is waiting, unknown, sent, bounced, failed, expired or withheld.
	State MessageState
	// SID is the carrier's name for what it took; with sent only.
	SID string
	// Next is when to look again; with waiting, unknown and bounced.
	Next time.Time
	// Failed counts it as one more failure: the next wait is longer.
	Failed bool
	Code   int
	Reason string
	// Missed is when the carrier's list was without it, by the carrier's clock; with
	// unknown only, where it was looked for.
	Missed time.Time
}

// Receipt is the carrier's word on what became of something that it took.
type Receipt struct {
	// Message is the message's ID, where the carrier tells it.
	Message string
	SID     string
	// Status is in the carrier's words: queued, sending, sent, delivered, read,
	// undelivered, failed. Any other is ignored.
	Status string
	Code   int
}

// Letter is a message made ready for one attempt.
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

// CarryKind tells what a [CarryError] means for the letter.
type CarryKind string

// The kinds of failures to carry a letter. With each but CarryUnknown, nothing was sent.
const (
	// CarryRefused: the same letter will be refused again.
	CarryRefused CarryKind = "refused"
	// CarryLater: to be tried again.
	CarryLater CarryKind = "later"
	// CarryUnauthorized: no letter goes before a person mends the account.
	CarryUnauthorized CarryKind = "unauthorized"
	// CarryUnknown: it may have been sent.
	CarryUnknown CarryKind = "unknown"
)

// CarryError is why a letter was not carried, or is not known to be.
type CarryError struct {
	Kind CarryKind
	Code int // the carrier's; 0 where there is none
	// Reason is for the staff, in the carrier's words or ours.
	Reason string
	// Mend says, in our words alone, what a person can do; empty where there is nothing.
	Fix        string
	RetryAfter time.Duration // how long to wait at least; 0 where nobody knows
	Err        error         // the cause; may be nil
}

// Error says what happened.
func (e *CarryError) Error() string {
	if e.Code != 0 {
		return fmt.Sprintf("letter not carried: %s (%d): %s", e.Kind, e.Code, e.Reason)
	}
	return fmt.Sprintf("letter not carried: %s: %s", e.Kind, e.Reason)
}

// Unwrap returns the cause.
func (e *CarryError) Unwrap() error { return e.Err }

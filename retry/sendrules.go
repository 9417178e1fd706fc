package retry

import (
	"slices"
	"time"

	"maitre/booking"
)

// The rules by which a message is sent, put off or given up: pure functions of the
// message and a view.

const (
	// chatWindow is how long free text may follow a phone's last message;
	// windowMargin is the part of it left for the message to arrive.
	chatWindow   = 24 * time.Hour
	windowMargin = time.Minute
	// listDelay is how long after an attempt a message that arrived is in the
	// carrier's list at the latest, by the carrier's clock: ours may be set meanwhile.
	listDelay = 2 * time.Minute
	// A list that cannot be read is asked for until maxSearchTime has passed, and at
	// least minSearches times, in case the clock is set ahead.
	maxSearchTime = 72 * time.Hour
	minSearches   = 24
	// maxDoubts is how many attempts may end in doubt before the message is given up.
	maxDoubts = 3
	// maxTries bounds the attempts of a message that the carrier accepts and then
	// reports as failed.
	maxTries = 12
)

// The carrier's error codes that the rules depend on.
const (
	codeWindowClosed = 63016 // free text outside the 24 hours
	codeOptedOut     = 21610 // the receiver sent STOP to the carrier
)

// reachCodes mean that this way does not reach the phone: 63003 and 63024 that it
// has no WhatsApp, 63032 that WhatsApp does not allow the message.
func reachCodes() []int { return []int{63003, codeWindowClosed, 63024, 63032} }

// laterCodes mean that the carrier took a message, and the channel was too busy or
// failed.
func laterCodes() []int { return []int{63001, 63012, 63018} }

// view is what the rules need to know beside the message.
type view struct {
	now         time.Time
	lastMessage time.Time // the phone's last message
	optedOut    bool
	stale       bool // what it says no longer holds
	quiet       bool
	until       time.Time // the end of the quiet hours
	template    string    // the carrier's ID for this kind and language
	sms         bool
	jitter      float64
}

// action is what is to be done about a message.
type action int

const (
	noteOnly action = iota // only save the result
	search
	send
)

// verdict is what to do about a message.
type verdict struct {
	do  action
	way booking.Way        // to send by
	out booking.SendResult // to save
}

func noteResult(out booking.SendResult) verdict { return verdict{do: noteOnly, out: out} }

// judge decides about a due message.
func judge(o booking.OutboxMessage, v view) verdict {
	if o.State == booking.MessageUnknown {
		return verdict{do: search}
	}
	return judgeUnsent(o, v)
}

// judgeNotFound decides about a message that may have been sent and is not in the
// carrier's list as of a time by the carrier's clock. It may be sent again only if a
// list at least listDelay before that was without it too.
func judgeNotFound(o booking.OutboxMessage, v view, asOf time.Time) verdict {
	first := o.Missed()
	if first.IsZero() || asOf.Before(first) {
		first = asOf
	}
	if left := listDelay - asOf.Sub(first); left > 0 {
		return noteResult(booking.SendResult{State: booking.MessageUnknown, Next: v.now.Add(left), Code: o.Code, Reason: o.Reason, Missed: first})
	}
	return judgeUnsent(o, v)
}

// judgeUnsearchable decides about a message that may have been sent, while the
// carrier's list cannot be read.
func judgeUnsearchable(o booking.OutboxMessage, e *booking.CarryError, v view) verdict {
	if o.Failures >= minSearches && v.now.Sub(o.LastTry()) > maxSearchTime {
		return noteResult(failed(o.Code, "whether it was sent could not be found out"))
	}
	pause := max(e.RetryAfter, Backoff(o.Failures+1, v.jitter))
	return noteResult(booking.SendResult{State: booking.MessageUnknown, Next: v.now.Add(pause), Failed: true, Code: e.Code, Reason: e.Reason})
}

// judgeUnsent decides about a message that was surely not sent.
func judgeUnsent(o booking.OutboxMessage, v view) verdict {
	bounced := o.State == booking.MessageBounced
	switch {
	case !o.Expires.IsZero() && !v.now.Before(o.Expires):
		return noteResult(booking.SendResult{State: booking.MessageExpired, Code: o.Code, Reason: "its time was over"})
	case v.stale:
		return noteResult(booking.SendResult{State: booking.MessageExpired, Code: o.Code, Reason: "what it tells is not so any more"})
	case v.optedOut:
		return noteResult(booking.SendResult{State: booking.MessageWithheld, Reason: "the receiver wants no messages"})
	case o.Doubts >= maxDoubts:
		return noteResult(failed(o.Code, "too many attempts had no known outcome"))
	case bounced && slices.Contains(laterCodes(), o.Code) && o.Tries < maxTries:
		return noteResult(booking.SendResult{State: booking.MessageWaiting, Next: v.now.Add(Backoff(o.Failures+1, v.jitter)),
			Failed: true, Code: o.Code, Reason: o.Reason})
	case bounced && !slices.Contains(reachCodes(), o.Code):
		return noteResult(failed(o.Code, o.Reason))
	}
	way := wayFor(o, v)
	if way == "" {
		return noteResult(failed(o.Code, noWayReason(o, v)))
	}
	if v.quiet && !o.Urgent && v.until.After(v.now) {
		next := v.until
		if !o.Expires.IsZero() && o.Expires.Before(next) {
			next = o.Expires // so that it expires then
		}
		return noteResult(booking.SendResult{State: o.State, Next: next, Code: o.Code, Reason: "quiet hours"})
	}
	return verdict{do: send, way: way}
}

func failed(code int, reason string) booking.SendResult {
	return booking.SendResult{State: booking.MessageFailed, Code: code, Reason: reason}
}

// wayFor returns how to send a message: as text while the window is open, else by
// template, else by SMS; never by a way before one that was tried, nor by one that
// bounced. Without template and SMS it is sent as text all the same: the phone may
// have written before we kept count, and the carrier refuses it otherwise. "" is none.
func wayFor(o booking.OutboxMessage, v view) booking.Way {
	bounced := o.State == booking.MessageBounced
	byWhatsApp := o.Way != booking.BySMS
	byText := byWhatsApp && o.Way != booking.ByTemplate && windowOpen(v)
	if bounced {
		byText = false
		byWhatsApp = byWhatsApp && o.Way == booking.ByText && o.Code == codeWindowClosed
	}
	switch {
	case byText:
		return booking.ByText
	case byWhatsApp && v.template != "":
		return booking.ByTemplate
	case v.sms && !(bounced && o.Way == booking.BySMS):
		return booking.BySMS
	case byWhatsApp && !bounced && o.Way != booking.ByTemplate:
		return booking.ByText
	default:
		return ""
	}
}

func windowOpen(v view) bool { return v.now.Before(v.lastMessage.Add(chatWindow - windowMargin)) }

// noWayReason says why there is no way to send a message.
func noWayReason(o booking.OutboxMessage, v view) string {
	switch {
	case o.State == booking.MessageBounced && o.Way == booking.BySMS:
		return o.Reason
	case o.State == booking.MessageBounced && o.Code != codeWindowClosed:
		return "WhatsApp does not reach the phone, and SMS is not set up or not allowed"
	case v.template == "":
		return "the phone has not written within a day, and there is neither a template for this message nor SMS"
	default:
		return "neither the template nor the text reaches the phone, and SMS is not set up or not allowed"
	}
}

// failedResult returns the result of an attempt that the carrier refused or did not
// answer.
func failedResult(o booking.OutboxMessage, e *booking.CarryError, v view) booking.SendResult {
	out := booking.SendResult{Code: e.Code, Reason: e.Reason, Failed: true}
	pause := max(e.RetryAfter, Backoff(o.Failures+1, v.jitter))
	switch e.Kind {
	case booking.CarryRefused:
		out.Failed = false
		switch {
		case e.Code == codeOptedOut:
			out.State = booking.MessageWithheld
		case slices.Contains(reachCodes(), e.Code):
			out.State, out.Next = booking.MessageBounced, v.now
		default:
			out.State = booking.MessageFailed
		}
	case booking.CarryLater, booking.CarryUnauthorized:
		out.State, out.Next = booking.MessageWaiting, v.now.Add(pause)
	case booking.CarryUnknown:
		out.State, out.Next = booking.MessageUnknown, v.now // to search for it
	}
	return out
}

// outgoing returns a message as it is sent by a way.
func outgoing(o booking.OutboxMessage, way booking.Way, template string) booking.OutgoingMessage {
	l := booking.OutgoingMessage{Message: o.ID, To: o.To, Way: way}
	if way == booking.ByTemplate {
		l.Template, l.Vars = template, o.Vars
		return l
	}
	l.Text = o.Text
	return l
}

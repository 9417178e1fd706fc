package booking

import (
	"slices"
	"time"
)

// Correspondence is the owner's settings for the messages that the restaurant sends by
// itself. The zero value sends nothing; see [UsualCorrespondence].
type Correspondence struct {
	// Kinds are the kinds of messages that guests are sent. MessageCall and
	// MessageAlert are always sent: somebody waits for them.
	Kinds []MessageKind
	// InWriting: guests also get a message of what they were told when they asked.
	InWriting bool
	// From QuietFrom to QuietUntil only urgent messages are sent. There are no quiet
	// hours if both are the same. They are local times of the restaurant.
	QuietFrom, QuietUntil TimeOfDay
	// RemindAt is when guests are reminded, on the day before.
	RemindAt TimeOfDay
	// Hold is how long a table is held for a party of the waitlist.
	Hold time.Duration
	// NoSMS: nothing is sent by SMS, even if a sender is configured.
	NoSMS bool
	// Templates are the carrier's names of the approved templates.
	Templates map[Lang]map[MessageKind]string
}

// UsualCorrespondence returns the defaults.
func UsualCorrespondence() Correspondence {
	return Correspondence{
		Kinds: GuestMessages(), QuietFrom: NewTimeOfDay(22, 30), QuietUntil: NewTimeOfDay(9, 30), RemindAt: NewTimeOfDay(11, 0), Hold: 15 * time.Minute,
	}
}

// GuestMessages returns the kinds of messages that an owner may do without.
func GuestMessages() []MessageKind {
	return []MessageKind{MessageConfirm, MessageBooked, MessageChanged, MessageCancelled, MessageReminder, MessageTableFree}
}

// Sends reports whether guests are sent messages of a kind.
func (c Correspondence) Sends(kind MessageKind) bool {
	return slices.Contains(c.Kinds, kind) || kind == MessageCall || kind == MessageAlert
}

// Template returns the carrier's name of the template for a kind of message in
// a language, "" where there is none.
func (c Correspondence) Template(kind MessageKind, lang Lang) string { return c.Templates[lang][kind] }

// Quiet reports whether a moment lies in the quiet hours, and when they end.
func (c Correspondence) Quiet(now time.Time, loc *time.Location) (until time.Time, quiet bool) {
	from, to := int(c.QuietFrom)%minutesPerDay, int(c.QuietUntil)%minutesPerDay
	now = now.In(loc)
	clock := now.Hour()*60 + now.Minute()
	within := from <= clock && clock < to
	if from > to { // over midnight
		within = from <= clock || clock < to
	}
	if !within {
		return time.Time{}, false
	}
	days := 0
	if clock >= to {
		days = 1
	}
	y, m, d := now.Date()
	return time.Date(y, m, d+days, to/60, to%60, 0, 0, loc), true
}

// ReminderDue returns when the guests of a service day are reminded: on the calendar
// day before, at RemindAt local time.
func (c Correspondence) ReminderDue(date Date, loc *time.Location) time.Time {
	at, _ := date.AddDays(-1).Instant(c.RemindAt, loc)
	return at
}

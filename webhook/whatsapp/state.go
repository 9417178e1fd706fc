package whatsapp

import (
	"encoding/json"
	"fmt"
	"time"

	"maitre/booking"
)

const (
	// silence is after how long without a message what was half done is given up.
	// The language is remembered.
	silence = 30 * time.Minute
	// stranger is after how long a guest reads again that a machine answers.
	stranger = 24 * time.Hour
	// maxTries is how often in a day a guest may name a code that finds nothing.
	maxTries = 5
	// maxMisses is how often in a row a guest is not understood before a person is offered.
	maxMisses = 3
	// calledFor is how long a guest who asked for a person does not alert the
	// restaurant again by asking once more.
	calledFor = 10 * time.Minute
)

const stateFormat = 1

// task is what is under way with a guest. None: nothing.
type task string

const (
	toBook    task = "book"    // Draft is the booking to be
	toChange  task = "change"  // Draft is what becomes otherwise
	toCancel  task = "cancel"  //
	toConfirm task = "confirm" // Keep reports whether the guest keeps it
	toSee     task = "see"     // a code is needed to tell a booking
	toKeep    task = "keep"    // whether a table that is held shall be kept
)

// asked is what the guest was asked last. A detail of a booking is named as
// booking.Refusal.Field names it.
type asked string

const (
	forAll     asked = "all" // day, time and party at once
	forDate    asked = "date"
	forTime    asked = "time"
	forParty   asked = "party"
	forZone    asked = "zone"
	forName    asked = "name"
	forCode    asked = "code"
	forYes     asked = "yes"     // what was read back, yes or no
	forOption  asked = "option"  // one of Options
	forBooking asked = "booking" // one of Which
	forWhat    asked = "what"    // which detail is to change
	forOther   asked = "other"   // whether to look for another time or day
	forRetry   asked = "retry"   // whether to try once more what failed
)

// detail reports whether what was asked is one detail.
func (a asked) detail() bool {
	switch a {
	case forDate, forTime, forParty, forZone, forName, forCode:
		return true
	}
	return false
}

// draft is what the guest wants of a booking; what was not said is zero.
type draft struct {
	Date  booking.Date       `json:"date,omitzero"`
	Time  *booking.TimeOfDay `json:"time,omitempty"`
	Party int                `json:"party,omitempty"`
	Zone  string             `json:"zone,omitempty"`
	// AnyZone: the guest does not mind where.
	AnyZone bool   `json:"any_zone,omitempty"`
	Name    string `json:"name,omitempty"`
	// Offered is the name that was read back although the guest did not say it.
	Offered string `json:"offered,omitempty"`
	Notes   string `json:"notes,omitempty"`
}

func (d *draft) empty() bool {
	return d.Date.IsZero() && d.Time == nil && d.Party == 0 && d.Zone == "" && !d.AnyZone && d.Name == "" && d.Notes == ""
}

// sameTable reports whether two drafts ask for the same table. A name that comes
// with the yes is not read back once more.
func (d draft) sameTable(o draft) bool {
	sameTime := d.Time == o.Time || d.Time != nil && o.Time != nil && *d.Time == *o.Time
	return sameTime && d.Date == o.Date && d.Party == o.Party && d.Zone == o.Zone && d.AnyZone == o.AnyZone && d.Notes == o.Notes
}

func (d draft) same(o draft) bool { return d.sameTable(o) && d.Name == o.Name }

// option is a time that was offered.
type option struct {
	Date booking.Date      `json:"date"`
	Time booking.TimeOfDay `json:"time"`
	Zone string            `json:"zone,omitempty"`
}

// state is the state of a conversation, as it is kept.
type state struct {
	V int `json:"v"`
	// At is when the guest wrote last; zero: never.
	At   time.Time    `json:"at,omitzero"`
	Lang booking.Lang `json:"lang,omitempty"`
	// Name is what the guest booked under last.
	Name string `json:"name,omitempty"`

	Task    task     `json:"task,omitempty"`
	Asked   asked    `json:"asked,omitempty"`
	Draft   draft    `json:"draft,omitzero"`
	Options []option `json:"options,omitempty"`
	Which   []string `json:"which,omitempty"` // codes, in the order in which they were listed
	Keep    bool     `json:"keep,omitempty"`
	// All: each booking of Which is to be cancelled.
	All bool `json:"all,omitempty"`
	// Code is the booking that Task is about, and Phone the number that it was
	// made with where the guest had to name it.
	Code  string        `json:"code,omitempty"`
	Phone booking.Phone `json:"phone,omitempty"`
	// Recent is the booking that was made or changed last in this conversation.
	Recent string `json:"recent,omitempty"`
	Misses int    `json:"misses,omitempty"`
	// Full: the waitlist was offered; Wait: the guest wants to be on it.
	Full bool `json:"full,omitempty"`
	Wait bool `json:"wait,omitempty"`
	// Call: the guest was asked whether a person shall call, because of Said.
	Call bool   `json:"call,omitempty"`
	Said string `json:"said,omitempty"`

	// Called is when a person was asked to call.
	Called  time.Time    `json:"called,omitzero"`
	Tries   int          `json:"tries,omitempty"`
	TriedOn booking.Date `json:"tried_on,omitzero"`
}

// readState reads what was kept.
func readState(value []byte) (state, error) {
	var s state
	if err := json.Unmarshal(value, &s); err != nil {
		return state{}, fmt.Errorf("read dialogue: %w", err)
	}
	if s.V > stateFormat {
		return state{}, fmt.Errorf("read dialogue: it has format %d, this program knows %d", s.V, stateFormat)
	}
	return s, nil
}

func (s *state) encode() ([]byte, error) {
	s.V = stateFormat
	value, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write dialogue: %w", err)
	}
	return value, nil
}

// rested reports whether the guest has been silent so long that what was half
// done is given up. A clock that was set back a little ends nothing; set back by a
// day or more, it was wrong when the guest wrote, and nobody knows when that was.
func (s *state) rested(now time.Time) bool {
	age := now.Sub(s.At)
	return s.At.IsZero() || age >= silence || age <= -stranger
}

// settle ends what is under way.
func (s *state) settle() {
	s.Task, s.Asked, s.Draft, s.Options, s.Which, s.Keep = "", "", draft{}, nil, nil, false
	s.All = false
	s.Code, s.Phone, s.Misses, s.Call, s.Said = "", "", 0, false, ""
	s.Full, s.Wait = false, false
}

// begin starts something else.
func (s *state) begin(what task) {
	s.settle()
	s.Task = what
}

package retry

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"maitre/booking"
)

// incident is a time in which bookings wait.
type incident struct {
	V    int  `json:"v"`
	Open bool `json:"open"`
	// Number names its messages. It grows, so that whatever is told again after a
	// crash has the name that it had, and nothing else has.
	Number int64 `json:"number"`
	N      int   `json:"n"` // digests told
	// Told: the staff know of it. One that comes and goes shortly after another is
	// not told of.
	Alerted bool `json:"told"`

	Pending int       `json:"pending"` // as last told
	Parked  int       `json:"parked"`
	Written int       `json:"written"` // since it began
	Quiet   time.Time `json:"quiet"`   // nothing but its end, and cases, is told before
	// Well is since when nothing waits; zero: something does.
	Well time.Time `json:"well,omitzero"`
	// Relapses counts how often something waited again when nothing had.
	Relapses int `json:"relapses,omitempty"`

	// Gathered is since when cases for a person are gathered; Case is the only one.
	Gathered time.Time `json:"gathered,omitzero"`
	Case     string    `json:"case,omitempty"`

	// Sent and Asked are when messages were sent in the last hour, without those of
	// cases, and of cases alone.
	Sent  []time.Time `json:"sent,omitempty"`
	Asked []time.Time `json:"asked,omitempty"`
}

const (
	incidentName   = "incident"
	incidentFormat = 1
	// hourly is how many messages of a sort the staff get in an hour at most.
	maxPerHour = 5
)

// mayTell tells whether another message may be sent after those.
func mayAlert(sent []time.Time, now time.Time) bool { return len(lastHour(sent, now)) < maxPerHour }

// lately are those of the last hour, in a slice of their own.
func lastHour(sent []time.Time, now time.Time) []time.Time {
	return slices.DeleteFunc(slices.Clone(sent), func(at time.Time) bool { return passed(at, now, time.Hour) })
}

// tells notes that all that waits is told of now.
func (i *incident) recordAlert(depth booking.JournalDepth, now time.Time, every time.Duration) {
	i.Alerted, i.Pending, i.Parked, i.Quiet = true, depth.Pending, depth.Parked, now.Add(every)
	i.Gathered, i.Case = time.Time{}, ""
	i.Sent = append(lastHour(i.Sent, now), now)
}

// quiet tells whether nothing but its end, and cases, is told now. A quiet that
// lasts longer than it was to is over: the clock was set back since it began.
func (i *incident) quiet(now time.Time, every time.Duration) bool {
	return now.Before(i.Quiet) && !i.Quiet.After(now.Add(every))
}

// relapse notes that something waits.
func (i *incident) relapse() {
	if !i.Well.IsZero() {
		i.Well = time.Time{}
		i.Relapses++
	}
}

// steady is how long nothing may wait before all is told to be well.
func (i *incident) steady() time.Duration {
	return min(steady<<min(i.Relapses, 10), steadiest)
}

// isCase tells whether an entry needs a person now. What keeps all alike is told
// of once: whoever mends it for one mends it for all.
func (i *incident) isCase(e booking.JournalEntry) bool {
	return e.State == booking.EntryParked && (i.Parked == 0 || e.Parked == nil || !e.Parked.Cause.Fixable())
}

// gather takes in a case for a person.
func (i *incident) gather(entry string, now time.Time) {
	switch {
	case i.Gathered.IsZero():
		i.Gathered, i.Case = now, entry
	case i.Case != entry:
		i.Case = "" // several
	}
}

// same tells whether what changes with every failure stands as it did.
func (i *incident) sameState(was incident) bool {
	return i.Well.Equal(was.Well) && i.Gathered.Equal(was.Gathered) && i.Case == was.Case
}

// recall reads what was told before a restart; false: it cannot be read now.
func (a *Alarm) load(ctx context.Context) bool {
	if a.loaded {
		return true
	}
	value, err := a.cfg.Notebook.Kept(ctx, incidentName)
	if err == nil && value != nil {
		err = json.Unmarshal(value, &a.incident)
	}
	if err != nil {
		a.cfg.Log.Error("read what the staff were told", "error", err)
		return false
	}
	a.loaded = true
	if value == nil {
		// Not a number from before all this was forgotten.
		a.save(ctx, incident{V: incidentFormat, Number: a.cfg.Clock.Now().Unix()})
	}
	return true
}

func (a *Alarm) save(ctx context.Context, next incident) {
	a.incident, a.unsaved = next, false
	value, err := json.Marshal(next)
	if err == nil {
		err = a.cfg.Notebook.Keep(ctx, incidentName, value)
	}
	if err != nil {
		a.cfg.Log.Error("keep what the staff were told", "error", err)
	}
}

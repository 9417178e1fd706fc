package retry

import (
	"context"
	"slices"
	"time"

	"maitre/booking"
)

// incident is a time in which bookings wait.
type incident struct {
	V    int  `json:"v"`
	Open bool `json:"open"`
	// Number is part of its messages' keys. It grows with each incident, so that only
	// a message that is put again after a crash has the same key.
	Number int64 `json:"number"`
	N      int   `json:"n"` // digests sent
	// Alerted: the staff know of it. One that is over shortly after another began is
	// not reported.
	Alerted bool `json:"told"`

	Pending int       `json:"pending"` // as last reported
	Parked  int       `json:"parked"`
	Written int       `json:"written"` // since it began
	Quiet   time.Time `json:"quiet"`   // until then only its end and cases are reported
	// Well is since when nothing waits; zero while something does.
	Well time.Time `json:"well,omitzero"`
	// Relapses counts how often something waited again when nothing had.
	Relapses int `json:"relapses,omitempty"`

	// Gathered is since when cases for a person are gathered; Case is the entry if
	// there is only one.
	Gathered time.Time `json:"gathered,omitzero"`
	Case     string    `json:"case,omitempty"`

	// Sent and Asked are the times of the last hour's messages: Asked of those of
	// cases, Sent of all others.
	Sent  []time.Time `json:"sent,omitempty"`
	Asked []time.Time `json:"asked,omitempty"`
}

const (
	incidentName   = "incident"
	incidentFormat = 1
	// maxPerHour is the most messages of a sort that the staff get in an hour.
	maxPerHour = 5
)

// mayAlert reports whether another message may be sent after those.
func mayAlert(sent []time.Time, now time.Time) bool { return len(lastHour(sent, now)) < maxPerHour }

// lastHour returns a copy of the times in the last hour.
func lastHour(sent []time.Time, now time.Time) []time.Time {
	return slices.DeleteFunc(slices.Clone(sent), func(at time.Time) bool { return passed(at, now, time.Hour) })
}

// recordAlert notes that the depth is reported now.
func (i *incident) recordAlert(depth booking.JournalDepth, now time.Time, every time.Duration) {
	i.Alerted, i.Pending, i.Parked, i.Quiet = true, depth.Pending, depth.Parked, now.Add(every)
	i.Gathered, i.Case = time.Time{}, ""
	i.Sent = append(lastHour(i.Sent, now), now)
}

// quiet reports whether only its end and cases are reported now. A Quiet too far
// ahead is ignored: the clock was set back.
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

// steady returns how long nothing may wait before recovery is reported.
func (i *incident) steady() time.Duration {
	return min(steady<<min(i.Relapses, 10), steadiest)
}

// isCase reports whether an entry is a new case for a person. A cause that is fixed
// for all entries at once is reported once.
func (i *incident) isCase(e booking.JournalEntry) bool {
	return e.State == booking.EntryParked && (i.Parked == 0 || e.Parked == nil || !e.Parked.Cause.Fixable())
}

// gather adds a case for a person.
func (i *incident) gather(entry string, now time.Time) {
	switch {
	case i.Gathered.IsZero():
		i.Gathered, i.Case = now, entry
	case i.Case != entry:
		i.Case = "" // several
	}
}

// sameState reports whether the fields that a failure may change are equal.
func (i *incident) sameState(was incident) bool {
	return i.Well.Equal(was.Well) && i.Gathered.Equal(was.Gathered) && i.Case == was.Case
}

// load reads the incident from before a restart, and reports whether it could.
func (a *Alarm) load(ctx context.Context) bool {
	if a.loaded {
		return true
	}
	found, err := loadNote(ctx, a.cfg.Notebook, incidentName, &a.incident)
	if err != nil {
		a.cfg.Log.Error("read what was reported to the staff", "error", err)
		return false
	}
	a.loaded = true
	if !found {
		// A number that was not used before, even if the notes were lost.
		a.save(ctx, incident{V: incidentFormat, Number: a.cfg.Clock.Now().Unix()})
	}
	return true
}

func (a *Alarm) save(ctx context.Context, next incident) {
	a.incident, a.unsaved = next, false
	if err := saveNote(ctx, a.cfg.Notebook, incidentName, next); err != nil {
		a.cfg.Log.Error("save what was reported to the staff", "error", err)
	}
}

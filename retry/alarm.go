package retry

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"maitre/booking"
)

// Letterbox takes messages that are owed; *store.Outbox is one. A message whose key
// was used before is not taken again, and that is no error.
type Letterbox interface {
	Put(ctx context.Context, messages ...booking.Message) (kept int, err error)
}

// Notebook keeps small things by name, on disk; *store.Mirror is one.
type Notebook interface {
	Keep(ctx context.Context, name string, value []byte) error
	Kept(ctx context.Context, name string) ([]byte, error)
}

// AlarmWords are what the staff are told.
type AlarmWords interface {
	// AlertFirst tells at once of the first booking that could not be written.
	AlertFirst(to booking.Phone, e booking.JournalEntry, why *booking.Trouble, depth booking.JournalDepth, now time.Time) booking.Message
	// AlertDigest tells how many wait by now.
	AlertDigest(to booking.Phone, depth booking.JournalDepth, now time.Time) booking.Message
	// AlertRecovered tells how many were written after all, and how many need a person.
	AlertRecovered(to booking.Phone, written, parked int, now time.Time) booking.Message
}

// AlarmConfig is what an Alarm is made of; all is needed but where it says otherwise.
type AlarmConfig struct {
	Journal interface {
		Depth(ctx context.Context) (booking.JournalDepth, error)
		Due(ctx context.Context, now time.Time, limit int) ([]booking.JournalEntry, error)
	}
	Outbox   Letterbox
	Notebook Notebook
	Words    AlarmWords
	// Staff are the phones to tell. None: nobody is told.
	Staff []booking.Phone
	Watch booking.Watch
	// Every is the least time between two digests. Defaults to 15 minutes.
	Every time.Duration
	// Told, where set, is called after messages were put, so that they leave at once.
	Told func()
	Log  *slog.Logger
}

// Alarm tells the staff when bookings wait to be written: at once of the first,
// then at intervals how many there are, and when they were written. An outage in
// a full service is a few messages, not two hundred. What it has told is on
// disk, so that a restart in the middle tells nothing twice.
type Alarm struct {
	AlarmConfig

	mu       sync.Mutex
	incident incident
	read     bool
	dirt     bool // written has grown since it was kept
}

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
	Told bool `json:"told"`

	Pending int       `json:"pending"` // as last told
	Parked  int       `json:"parked"`
	Written int       `json:"written"` // since it began
	Quiet   time.Time `json:"quiet"`   // nothing but its end is told before
}

const (
	keptIncident   = "incident"
	incidentFormat = 1
	defaultEvery   = 15 * time.Minute
	// overdue is how long an entry waits before it is told of though no attempt of
	// it failed: the record was known not to answer when it came.
	overdue = 10 * time.Second
)

// NewAlarm returns an alarm.
func NewAlarm(c AlarmConfig) *Alarm {
	if c.Every <= 0 {
		c.Every = defaultEvery
	}
	if c.Told == nil {
		c.Told = func() {}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Alarm{AlarmConfig: c}
}

var _ Ears = (*Alarm)(nil)

// Waits implements [Ears].
func (a *Alarm) Waits(ctx context.Context, e booking.JournalEntry, why *booking.Trouble) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.recall(ctx) || a.incident.Open {
		return
	}
	a.begin(ctx, e, why)
}

// begin opens an incident, and tells of it unless the staff were told of another
// a short while ago: then the next digest does.
func (a *Alarm) begin(ctx context.Context, e booking.JournalEntry, why *booking.Trouble) {
	now := a.Watch.Now()
	depth, err := a.Journal.Depth(ctx)
	if err != nil {
		a.Log.Error("read the journal's depth", "error", err)
		return
	}
	next := a.following()
	if !now.Before(next.Quiet) {
		next.Told, next.Pending, next.Parked, next.Quiet = true, depth.Pending, depth.Parked, now.Add(a.Every)
		if !a.tell(ctx, "first", next, func(to booking.Phone) booking.Message { return a.Words.AlertFirst(to, e, why, depth, now) }) {
			return // it is told of at the next failure
		}
	}
	a.keep(ctx, next)
}

// following is the incident after the last, as it begins.
func (a *Alarm) following() incident {
	was := a.incident
	return incident{V: incidentFormat, Open: true, Number: was.Number + 1, Parked: was.Parked, Quiet: was.Quiet}
}

// Landed implements [Ears].
func (a *Alarm) Landed(ctx context.Context, e booking.JournalEntry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.recall(ctx) {
		return
	}
	if !a.incident.Open {
		if a.Watch.Now().Sub(e.Created) < a.Every {
			return // nobody was told that it waited
		}
		// It was parked, and what was told of it is long ago.
		next := a.following()
		next.Told = true
		a.incident = next
	}
	a.incident.Written++
	a.dirt = true
}

// Run looks now and then how an incident goes, until ctx ends.
func (a *Alarm) Run(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			a.Look(ctx)
		}
	}
}

// Look tells what there is to tell now.
func (a *Alarm) Look(ctx context.Context) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.recall(ctx) {
		return
	}
	depth, err := a.Journal.Depth(ctx)
	if err != nil {
		a.Log.Error("read the journal's depth", "error", err)
		return
	}
	now := a.Watch.Now()
	switch {
	case !a.incident.Open:
		a.incident.Parked = min(a.incident.Parked, depth.Parked) // some were seen to
		if !depth.Oldest.IsZero() && now.Sub(depth.Oldest) >= overdue {
			a.beginOverdue(ctx, now)
		}
	case depth.Pending == 0:
		a.ends(ctx, depth, now)
	case !now.Before(a.incident.Quiet) && (depth.Pending != a.incident.Pending || depth.Parked != a.incident.Parked):
		a.digest(ctx, depth, now)
	}
	if a.dirt {
		a.keep(ctx, a.incident)
	}
}

func (a *Alarm) beginOverdue(ctx context.Context, now time.Time) {
	due, err := a.Journal.Due(ctx, now, 1)
	if err != nil || len(due) == 0 {
		return // being attempted, or to be: its failure is told of
	}
	a.begin(ctx, due[0], &booking.Trouble{Kind: booking.Unreachable, Text: "the system of record does not answer"})
}

// ends closes an incident in which nothing is left to be attempted. Where
// something needs a person, more of the kind may come: they are gathered.
func (a *Alarm) ends(ctx context.Context, depth booking.JournalDepth, now time.Time) {
	next := a.incident
	quiet := now.Before(next.Quiet)
	switch {
	case next.Written > 0 && next.Told:
		next.Parked, next.Quiet = depth.Parked, now.Add(a.Every)
		if !a.tell(ctx, "recovered", next, func(to booking.Phone) booking.Message {
			return a.Words.AlertRecovered(to, next.Written, depth.Parked, now)
		}) {
			return
		}
	case depth.Parked > next.Parked && !quiet:
		a.digest(ctx, depth, now)
		return
	case depth.Parked > 0 && quiet:
		return
	default: // settled by hand, written before anybody was told, or long told of
		next.Parked = depth.Parked
	}
	next.Open = false
	a.keep(ctx, next)
}

func (a *Alarm) digest(ctx context.Context, depth booking.JournalDepth, now time.Time) {
	next := a.incident
	next.N++
	next.Told, next.Pending, next.Parked, next.Quiet = true, depth.Pending, depth.Parked, now.Add(a.Every)
	if a.tell(ctx, fmt.Sprintf("digest/%d", next.N), next, func(to booking.Phone) booking.Message { return a.Words.AlertDigest(to, depth, now) }) {
		a.keep(ctx, next)
	}
}

// tell puts a message for each of the staff. Its key is the same however often
// it is put, so that it is told before it is noted that it was. false: it could
// not be kept, and is to be told later.
func (a *Alarm) tell(ctx context.Context, what string, of incident, word func(booking.Phone) booking.Message) bool {
	messages := make([]booking.Message, 0, len(a.Staff))
	for _, phone := range a.Staff {
		m := word(phone)
		m.Key = fmt.Sprintf("alert/%d/%s/%s", of.Number, what, phone)
		m.Urgent = true
		messages = append(messages, m)
	}
	if len(messages) == 0 {
		a.Log.Warn("nobody is told that bookings wait: STAFF_PHONE is not set")
		return true
	}
	if _, err := a.Outbox.Put(ctx, messages...); err != nil {
		a.Log.Error("keep an alert for the staff", "error", err)
		return false
	}
	a.Told()
	return true
}

// recall reads what was told before a restart; false: it cannot be read now.
func (a *Alarm) recall(ctx context.Context) bool {
	if a.read {
		return true
	}
	value, err := a.Notebook.Kept(ctx, keptIncident)
	if err == nil && value != nil {
		err = json.Unmarshal(value, &a.incident)
	}
	if err != nil {
		a.Log.Error("read what the staff were told", "error", err)
		return false
	}
	a.read = true
	if value == nil {
		// Not a number from before all this was forgotten.
		a.keep(ctx, incident{V: incidentFormat, Number: a.Watch.Now().Unix()})
	}
	return true
}

func (a *Alarm) keep(ctx context.Context, next incident) {
	a.incident, a.dirt = next, false
	value, err := json.Marshal(next)
	if err == nil {
		err = a.Notebook.Keep(ctx, keptIncident, value)
	}
	if err != nil {
		a.Log.Error("keep what the staff were told", "error", err)
	}
}

package retry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"maitre/booking"
)

// AlertQueue takes messages; *store.Outbox implements it. A message whose key was
// used before is not taken again, without an error.
type AlertQueue interface {
	Put(ctx context.Context, messages ...booking.Message) (kept int, err error)
}

// AlarmWords makes the alerts to the staff.
type AlarmWords interface {
	// AlertFirst reports one booking that could not be written: the first that waits,
	// or one that needs a person.
	AlertFirst(to booking.Phone, e booking.JournalEntry, why *booking.RecordError, depth booking.JournalDepth, now time.Time) booking.Message
	// AlertDigest reports how many wait by now, and how many need a person.
	AlertDigest(to booking.Phone, depth booking.JournalDepth, now time.Time) booking.Message
	// AlertRecovered reports how many were written after all, and how many need a person.
	AlertRecovered(to booking.Phone, written, parked int, now time.Time) booking.Message
}

// AlarmConfig configures an [Alarm]. Fields are required unless they say otherwise.
type AlarmConfig struct {
	Journal interface {
		Get(ctx context.Context, id string) (booking.JournalEntry, error)
		Depth(ctx context.Context) (booking.JournalDepth, error)
		Due(ctx context.Context, now time.Time, limit int) ([]booking.JournalEntry, error)
	}
	Outbox   AlertQueue
	Notebook Notebook
	Words    AlarmWords
	// Staff are the phones to alert; may be empty.
	Staff []booking.Phone
	Clock booking.Clock
	// Every is the least time between two digests. Defaults to 15 minutes.
	Every time.Duration
	// Told, if set, is called after messages were put into the outbox.
	OnQueued func()
	Log      *slog.Logger
}

// Alarm alerts the staff when bookings wait to be written: at once to the first,
// then at intervals to their number, and when none has waited for a while. A booking
// that needs a person is reported within seconds. A long outage, or a record that
// comes and goes, makes a few messages only. What was reported is on disk, so that a
// restart reports nothing twice.
type Alarm struct {
	cfg AlarmConfig

	mu       sync.Mutex
	incident incident
	loaded   bool
	unsaved  bool // Written has grown since the incident was saved
}

const (
	defaultDigestPause = 15 * time.Minute
	// overdue is how long an entry waits before it is reported though no attempt
	// failed, since the record was known not to answer.
	overdue = 10 * time.Second
	// steady is how long nothing may wait before recovery is reported. It doubles, up
	// to steadiest, with each relapse.
	steady    = 30 * time.Second
	steadiest = 15 * time.Minute
	// gatherTime is how long cases for a person are gathered before they are reported.
	gatherTime = 20 * time.Second
)

// NewAlarm returns an alarm.
func NewAlarm(c AlarmConfig) *Alarm {
	if c.Every <= 0 {
		c.Every = defaultDigestPause
	}
	if c.OnQueued == nil {
		c.OnQueued = func() {}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Alarm{cfg: c}
}

var _ Observer = (*Alarm)(nil)

// Waits implements [Observer].
func (a *Alarm) Waits(ctx context.Context, e booking.JournalEntry, why *booking.RecordError) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.load(ctx) {
		return
	}
	alerted := false
	if !a.incident.Open {
		if alerted = a.beginIncident(ctx, e, why); !a.incident.Open {
			return // it is reported at the next failure
		}
	}
	next := a.incident
	next.relapse()
	if !alerted && next.isCase(e) {
		next.gather(e.ID, a.cfg.Clock.Now())
	}
	if !next.sameState(a.incident) {
		a.save(ctx, next)
	}
}

// beginIncident opens an incident and alerts the staff, unless they had another
// alert a short while ago, or too many: then the next digest reports it.
func (a *Alarm) beginIncident(ctx context.Context, e booking.JournalEntry, why *booking.RecordError) (alerted bool) {
	now := a.cfg.Clock.Now()
	depth, err := a.cfg.Journal.Depth(ctx)
	if err != nil {
		a.cfg.Log.Error("read the journal's depth", "error", err)
		return false
	}
	next := a.nextIncident(now)
	if alerted = !next.quiet(now, a.cfg.Every) && mayAlert(next.Sent, now); alerted {
		next.recordAlert(depth, now, a.cfg.Every)
		if !a.alertStaff(ctx, "first", next, func(to booking.Phone) booking.Message { return a.cfg.Words.AlertFirst(to, e, why, depth, now) }) {
			return false
		}
	}
	a.save(ctx, next)
	return alerted
}

// nextIncident returns the incident after the last, as it begins.
func (a *Alarm) nextIncident(now time.Time) incident {
	was := a.incident
	next := incident{V: incidentFormat, Open: true, Number: was.Number + 1, Parked: was.Parked, Quiet: was.Quiet, Sent: was.Sent, Asked: was.Asked}
	if was.quiet(now, a.cfg.Every) {
		next.Relapses = was.Relapses + 1
	}
	return next
}

// Landed implements [Observer].
func (a *Alarm) Landed(ctx context.Context, e booking.JournalEntry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.load(ctx) {
		return
	}
	if !a.incident.Open {
		if !passed(e.Created, a.cfg.Clock.Now(), a.cfg.Every) {
			return // its waiting was not reported
		}
		// It was parked, and reported long ago.
		next := a.nextIncident(a.cfg.Clock.Now())
		next.Alerted = true
		a.incident = next
	}
	a.incident.Written++
	a.unsaved = true
}

// Run calls Look at intervals, until ctx ends.
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

// Look reports what is to be reported now.
func (a *Alarm) Look(ctx context.Context) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.load(ctx) {
		return
	}
	depth, err := a.cfg.Journal.Depth(ctx)
	if err != nil {
		a.cfg.Log.Error("read the journal's depth", "error", err)
		return
	}
	now := a.cfg.Clock.Now()
	late := !depth.Oldest.IsZero() && passed(depth.Oldest, now, overdue)
	a.incident.Parked = min(a.incident.Parked, depth.Parked) // some have ended
	if a.incident.Open {
		a.reportCases(ctx, depth, now)
	}
	switch {
	case !a.incident.Open:
		if late {
			a.beginOverdueIncident(ctx, now)
		}
	case depth.Pending == 0:
		a.closeIncident(ctx, depth, now)
	default:
		if late {
			a.incident.relapse()
		}
		if !a.incident.quiet(now, a.cfg.Every) && (depth.Pending != a.incident.Pending || depth.Parked != a.incident.Parked) {
			a.digest(ctx, depth, now)
		}
	}
	if a.unsaved {
		a.save(ctx, a.incident)
	}
}

func (a *Alarm) beginOverdueIncident(ctx context.Context, now time.Time) {
	due, err := a.cfg.Journal.Due(ctx, now, 1)
	if err != nil || len(due) == 0 {
		return // being attempted, or due soon: its failure is reported
	}
	a.beginIncident(ctx, due[0], &booking.RecordError{Kind: booking.Unreachable, Text: "the system of record does not answer"})
}

// reportCases reports the cases for a person, after they were gathered.
func (a *Alarm) reportCases(ctx context.Context, depth booking.JournalDepth, now time.Time) {
	next := a.incident
	if next.Gathered.IsZero() || !passed(next.Gathered, now, gatherTime) || !mayAlert(next.Asked, now) {
		return
	}
	word := func(to booking.Phone) booking.Message { return a.cfg.Words.AlertDigest(to, depth, now) }
	seenTo := depth.Parked == 0
	if next.Case != "" {
		e, err := a.cfg.Journal.Get(ctx, next.Case)
		switch {
		case err == nil && e.Parked != nil:
			why := &booking.RecordError{Kind: booking.Permanent, Cause: e.Parked.Cause, Text: e.Parked.Text}
			word = func(to booking.Phone) booking.Message { return a.cfg.Words.AlertFirst(to, e, why, depth, now) }
		case err == nil || errors.Is(err, booking.ErrNotFound):
			seenTo = true
		default:
			a.cfg.Log.Error("read an entry that needs a person", "error", err)
			return
		}
	}
	next.Gathered, next.Case = time.Time{}, ""
	if !seenTo {
		next.N++
		next.Parked, next.Asked = depth.Parked, append(lastHour(next.Asked, now), now)
		if !a.alertStaff(ctx, fmt.Sprintf("case/%d", next.N), next, word) {
			return
		}
	}
	a.save(ctx, next)
}

// closeIncident closes an incident in which nothing has been left to attempt for a
// while. While cases for a person are gathered, it stays open.
func (a *Alarm) closeIncident(ctx context.Context, depth booking.JournalDepth, now time.Time) {
	next := a.incident
	if next.Well.IsZero() {
		next.Well = now
		a.save(ctx, next)
	}
	quiet := next.quiet(now, a.cfg.Every) || !mayAlert(next.Sent, now)
	switch {
	case !next.Gathered.IsZero() && mayAlert(next.Asked, now):
		return // reportCases comes first
	case next.Written > 0 && next.Alerted:
		if !passed(next.Well, now, next.steady()) || !mayAlert(next.Sent, now) {
			return
		}
		next.recordAlert(depth, now, a.cfg.Every)
		if !a.alertStaff(ctx, "recovered", next, func(to booking.Phone) booking.Message {
			return a.cfg.Words.AlertRecovered(to, next.Written, depth.Parked, now)
		}) {
			return
		}
	case depth.Parked > next.Parked && !quiet:
		a.digest(ctx, depth, now)
		return
	case depth.Parked > 0 && quiet:
		return
	default: // settled by hand, written before an alert, or reported long ago
		next.Parked = depth.Parked
	}
	next.Open = false
	a.save(ctx, next)
}

func (a *Alarm) digest(ctx context.Context, depth booking.JournalDepth, now time.Time) {
	next := a.incident
	if !mayAlert(next.Sent, now) {
		return
	}
	next.N++
	next.recordAlert(depth, now, a.cfg.Every)
	if a.alertStaff(ctx, fmt.Sprintf("digest/%d", next.N), next, func(to booking.Phone) booking.Message { return a.cfg.Words.AlertDigest(to, depth, now) }) {
		a.save(ctx, next)
	}
}

// alertStaff puts a message for each of the staff, with the same key each time, since
// it is put before that is saved. It reports whether the outbox took the messages.
func (a *Alarm) alertStaff(ctx context.Context, what string, of incident, word func(booking.Phone) booking.Message) bool {
	messages := make([]booking.Message, 0, len(a.cfg.Staff))
	for _, phone := range a.cfg.Staff {
		m := word(phone)
		m.Key = fmt.Sprintf("alert/%d/%s/%s", of.Number, what, phone)
		m.Urgent = true
		messages = append(messages, m)
	}
	if len(messages) == 0 {
		a.cfg.Log.Warn("bookings wait, and no alert is sent: STAFF_PHONE is not set")
		return true
	}
	if _, err := a.cfg.Outbox.Put(ctx, messages...); err != nil {
		a.cfg.Log.Error("put an alert for the staff into the outbox", "error", err)
		return false
	}
	a.cfg.OnQueued()
	return true
}

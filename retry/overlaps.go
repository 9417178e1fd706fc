package retry

import (
	"context"
	"fmt"
	"hash/fnv"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"maitre/booking"
)

// OverlapsConfig configures [Overlaps]. Fields are required unless they say otherwise.
type OverlapsConfig struct {
	// Changed are the dates to check.
	Changed *Dates
	Ledger  interface {
		Day(ctx context.Context, date booking.Date) (*booking.Day, error)
	}
	// Booked returns the dates from one on that have bookings.
	Booked func(ctx context.Context, from booking.Date) ([]booking.Date, error)
	// Today returns the current service day.
	Today    func() booking.Date
	Outbox   AlertQueue
	Notebook Notebook
	// Word returns the alert to one of the staff of at least one overlap.
	Word func(now time.Time, to booking.Phone, found []booking.Overlap) booking.Message
	// Staff are the phones to alert; may be empty.
	Staff []booking.Phone
	Clock booking.Clock
	// Lasting is how long two bookings must share a table before that is reported:
	// swapping two tables puts both parties on one for a moment.
	Lasting time.Duration
	// Told, if set, is called after messages were put into the outbox.
	OnQueued func()
	Log      *slog.Logger
}

// Overlaps looks for two live bookings on one table, on every day from today on, at
// the start and whenever a day changed. It reports each pair once to the staff, and
// again only if it went away and came back. What it has reported is on disk, so that
// a restart reports nothing twice.
type Overlaps struct {
	cfg OverlapsConfig

	mu sync.Mutex
	// found are the present overlaps.
	found map[booking.Date][]booking.Overlap
	// since is when each unreported pair was first seen; only Run uses it.
	since map[pair]time.Time
	notes *overlapNotes // nil: not read yet; only Run uses it
}

// pair names the two bookings of an overlap.
type pair struct {
	Date booking.Date `json:"date"`
	// A and B are the bookings' IDs, A the lesser.
	A string `json:"a"`
	B string `json:"b"`
}

func pairOf(date booking.Date, o booking.Overlap) pair {
	return pair{date, min(o.First.ID, o.Second.ID), max(o.First.ID, o.Second.ID)}
}

// overlapNotes is what was reported.
type overlapNotes struct {
	V int `json:"v"`
	// Number grows with each message, and is part of its key.
	Number  int64       `json:"number"`
	Alerted []pair      `json:"told,omitempty"`
	Sent    []time.Time `json:"sent,omitempty"` // in the last hour
}

const (
	overlapsName   = "overlaps"
	overlapsFormat = 1
	// checkAgain is the pause after a failed check, or when no more alerts may be sent.
	checkAgain = time.Minute
)

// NewOverlaps returns an Overlaps; Run starts it.
func NewOverlaps(c OverlapsConfig) *Overlaps {
	if c.OnQueued == nil {
		c.OnQueued = func() {}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Overlaps{cfg: c, found: map[booking.Date][]booking.Overlap{}, since: map[pair]time.Time{}}
}

// Found returns the number of overlaps that are not over, and their dates.
func (o *Overlaps) Found() (n int, dates []booking.Date) {
	now := o.cfg.Clock.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	for date, all := range o.found {
		on := 0
		for _, one := range all {
			if one.End().After(now) {
				on++
			}
		}
		if n += on; on > 0 {
			dates = append(dates, date)
		}
	}
	slices.Sort(dates)
	return n, dates
}

// Show registers a gauge of the overlaps.
func (o *Overlaps) Show(reg prometheus.Registerer) {
	reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "maitre_overlaps",
		Help: "Two live bookings on one table at the same time, from today on.",
	}, func() float64 {
		n, _ := o.Found()
		return float64(n)
	}))
}

// Run checks all dates, and then those that change, until ctx ends.
func (o *Overlaps) Run(ctx context.Context) {
	for {
		again := make(<-chan time.Time)
		next, err := o.check(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			o.cfg.Log.Error("look for two parties on one table, or alert the staff to them; it is tried again", "error", err)
			o.cfg.Changed.addAll()
			again = time.After(checkAgain)
		case next > 0:
			again = time.After(next)
		}
		select {
		case <-ctx.Done():
			return
		case <-o.cfg.Changed.changed:
		case <-again:
		}
	}
}

// check checks the dates that changed and alerts the staff. It returns in how long
// there is more to report; 0 if not before a date changes.
func (o *Overlaps) check(ctx context.Context) (next time.Duration, err error) {
	if o.notes == nil {
		if err := o.load(ctx); err != nil {
			return 0, err
		}
	}
	today := o.cfg.Today()
	dates, all := o.cfg.Changed.take()
	if all {
		if dates, err = o.cfg.Booked(ctx, today); err != nil {
			return 0, fmt.Errorf("read which days have bookings: %w", err)
		}
	}
	found := make(map[booking.Date][]booking.Overlap, len(dates))
	for _, date := range dates {
		if date < today {
			continue
		}
		day, err := o.cfg.Ledger.Day(ctx, date)
		if err != nil {
			return 0, fmt.Errorf("read %s: %w", date, err)
		}
		found[date] = booking.Overlaps(day)
	}
	return o.alertLasting(ctx, o.update(found, all, today))
}

// update stores what was found on some dates, or on all that have bookings, and
// returns all overlaps.
func (o *Overlaps) update(found map[booking.Date][]booking.Overlap, all bool, today booking.Date) map[pair]booking.Overlap {
	o.mu.Lock()
	defer o.mu.Unlock()
	if all {
		clear(o.found)
	}
	for date, some := range found {
		o.found[date] = some
		if len(some) == 0 {
			delete(o.found, date)
		}
	}
	there := make(map[pair]booking.Overlap)
	for date, some := range o.found {
		if date < today {
			delete(o.found, date)
			continue
		}
		for _, one := range some {
			there[pairOf(date, one)] = one
		}
	}
	return there
}

// alertLasting reports the overlaps that have lasted, and forgets the reported ones
// that are no more.
func (o *Overlaps) alertLasting(ctx context.Context, there map[pair]booking.Overlap) (next time.Duration, err error) {
	now := o.cfg.Clock.Now()
	notes := *o.notes
	notes.Alerted = slices.DeleteFunc(slices.Clone(notes.Alerted), func(p pair) bool { _, is := there[p]; return !is })
	for p := range o.since {
		if _, is := there[p]; !is {
			delete(o.since, p)
		}
	}
	var due []pair
	for p, one := range there {
		if slices.Contains(notes.Alerted, p) || !one.End().After(now) {
			continue
		}
		if o.since[p].IsZero() {
			o.since[p] = now
		}
		if wait := o.since[p].Add(o.cfg.Lasting).Sub(now); wait > 0 {
			if next == 0 || wait < next {
				next = wait
			}
			continue
		}
		due = append(due, p)
	}
	switch {
	case len(due) > 0 && !mayAlert(notes.Sent, now):
		next = checkAgain
	case len(due) > 0:
		slices.SortFunc(due, func(a, b pair) int { return strings.Compare(a.key(), b.key()) })
		notes.Sent = append(lastHour(notes.Sent, now), now)
		notes.Number++
		if err := o.alertStaff(ctx, now, notes.Number, due, there); err != nil {
			return 0, err
		}
		notes.Alerted = append(notes.Alerted, due...)
		for _, p := range due {
			delete(o.since, p)
		}
	case len(notes.Alerted) == len(o.notes.Alerted):
		return next, nil
	}
	return next, o.save(ctx, notes)
}

func (p pair) key() string { return p.Date.String() + "/" + p.A + "/" + p.B }

// alertStaff puts a message for each of the staff, with the same key each time,
// since it is put before that is saved.
func (o *Overlaps) alertStaff(ctx context.Context, now time.Time, number int64, due []pair, there map[pair]booking.Overlap) error {
	which := fnv.New64a()
	found := make([]booking.Overlap, len(due))
	for i, p := range due {
		found[i] = there[p]
		_, _ = which.Write([]byte(p.key() + "\n")) // never fails
	}
	slices.SortFunc(found, func(a, b booking.Overlap) int { return a.Second.Start.Compare(b.Second.Start) })
	messages := make([]booking.Message, 0, len(o.cfg.Staff))
	for _, phone := range o.cfg.Staff {
		m := o.cfg.Word(now, phone, found)
		m.Key, m.Urgent = fmt.Sprintf("alert/overlap/%d/%x/%s", number, which.Sum64(), phone), true
		messages = append(messages, m)
	}
	if len(messages) > 0 {
		if _, err := o.cfg.Outbox.Put(ctx, messages...); err != nil {
			return fmt.Errorf("alert the staff: %w", err)
		}
		o.cfg.OnQueued()
	}
	for _, one := range found {
		o.cfg.Log.Warn("two bookings are on one table at the same time; one must get another", "date", one.Second.Date, "tables", strings.Join(one.Tables, "+"),
			"first", one.First.ID, "from", one.First.Time, "second", one.Second.ID, "and_from", one.Second.Time)
	}
	return nil
}

// load reads what was reported before a restart.
func (o *Overlaps) load(ctx context.Context) error {
	// A number that was not used before, even if the notes were lost.
	notes := overlapNotes{V: overlapsFormat, Number: o.cfg.Clock.Now().Unix()}
	if _, err := loadNote(ctx, o.cfg.Notebook, overlapsName, &notes); err != nil {
		return fmt.Errorf("read what was reported to the staff: %w", err)
	}
	o.notes = &notes
	return nil
}

func (o *Overlaps) save(ctx context.Context, notes overlapNotes) error {
	if err := saveNote(ctx, o.cfg.Notebook, overlapsName, notes); err != nil {
		return fmt.Errorf("save what was reported to the staff: %w", err)
	}
	o.notes = &notes
	return nil
}

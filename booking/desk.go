package booking

import (
	"context"
	"sync"
	"time"
)

// Desk is a restaurant's reservation desk: it seats, changes and cancels, one
// date at a time. It is safe for concurrent use.
type Desk struct {
	config  Config
	floor   *Floor // the restaurant file's tables
	program programs
	codes   codes
}

// Config is what a Desk is made of. Fields are required unless they say otherwise.
type Config struct {
	Restaurant *Restaurant
	Ledger     Ledger
	Journal    Journal
	Locks      Locks
	Clock      Clock
	// Answers, where set, caches what can be booked on a date.
	Answers Answers
	// Letters, where set, decides which messages guests are sent.
	Notify NotifyPolicy
	// Waitlist, where set, stores who waits for a table. Hold is how long a table that
	// comes free is held for them.
	Waitlist Waitlist
	Hold     time.Duration
	// Quiet, where set, reports whether no messages may be sent to guests now, and until
	// when. A table that comes free meanwhile is held until then and Hold longer.
	Quiet func(now time.Time) (until time.Time, quiet bool)
	// LinkKey, where set, is the secret that signs the links to guests' own bookings.
	LinkKey []byte
	// OnDecided, where set, is called with each decision that was kept. It must not block.
	OnDecided func(e Entry)
	// Patience is how long a guest waits, from the request on, for the system of record
	// to take what was accepted, before the answer is that it is being processed.
	Patience time.Duration
	// NewID returns a fresh time-ordered booking ID.
	NewID func(now time.Time) string
	// NewCode returns a fresh random booking code of n symbols, see [CodeFrom].
	NewCode func(n int) string
	// Count, where set, is called with how each request to book, change, cancel or
	// confirm ended: "booked", "changed", "cancelled", "confirmed", "repeated",
	// "processing", or the Reason of the refusal.
	Count func(channel Channel, outcome string)
}

// NewDesk returns the desk of a restaurant that has passed [Restaurant.Check].
func NewDesk(c Config) *Desk {
	if c.Count == nil {
		c.Count = func(Channel, string) {}
	}
	if c.Quiet == nil {
		c.Quiet = func(time.Time) (time.Time, bool) { return time.Time{}, false }
	}
	return &Desk{config: c, floor: NewFloor(c.Restaurant, c.Restaurant.Tables)}
}

// Restaurant returns the desk's restaurant; not to be changed.
func (d *Desk) Restaurant() *Restaurant { return d.config.Restaurant }

// Now returns the desk's time, in the restaurant's zone.
func (d *Desk) Now() time.Time { return d.config.Clock.Now().In(d.config.Restaurant.Location) }

// Today returns the service day that is running now.
func (d *Desk) Today() Date {
	today, _ := ServiceDay(d.Now(), d.config.Restaurant.Location)
	return today
}

// SyncState returns how far a booking has come on its way into the system of record.
func (d *Desk) SyncState(bookingID string) SyncState { return d.config.Journal.SyncState(bookingID) }

// Hours returns what is served on a date; Closure says why nothing is.
func (d *Desk) Hours(date Date) DayHours { return d.programOf(date).hours() }

// Week returns the usual services of each weekday, [time.Sunday] first.
func (d *Desk) Week() [7][]ServiceHours {
	var week [7][]ServiceHours
	for day := range week {
		week[day] = hoursOf(d.config.Restaurant.servicesOn(time.Weekday(day)))
	}
	return week
}

// DayHours is what is served on one date. Without Services it is closed.
type DayHours struct {
	Date     Date
	Services []ServiceHours
	Holiday  Text // the holiday's name, where the date is one
	Closure  Text // what guests are told of a closure; may be empty
}

// programs caches the programs of dates. A restaurant does not change while maitre runs,
// so they are never stale.
type programs struct {
	mu     sync.RWMutex
	byDate map[Date]*program
}

// maxPrograms bounds the dates that are kept; a request may name any date.
const maxPrograms = 1024

func (d *Desk) programOf(date Date) *program {
	p := &d.program
	p.mu.RLock()
	known := p.byDate[date]
	p.mu.RUnlock()
	if known != nil {
		return known
	}
	made := d.config.Restaurant.programOf(date)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byDate == nil || len(p.byDate) >= maxPrograms {
		p.byDate = make(map[Date]*program)
	}
	p.byDate[date] = made
	return made
}

// patienceFrom returns until when a guest waits whose request came at this moment;
// zero: as long as it takes.
func (d *Desk) patienceFrom(came time.Time) time.Time {
	if d.config.Patience <= 0 {
		return time.Time{}
	}
	return came.Add(d.config.Patience)
}

// freshen brings what is known of a date up to date. It takes no longer than until,
// where that is not zero.
func (d *Desk) freshen(ctx context.Context, date Date, f Freshness, until time.Time) *Refusal {
	if !until.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, max(0, until.Sub(d.Now())))
		defer cancel()
	}
	if err := d.config.Ledger.Freshen(ctx, date, f); err != nil {
		return &Refusal{Reason: Failed, Err: err}
	}
	return nil
}

// settle waits, without locks, until an accepted request is written, for as long as its
// guest still waits.
func (d *Desk) settle(ctx context.Context, began time.Time, result Result) Result {
	if result.State == Written || result.Repeated || result.deferred {
		return result
	}
	ctx, cancel := context.WithTimeout(ctx, min(d.config.Patience, max(0, d.config.Patience-d.Now().Sub(began))))
	defer cancel()
	result.State = d.config.Journal.Await(ctx, result.Booking.ID)
	return result
}

// day returns the bookings of a date and its occupancy.
func (d *Desk) day(ctx context.Context, date Date) (*Day, *occupancy, *Refusal) {
	day, err := d.config.Ledger.Day(ctx, date)
	if err != nil {
		return nil, nil, &Refusal{Reason: Failed, Err: err}
	}
	return day, day.occupancy(d.floor), nil
}

package booking

import (
	"context"
	"fmt"
	"time"
)

// Verdict is the result of rechecking a booking that was accepted and not yet written.
type Verdict struct {
	// Booking is its current state, which is to be written where Why is empty.
	Booking Booking
	// Moved: its tables had been given away meanwhile, and it was given others. That is
	// kept already.
	Moved bool
	// Why, where not empty, is why it must not be written: Past, its time is over; Full,
	// its tables were given away and no others are free.
	Why Reason
	// Alternatives are, for Full, the nearest times for the person who calls the guest.
	Alternatives []Alternative
}

// Rechecker rechecks bookings that were accepted and not yet written. It is not part of
// the Desk because the worker that uses it is the Desk's journal.
type Rechecker struct {
	desk *Desk
	keep func(ctx context.Context, e Entry, now time.Time) (JournalEntry, error)
}

// NewRechecker returns the rechecker of a desk that is made of c, with the same Locks;
// c.Journal is not used. keep makes an entry durable, as the Journal's Accept does, but
// does not attempt to write it: the caller of Recheck does.
func NewRechecker(c Config, keep func(ctx context.Context, e Entry, now time.Time) (JournalEntry, error)) *Rechecker {
	return &Rechecker{desk: NewDesk(c), keep: keep}
}

// Recheck checks whether a booking that waits to be written still has its tables on its
// date, which the caller has freshened. If they were given away in the system of record
// meanwhile, it finds others for the same time, in the zone asked for or else in any. A
// booking that is not live needs none. A row that has its tables already keeps them:
// stands is the row as it was read, nil if there is none.
//
// Errors: the ledger's; those of keeping the entry.
func (r *Rechecker) Recheck(ctx context.Context, b Booking, stands *Booking) (Verdict, error) {
	d := r.desk
	v, err := r.recheckLocked(ctx, b, stands)
	if err != nil {
		return Verdict{}, fmt.Errorf("recheck booking %s: %w", b.ID, err)
	}
	if v.Why == Full {
		a := askOf(v.Booking, d.floor)
		v.Alternatives = d.withAlternatives(ctx, a, a.refuse(Full), d.Now()).Alternatives
	}
	return v, nil
}

func (r *Rechecker) recheckLocked(ctx context.Context, b Booking, stands *Booking) (Verdict, error) {
	d := r.desk
	unlock, err := d.config.Locks.Lock(ctx, b.Date)
	if err != nil {
		return Verdict{}, err
	}
	defer unlock()
	day, err := d.config.Ledger.Day(ctx, b.Date)
	if err != nil {
		return Verdict{}, err
	}
	now, found := day.find(b.ID)
	v := Verdict{Booking: now}
	switch {
	case !found:
		return Verdict{}, errMoving
	case !now.Live():
		return v, nil
	case now.Status.open() && now.Start.Before(d.Now()):
		v.Why = Past
		return v, nil
	}
	if stands != nil && stands.Live() && stands.Date == now.Date && stands.Start.Equal(now.Start) && SameTables(stands.Tables, now.Tables) {
		return v, nil
	}
	others := day.occupancyBut(d.floor, now.ID)
	taken := others.taken(now.Start, now.End, "")
	if own := others.floor.set(now.Tables); own != (tableSet{}) && !own.meets(&taken) && others.floor.hasAll(now.Tables) {
		return v, nil
	}
	for _, zone := range []string{now.AskedZone, ""} {
		if s := others.floor.choose(now.Party, &taken, zone, now.Channel, nil); s != nil {
			return r.moveTo(ctx, now, s)
		}
	}
	v.Why = Full
	return v, nil
}

// moveTo moves a booking to other tables and keeps that.
func (r *Rechecker) moveTo(ctx context.Context, was Booking, s *seat) (Verdict, error) {
	now := r.desk.config.Clock.Now()
	b := was
	b.Tables, b.Zone, b.Updated = s.tables, s.zone, now.UTC()
	if _, err := r.keep(ctx, Entry{Booking: b, Was: &was}, now); err != nil {
		return Verdict{}, err
	}
	return Verdict{Booking: b, Moved: true}, nil
}

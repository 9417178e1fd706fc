package booking

import (
	"context"
	"errors"
	"slices"
	"time"
)

var errMoving = errors.New("the booking kept being moved by somebody else")

// Change moves or alters a booking. If it is refused, the booking stays as it was and is
// the refusal's Unchanged. If it changes nothing, the booking is returned as Repeated.
//
// Errors: *Refusal.
func (d *Desk) Change(ctx context.Context, c Change) (Result, error) {
	result, refusal := d.change(ctx, c)
	return d.counted(c.Who, "changed", result, refusal)
}

func (d *Desk) change(ctx context.Context, c Change) (Result, *Refusal) {
	if c.empty() {
		return Result{}, &Refusal{Reason: Invalid, Problem: Unchanged}
	}
	var to Date
	if c.Date != nil {
		to = *c.Date
	}
	var wanted ask
	decide := func(b Booking, held *occupancy, now time.Time) (Booking, *Refusal) {
		changed, refusal := c.apply(b)
		if refusal != nil {
			return Booking{}, refusal.withBooking(b)
		}
		if !b.Status.open() || !b.Start.After(now) {
			return Booking{}, lifeOver(b)
		}
		wanted = askOf(changed, held.floor)
		if !seatingDiffers(changed, b) {
			return changed, nil
		}
		refusal = d.reseat(&changed, wanted, held, now)
		return changed, refusal.withBooking(b)
	}
	result, refusal := d.alter(ctx, c.Who, to, decide, c.Reply)
	if refusal == nil {
		return result, nil
	}
	return Result{}, d.withAlternatives(ctx, wanted, refusal, d.Now())
}

func (c Change) empty() bool {
	return c.Date == nil && c.Time == nil && c.Party == nil && c.Zone == nil && c.Name == nil && c.Notes == nil
}

// apply returns the booking with what the guest wants changed.
func (c Change) apply(b Booking) (Booking, *Refusal) {
	set(&b.Date, c.Date)
	set(&b.Time, c.Time)
	set(&b.Party, c.Party)
	set(&b.AskedZone, c.Zone)
	var refusal *Refusal
	if c.Name != nil {
		if b.Name, refusal = cleanName(*c.Name); refusal != nil {
			return b, refusal
		}
	}
	if c.Notes != nil {
		b.Notes, refusal = c.notes(b.Notes)
	}
	return b, refusal
}

// notes returns the new notes of a booking. A guest adds to them; the staff replace them.
func (c Change) notes(have string) (string, *Refusal) {
	said, refusal := cleanNotes(*c.Notes)
	if refusal != nil {
		return have, refusal
	}
	if c.Who.Caller.Channel == ByStaff {
		return said, nil
	}
	notes, fits := addNote(have, said)
	if !fits {
		return have, invalid("notes", TooLong)
	}
	return notes, nil
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

func askOf(b Booking, floor *Floor) ask {
	keep := floor.set(b.Tables)
	return ask{
		date: b.Date, time: b.Time, hasTime: true, party: b.Party, zone: b.AskedZone,
		channel: b.Channel, own: b.ID, keep: &keep,
	}
}

// reseat finds a table for the changed booking; its own tables count as free.
func (d *Desk) reseat(b *Booking, a ask, held *occupancy, now time.Time) *Refusal {
	p, refusal := d.open(a, now)
	if refusal != nil {
		return refusal
	}
	slot, refusal := d.arrivalFor(a, p, now)
	if refusal != nil {
		return refusal
	}
	found, ok := d.place(a, slot, held)
	if !ok {
		return a.refuse(Full)
	}
	b.sit(found)
	return nil
}

// withBooking adds the unchanged booking to the refusal of a change.
func (r *Refusal) withBooking(b Booking) *Refusal {
	if r != nil {
		r.Unchanged = &b
	}
	return r
}

// seatingDiffers reports whether a change touches where or when the party sits.
func seatingDiffers(a, b Booking) bool {
	return a.Date != b.Date || a.Time != b.Time || a.Party != b.Party || a.AskedZone != b.AskedZone
}

// same reports whether two bookings would be written alike.
func same(a, b Booking) bool {
	return a.Date == b.Date && a.Time == b.Time && a.Party == b.Party && a.AskedZone == b.AskedZone &&
		a.Name == b.Name && a.Notes == b.Notes && a.Status == b.Status && slices.Equal(a.Tables, b.Tables)
}

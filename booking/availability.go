package booking

import (
	"context"
	"slices"
	"time"
)

// Availability returns every slot of a date, free or not, in order; a slot that is
// past or too soon is not available. If a zone was asked for, only that zone counts.
//
// Errors: *Refusal when no slot of the date can be booked for another reason
// than being full.
func (d *Desk) Availability(ctx context.Context, q Query) ([]Slot, error) {
	a := ask{date: q.Date, party: q.Party, zone: q.Zone, channel: q.Caller.Channel}
	now := d.Now()
	p, refusal := d.open(a, now)
	if refusal != nil {
		return nil, d.withAlternatives(ctx, a, refusal, now)
	}
	if refusal := d.freshen(ctx, a.date, Recent, d.patienceFrom(now)); refusal != nil {
		return nil, refusal
	}
	all, refusal := d.openings(ctx, a, p)
	if refusal != nil {
		return nil, refusal
	}
	slots := make([]Slot, 0, len(p.slots))
	for i, slot := range p.slots {
		s := Slot{Time: slot.time, Gone: d.timely(a, slot, now) != nil}
		if !s.Gone {
			s.Zones = wanted(all.slots[i].zones, a.zone)
		}
		slots = append(slots, s)
	}
	return slots, nil
}

func (d *Desk) open(a ask, now time.Time) (*program, *Refusal) {
	if refusal := d.sane(a); refusal != nil {
		return nil, refusal
	}
	return d.dateOpen(a, now)
}

// wanted returns the zones, or only the one that was asked for.
func wanted(zones []string, zone string) []string {
	if zone == "" {
		return zones
	}
	if slices.Contains(zones, zone) {
		return []string{zone}
	}
	return nil
}

// Check reports whether one time can be booked, and where the party would sit.
// Book takes what it offers, unless somebody else books it first. Errors: *Refusal.
func (d *Desk) Check(ctx context.Context, q Query, at TimeOfDay) (Offer, error) {
	a := ask{date: q.Date, time: at, hasTime: true, party: q.Party, zone: q.Zone, channel: q.Caller.Channel}
	now := d.Now()
	p, refusal := d.open(a, now)
	if refusal != nil {
		return Offer{}, d.withAlternatives(ctx, a, refusal, now)
	}
	slot, refusal := d.arrivalFor(a, p, now)
	if refusal != nil {
		return Offer{}, d.withAlternatives(ctx, a, refusal, now)
	}
	if refusal := d.freshen(ctx, a.date, Recent, d.patienceFrom(now)); refusal != nil {
		return Offer{}, refusal
	}
	free, refusal := d.opening(ctx, a, p, slot)
	if refusal != nil {
		return Offer{}, refusal
	}
	found := free.seat(a.zone)
	if found == nil {
		return Offer{}, d.withAlternatives(ctx, a, a.refuse(Full), now)
	}
	return Offer{
		Date: a.date, Time: at, Party: a.party, Zone: found.zone,
		Zones:     wanted(free.zones, a.zone),
		NeedsWord: d.floor.needsWord(found.tables), Until: slot.until(),
	}, nil
}

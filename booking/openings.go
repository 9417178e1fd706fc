package booking

import "context"

// Openings is what a party could be given on a date, slot by slot, whatever the time is
// now. It depends only on the day's bookings and the restaurant's tables. It is immutable.
type Openings struct {
	slots []opening // as the date's program has them
}

// opening is what a party could be given in one slot.
type opening struct {
	zones []string // with a table, in the restaurant's order
	seats []*seat  // where the party would sit in each of them
	best  *seat    // where it would sit if any zone will do; nil: there is no table
}

// seat returns where a party would sit that asks for a zone, or for none.
func (o opening) seat(zone string) *seat {
	if zone == "" {
		return o.best
	}
	for i, z := range o.zones {
		if z == zone {
			return o.seats[i]
		}
	}
	return nil
}

// openings returns what a party could be given on a date that has been freshened, from
// Answers if possible.
func (d *Desk) openings(ctx context.Context, a ask, p *program) (*Openings, *Refusal) {
	derive := func(ctx context.Context) (*Openings, error) {
		_, held, refusal := d.day(ctx, a.date)
		if refusal != nil {
			return nil, refusal.Err
		}
		o := &Openings{slots: make([]opening, len(p.slots))}
		for i := range p.slots {
			o.slots[i] = d.openingAt(a, p.slots[i], held)
		}
		return o, nil
	}
	o, err := (*Openings)(nil), error(nil)
	if d.config.Answers == nil {
		o, err = derive(ctx)
	} else {
		o, err = d.config.Answers.Openings(ctx, OpeningsKey{a.date, a.party, a.channel == ByStaff}, derive)
	}
	if err != nil {
		return nil, &Refusal{Reason: Failed, Err: err}
	}
	return o, nil
}

// opening returns what a party could be given in one slot of a date that has been freshened.
func (d *Desk) opening(ctx context.Context, a ask, p *program, slot arrival) (opening, *Refusal) {
	if d.config.Answers == nil {
		_, held, refusal := d.day(ctx, a.date)
		if refusal != nil {
			return opening{}, refusal
		}
		return d.openingAt(a, slot, held), nil
	}
	all, refusal := d.openings(ctx, a, p)
	if refusal != nil {
		return opening{}, refusal
	}
	for i := range p.slots {
		if p.slots[i].time == slot.time && p.slots[i].service == slot.service {
			return all.slots[i], nil
		}
	}
	return opening{}, nil
}

// openingAt computes one slot, in every zone.
func (d *Desk) openingAt(a ask, slot arrival, held *occupancy) opening {
	end, fits := slot.stay(d.config.Restaurant.Stay(a.party))
	if !fits || !d.paced(a, slot, held) {
		return opening{}
	}
	taken := held.taken(slot.at, end, a.own)
	o := opening{best: held.floor.choose(a.party, &taken, "", a.channel, nil)}
	if o.best == nil {
		return o
	}
	for _, z := range held.floor.zones {
		if s := held.floor.choose(a.party, &taken, z, a.channel, nil); s != nil {
			o.zones, o.seats = append(o.zones, z), append(o.seats, s)
		}
	}
	return o
}

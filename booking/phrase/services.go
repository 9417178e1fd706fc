package phrase

import "maitre/booking"

// resolve returns the service-day time that is meant by a reading on a date: the
// half of the day that was said, else the one whose hour falls in a service,
// else the one nearest to one.
func (r *Reader) resolve(v reading, p *part, on booking.Date) booking.TimeOfDay {
	switch {
	case v.exact:
		return v.at
	case v.hour == 24 || v.hour == 0:
		return booking.TimeOfDay(24*60 + v.min)
	case v.hour > 12:
		return booking.Clock(v.hour, v.min)
	}
	first := booking.Clock(v.hour, v.min)
	second := booking.TimeOfDay((v.hour+12)*60 + v.min) // the twelve of the night is 24:00
	if first > second {
		first, second = second, first
	}
	if v.part != nil {
		p = v.part
	}
	if p != nil {
		a, b := p.holds(first), p.holds(second)
		switch {
		case a && !b:
			return first
		case b && !a:
			return second
		}
	}
	return r.byService(first, second, on, v)
}

func (p *part) holds(t booking.TimeOfDay) bool { return t >= p.first && t <= p.last }

// byService chooses between two times twelve hours apart by the services.
func (r *Reader) byService(first, second booking.TimeOfDay, on booking.Date, v reading) booking.TimeOfDay {
	usual := r.house.Usual
	if len(usual) == 0 {
		usual = spain
	}
	var that []Window
	if on != 0 && r.house.Windows != nil {
		that = r.house.Windows(on)
	}
	for _, windows := range [][]Window{that, usual} {
		a, b := distance(first, windows), distance(second, windows)
		switch {
		case len(windows) == 0:
		case a == 0 && b != 0:
			return first
		case b == 0 && a != 0:
			return second
		case a == 0 && b == 0: // both are served: the earlier in the day, unless dinner is all there is
			return first
		}
	}
	if v.padded {
		return booking.Clock(v.hour, v.min)
	}
	a, b := distance(first, usual), distance(second, usual)
	if second.AfterMidnight() {
		b += 60 // people say midnight when they mean it
	}
	if a <= b {
		return first
	}
	return second
}

// spain is when Spain eats, for a house that has not said.
var spain = []Window{{13 * 60, 16 * 60}, {20 * 60, 23*60 + 30}}

// distance returns how far a time lies from the nearest window, in minutes.
func distance(t booking.TimeOfDay, windows []Window) booking.TimeOfDay {
	best := booking.DayEnds
	for _, w := range windows {
		switch {
		case t < w.First:
			best = min(best, w.First-t)
		case t > w.Last:
			best = min(best, t-w.Last)
		default:
			return 0
		}
	}
	return best
}

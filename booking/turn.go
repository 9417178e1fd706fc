package booking

import "time"

// Stay returns how long a party keeps its tables, unless the room closes before.
func (r *Restaurant) Stay(party int) time.Duration { return r.stayOf(party) }

// HoursOn returns what is served on a date; Closure says why nothing is. A [Desk]
// remembers what it worked out; this works it out each time.
func (r *Restaurant) HoursOn(date Date) DayHours { return r.programOf(date).hours() }

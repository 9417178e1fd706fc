package ledger_test

import (
	"math/rand/v2"
	"slices"
	"time"

	"maitre/booking"
)

// A restobar's traffic, made up from these numbers and a seed. They are guesses
// at a lively place of forty tables, not measurements; what matters is how the
// questions cluster: on today, tomorrow and the weekend, before and during service.
const (
	// sessions is how many guests call, write or open the page on an ordinary day.
	sessions = 60
	// One in so many guests books, changes or cancels.
	oneBooks, oneChanges, oneCancels = 3, 25, 20
	// walkIns come on an ordinary day and are typed in as they sit down.
	walkIns = 15
	// byHand are bookings of the days to come that the staff type in.
	byHand = 6
)

// weekdays is how much busier than an ordinary day a weekday is, Sunday first.
var weekdays = [7]float64{1.1, 0.6, 0.7, 0.8, 1, 1.6, 1.8}

// hours is when guests ask, by the clock: before lunch and before dinner most.
var hours = [24]int{1, 0, 0, 0, 0, 0, 0, 0, 1, 3, 5, 8, 10, 9, 5, 3, 3, 5, 8, 10, 10, 7, 4, 2}

// event is something that somebody does.
type event struct {
	at   time.Time
	what string // ask, book, change, cancel, walk in, type, sit, leave, move
	date booking.Date
	time booking.TimeOfDay
	n    int // party, or which guest or row
}

// traffic makes so many days of it, in order.
func traffic(seed uint64, from time.Time, days int) []event {
	g := &generator{chance: rand.New(rand.NewPCG(seed, 1))}
	for day := range days {
		g.day(from.AddDate(0, 0, day))
	}
	slices.SortStableFunc(g.events, func(a, b event) int { return a.at.Compare(b.at) })
	return g.events
}

type generator struct {
	chance *rand.Rand
	events []event
}

func (g *generator) day(midnight time.Time) {
	busy := weekdays[midnight.Weekday()]
	today := booking.NewDate(midnight.Date())
	for range int(sessions * busy) {
		g.session(midnight.Add(g.hour()), today)
	}
	for range int(walkIns * busy) {
		at := midnight.Add(g.service())
		g.add(event{at: at, what: "walk in", date: today, time: booking.NewTimeOfDay(at.Hour(), at.Minute()), n: 1 + g.chance.IntN(4)})
		g.add(event{at: at.Add(time.Duration(70+g.chance.IntN(60)) * time.Minute), what: "leave", date: today, n: g.chance.Int()})
	}
	for range int(byHand * busy) {
		g.add(event{at: midnight.Add(g.hour()), what: "type", date: g.wanted(today), time: g.slot(), n: 2 + g.chance.IntN(5)})
	}
	// Guests who booked are seated, some at another table, and leave.
	for range int(sessions * busy / oneBooks) {
		at := midnight.Add(g.service())
		g.add(event{at: at, what: "sit", date: today, n: g.chance.Int()})
		g.add(event{at: at.Add(time.Duration(80+g.chance.IntN(60)) * time.Minute), what: "leave", date: today, n: g.chance.Int()})
		if g.chance.IntN(10) == 0 {
			g.add(event{at: at.Add(-time.Hour), what: "move", date: g.wanted(today), n: g.chance.Int()})
		}
	}
}

// session is one guest: a call asks once or twice, a chat up to four times, the
// page three to six.
func (g *generator) session(at time.Time, today booking.Date) {
	asks := 1 + g.chance.IntN(2)
	switch channel := g.chance.IntN(100); {
	case channel >= 65:
		asks = 3 + g.chance.IntN(4)
	case channel >= 40:
		asks = 1 + g.chance.IntN(4)
	}
	date, party := g.wanted(today), 1+g.chance.IntN(6)
	for range asks {
		g.add(event{at: at, what: "ask", date: date, time: g.slot(), n: party})
		at = at.Add(time.Duration(5+g.chance.IntN(40)) * time.Second)
		if g.chance.IntN(3) == 0 {
			date += booking.Date(g.chance.IntN(2))
		}
	}
	if g.chance.IntN(oneBooks) == 0 {
		g.add(event{at: at, what: "book", date: date, time: g.slot(), n: party})
	}
	if g.chance.IntN(oneChanges) == 0 {
		g.add(event{at: at, what: "change", date: g.wanted(today), n: g.chance.Int()})
	}
	if g.chance.IntN(oneCancels) == 0 {
		g.add(event{at: at, what: "cancel", n: g.chance.Int()})
	}
}

// wanted is the date that somebody asks for: a quarter want today, a quarter the
// next weekend, few more than two weeks ahead.
func (g *generator) wanted(today booking.Date) booking.Date {
	switch p := g.chance.IntN(100); {
	case p < 25:
		return today
	case p < 43:
		return today + 1
	case p < 63:
		return today + 2 + booking.Date(g.chance.IntN(2))
	case p < 88:
		weekend := today
		for weekend.Weekday() != time.Friday {
			weekend++
		}
		return weekend + booking.Date(g.chance.IntN(2))
	case p < 97:
		return today + 3 + booking.Date(g.chance.IntN(11))
	default:
		return today + 14 + booking.Date(g.chance.IntN(45))
	}
}

func (g *generator) slot() booking.TimeOfDay {
	if g.chance.IntN(3) == 0 {
		return booking.NewTimeOfDay(13, 30*g.chance.IntN(2)) + booking.TimeOfDay(60*g.chance.IntN(2))
	}
	return booking.NewTimeOfDay(21, 30*g.chance.IntN(2)) + booking.TimeOfDay(60*g.chance.IntN(2))
}

// hour is when in a day somebody asks.
func (g *generator) hour() time.Duration {
	total := 0
	for _, weight := range hours {
		total += weight
	}
	at := g.chance.IntN(total)
	for hour, weight := range hours {
		if at -= weight; at < 0 {
			return time.Duration(hour)*time.Hour + time.Duration(g.chance.IntN(3600))*time.Second
		}
	}
	return 0
}

// service is when in a day people sit down.
func (g *generator) service() time.Duration {
	begins := 13 * time.Hour
	if g.chance.IntN(3) > 0 {
		begins = 20*time.Hour + 30*time.Minute
	}
	return begins + time.Duration(g.chance.IntN(150))*time.Minute
}

func (g *generator) add(e event) { g.events = append(g.events, e) }

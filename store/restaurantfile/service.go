package restaurantfile

import (
	"fmt"
	"slices"
	"time"

	"maitre/booking"
)

// readServices reads the meals. Their times must follow one another on the
// clock of a service day, which runs from 06:00 to 06:00.
func readServices(top *table, notice time.Duration) []booking.Service {
	v := top.must("services", "a [[services]] entry for each meal")
	var services []booking.Service
	for _, t := range v.tables() {
		before := len(t.reader.problems)
		id := t.must("id", `id = "lunch"`)
		s := booking.Service{
			ID:            id.str(maxName),
			Name:          t.must("name", `name = { es = "comida", en = "lunch" }`).guestText(maxName),
			Days:          t.must("days", `days = "tue-sun"`).weekdays(),
			First:         t.must("first_arrival", `first_arrival = "13:00"`).clock(),
			Last:          t.must("last_arrival", `last_arrival = "15:30"`).clock(),
			KitchenCloses: t.must("kitchen_closes", `kitchen_closes = "16:00"`).clock(),
			RoomCloses:    t.must("room_closes", `room_closes = "18:00"`).clock(),
			Notice:        readNotice(t, notice),
			Pacing:        readPacing(t),
			Seatings:      readSeatings(t),
		}
		if s.ID != "" {
			checkKey(id, s.ID)
		}
		t.done()
		if len(t.reader.problems) == before {
			t.inOrder(
				moment{"first_arrival", s.First}, moment{"last_arrival", s.Last},
				moment{"kitchen_closes", s.KitchenCloses}, moment{"room_closes", s.RoomCloses})
		}
		services = append(services, s)
	}
	if v != nil && len(v.list()) == 0 {
		v.wrong("is empty", "add a [[services]] entry for each meal")
	}
	return services
}

// moment is a time of day and its key.
type moment struct {
	key string
	at  booking.TimeOfDay
}

// inOrder reports the first moment that comes before the one that it should follow.
func (t *table) inOrder(ms ...moment) {
	for i := 1; i < len(ms); i++ {
		if ms[i].at >= ms[i-1].at {
			continue
		}
		v := &value{t.reader, t.place(ms[i].key), t.node.fields[ms[i].key]}
		v.wrong(fmt.Sprintf("comes before %s (%s)", ms[i-1].key, ms[i-1].at),
			"mend one of the two; a service day runs from 06:00 to 05:59, so times after midnight count as late")
		return
	}
}

func readSeatings(t *table) []booking.Seating {
	var seatings []booking.Seating
	for _, st := range t.may("seatings").tables() {
		before := len(t.reader.problems)
		s := booking.Seating{
			Name:  st.must("name", `name = { es = "primer turno", en = "first seating" }`).guestText(maxName),
			First: st.must("first_arrival", `first_arrival = "20:30"`).clock(),
			Last:  st.must("last_arrival", `last_arrival = "21:15"`).clock(),
			Until: st.must("until", `until = "23:00"`).clock(),
		}
		st.done()
		if len(t.reader.problems) == before {
			st.inOrder(moment{"first_arrival", s.First}, moment{"last_arrival", s.Last}, moment{"until", s.Until})
		}
		seatings = append(seatings, s)
	}
	return seatings
}

func serviceIDs(services []booking.Service) []string {
	var ids []string
	for _, s := range services {
		if s.ID != "" && !slices.Contains(ids, s.ID) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// oneOf returns the names in v, each of which must be known; what is the kind of thing named.
func (v *value) oneOf(known []string, what string) []string {
	var named []string
	for _, item := range v.list() {
		s := item.str(maxName)
		switch {
		case s == "" || v.reader.full():
		case !slices.Contains(known, s):
			item.wrong("is not a "+what, meant(s, known))
		case slices.Contains(named, s):
			item.wrong("stands twice", "take one away")
		default:
			named = append(named, s)
		}
	}
	if v != nil && len(v.list()) == 0 {
		v.wrong("is empty", "name at least one, or take the key away")
	}
	return named
}

func readClosures(top *table, services []string) []booking.Closure {
	var closures []booking.Closure
	for _, t := range top.may("closures").tables() {
		c := booking.Closure{}
		before := len(t.reader.problems)
		if day := t.may("date"); day != nil {
			c.From = day.date()
			c.To = c.From
			for _, key := range []string{"from", "to"} {
				if v := t.may(key); v != nil {
					v.wrong("stands beside date", "write either date, or from and to")
				}
			}
		} else {
			c.From = t.must("from", "date = 2026-12-25, or from = 2027-08-09 and to = 2027-08-15").date()
			c.To = t.must("to", "to = 2027-08-15, the last closed day").date()
			if len(t.reader.problems) == before && c.To < c.From {
				t.may("to").wrong(fmt.Sprintf("lies before from (%s)", c.From), "exchange the two")
			}
		}
		c.Services = t.may("services").oneOf(services, "service of this house")
		c.Reason = t.may("reason").guestText(maxText)
		t.done()
		closures = append(closures, c)
	}
	return closures
}

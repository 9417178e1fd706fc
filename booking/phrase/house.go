package phrase

import "maitre/booking"

// Desk is what a House is made of; *[booking.Desk] is one, and needs nothing
// but its restaurant for it.
type Desk interface {
	Restaurant() *booking.Restaurant
	Hours(booking.Date) booking.DayHours
	Week() [7][]booking.ServiceHours
}

// HouseOf tells a Reader of a desk's restaurant: when its guests arrive, and by
// which names they may call its zones and holidays, and what it tells of itself.
func HouseOf(desk Desk) House {
	r := desk.Restaurant()
	house := House{
		Location: r.Location, Lang: r.Languages[0], Facts: r.Facts,
		Windows: func(d booking.Date) []Window { return windowsOf(desk.Hours(d).Services) },
	}
	for _, services := range desk.Week() {
		house.Usual = append(house.Usual, windowsOf(services)...)
	}
	for _, z := range r.Zones {
		words := ZoneWords{ID: z.ID}
		for _, name := range z.Name {
			words.Words = append(words.Words, name)
		}
		house.Zones = append(house.Zones, words)
	}
	for _, h := range r.Holidays {
		for _, name := range h.Name {
			house.Holidays = append(house.Holidays, NamedDay{Name: name, Date: h.Date})
		}
	}
	return house
}

func windowsOf(services []booking.ServiceHours) []Window {
	var windows []Window
	for _, s := range services {
		windows = append(windows, Window{First: s.First, Last: s.Last})
	}
	return windows
}

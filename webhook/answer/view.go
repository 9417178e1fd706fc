package answer

import (
	"encoding/json"
	"strings"
	"time"

	"maitre/booking"
)

// View returns a booking as its guest may see it. It is shown as processing
// until it is in the system of record.
func View(b booking.Booking, state booking.SyncState) Booking {
	status := b.Status
	if state == booking.Pending {
		status = booking.Processing
	}
	at := b.Time.String()
	if b.HourUnknown {
		at = ""
	}
	return Booking{
		Code:   b.Code,
		Date:   b.Date.String(),
		Time:   at,
		Party:  b.Party,
		Name:   b.Name,
		Table:  strings.Join(b.Tables, "+"),
		Zone:   b.Zone,
		Status: string(status),
	}
}

func viewAll(bookings []booking.Booking) []Booking {
	if len(bookings) == 0 {
		return nil
	}
	views := make([]Booking, len(bookings))
	for i, b := range bookings {
		views[i] = View(b, booking.Written)
	}
	return views
}

// Slots returns a day's slots as callers see them.
func Slots(slots []booking.Slot) []Slot {
	views := make([]Slot, len(slots))
	for i, s := range slots {
		views[i] = Slot{Time: s.Time.String(), Available: s.Available(), Zones: s.Zones}
	}
	return views
}

func alternatives(from []booking.Alternative) []Alternative {
	if len(from) == 0 {
		return nil
	}
	views := make([]Alternative, len(from))
	for i, a := range from {
		views[i] = Alternative{Date: a.Date.String(), Time: a.Time.String(), Zone: a.Zone}
	}
	return views
}

// clock returns HH:MM, or "" for a time that is not set: no service-day time is zero.
func clock(t booking.TimeOfDay) string {
	if t == 0 {
		return ""
	}
	return t.String()
}

func services(hours []booking.ServiceHours, own func(booking.Text) string) []Service {
	var views []Service
	for _, h := range hours {
		view := Service{
			Service:       h.ID,
			Name:          own(h.Name),
			First:         h.First.String(),
			Last:          h.Last.String(),
			KitchenCloses: clock(h.KitchenCloses),
			RoomCloses:    clock(h.RoomCloses),
		}
		for _, turn := range h.Seatings {
			view.Seatings = append(view.Seatings, Seating{
				Name:  own(turn.Name),
				First: turn.First.String(),
				Last:  turn.Last.String(),
				Until: clock(turn.Until),
			})
		}
		views = append(views, view)
	}
	return views
}

func week(hours [7][]booking.ServiceHours, own func(booking.Text) string) []Weekday {
	var views []Weekday
	for i := range 7 {
		day := (time.Monday + time.Weekday(i)) % 7
		if served := services(hours[day], own); len(served) > 0 {
			views = append(views, Weekday{Day: strings.ToLower(day.String()), Services: served})
		}
	}
	return views
}

// IsProcessing reports whether an answer, as [Answer.JSON] wrote it, says that the
// booking is being processed.
func IsProcessing(line []byte) bool {
	var a struct {
		Booking *struct {
			Status booking.Status `json:"status"`
		} `json:"booking"`
	}
	return json.Unmarshal(line, &a) == nil && a.Booking != nil && a.Booking.Status == booking.Processing
}

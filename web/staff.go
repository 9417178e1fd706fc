package web

import (
	"cmp"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"maitre/booking"
	"maitre/webhook"
	"maitre/webhook/answer"
)

// staffBooking is a booking as the staff see it: what the guest hears, and how to reach the guest.
type staffBooking struct {
	answer.Booking
	Phone   booking.Phone   `json:"phone"`
	Channel booking.Channel `json:"channel"`
	Notes   string          `json:"notes"`
	// Problem is what is wrong with what the system of record says of it.
	Problem string `json:"problem,omitempty"`
}

// staffBookings answers GET /admin/api/bookings?date=YYYY-MM-DD; no date means the day that is running.
func (s *site) staffBookings(w http.ResponseWriter, r *http.Request) {
	date := s.Desk.Today()
	if asked := r.URL.Query().Get("date"); asked != "" {
		var err error
		if date, err = booking.ParseDate(asked); err != nil {
			webhook.WriteError(w, http.StatusBadRequest, "invalid", err.Error(), "date")
			return
		}
	}
	err := s.Bookings.Freshen(r.Context(), date, booking.Recent)
	var day *booking.Day
	if err == nil {
		day, err = s.Bookings.Day(r.Context(), date)
	}
	if err != nil {
		s.Log.ErrorContext(r.Context(), "read day for the staff", slog.String("date", date.String()), slog.Any("error", err))
		webhook.WriteError(w, http.StatusServiceUnavailable, "temporary_failure",
			"the bookings of that day cannot be read right now", "")
		return
	}
	writeJSON(w, http.StatusOK, struct {
		Bookings []staffBooking `json:"bookings"`
	}{s.forStaff(day)})
}

// forStaff lists a day in the order in which the guests come.
func (s *site) forStaff(day *booking.Day) []staffBooking {
	byTime := slices.SortedStableFunc(slices.Values(day.Bookings), func(a, b booking.Booking) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.ID, b.ID))
	})
	list := make([]staffBooking, len(byTime))
	for i, b := range byTime {
		standing := booking.Written
		if b.Live() {
			standing = s.Bookings.Standing(b.ID)
		}
		list[i] = s.staffView(b, standing)
	}
	return list
}

func (s *site) staffView(b booking.Booking, standing booking.Standing) staffBooking {
	v := staffBooking{Booking: answer.View(b, standing), Phone: b.Phone, Channel: b.Channel, Notes: b.Notes}
	if b.HourUnknown {
		v.Problem = "the row has no exact hour: its tables are held " + s.heldFor(b)
	}
	return v
}

// heldFor says for how long the tables of a booking without an hour are held.
func (s *site) heldFor(b booking.Booking) string {
	const almostADay = 22 * time.Hour // one of the year's days has 23
	if b.End.Sub(b.Start) >= almostADay {
		return "for the whole day"
	}
	zone := s.Restaurant.Location
	return "from " + b.Start.In(zone).Format("15:04") + " to " + b.End.In(zone).Format("15:04")
}

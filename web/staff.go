package web

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"maitre/booking"
	"maitre/webhook"
	"maitre/webhook/answer"
)

// staffBooking is a booking as the staff see it: what the guest sees, and how to reach the guest.
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
	date := s.cfg.Desk.Today()
	if asked := r.URL.Query().Get("date"); asked != "" {
		var err error
		if date, err = booking.ParseDate(asked); err != nil {
			webhook.WriteError(w, http.StatusBadRequest, "invalid", err.Error(), "date")
			return
		}
	}
	day, ok := s.dayFor(r.Context(), date)
	if !ok {
		webhook.WriteError(w, http.StatusServiceUnavailable, "temporary_failure",
			"the bookings of that day cannot be read right now", "")
		return
	}
	writeJSON(w, http.StatusOK, struct {
		Bookings []staffBooking `json:"bookings"`
	}{s.forStaff(day)})
}

// dayFor returns a day as it is known now; false: it cannot be read, and why is
// in the log.
func (s *site) dayFor(ctx context.Context, date booking.Date) (*booking.Day, bool) {
	err := s.cfg.Bookings.Freshen(ctx, date, booking.Recent)
	var day *booking.Day
	if err == nil {
		day, err = s.cfg.Bookings.Day(ctx, date)
	}
	if err != nil {
		s.cfg.Log.ErrorContext(ctx, "read day for the staff", slog.String("date", date.String()), slog.Any("error", err))
		return nil, false
	}
	return day, true
}

// forStaff lists a day in the order in which the guests come.
func (s *site) forStaff(day *booking.Day) []staffBooking {
	list := make([]staffBooking, len(day.Bookings))
	for i, b := range inOrder(day) {
		list[i] = s.staffView(b, s.syncState(b))
	}
	return list
}

// inOrder are the bookings of a day in the order in which the guests come.
func inOrder(day *booking.Day) []booking.Booking {
	return slices.SortedStableFunc(slices.Values(day.Bookings), func(a, b booking.Booking) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.ID, b.ID))
	})
}

// syncState returns how far a booking has come to the system of record; one that
// holds no table counts as written.
func (s *site) syncState(b booking.Booking) booking.SyncState {
	if !b.Live() {
		return booking.Written
	}
	return s.cfg.Bookings.SyncState(b.ID)
}

func (s *site) staffView(b booking.Booking, state booking.SyncState) staffBooking {
	v := staffBooking{Booking: answer.View(b, state), Phone: b.Phone, Channel: b.Channel, Notes: b.Notes}
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
	zone := s.cfg.Restaurant.Location
	return "from " + b.Start.In(zone).Format("15:04") + " to " + b.End.In(zone).Format("15:04")
}

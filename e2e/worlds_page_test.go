package e2e

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// onThePage books as the restaurant's own site does.
func (w *world) onThePage(v *visitor, a request) (heard reply, err error) {
	party, err := strconv.Atoi(a.says[cParty])
	if err != nil {
		return heard, err
	}
	body, err := json.Marshal(map[string]any{"name": a.stay.name, "phone": v.number, "date": a.says[cDate], "time": a.says[cTime], "party": party, "lang": "es"})
	if err != nil {
		return heard, err
	}
	header := map[string]string{"Content-Type": "application/json", "Idempotency-Key": fmt.Sprintf("%s-%d", v.number, v.calls)}
	_, answered, got, err := w.s.do("POST", "/api/bookings", header, body)
	if err != nil {
		return heard, err
	}
	if _, link, ok := strings.Cut(answered.Get("Location"), "/reserva/"); ok {
		a.stay.link = "/reserva/" + link
	}
	return heard, json.Unmarshal(got, &heard)
}

// onHisOwnPage cancels on the page of a booking.
func (w *world) onHisOwnPage(a request) (heard reply, err error) {
	header := map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
	_, _, got, err := w.s.do("POST", a.stay.link+"/cancelar", header, []byte("lang=es")) // the client follows
	switch page := string(got); {
	case err != nil:
	case strings.Contains(page, "Reserva cancelada"), strings.Contains(page, "La estamos pasando al libro"):
		// It says cancelled also of what is not in the book yet.
		heard.Error, heard.Booking.Code, heard.Booking.Status = "temporary_failure", a.stay.code, "processing"
	default:
		heard.Error = "refused"
	}
	return heard, err
}

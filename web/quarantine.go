package web

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"

	"maitre/booking"
)

// Quarantine is what of the data file could not be read and was put aside.
type Quarantine interface {
	// Quarantined returns the values, the oldest first, at most so many.
	Quarantined(ctx context.Context, limit int) ([]booking.Quarantined, error)
	// SeeTo notes that a person saw to one. Errors: [booking.ErrNotFound].
	SeeTo(ctx context.Context, id string) error
}

// noQuarantine is that of a data file of which everything can be read.
type noQuarantine struct{}

// Quarantined returns none.
func (noQuarantine) Quarantined(context.Context, int) ([]booking.Quarantined, error) { return nil, nil }

// SeeTo knows no value.
func (noQuarantine) SeeTo(context.Context, string) error { return booking.ErrNotFound }

// missed returns the values that nobody has seen to yet.
func (s *site) missed(ctx context.Context) []booking.Quarantined {
	all, err := s.cfg.Quarantine.Quarantined(ctx, maxEntries)
	if err != nil { // the journal is worth more
		s.cfg.Log.ErrorContext(ctx, "read the quarantine for the staff", "error", err)
	}
	var missed []booking.Quarantined
	for _, q := range all {
		if q.Missed() {
			missed = append(missed, q)
		}
	}
	return missed
}

// asideView is a value that could not be read, in words.
type asideView struct {
	ID                string
	What, Do, Newer   string
	When              string // the day and the code, as far as they are known
	Phone             booking.Phone
	PhoneShown, Since string
	Error             string
}

// aside are the values that nobody has seen to yet, in words.
func (s *site) aside(p page, r *http.Request) []asideView {
	words := p.Words.Staff.Aside
	var views []asideView
	for _, q := range s.missed(r.Context()) {
		does, known := words.kinds[q.Bucket]
		switch {
		case !known:
			does = words.Other
		case q.Bucket == booking.QuarantinedBooking && s.cfg.Airtable:
			does = words.InBook
		}
		v := asideView{
			ID: base64.RawURLEncoding.EncodeToString([]byte(q.ID)), What: does.What, Do: does.Do,
			Phone: q.Phone, PhoneShown: written(q.Phone), Since: s.momentOf(p, q.At), Error: q.Error,
		}
		if q.Newer {
			v.Newer = words.Newer
		}
		var when []string
		if !q.Date.IsZero() {
			when = append(when, p.Words.longDate(q.Date))
		}
		if q.Code != "" {
			when = append(when, p.Words.Staff.Code+" "+q.Code)
		}
		v.When = strings.Join(when, " · ")
		views = append(views, v)
	}
	return views
}

// seenFromPage answers the button that says that somebody saw to a value.
func (s *site) seenFromPage(w http.ResponseWriter, r *http.Request) {
	id, err := base64.RawURLEncoding.DecodeString(r.PostForm.Get("id"))
	if err == nil {
		err = s.cfg.Quarantine.SeeTo(r.Context(), string(id))
	}
	s.done(w, r, didSee, "", err)
}

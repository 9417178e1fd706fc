package airtabletest

import (
	"slices"
	"time"
)

// rates counts requests by base and by user. Both windows are the last second;
// who exceeds one is refused everything for 30 s. What is refused meanwhile does
// not make it longer [?].
type rates struct {
	base  window
	users map[string]*window
}

type window struct {
	recent []time.Time
	until  time.Time
}

// open reports whether a request may pass now, and counts it.
func (w *window) open(now time.Time, limit int) bool {
	if limit < 0 {
		return !now.Before(w.until)
	}
	if now.Before(w.until) {
		return false
	}
	w.recent = slices.DeleteFunc(w.recent, func(t time.Time) bool { return now.Sub(t) >= time.Second })
	if len(w.recent) >= limit {
		w.until, w.recent = now.Add(penalty), nil
		return false
	}
	w.recent = append(w.recent, now)
	return true
}

// admit applies the limits to a request. s.mu is held.
func (s *Server) admit(c *call) error {
	now := s.now()
	if s.rates.users == nil {
		s.rates.users = map[string]*window{}
	}
	user := s.rates.users[c.token.User]
	if user == nil {
		user = &window{}
		s.rates.users[c.token.User] = user
	}
	if !user.open(now, s.options.RatePerUser) {
		return errRateLimited
	}
	if c.base != "" && !s.rates.base.open(now, s.options.RatePerBase) {
		return errRateLimited
	}
	return s.quota.admit(c, now, s.options.MonthlyCalls)
}

// quota is the plan's calls a month.
type quota struct {
	spent bool // on command
	month string
	calls int
}

// admit counts a call against the month. Schema endpoints go on answering when
// the quota is spent, as one report says; whether they count is not known [?].
func (q *quota) admit(c *call, now time.Time, limit int) error {
	if c.op == OpSchemaRead || c.op == OpSchemaWrite || c.op == OpWhoami {
		return nil
	}
	if month := now.Format("2006-01"); month != q.month {
		q.month, q.calls = month, 0
	}
	if q.spent || limit > 0 && q.calls >= limit {
		return errQuotaSpent
	}
	q.calls++
	return nil
}

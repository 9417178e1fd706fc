package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"maitre/booking"
)

// staffPage is what every page of the staff's shows.
type staffPage struct {
	page
	Here            string // the address of the page, among those of the bar
	Pending, Parked int    // entries of the journal
	// Said is what became of what was just done; empty: nothing was.
	Said string
}

// staffPage begins a page of the staff's; entries are what waits in the journal.
func (s *site) staffPage(r *http.Request, here string, entries []booking.JournalEntry) staffPage {
	p := staffPage{page: s.page(r), Here: here}
	for _, e := range entries {
		if e.State == booking.EntryParked {
			p.Parked++
		} else {
			p.Pending++
		}
	}
	return p
}

// All is how many entries there are.
func (p staffPage) All() int { return p.Pending + p.Parked }

// To is the address of a page of the staff's.
func (p staffPage) To(path string) string { return path + "?lang=" + url.QueryEscape(string(p.Lang)) }

// Waits is how many entries wait by themselves, in words; empty: none.
func (p staffPage) Waits() string {
	return counted(p.Pending, p.Words.Staff.OneWaits, p.Words.Staff.ManyWait)
}

// Asks is how many entries wait for a person, in words; empty: none.
func (p staffPage) Asks() string {
	return counted(p.Parked, p.Words.Staff.OneAsks, p.Words.Staff.ManyAsk)
}

func counted(n int, one, many string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// dayPage is the day's bookings as the staff read them in the middle of a service.
type dayPage struct {
	staffPage
	ISO, Name     string
	IsToday       bool
	Before, After string // addresses of the neighbouring days
	Updated       string // when it was read
	Behind        bool   // the system of record does not answer
	Services      []staffService
	Gone          []arrival
	Holiday       string
	Closure       string
}

// staffService is a service with who comes to it.
type staffService struct {
	Name, Hours, Covers, Parties string
	Arrivals                     []arrival
}

// arrival is a party that comes, or does not after all.
type arrival struct {
	Time, Name, Guests, Table, Zone string
	Status, StatusText              string
	By, Notes, Code                 string // By: the channel
	Phone                           booking.Phone
	PhoneShown                      string
	Unreached                       string   // that a message to them failed; empty: none did
	Shares                          []string // with whom they are on one table at the same time
}

// dayPage answers GET /admin.
func (s *site) dayPage(w http.ResponseWriter, r *http.Request) {
	today := s.cfg.Desk.Today()
	date := today
	if asked := r.URL.Query().Get("date"); asked != "" {
		var err error
		if date, err = booking.ParseDate(asked); err != nil {
			p := s.page(r)
			s.staffProblem(w, p, http.StatusBadRequest, p.Words.Staff.Garbled, p.Words.Staff.NoSuchDay)
			return
		}
	}
	day, ok := s.dayFor(r.Context(), date)
	entries, err := s.cfg.Journal.Entries(r.Context(), maxEntries)
	if err != nil {
		s.cfg.Log.ErrorContext(r.Context(), "journal for the staff", "error", err)
	}
	view := dayPage{staffPage: s.staffPage(r, dayPath, entries), ISO: date.String(), IsToday: date == today}
	if !ok || err != nil {
		s.staffProblem(w, view.page, http.StatusServiceUnavailable, view.Words.Staff.NotRead, view.Words.Staff.NotReadHelp)
		return
	}
	view.Name, view.Updated = view.Words.longDate(date), s.clock(s.cfg.Desk.Now())
	view.Before, view.After = view.dayAt(date.AddDays(-1)), view.dayAt(date.AddDays(1))
	view.Behind = s.behind(r)
	hours := s.cfg.Desk.Hours(date)
	view.Holiday, view.Closure = view.text(hours.Holiday), view.text(hours.Closure)
	view.seat(s, hours.Services, day, badges{asks: asking(entries), unreached: s.unreached(r), shares: view.shares(day)})
	s.render(w, http.StatusOK, "day", view.Lang, view)
}

func (p staffPage) dayAt(date booking.Date) string { return p.To(dayPath) + "&date=" + date.String() }

// behind reports whether the system of record is known not to answer, so that the
// staff's changes there may be missing here.
func (s *site) behind(r *http.Request) bool {
	return slices.ContainsFunc(s.checks(r.Context()), func(c Check) bool { return c.Name == "system_of_record" && !c.OK })
}

// unreached returns the IDs of the bookings of which a message to the guest failed.
func (s *site) unreached(r *http.Request) map[string]bool {
	failed, err := s.cfg.Messages.List(r.Context(), booking.MessageFailed, maxMessages)
	if err != nil { // the day is shown without the badges
		s.cfg.Log.ErrorContext(r.Context(), "messages for the staff", "error", err)
	}
	of := make(map[string]bool)
	for _, m := range failed {
		of[m.Booking] = of[m.Booking] || m.Kind != booking.MessageAlert
	}
	return of
}

// asking returns the IDs of the bookings of which an entry waits for a person.
func asking(entries []booking.JournalEntry) map[string]bool {
	of := make(map[string]bool)
	for _, e := range entries {
		of[e.Booking.ID] = e.State == booking.EntryParked
	}
	return of
}

// badges are what the page shows of bookings besides their own data, by ID.
type badges struct {
	asks, unreached map[string]bool
	shares          map[string][]string
}

// shares says of each booking that is on one table with another at the same time, with which.
func (v *dayPage) shares(day *booking.Day) map[string][]string {
	words, of := v.Words.Staff, make(map[string][]string)
	for _, o := range booking.Overlaps(day) {
		for _, pair := range [][2]booking.Booking{{o.First, o.Second}, {o.Second, o.First}} {
			other := pair[1]
			when := other.Time.String()
			if other.HourUnknown {
				when = words.NoHour
			}
			if other.Code != "" {
				when += ", " + words.Code + " " + other.Code
			}
			of[pair[0].ID] = append(of[pair[0].ID], strings.NewReplacer("{table}", strings.Join(o.Tables, "+"), "{name}", cmp.Or(other.Name, words.NoName), "{when}", when).Replace(words.Shares))
		}
	}
	return of
}

// seat sorts the bookings of a day into its services.
func (v *dayPage) seat(s *site, services []booking.ServiceHours, day *booking.Day, of badges) {
	words := v.Words.Staff
	covers := make([]int, len(services)+1) // the last: at no service's time
	view := make([]staffService, len(services)+1)
	for i, hours := range services {
		view[i].Name, view[i].Hours = v.text(hours.Name), arrivals(hours)
	}
	view[len(services)].Name = words.Otherwise
	for _, b := range inOrder(day) {
		a := s.arrival(v.page, b, s.syncState(b))
		if of.unreached[b.ID] {
			a.Unreached = words.Unreached
		}
		a.Shares = of.shares[b.ID]
		if of.asks[b.ID] {
			a.Status, a.StatusText = string(booking.EntryParked), words.Case.Parked
		}
		if b.Status == booking.Cancelled || b.Status == booking.NoShow {
			v.Gone = append(v.Gone, a)
			continue
		}
		i := serviceOf(b, services)
		view[i].Arrivals = append(view[i].Arrivals, a)
		covers[i] += b.Party
	}
	for i := range view {
		view[i].Covers = counted(covers[i], words.CoverOne, words.CoverMany)
		view[i].Parties = counted(len(view[i].Arrivals), words.PartyOne, words.PartyMany)
	}
	if len(view[len(services)].Arrivals) == 0 {
		view = view[:len(services)]
	}
	v.Services = view
}

// serviceOf returns the index of a booking's service, or len(services) where it
// belongs to none, as a row that the staff typed may.
func serviceOf(b booking.Booking, services []booking.ServiceHours) int {
	i := slices.IndexFunc(services, func(h booking.ServiceHours) bool { return h.ID == b.Service })
	if i < 0 {
		i = slices.IndexFunc(services, func(h booking.ServiceHours) bool { return h.First <= b.Time && b.Time <= h.Last })
	}
	if i < 0 {
		return len(services)
	}
	return i
}

// arrival is a booking in words.
func (s *site) arrival(p page, b booking.Booking, state booking.SyncState) arrival {
	words := p.Words.Staff
	status := b.Status
	if state == booking.Pending {
		status = booking.Processing
	}
	a := arrival{
		Time: b.Time.String(), Name: b.Name, Guests: p.party(b.Party), Zone: s.zoneName(p, b.Zone), Code: b.Code, Notes: b.Notes,
		Status: string(status), StatusText: cmp.Or(words.statuses[status], string(status)),
		Phone: b.Phone, PhoneShown: written(b.Phone), Table: words.NoTable,
	}
	if b.HourUnknown {
		a.Time = words.NoHour
	}
	if channel := words.channels[b.Channel]; channel != "" {
		a.By = words.By + " " + channel
	}
	if len(b.Tables) > 0 {
		a.Table = words.Table + " " + strings.Join(b.Tables, "+")
	}
	return a
}

// clock returns the time of day in the restaurant's zone, HH:MM.
func (s *site) clock(at time.Time) string { return at.In(s.location()).Format("15:04") }

// momentOf returns the time of day, after the date where that is not today.
func (s *site) momentOf(p page, at time.Time) string {
	local, now := at.In(s.location()), s.cfg.Desk.Now().In(s.location())
	if local.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return local.Format("15:04")
	}
	return p.Words.longDate(booking.NewDate(local.Date())) + ", " + local.Format("15:04")
}

func (s *site) location() *time.Location {
	if s.cfg.Restaurant.Location == nil {
		return time.UTC
	}
	return s.cfg.Restaurant.Location
}

package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"maitre/booking"
)

// home answers GET /: what runs here, how to reach the restaurant, when it is open.
func (s *site) home(w http.ResponseWriter, r *http.Request) {
	p := homePage{page: s.page(r), PhoneConnected: s.cfg.PhoneConnected, Airtable: s.cfg.Airtable}
	p.Ready, p.Whole = condition(s.checks(r.Context()))
	today := s.cfg.Desk.Today()
	p.Today = p.todayFrom(s.cfg.Desk.Hours(today))
	p.Form = s.chooserFrom(p.page, nil)
	p.Week = p.weekFrom(s.cfg.Desk.Week(), today.Weekday())
	s.render(w, http.StatusOK, "home", p.Lang, p)
}

type homePage struct {
	page
	Form           chooser
	Ready, Whole   bool
	PhoneConnected bool
	Airtable       bool
	Today          todayView
	Week           weekView
}

type todayView struct {
	Date     string // such as "jueves 24 de diciembre"
	ISO      string
	Services []serviceView
	Holiday  string
	Closure  string
}

type serviceView struct{ Name, Hours string }

func (p homePage) todayFrom(day booking.DayHours) todayView {
	view := todayView{
		Date: p.Words.longDate(day.Date), ISO: day.Date.String(),
		Holiday: p.text(day.Holiday), Closure: p.text(day.Closure),
	}
	for _, service := range day.Services {
		view.Services = append(view.Services, serviceView{p.text(service.Name), arrivals(service)})
	}
	return view
}

// weekView is the ordinary week as a table: a row a day, a column a service.
type weekView struct {
	Services []string
	Days     []dayView
}

type dayView struct {
	Name  string
	Today bool
	Open  bool
	Hours []string // one for each service; empty where it does not run
}

func (p homePage) weekFrom(week [7][]booking.ServiceHours, today time.Weekday) weekView {
	services := servicesOf(week)
	view := weekView{}
	for _, service := range services {
		view.Services = append(view.Services, p.text(service.Name))
	}
	for i := range week {
		weekday := time.Weekday((i + 1) % len(week)) // weeks begin on Monday here
		day := dayView{
			Name: p.Words.weekday(weekday), Today: weekday == today, Open: len(week[weekday]) > 0,
			Hours: make([]string, len(services)),
		}
		for _, hours := range week[weekday] {
			column := slices.IndexFunc(services, func(s booking.ServiceHours) bool { return s.ID == hours.ID })
			day.Hours[column] = strings.TrimPrefix(day.Hours[column]+", "+arrivals(hours), ", ")
		}
		view.Days = append(view.Days, day)
	}
	return view
}

// servicesOf lists each service of the week once, the earliest first.
func servicesOf(week [7][]booking.ServiceHours) []booking.ServiceHours {
	var services []booking.ServiceHours
	for _, hours := range slices.Concat(week[:]...) {
		if !slices.ContainsFunc(services, func(s booking.ServiceHours) bool { return s.ID == hours.ID }) {
			services = append(services, hours)
		}
	}
	slices.SortStableFunc(services, func(a, b booking.ServiceHours) int { return int(a.First - b.First) })
	return services
}

func arrivals(h booking.ServiceHours) string {
	if h.First == h.Last {
		return h.First.String()
	}
	return h.First.String() + "–" + h.Last.String()
}

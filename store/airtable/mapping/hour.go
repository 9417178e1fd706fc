package mapping

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"maitre/booking"
	"maitre/booking/phrase"
	"maitre/store/airtable"
)

// hour is what the field for the hour says: an instant, a time of day, a part of the
// day, or nothing that could be read.
type hour struct {
	at        time.Time // zero: not an instant
	timeOfDay booking.TimeOfDay
	until     booking.TimeOfDay // the end in "21:00-23:30"; 0: none
	service   string            // the ID of the service that was named in place of an hour
	seating   int               // from 1: the seating that was named; 0: none
	known     bool              // there is an instant or a time of day
}

var (
	localStamp = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})[t ]+(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?$`)
	daySlashed = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[\s,]+(?:a las )?(\d{1,2})[:.h](\d{2})\s*h?)?$`)

	halves = `(?:\s*(a\.?\s?m\.?|p\.?\s?m\.?|(?:de|por) la (?:manana|tarde|noche|madrugada)|(?:del|de) mediodia)(?:$|[^a-z]))?`
	// exactHourRE finds an hour that cannot be anything else: with minutes, an h, am or pm.
	exactHourRE = regexp.MustCompile(`(?:^|[^\d:.,])(\d{1,2})\s*(?:[:.,h'´]\s*([0-5]\d)(?:\s*(?:h|hs|hrs?|horas?)\b)?|(?:h|hs|hrs?|horas?)\b)` + halves)
	halfHourRE  = regexp.MustCompile(`(?:^|[^\d:.,])(\d{1,2})()\s*(a\.?\s?m\.?|p\.?\s?m\.?|(?:de|por) la (?:manana|tarde|noche|madrugada)|(?:del|de) mediodia)(?:$|[^a-z])`)
	// bareHourRE and bareTimeRE match a cell that holds nothing but an hour: 21, 2130.
	bareHourRE = regexp.MustCompile(`^(?:(?:sobre|hacia|a) )?(?:las? )?(\d{1,2})$`)
	bareTimeRE = regexp.MustCompile(`^(\d{1,2})([0-5]\d)\s*h?$`)
	rangeRE    = regexp.MustCompile(`^[^\d]*\d{1,2}(?:[:.,h]\s*[0-5]\d)?\s*h?\s*(?:-|–|—|/|a|hasta|hasta las|a las)\s*\d{1,2}(?:[:.,h]\s*[0-5]\d)?\s*h?\D*$`)
)

// hourReader returns a reader of guests' phrases, for hours that no pattern matches.
func hourReader(restaurant *booking.Restaurant) *phrase.Reader {
	var usual []phrase.Window
	for _, s := range restaurant.Services {
		usual = append(usual, phrase.Window{First: s.First, Last: s.Last})
	}
	return phrase.New(phrase.Restaurant{Location: restaurant.Location, Usual: usual})
}

// hourOf reads the hour in a cell; day is the service day, zero if not known.
func (m *Mapper) hourOf(c airtable.Cell, day booking.Date) hour {
	if at, ok := c.Instant(); ok {
		return m.instant(at)
	}
	if n, ok := c.Number(); ok {
		return m.numberedHour(n, day)
	}
	s, ok := textOf(c)
	if !ok || s == "" {
		return hour{}
	}
	s = strings.Join(strings.Fields(plain(s)), " ")
	if len(s) > 200 {
		return hour{}
	}
	if at, ok := m.stamp(s); ok {
		return m.instant(at)
	}
	return m.hourInText(s, day)
}

// instant returns an hour with its day; none for a year that must be a typing error.
func (m *Mapper) instant(at time.Time) hour {
	if at.Year() < 2000 || at.Year() > 2100 {
		return hour{}
	}
	at = at.Truncate(time.Minute)
	_, clock := booking.ServiceDay(at, m.restaurant.Location)
	return hour{at: at.UTC(), timeOfDay: clock, known: true}
}

// stamp reads a date and an hour without zone, in the restaurant's zone.
func (m *Mapper) stamp(s string) (time.Time, bool) {
	var y, mo, d, h, mi string
	if p := localStamp.FindStringSubmatch(s); p != nil {
		y, mo, d, h, mi = p[1], p[2], p[3], p[4], p[5]
	} else if p := daySlashed.FindStringSubmatch(s); p != nil && p[4] != "" {
		y, mo, d, h, mi = p[3], p[2], p[1], p[4], p[5]
	} else {
		return time.Time{}, false
	}
	date, ok := civil(y, mo, d)
	hh, mm := number(h), number(mi)
	if !ok || hh > 23 || mm > 59 {
		return time.Time{}, false
	}
	year, month, dayOfMonth := date.Civil()
	return time.Date(year, month, dayOfMonth, hh, mm, 0, 0, m.restaurant.Location), true
}

// numberedHour reads a number: seconds of a duration field, or 21 or 2130.
func (m *Mapper) numberedHour(n float64, day booking.Date) hour {
	whole := int(n)
	switch {
	case n < 0 || n > 30*3600 || n != float64(whole):
		return hour{}
	case whole > 2359:
		return m.timeOfDay(whole/3600%24, whole/60%60, "", day)
	default:
		return m.hourInText(strconv.Itoa(whole), day)
	}
}

func (m *Mapper) hourInText(s string, day booking.Date) hour {
	if p := bareHourRE.FindStringSubmatch(s); p != nil {
		return m.timeOfDay(number(p[1]), 0, "", day)
	}
	if p := bareTimeRE.FindStringSubmatch(s); p != nil {
		return m.timeOfDay(number(p[1]), number(p[2]), "", day)
	}
	found := exactHourRE.FindAllStringSubmatch(s, 4)
	if len(found) == 0 {
		found = halfHourRE.FindAllStringSubmatch(s, 4)
	}
	switch {
	case len(found) == 1:
		return m.timeOfDay(number(found[0][1]), number(found[0][2]), found[0][3], day)
	case len(found) == 2 && rangeRE.MatchString(s):
		h := m.timeOfDay(number(found[0][1]), number(found[0][2]), found[0][3], day)
		h.until = m.timeOfDay(number(found[1][1]), number(found[1][2]), found[1][3], day).timeOfDay
		return h
	case len(found) > 1:
		return hour{}
	}
	if said := m.phrasedHour(s); said.known {
		return said
	}
	return m.partOfDay(s, day)
}

// phrasedHour reads words such as "a las nueve y media"; two hours count as none.
func (m *Mapper) phrasedHour(s string) hour {
	if len(countRE.FindAllString(s, 3)) > 1 || strings.Contains(" "+s+" ", " o ") {
		return hour{}
	}
	said := m.reader.Understand(s, time.Unix(0, 0), booking.Spanish)
	if said.Time == nil || said.Date != nil {
		return hour{}
	}
	return hour{timeOfDay: *said.Time, known: true}
}

// timeOfDay returns an hour in the half of the day that is named or, if none is,
// by the hours of service.
func (m *Mapper) timeOfDay(h, minute int, half string, day booking.Date) hour {
	if h == 24 {
		h = 0
	}
	if h > 23 || minute > 59 {
		return hour{}
	}
	half = strings.NewReplacer(".", "", " ", "").Replace(half)
	switch {
	case strings.HasPrefix(half, "p") && h < 12, strings.HasSuffix(half, "tarde") && h < 12,
		strings.HasSuffix(half, "noche") && h > 5 && h < 12, strings.HasSuffix(half, "mediodia") && h < 5:
		h += 12
	case (half == "am" || strings.HasSuffix(half, "noche") || strings.HasSuffix(half, "madrugada")) && h == 12:
		h = 0
	case half == "" && h >= 1 && h <= 12: // 00:30 never means half past noon
		return hour{timeOfDay: m.likelierHalf(h, minute, day), known: true}
	}
	return hour{timeOfDay: booking.NewTimeOfDay(h, minute), known: true}
}

// likelierHalf reads an hour up to 12 as written if guests may come then, or else in
// the other half of the day if they may come then: "9:30" at a restaurant that serves
// dinner is 21:30.
func (m *Mapper) likelierHalf(h, minute int, day booking.Date) booking.TimeOfDay {
	asWritten, other := booking.NewTimeOfDay(h, minute), booking.NewTimeOfDay((h+12)%24, minute)
	if !m.served(asWritten, day) && m.served(other, day) {
		return other
	}
	return asWritten
}

// slack is how many minutes outside a service's arrivals staff still seat guests.
const slack = 60

func (m *Mapper) served(t booking.TimeOfDay, day booking.Date) bool {
	return slices.ContainsFunc(m.servicesOn(day), func(s booking.ServiceHours) bool {
		return s.First-slack <= t && t <= s.Last+slack
	})
}

// servicesOn returns the services of a day; all services if the day is not known or
// closed.
func (m *Mapper) servicesOn(day booking.Date) []booking.ServiceHours {
	if !day.IsZero() {
		if services := m.hoursOn(day).Services; len(services) > 0 {
			return services
		}
	}
	var all []booking.ServiceHours
	for _, s := range m.restaurant.Services {
		all = append(all, booking.ServiceHours{ID: s.ID, Name: s.Name, First: s.First, Last: s.Last, RoomCloses: s.RoomCloses})
	}
	return all
}

func (m *Mapper) hoursOn(day booking.Date) *booking.DayHours {
	if known := m.hours.Load(); known != nil && known.Date == day {
		return known
	}
	hours := m.restaurant.HoursOn(day)
	m.hours.Store(&hours)
	return &hours
}

// partOfDay reads a service or a seating named in place of an hour.
func (m *Mapper) partOfDay(s string, day booking.Date) hour {
	words := " " + foldWords(s) + " "
	usual := map[string][]string{
		"lunch": {"comida", "almuerzo", "comer", "mediodia", "lunch"}, "dinner": {"cena", "cenar", "noche", "dinner"},
	}
	for _, service := range m.servicesOn(day) {
		names := append([]string{service.ID}, usual[service.ID]...)
		for _, name := range service.Name {
			names = append(names, withoutArticle(name))
		}
		for i, seating := range service.Seatings {
			for _, name := range append(ordinals(i), slices.Collect(maps.Values(seating.Name))...) {
				if strings.Contains(words, " "+foldWords(name)+" ") {
					return hour{service: service.ID, seating: i + 1}
				}
			}
		}
		for _, name := range names {
			if name := foldWords(name); name != "" && strings.Contains(words, " "+name+" ") {
				return hour{service: service.ID}
			}
		}
	}
	return hour{}
}

func ordinals(i int) []string {
	switch i {
	case 0:
		return []string{"primer turno", "1er turno", "1 turno", "1o turno", "turno 1", "first seating"}
	case 1:
		return []string{"segundo turno", "2o turno", "2 turno", "2do turno", "turno 2", "second seating"}
	}
	return nil
}

func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

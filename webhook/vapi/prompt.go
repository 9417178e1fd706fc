package vapi

import (
	"embed"
	"fmt"
	"strings"
	"text/template"
	"time"

	"maitre/booking"
)

// prompts are the instructions to the assistant's model, one for each language
// that a restaurant may speak first. Guests never read them.
//
//go:embed prompts/*.tmpl
var prompts embed.FS

// today is how a prompt says when it is.
type today struct {
	Now  string   // day, date and time
	Days []string // the days to come with their dates; may be empty
}

// daysAhead is how many days a prompt names with their dates: models count
// weekdays badly.
const daysAhead = 14

// today returns the date and time of a call that begins now.
func (p Profile) today(now time.Time) today {
	lang := p.Words.Language(p.Restaurant.Restaurant().Languages[0])
	now = now.In(p.Restaurant.Restaurant().Location)
	date := booking.NewDate(now.Date())
	named := func(d booking.Date) string { return fmt.Sprintf("%s (%s)", p.Words.Day(lang, now, d), d) }
	t := today{Now: named(date) + ", " + now.Format("15:04")}
	for n := range daysAhead {
		t.Days = append(t.Days, named(date.AddDays(n+1)))
	}
	return t
}

// todayByVAPI leaves it to VAPI to say when a call begins: prompts are Liquid
// templates there (VAPI's page on dynamic variables).
func (p Profile) todayByVAPI() today {
	return today{Now: fmt.Sprintf(`{{"now" | date: "%%A %%Y-%%m-%%d, %%H:%%M", "%s"}}`, p.Restaurant.Restaurant().Location)}
}

func (p Profile) prompt(lang booking.Lang, t today) (string, error) {
	tmpl, err := template.ParseFS(prompts, "prompts/"+string(lang)+".tmpl")
	if err != nil {
		return "", fmt.Errorf("read prompt: %w", err)
	}
	restaurant := p.Restaurant.Restaurant()
	data := struct {
		today
		Restaurant, Address, Phone, Zone, Hours string
		Facts, Zones                            []string
		PartyLimit                              int
		Several                                 bool
	}{
		today:      t,
		Restaurant: unliquid(restaurant.Name),
		Address:    unliquid(restaurant.Address),
		Phone:      string(restaurant.Phone),
		Zone:       restaurant.Location.String(),
		Hours:      unliquid(p.Words.Week(lang, p.Restaurant.Week())),
		PartyLimit: restaurant.PartyLimit,
		Several:    len(restaurant.Languages) > 1,
	}
	for _, fact := range restaurant.Facts {
		data.Facts = append(data.Facts, unliquid(fact.Text.In(lang, restaurant.Languages...)))
	}
	for _, zone := range restaurant.Zones {
		data.Zones = append(data.Zones, fmt.Sprintf("%s = %s", zone.ID, unliquid(zone.Name.In(lang, restaurant.Languages...))))
	}
	var out strings.Builder
	if err := tmpl.Execute(&out, data); err != nil {
		return "", fmt.Errorf("write prompt: %w", err)
	}
	return strings.TrimSpace(out.String()), nil
}

// unliquid makes one line of an owner's text and takes from it what VAPI would
// read as a template.
func unliquid(s string) string {
	s = strings.NewReplacer("{", "(", "}", ")").Replace(s)
	return strings.Join(strings.Fields(s), " ")
}

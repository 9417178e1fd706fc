package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// at is an hour of a service day by the restaurant's clock, as an instant.
func at(t testing.TB, date, clock string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	when, err := time.ParseInLocation("2006-01-02 15:04", date+" "+clock, zone)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// madrid is the restaurant's hour of an instant as Airtable writes it; of anything
// else, what it is.
func madrid(cell any) string {
	text, _ := cell.(string)
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		return text
	}
	return when.In(zone).Format("15:04")
}

// hearsOnly wants that every message of a guest since the first so many says what is true of his
// booking: that it stands in the book as its row says, or that it is cancelled.
func (s *scene) hearsOnly(phone string, since int, code string) {
	s.t.Helper()
	s.nothingToSend()
	for _, m := range s.sentTo(phone)[since:] {
		if why := s.untrue(m.Body, code); why != "" {
			s.t.Errorf("%s was written %q: %s", phone, m.Body, why)
		}
	}
}

// untrue says what is not true in a message of a booking; empty: nothing.
func (s *scene) untrue(message, code string) string {
	found := s.rows(code)
	says := "no row"
	if len(found) == 1 {
		says = s.rowSays(found[0])
	}
	live := strings.HasPrefix(says, "Confirmada") || strings.HasPrefix(says, "Pre-reserva") || strings.HasPrefix(says, "Sentada")
	switch {
	case strings.Contains(message, "ya está en el libro"):
		part := strings.Fields(says)
		if !live || len(part) < 4 || !strings.Contains(message, "a las "+part[2]) || !strings.Contains(message, spokenDay(part[1])) ||
			!strings.Contains(message, spokenParty(part[3])) {
			return "the base has " + says
		}
	case strings.Contains(message, "queda cancelada") && live:
		return "the base has " + says
	}
	return ""
}

// spokenParty is a party as guests read it.
func spokenParty(party string) string {
	if party == "1" {
		return "una persona"
	}
	return party + " personas"
}

// spokenDay is a day as guests read it, without its weekday.
func spokenDay(date string) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	months := strings.Fields("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")
	return fmt.Sprint(day.Day(), " de ", months[day.Month()-1])
}

// nothingToSend waits until no message is on its way.
func (s *scene) nothingToSend() {
	s.t.Helper()
	s.until("nothing is to be sent", func() (bool, any) {
		open := s.outbox("waiting", "sending")
		return len(open) == 0, open
	})
}

// writtenTo waits for one more message to a phone than there were, and returns the last.
func (s *scene) writtenTo(phone string, were int) string {
	s.t.Helper()
	s.until("written to "+phone, func() (bool, any) { sent := s.sentTo(phone); return len(sent) > were, sent })
	sent := s.sentTo(phone)
	return sent[len(sent)-1].Body
}

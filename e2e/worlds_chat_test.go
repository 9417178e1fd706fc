package e2e

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// inTheChat says what is wanted, and says yes when it is read back. What is heard is
// as an answer object: only that it is done, or on its way, or neither.
func (w *world) inTheChat(v *visitor, text string) (reply, error) {
	said, err := w.writes(v.number, text)
	if err != nil || !strings.Contains(said, "¿Se la reservo?") && !strings.Contains(said, "¿Cancelo su reserva") {
		return v.hears(said), err // who repeats what he was asked about has said yes
	}
	return w.saysYes(v)
}

// saysYes says yes to what was asked in the chat.
func (w *world) saysYes(v *visitor) (reply, error) {
	said, err := w.writes(v.number, "sí")
	return v.hears(said), err
}

// hears makes an answer object of what the chat says.
func (v *visitor) hears(said string) (heard reply) {
	heard.Message = said
	if code := spokenCode.FindStringSubmatch(said); code != nil {
		heard.Booking.Code = strings.ReplaceAll(code[1], " ", "")
	}
	switch {
	case severalOf.MatchString(said): // several, of which he is to choose
		heard.Error = "refused"
	case strings.Contains(said, "se está procesando"):
		heard.Error, heard.Booking.Status = "temporary_failure", "processing"
		if heard.Booking.Code == "" {
			heard.Booking.Code = v.stay.code
		}
	case strings.Contains(said, "queda reservada"), strings.Contains(said, "queda cancelada"), strings.Contains(said, "queda confirmada"):
		heard.Success = true
	default:
		heard.Error = "refused"
	}
	return heard
}

var severalOf = regexp.MustCompile(`(?m)^Tiene \d+ reservas`)

var spokenCode = regexp.MustCompile(`código (?:es|sigue siendo) \*?((?:[A-Z0-9] ?){4})`)

// writes hands over a guest's message as Twilio does, and returns what is answered.
func (w *world) writes(from, text string) (string, error) {
	form := w.s.message(from, text)
	w.s.twilio.Inbound(from)
	header := map[string]string{
		"Content-Type":       "application/x-www-form-urlencoded",
		"X-Twilio-Signature": twilioSignature(w.s.public.url+"/whatsapp", form),
	}
	status, _, got, err := w.s.do("POST", "/whatsapp", header, []byte(form.Encode()))
	if err != nil {
		return "", err
	}
	if status != 200 {
		return "", fmt.Errorf("status %d", status)
	}
	var response struct {
		XMLName  xml.Name `xml:"Response"`
		Messages []string `xml:"Message"`
	}
	if err := xml.Unmarshal(got, &response); err != nil {
		return "", errors.Join(err, errors.New(string(got)))
	}
	return strings.Join(response.Messages, "\n\n"), nil
}

// twilioSignature signs a form as Twilio documents it.
func twilioSignature(address string, form url.Values) string {
	text := address
	for _, key := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[key] {
			text += key + value
		}
	}
	mac := hmac.New(sha1.New, []byte(twilioToken))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// readsMessages looks whether what guests were sent in this round is true of their
// bookings: it was so at some time since the round began, and nobody had said
// otherwise well before the message left.
func (w *world) readsMessages() {
	for _, v := range w.visitors {
		sent := w.s.sentTo(v.number)
		for _, m := range sent[w.seen[v.number]:] {
			w.total.add("messages to guests", 1)
			code := spokenCode.FindStringSubmatch(m.Body)
			i := slices.IndexFunc(w.stays, func(s *stay) bool {
				return s.by == v && (code != nil && s.code == strings.ReplaceAll(code[1], " ", "") || code == nil && strings.Contains(m.Body, s.name))
			})
			if i < 0 || w.stays[i].dropped {
				continue
			}
			s := w.stays[i]
			if why := untrueOf(s, m.Body, m.Created); why != "" {
				w.wrong("untrue", "%s was sent %q at %s: %s; %s", s.name, m.Body, m.Created.Format("15:04:05.0"), why, s.story())
			}
		}
		w.seen[v.number] = len(sent)
	}
}

// untrueOf says what is not true in a message that left at a moment; empty: nothing.
func untrueOf(s *stay, body string, left time.Time) string {
	over := strings.Contains(body, "queda cancelada")
	if !over && !strings.Contains(body, "ya está en el libro") {
		return ""
	}
	fits := func(state cells) bool {
		if over {
			return !live(state[cStatus])
		}
		return live(state[cStatus]) && strings.Contains(body, spokenDay(state[cDate])) && strings.Contains(body, "a las "+state[cTime]) &&
			strings.Contains(body, spokenParty(state[cParty]))
	}
	if !s.chosen && !slices.ContainsFunc(append(s.states(), s.past...), fits) {
		return "it was never so"
	}
	if last := len(s.words) - 1; last >= s.base && s.open == nil && !s.chosen && !fits(s.now()) && !slices.ContainsFunc(s.past, fits) && s.words[last].by != "guest" && left.Sub(s.words[last].at) > 5*time.Second {
		return fmt.Sprintf("the %s had said otherwise at %s", s.words[last].by, s.words[last].at.Format("15:04:05.0"))
	}
	return ""
}

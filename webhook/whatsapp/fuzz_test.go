package whatsapp_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maitre/booking"
	"maitre/webhook"
	"maitre/webhook/whatsapp"
)

// forgetful remembers no answers, and head keeps conversations in memory. With
// them and a careless journal nothing is written to disk, for which a fuzzer has no time.
type forgetful struct{}

func (forgetful) Recall(context.Context, string) ([]byte, bool, error) { return nil, false, nil }

func (forgetful) Remember(context.Context, booking.StoredAnswer) error { return nil }

type head struct{ kept sync.Map }

func (h *head) Load(_ context.Context, phone booking.Phone) ([]byte, time.Time, bool, error) {
	value, ok := h.kept.Load(phone)
	if !ok {
		return nil, time.Time{}, false, nil
	}
	return value.([]byte), time.Time{}, true, nil
}

func (h *head) Save(_ context.Context, phone booking.Phone, value []byte, _ *booking.StoredAnswer) error {
	h.kept.Store(phone, value)
	return nil
}

func inMind(tb testing.TB) *fixture {
	h := open(tb, func(c *whatsapp.Config) {
		c.Idempotency, c.Dialogues = webhook.NewIdempotency(forgetful{}, nil), &head{}
	})
	h.journal.Careless.Store(true)
	return h
}

// Whatever a body holds: no panic; 400 or 403 for what is no message of ours, and
// for all else 200 and TwiML, bounded.
func FuzzServe(f *testing.F) {
	for _, text := range []string{"hola", "mesa para 2 el jueves a las 9", "sí", "cancela mi reserva", "código K7QF 612345678", "👍", "\x00\u202e</Message>", "quiero cambiar la hora"} {
		f.Add([]byte(form(ana, text).Encode()))
	}
	f.Add([]byte(form(ana, "", "NumMedia", "1", "MediaContentType0", "audio/ogg").Encode()))
	f.Add([]byte(form(ana, "x", "ButtonPayload", "confirm:K7QF").Encode()))
	f.Add([]byte("From=whatsapp:%2B34612345678&MessageSid=SM1&AccountSid=" + account + "&Body=%ff%fe&ProfileName=%00"))
	h := inMind(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		h.t = t
		h.serves(body)
	})
}

// FuzzConversation has a guest say the lines of a text one after the other.
func FuzzConversation(f *testing.F) {
	for _, lines := range []string{
		"mesa para 2 el jueves\na las 9\nno\nla hora\na las 10\nsí\nmejor a las 11\nsí\ncancelar\nsí",
		"held\nsí\nno\nquiero cambiar\nla primera\n2\n40\nsí\nuna persona",
		"table for 40\nyes\nno\nthe name\nBob\ncode K7QF\n612345678\nstop\nstart",
	} {
		f.Add(lines)
	}
	h := inMind(f)
	f.Fuzz(func(t *testing.T, lines string) {
		h.t = t
		n := 0
		for line := range strings.SplitSeq(lines, "\n") {
			if n++; n > 12 {
				break
			}
			h.serves([]byte(form(ana, line).Encode()))
		}
	})
}

// serves hands a body to the handler and judges the answer.
func (h *fixture) serves(body []byte) {
	h.t.Helper()
	w := h.postRaw(body)
	if strings.Contains(h.logged.String(), "panicked") {
		h.t.Fatalf("panic: %s", h.logged)
	}
	switch w.Code {
	case http.StatusOK:
		read(h.t, w.Body.Bytes())
	case http.StatusBadRequest, http.StatusForbidden:
		if f, err := url.ParseQuery(string(body)); err == nil && len(f["From"]) == 1 && f.Get("From") != "" &&
			len(f["MessageSid"]) == 1 && f.Get("MessageSid") != "" && len(f["AccountSid"]) == 1 && f.Get("AccountSid") == account && len(f.Get("From")) <= 128 && len(f.Get("MessageSid")) <= 128 {
			h.t.Errorf("a message refused: %q", body)
		}
	default:
		h.t.Errorf("status %d for %q", w.Code, body)
	}
}

// Two guests say whatever guests say, in any order, with restarts and silences
// between: each sees and changes only what is theirs, and no more is booked
// than was agreed to.
func TestAnyConversation(t *testing.T) {
	t.Parallel()
	sayings := []string{
		"hola", "mesa para 2 el jueves a las 9", "mesa para 3 el viernes", "a las 9", "sí", "sí", "no", "la primera", "2", "cancelar", "cancela mi reserva", "quiero cambiar mi reserva",
		"mejor a las 10", "somos 4", "mis reservas", "la hora", "a nombre de Luis", "¿tenéis parking?", "¿abrís el sábado?", "gracias", "uno es celíaco", "el sábado", "en la terraza", "da igual",
		"table for 2 tomorrow", "yes", "2pm", "asdf", "STOP", "ALTA", "una persona", "código M8K3", "612345678 M8K4", "olvídalo", "otro día", "ninguna", "40", "el 24",
	}
	rapid.Check(t, func(rt *rapid.T) {
		h := inMind(t)
		h.journal.Careless.Store(false)
		yeses := map[string]int{}
		for range rapid.IntRange(1, 15).Draw(rt, "messages") {
			from := rapid.SampledFrom([]string{ana, luis}).Draw(rt, "from")
			text := rapid.SampledFrom(sayings).Draw(rt, "text")
			if text == "sí" || text == "yes" {
				yeses[from]++
			}
			h.says(from, text)
			if rapid.IntRange(0, 9).Draw(rt, "silence") == 0 {
				h.clock.pass(40 * time.Minute)
			}
		}
		made := map[string]int{}
		for date := booking.NewDate(2026, 11, 23); date < booking.NewDate(2027, 1, 10); date++ {
			for _, b := range h.booked(date.String()) {
				made[string(b.Phone)]++
			}
		}
		for from, n := range made {
			if from != ana && from != luis || n > yeses[from] {
				rt.Errorf("%s has %d bookings after %d yeses", from, n, yeses[from])
			}
		}
		if err := h.file.Close(); err != nil {
			rt.Error(err)
		}
	})
}

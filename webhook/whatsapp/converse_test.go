package whatsapp_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"maitre/booking"
	"maitre/webhook"
	"maitre/webhook/whatsapp"
)

// A redelivered message gets the bytes of the first answer and does nothing
// twice, wherever in the conversation, also after a restart.
func TestARedeliveredMessageGetsTheSameBytes(t *testing.T) {
	t.Parallel()
	h := open(t)
	sent := []url.Values{
		form(ana, "mesa para 2 el jueves a las 9"), form(ana, "mejor a las 10"), form(ana, "sí"),
		form(ana, "mejor somos 3"), form(ana, "vale"), form(ana, "cancela mi reserva"), form(ana, "sí"), form(ana, "quiero hablar con una persona"), form(ana, "BAJA"),
	}
	var first [][]byte
	for _, f := range sent {
		once := h.post(f).Body.Bytes()
		first = append(first, once)
		h.clock.pass(time.Second)
		if again := h.post(f).Body.Bytes(); !bytes.Equal(once, again) {
			t.Errorf("%q: a repeat differs:\n%s\n%s", f.Get("Body"), once, again)
		}
	}
	if n := len(h.staff.escalated); n != 1 {
		t.Errorf("%d escalations", n)
	}
	escalated := h.staff.escalated
	h = h.reopened()
	h.staff.escalated = escalated
	h.clock.pass(7 * time.Hour) // by now other words would be used for the date
	for i, f := range sent {
		if again := h.post(f).Body.Bytes(); !bytes.Equal(first[i], again) {
			t.Errorf("%q: a repeat differs:\n%s\n%s", f.Get("Body"), first[i], again)
		}
	}
	if live := h.booked("2026-11-26"); len(live) != 0 {
		t.Errorf("booked again: %+v", live)
	}
	if n := h.received.Load(); n != int64(len(sent)) {
		t.Errorf("%d messages were reported, want %d", n, len(sent))
	}
}

// The process ends between the booking, which is kept with its answer, and the
// conversation: the message comes again, and then another yes.
func TestABookingWhoseConversationWasNotKept(t *testing.T) {
	t.Parallel()
	var fails bool
	h := open(t, func(c *whatsapp.Config) { c.Dialogues = &forgetting{Dialogues: c.Dialogues, fail: &fails} })
	h.talk(ana, "mesa para 2 el jueves a las 9")
	fails = true
	yes := form(ana, "sí")
	first := h.post(yes).Body.String()
	h.want(first, "queda reservada")
	fails = false
	if again := h.post(yes).Body.String(); again != first {
		t.Errorf("a repeat differs:\n%s\n%s", first, again)
	}
	h.want(h.says(ana, "sí"), "ya la teníamos hecha")
	if live := h.booked("2026-11-26"); len(live) != 1 {
		t.Errorf("booked %d times", len(live))
	}
}

// A conversation that cannot be kept is not carried on as if it were.
func TestNothingIsSaidThatCannotBeKept(t *testing.T) {
	t.Parallel()
	fails := true
	h := open(t, func(c *whatsapp.Config) { c.Dialogues = &forgetting{Dialogues: c.Dialogues, fail: &fails} })
	message := form(ana, "mesa para 2 el jueves a las 9")
	h.want(h.post(message).Body.String(), "no ha quedado nada reservado")
	fails = false
	h.want(h.post(message).Body.String(), "Sería una mesa")
	if !strings.Contains(h.logged.String(), "+34***678") || strings.Contains(h.logged.String(), ana) {
		t.Errorf("logged %s", h.logged)
	}
}

// Two messages at once are answered one after the other, and what both say counts.
func TestTwoMessagesAtOnce(t *testing.T) {
	t.Parallel()
	for range 10 {
		h := open(t)
		h.says(ana, "quiero reservar")
		var wg sync.WaitGroup
		for _, text := range []string{"el jueves", "somos 4", "en la terraza", "a las 21:30"} {
			wg.Go(func() { h.post(form(ana, text)) })
		}
		wg.Wait()
		h.want(h.says(ana, "a nombre de Ana"), "4 personas", "jueves 26 de noviembre a las 21:30", "en la terraza")
		for range 4 {
			wg.Go(func() { h.post(form(ana, "sí")) })
		}
		wg.Wait()
		if live := h.booked("2026-11-26"); len(live) != 1 {
			t.Fatalf("booked %d times", len(live))
		}
	}
}

func TestManyGuestsAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			from := fmt.Sprintf("+3461200%04d", i)
			for _, text := range []string{"mesa para 2 el jueves", "a las 21:30", "a nombre de Luis", "sí"} {
				h.post(form(from, text))
			}
		})
	}
	wg.Wait()
	if live := h.booked("2026-11-26"); len(live) < 10 {
		t.Errorf("booked %d of 16", len(live))
	}
}

func TestAConversationGoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, text := range []string{"hola", "mesa para el jueves", "4", "9 y media", "no", "la hora", "22:00"} {
		h.says(ana, text)
		h.clock.pass(time.Minute)
		h = h.reopened()
	}
	h.want(h.says(ana, "sí"), "queda reservada", "4 personas", "22:00")
	if live := h.booked("2026-11-26"); len(live) != 1 || live[0].Phone != ana || live[0].Channel != booking.ByWhatsApp || !live[0].Vouched {
		t.Errorf("booked %+v", live)
	}
}

func TestWhatIsHalfMadeExpires(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pass time.Duration
		want string
	}{
		{29 * time.Minute, "is booked"},
		{30 * time.Minute, "It has been a while"}, // and English is still spoken
		{-time.Hour, "is booked"},                 // the clock was set back
		{-24 * time.Hour, "It has been a while"},  // it was wrong before
	} {
		h := open(t)
		h.says(ana, "a table for 2 on Thursday at 9pm please")
		h.clock.pass(tt.pass)
		h.want(h.says(ana, "ok"), tt.want)
	}
}

// Whatever a guest says, what is kept of them is not more than what was said.
func TestWhatIsKeptOfAGuestEndsWithTheBooking(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.talk(ana, "mesa para 2 el jueves a las 9, soy celíaca", "sí")
	value, _, _, err := h.file.Dialogues().Load(t.Context(), ana)
	if err != nil || bytes.Contains(value, []byte("cel")) {
		t.Errorf("%s, %v", value, err)
	}
	if live := h.booked("2026-11-26"); len(live) != 1 || live[0].Notes != "soy celíaca" {
		t.Errorf("booked %+v", live)
	}
}

func TestTheDeskFailsInTheMiddle(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.talk(ana, "mesa para 2 el jueves a las 9")
	h.journal.Broken.Store(true)
	h.want(h.says(ana, "sí"), "no ha quedado nada reservado", "941 00 01 26")
	h.want(h.says(ana, "sí"), "no ha quedado nada reservado")
	h.journal.Broken.Store(false)
	h.want(h.says(ana, "sí"), "queda reservada")

	h.talk(ana, "cancela mi reserva")
	h.journal.Broken.Store(true)
	h.want(h.says(ana, "sí"), "no ha quedado nada reservado ni cambiado")
	h.journal.Broken.Store(false)
	h.want(h.says(ana, "sí"), "queda cancelada")

	h.ledger.broken.Store(true)
	for _, text := range []string{"mis reservas", "cancela mi reserva", "quiero cambiar mi reserva", "¿hay sitio el jueves para 2?", "el jueves a las 9 para 2"} {
		h.want(h.says(luis, text), "no ha quedado nada reservado")
		h.talk(luis, "olvídalo")
	}
	h.ledger.broken.Store(false)
}

func TestALostDeskIsTriedAgainFromWhereItWas(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.ledger.broken.Store(true)
	h.talk(ana, "mesa para el jueves", "4", "a las 9")
	h.ledger.broken.Store(false)
	h.want(h.says(ana, "sí"), "Sería una mesa", "4 personas", "21:00")
}

// What failed to be looked at is not booked by the yes that tries again: it has
// not been read back yet.
func TestAYesAfterAFailureReadsBackFirst(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.talk(ana, "mesa para 2 el jueves a las 9")
	h.ledger.broken.Store(true)
	h.want(h.says(ana, "no, mejor el viernes a las 9"), "no ha quedado nada reservado")
	h.ledger.broken.Store(false)
	h.want(h.says(ana, "sí"), "Sería una mesa", "viernes 27")
	if live := append(h.booked("2026-11-26"), h.booked("2026-11-27")...); len(live) != 0 {
		t.Errorf("booked %+v", live)
	}
	h.want(h.says(ana, "sí"), "queda reservada")

	h.talk(ana, "cámbiala a las 11 de la noche")
	h.journal.Broken.Store(true)
	h.want(h.says(ana, "sí"), "no ha quedado nada reservado ni cambiado")
	h.journal.Broken.Store(false)
	h.want(h.says(ana, "sí"), "El cambio está hecho", "23:00")

	held := h.made(luis, "2026-11-26", "21:00", 2, func(r *booking.Request) { r.PreBook = true })
	h.journal.Broken.Store(true)
	h.want(h.says(luis, "sí"), "no ha quedado nada reservado ni cambiado")
	h.journal.Broken.Store(false)
	h.want(h.says(luis, "sí"), "queda confirmada")
	if live := h.booked("2026-11-26"); len(live) != 1 || live[0].Code != held.Code || live[0].Status != booking.Confirmed {
		t.Errorf("%+v", live)
	}
	h.ledger.broken.Store(true)
	h.want(h.says(luis, "sí"), "no ha quedado nada reservado")
	h.ledger.broken.Store(false)
}

// While a booking is pending nobody hears that it is booked; a repeat of the
// message neither.
func TestPendingIsNotBooked(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.journal.Slow.Store(true)
	h.talk(ana, "mesa para 2 el jueves a las 9")
	yes := form(ana, "sí")
	first := h.post(yes).Body.String()
	h.want(first, "se está procesando", "!reservada", "!Le esperamos")
	if again := h.post(yes).Body.String(); again != first {
		t.Errorf("a repeat differs:\n%s\n%s", first, again)
	}
	h.talk(ana, "mejor a las 10")
	h.want(h.says(ana, "sí"), "se está procesando", "!El cambio está hecho")
	h.talk(ana, "cancela mi reserva")
	h.want(h.says(ana, "sí"), "se está procesando", "!queda cancelada")
}

// forgetting is dialogues that cannot be saved while fail is set.
type forgetting struct {
	whatsapp.Dialogues
	fail *bool
}

func (f *forgetting) Save(ctx context.Context, phone booking.Phone, value []byte, stored *booking.StoredAnswer) error {
	if *f.fail {
		return booking.ErrNotKept
	}
	return f.Dialogues.Save(ctx, phone, value, stored)
}

func TestAnUnreadableConversationBeginsAnew(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, value := range []string{`{"v":99,"lang":"en"}`, `[]`, `"x"`, `{"at":"yesterday"}`} {
		if err := h.file.Dialogues().Save(t.Context(), ana, []byte(value), nil); err != nil {
			t.Fatal(err)
		}
		h.want(h.says(ana, "hola"), "asistente automático")
	}
}

// Through the Guard, as Twilio calls.
func TestOverHTTP(t *testing.T) {
	t.Parallel()
	h := open(t)
	const token, public = "0123456789abcdef", "https://desk.example"
	auth, err := webhook.NewTwilioAuth(webhook.TwilioConfig{Tokens: []string{token}, PublicURL: public, AccountSID: account})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(webhook.Guard(webhook.GuardConfig{Source: "twilio", Auth: auth}, h.handler.ServeWhatsApp))
	defer server.Close()
	send := func(f url.Values, sign string) *http.Response {
		t.Helper()
		body := f.Encode()
		headers, err := webhook.SignTwilio(sign, public+"/whatsapp", []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/whatsapp", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
		r.Header.Set(headers[0].Name, headers[0].Value)
		response, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		return response
	}
	response := send(form(ana, "¿Hay mesa para 2 el jueves? 🙏"), token)
	defer func() { _ = response.Body.Close() }()
	body := new(bytes.Buffer)
	if _, err := body.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	if kind := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || kind != "text/xml; charset=utf-8" {
		t.Errorf("status %d, %s", response.StatusCode, kind)
	}
	h.want(strings.Join(read(t, body.Bytes()), ""), "tenemos mesa para 2 personas")
	for name, f := range map[string]url.Values{"another token": form(ana, "hola"), "another account": form(ana, "hola", "AccountSid", "ACother")} {
		sign := token
		if name == "another token" {
			sign = "another"
		}
		refused := send(f, sign)
		_ = refused.Body.Close()
		if refused.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: status %d", name, refused.StatusCode)
		}
	}
}

func TestWhatIsNoMessageIsRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	other := form(ana, "hola", "AccountSid", "ACother")
	twice := form(ana, "mis reservas")
	twice.Add("From", "whatsapp:"+luis)
	for name, tt := range map[string]struct {
		body string
		want int
	}{
		"another account": {other.Encode(), http.StatusForbidden},
		"two senders":     {twice.Encode(), http.StatusBadRequest},
		"no form":         {"%zz", http.StatusBadRequest},
		"nothing":         {"", http.StatusBadRequest},
		"no message":      {"From=whatsapp%3A%2B34612345678&AccountSid=" + account, http.StatusBadRequest},
		"a long name":     {form(ana, "hola", "MessageSid", strings.Repeat("S", 200)).Encode(), http.StatusBadRequest},
		"no sender":       {"MessageSid=SM1&AccountSid=" + account, http.StatusBadRequest},
	} {
		if w := h.postRaw([]byte(tt.body)); w.Code != tt.want {
			t.Errorf("%s: status %d, want %d", name, w.Code, tt.want)
		}
	}
	for _, from := range []string{"whatsapp:ID.1234567890", "whatsapp:+0", "whatsapp:"} {
		h.want(strings.Join(read(t, h.post(form(ana, "mis reservas", "From", from)).Body.Bytes()), ""), "no veo desde qué número")
	}
}

// A text message's number can be forged: it is good for an end of messages and no more.
func TestTextMessages(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.made(ana, "2026-11-26", "21:00", 2, nil)
	h.want(h.says(ana, "mis reservas", "From", ana), "Por SMS no llevamos reservas", "!jueves")
	h.want(h.says(ana, "STOP", "From", ana), "no le escribiremos más")
	if !h.optOut.stopped[ana] {
		t.Error("the guest still gets messages")
	}
	h.optOut.err = errors.New("down")
	again := form(ana, "ALTA", "From", ana)
	h.want(h.post(again).Body.String(), "no he podido")
	h.optOut.err = nil
	h.want(h.post(again).Body.String(), "volveremos a avisarle")
	if h.received.Load() != 0 {
		t.Error("a text message opened the window of WhatsApp")
	}
}

func TestWantsNoMessages(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.talk(ana, "mesa para 2 el jueves a las 9")
	h.optOut.err = errors.New("down")
	h.want(h.says(ana, "BAJA"), "no he podido hacerlo")
	h.optOut.err = nil
	h.want(h.says(ana, "BAJA"), "no le escribiremos más", "ALTA")
	if !h.optOut.stopped[ana] {
		t.Error("not stopped")
	}
	h.want(h.says(ana, "sí"), "!reservada")
	h.want(h.says(ana, "ALTA"), "volveremos a avisarle")
	if h.optOut.stopped[ana] {
		t.Error("not started again")
	}
	h.want(h.says(luis, "unsubscribe"), "we won't write to you again")
}

func TestAPersonIsCalled(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.want(h.says(ana, "quiero hablar con el encargado por favor\u202e\x00, es urgente"), "una persona de Candil y Parra le llamará", "941 00 01 26")
	h.want(h.says(ana, "que me llame alguien"), "le llamará")
	if n := len(h.staff.escalated); n != 1 {
		t.Fatalf("%d escalations", n)
	}
	if e := h.staff.escalated[0]; e.Phone != ana || e.Lang != booking.Spanish || e.Name != "Ana Ruiz" || e.Said != "quiero hablar con el encargado por favor, es urgente" || !e.At.Equal(h.clock.Now()) {
		t.Errorf("escalated %+v", e)
	}
	h.clock.pass(11 * time.Minute)
	h.talk(ana, "que me llame alguien")
	if n := len(h.staff.escalated); n != 2 {
		t.Errorf("%d escalations", n)
	}
	h.staff.err = errors.New("down")
	h.want(h.says(luis, "una persona por favor"), "no consigo avisar al equipo", "llámenos al 941 00 01 26", "!le llamará")
	h.want(h.says(luis, "llegaremos tarde"), "Guardamos la mesa quince minutos")

	without := open(t, func(c *whatsapp.Config) { c.Escalate, c.OptOut = nil, nil })
	without.want(without.says(ana, "una persona por favor"), "llámenos al 941 00 01 26", "!le llamará")
	without.want(without.says(ana, "BAJA"), "llámenos al 941 00 01 26", "!no le escribiremos")
	without.want(without.says(ana, "mesa para 40 el jueves a las 9"), "Si les llama al 941 00 01 26", "!¿Quiere que le llamen")
}

func TestWhoeverIsNotUnderstoodIsOfferedAPerson(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.want(h.talk(ana, "mesa para 2 el jueves", "qwerty", "asdfgh"), "no he entendido bien la hora", "!persona del restaurante")
	h.want(h.says(ana, "zxcvbn"), "¿Prefiere que le llame una persona del restaurante?")
	h.want(h.says(ana, "no"), "¿A qué hora")
	h.want(h.talk(ana, "qwerty", "asdfgh", "zxcvbn"), "¿Prefiere")
	h.want(h.says(ana, "a las 9"), "Sería una mesa")
	h.want(h.talk(ana, "qwerty", "asdfgh", "zxcvbn", "sí"), "le llamará")
	if n := len(h.staff.escalated); n != 1 || h.staff.escalated[0].Said != "zxcvbn" {
		t.Errorf("escalated %+v", h.staff.escalated)
	}
}

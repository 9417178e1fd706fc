package e2e

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maitre/store/airtable/airtabletest"
	"maitre/webhook/whatsapp/twilio/twiliotest"
)

// thursday is the day of most bookings here; eva and sol are more guests.
const (
	thursday = "2026-11-26"
	eva      = "+34655555555"
	sol      = "+34666666666"
)

func TestAGuestWritesBooksChangesAndCancels(t *testing.T) {
	both(t, testAGuestWritesBooksChangesAndCancels)
}

// The power fails after the read-back, and after the booking: the conversation
// goes on where it was, and a message that comes twice is done once.
func testAGuestWritesBooksChangesAndCancels(t *testing.T) {
	c := startChat(t)
	c.wants(c.says(ana, "hola, mesa para 4 el jueves a las 9 en la terraza, a nombre de Ana"), "jueves 26 de noviembre a las 21:00", "¿Se la reservo?")
	c.kill()
	c.restart()
	yes := c.message(ana, "sí")
	first, err := c.deliver(yes)
	if err != nil {
		t.Fatal(err)
	}
	c.wants(c.read(first), "queda reservada a nombre de Ana", "4 personas")
	c.kill()
	c.restart()
	again, err := c.deliver(yes)
	if err != nil || !bytes.Equal(first, again) {
		t.Fatalf("a repeat got another answer: %v\n%s\nwant\n%s", err, again, first)
	}
	if b := c.one(thursday); b.Status != "confirmed" || b.Channel != "whatsapp" || b.Phone != ana || b.Party != 4 || b.Zone != "terraza" {
		t.Fatalf("%+v", b)
	}
	c.wants(c.says(ana, "no, mejor a las 10"), "21:00", "22:00", "¿La cambio?")
	c.kill()
	c.restart()
	c.wants(c.says(ana, "vale"), "22:00", "Su código sigue siendo")
	c.wants(c.says(luis, "cancela la reserva "+c.one(thursday).Code), "No encuentro")
	c.wants(c.says(ana, "quiero cancelar mi reserva"), "¿Cancelo su reserva")
	c.wants(c.says(ana, "sí"), "queda cancelada")
	if b := c.one(thursday); b.Status != "cancelled" || b.Time != "22:00" {
		t.Errorf("%+v", b)
	}
	c.agrees(thursday)
	if sent := c.twilio.Messages(); len(sent) != 0 {
		t.Errorf("whoever reads it in the chat is written to besides: %+v", sent)
	}
	c.stop()
}

func TestStrangersAreNotAnswered(t *testing.T) {
	t.Parallel()
	c := startChat(t)
	form := c.message(ana, "hola")
	good := c.npm.sign(t, twilioToken, c.public.url+"/whatsapp", form)
	for name, signature := range map[string]string{
		"another token":   c.npm.sign(t, "another0123456789", c.public.url+"/whatsapp", form),
		"another address": c.npm.sign(t, twilioToken, c.public.url+"/whatsapp/status", form),
		"another text":    c.npm.sign(t, twilioToken, c.public.url+"/whatsapp", c.message(ana, "hola!")),
		"nothing":         "",
	} {
		header := map[string]string{"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
		if status, _, got, err := c.do("POST", "/whatsapp", header, []byte(form.Encode())); err != nil || status != 401 {
			t.Errorf("%s: %d %s %v", name, status, got, err)
		}
	}
	header := map[string]string{"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": good}
	if status, _, got, err := c.do("POST", "/whatsapp", header, []byte(form.Encode())); err != nil || status != 200 {
		t.Errorf("rightly signed: %d %s %v", status, got, err)
	}
	c.stop()
}

func TestAnOutageInTheMiddleOfAConversation(t *testing.T) {
	t.Parallel()
	t.Run("airtable", testAnOutageInTheMiddleOfAConversation)
}

// Airtable goes away between the read-back and the yes: the guest hears the
// truth, and is written to when the booking is in the book, and not before.
func testAnOutageInTheMiddleOfAConversation(t *testing.T) {
	c := startChat(t, "REPLY_BUDGET=300ms")
	srv := base(t, c.dir, c.env)
	c.wants(c.says(ana, "mesa para 4 el jueves a las 21:00 a nombre de Ana"), "¿Se la reservo?")
	srv.Inject(airtabletest.Fault{Status: 503})
	c.wants(c.says(ana, "sí"), "queda apuntada", "se está procesando y le escribimos")
	c.kill()
	c.restart("REPLY_BUDGET=300ms")
	c.wants(c.says(ana, "mis reservas"), "21:00", "procesando")
	if sent := c.sentTo(ana); len(sent) != 0 {
		t.Fatalf("told of a booking that is not in the book: %+v", sent)
	}
	srv.LiftFaults()
	c.settled()
	c.awaits(ana, 1, "ya está en el libro", "jueves 26 de noviembre a las 21:00")
	if b := c.one(thursday); b.Status != "confirmed" {
		t.Errorf("%+v", b)
	}
	c.agrees(thursday)
	c.stop()
}

func TestWhoPhonesFromAMobileConfirmsInWriting(t *testing.T) {
	both(t, testWhoPhonesFromAMobileConfirmsInWriting)
}

func testWhoPhonesFromAMobileConfirmsInWriting(t *testing.T) {
	c := startChat(t)
	phones := func(n int, from, name string) reply {
		return c.ask(call{ID: fmt.Sprint("c", n), Tool: "t1", From: from, Name: "create_reservation", Args: map[string]any{
			"date": thursday, "time": "21:00", "pax": 2, "customer_name": name,
		}})
	}
	held := phones(1, ana, "Ana")
	if !held.Success || held.Booking.Status != "pre_booked" || !strings.Contains(held.Message, "responda SÍ") {
		t.Fatalf("a mobile: %+v", held)
	}
	if aloud := phones(2, "+34941000999", "Doña Inés"); !aloud.Success || aloud.Booking.Status != "confirmed" {
		t.Fatalf("a landline: %+v", aloud)
	}
	if held := phones(3, luis, "Luis"); held.Booking.Status != "pre_booked" {
		t.Fatalf("%+v", held)
	}
	c.awaits(ana, 1, "le guardamos una mesa", "Responda SÍ", held.Booking.Code)
	c.awaits(luis, 1, "Responda SÍ") // an attempt that is cut off is looked for two minutes later
	c.kill()
	c.restart()
	c.wants(c.says(ana, "sí"), "queda confirmada")
	c.wants(c.says(luis, "no"), "dejamos libre la mesa")
	status := map[string]string{}
	for _, b := range c.book(thursday) {
		status[b.Name] = b.Status
	}
	if status["Ana"] != "confirmed" || status["Luis"] != "cancelled" || status["Doña Inés"] != "confirmed" {
		t.Errorf("%v", status)
	}
	c.agrees(thursday)
	// Moved by somebody else, who has the code and the number: the guest hears of it.
	moved := c.ask(call{ID: "c4", Tool: "t1", From: eva, Name: "update_reservation", Args: map[string]any{
		"code": held.Booking.Code, "phone": ana, "time": "21:30",
	}})
	if !moved.Success {
		t.Fatalf("%+v", moved)
	}
	c.awaits(ana, 2, "el cambio de su reserva", "21:30")
	if sent := c.sentTo("+34941000999"); len(sent) != 0 {
		t.Errorf("a landline is written to: %+v", sent)
	}
	c.stop()
}

// A table that is held for a guest whom the question never reaches is the staff's
// to see to: they are told once whom to call.
func TestWhomTheQuestionDoesNotReachIsCalled(t *testing.T) {
	both(t, testWhomTheQuestionDoesNotReachIsCalled)
}

func testWhomTheQuestionDoesNotReachIsCalled(t *testing.T) {
	c := startChatWith(t, twiliotest.Options{Statuses: []string{"sent", "undelivered"}})
	held := c.ask(call{ID: "c1", Tool: "t1", From: ana, Name: "create_reservation", Args: map[string]any{
		"date": thursday, "time": "21:00", "pax": 2, "customer_name": "Ana",
	}})
	if held.Booking.Status != "pre_booked" {
		t.Fatalf("%+v", held)
	}
	c.awaits(staffPhone, 1, "Ana", "2 personas", "21:00", "no le ha llegado", ana)
	c.kill()
	c.restart()
	c.settled()
	c.stop()
	if sent := c.sentTo(staffPhone); len(sent) != 1 {
		t.Errorf("%d alerts", len(sent))
	}
}

func TestAGuestWhoWantsAPersonIsToldOf(t *testing.T) {
	t.Parallel()
	c := startChat(t)
	c.wants(c.says(ana, "necesito hablar con una persona, es por una alergia"), "le llamará a este número")
	c.awaits(staffPhone, 1, ana, "es por una alergia")
	c.kill()
	c.restart()
	if sent := c.sentTo(staffPhone); len(sent) != 1 {
		t.Errorf("%d alerts", len(sent))
	}
	c.stop()
}

// Twilio fails in every way that it has, once for each of several guests: each
// message ends where it should, and leaves once.
func TestWhateverTwilioDoesEachMessageLeavesOnce(t *testing.T) {
	t.Parallel()
	c := startChatWith(t, twiliotest.Options{Window: true, Templates: map[string]string{confirmTemplate: "Hola {{1}}: {{2}}, {{3}}, {{4}}. Código {{5}}."}},
		"RESTAURANT_FILE="+sampleWith(t, "[messages.templates.es]\nconfirm = \""+confirmTemplate+"\"\n"))
	ways := []struct {
		name  string
		heard bool // by us; Twilio has not heard of it
		fault *twiliotest.Fault
		want  string // how it left, in its order
	}{
		{"well", false, nil, "template"},
		{"429", false, &twiliotest.Fault{Code: 20429, RetryAfter: "1"}, "template"},
		{"21610", false, &twiliotest.Fault{Code: 21610}, ""},
		{"63016 by callback", true, nil, "text template"},
		{"63003 by callback", false, &twiliotest.Fault{Callback: 63003}, "template sms"},
		{"a gateway's page", false, &twiliotest.Fault{HTML: true, Status: 502}, "template"},
		{"taken, then a gateway's page", false, &twiliotest.Fault{HTML: true, Status: 502, After: true}, "template"},
		{"hangs up", false, &twiliotest.Fault{Drop: true}, "template"},
		{"taken, then hangs up", false, &twiliotest.Fault{Drop: true, After: true}, "template"},
		{"taken, then no answer", false, &twiliotest.Fault{Hang: true, After: true}, "template"},
	}
	number := func(i int) string { return fmt.Sprintf("+3460000010%d", i) }
	for i, w := range ways {
		if w.fault != nil {
			w.fault.To, w.fault.Times, w.fault.Ops = "whatsapp:"+number(i), 1, []twiliotest.Op{twiliotest.OpSend}
			c.twilio.Inject(*w.fault)
		}
		if w.heard { // Twilio's own book knows nothing of it, so that its window is closed
			if _, err := c.deliver(c.message(number(i), "gracias")); err != nil {
				t.Fatal(err)
			}
		}
		booked := c.ask(call{ID: fmt.Sprint("c", i), Tool: "t1", From: number(i), Name: "create_reservation", Args: map[string]any{
			"date": thursday, "time": "14:00", "pax": 1, "customer_name": fmt.Sprint("Guest ", i),
		}})
		if booked.Booking.Status != "pre_booked" {
			t.Fatalf("%s: %+v", w.name, booked)
		}
	}
	c.until("what came of every request is known or in doubt", func() (bool, any) {
		asked := map[string]bool{}
		for _, r := range c.twilio.Requests() {
			asked[r.To] = true
		}
		c.twilio.WaitCallbacks() // Twilio says it once, and a killed program would not hear
		sending := c.outbox("sending")
		return len(asked) >= len(ways) && len(sending) == 0, sending
	})
	// What may have been sent is looked for two minutes later, by another program.
	c.kill()
	c.restartAt(3)
	c.outboxEmpties()
	// Whoever wants no messages cannot be asked by one: a person is to call.
	c.awaits(staffPhone, 1, "Guest 2", number(2))
	// The next one finds nothing to do beside what is new.
	c.kill()
	c.restartAt(13)
	c.says(eva, "necesito hablar con una persona")
	c.awaits(staffPhone, 2, eva)
	c.outboxEmpties()
	for i, w := range ways {
		var left []string
		for _, m := range c.sentTo(number(i)) {
			switch {
			case m.ContentSID != "":
				left = append(left, "template")
			case strings.HasPrefix(m.To, "whatsapp:"):
				left = append(left, "text")
			default:
				left = append(left, "sms")
			}
		}
		if got := strings.Join(left, " "); got != w.want {
			t.Errorf("%s: left by %q, want %q", w.name, got, w.want)
		}
	}
	c.stop()
}

const confirmTemplate = "HX0123456789abcdef0123456789abcdef"

// sampleWith writes the sample's restaurant file with something more in it.
func sampleWith(t *testing.T, more string) string {
	t.Helper()
	sample, err := os.ReadFile("../store/restaurantfile/sample.toml")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "restaurant.toml")
	if err := os.WriteFile(path, append(append(sample, '\n'), more...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestGuestsAreRemindedOnceHoweverOftenTheProgramIsKilled(t *testing.T) {
	both(t, testGuestsAreRemindedOnceHoweverOftenTheProgramIsKilled)
}

func testGuestsAreRemindedOnceHoweverOftenTheProgramIsKilled(t *testing.T) {
	c := startChat(t)
	guests := map[string]bool{ana: true, luis: true, eva: false} // eva cancels
	for phone := range guests {
		c.says(phone, "mesa para 2 el jueves a las 21:00, me llamo Marta")
		c.wants(c.says(phone, "sí"), "queda reservada")
	}
	c.says(eva, "cancela mi reserva")
	c.wants(c.says(eva, "sí"), "queda cancelada")
	c.settled()
	c.kill()
	c.restart("MAITRE_NOW=2026-11-25T10:45:00+01:00")
	c.says(ana, "hola")
	if sent := c.twilio.Messages(); len(sent) != 0 {
		t.Fatalf("reminded too early: %+v", sent)
	}
	chance := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	for range 8 {
		c.kill()
		c.restart("MAITRE_NOW=2026-11-25T11:00:00+01:00")
		time.Sleep(time.Duration(chance.IntN(300)) * time.Millisecond) // any moment of another process
	}
	c.kill()
	c.restart("MAITRE_NOW=2026-11-25T11:20:00+01:00") // what was cut off is looked for
	for phone, wanted := range guests {
		if wanted {
			c.awaits(phone, 1, "le recordamos su reserva", "21:00")
		}
	}
	// One more, of whom no look has known. When it has been reminded, a later look has
	// planned whatever it would plan for the others too.
	c.kill()
	c.restart("MAITRE_NOW=2026-11-25T10:45:00+01:00")
	c.says(sol, "mesa para 2 el jueves a las 21:00, me llamo Sol")
	c.wants(c.says(sol, "sí"), "queda reservada")
	c.settled()
	c.kill()
	c.restart("MAITRE_NOW=2026-11-25T18:00:00+01:00")
	c.awaits(sol, 1, "le recordamos su reserva", "21:00")
	c.outboxEmpties()
	for phone, wanted := range guests {
		if sent := c.sentTo(phone); len(sent) > 1 || len(sent) == 1 && !wanted {
			t.Errorf("%s: %d reminders", phone, len(sent))
		}
	}
	c.stop()
}

// tableForFour is a restaurant with one table, for the waitlist.
const tableForFour = `name = "Casa Ana"
phone = "941 000 126"
time_zone = "Europe/Madrid"
[zones]
interior = "el comedor"
[[tables]]
id = "T1"
zone = "interior"
max = 4
[turn_times]
more = "2h"
[[services]]
id = "dinner"
name = "cena"
days = "thu"
first_arrival = "20:30"
last_arrival = "22:45"
kitchen_closes = "23:15"
room_closes = "01:30"
`

func TestATableThatComesFreeGoesToWhoWaits(t *testing.T) {
	both(t, testATableThatComesFreeGoesToWhoWaits)
}

func testATableThatComesFreeGoesToWhoWaits(t *testing.T) {
	restaurant := filepath.Join(t.TempDir(), "restaurant.toml")
	if err := os.WriteFile(restaurant, []byte(tableForFour), 0o600); err != nil {
		t.Fatal(err)
	}
	c := startChat(t, "RESTAURANT_FILE="+restaurant, "AIRTABLE_POLL=1s")
	book := func(phone, name string) string {
		c.says(phone, "mesa para 2 el jueves a las 21:00 a nombre de "+name)
		return c.says(phone, "sí")
	}
	c.wants(book(ana, "Ana"), "queda reservada")
	c.wants(c.says(luis, "mesa para 4 el jueves a las 21:00 a nombre de Luis"), "ya no nos queda mesa", "LISTA")
	c.wants(c.says(luis, "lista"), "Queda en la lista de espera a nombre de Luis")
	waiting := c.ask(call{ID: "c9", Tool: "t1", From: eva, Name: "add_to_waitlist", Args: map[string]any{
		"date": thursday, "time": "21:00", "pax": 2, "customer_name": "Eva",
	}})
	if !waiting.Success {
		t.Fatalf("%+v", waiting)
	}
	c.kill()
	c.restartAt(2)
	c.says(ana, "cancela mi reserva")
	c.wants(c.says(ana, "sí"), "queda cancelada")
	c.awaits(luis, 1, "ha quedado libre una mesa", "Responda SÍ o NO")
	c.kill()
	c.restartAt(4)
	// Held for Luis: nobody else gets it, and his no goes on to Eva.
	c.wants(c.says(ana, "mesa para 2 el jueves a las 21:00 a nombre de Ana"), "ya no nos queda mesa")
	c.wants(c.says(luis, "no"), "dejamos libre la mesa")
	c.awaits(eva, 1, "ha quedado libre una mesa")
	c.kill()
	c.restartAt(6)
	c.wants(c.says(eva, "sí"), "a nombre de Eva queda confirmada")
	// Freed by the staff, where they have a book of their own; nobody answers in time.
	c.says(luis, "apúntame en la lista de espera el jueves a las 21:00 para 3")
	freeOf(c, "Eva")
	c.awaits(luis, 2, "ha quedado libre una mesa")
	c.settled()
	c.kill()
	c.restartAt(30)
	c.until("the table goes back", func() (bool, any) {
		for _, b := range c.book(thursday) {
			if b.Status == "pre_booked" || b.Status == "confirmed" {
				return false, b
			}
		}
		return true, nil
	})
	c.wants(c.says(luis, "sí"), "se ha pasado el tiempo")
	c.settled()
	c.agrees(thursday)
	if n := len(c.sentTo(luis)) + len(c.sentTo(eva)); n != 3 {
		t.Errorf("%d messages left, want one for each of three offers", n)
	}
	c.stop()
}

// freeOf frees a guest's table: the staff do in their base, the guest where there is none.
func freeOf(c *chat, name string) {
	c.t.Helper()
	srv := base(c.t, c.dir, c.env)
	if srv == nil {
		c.says(eva, "cancela mi reserva")
		c.wants(c.says(eva, "sí"), "queda cancelada")
		return
	}
	c.settled()
	for _, r := range srv.Records("Reservas") {
		if r.Fields["Nombre del Cliente"] == name && r.Fields["Estado"] == "Confirmada" {
			if _, err := srv.Staff().Update("Reservas", r.ID, map[string]any{"Estado": "Cancelada"}); err != nil {
				c.t.Fatal(err)
			}
			return
		}
	}
	c.t.Fatalf("%s has no row", name)
}

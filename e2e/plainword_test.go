package e2e

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// What destroys needs a plain word: after a phone booking that waits for a yes, what a
// guest writes gives the table back only if it says so and nothing else.
func TestOnlyAPlainNoGivesATableBack(t *testing.T) {
	both(t, testOnlyAPlainNoGivesATableBack)
}

func testOnlyAPlainNoGivesATableBack(t *testing.T) {
	c := startChat(t)
	const asks = "¿Se la guardamos? Responda SÍ o NO."
	for i, tt := range []struct {
		say, status string
		answers     []string
	}{
		{"está reservada, ¿no?", "pre_booked", []string{asks}},
		{"no faltaremos", "pre_booked", []string{asks}},
		{"no os preocupéis que vamos", "pre_booked", []string{asks}},
		{"no veo el código", "pre_booked", []string{"Su código es", asks}},
		{"espero que no haya problema con el carrito", "pre_booked", []string{"El carrito cabe en el comedor", asks}},
		{"ahora no puedo hablar", "pre_booked", []string{asks}},
		{"not a problem", "pre_booked", nil},
		{"nada, nos vemos", "pre_booked", []string{asks}},
		{"no sé", "pre_booked", []string{asks}},
		{"right?", "pre_booked", nil},
		{"¿verdad?", "pre_booked", []string{asks}},
		{"yes, but not right now", "pre_booked", nil},
		{"no podemos ir todos, vamos tres", "pre_booked", nil},
		{"no, ¿tenéis parking?", "pre_booked", []string{"aparcamiento público", asks}},
		{"no problem, see you", "-", nil},
		{"sí", "confirmed", nil},
		{"ok, gracias", "confirmed", nil},
		{"absolutely not", "cancelled", nil},
		{"no.", "cancelled", []string{"dejamos libre la mesa"}},
		{"nop", "cancelled", nil},
		{"no, gracias", "cancelled", []string{"dejamos libre la mesa"}},
		{"Hola, lo siento, al final no vamos a poder ir", "cancelled", []string{"dejamos libre la mesa"}},
		{"no podemos ir", "cancelled", []string{"dejamos libre la mesa"}},
		{"cancélala", "cancelled", nil},
		{"quítala por favor", "cancelled", nil},
		{"sorry, we can't make it", "cancelled", nil},
	} {
		phone, date := fmt.Sprintf("+346777700%02d", i), []string{thursday, "2026-11-27", "2026-12-03"}[i%3]
		held := c.ask(call{ID: fmt.Sprint("p", i), Tool: "t1", From: phone, Name: "create_reservation", Args: map[string]any{
			"date": date, "time": []string{"14:00", "21:00"}[i/3%2], "pax": 2, "customer_name": "Ana",
		}})
		if held.Booking.Status != "pre_booked" {
			t.Fatalf("%d: %+v", i, held)
		}
		answer := c.says(phone, tt.say)
		status := ""
		for _, b := range c.book(date) {
			if b.Phone == phone {
				status = b.Status
			}
		}
		if status != tt.status && !(tt.status == "-" && status != "cancelled") {
			t.Errorf("%q: the booking is %s, not %s; heard:\n%s", tt.say, status, tt.status, answer)
			continue
		}
		for _, part := range tt.answers {
			if !strings.Contains(answer, part) {
				t.Errorf("%q: the answer lacks %q:\n%s", tt.say, part, answer)
			}
		}
		if status != "pre_booked" {
			continue
		}
		// What was asked takes a plain answer.
		c.says(phone, "NO")
		for _, b := range c.book(date) {
			if b.Phone == phone && b.Status == "pre_booked" && strings.Contains(answer, "Responda SÍ o NO") {
				t.Errorf("%q, and then NO: still held; heard first:\n%s", tt.say, answer)
			}
		}
	}
	c.stop()
}

// A yes to cancel is a plain yes, or it is asked for again.
func TestCancellingNamesWhatAndWantsAYes(t *testing.T) {
	both(t, testCancellingNamesWhatAndWantsAYes)
}

func testCancellingNamesWhatAndWantsAYes(t *testing.T) {
	c := startChat(t)
	live := func(phone string) (n int) {
		for _, date := range []string{thursday, "2026-11-27"} {
			for _, b := range c.book(date) {
				if b.Phone == phone && b.Status != "cancelled" {
					n++
				}
			}
		}
		return n
	}
	c.says(ana, "mesa para 2 el jueves a las 21:00 a nombre de Ana")
	c.wants(c.says(ana, "sí"), "queda reservada")
	for _, say := range []string{"cancela mi reserva", "sí, pero ahora no", "claro que no", "quiero cancelar mi reserva", "¿cancelar cuesta algo?", "sí que hace frío hoy", "no la canceles"} {
		c.says(ana, say)
		if live(ana) != 1 {
			t.Fatalf("%q cancelled it", say)
		}
	}
	c.wants(c.says(ana, "cancela mi reserva"), "¿Cancelo su reserva", "jueves 26 de noviembre a las 21:00")
	c.wants(c.says(ana, "sí, por favor"), "queda cancelada")

	// All of them: each is named, and none goes without a yes.
	for i, say := range []string{"cancela todo", "cancela las dos"} {
		phone := []string{eva, luis}[i]
		c.says(phone, "mesa para 2 el jueves a las 14:00 a nombre de Eva")
		c.wants(c.says(phone, "sí"), "queda reservada")
		c.says(phone, "mesa para 3 el viernes a las 21:00 a nombre de Eva")
		c.wants(c.says(phone, "sí"), "queda reservada")
		c.wants(c.says(phone, say), "jueves 26 de noviembre a las 14:00", "viernes 27 de noviembre a las 21:00", "¿Las cancelo todas?")
		if n := live(phone); n != 2 {
			t.Fatalf("%q: %d are left before a yes", say, n)
		}
		c.kill()
		c.restart()
		c.wants(c.says(phone, "sí"), "jueves 26 de noviembre a las 14:00", "viernes 27 de noviembre a las 21:00", "queda cancelada")
		if n := live(phone); n != 0 {
			t.Errorf("%q and yes: %d are left", say, n)
		}
	}
	c.settled()
	c.agrees(thursday)
	c.stop()
}

// Whoever wants to be taken off the waitlist keeps his table.
func TestOffTheWaitlistIsNotOffTheBook(t *testing.T) {
	both(t, testOffTheWaitlistIsNotOffTheBook)
}

func testOffTheWaitlistIsNotOffTheBook(t *testing.T) {
	c := startChat(t, restaurantFile(t, tableForFour))
	made := c.ask(call{ID: "c1", Tool: "t1", From: ana, Name: "create_reservation", Args: map[string]any{
		"date": thursday, "time": "21:00", "pax": 2, "customer_name": "Ana",
	}})
	if !made.Success {
		t.Fatalf("%+v", made)
	}
	none := c.ask(call{ID: "c1", Tool: "t2", From: ana, Name: "leave_waitlist", Args: map[string]any{}})
	if none.Success || none.Error != "not_found" || !strings.Contains(none.Message, "lista de espera") {
		t.Errorf("on no list: %+v", none)
	}
	waiting := c.ask(call{ID: "c1", Tool: "t3", From: ana, Name: "add_to_waitlist", Args: map[string]any{
		"date": thursday, "time": "21:00", "pax": 4, "customer_name": "Ana",
	}})
	if !waiting.Success {
		t.Fatalf("%+v", waiting)
	}
	// Either can be meant.
	which := c.ask(call{ID: "c1", Tool: "t4", From: ana, Name: "cancel_reservation", Args: map[string]any{"date": thursday}})
	if which.Success || which.Error != "invalid" || which.Field != "code" || !strings.Contains(which.Message, "lista de espera") || !strings.Contains(which.Message, "21:00") {
		t.Errorf("on the list with a table: %+v", which)
	}
	left := c.ask(call{ID: "c1", Tool: "t5", From: ana, Name: "leave_waitlist", Args: map[string]any{}})
	if !left.Success || !strings.Contains(left.Message, "ya no está en la lista de espera") {
		t.Errorf("%+v", left)
	}
	again := c.ask(call{ID: "c1", Tool: "t5", From: ana, Name: "leave_waitlist", Args: map[string]any{}})
	if again.Message != left.Message {
		t.Errorf("a repeat: %+v", again)
	}
	if b := c.one(thursday); b.Status == "cancelled" {
		t.Errorf("the table is gone: %+v", b)
	}
	gone := c.ask(call{ID: "c1", Tool: "t6", From: ana, Name: "cancel_reservation", Args: map[string]any{}})
	if !gone.Success || !strings.Contains(gone.Message, "jueves 26 de noviembre a las 21:00") {
		t.Errorf("one booking, and plainly cancelled: %+v", gone)
	}
	c.stop()
}

// Notes are added to by every channel, said back, and told to whoever asks.
func TestNotesAreAddedTo(t *testing.T) { both(t, testNotesAreAddedTo) }

func testNotesAreAddedTo(t *testing.T) {
	c := startChat(t)
	made := c.ask(call{ID: "c1", Tool: "t1", From: ana, Name: "create_reservation", Args: map[string]any{
		"date": thursday, "time": "21:00", "pax": 2, "customer_name": "Ana", "notes": "celíaca",
	}})
	c.wants(made.Message, "celíaca")
	updates := 0
	update := func(notes string) reply {
		updates++
		return c.ask(call{ID: "c1", Tool: fmt.Sprint("u", updates), From: ana, Name: "update_reservation", Args: map[string]any{"notes": notes}})
	}
	c.wants(update("una trona").Message, "una trona")
	for _, nothing := range []string{"ninguna", "none", "no", "nada", "N/A", "una trona", "Celíaca."} {
		if a := update(nothing); a.Error != "" && nothing != "none" { // which is read as nothing said
			t.Errorf("%q: %+v", nothing, a)
		}
	}
	if b := c.one(thursday); b.Notes != "celíaca; una trona" {
		t.Errorf("noted %q", b.Notes)
	}
	asked := c.ask(call{ID: "c1", Tool: "g1", From: ana, Name: "get_reservation", Args: map[string]any{}})
	c.wants(asked.Message, "celíaca; una trona")
	c.wants(c.says(ana, "sí"), "queda confirmada")
	c.kill()
	c.restart()
	c.wants(c.says(ana, "llevamos un carrito"), "Anoto: llevamos un carrito", "¿Lo apunto en la reserva?")
	c.says(ana, "sí")
	c.wants(c.says(ana, "mis reservas"), "celíaca; una trona; llevamos un carrito")
	if status, booked, _ := c.books("k1", map[string]any{"name": "Luis", "phone": luis, "date": "2026-11-27", "time": "21:00", "party": 2, "notes": "ninguna"}); status != 201 || !booked.Success {
		t.Errorf("%d %+v", status, booked)
	}
	if b := c.one("2026-11-27"); b.Notes != "" {
		t.Errorf("noted %q", b.Notes)
	}
	c.settled()
	c.agrees(thursday)
	c.stop()
}

// The printed assistant asks back before it cancels, and knows the waitlist from the book.
func TestThePrintedAssistantAsksBackBeforeItCancels(t *testing.T) {
	t.Parallel()
	printing := exec.CommandContext(t.Context(), binary, "vapi", "assistant")
	printing.Dir = t.TempDir()
	printing.Env = []string{"PUBLIC_URL=https://desk.example", "VAPI_WEBHOOK_SECRET=" + testSecret, "TWILIO_ACCOUNT_SID=AC0123456789abcdef0123456789abcdef", "TWILIO_AUTH_TOKEN=" + twilioToken, "TWILIO_WHATSAPP_FROM=+34941000126"}
	printed, err := printing.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"leave_waitlist"`, "«Quíteme de la lista»", "«Cancélelo todo»"} {
		if !strings.Contains(string(printed), want) {
			t.Errorf("the printed assistant lacks %s", want)
		}
	}
	if strings.Contains(string(printed), "cancel_reservation takes them off") {
		t.Error("cancel_reservation is said to be about the waitlist")
	}
}

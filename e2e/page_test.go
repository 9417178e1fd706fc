package e2e

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"maitre/store/airtable/airtabletest"
)

func TestAGuestOfThePageBooksAndAnotherWaits(t *testing.T) {
	both(t, testAGuestOfThePageBooksAndAnotherWaits)
}

func testAGuestOfThePageBooksAndAnotherWaits(t *testing.T) {
	restaurant := filepath.Join(t.TempDir(), "restaurant.toml")
	if err := os.WriteFile(restaurant, []byte(tableForFour), 0o600); err != nil {
		t.Fatal(err)
	}
	c := startChat(t, "RESTAURANT_FILE="+restaurant, "AIRTABLE_POLL=1s")
	request := map[string]any{"name": "Ana", "phone": ana, "date": thursday, "time": "21:00", "party": 4, "notes": "trona"}
	status, said, own := c.books("key-1", request)
	if status != 201 || !said.Success || said.Booking.Status != "confirmed" {
		t.Fatalf("%d %+v\n%s", status, said, c.log)
	}
	c.wants(c.opens(own+"?lang=es"), "Mesa reservada", said.Booking.Code)
	c.awaits(ana, 1, said.Booking.Code)
	c.kill()
	c.restartAt(2)
	if status, again, same := c.books("key-1", request); status != 201 || again.Booking != said.Booking || same != own {
		t.Errorf("a repeat after a power cut: %d %+v", status, again)
	}
	if b := c.one(thursday); b.Channel != "web" || b.Notes != "trona" || b.Phone != ana {
		t.Errorf("in the book: %+v", b)
	}

	// On the page that time is full; Luis waits for it.
	page := c.opens("/reservar?lang=es&party=2&time=21:00&date=" + thursday)
	form := url.Values{"name": {"Luis"}, "phone": {luis}}
	for _, field := range regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)">`).FindAllStringSubmatch(page, -1) {
		form.Set(field[1], field[2])
	}
	c.wants(page, "ya no nos queda mesa", `formaction="/espera"`)
	status, _, got, err := c.do("POST", "/espera", map[string]string{
		"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin",
	}, []byte(form.Encode()))
	if err != nil || status != 201 {
		t.Fatalf("POST /espera: %d %v %s", status, err, got)
	}
	c.wants(string(got), "En lista de espera", "Luis")
	c.settled()
	c.kill()
	c.restartAt(4)

	status, header, got, err := c.do("POST", own+"/cancelar", map[string]string{
		"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin",
	}, []byte("lang=es"))
	if err != nil || status != 200 || !strings.Contains(string(got), "Reserva cancelada") { // the client has followed
		t.Fatalf("%d %v %v %s", status, err, header, got)
	}
	c.awaits(ana, 2, "queda cancelada")
	c.awaits(luis, 1, "ha quedado libre una mesa", "Responda SÍ o NO")
	// Held for Luis: on the page it is full as before.
	c.wants(c.opens("/reservar?lang=es&party=2&time=21:00&date="+thursday), "ya no nos queda mesa")
	c.wants(c.says(luis, "sí"), "a nombre de Luis queda confirmada")
	c.settled()
	c.agrees(thursday)
	c.stop()
}

func TestAGuestOfThePageReadsTheTruthInAnOutage(t *testing.T) {
	t.Parallel()
	t.Run("airtable", testAGuestOfThePageReadsTheTruthInAnOutage)
}

func testAGuestOfThePageReadsTheTruthInAnOutage(t *testing.T) {
	c := startChat(t, "REPLY_BUDGET=300ms")
	srv := base(t, c.dir, c.env)
	srv.Inject(airtabletest.Fault{Status: 503})
	request := map[string]any{"name": "Ana", "phone": ana, "date": thursday, "time": "21:00", "party": 4}
	status, said, own := c.books("key-1", request)
	if status != 202 || said.Success || said.Error != "temporary_failure" || said.Booking.Status != "processing" {
		t.Fatalf("%d %+v\n%s", status, said, c.log)
	}
	c.kill()
	c.restart("REPLY_BUDGET=300ms")
	if status, again, _ := c.books("key-1", request); status != 202 || again.Booking != said.Booking {
		t.Errorf("a repeat after a power cut: %d %+v", status, again)
	}
	c.wants(c.opens(own+"?lang=es"), "Reserva apuntada", "Le escribimos en cuanto esté")
	srv.LiftFaults()
	c.settled()
	c.awaits(ana, 1, "ya está en el libro", said.Booking.Code)
	c.wants(c.opens(own+"?lang=es"), "Mesa reservada")
	if b := c.one(thursday); b.Status != "confirmed" || b.Channel != "web" {
		t.Errorf("%+v", b)
	}
	c.agrees(thursday)
	c.stop()
}

// books books a table as a program of the restaurant's own site does, and returns the
// path of the guest's page with the answer.
func (p *program) books(key string, request map[string]any) (int, reply, string) {
	p.t.Helper()
	body, err := json.Marshal(request)
	if err != nil {
		p.t.Fatal(err)
	}
	status, header, got, err := p.do("POST", "/api/bookings", map[string]string{"Content-Type": "application/json", "Idempotency-Key": key}, body)
	var said reply
	if err != nil || json.Unmarshal(got, &said) != nil {
		p.t.Fatalf("POST /api/bookings: %d %v %s", status, err, got)
	}
	_, link, _ := strings.Cut(header.Get("Location"), "/reserva/")
	return status, said, "/reserva/" + link
}

// opens returns a page as a guest's browser loads it.
func (p *program) opens(path string) string {
	p.t.Helper()
	status, header, got, err := p.do("GET", path, nil, nil)
	if err != nil || status != 200 || !strings.HasPrefix(header.Get("Content-Type"), "text/html") {
		p.t.Fatalf("GET %s: %d %v %s", path, status, err, got)
	}
	return string(got)
}

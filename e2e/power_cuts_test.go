package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// guest is one of many who book, change and cancel while the power fails. He
// remembers what he was last told, and what he had asked for when the power failed.
type guest struct {
	number   string
	name     string
	last     *reply // the last success; nil: none yet
	asked    call   // the request without an answer; Name is empty when there is none
	calls    int
	callTime string
	// done and processed count the answers that acknowledged something.
	done, processed int
}

// nextCall is what the guest asks for next.
func (g *guest) nextCall(chance *rand.Rand) call {
	g.calls++
	c := call{ID: g.callTime + g.number, Tool: fmt.Sprint("t", g.calls), From: g.number}
	date := fmt.Sprintf("2026-12-%02d", 15+chance.IntN(4))
	clock := fmt.Sprintf("%d:%02d", 13+chance.IntN(2), 15*chance.IntN(4))
	switch {
	case g.last == nil || g.last.Booking.Status == "cancelled":
		c.Name = "create_reservation"
		c.Args = map[string]any{"date": date, "time": clock, "pax": 1 + chance.IntN(6), "customer_name": g.name}
	case chance.IntN(3) == 0:
		c.Name, c.Args = "cancel_reservation", map[string]any{"code": g.last.Booking.Code}
	default:
		c.Name, c.Args = "update_reservation", map[string]any{"code": g.last.Booking.Code, "date": date, "time": clock, "pax": 1 + chance.IntN(6)}
	}
	return c
}

// speak asks for one thing after the other until the power fails.
func (g *guest) speak(p *program, chance *rand.Rand) {
	for {
		g.asked = g.nextCall(chance)
		body := g.asked.body()
		status, _, got, err := p.do("POST", "/vapi", sealed(body), body)
		if err != nil {
			return
		}
		line, err := result(got)
		if err != nil || status != 200 {
			p.t.Errorf("%s: %d %s", g.asked.Name, status, got)
			return
		}
		var answer reply
		if err := json.Unmarshal([]byte(line), &answer); err != nil {
			p.t.Error(err)
			return
		}
		switch {
		case answer.Success:
			g.last = &answer
			g.done++
		case answer.Error == "temporary_failure" && answer.Booking.Code != "":
			// Accepted, and on its way: as good as done.
			answer.Booking.Status = "confirmed"
			if g.asked.Name == "cancel_reservation" {
				answer.Booking.Status = "cancelled"
			}
			g.last = &answer
			g.processed++
		}
		g.asked = call{}
	}
}

// TestTheLastRequestSurvivesPowerCuts cuts the power, over and over on the same
// book, while guests book, change and cancel. Afterwards each guest's booking
// stands as he was last told, or as he had asked when the power failed; none is
// there twice, and no table is given to two at once.
func TestTheLastRequestSurvivesPowerCuts(t *testing.T) { both(t, testTheLastRequestSurvivesPowerCuts) }

func testTheLastRequestSurvivesPowerCuts(t *testing.T) {
	const guests, cuts = 24, 4
	chance := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	p := start(t)
	all := make([]*guest, guests)
	for i := range all {
		all[i] = &guest{number: fmt.Sprintf("+346000000%02d", i), name: fmt.Sprintf("Guest %d", i)}
	}
	for cut := range cuts {
		var speaking sync.WaitGroup
		for _, g := range all {
			g.callTime = fmt.Sprint("cut", cut)
			mine := rand.New(rand.NewPCG(chance.Uint64(), 2))
			speaking.Go(func() { g.speak(p, mine) })
		}
		answers := 200 + chance.IntN(400)
		if base(t, p.dir, p.env) != nil {
			answers /= 4 // Airtable takes 50 bookings a second at the most
		}
		p.waitForAnswers(answers)
		p.kill()
		speaking.Wait()
		p = p.again()
		p.settled()
		book := p.wholeBook(t)
		for _, g := range all {
			g.findsHisBooking(t, book[g.name])
		}
	}
	for day := 15; day < 19; day++ {
		p.agrees(fmt.Sprintf("2026-12-%02d", day))
	}
	calls := 0
	for _, g := range all {
		calls += g.calls
	}
	t.Logf("%d guests, %d calls, %d power cuts", guests, calls, cuts)
	p.stop()
}

// waitForAnswers waits until the program has answered so many calls.
func (p *program) waitForAnswers(answers int) {
	p.t.Helper()
	want := time.Now().Add(time.Minute)
	for {
		_, _, metrics, err := p.do("GET", "/metrics", map[string]string{"Authorization": "Bearer " + testToken}, nil)
		if err != nil {
			p.t.Fatal(err)
		}
		if n := counted(metrics, `maitre_webhook_requests_total{outcome="accepted",source="vapi"} `); n >= answers {
			return
		}
		if time.Now().After(want) {
			_ = p.cmd.Process.Signal(syscall.SIGQUIT)
			ended := <-p.exited
			p.t.Fatalf("%v; too few answers:\n%s", ended, p.log)
		}
	}
}

// wholeBook returns every booking by its guest, and looks for tables given twice.
func (p *program) wholeBook(t *testing.T) map[string][]kept {
	t.Helper()
	byGuest := map[string][]kept{}
	for day := 15; day < 19; day++ {
		bookings := p.book(fmt.Sprintf("2026-12-%02d", day))
		for i, b := range bookings {
			byGuest[b.Name] = append(byGuest[b.Name], b)
			for _, other := range bookings[:i] {
				if clash(b, other) {
					t.Errorf("two at one table: %+v and %+v", b, other)
				}
			}
		}
	}
	return byGuest
}

// findsHisBooking compares what the book holds of a guest with what he knows.
func (g *guest) findsHisBooking(t *testing.T, held []kept) {
	t.Helper()
	var live []kept
	for _, b := range held {
		if b.Status == "confirmed" || b.Status == "processing" {
			live = append(live, b)
		}
	}
	if len(live) > 1 {
		t.Errorf("%s has %d bookings: %+v", g.name, len(live), live)
		return
	}
	for _, want := range []*reply{g.last, g.expected()} {
		if want == nil && len(live) == 0 && g.last == nil {
			return
		}
		if want != nil && standsAs(live, want) {
			g.last = want // what he had asked for when the power failed was done
			if len(live) == 1 {
				g.last.Booking.Code = live[0].Code
			}
			return
		}
	}
	t.Errorf("%s was told %+v and had asked for %s %v; the book holds %+v", g.name, g.last, g.asked.Name, g.asked.Args, held)
}

// expected is what the guest would have been told had his last request been done; nil without one.
func (g *guest) expected() *reply {
	if g.asked.Name == "" {
		return nil
	}
	var w reply
	if g.last != nil {
		w = *g.last
	}
	if g.asked.Name == "cancel_reservation" {
		w.Booking.Status = "cancelled"
		return &w
	}
	w.Booking.Status = "confirmed"
	w.Booking.Date, w.Booking.Time, w.Booking.Party = g.asked.Args["date"].(string), g.asked.Args["time"].(string), g.asked.Args["pax"].(int)
	return &w
}

func standsAs(live []kept, want *reply) bool {
	if want.Booking.Status == "cancelled" || want.Booking.Status == "" {
		return len(live) == 0
	}
	return len(live) == 1 && live[0].Date == want.Booking.Date && live[0].Time == want.Booking.Time && live[0].Party == want.Booking.Party
}

// clash reports whether two bookings of a day hold a table at once. At lunch
// parties stay an hour and a half at least.
func clash(a, b kept) bool {
	live := func(k kept) bool { return k.Status == "confirmed" || k.Status == "processing" }
	if !live(a) || !live(b) {
		return false
	}
	from, errA := time.Parse("15:04", a.Time)
	other, errB := time.Parse("15:04", b.Time)
	if errA != nil || errB != nil || from.Sub(other).Abs() >= 90*time.Minute {
		return false
	}
	for table := range strings.SplitSeq(a.Table, "+") {
		if slices.Contains(strings.Split(b.Table, "+"), table) {
			return true
		}
	}
	return false
}

// counted reads a counter out of the text of /metrics; 0 when it is not there.
func counted(metrics []byte, series string) int {
	_, rest, _ := strings.Cut(string(metrics), series)
	number, _, _ := strings.Cut(rest, "\n")
	n, _ := strconv.Atoi(number)
	return n
}

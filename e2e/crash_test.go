package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestPowerCutInTheMiddleOfTwoHundredBookings kills the desk at different
// moments of a rush and looks what its book holds afterwards.
func TestPowerCutInTheMiddleOfTwoHundredBookings(t *testing.T) {
	both(t, testPowerCutInTheMiddleOfTwoHundredBookings)
}

func testPowerCutInTheMiddleOfTwoHundredBookings(t *testing.T) {
	for _, killAfter := range []int{1, 40, 120} {
		t.Run(fmt.Sprintf("after %d answers", killAfter), func(t *testing.T) {
			t.Parallel()
			p := start(t)
			calls := make([]call, 200)
			for i := range calls {
				calls[i] = call{fmt.Sprintf("c%d", i), "t1", fmt.Sprintf("+346%08d", i), "create_reservation", map[string]any{
					"date": fmt.Sprintf("2026-12-%02d", 15+i%5), "time": fmt.Sprintf("%02d:%02d", 13+i%2, 15*(i%4)), "pax": 1 + i%4,
					"customer_name": fmt.Sprintf("Guest %d", i), "notes": strings.Repeat("x", i)}}
			}
			told := p.rush(calls, killAfter)
			if len(told) < killAfter {
				t.Fatalf("%d answers before the cut, want %d", len(told), killAfter)
			}
			p = p.again()
			p.settled()
			p.holdsWhatWasTold(calls, told)
			p.stop()
			t.Logf("%d of %d were answered before the power was cut", len(told), len(calls))
		})
	}
}

// rush makes all calls at once and cuts the power after some answers. It returns
// the results that arrived, by call.
func (p *program) rush(calls []call, killAfter int) map[int]string {
	var mu sync.Mutex
	var wg sync.WaitGroup
	told := map[int]string{}
	cut := make(chan struct{})
	for i, c := range calls {
		wg.Go(func() {
			body := c.body()
			status, _, got, err := p.do("POST", "/vapi", sealed(body), body)
			if err != nil || status != 200 {
				return
			}
			line, err := result(got)
			if err != nil {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			told[i] = line
			if len(told) == killAfter {
				close(cut)
			}
		})
	}
	select {
	case <-cut:
	case <-time.After(time.Minute):
		p.t.Error("too few answers")
	}
	p.kill()
	wg.Wait()
	return told
}

// holdsWhatWasTold checks the book against the answers that guests heard: each
// acknowledged booking once and whole, no other that is not whole, no table twice.
func (p *program) holdsWhatWasTold(calls []call, heard map[int]string) {
	p.t.Helper()
	byCode, byName, seats := map[string]kept{}, map[string]int{}, map[string]string{}
	for day := 15; day < 20; day++ {
		for _, b := range p.book(fmt.Sprintf("2026-12-%02d", day)) {
			byCode[b.Code] = b
			byName[b.Name]++
			if b.Code == "" || b.Name == "" || b.Phone == "" || b.Table == "" || b.Party == 0 || b.Time == "" || b.Status != "confirmed" {
				p.t.Errorf("half a booking: %+v", b)
			}
			for table := range strings.SplitSeq(b.Table, "+") {
				slot := b.Date + " " + b.Time + " " + table
				if other := seats[slot]; other != "" {
					p.t.Errorf("%s and %s share %s", other, b.Code, slot)
				}
				seats[slot] = b.Code
			}
		}
	}
	for i, line := range heard {
		var a reply
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			p.t.Fatal(err)
		}
		if a.Success && byCode[a.Booking.Code].Name != calls[i].Args["customer_name"] {
			p.t.Errorf("told %+v, but the book holds %+v", a.Booking, byCode[a.Booking.Code])
		}
		again, err := result(p.post(calls[i].body()))
		if err != nil || again != line {
			p.t.Errorf("repeated after the cut:\n%s\nwant\n%s", again, line)
		}
	}
	for day := 15; day < 20; day++ {
		p.agrees(fmt.Sprintf("2026-12-%02d", day))
	}
	for name, n := range byName {
		if n != 1 {
			p.t.Errorf("%s is in the book %d times", name, n)
		}
	}
}

func TestStopFinishesWhatIsInHand(t *testing.T) { both(t, testStopFinishesWhatIsInHand) }

func testStopFinishesWhatIsInHand(t *testing.T) {
	p := start(t)
	var wg sync.WaitGroup
	var booked atomic.Int64
	for caller := range 20 {
		wg.Go(func() {
			for n := 0; ; n++ { // until nobody answers any more
				c := call{fmt.Sprintf("c%d-%d", caller, n), "t1", fmt.Sprintf("+346%03d%05d", caller, n), "create_reservation", map[string]any{
					"date": fmt.Sprintf("2026-12-%02d", 15+n%5), "time": fmt.Sprintf("%d:%02d", 13+n%2, 15*(n%4)), "pax": 2, "customer_name": "Ana"}}
				body := c.body()
				status, _, got, err := p.do("POST", "/vapi", sealed(body), body)
				if err != nil {
					return // refused at the door: not accepted any more
				}
				if status != 200 {
					t.Errorf("answered %d %s while stopping", status, got)
				}
				if bytes.Contains(got, []byte(`\"success\":true`)) {
					booked.Add(1)
				}
			}
		})
	}
	p.waitForAnswers(40)
	p.stop()
	wg.Wait()
	p = p.again()
	inBook := 0
	for day := 15; day < 20; day++ {
		inBook += len(p.book(fmt.Sprintf("2026-12-%02d", day)))
	}
	if told := int(booked.Load()); told == 0 || inBook != told {
		t.Errorf("%d told they are booked, %d in the book", told, inBook)
	}
	p.stop()
}

// exit runs the binary to its end.
func exit(t *testing.T, env []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Dir = t.TempDir()
	cmd.Env = env
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

func TestBadConfigurationIsReportedAllAtOnce(t *testing.T) {
	t.Parallel()
	code, _, stderr := exit(t, []string{"PORT=banana", "RETRY_TICK=-3s", "VAPI_AUTH=magic", "VAPI_WEBHOOK_SECRET=hush-hush-hush,", "AIRTABLE_BASE_ID=app1"}, "serve")
	if code != 2 {
		t.Errorf("exit code %d, want 2", code)
	}
	for _, want := range []string{"PORT", "banana", "RETRY_TICK", "-3s", "VAPI_AUTH", "magic", "VAPI_WEBHOOK_SECRET", "AIRTABLE_API_KEY"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("the report does not speak of %s:\n%s", want, stderr)
		}
	}
	if strings.Contains(stderr, "hush") {
		t.Errorf("the report tells a secret:\n%s", stderr)
	}
}

func TestABadRestaurantFileIsRefusedWithTheNearestKey(t *testing.T) {
	t.Parallel()
	code, _, stderr := exit(t, []string{restaurantFile(t, strings.Replace(oneTable, "slot_step", "slot_stepp", 1))}, "serve")
	if code != 2 || !strings.Contains(stderr, "slot_stepp") || !strings.Contains(stderr, "slot_step") {
		t.Errorf("exit code %d, want 2 and the nearest key:\n%s", code, stderr)
	}
}

func TestASecondDeskOnTheSameFileIsRefusedClearly(t *testing.T) {
	t.Parallel()
	p := start(t)
	cmd := exec.Command(binary, "serve")
	cmd.Env, cmd.Dir = p.env, p.dir
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), "maitre.db") || !strings.Contains(string(out), "in use") {
		t.Errorf("%v\n%s\nwant exit code 1 and the file that is in use", err, out)
	}
	p.stop()
}

func TestASecondSignalDoesNotWait(t *testing.T) {
	t.Parallel()
	p := start(t)
	conn := p.holdARequestOpen()        // keeps the first signal waiting
	defer func() { _ = conn.Close() }() // the program is gone by then
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	if !p.log.waitFor("stopping") {
		t.Fatal("ended without a word")
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-p.exited:
		if err == nil {
			t.Error("ended as if all were finished")
		}
	case <-time.After(10 * time.Second):
		t.Error("the second signal waits")
	}
}

func TestVersionHelpAndUnknownCommands(t *testing.T) {
	t.Parallel()
	if code, out, _ := exit(t, nil, "version"); code != 0 || !strings.HasPrefix(out, "maitre ") || !strings.Contains(out, "go1.") {
		t.Errorf("version: %d %q", code, out)
	}
	if code, out, _ := exit(t, nil, "serve", "--help"); code != 0 || !strings.Contains(out, "VAPI_WEBHOOK_SECRET") || !strings.Contains(out, "REPLY_BUDGET") {
		t.Errorf("serve --help: %d %q", code, out)
	}
	if code, _, errs := exit(t, nil, "dance"); code != 2 || !strings.Contains(errs, "dance") {
		t.Errorf("unknown command: %d %q", code, errs)
	}
	if code, out, _ := exit(t, nil, "understand", "--now", monday, "mañana a las 9 para 4"); code != 0 ||
		!strings.Contains(out, `"date":"2026-11-24"`) || !strings.Contains(out, `"time":"21:00"`) || !strings.Contains(out, `"party":4`) {
		t.Errorf("understand: %d %q", code, out)
	}
}

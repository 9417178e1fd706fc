package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"maitre/store/airtable/airtabletest"
)

// weather is how Airtable fares for a while.
type weather struct {
	name  string
	fault airtabletest.Fault
	lag   time.Duration // of the list of changes
	// blind: the desk hears nothing of the base, so that whoever takes a place there
	// cannot wait until it has. hangs: what was asked is not answered even when the
	// weather is over, so that only a new start helps.
	blind, hangs bool
}

func (w *world) weathers() []weather {
	writes, reads := airtabletest.Writes(), []airtabletest.Op{airtabletest.OpList}
	half := func(f airtabletest.Fault) airtabletest.Fault { f.Probability = 0.5; return f }
	all := []weather{
		{name: "fair"}, {name: "fair"}, {name: "fair"},
		{name: "down", fault: airtabletest.Fault{Status: 503}, blind: true},
		{name: "down", fault: airtabletest.Fault{Status: 503}, blind: true},
		{name: "500 before a write", fault: half(airtabletest.Fault{Ops: writes, Status: 500})},
		{name: "500 after a write", fault: half(airtabletest.Fault{Ops: writes, Status: 500, After: true})},
		{name: "drops before a write", fault: half(airtabletest.Fault{Ops: writes, Drop: true})},
		{name: "drops after a write", fault: half(airtabletest.Fault{Ops: writes, Drop: true, After: true})},
		{name: "a gateway's pages", fault: half(airtabletest.Fault{Status: 502, HTML: true}), blind: true},
		{name: "slow", fault: half(airtabletest.Fault{Latency: airtabletest.Duration(600 * time.Millisecond)}), blind: true},
		{name: "hangs", fault: airtabletest.Fault{Ops: writes, Hang: true}, hangs: true},
		{name: "hangs after a write", fault: airtabletest.Fault{Ops: writes, Hang: true, After: true}, hangs: true},
	}
	for name, more := range map[string][]weather{
		"late":  {{name: "late", fault: half(airtabletest.Fault{Ops: writes, Late: airtabletest.Duration(400 * time.Millisecond)})}},
		"lag":   {{name: "lag", lag: 3 * time.Second, blind: true}, {name: "lag", lag: time.Second, blind: true}},
		"empty": {{name: "one empty list", fault: airtabletest.Fault{Ops: reads, Table: "Reservas", Times: 1, Status: 200, Body: `{"records":[]}`}}},
	} {
		if w.does(name) {
			all = append(all, more...)
		}
	}
	slices.SortStableFunc(all, func(a, b weather) int { return strings.Compare(a.name, b.name) }) // a map has no order
	return all
}

// begin draws the weather of a round.
func (w *world) begin() {
	w.weather = weather{name: "fair"}
	if w.srv != nil {
		all := w.weathers()
		w.weather = all[w.chance.IntN(len(all))]
		w.srv.LagPayloads(w.weather.lag)
		if w.weather.name != "fair" && w.weather.lag == 0 {
			w.srv.Inject(w.weather.fault)
		}
	}
	w.total.add("weather: "+w.weather.name, 1)
}

// lift ends the weather.
func (w *world) lift() {
	if w.srv != nil && w.weather.name != "fair" {
		w.note("the weather is over")
		w.srv.LiftFaults()
		w.srv.LagPayloads(0)
		w.weather.blind = false
	}
}

// downfall ends the desk: a power cut while guests speak, or at a point between disk
// and network; or SIGTERM.
func (w *world) downfall() {
	n := w.chance.IntN(4)
	if w.farAway() {
		n = 0
	}
	switch chance := w.chance.IntN(6); {
	case chance == 0 && n > 0 && !w.weather.hangs:
		point := fmt.Sprintf("%s:%d", w.draw([]string{"journal.before_sync", "journal.after_sync", "journal.before_archive"}), 1+w.chance.IntN(4))
		w.total.add("ended at "+point[:len(point)-2], 1)
		w.note("kill -9, and a start that ends at %s", point)
		w.kill()
		w.startWith("MAITRE_DIE_AT=" + point)
		atOnce(w.requests(n), -1, func() {})
		select {
		case err := <-w.s.exited:
			w.endedBadly(err)
		case <-time.After(2 * time.Second): // nothing gets there
			w.kill()
		}
	case chance < 5 || w.weather.hangs:
		w.total.add("ended by kill -9", 1)
		asks := w.requests(n)
		w.note("kill -9, after some of %d answers", len(asks))
		atOnce(asks, w.chance.IntN(len(asks)+1), func() { _ = w.s.cmd.Process.Signal(syscall.SIGKILL) })
		w.endedBadly(<-w.s.exited)
	default:
		w.total.add("ended by SIGTERM", 1)
		w.note("SIGTERM")
		w.s.stop()
	}
}

func (w *world) kill() {
	_ = w.s.cmd.Process.Signal(syscall.SIGKILL)
	w.endedBadly(<-w.s.exited)
}

// endedBadly wants that what was killed did not end well.
func (w *world) endedBadly(err error) {
	w.t.Helper()
	if err == nil {
		w.wrong("not killed", "what was killed ended well")
	}
}

// settings are what may differ from start to start.
func (w *world) settings() []string {
	file := sizes(worldSeats...)
	file = strings.Replace(file, "horizon = 120", fmt.Sprintf("horizon = %d", 90+w.chance.IntN(60)), 1)
	if w.chance.IntN(2) == 0 {
		file = strings.Replace(file, `name = "Mesa 1"`, `name = "La de la ventana"`, 1)
	}
	if w.chance.IntN(3) == 0 {
		file = strings.Replace(file, "party_limit = 4", "party_limit = 6", 1)
	}
	path := filepath.Join(w.t.TempDir(), "restaurant.toml")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		w.t.Fatal(err)
	}
	start, err := time.Parse(time.RFC3339, monday)
	if err != nil {
		w.t.Fatal(err)
	}
	return []string{
		"RESTAURANT_FILE=" + path, "REPLY_BUDGET=" + w.draw([]string{"300ms", "1s"}), "RETRY_TICK=" + w.draw([]string{"50ms", "200ms", "1s"}),
		"AIRTABLE_POLL=" + w.draw([]string{"400ms", "700ms"}),
		"MAITRE_NOW=" + start.Add(time.Since(w.began)+w.clock).Format(time.RFC3339), "PUBLIC_URL=" + w.s.public.url,
		"TWILIO_ACCOUNT_SID=" + w.s.twilio.AccountSID(), "TWILIO_AUTH_TOKEN=" + twilioToken, "TWILIO_WHATSAPP_FROM=+34941000126",
		"TWILIO_SMS_FROM=+34941000127", "TWILIO_ENDPOINT_URL=" + w.s.twilio.URL(), "STAFF_PHONE=" + staffPhone,
	}
}

// start starts the desk again, now and then with a clock that jumped.
func (w *world) start() {
	if w.does("clock") && w.chance.IntN(5) == 0 {
		w.clock = []time.Duration{0, -26 * time.Hour, -3 * time.Hour, 3 * time.Hour, 26 * time.Hour, 9 * 24 * time.Hour, 2 * 365 * 24 * time.Hour}[w.chance.IntN(7)]
		w.total.add("clocks that jumped", 1)
		w.note("its clock is off by %s", w.clock)
	}
	w.startWith("MAITRE_DIE_AT=")
}

func (w *world) startWith(env string) {
	w.s.public.close()
	w.s.program = w.s.again(append(w.settings(), env)...)
	w.s.public.leadTo(w.t, w.s.program)
	w.note("started")
}

// farAway reports whether the desk's clock is so far off that nobody can book.
func (w *world) farAway() bool { return w.clock > 20*24*time.Hour }

// warm waits until the desk has read its book, where it can.
func (w *world) warm() {
	if w.srv == nil {
		return
	}
	w.s.until("the base is read", func() (bool, any) { return strings.Contains(w.s.log.String(), "all days were read"), nil })
}

// waiting reports whether anything waits to be written.
func (w *world) waiting() bool {
	return w.srv != nil && len(w.s.journal()) > 0
}

// elsewhere tries, on a copy of the data, to start without the base while something
// waits to be written to it: that has to be refused.
func (w *world) elsewhere(waits bool) {
	if !waits || !w.does("adopt") || w.chance.IntN(4) > 0 {
		return
	}
	w.total.add("starts without the base while something waits", 1)
	dir := w.t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(w.s.dir, "data"))); err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, "serve")
	cmd.Dir = dir
	for _, v := range w.s.env {
		if !strings.HasPrefix(v, "AIRTABLE_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "DATA_DIR="+dir)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	p := &program{cmd: cmd, log: newLogbook(), exited: make(chan error, 1)}
	opened := make(chan string, 1)
	go p.follow(stderr, opened)
	select {
	case <-opened:
		cancel()
		w.endedBadly(<-p.exited)
		w.wrong("not refused", "a start without AIRTABLE_* while bookings wait for Airtable")
	case err := <-p.exited:
		var ended *exec.ExitError
		if !errors.As(err, &ended) || ended.ExitCode() != 2 {
			w.wrong("not refused", "a start without AIRTABLE_* ended with %v\n%s", err, p.log)
		}
	}
}

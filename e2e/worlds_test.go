package e2e

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"maitre/store/airtable/airtabletest"
	"maitre/webhook/whatsapp/twilio/twiliotest"
)

// TestNothingIsLostWhateverFails lets random worlds go wrong. In each, guests book,
// change, confirm and cancel on every channel, the staff work in their base, a
// person decides what waits, Airtable fails in every way that it can, clocks jump,
// the configuration changes, and the power fails at any moment. After each round all
// is healed, and what is there is compared with what every guest was told and what
// every person did last.
//
// A failure names the world's seed: MAITRE_SOAK_SEED runs it again. MAITRE_SOAK_ROUNDS
// is how many rounds each mode sees, MAITRE_SOAK_WITHOUT leaves acts out by name.
func TestNothingIsLostWhateverFails(t *testing.T) {
	t.Parallel()
	rounds, worlds, seed := 4, 2, uint64(time.Now().UnixNano())
	if n, err := strconv.Atoi(os.Getenv("MAITRE_SOAK_ROUNDS")); err == nil {
		rounds, worlds = n, 12
	}
	if n, err := strconv.ParseUint(os.Getenv("MAITRE_SOAK_SEED"), 10, 64); err == nil {
		seed = n
	}
	total := &tally{counts: map[string]int{}}
	t.Logf("seed %d", seed)
	t.Cleanup(func() { t.Log(total) })
	for _, mode := range []string{"airtable", "file"} {
		for n := range worlds {
			share := (rounds + worlds - 1 - n) / worlds
			if share == 0 {
				continue
			}
			t.Run(fmt.Sprintf("%s/world %d", mode, n), func(t *testing.T) {
				t.Parallel()
				newWorld(t, seed, n, total).run(share)
			})
		}
	}
}

// wrongs are what no world may do. An act that would have to be refused and was
// not is one of them.
var wrongs = []string{"lost", "doubled", "undone", "overlaps", "untrue", "stuck", "not refused"}

// tally counts acts and wrongs, of all worlds.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
}

func (c *tally) add(what string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[what] += n
}

// String lists first what must be 0.
func (c *tally) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out strings.Builder
	for _, wrong := range wrongs {
		fmt.Fprintf(&out, "%s %d, ", wrong, c.counts[wrong])
	}
	fmt.Fprintf(&out, "in %d rounds:", c.counts["rounds"])
	for _, what := range slices.Sorted(maps.Keys(c.counts)) {
		if what != "rounds" && !slices.Contains(wrongs, what) {
			fmt.Fprintf(&out, "\n  %6d %s", c.counts[what], what)
		}
	}
	return out.String()
}

// hushed is a test that does not print the log of each of its hundred processes.
type hushed struct{ testing.TB }

// Failed is what makes a process's log be printed.
func (hushed) Failed() bool { return false }

// world is a desk and all who have to do with it.
type world struct {
	t       *testing.T
	name    string
	chance  *rand.Rand
	total   *tally
	without []string

	s   *scene // its program is the one that runs now
	srv *airtabletest.Server

	began   time.Time
	clock   time.Duration // what the desk's clock is off by
	weather weather
	round   int
	made    int      // names so far
	acts    []string // of this round, for whoever reads a failure

	mu       sync.Mutex // guards the model while several guests speak
	visitors []*visitor
	stays    []*stay
	seen     map[string]int  // messages by phone that were looked at
	retried  map[string]bool // entries that a person had tried again in this round
	reported map[string]bool
	cleared  bool              // the staff deleted everything in this round, and nobody has decided
	wiped    []string          // the rows of that
	ended    map[string]string // how bookings stood that were over, by name: none may be live again
	undone   bool              // they undid it
	deleted  []time.Time       // when they deleted one row, of late
	decided  time.Time
}

func newWorld(t *testing.T, seed uint64, n int, total *tally) *world {
	t.Helper()
	w := &world{
		t: t, name: fmt.Sprintf("seed %d, %s", seed, t.Name()), chance: rand.New(rand.NewPCG(seed, uint64(n))), total: total, began: time.Now(),
		without: strings.Split(os.Getenv("MAITRE_SOAK_WITHOUT"), ","), seen: map[string]int{}, reported: map[string]bool{}, ended: map[string]string{},
	}
	for i := range 9 {
		w.visitors = append(w.visitors, newVisitor(i))
	}
	return w
}

// does reports whether a kind of act is not left out.
func (w *world) does(what string) bool { return !slices.Contains(w.without, what) }

// note writes an act down.
func (w *world) note(format string, args ...any) {
	w.acts = append(w.acts, fmt.Sprintf(format, args...))
}

// wrong reports what no world may do.
func (w *world) wrong(kind, format string, args ...any) {
	w.t.Helper()
	w.total.add(kind, 1)
	w.t.Errorf("%s: %s\n%s, round %d, %s:\n  %s", kind, fmt.Sprintf(format, args...), w.name, w.round, w.weather.name, strings.Join(w.acts, "\n  "))
	w.acts = []string{"(as above)"}
	if dir := os.Getenv("MAITRE_SOAK_LOGS"); dir != "" {
		file := fmt.Sprintf("%s/%s-%d.log", dir, strings.ReplaceAll(w.t.Name(), "/", "-"), w.round)
		if err := os.WriteFile(file, []byte(w.s.log.String()+w.written()), 0o600); err != nil {
			w.t.Log(err)
		}
	}
}

// written are the last requests that wrote to the base.
func (w *world) written() string {
	if w.srv == nil {
		return ""
	}
	var all []string
	for _, r := range w.srv.Requests() {
		if (r.Method == "PATCH" || r.Method == "POST" || r.Method == "PUT") && r.Table != "" {
			all = append(all, fmt.Sprintf("%s %s %s %d %s %s", r.At.Format("15:04:05.000"), r.Method, r.Table, r.Status, r.Error, r.Body))
		}
	}
	return strings.Join(all[max(0, len(all)-60):], "\n") + "\n"
}

func (w *world) run(rounds int) {
	w.s = &scene{chat: &chat{twilio: twiliotest.Start(w.t, twiliotest.Options{Token: twilioToken, Statuses: []string{}}), public: newEntrance(w.t)}}
	w.s.program = startIn(hushed{w.t}, w.t.TempDir(), w.settings()...)
	w.s.public.leadTo(w.t, w.s.program)
	w.srv = base(w.t, w.s.dir, w.s.env)
	w.s.srv = w.srv
	w.warm()
	for w.round = range rounds {
		if w.t.Failed() && os.Getenv("MAITRE_SOAK_ROUNDS") == "" {
			return
		}
		w.acts, w.retried = nil, map[string]bool{}
		w.oneRound()
		w.total.add("rounds", 1)
	}
	w.s.stop()
}

// oneRound lets things happen until the power fails or the desk is stopped, starts
// it again, goes on for a while, heals all and looks at what is there.
func (w *world) oneRound() {
	w.begin()
	w.undone = false
	for range 2 + w.chance.IntN(4) {
		w.something()
	}
	waits := w.waiting()
	w.downfall()
	if w.chance.IntN(2) == 0 {
		w.lift()
	}
	if w.weather.hangs {
		w.lift()
	}
	w.elsewhere(waits)
	w.start()
	if !w.weather.blind {
		w.warm()
	}
	for range w.chance.IntN(3) {
		w.something()
	}
	w.lift()
	if w.farAway() {
		// A clock that is years off is put right, and what it kept from happening happens.
		w.s.stop()
		w.clock = 0
		w.start()
	}
	w.warm()
	w.settle()
	w.compare()
	w.repair()
}

// something is one act of somebody.
func (w *world) something() {
	switch n := w.chance.IntN(10); {
	case n < 4:
		w.guestActs(1)
	case n < 6:
		w.guestActs(2 + w.chance.IntN(3))
	case n < 9 && w.srv != nil:
		w.staffAct()
	case w.srv != nil:
		w.personActs()
	default:
		w.guestActs(1)
	}
}

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"maitre/store/airtable/airtabletest"
)

// rounds is how many power cuts each world of the crash suite sees; `make soak`
// asks for more.
func rounds(t testing.TB) int {
	t.Helper()
	if n, err := strconv.Atoi(os.Getenv("MAITRE_SOAK_ROUNDS")); err == nil {
		return n
	}
	return 5
}

// misfortune is a way in which Airtable fails, for some of the requests.
type misfortune struct {
	name  string
	fault airtabletest.Fault
}

func misfortunes() []misfortune {
	some := func(f airtabletest.Fault) airtabletest.Fault { f.Probability = 0.5; return f }
	writes := airtabletest.Writes()
	return []misfortune{
		{"none", airtabletest.Fault{Probability: 1e-9}},
		{"refuses everything", airtabletest.Fault{Status: 503}},
		{"500 before the write", some(airtabletest.Fault{Ops: writes, Status: 500})},
		{"500 after the write", some(airtabletest.Fault{Ops: writes, Status: 500, After: true})},
		{"hangs up before the write", some(airtabletest.Fault{Ops: writes, Drop: true})},
		{"writes, then hangs up", some(airtabletest.Fault{Ops: writes, Drop: true, After: true})},
		{"a gateway's page", some(airtabletest.Fault{Status: 502, HTML: true})},
		{"slow", some(airtabletest.Fault{Latency: airtabletest.Duration(1500 * time.Millisecond)})},
		{"too many requests", some(airtabletest.Fault{Ops: writes, Status: 429})},
		{"hangs", some(airtabletest.Fault{Ops: writes, Hang: true})},
	}
}

// TestNothingIsLostWhateverFails cuts the power over and over, at any moment and
// at the named points between disk and network, while guests book, change and
// cancel and Airtable fails in every way that it can. In the end everything that
// was acknowledged, as booked or as being processed, is in Airtable exactly once
// and stands as its guest last wished; nothing is half there; no table is given twice.
func TestNothingIsLostWhateverFails(t *testing.T) {
	t.Parallel()
	for world := range 4 {
		t.Run(fmt.Sprintf("airtable/world %d", world), func(t *testing.T) {
			t.Parallel()
			seed := uint64(time.Now().UnixNano())
			t.Logf("seed %d", seed)
			(&crashes{t: t, chance: rand.New(rand.NewPCG(seed, 1)), tally: map[string]int{}}).run(rounds(t))
		})
	}
}

// crashes is one world of the crash suite.
type crashes struct {
	t      *testing.T
	chance *rand.Rand
	p      *program
	guests []*guest
	tally  map[string]int
}

func (c *crashes) run(rounds int) {
	c.p = start(c.t, "REPLY_BUDGET=400ms")
	srv := base(c.t, c.p.dir, c.p.env)
	if !c.p.log.waitFor("all days were read") {
		c.t.Fatal("the base was not read")
	}
	for i := range 16 {
		c.guests = append(c.guests, &guest{number: fmt.Sprintf("+346000000%02d", i), name: fmt.Sprintf("Guest %d", i)})
	}
	for round := range rounds {
		all := misfortunes()
		if round == rounds-1 {
			// Whoever sends too many rests for half a minute: nobody wants to wait for it at the end.
			all = slices.DeleteFunc(all, func(m misfortune) bool { return m.fault.Status == 429 })
		}
		how := all[c.chance.IntN(len(all))]
		c.tally["Airtable: "+how.name]++
		lift := srv.Inject(how.fault)
		c.round(round)
		lift()
		srv.LiftFaults()
	}
	c.p.settledByRetry()
	book := c.p.wholeBook(c.t)
	for _, g := range c.guests {
		g.findsHisWish(c.t, book[g.name])
		c.tally["wishes"] += g.wishes
		c.tally["told: booked, changed or cancelled"] += g.done
		c.tally["told: being processed"] += g.processed
	}
	for day := 15; day < 19; day++ {
		c.p.agrees(fmt.Sprintf("2026-12-%02d", day))
	}
	c.p.stop()
	c.t.Logf("%d power cuts: %v", rounds, c.tally)
}

// round lets the guests speak until the power fails: after so many answers, or
// at a named point. It then starts the desk again and looks that nothing which
// was acknowledged is missing, wherever it stands by now.
func (c *crashes) round(n int) {
	die := ""
	if c.chance.IntN(2) == 0 {
		point := []string{"journal.before_sync", "journal.after_sync", "journal.before_archive"}[c.chance.IntN(3)]
		die = fmt.Sprintf("%s:%d", point, 1+c.chance.IntN(25))
		c.tally["died at "+point]++
		c.p.kill()
		c.p = c.p.again("MAITRE_DIE_AT=" + die)
	}
	var speaking sync.WaitGroup
	for _, g := range c.guests {
		g.callTime = fmt.Sprint("round", n)
		mine := rand.New(rand.NewPCG(c.chance.Uint64(), 2))
		speaking.Go(func() { g.speak(c.p, mine) })
	}
	if die == "" {
		c.tally["killed"]++
		c.p.waitForAnswers(20 + c.chance.IntN(100))
		c.p.kill()
	} else {
		c.p.died()
	}
	speaking.Wait()
	c.p = c.p.again("MAITRE_DIE_AT=")
	book := c.p.wholeBook(c.t)
	for _, g := range c.guests {
		g.findsHisWish(c.t, book[g.name])
	}
}

// died waits until the program has killed itself; where its point is not
// reached, because nothing gets there, it is killed.
func (p *program) died() {
	p.t.Helper()
	select {
	case err := <-p.exited:
		if err == nil {
			p.t.Error("ended well before it reached its point")
		}
	case <-time.After(4 * time.Second):
		p.kill()
	}
}

// settledByRetry waits until nothing waits to be written any more, letting go on
// what waits for a person.
func (p *program) settledByRetry() {
	p.t.Helper()
	p.until("the journal is empty", func() (bool, any) {
		entries := p.journal()
		for _, e := range entries {
			if e.State == "parked" {
				if e.Cause != "limit" {
					p.t.Errorf("parked: %+v", e)
				}
				status, _, got, err := p.do("POST", "/admin/api/journal/"+e.ID+"/retry", map[string]string{"Authorization": "Bearer " + testToken}, nil)
				if err != nil || status != 200 && status != 404 {
					p.t.Errorf("retry: %d %s %v", status, got, err)
				}
			}
		}
		return len(entries) == 0, entries
	})
}

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"maitre/store/airtable/airtabletest"
)

// Two desks on one base: an old laptop that was forgotten in a drawer, a second
// server, a folder that was copied.

// beside returns the variables of a desk in another folder, on the same base.
func (p *program) beside(dir string) []string {
	bases.Store(dir, base(p.t, p.dir, p.env))
	return append(p.env[:len(p.env):len(p.env)], "DATA_DIR="+filepath.Join(dir, "data"))
}

// copied copies the data of a program that has ended into a folder of its own.
func (p *program) copied() (dir string) {
	p.t.Helper()
	dir = p.t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "data"), os.DirFS(filepath.Join(p.dir, "data"))); err != nil {
		p.t.Fatal(err)
	}
	return dir
}

// marks are the rows by which desks say that they write to a base.
func marks(srv *airtabletest.Server) (all []string) {
	for _, r := range srv.Records("Mesas") {
		if id := fmt.Sprint(r.Fields["ID Mesa"]); strings.HasPrefix(id, "maitre ·") {
			all = append(all, id)
		}
	}
	return all
}

// wantRefused wants serve to end by itself, and to say whose the base is.
func wantRefused(t *testing.T, env []string) {
	t.Helper()
	host, _ := os.Hostname()
	code, _, stderr := exit(t, env, "serve")
	last := stderr[strings.LastIndex(strings.TrimSpace(stderr), "\n")+1:]
	said := regexp.MustCompile(`^maitre: .*` + regexp.QuoteMeta(host) + `.* since 2026-11-23 13:\d\d.*maitre adopt`)
	if code != 2 || !said.MatchString(last) {
		t.Errorf("a second desk: exit code %d, want 2 and whose the base is and since when:\n%s", code, stderr)
	}
}

// endsTaken waits until a program ends because another took its base over.
func (p *program) endsTaken() {
	p.t.Helper()
	select {
	case err := <-p.exited:
		if code := p.cmd.ProcessState.ExitCode(); err == nil || code != 2 {
			p.t.Errorf("ended with %v, want exit code 2\n%s", err, p.log)
		}
	case <-time.After(3 * time.Minute):
		p.t.Fatalf("another desk took the base over, and this one goes on\n%s", p.log)
	}
	if n := strings.Count(p.log.String(), `"level":"ERROR"`); n != 1 || !strings.Contains(p.log.String(), "maitre adopt") {
		p.t.Errorf("%d errors were logged, want one that says what to do:\n%s", n, p.log)
	}
}

func mustBook(p *program, n int, name string) {
	p.t.Helper()
	if told := p.ask(dinnerFor(n, name)); !told.Success {
		p.t.Errorf("%s is told %+v", name, told)
	}
}

func changedRecords(srv *airtabletest.Server) int { return srv.Count(airtabletest.Writes()...) }

func TestASecondDeskOnABaseIsRefused(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		p, srv := warm(t)
		mustBook(p, 1, "Ana")
		before, hooks := changedRecords(srv), srv.Count(airtabletest.OpWebhook)
		second := p.beside(t.TempDir())
		wantRefused(t, second)
		wantRefused(t, second) // and again
		if n := changedRecords(srv); n != before || srv.Count(airtabletest.OpWebhook) != hooks {
			t.Errorf("the second wrote %d times", n-before)
		}
		mustBook(p, 2, "Luis")
		p.settled()
		p.agrees(eve)
		if all := marks(srv); len(all) != 1 {
			t.Errorf("marks: %q", all)
		}
		p.stop()
	})
}

func TestACopyOfTheFolderIsAnotherDesk(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		p, _ := warm(t)
		mustBook(p, 1, "Ana")
		p.settled()
		p.stop()
		old := p.copied()
		p = p.again()
		mustBook(p, 2, "Luis")
		wantRefused(t, p.beside(old))
		p.kill()
		// A folder that was moved goes on where it is; the one left behind does not.
		moved := p.copied()
		p2 := startIn(t, moved, p.beside(moved)...)
		mustBook(p2, 3, "Eva")
		wantRefused(t, p.env)
		p2.settled()
		p2.agrees(eve)
		p2.stop()
	})
}

func TestAPersonSaysWhichDeskTakesTheBaseOver(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		p, srv := warm(t, "AIRTABLE_POLL=1s")
		mustBook(p, 1, "Ana")
		p.settled()
		dir := t.TempDir()
		second := p.beside(dir)
		if code, out, stderr := exit(t, second, "adopt"); code == 0 || !strings.Contains(out, "since 2026-11-23 13:") {
			t.Errorf("adopt that nobody agreed to: %d\n%s%s", code, out, stderr)
		}
		wantRefused(t, second)
		if code, out, stderr := exit(t, second, "adopt", "--yes"); code != 0 {
			t.Fatalf("adopt: %d\n%s%s", code, out, stderr)
		}
		before := changedRecords(srv)
		p.endsTaken()
		if n := changedRecords(srv); n != before {
			t.Errorf("the first wrote %d times after it was taken over", n-before)
		}
		p2 := startIn(t, dir, second...)
		p2.until("the day is read", func() (bool, any) { b := p2.book(eve); return len(b) == 1, b })
		mustBook(p2, 2, "Luis")
		p2.settled()
		wantRefused(t, p.env)
		p2.agrees(eve)
		p2.stop()
	})
}

// TestNothingIsWrittenToABaseThatIsAnothers: the second desk cannot see whose the
// base is while Airtable does not answer. It opens, and writes nothing before it knows.
func TestNothingIsWrittenToABaseThatIsAnothers(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		p, srv := warm(t)
		p.stop()
		dir := p.copied()
		p = p.again()
		p.log.waitFor("all days were read")
		lift := srv.Inject(airtabletest.Fault{Status: 503})
		second := startIn(t, dir, append(p.beside(dir), "REPLY_BUDGET=100ms")...)
		if told := second.ask(dinnerFor(1, "Ana")); told.Booking.Status != "processing" {
			t.Errorf("told %+v", told)
		}
		if n := len(second.journal()); n != 1 {
			t.Errorf("%d entries wait", n)
		}
		lift()
		second.endsTaken()
		if rows := srv.Records("Reservas"); len(rows) != 0 {
			t.Errorf("it wrote %v", rows)
		}
		mustBook(p, 2, "Luis")
		p.settled()
		p.agrees(eve)
		p.stop()
	})
}

// TestOfTwoFreshDesksOneGoesOn starts two at once on a base that nobody has.
func TestOfTwoFreshDesksOneGoesOn(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		dirs := []string{t.TempDir(), t.TempDir()}
		srv := base(t, dirs[0], nil)
		bases.Store(dirs[1], srv)
		env := func(dir string) []string {
			return append([]string{"PATH=" + os.Getenv("PATH"), "PORT=0", "DATA_DIR=" + filepath.Join(dir, "data"), "LOG_FORMAT=json",
				"VAPI_WEBHOOK_SECRET=" + testSecret, "ADMIN_TOKEN=" + testToken, "MAITRE_NOW=" + monday}, keptBy(srv)...)
		}
		var all sync.WaitGroup
		ended := make(chan int, 2)
		commands := make([]*exec.Cmd, 2)
		for i, dir := range dirs {
			commands[i] = exec.Command(binary, "serve")
			commands[i].Dir, commands[i].Env = dir, env(dir)
			if err := commands[i].Start(); err != nil {
				t.Fatal(err)
			}
			all.Go(func() { _ = commands[i].Wait(); ended <- i })
		}
		loser := <-ended
		if code := commands[loser].ProcessState.ExitCode(); code != 2 {
			t.Errorf("one ended with %d", code)
		}
		if n := len(marks(srv)); n != 1 {
			t.Errorf("%d marks", n)
		}
		_ = commands[1-loser].Process.Signal(os.Interrupt)
		all.Wait()
		if code := commands[1-loser].ProcessState.ExitCode(); code != 0 {
			t.Errorf("the other ended with %d", code)
		}
	})
}

// TestADeskKnowsItsOwnMark kills it over and over, also while the mark is on its
// way: it is never refused its own base, and leaves one mark.
func TestADeskKnowsItsOwnMark(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		p, srv := warm(t, "REPLY_BUDGET=100ms")
		for round, fault := range []airtabletest.Fault{
			{}, {Drop: true}, {Drop: true, After: true}, {Hang: true}, {Status: 500, After: true}, {Hang: true, After: true}, {Status: 403}, {},
		} {
			p.kill()
			lift := func() int { return 0 }
			if round%2 == 1 {
				for _, r := range srv.Records("Mesas") {
					if strings.HasPrefix(fmt.Sprint(r.Fields["ID Mesa"]), "maitre ·") {
						_ = srv.Staff().Delete("Mesas", r.ID)
					}
				}
			}
			if fault.Drop || fault.Hang || fault.Status != 0 {
				fault.Table, fault.Ops = "Mesas", airtabletest.Writes()
				lift = srv.Inject(fault)
			}
			p = p.again()
			p.kill()
			lift()
			p = p.again()
			mustHold(p, srv)
		}
		p.stop()
		p = p.again("REPLY_BUDGET=14s") // here a guest waits as long as a busy machine takes
		mustBook(p, 1, "Ana")
		p.settled()
		p.stop()
	})
}

func mustHold(p *program, srv *airtabletest.Server) {
	p.t.Helper()
	p.until("one mark", func() (bool, any) { all := marks(srv); return len(all) == 1, all })
	select {
	case err := <-p.exited:
		p.t.Fatalf("refused its own base: %v\n%s", err, p.log)
	default:
	}
}

func TestTheStaffDeleteOrSpoilTheMark(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		p, srv := warm(t, "AIRTABLE_POLL=1s")
		mark := func() airtabletest.Record {
			for _, r := range srv.Records("Mesas") {
				if strings.HasPrefix(fmt.Sprint(r.Fields["ID Mesa"]), "maitre") {
					return r
				}
			}
			return airtabletest.Record{}
		}
		was := fmt.Sprint(mark().Fields["ID Mesa"])
		for name, spoil := range map[string]func() error{
			"deleted": func() error { return srv.Staff().Delete("Mesas", mark().ID) },
			"spoiled": func() error {
				_, err := srv.Staff().Update("Mesas", mark().ID, map[string]any{"ID Mesa": "maitre · no tocar"})
				return err
			},
			"emptied": func() error {
				_, err := srv.Staff().Update("Mesas", mark().ID, map[string]any{"ID Mesa": nil})
				return err
			},
		} {
			if err := spoil(); err != nil {
				t.Fatal(name, err)
			}
			p.until(name+", and written again", func() (bool, any) { got := fmt.Sprint(mark().Fields["ID Mesa"]); return got == was, got })
		}
		mustBook(p, 1, "Ana")
		p.settled()
		if strings.Contains(p.log.String(), "could not be read") {
			t.Errorf("the mark is taken for a table:\n%s", p.log)
		}
		p.stop()
	})
}

// TestABaseWhoseTablesCannotBeWrittenIsServedAllTheSame: without a mark, and that is said.
func TestABaseWhoseTablesCannotBeWrittenIsServedAllTheSame(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		dir := t.TempDir()
		srv := base(t, dir, nil)
		srv.Inject(airtabletest.Fault{Status: 403, Table: "Mesas", Ops: airtabletest.Writes()})
		p := startIn(t, dir)
		p.log.waitFor("all days were read")
		mustBook(p, 1, "Ana")
		p.settled()
		if n := strings.Count(p.log.String(), "a second desk would not be noticed"); n != 1 {
			t.Errorf("it is said %d times:\n%s", n, p.log)
		}
		if record := p.check("system_of_record"); !record.OK || !strings.Contains(record.Detail, "second desk") {
			t.Errorf("/readyz says %+v", record)
		}
		p.stop()
	})
}

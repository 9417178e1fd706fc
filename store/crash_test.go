package store_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"maitre/booking"
	"maitre/store"
)

// Whatever a killed process had acknowledged is there exactly once; the cleanup
// of OpenTest checks that nothing is half there.
func TestKilledWriterLosesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	acknowledged := map[string]bool{}
	for round := range 3 {
		cmd := child(t, "write", path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			acknowledged[lines.Text()] = true
			if n == 150+37*round {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait() // it was killed
	}
	if len(acknowledged) < 400 {
		t.Fatalf("only %d bookings were acknowledged", len(acknowledged))
	}

	f := store.OpenTest(t, path, store.Options{})
	day, err := f.Local().Day(t.Context(), booking.NewDate(2030, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, b := range day.Bookings {
		found[b.ID]++
		answer, ok, err := f.Recall(t.Context(), "vapi:"+b.ID)
		if err != nil || !ok || string(answer) != "answer "+b.ID {
			t.Errorf("answer of %s: %q, %v, %v", b.ID, answer, ok, err)
		}
	}
	for id := range acknowledged {
		if found[id] != 1 {
			t.Errorf("acknowledged booking %s is there %d times", id, found[id])
		}
	}
}

// Of what a killed process acknowledged, each booking waits with its newest revision
// or was written and is in the archive; mirror and journal are in step. It is
// killed from outside, and at each point within.
func TestKilledDeskLosesNoAcceptedEntry(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	accepted, written := map[string]int{}, map[string]bool{}
	for round, point := range []string{"", "journal.before_sync", "journal.after_sync", "journal.before_archive"} {
		cmd := child(t, "journal@"+point, path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			var (
				what, id string
				party    int
			)
			if _, err := fmt.Sscan(lines.Text(), &what, &id, &party); err != nil {
				t.Fatal(lines.Text(), err)
			}
			accepted[id] = party
			written[id] = what == "written"
			if point == "" && n == 200 {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); cmd.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("round %d at %q was not killed: %v", round, point, err)
		}
		f := store.OpenTest(t, path, store.Options{})
		wantAccepted(t, f, accepted, written)
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(accepted) < 60 {
		t.Fatalf("only %d bookings were acknowledged", len(accepted))
	}
}

func wantAccepted(t *testing.T, f *store.File, accepted map[string]int, written map[string]bool) {
	t.Helper()
	day, err := f.Mirror().Day(t.Context(), booking.NewDate(2030, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]int{}
	for _, b := range day.Bookings {
		shown[b.ID] = b.Party
	}
	archived, err := f.Journal().Archived(t.Context(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	archive := map[string]int{}
	for _, a := range archived {
		archive[a.Entry.Booking.ID] = a.Entry.Booking.Party
	}
	waiting := 0
	for id, party := range accepted {
		if shown[id] < party { // an entry may be kept and not acknowledged
			t.Errorf("the mirror shows %s for %d, and %d was acknowledged", id, shown[id], party)
		}
		entryID, waits := f.Journal().Waiting(id)
		if waits {
			waiting++
			e, err := f.Journal().Get(t.Context(), entryID)
			if err != nil || e.Booking.Party != shown[id] {
				t.Errorf("%s waits for %d, and the mirror shows %d (%v)", id, e.Booking.Party, shown[id], err)
			}
		}
		if waits == (archive[id] != 0) || written[id] && waits || !waits && archive[id] != shown[id] {
			t.Errorf("%s: waits %v, archived for %d, shown for %d, acknowledged as written %v", id, waits, archive[id], shown[id], written[id])
		}
		if record, ok, err := f.Mirror().Record(t.Context(), id); err != nil || ok != (archive[id] != 0) && !waits {
			t.Errorf("%s is row %q, %v", id, record, err)
		}
	}
	t.Logf("%d acknowledged: %d wait, %d are archived", len(accepted), waiting, len(archive))
}

// A real full disk: a file system of one megabyte.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	cmd := child(t, "fill", t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.Output()
	switch {
	case errors.Is(err, syscall.EPERM), errors.Is(err, syscall.EINVAL), bytes.HasPrefix(out, []byte("cannot mount")):
		t.Fatalf("a full disk needs a mount in a user namespace, as root or where the machine lets users make them: %v %s", err, out)
	case err != nil || !bytes.HasPrefix(out, []byte("recovered")):
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store"
)

// child prepares this test binary to run once more, as another process that
// plays a part with a data file.
func child(t *testing.T, part, path string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "MAITRE_STORE_TEST_PART="+part, "MAITRE_STORE_TEST_PATH="+path)
	cmd.Stderr = t.Output()
	return cmd
}

// play is what a child does; it returns the exit code.
func play(part, path string) int {
	parts := map[string]func(context.Context, string) error{
		"write": playWrite, "fill": playFill,
	}
	if point, ok := strings.CutPrefix(part, "journal@"); ok {
		parts[part] = func(ctx context.Context, path string) error { return playJournal(ctx, path, point) }
	}
	if err := parts[part](context.Background(), path); err != nil {
		fmt.Fprintln(os.Stderr, part+":", err)
		return 1
	}
	return 0
}

// playWrite accepts bookings from many callers until it is killed, and prints
// the ID of each that is acknowledged.
func playWrite(ctx context.Context, path string) error {
	f, err := store.Open(ctx, path, store.Options{Slug: "casa"})
	if err != nil {
		return err
	}
	ledger, newID := f.Local(), store.NewIDs()
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for {
				id := newID(time.Now())
				entry := booking.Entry{
					Booking: store.NewTestBooking(id, "C"+id, booking.NewDate(2030, 1, 1)),
					Answer:  &booking.StoredAnswer{Key: "vapi:" + id, Answer: []byte("answer " + id)},
				}
				if _, err := ledger.Accept(ctx, entry); err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
				fmt.Println(id) // one write(2): never half a line
			}
		})
	}
	all.Wait()
	return nil
}

// killedAfter is how often a point is passed before the child kills itself there.
const killedAfter = 60

// playJournal accepts, changes and writes bookings from many callers until it is
// killed, or kills itself at a point, and prints each step that is acknowledged.
func playJournal(ctx context.Context, path, point string) error {
	f, err := store.Open(ctx, path, store.Options{Slug: "casa", At: dieAt(point, killedAfter)})
	if err != nil {
		return err
	}
	journal, newID := f.Journal(), store.NewIDs()
	one := func() error {
		id := newID(time.Now())
		b := store.NewTestBooking(id, "C"+id, booking.NewDate(2030, 1, 1))
		var e booking.JournalEntry
		for b.Party = 2; b.Party <= 3; b.Party++ {
			was := e
			next, err := journal.Accept(ctx, booking.Entry{Booking: b}, time.Now())
			if err != nil {
				return err
			}
			e = next
			fmt.Println("accepted", id, b.Party) // one write(2): never half a line
			if was.ID == "" {
				continue
			}
			if newer, err := journal.Done(ctx, was.ID, was.Rev, was.Booking, "rec"+id, time.Now()); err != nil || !newer {
				return fmt.Errorf("the older revision: %v, %w", newer, err)
			}
		}
		if newer, err := journal.Done(ctx, e.ID, e.Rev, e.Booking, "rec"+id, time.Now()); err != nil || newer {
			return fmt.Errorf("the newer revision: %v, %w", newer, err)
		}
		fmt.Println("written", id, 3)
		return nil
	}
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for {
				if err := one(); err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
			}
		})
	}
	all.Wait()
	return nil
}

// dieAt kills the process when it reaches a point for the n-th time.
func dieAt(point string, n int64) func(at string) {
	var passed atomic.Int64
	return func(at string) {
		if at == point && passed.Add(1) == n {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL) // nothing runs after it
		}
	}
}

// playFill mounts a small file system at path, which takes a mount namespace of
// its own, fills it up, and checks that the file refuses writes and recovers.
func playFill(ctx context.Context, dir string) error {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m,mode=0700"); err != nil {
		fmt.Println("cannot mount:", err)
		return nil
	}
	path := dir + "/maitre.db"
	f, err := store.Open(ctx, path, store.Options{Slug: "casa"})
	if err != nil {
		return err
	}
	ledger, newID := f.Local(), store.NewIDs()
	ballast, err := os.Create(dir + "/ballast")
	if err != nil {
		return err
	}
	if _, err := io.CopyN(ballast, zeros{}, 700<<10); err != nil {
		return err
	}
	var kept []booking.Booking
	date := booking.NewDate(2030, 1, 1)
	for full := false; !full; {
		id := newID(time.Now())
		b := store.NewTestBooking(id, "C"+id, date)
		_, err := ledger.Accept(ctx, booking.Entry{Booking: b})
		switch {
		case err == nil:
			kept = append(kept, b)
		case errors.Is(err, booking.ErrNotKept) && errors.Is(err, syscall.ENOSPC):
			full = true
		default:
			return fmt.Errorf("a full disk gave %w", err)
		}
		if len(kept) > 100_000 {
			return errors.New("the disk was never full")
		}
	}
	if err := f.Probe(ctx); !errors.Is(err, syscall.ENOSPC) && err != nil {
		return fmt.Errorf("probe of a full disk: %w", err)
	}
	day, err := ledger.Day(ctx, date)
	if err != nil || len(day.Bookings) != len(kept) {
		return fmt.Errorf("with a full disk the day has %d of %d bookings: %w", len(day.Bookings), len(kept), err)
	}
	if err := os.Remove(ballast.Name()); err != nil {
		return err
	}
	if err := ballast.Close(); err != nil {
		return err
	}
	for range 50 {
		id := newID(time.Now())
		b := store.NewTestBooking(id, "C"+id, date)
		if _, err := ledger.Accept(ctx, booking.Entry{Booking: b}); err != nil {
			return fmt.Errorf("with disk space again: %w", err)
		}
		kept = append(kept, b)
	}
	if err := f.Close(); err != nil {
		return err
	}
	again, err := store.Open(ctx, path, store.Options{Slug: "casa"})
	if err != nil {
		return err
	}
	day, err = again.Local().Day(ctx, date)
	if err != nil || len(day.Bookings) != len(kept) {
		return fmt.Errorf("reopened, the day has %d of %d bookings: %w", len(day.Bookings), len(kept), err)
	}
	fmt.Printf("recovered with %d bookings\n", len(kept))
	return again.Close()
}

// zeros is an endless reader.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

package store

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"maitre/booking"
)

// wall is a machine's clock that can be set; the time by which the desk runs is
// the bubble's.
type wall struct{ ahead time.Duration }

func (w *wall) now() time.Time { return time.Now().Add(w.ahead).Round(0) }

// forgets runs the file's retention for a while, and returns whether the clock is doubted.
func forgets(t *testing.T, path string, w *wall, log *slog.Logger, d time.Duration) (doubt bool) {
	t.Helper()
	f, err := Open(t.Context(), path, Options{Slug: "casa", Now: w.now, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	wait := f.KeepForgetting(ctx, time.UTC, 30)
	time.Sleep(d)
	synctest.Wait()
	_, _, doubt = f.ClockDoubt()
	stop()
	wait()
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	return doubt
}

func bookingIn(t *testing.T, path string, w *wall) bool {
	t.Helper()
	f, err := Open(t.Context(), path, Options{Slug: "casa", Now: w.now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	_, err = f.Local().ByID(t.Context(), "01M")
	return err == nil
}

type lines struct {
	mu  sync.Mutex
	all strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

// count returns how many lines contain what.
func (l *lines) count(what string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.all.String(), what)
}

// A clock that is far ahead deletes nothing, however often the desk starts by it,
// until it has run by it for a week; then retention goes on.
func TestAClockFarAheadIsBelievedInTime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	synctest.Test(t, func(t *testing.T) {
		var said lines
		log := slog.New(slog.NewTextHandler(&said, nil))
		w := &wall{}
		f, err := Open(t.Context(), path, Options{Slug: "casa", Now: w.now})
		if err != nil {
			t.Fatal(err)
		}
		b := booking.Booking{ID: "01M", Code: "ANA2", Date: booking.NewDate(w.now().Date()).AddDays(20), Status: booking.Confirmed, Created: w.now(), Updated: w.now()}
		if _, err := f.Local().Accept(t.Context(), booking.Entry{Booking: b}); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		w.ahead = 2 * 365 * 24 * time.Hour
		for range 3 {
			if !forgets(t, path, w, log, 30*time.Hour) || !bookingIn(t, path, w) {
				t.Fatal("a clock two years ahead was believed after a day")
			}
		}
		if n := said.count("far from the last one known"); n != 3 {
			t.Errorf("logged %d times in three starts:\n%s", n, said.all.String())
		}
		// The clock is set right, and nothing is in doubt, or deleted.
		w.ahead = 0
		if forgets(t, path, w, log, time.Minute) || !bookingIn(t, path, w) {
			t.Error("a clock that is right again is in doubt")
		}
		// The desk was closed for half a year: a week later retention is at work again.
		time.Sleep(180 * 24 * time.Hour)
		if !forgets(t, path, w, log, 100*time.Hour) || !bookingIn(t, path, w) {
			t.Error("believed too early")
		}
		if forgets(t, path, w, log, 80*time.Hour) || bookingIn(t, path, w) {
			t.Error("a clock that proved itself for a week is not believed")
		}
	})
}

// The desk is closed each night, and for two days off: nothing is logged, and
// retention is at work within the hour.
func TestAClosedDayIsNoDoubt(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	synctest.Test(t, func(t *testing.T) {
		var said lines
		w := &wall{}
		for day := range 10 {
			if forgets(t, path, w, slog.New(slog.NewTextHandler(&said, nil)), 8*time.Hour) {
				t.Error("in doubt on day", day)
			}
			time.Sleep(16 * time.Hour)
			if day == 5 {
				time.Sleep(48 * time.Hour)
			}
		}
		if said.all.Len() > 0 {
			t.Errorf("logged: %s", said.all.String())
		}
	})
}

// A file from before the desk kept the time starts with the newest time in it.
func TestAFileThatSaysNoTimeGoesByWhatIsInIt(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	made := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	f, err := Open(t.Context(), path, Options{Slug: "casa", Now: func() time.Time { return made }})
	if err != nil {
		t.Fatal(err)
	}
	touched := made.Add(50 * 24 * time.Hour)
	b := booking.Booking{ID: "01M", Code: "ANA2", Date: booking.NewDate(made.Date()), Status: booking.Confirmed, Created: made, Updated: touched}
	if _, err := f.Local().Accept(t.Context(), booking.Entry{Booking: b}); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	f = OpenTest(t, path, Options{Slug: "casa", Now: func() time.Time { return touched.Add(1000 * 24 * time.Hour) }})
	if _, at, doubt := f.ClockDoubt(); !doubt || !at.Equal(touched) {
		t.Errorf("believes %v, in doubt %t; want %v", at, doubt, touched)
	}
}

// Whatever the clock shows and whenever the desk runs: the time believed is never
// after that of the clock, and a clock that jumps ahead by more than a
// few days is not believed before the desk has run by it for a week.
func TestTheTimeThatIsBelieved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		begin := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		b := believed{At: begin}
		real, ahead, by := begin, time.Duration(0), time.Duration(0) // by: how long the desk ran by this clock
		for range rapid.IntRange(1, 60).Draw(t, "looks") {
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0:
				ahead, by = time.Duration(rapid.Int64Range(-1000, 1000).Draw(t, "days"))*24*time.Hour, 0
			case 1:
				real = real.Add(time.Duration(rapid.Int64Range(0, 60).Draw(t, "hours off")) * time.Hour)
				b = b.look(real.Add(ahead), 0)
			default:
				ran := time.Duration(rapid.Int64Range(0, 60).Draw(t, "minutes")) * time.Minute
				real, by = real.Add(ran), by+ran
				was := b.At
				b = b.look(real.Add(ahead), ran)
				if b.At.Sub(was) > clockFar+ran && by < farProof {
					t.Fatalf("believes %v after %v, having run by this clock for %v", b.At, was, by)
				}
			}
			if shown := real.Add(ahead); b.sure(shown, 0).After(shown) {
				t.Fatalf("sure of %v, which the clock does not show: %v", b.sure(shown, 0), shown)
			}
		}
	})
}

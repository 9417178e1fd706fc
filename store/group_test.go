package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"maitre/booking"
)

// submitAll hands jobs over in order and returns their outcomes.
func submitAll(t *testing.T, f *File, runs ...func(*tx) error) []error {
	t.Helper()
	release := f.Hold()
	jobs := make([]*job, len(runs))
	for i, run := range runs {
		jobs[i] = &job{run: run, done: make(chan error, 1)}
		if err := f.submit(t.Context(), jobs[i]); err != nil {
			t.Fatal(err)
		}
	}
	release()
	errs := make([]error, len(jobs))
	for i, j := range jobs {
		errs[i] = <-j.done
	}
	return errs
}

func putKey(key string) func(*tx) error {
	return func(t *tx) error { return t.put(t.bucket(codesBucket), []byte(key), []byte(key)) }
}

func keys(t *testing.T, f *File) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := f.view(t.Context(), func(t *tx) error {
		return t.bucket(codesBucket).ForEach(func(k, _ []byte) error { found[string(k)] = true; return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// openBare opens a file that the test may fill with keys that mean nothing.
func openBare(t *testing.T) *File {
	t.Helper()
	f, err := Open(t.Context(), filepath.Join(t.TempDir(), "maitre.db"), Options{Slug: "casa"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestFailingJobSpoilsNobody(t *testing.T) {
	t.Parallel()
	f := openBare(t)
	before := f.durable.Load()
	reason := errors.New("no")
	missing := map[string]*job{}["nobody"]
	errs := submitAll(t, f,
		putKey("a"),
		func(t *tx) error { return errors.Join(putKey("half")(t), reason) },
		putKey("b"),
		func(*tx) error { return reason },
		func(t *tx) error { _ = putKey("half too")(t); panic("out of order") },
		putKey("c"),
		func(t *tx) error { _ = putKey("half three")(t); return missing.err },
		putKey("d"),
	)
	for i, want := range []string{"", "no", "", "no", "panic: out of order", "", "panic: runtime error: invalid memory address or nil pointer dereference", ""} {
		if got := fmt.Sprint(errs[i]); got != want && (want != "" || errs[i] != nil) {
			t.Errorf("job %d: %v, want %q", i, errs[i], want)
		}
	}
	if found := keys(t, f); len(found) != 4 || !found["a"] || !found["b"] || !found["c"] || !found["d"] {
		t.Errorf("kept: %v", found)
	}
	if commits := f.durable.Load() - before; commits != 1 {
		t.Errorf("%d commits, want one for all", commits)
	}
	err := f.commit(t.Context(), func(*tx) error { return reason }, nil)
	if !errors.Is(err, booking.ErrNotKept) || !errors.Is(err, reason) {
		t.Errorf("what a caller hears: %v", err)
	}
}

// A failure that came of another job's writes does not outlive them.
func TestFailureOfASpoiltRunIsTriedAgain(t *testing.T) {
	t.Parallel()
	f := openBare(t)
	claim := func(t *tx) error {
		if t.bucket(codesBucket).Get([]byte("K7QF")) != nil {
			return booking.ErrCodeTaken
		}
		return putKey("K7QF")(t)
	}
	errs := submitAll(t, f,
		func(t *tx) error { return errors.Join(claim(t), errors.New("no")) },
		claim,
		claim,
	)
	if errs[0] == nil || errs[1] != nil || !errors.Is(errs[2], booking.ErrCodeTaken) {
		t.Error(errs)
	}
}

func TestJobThatWritesNothingSyncsNothing(t *testing.T) {
	t.Parallel()
	f := openBare(t)
	before := f.durable.Load()
	if err := f.commit(t.Context(), func(*tx) error { return nil }, nil); err != nil || f.durable.Load() != before {
		t.Error(err, f.durable.Load()-before)
	}
}

// A caller that is gone before its turn is refused; one that has handed its
// write over hears what became of it.
func TestCallersContext(t *testing.T) {
	t.Parallel()
	f := openBare(t)
	gone, cancel := context.WithCancelCause(t.Context())
	hungUp := errors.New("the guest hung up")
	cancel(hungUp)
	if err := f.commit(gone, putKey("a"), nil); !errors.Is(err, booking.ErrNotKept) || !errors.Is(err, hungUp) {
		t.Errorf("gone before: %v", err)
	}

	release := f.Hold()
	leaving, cancel2 := context.WithCancel(t.Context())
	j := &job{run: putKey("b"), done: make(chan error, 1)}
	if err := f.submit(leaving, j); err != nil {
		t.Fatal(err)
	}
	cancel2()
	release()
	if err := <-j.done; err != nil {
		t.Errorf("gone after: %v", err)
	}
	if found := keys(t, f); found["a"] || !found["b"] {
		t.Errorf("kept: %v", found)
	}
}

// A full channel makes callers wait, and lets go of those that are gone.
func TestCrowd(t *testing.T) {
	t.Parallel()
	f := openBare(t)
	release := f.Hold()
	for i := range maxWaiting {
		if err := f.submit(t.Context(), &job{run: putKey(fmt.Sprint(i)), done: make(chan error, 1)}); err != nil {
			t.Fatal(err)
		}
	}
	leaving, cancel := context.WithCancel(t.Context())
	refused := make(chan error)
	go func() { refused <- f.submit(leaving, &job{run: putKey("x"), done: make(chan error, 1)}) }()
	cancel()
	if err := <-refused; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	before := f.durable.Load()
	release()
	if err := f.commit(t.Context(), putKey("last"), nil); err != nil {
		t.Fatal(err)
	}
	if found := keys(t, f); len(found) != maxWaiting+1 {
		t.Errorf("%d kept, want %d", len(found), maxWaiting+1)
	}
	if commits := f.durable.Load() - before; commits < maxWaiting/maxBatch || commits > maxWaiting/maxBatch+2 {
		t.Errorf("%d commits for %d jobs of at most %d", commits, maxWaiting+1, maxBatch)
	}
}

// Close waits for what was handed over, and refuses what comes later.
func TestCloseDrains(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	f := OpenTest(t, path, Options{})
	var (
		all  sync.WaitGroup
		mu   sync.Mutex
		kept = map[string]bool{}
	)
	for i := range 64 {
		all.Go(func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%02d-%05d", i, n)
				_, err := f.Local().Accept(context.Background(), booking.Entry{Booking: NewTestBooking(id, "C"+id, testDate)})
				if err != nil {
					if !errors.Is(err, booking.ErrNotKept) || !errors.Is(err, ErrClosed) {
						t.Errorf("after Close: %v", err)
					}
					return
				}
				mu.Lock()
				kept[id] = true
				mu.Unlock()
			}
		})
	}
	for range 20 {
		if err := f.Probe(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := f.commit(t.Context(), func(t *tx) error { return t.put(t.bolt.Bucket(metaBucket), metaProbed, nil) }, nil); err != nil {
			t.Fatal(err)
		}
	}
	var closers sync.WaitGroup
	for range 3 {
		closers.Go(func() {
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	closers.Wait()
	all.Wait()
	if _, err := f.Local().Day(t.Context(), testDate); !errors.Is(err, ErrClosed) {
		t.Errorf("Day after Close: %v", err)
	}
	if err := f.Probe(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("Probe after Close: %v", err)
	}

	again := OpenTest(t, path, Options{})
	day, err := again.Local().Day(t.Context(), testDate)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range day.Bookings {
		delete(kept, b.ID)
	}
	if len(kept) > 0 {
		t.Errorf("acknowledged, and not there: %v", kept)
	}
}

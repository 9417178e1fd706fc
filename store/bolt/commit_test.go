package bolt

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
)

// submitAll hands jobs over in order and returns their outcomes.
func submitAll(t *testing.T, db *DB, runs ...func(*Tx) error) []error {
	t.Helper()
	release := hold(db)
	jobs := make([]*job, len(runs))
	for i, run := range runs {
		jobs[i] = &job{run: run, done: make(chan error, 1)}
		if err := db.submit(t.Context(), jobs[i]); err != nil {
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

func TestFailingJobSpoilsNobody(t *testing.T) {
	t.Parallel()
	db := open(t)
	before := db.durable.Load()
	reason := errors.New("no")
	missing := map[string]*job{}["nobody"]
	errs := submitAll(t, db,
		put("a"),
		func(t *Tx) error { return errors.Join(put("half")(t), reason) },
		put("b"),
		func(*Tx) error { return reason },
		func(t *Tx) error { _ = put("half too")(t); panic("out of order") },
		put("c"),
		func(t *Tx) error { _ = put("half three")(t); return missing.err },
		put("d"),
	)
	for i, want := range []string{"", "no", "", "no", "panic: out of order", "", "panic: runtime error: invalid memory address or nil pointer dereference", ""} {
		if got := fmt.Sprint(errs[i]); got != want && (want != "" || errs[i] != nil) {
			t.Errorf("job %d: %v, want %q", i, errs[i], want)
		}
	}
	if found := keys(t, db); len(found) != 4 || !found["a"] || !found["b"] || !found["c"] || !found["d"] {
		t.Errorf("kept: %v", found)
	}
	if commits := db.durable.Load() - before; commits != 1 {
		t.Errorf("%d commits, want one for all", commits)
	}
	if err := db.Update(t.Context(), func(*Tx) error { return reason }); !errors.Is(err, reason) {
		t.Errorf("what a caller gets: %v", err)
	}
}

// A failure that another job's writes caused ends with them.
func TestFailureOfASpoiltRunIsTriedAgain(t *testing.T) {
	t.Parallel()
	db := open(t)
	taken := errors.New("taken")
	claim := func(t *Tx) error {
		if t.Bucket(testBucket).Get([]byte("K7QF")) != nil {
			return taken
		}
		return put("K7QF")(t)
	}
	errs := submitAll(t, db,
		func(t *Tx) error { return errors.Join(claim(t), errors.New("no")) },
		claim,
		claim,
	)
	if errs[0] == nil || errs[1] != nil || !errors.Is(errs[2], taken) {
		t.Error(errs)
	}
}

func TestJobThatWritesNothingSyncsNothing(t *testing.T) {
	t.Parallel()
	db := open(t)
	before := db.durable.Load()
	if err := db.Update(t.Context(), func(*Tx) error { return nil }); err != nil || db.durable.Load() != before {
		t.Error(err, db.durable.Load()-before)
	}
}

// A write whose context ends while it waits is refused; one that the writer took gets
// its result.
func TestCallersContext(t *testing.T) {
	t.Parallel()
	db := open(t)
	gone, cancel := context.WithCancelCause(t.Context())
	hungUp := errors.New("the caller hung up")
	cancel(hungUp)
	if err := db.Update(gone, put("a")); !errors.Is(err, hungUp) {
		t.Errorf("gone before: %v", err)
	}

	release := hold(db)
	leaving, cancel2 := context.WithCancel(t.Context())
	j := &job{run: put("b"), done: make(chan error, 1)}
	if err := db.submit(leaving, j); err != nil {
		t.Fatal(err)
	}
	cancel2()
	release()
	if err := <-j.done; err != nil {
		t.Errorf("gone after: %v", err)
	}
	if found := keys(t, db); found["a"] || !found["b"] {
		t.Errorf("kept: %v", found)
	}
}

// A full channel makes callers wait until their context ends.
func TestCrowd(t *testing.T) {
	t.Parallel()
	db := open(t)
	release := hold(db)
	for i := range maxWaiting {
		if err := db.submit(t.Context(), &job{run: put(fmt.Sprint(i)), done: make(chan error, 1)}); err != nil {
			t.Fatal(err)
		}
	}
	leaving, cancel := context.WithCancel(t.Context())
	refused := make(chan error)
	go func() { refused <- db.submit(leaving, &job{run: put("x"), done: make(chan error, 1)}) }()
	cancel()
	if err := <-refused; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	before := db.durable.Load()
	release()
	if err := db.Update(t.Context(), put("last")); err != nil {
		t.Fatal(err)
	}
	if found := keys(t, db); len(found) != maxWaiting+1 {
		t.Errorf("%d kept, want %d", len(found), maxWaiting+1)
	}
	if commits := db.durable.Load() - before; commits < maxWaiting/maxBatch || commits > maxWaiting/maxBatch+2 {
		t.Errorf("%d commits for %d jobs of at most %d", commits, maxWaiting+1, maxBatch)
	}
}

// Of a write only the last run's OnSync is called, once, when the write is synced
// and before its caller is answered; of one that failed, none. What a write leaves in
// Local the next one of the same transaction finds, and no other.
func TestOnSyncAndLocal(t *testing.T) {
	t.Parallel()
	db := open(t)
	var synced []string
	runs := map[string]int{}
	write := func(name string, fails error) func(*Tx) error {
		return func(t *Tx) error {
			runs[name]++
			before, _ := t.Local.(string)
			t.Local = before + name
			t.OnSync(func() { synced = append(synced, fmt.Sprint(name, runs[name], " after ", before)) })
			return errors.Join(put(name)(t), fails)
		}
	}
	errs := submitAll(t, db, write("a", nil), write("b", errors.New("no")), write("c", nil), func(*Tx) error { return nil })
	if errs[0] != nil || errs[1] == nil || errs[2] != nil || errs[3] != nil {
		t.Fatal(errs)
	}
	if got := fmt.Sprint(synced); got != "[a2 after  c1 after a]" {
		t.Error(got)
	}
	if err := db.Update(t.Context(), write("d", nil)); err != nil || len(synced) != 3 || synced[2] != "d1 after " {
		t.Error(synced, err)
	}
}

// Nothing of a transaction in which somebody panicked is used any further, also when
// the panic came before a change.
func TestAPanicSpoilsItsTransaction(t *testing.T) {
	t.Parallel()
	db := open(t)
	errs := submitAll(t, db,
		func(t *Tx) error { t.Local = "half a state"; panic("out of order") },
		func(t *Tx) error {
			if t.Local != nil {
				return errors.New("the next write shares it")
			}
			return put("a")(t)
		},
	)
	if errs[0] == nil || errs[1] != nil {
		t.Error(errs)
	}
	wantKeys(t, db, "a")
}

// Close waits for what was handed over, and refuses what comes later.
func TestCloseDrains(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	db := openAt(t, path, Options{})
	var (
		all  sync.WaitGroup
		mu   sync.Mutex
		kept = map[string]bool{}
	)
	for i := range 64 {
		all.Go(func() {
			for n := 0; ; n++ {
				key := fmt.Sprintf("%02d-%05d", i, n)
				if err := db.Update(context.Background(), put(key)); err != nil {
					if !errors.Is(err, ErrClosed) {
						t.Errorf("after Close: %v", err)
					}
					return
				}
				mu.Lock()
				kept[key] = true
				mu.Unlock()
			}
		})
	}
	for range 20 {
		if err := db.Probe(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := db.Update(t.Context(), put("probed")); err != nil {
			t.Fatal(err)
		}
	}
	var closers sync.WaitGroup
	for range 3 {
		closers.Go(func() {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	closers.Wait()
	all.Wait()
	for what, err := range map[string]error{
		"View": db.View(t.Context(), func(*Tx) error { return nil }), "Err": db.Err(),
		"Probe": db.Probe(t.Context()), "Update": db.Update(t.Context(), put("late")),
	} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s after Close: %v", what, err)
		}
	}
	found := keys(t, openAt(t, path, Options{}))
	for key := range kept {
		if !found[key] {
			t.Errorf("acknowledged, and not there: %s", key)
		}
	}
}

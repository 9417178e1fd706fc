package webhook_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"maitre/booking"
	"maitre/webhook"
)

// diskMemory is a webhook.AnswerStore in a file of its own.
type diskMemory struct{ db *bbolt.DB }

func openMemory(tb testing.TB, file string) *diskMemory {
	tb.Helper()
	db, err := bbolt.Open(file, 0o600, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return &diskMemory{db}
}

var seen = []byte("seen")

func (m *diskMemory) Recall(_ context.Context, key string) (answer []byte, known bool, err error) {
	err = m.db.View(func(tx *bbolt.Tx) error {
		if b := tx.Bucket(seen); b != nil {
			answer = bytes.Clone(b.Get([]byte(key)))
		}
		return nil
	})
	return answer, answer != nil, err
}

func (m *diskMemory) Remember(_ context.Context, stored booking.StoredAnswer) error {
	return m.db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists(seen)
		if err != nil {
			return err
		}
		return b.Put([]byte(stored.Key), stored.Answer)
	})
}

// mapMemory is a webhook.AnswerStore whose disk can fail.
type mapMemory struct {
	mu          sync.Mutex
	answers     map[string][]byte
	recallErr   error
	rememberErr error
}

func newMapMemory() *mapMemory { return &mapMemory{answers: map[string][]byte{}} }

func (m *mapMemory) Recall(_ context.Context, key string) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	answer, known := m.answers[key]
	return answer, known, m.recallErr
}

func (m *mapMemory) Remember(ctx context.Context, stored booking.StoredAnswer) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := errors.Join(ctx.Err(), m.rememberErr); err != nil {
		return err
	}
	m.answers[stored.Key] = stored.Answer
	return nil
}

func answers(text string) webhook.Action {
	return func(context.Context) ([]byte, bool, error) { return []byte(text), false, nil }
}

func mustNotRun(t *testing.T) webhook.Action {
	return func(context.Context) ([]byte, bool, error) {
		t.Error("the work was done again")
		return nil, false, nil
	}
}

func TestIdempotencyAfterRestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "seen.db")
	memory := openMemory(t, file)
	first, err := webhook.NewIdempotency(memory, nil).Once(t.Context(), "call-1/tool-1", answers("booked"))
	if err != nil {
		t.Fatal(err)
	}
	if err := memory.db.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := webhook.NewIdempotency(openMemory(t, file), nil).Once(t.Context(), "call-1/tool-1", mustNotRun(t))
	if err != nil || !bytes.Equal(again, first) {
		t.Errorf("after a restart: %q, %v; want %q", again, err, first)
	}
}

func TestIdempotencyConcurrentDuplicatesWaitForTheFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := webhook.NewIdempotency(newMapMemory(), nil)
		gate := make(chan struct{})
		var runs atomic.Int64
		do := func(context.Context) ([]byte, bool, error) {
			<-gate
			return fmt.Appendf(nil, "answer %d", runs.Add(1)), false, nil
		}
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if got, err := requests.Once(t.Context(), "key", do); err != nil || string(got) != "answer 1" {
					t.Errorf("Once = %q, %v", got, err)
				}
			})
		}
		synctest.Wait() // one runs, the others wait
		if got, err := requests.Once(t.Context(), "another key", answers("other")); err != nil || string(got) != "other" {
			t.Errorf("another key had to wait: %q, %v", got, err)
		}
		close(gate)
		wg.Wait()
		if n := runs.Load(); n != 1 {
			t.Errorf("done %d times", n)
		}
	})
}

// Unsynchronised on purpose: only Idempotency keeps the runs of a key apart, and
// the race detector sees when it does not.
func TestIdempotencyRunsNoKeyTwiceAtOnce(t *testing.T) {
	t.Parallel()
	requests := webhook.NewIdempotency(openMemory(t, filepath.Join(t.TempDir(), "seen.db")), nil)
	const keys = 8
	var runs [keys]int
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for k := range keys {
				got, err := requests.Once(t.Context(), fmt.Sprint("key ", k), func(context.Context) ([]byte, bool, error) {
					runs[k]++
					runtime.Gosched()
					return fmt.Appendf(nil, "%d: run %d", k, runs[k]), false, nil
				})
				if want := fmt.Sprintf("%d: run 1", k); err != nil || string(got) != want {
					t.Errorf("Once = %q, %v; want %q", got, err, want)
				}
			}
		})
	}
	wg.Wait()
	for k, n := range runs {
		if n != 1 {
			t.Errorf("key %d done %d times", k, n)
		}
	}
}

func TestIdempotencyCarriesTheFirstThroughWhenItsCallerLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type valueKey struct{}
		memory := newMapMemory()
		requests := webhook.NewIdempotency(memory, nil)
		ctx, leave := context.WithTimeout(context.WithValue(t.Context(), valueKey{}, "value"), time.Second)
		defer leave()

		var wg sync.WaitGroup
		wg.Go(func() {
			_, _ = requests.Once(ctx, "key", func(ctx context.Context) ([]byte, bool, error) {
				time.Sleep(2 * time.Second)
				if err := ctx.Err(); err != nil {
					t.Errorf("the work was cut off: %v", err)
				}
				if ctx.Value(valueKey{}) != "value" {
					t.Error("the caller's values are lost")
				}
				return []byte("answer"), false, nil
			})
		})
		synctest.Wait()
		if got, err := requests.Once(t.Context(), "key", mustNotRun(t)); err != nil || string(got) != "answer" {
			t.Errorf("who waited got %q, %v", got, err)
		}
		wg.Wait()
		if string(memory.answers["key"]) != "answer" {
			t.Errorf("remembered %q", memory.answers["key"])
		}
	})
}

func TestIdempotencyWaitEndsWithTheWaiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := webhook.NewIdempotency(newMapMemory(), nil)
		gate := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			got, err := requests.Once(t.Context(), "key", func(context.Context) ([]byte, bool, error) {
				<-gate
				return []byte("answer"), false, nil
			})
			if err != nil || string(got) != "answer" {
				t.Errorf("the first got %q, %v", got, err)
			}
		})
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := requests.Once(ctx, "key", mustNotRun(t)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("who stopped waiting got %v", err)
		}
		close(gate)
		wg.Wait()
	})
}

func TestIdempotencyDoesNothingForWhoHasLeft(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := webhook.NewIdempotency(newMapMemory(), nil).Once(ctx, "key", mustNotRun(t))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Once = %v", err)
	}
}

func TestIdempotencyRemembers(t *testing.T) {
	t.Parallel()
	errDisk := errors.New("disk full")
	errWork := errors.New("work failed")
	tests := []struct {
		name string
		do   webhook.Action
		// disk is what Remember answers.
		disk       error
		want       string
		wantErr    error
		remembered bool
	}{
		{name: "an answer", do: answers("a"), want: "a", remembered: true},
		{name: "an empty answer", do: answers(""), want: "", remembered: true},
		{name: "not what is kept already", do: func(context.Context) ([]byte, bool, error) { return []byte("a"), true, nil }, disk: errDisk, want: "a"},
		{name: "not what must be forgotten", do: func(context.Context) ([]byte, bool, error) {
			return []byte("try later"), false, webhook.ErrForget
		}, want: "try later"},
		{name: "not what must be forgotten, with its cause", do: func(context.Context) ([]byte, bool, error) {
			return []byte("try later"), false, fmt.Errorf("%w: %w", webhook.ErrForget, errDisk)
		}, want: "try later"},
		{name: "not a failure", do: func(context.Context) ([]byte, bool, error) { return []byte("half"), false, errWork }, wantErr: errWork},
		{name: "or says that it cannot", do: answers("a"), disk: errDisk, wantErr: errDisk},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			memory := newMapMemory()
			memory.rememberErr = tt.disk
			requests := webhook.NewIdempotency(memory, nil)
			got, err := requests.Once(t.Context(), "key", tt.do)
			if string(got) != tt.want || !errors.Is(err, tt.wantErr) {
				t.Errorf("Once = %q, %v; want %q, %v", got, err, tt.want, tt.wantErr)
			}
			memory.rememberErr = nil
			again, err := requests.Once(t.Context(), "key", answers("done anew"))
			want := "done anew"
			if tt.remembered {
				want = tt.want
			}
			if err != nil || string(again) != want {
				t.Errorf("the repeat got %q, %v; want %q", again, err, want)
			}
		})
	}
}

func TestIdempotencyDoesNothingItCouldHaveDoneBefore(t *testing.T) {
	t.Parallel()
	memory := newMapMemory()
	memory.recallErr = errors.New("disk gone")
	if _, err := webhook.NewIdempotency(memory, nil).Once(t.Context(), "key", mustNotRun(t)); !errors.Is(err, memory.recallErr) {
		t.Errorf("Once = %v", err)
	}
}

func TestIdempotencyOutlivesAPanic(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(){"panic": func() { panic("boom") }, "goexit": runtime.Goexit} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				requests := webhook.NewIdempotency(newMapMemory(), nil)
				gate := make(chan struct{})
				var wg sync.WaitGroup
				wg.Go(func() {
					defer func() {
						if p := recover(); name == "panic" && p != "boom" {
							t.Errorf("the panic became %v", p)
						}
					}()
					_, _ = requests.Once(t.Context(), "key", func(context.Context) ([]byte, bool, error) {
						<-gate
						end()
						return nil, false, nil
					})
				})
				synctest.Wait()
				wg.Go(func() {
					if got, err := requests.Once(t.Context(), "key", mustNotRun(t)); !errors.Is(err, webhook.ErrUnfinished) || got != nil {
						t.Errorf("who waited got %q, %v", got, err)
					}
				})
				synctest.Wait()
				close(gate)
				wg.Wait()
				if got, err := requests.Once(t.Context(), "key", answers("anew")); err != nil || string(got) != "anew" {
					t.Errorf("afterwards: %q, %v", got, err)
				}
			})
		})
	}
}

// Whatever fails in between: what was answered once is answered ever after.
func TestIdempotencyNeverContradictsItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		memory := newMapMemory()
		requests := webhook.NewIdempotency(memory, nil)
		answered := map[string]string{}
		runs := 0
		t.Repeat(map[string]func(*rapid.T){
			"request": func(t *rapid.T) {
				key := rapid.SampledFrom([]string{"a", "b", strings.Repeat("c", 300)}).Draw(t, "key")
				memory.rememberErr, memory.recallErr = nil, nil
				switch rapid.SampledFrom([]string{"fine", "fine", "cannot remember", "cannot recall"}).Draw(t, "disk") {
				case "cannot remember":
					memory.rememberErr = errors.New("disk full")
				case "cannot recall":
					memory.recallErr = errors.New("disk gone")
				}
				forget := rapid.Bool().Draw(t, "forget")
				got, err := requests.Once(context.Background(), key, func(context.Context) ([]byte, bool, error) {
					runs++
					if forget {
						return []byte("later"), false, webhook.ErrForget
					}
					return fmt.Appendf(nil, "run %d", runs), false, nil
				})
				if err != nil || string(got) == "later" {
					if before, ok := answered[key]; ok && memory.recallErr == nil {
						t.Fatalf("%q, then %q, %v", before, got, err)
					}
					return
				}
				if before, ok := answered[key]; ok && before != string(got) {
					t.Fatalf("%q, then %q", before, got)
				}
				answered[key] = string(got)
			},
			"restart": func(*rapid.T) { requests = webhook.NewIdempotency(memory, nil) },
		})
	})
}

func TestIdempotencyBoundsItsKeys(t *testing.T) {
	t.Parallel()
	memory := newMapMemory()
	requests := webhook.NewIdempotency(memory, nil)
	for _, key := range []string{strings.Repeat("k", 200), strings.Repeat("k", 201), strings.Repeat("k", 1<<20), strings.Repeat("k", 201) + "!"} {
		for range 2 {
			if got, err := requests.Once(t.Context(), key, answers(key)); err != nil || string(got) != key {
				t.Fatalf("key of %d bytes: another's answer, or %v", len(key), err)
			}
		}
	}
	if len(memory.answers) != 4 {
		t.Errorf("%d keys for 4", len(memory.answers))
	}
	for key := range memory.answers {
		if len(key) > 200 {
			t.Errorf("kept under %d bytes", len(key))
		}
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	if got, want := webhook.Key("vapi", "call-1", "call_51kj"), "vapi/call-1/call_51kj"; got != want {
		t.Errorf("Key = %q, want %q", got, want)
	}
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.OneOf(rapid.StringMatching(`[ab/%#]{0,3}`), rapid.String(), rapid.StringN(190, 220, -1),
			rapid.Just("sha256#"+strings.Repeat("0", 64)))
		a := rapid.SliceOfN(part, 0, 3).Draw(t, "a")
		b := rapid.SliceOfN(part, 0, 3).Draw(t, "b")
		ka, kb := webhook.Key("vapi", a...), webhook.Key("vapi", b...)
		if same := fmt.Sprintf("%q", a) == fmt.Sprintf("%q", b); same != (ka == kb) {
			t.Fatalf("%q and %q: %q and %q", a, b, ka, kb)
		}
		if len(ka) > 200 {
			t.Fatalf("key of %d bytes", len(ka))
		}
	})
}

func BenchmarkOnce(b *testing.B) {
	requests := webhook.NewIdempotency(newMapMemory(), nil)
	do := func(context.Context) ([]byte, bool, error) { return nil, true, nil }
	b.ReportAllocs()
	for b.Loop() {
		if _, err := requests.Once(b.Context(), "vapi/call-1/call_51kj", do); err != nil {
			b.Fatal(err)
		}
	}
}

func TestAnswerTellsWhatWasDone(t *testing.T) {
	t.Parallel()
	errDisk, errWork := errors.New("disk full"), errors.New("work failed")
	forget := func(context.Context) ([]byte, bool, error) { return []byte("try later"), false, webhook.ErrForget }
	fails := func(context.Context) ([]byte, bool, error) { return []byte("half"), false, errWork }
	for name, c := range map[string]struct {
		key     string
		do      webhook.Action
		disk    error
		want    string
		wantErr error
		again   string // empty: it is done anew
		logged  bool
	}{
		"kept":                       {key: "key", do: answers("done"), want: "done", again: "done"},
		"done, but not kept":         {key: "key", do: answers("done"), disk: errDisk, want: "done", logged: true},
		"passing":                    {key: "key", do: forget, disk: errDisk, want: "try later"},
		"failed":                     {key: "key", do: fails, wantErr: errWork},
		"without a key":              {do: answers("done"), want: "done"},
		"without a key, passing":     {do: forget, want: "try later"},
		"without a key, failed":      {do: fails, want: "half", wantErr: errWork},
		"without a key, a full disk": {do: answers("done"), disk: errDisk, want: "done"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			memory, log := newMapMemory(), &bytes.Buffer{}
			requests := webhook.NewIdempotency(memory, slog.New(slog.NewTextHandler(log, nil)))
			memory.rememberErr = c.disk
			if got, err := requests.Answer(t.Context(), c.key, c.do); string(got) != c.want || !errors.Is(err, c.wantErr) {
				t.Errorf("Answer = %q, %v; want %q, %v", got, err, c.want, c.wantErr)
			}
			if logged := strings.Contains(log.String(), "disk full"); logged != c.logged {
				t.Errorf("logged %q", log)
			}
			memory.rememberErr = nil
			want := cmp.Or(c.again, "done anew")
			if again, err := requests.Answer(t.Context(), c.key, answers("done anew")); err != nil || string(again) != want {
				t.Errorf("a repeat gets %q, %v; want %q", again, err, want)
			}
		})
	}
}

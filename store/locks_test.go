package store_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"maitre/booking"
	"maitre/store"
)

func TestLocksExclude(t *testing.T) {
	t.Parallel()
	var (
		locks = store.NewDateLocks()
		all   sync.WaitGroup
		in    [5]atomic.Int32
	)
	for g := range 8 {
		random := rand.New(rand.NewPCG(uint64(g), 0))
		all.Go(func() {
			for range 500 {
				// In any order, with repeats.
				dates := make([]booking.Date, 1+random.IntN(4))
				for i := range dates {
					dates[i] = booking.Date(random.IntN(len(in)))
				}
				unlock, err := locks.Lock(context.Background(), dates...)
				if err != nil {
					t.Error(err)
					return
				}
				once := map[booking.Date]bool{}
				for _, date := range dates {
					if !once[date] && in[date].Add(1) != 1 {
						t.Errorf("two hold %d", date)
					}
					once[date] = true
				}
				for date := range once {
					in[date].Add(-1)
				}
				unlock()
				unlock() // a second time does nothing
			}
		})
	}
	all.Wait()
	if n := locks.Held(); n != 0 {
		t.Errorf("%d locks are left", n)
	}
}

func TestLockHonoursContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		locks := store.NewDateLocks()
		unlock, err := locks.Lock(t.Context(), 2)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		hungUp := errors.New("the guest hung up")
		waiter := make(chan error)
		go func() {
			_, err := locks.Lock(ctx, 3, 1, 2) // gets 1, waits for 2
			waiter <- err
		}()
		synctest.Wait()
		cancel(hungUp)
		if err := <-waiter; !errors.Is(err, hungUp) {
			t.Error(err)
		}
		if n := locks.Held(); n != 1 {
			t.Errorf("%d locks are held, want 1", n)
		}
		if _, err := locks.Lock(ctx, 9); !errors.Is(err, hungUp) {
			t.Errorf("gone before: %v", err)
		}
		unlock()
		again, err := locks.Lock(t.Context(), 1, 2, 3)
		if err != nil {
			t.Fatal(err)
		}
		again()
		if none, err := locks.Lock(t.Context()); err != nil {
			t.Error(err)
		} else {
			none()
		}
		if n := locks.Held(); n != 0 {
			t.Errorf("%d locks are left", n)
		}
	})
}

package store

import (
	"context"
	"slices"
	"sync"

	"maitre/booking"
)

// DateLocks is one lock for each service day; it implements [booking.Locks]
// within one process.
type DateLocks struct {
	mu   sync.Mutex
	held map[booking.Date]*dateLock
}

// dateLock is a date's lock; it exists only while somebody holds or awaits it.
type dateLock struct {
	token chan struct{} // holds one element while the lock is free
	users int           // holding or waiting; guarded by DateLocks.mu
}

var _ booking.Locks = (*DateLocks)(nil)

// NewDateLocks returns locks that nobody holds.
func NewDateLocks() *DateLocks {
	return &DateLocks{held: make(map[booking.Date]*dateLock)}
}

// Lock implements [booking.Locks]. Dates are taken in ascending order, so that
// callers who want the same ones cannot wait for each other. What it returns
// may be called more than once. Errors: the cause of ctx's end.
func (l *DateLocks) Lock(ctx context.Context, dates ...booking.Date) (unlock func(), err error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	want := slices.Clone(dates)
	slices.Sort(want)
	want = slices.Compact(want)
	for i, date := range want {
		if err := l.take(ctx, date); err != nil {
			l.release(want[:i])
			return nil, err
		}
	}
	return sync.OnceFunc(func() { l.release(want) }), nil
}

func (l *DateLocks) take(ctx context.Context, date booking.Date) error {
	l.mu.Lock()
	lock := l.held[date]
	if lock == nil {
		lock = &dateLock{token: make(chan struct{}, 1)}
		lock.token <- struct{}{}
		l.held[date] = lock
	}
	lock.users++
	l.mu.Unlock()

	select {
	case <-lock.token:
		return nil
	case <-ctx.Done():
		l.leave(date, lock)
		return context.Cause(ctx)
	}
}

func (l *DateLocks) release(dates []booking.Date) {
	for _, date := range slices.Backward(dates) {
		l.mu.Lock()
		lock := l.held[date]
		l.mu.Unlock()
		lock.token <- struct{}{}
		l.leave(date, lock)
	}
}

func (l *DateLocks) leave(date booking.Date, lock *dateLock) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if lock.users--; lock.users == 0 {
		delete(l.held, date)
	}
}

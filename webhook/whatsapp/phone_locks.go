package whatsapp

import (
	"context"
	"fmt"
	"sync"

	"maitre/booking"
)

// phoneLocks let one message of each phone through at a time, so that two sent at
// once are answered one after the other. A phone that nobody writes from takes
// no memory.
type phoneLocks struct {
	mu    sync.Mutex
	locks map[booking.Phone]*phoneLock
}

type phoneLock struct {
	held  chan struct{} // full while somebody has it
	users int           // who has it and who wait
}

func newPhoneLocks() *phoneLocks { return &phoneLocks{locks: map[booking.Phone]*phoneLock{}} }

// lock waits for the phone's lock and returns what releases it. It fails only
// when ctx ends first.
func (l *phoneLocks) lock(ctx context.Context, phone booking.Phone) (unlock func(), err error) {
	l.mu.Lock()
	one := l.locks[phone]
	if one == nil {
		one = &phoneLock{held: make(chan struct{}, 1)}
		l.locks[phone] = one
	}
	one.users++
	l.mu.Unlock()
	leave := func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if one.users--; one.users == 0 {
			delete(l.locks, phone)
		}
	}
	select {
	case one.held <- struct{}{}:
		return func() { <-one.held; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, fmt.Errorf("wait for the message before: %w", context.Cause(ctx))
	}
}

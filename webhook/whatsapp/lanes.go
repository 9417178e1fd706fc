package whatsapp

import (
	"context"
	"fmt"
	"sync"

	"maitre/booking"
)

// lanes let one message of each phone through at a time, so that two sent at
// once are answered one after the other. A phone that nobody writes from takes
// no memory.
type lanes struct {
	mu   sync.Mutex
	open map[booking.Phone]*lane
}

type lane struct {
	turn  chan struct{} // holds one token; who has it may go
	users int           // who has it and who wait
}

func newLanes() *lanes { return &lanes{open: map[booking.Phone]*lane{}} }

// enter waits for the phone's lane and returns what frees it. It fails only
// when ctx ends first.
func (l *lanes) enter(ctx context.Context, phone booking.Phone) (leave func(), err error) {
	l.mu.Lock()
	mine := l.open[phone]
	if mine == nil {
		mine = &lane{turn: make(chan struct{}, 1)}
		mine.turn <- struct{}{}
		l.open[phone] = mine
	}
	mine.users++
	l.mu.Unlock()
	done := func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if mine.users--; mine.users == 0 {
			delete(l.open, phone)
		}
	}
	select {
	case <-mine.turn:
		return func() { mine.turn <- struct{}{}; done() }, nil
	case <-ctx.Done():
		done()
		return nil, fmt.Errorf("wait for the message before: %w", context.Cause(ctx))
	}
}

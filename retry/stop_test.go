package retry_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"maitre/booking"
	"maitre/retry"
)

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return carryErr(booking.CarryUnknown, 0)
	}
}

// An attempt that ends within the grace counts; one that does not is cut off,
// and its outcome is unknown, on disk.
func TestStop(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		takes time.Duration
		state booking.MessageState
		ends  time.Duration
	}{{2 * time.Second, booking.MessageSent, 2 * time.Second}, {10 * time.Second, booking.MessageUnknown, 3 * time.Second}} {
		t.Run(c.takes.String(), func(t *testing.T) {
			var log bytes.Buffer
			errorsOnly := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelError}))
			withSender(t, retry.SenderOptions{Template: templates, Log: errorsOnly}, func(o *senderFixture) {
				o.carrier.answer = func(ctx context.Context, _ int, _ booking.OutgoingMessage) (bool, error) {
					return true, sleep(ctx, c.takes)
				}
				o.put(guestMessage())
				o.want(booking.MessageSending, 0)
				o.stop()
				if took := time.Since(o.opened); took != c.ends {
					t.Errorf("it stopped after %s, want %s", took, c.ends)
				}
				o.want(c.state, 0)
				if log.Len() > 0 {
					t.Errorf("a stop is no error: %s", log.String())
				}
				// The next sender finds out.
				o.start(retry.SenderOptions{Template: templates, Jitter: highest})
				o.pass(time.Hour)
				if m := o.want(booking.MessageSent, 0); m.Tries != 1 || m.SID != "SM1" {
					t.Errorf("%+v", m)
				}
				o.wantSent("template@0s")
			})
		})
	}
}

// What could not be reached because we stopped is no failure of anybody.
func TestStopBeforeTheConnectionIsNoFailure(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates}, func(o *senderFixture) {
		o.carrier.answer = func(ctx context.Context, n int, _ booking.OutgoingMessage) (bool, error) {
			if n == 0 {
				<-ctx.Done()
				return false, carryErr(booking.CarryLater, 0)
			}
			return true, nil
		}
		o.put(guestMessage())
		o.stop()
		if m := o.want(booking.MessageWaiting, 0); m.Failures != 0 || m.Doubts != 0 {
			t.Errorf("%+v", m)
		}
	})
}

// failingBox is an outbox whose disk fails at times.
type failingBox struct {
	retry.Outbox
	begins, finishes, reads int // how many of the next fail
}

var errDisk = errors.New("no space left on device")

func (b *failingBox) Begin(ctx context.Context, seen booking.OutboxMessage, way booking.Way, now time.Time) (booking.OutboxMessage, bool, error) {
	if b.begins--; b.begins >= 0 {
		return booking.OutboxMessage{}, false, errDisk
	}
	return b.Outbox.Begin(ctx, seen, way, now)
}

func (b *failingBox) Finish(ctx context.Context, seen booking.OutboxMessage, out booking.SendResult, now time.Time) (booking.OutboxMessage, error) {
	if b.finishes--; b.finishes >= 0 {
		return booking.OutboxMessage{}, errDisk
	}
	return b.Outbox.Finish(ctx, seen, out, now)
}

func (b *failingBox) LastMessage(ctx context.Context, phone booking.Phone) (time.Time, error) {
	if b.reads--; b.reads >= 0 {
		return time.Time{}, errDisk
	}
	return b.Outbox.LastMessage(ctx, phone)
}

// While the disk fails nothing is sent; what was sent is not sent again because
// it could not be written down.
func TestFailingDisk(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		box      failingBox
		messages []string
	}{
		"begin":  {failingBox{begins: 2}, []string{"template@10s"}},
		"finish": {failingBox{finishes: 3}, []string{"template@0s"}},
		"read":   {failingBox{reads: 1}, []string{"template@5s"}},
	} {
		t.Run(name, func(t *testing.T) {
			withSender(t, retry.SenderOptions{}, func(o *senderFixture) {
				o.stop()
				box := c.box
				box.Outbox = o.box
				var states []booking.MessageState
				sender := retry.NewSender(&box, o.carrier, retry.SenderOptions{Template: templates, Jitter: highest, Wake: o.wake,
					OnFinished: func(m booking.OutboxMessage) { states = append(states, m.State) }})
				ctx, cancel := context.WithCancel(context.Background())
				done := make(chan struct{})
				go func() { defer close(done); sender.Run(ctx) }()
				if _, err := o.box.Put(o.t.Context(), guestMessage()); err != nil {
					t.Fatal(err)
				}
				o.wake.Send()
				o.pass(time.Minute)
				cancel()
				<-done
				o.wantSent(c.messages...)
				o.want(booking.MessageSent, 0)
				if !slices.Equal(states, []booking.MessageState{booking.MessageSent}) {
					t.Errorf("got %v", states)
				}
			})
		})
	}
}

package whatsapp_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/webhook"
	"maitre/webhook/whatsapp"
)

// hanging is a desk that takes its time to book: until its context ends, or, where it
// minds none, until it is let go.
type hanging struct {
	webhook.Desk
	letGo chan struct{} // nil: it minds its context
}

func (d *hanging) Book(ctx context.Context, r booking.Request) (booking.Result, error) {
	if d.letGo == nil {
		<-ctx.Done()
		return booking.Result{}, &booking.Refusal{Reason: booking.Failed, Err: context.Cause(ctx)}
	}
	<-d.letGo
	return d.Desk.Book(context.WithoutCancel(ctx), r)
}

func TestASlowDeskIsGivenUpInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := open(t, func(c *whatsapp.Config) { c.Desk = &hanging{Desk: c.Desk} })
		h.says(ana, "mesa para 2 el jueves a las 9")
		begun := time.Now()
		h.want(h.says(ana, "sí"), "no ha quedado nada reservado")
		if took := time.Since(begun); took != whatsapp.WorkTime {
			t.Errorf("answered after %v", took)
		}
		if err := h.file.Close(); err != nil {
			t.Error(err)
		}
	})
}

// A desk that is slow: the guest gets a true answer in time, what is
// under way is carried to its end, and the next message finds it done.
func TestAHangingDeskIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		letGo := make(chan struct{})
		h := open(t, func(c *whatsapp.Config) { c.Desk = &hanging{Desk: c.Desk, letGo: letGo} })
		h.says(ana, "mesa para 2 el jueves a las 9")
		begun := time.Now()
		yes := form(ana, "sí")
		h.want(h.post(yes).Body.String(), "no me consta si ha quedado hecho")
		if took := time.Since(begun); took != whatsapp.AnswerTime {
			t.Errorf("answered after %v", took)
		}
		next := make(chan string, 1)
		go func() { next <- h.says(ana, "sí") }()
		synctest.Wait()
		close(letGo)
		h.want(<-next, "A usted") // it is booked by now, and the second yes does nothing
		h.want(h.post(yes).Body.String(), "queda reservada")
		if live := h.booked("2026-11-26"); len(live) != 1 {
			t.Errorf("booked %d times", len(live))
		}
		if err := h.file.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestADeskThatPanics(t *testing.T) {
	t.Parallel()
	h := open(t, func(c *whatsapp.Config) { c.Desk = &panicking{c.Desk} })
	h.want(h.says(ana, "mesa para 2 el jueves"), "no me consta")
	h.want(h.says(ana, "hola"), "asistente") // the phone's lock is free again
	if !strings.Contains(h.logged.String(), "panicked") {
		t.Error("nobody hears of the panic")
	}
}

type panicking struct{ webhook.Desk }

func (*panicking) Availability(context.Context, booking.Query) ([]booking.Slot, error) {
	panic("on purpose")
}

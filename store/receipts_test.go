package store_test

import (
	"testing"
	"time"

	"maitre/booking"
)

// The ranks of what a carrier says, in every order.
func TestReceiptsInAnyOrder(t *testing.T) {
	t.Parallel()
	type step struct {
		status string
		code   int
		news   bool
		state  booking.MessageState
	}
	for name, steps := range map[string][]step{
		"in order": {{"queued", 0, true, "sent"}, {"sending", 0, true, "sent"}, {"sent", 0, true, "sent"},
			{"delivered", 0, true, "delivered"}, {"read", 0, true, "read"}},
		"backwards": {{"read", 0, true, "read"}, {"delivered", 0, false, "read"}, {"sent", 0, false, "read"}, {"undelivered", 63016, false, "read"}},
		"twice":     {{"sent", 0, true, "sent"}, {"sent", 0, false, "sent"}, {"delivered", 0, true, "delivered"}, {"delivered", 0, false, "delivered"}},
		"failed":    {{"sent", 0, true, "sent"}, {"undelivered", 63016, true, "bounced"}, {"failed", 1, false, "bounced"}, {"delivered", 0, false, "bounced"}},
		"unknown":   {{"partying", 0, false, "sent"}, {"", 0, false, "sent"}, {"canceled", 0, false, "sent"}},
		"too late":  {{"delivered", 0, true, "delivered"}, {"failed", 63003, false, "delivered"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := setupOutbox(t)
			p.put(message(""))
			o := p.finish(p.begin(p.due(1)[0], booking.ByText), sent("SM1"))
			for _, s := range steps {
				p.receipt(booking.Receipt{SID: "SM1", Status: s.status, Code: s.code}, s.news)
				latest := p.want(o.ID, s.state)
				if s.state == booking.MessageBounced && latest.Code != 63016 {
					t.Errorf("%+v", latest)
				}
			}
			bounced := 0
			if steps[len(steps)-1].state == booking.MessageBounced {
				bounced = 1
			}
			p.due(bounced)
		})
	}
}

// A receipt may come before the answer to the request that it is about.
func TestReceiptBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	p := setupOutbox(t)
	p.put(message(""))
	begun := p.begin(p.due(1)[0], booking.ByText)
	p.receipt(booking.Receipt{SID: "SM1", Status: "sent"}, false)
	p.receipt(booking.Receipt{SID: "SM1", Status: "undelivered", Code: 63016}, false)
	p.receipt(booking.Receipt{SID: "SM1", Status: "sent"}, false)
	p.finish(begun, sent("SM1"))
	if o := p.want(begun.ID, booking.MessageBounced); o.Code != 63016 || o.SID != "SM1" {
		t.Errorf("%+v", o)
	}
	p.due(1)
	// No attempt waits for a name now: a receipt for an unknown one is not kept.
	p.receipt(booking.Receipt{SID: "SM9", Status: "read"}, false)
	if n, err := p.file.Forget(t.Context(), 0, p.clock.now().Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("%d receipts were kept, %v", n, err)
	}
}

// A receipt that names our message settles an attempt whose result is unknown.
func TestReceiptThatNamesTheMessage(t *testing.T) {
	t.Parallel()
	p := setupOutbox(t)
	p.put(message("a"), message("b"), message("c"))
	due := p.due(3)

	begun := p.begin(due[0], booking.ByText)
	p.receipt(booking.Receipt{Message: begun.ID, SID: "SM1", Status: "sent"}, true)
	p.finish(begun, booking.SendResult{State: booking.MessageUnknown, Next: p.clock.now()})
	p.want(begun.ID, booking.MessageSent)
	p.finish(begun, sent("SM1"))
	p.receipt(booking.Receipt{SID: "SM1", Status: "delivered"}, true)
	if o := p.want(begun.ID, booking.MessageDelivered); len(o.History) != 1 || o.History[0].SID != "SM1" {
		t.Errorf("%+v", o)
	}

	p.begin(due[1], booking.ByText)
	p.reopen()
	p.receipt(booking.Receipt{Message: due[1].ID, SID: "SM2", Status: "failed", Code: 63003}, true)
	if o := p.want(due[1].ID, booking.MessageBounced); o.Code != 63003 {
		t.Errorf("%+v", o)
	}

	// Nothing was ever sent for the third.
	p.receipt(booking.Receipt{Message: due[2].ID, SID: "SM3", Status: "sent"}, false)
	p.want(due[2].ID, booking.MessageWaiting)

	// The second is sent another way; receipts for the first way change nothing.
	begun = p.begin(p.get(due[1].ID), booking.BySMS)
	p.receipt(booking.Receipt{Message: begun.ID, SID: "SM2", Status: "delivered"}, false)
	p.want(begun.ID, booking.MessageSending)
	p.finish(begun, sent("SM4"))
	p.receipt(booking.Receipt{Message: begun.ID, SID: "SM2", Status: "delivered"}, false)
	if o := p.want(begun.ID, booking.MessageSent); o.SID != "SM4" {
		t.Errorf("%+v", o)
	}
}

// A receipt of an earlier attempt that is taken for the one under way hides
// nothing: the message did leave, and both names are remembered.
func TestTwoNamesForOneMessage(t *testing.T) {
	t.Parallel()
	p := setupOutbox(t)
	p.put(message("a"))
	begun := p.begin(p.due(1)[0], booking.ByText)
	p.receipt(booking.Receipt{Message: begun.ID, SID: "SM1", Status: "sent"}, true)
	o := p.finish(begun, sent("SM2"))
	if o.SID != "SM1" || len(o.History) != 2 || o.History[1].SID != "SM2" {
		t.Errorf("%+v", o)
	}
	p.receipt(booking.Receipt{SID: "SM2", Status: "delivered"}, false)
	p.want(o.ID, booking.MessageSent)
}

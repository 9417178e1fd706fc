package store_test

import (
	"fmt"
	"testing"
	"time"

	"maitre/booking"
)

func TestPhones(t *testing.T) {
	t.Parallel()
	p := setupOutbox(t)
	ctx, at := t.Context(), p.clock.now()
	want := func(phone booking.Phone, wrote time.Time, out bool) {
		t.Helper()
		for range 2 {
			gotWrote, err := p.box().LastMessage(ctx, phone)
			gotOut, err2 := p.box().OptedOut(ctx, phone)
			if !gotWrote.Equal(wrote) || gotOut != out || err != nil || err2 != nil {
				t.Errorf("%s: wrote %s, opted out %v, %v, %v; want %s, %v", phone, gotWrote, gotOut, err, err2, wrote, out)
			}
			p.reopen()
		}
	}
	want(anasPhone, time.Time{}, false)
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ok(p.box().HeardFrom(ctx, anasPhone, at))
	ok(p.box().OptOut(ctx, "+34600000000", true))
	want(anasPhone, at, false)
	want("+34600000000", time.Time{}, true)
	ok(p.box().HeardFrom(ctx, anasPhone, at.Add(time.Hour)))
	ok(p.box().HeardFrom(ctx, anasPhone, at.Add(time.Minute)))
	ok(p.box().OptOut(ctx, anasPhone, true))
	want(anasPhone, at.Add(time.Hour), true)
	ok(p.box().OptOut(ctx, anasPhone, false))
	want(anasPhone, at.Add(time.Hour), false)
	ok(p.box().HeardFrom(ctx, "", at))
	ok(p.box().OptOut(ctx, "", true))
	want("", time.Time{}, false)
}

func TestForgetMessages(t *testing.T) {
	t.Parallel()
	p := setupOutbox(t)
	ctx, start := t.Context(), p.clock.now()
	const old = 450 // several transactions
	for i := range old {
		p.put(message(fmt.Sprint("old", i)))
	}
	begun := p.begin(p.due(100)[0], booking.ByText)
	p.finish(begun, sent("SM1"))
	far := message("far")
	far.NotBefore = start.AddDate(1, 0, 0)
	p.put(far)
	other := p.begin(p.due(100)[0], booking.ByText) // somebody waits for a name
	p.receipt(booking.Receipt{SID: "SM7", Status: "sent"}, false)
	p.finish(other, booking.SendResult{State: booking.MessageFailed})
	if err := p.box().HeardFrom(ctx, "+34600000001", p.clock.now()); err != nil {
		t.Fatal(err)
	}
	for _, phone := range []booking.Phone{anasPhone, "+34600000000"} {
		if err := p.box().HeardFrom(ctx, phone, p.clock.now()); err != nil {
			t.Fatal(err)
		}
		if err := p.box().OptOut(ctx, phone, true); err != nil {
			t.Fatal(err)
		}
	}
	p.clock.set(start.AddDate(0, 0, 2))
	p.put(message("new"))
	if err := p.box().HeardFrom(ctx, anasPhone, p.clock.now()); err != nil {
		t.Fatal(err)
	}
	p.receipt(booking.Receipt{SID: "SM1", Status: "delivered"}, true)

	before := booking.NewDate(start.AddDate(0, 0, 1).Date())
	if n, err := p.file.Forget(ctx, 0, time.Time{}); n != 0 || err != nil {
		t.Fatalf("forgot %d of nothing, %v", n, err)
	}
	if n, err := p.file.Forget(ctx, before, time.Time{}); n != old-1+2 || err != nil {
		t.Errorf("forgot %d, %v; want %d", n, err, old+1)
	}
	if n, err := p.file.Forget(ctx, 0, start.AddDate(0, 0, 1)); n != 1 || err != nil {
		t.Errorf("forgot %d receipts, %v; want 1", n, err)
	}
	list, err := p.box().List(ctx, "", 10)
	if err != nil || len(list) != 3 || list[0].Key != "new" || list[1].Key != "far" || list[2].ID != begun.ID {
		t.Errorf("left: %+v, %v", list, err)
	}
	// Of a phone that opted out, only that stays.
	for phone, wrote := range map[booking.Phone]bool{"+34600000000": false, anasPhone: true} {
		if out, err := p.box().OptedOut(ctx, phone); !out || err != nil {
			t.Error(phone, out, err)
		}
		if at, err := p.box().LastMessage(ctx, phone); at.IsZero() == wrote || err != nil {
			t.Errorf("%s wrote last at %s, %v", phone, at, err)
		}
	}
	p.put(message("old7")) // its key is free again
	p.clock.set(start.AddDate(3, 0, 0))
	if n, err := p.file.Forget(ctx, booking.NewDate(p.clock.now().Date()), time.Time{}); n != 5 || err != nil {
		t.Errorf("forgot %d, %v; want 5", n, err)
	}
	p.reopen()
	p.due(0)
	if n, err := p.file.Forget(ctx, booking.NewDate(p.clock.now().Date()), time.Time{}); n != 0 || err != nil {
		t.Errorf("forgot %d again, %v", n, err)
	}
	if out, err := p.box().OptedOut(ctx, anasPhone); !out || err != nil {
		t.Error("after three years:", out, err)
	}
	// Of a phone that opted in again, nothing stays.
	if err := p.box().OptOut(ctx, anasPhone, false); err != nil {
		t.Fatal(err)
	}
	p.clock.set(start.AddDate(5, 0, 0))
	if n, err := p.file.Forget(ctx, booking.NewDate(p.clock.now().Date()), time.Time{}); n != 1 || err != nil {
		t.Errorf("forgot %d, %v; want the phone", n, err)
	}
}

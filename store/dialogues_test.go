package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"maitre/booking"
)

const (
	ana  = booking.Phone("+34612345678")
	luis = booking.Phone("+34699999999")
)

func (d *desk) say(phone booking.Phone, value string, answer *booking.StoredAnswer) {
	d.t.Helper()
	if err := d.file.Dialogues().Save(d.t.Context(), phone, []byte(value), answer); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) wantDialogue(phone booking.Phone, want string, at time.Time) {
	d.t.Helper()
	value, updated, ok, err := d.file.Dialogues().Load(d.t.Context(), phone)
	if err != nil || ok != (want != "") || string(value) != want || !updated.Equal(at) {
		d.t.Errorf("%s: %q of %v, %v, %v; want %q of %v", phone, value, updated, ok, err, want, at)
	}
}

func TestADialogueIsKeptByItsPhone(t *testing.T) {
	t.Parallel()
	d := setup(t)
	start := d.clock.now()
	d.wantDialogue(ana, "", time.Time{})
	d.say(ana, `{"party":4}`, nil)
	d.say(luis, `{"party":2}`, nil)
	d.clock.set(start.Add(time.Minute))
	d.say(ana, `{"party":5}`, nil)
	d.reopen()
	d.wantDialogue(ana, `{"party":5}`, start.Add(time.Minute))
	d.wantDialogue(luis, `{"party":2}`, start)
	if err := d.file.Dialogues().Forget(t.Context(), ana); err != nil {
		t.Fatal(err)
	}
	if err := d.file.Dialogues().Forget(t.Context(), "+34600000000"); err != nil {
		t.Errorf("forget nothing: %v", err)
	}
	d.wantDialogue(ana, "", time.Time{})
	d.wantDialogue(luis, `{"party":2}`, start)
}

// The file shares no bytes with its callers.
func TestADialogueIsNotShared(t *testing.T) {
	t.Parallel()
	d := setup(t)
	given := []byte(`{"party":4}`)
	if err := d.file.Dialogues().Save(t.Context(), ana, given, nil); err != nil {
		t.Fatal(err)
	}
	copy(given, bytes.Repeat([]byte("#"), len(given)))
	got, _, _, err := d.file.Dialogues().Load(t.Context(), ana)
	if err != nil {
		t.Fatal(err)
	}
	copy(got, bytes.Repeat([]byte("#"), len(got)))
	d.wantDialogue(ana, `{"party":4}`, d.clock.now())
}

func TestADialogueAndItsAnswerAreKeptInOneCommit(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.say(ana, `{"party":4}`, &booking.StoredAnswer{Key: "twilio/SM1", Answer: []byte("what day?")})
	d.wantAnswer("twilio/SM1", "what day?")
	d.say(ana, `{"party":5}`, &booking.StoredAnswer{Key: "twilio/SM1", Answer: []byte("another")})
	d.reopen()
	d.wantDialogue(ana, `{"party":5}`, d.clock.now())
	d.wantAnswer("twilio/SM1", "what day?")
}

func TestADialogueThatCannotBeKeptIsNot(t *testing.T) {
	t.Parallel()
	d := setup(t)
	dialogues := d.file.Dialogues()
	for name, save := range map[string]func() error{
		"no phone":      func() error { return dialogues.Save(t.Context(), "", []byte("{}"), nil) },
		"no JSON":       func() error { return dialogues.Save(t.Context(), ana, []byte("party"), nil) },
		"nothing":       func() error { return dialogues.Save(t.Context(), ana, nil, nil) },
		"too long":      func() error { return dialogues.Save(t.Context(), ana, []byte(`"`+strings.Repeat("x", 1<<16)+`"`), nil) },
		"no answer key": func() error { return dialogues.Save(t.Context(), ana, []byte("{}"), &booking.StoredAnswer{}) },
	} {
		if err := save(); !errors.Is(err, booking.ErrNotKept) || strings.Contains(err.Error(), string(ana)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.wantDialogue(ana, "", time.Time{})
}

func TestDialoguesThatRestAreForgotten(t *testing.T) {
	t.Parallel()
	d := setup(t)
	start := d.clock.now()
	for i := range 450 { // more than one transaction removes
		d.say(booking.Phone(fmt.Sprintf("+34600%06d", i)), `{}`, nil)
	}
	d.clock.set(start.Add(time.Hour))
	d.say(ana, `{"party":4}`, nil)
	n, err := d.file.Forget(context.Background(), 0, start.Add(time.Minute))
	if err != nil || n != 450 {
		t.Errorf("removed %d, %v", n, err)
	}
	d.wantDialogue("+34600000000", "", time.Time{})
	d.wantDialogue(ana, `{"party":4}`, start.Add(time.Hour))
	if n, err := d.file.Forget(context.Background(), christmas, time.Time{}); err != nil || n != 0 {
		t.Errorf("removed %d, %v", n, err)
	}
}

package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/booking"
	"maitre/store"
)

const anasPhone booking.Phone = "+34612345678"

func message(key string) booking.Message {
	return booking.Message{Kind: booking.MessageBooked, To: anasPhone, Lang: booking.Spanish, Text: "Su mesa ya está en el libro.",
		Vars: []string{"Ana", "jueves"}, Key: key, Booking: "b1"}
}

// outboxDesk is a desk with helpers for its outbox.
type outboxDesk struct {
	*desk
	t *testing.T
}

func setupOutbox(t *testing.T) *outboxDesk { return &outboxDesk{setup(t), t} }

func (p *outboxDesk) box() *store.Outbox { return p.file.Outbox() }

func (p *outboxDesk) put(messages ...booking.Message) {
	p.t.Helper()
	if n, err := p.box().Put(p.t.Context(), messages...); err != nil || n != len(messages) {
		p.t.Fatalf("kept %d, %v", n, err)
	}
}

// due returns what is due now; it fails the test unless there are n.
func (p *outboxDesk) due(n int) []booking.OutboxMessage {
	p.t.Helper()
	due, err := p.box().Due(p.t.Context(), p.clock.now(), 100)
	if err != nil || len(due) != n {
		p.t.Fatalf("%d are due, %v; want %d: %+v", len(due), err, n, due)
	}
	return due
}

func (p *outboxDesk) begin(o booking.OutboxMessage, way booking.Way) booking.OutboxMessage {
	p.t.Helper()
	begun, ok, err := p.box().Begin(p.t.Context(), o, way, p.clock.now())
	if err != nil || !ok || begun.State != booking.MessageSending {
		p.t.Fatalf("begin: %+v, %v, %v", begun, ok, err)
	}
	return begun
}

func (p *outboxDesk) finish(o booking.OutboxMessage, out booking.SendResult) booking.OutboxMessage {
	p.t.Helper()
	latest, err := p.box().Finish(p.t.Context(), o, out, p.clock.now())
	if err != nil {
		p.t.Fatal(err)
	}
	return latest
}

func (p *outboxDesk) receipt(r booking.Receipt, news bool) booking.OutboxMessage {
	p.t.Helper()
	o, changed, err := p.box().Delivered(p.t.Context(), r)
	if err != nil || changed != news {
		p.t.Fatalf("receipt %+v: changed %v, %v; want %v", r, changed, err, news)
	}
	return o
}

func (p *outboxDesk) get(id string) booking.OutboxMessage {
	p.t.Helper()
	o, err := p.box().Get(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return o
}

func (p *outboxDesk) want(id string, state booking.MessageState) booking.OutboxMessage {
	p.t.Helper()
	o := p.get(id)
	if o.State != state {
		p.t.Fatalf("the message is %s, want %s: %+v", o.State, state, o)
	}
	return o
}

func sent(sid string) booking.SendResult {
	return booking.SendResult{State: booking.MessageSent, SID: sid}
}

func TestPutKeepsEachKeyOnce(t *testing.T) {
	t.Parallel()
	p := setupOutbox(t)
	for i, c := range []struct {
		put  []booking.Message
		kept int
	}{
		{[]booking.Message{message("a"), message("b"), message("a")}, 2},
		{[]booking.Message{message("a"), message("")}, 1},
		{[]booking.Message{message(""), message("b"), message("c")}, 2},
		{nil, 0},
	} {
		if kept, err := p.box().Put(t.Context(), c.put...); err != nil || kept != c.kept {
			t.Errorf("%d: kept %d, %v; want %d", i, kept, err, c.kept)
		}
		p.reopen()
	}
	due := p.due(5)
	p.finish(p.begin(due[0], booking.ByText), sent("SM1"))
	if kept, err := p.box().Put(t.Context(), message(due[0].Key)); err != nil || kept != 0 {
		t.Errorf("after it was sent: kept %d, %v", kept, err)
	}
}

func TestPutRefusesInvalidMessages(t *testing.T) {
	t.Parallel()
	p := setupOutbox(t)
	for name, spoil := range map[string]func(*booking.Message){
		"nobody":    func(m *booking.Message) { m.To = "" },
		"no kind":   func(m *booking.Message) { m.Kind = "" },
		"no text":   func(m *booking.Message) { m.Text = "" },
		"long text": func(m *booking.Message) { m.Text = strings.Repeat("ñ", 1601) },
		"long key":  func(m *booking.Message) { m.Key = strings.Repeat("k", 257) },
	} {
		bad := message("bad")
		spoil(&bad)
		if kept, err := p.box().Put(t.Context(), message("good"), bad); !errors.Is(err, booking.ErrNotKept) || kept != 0 {
			t.Errorf("%s: kept %d, %v", name, kept, err)
		} else if strings.Contains(err.Error(), string(anasPhone)) {
			t.Errorf("%s: the error shows the number: %v", name, err)
		}
	}
	p.due(0)
}

// A kept message is returned whole, and shares nothing with the caller's.
func TestMessageIsKeptWhole(t *testing.T) {
	t.Parallel()
	p := setupOutbox(t)
	m := message("reminder/b1/2026-12-24")
	m.NotBefore = p.clock.now().Add(time.Hour).In(time.FixedZone("CET", 3600))
	m.Expires = m.NotBefore.Add(3 * time.Hour)
	p.put(m)
	m.Vars[0] = "Eva"
	p.due(0)
	p.clock.set(m.NotBefore)
	before := p.due(1)[0]
	want := message(m.Key)
	want.ID, want.NotBefore, want.Expires = before.ID, m.NotBefore.UTC(), m.Expires.UTC()
	if diff := cmp.Diff(want, before.Message); diff != "" || len(before.ID) != 26 {
		t.Errorf("%s\nID %q", diff, before.ID)
	}
	before.Vars[0] = "Eva"
	p.reopen()
	after := p.due(1)[0]
	before.Vars[0] = "Ana"
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
}

func TestDueComesInOrder(t *testing.T) {
	t.Parallel()
	p := setupOutbox(t)
	now := p.clock.now()
	at := func(key string, after time.Duration, urgent bool) booking.Message {
		m := message(key)
		m.NotBefore, m.Urgent = now.Add(after), urgent
		return m
	}
	p.put(at("third", 3*time.Minute, false), at("first", time.Minute, false), at("later", time.Hour, false), at("urgent", 4*time.Minute, true),
		at("past", -time.Hour, false), at("later urgent", time.Hour, true), at("second", 2*time.Minute, false))
	keys := func(due []booking.OutboxMessage) string {
		var all []string
		for _, o := range due {
			all = append(all, o.Key)
		}
		return strings.Join(all, ", ")
	}
	if got := keys(p.due(1)); got != "past" {
		t.Error(got)
	}
	p.clock.set(now.Add(2*time.Minute - 1))
	if got := keys(p.due(2)); got != "past, first" {
		t.Error(got)
	}
	p.clock.set(now.Add(4 * time.Minute))
	if got := keys(p.due(5)); got != "urgent, past, first, second, third" {
		t.Error(got)
	}
	due, err := p.box().Due(t.Context(), p.clock.now(), 3)
	if got := keys(due); err != nil || got != "urgent, past, first" {
		t.Error(got, err)
	}
}

func TestAttemptsFromBeginToEnd(t *testing.T) {
	t.Parallel()
	p := setupOutbox(t)
	p.put(message("a"))
	seen := p.due(1)[0]
	begun := p.begin(seen, booking.ByText)
	p.due(0)
	if _, ok, err := p.box().Begin(t.Context(), seen, booking.ByText, p.clock.now()); ok || err != nil {
		t.Errorf("begun twice: %v, %v", ok, err)
	}
	next := p.clock.now().Add(time.Minute)
	p.finish(begun, booking.SendResult{State: booking.MessageWaiting, Next: next, Failed: true, Code: 20429, Reason: "too many"})
	p.due(0)
	p.clock.set(next)
	p.reopen()
	again := p.due(1)[0]
	if _, ok, err := p.box().Begin(t.Context(), seen, booking.ByText, p.clock.now()); ok || err != nil {
		t.Errorf("begun as it was seen before: %v, %v", ok, err)
	}
	if again.Tries != 1 || again.Failures != 1 || again.Code != 20429 || again.LastTry() != begun.LastTry() {
		t.Errorf("after the first attempt: %+v", again)
	}
	begun = p.begin(again, booking.ByTemplate)
	p.finish(begun, booking.SendResult{State: booking.MessageUnknown, Next: next, Failed: true, Reason: "timeout"})
	looked := p.due(1)[0]
	if looked.Doubts != 1 || looked.Failures != 2 || looked.Way != booking.ByTemplate {
		t.Errorf("after the second: %+v", looked)
	}
	p.finish(looked, sent("SM2"))
	done := p.want(begun.ID, booking.MessageSent)
	want := []booking.MessageAttempt{
		{At: seen.Made, Way: booking.ByText, State: booking.MessageWaiting, Code: 20429, Reason: "too many"},
		{At: next, Way: booking.ByTemplate, State: booking.MessageSent, SID: "SM2"},
	}
	if diff := cmp.Diff(want, done.History); diff != "" || done.Failures != 0 || done.SID != "SM2" {
		t.Errorf("%s\n%+v", diff, done)
	}
	if claimed, err := p.box().Claimed(t.Context(), "SM2"); !claimed || err != nil {
		t.Error(claimed, err)
	}
	if claimed, err := p.box().Claimed(t.Context(), "SM3"); claimed || err != nil {
		t.Error(claimed, err)
	}
	// The message has changed since it was seen.
	p.finish(looked, booking.SendResult{State: booking.MessageFailed})
	p.want(begun.ID, booking.MessageSent)
}

// The result of an attempt that was begun when the program ended is unknown.
func TestAttemptCutOffIsUnknown(t *testing.T) {
	t.Parallel()
	p := setupOutbox(t)
	p.put(message("a"), message("b"))
	due := p.due(2)
	p.begin(due[0], booking.ByText)
	p.clock.set(p.clock.now().Add(time.Minute))
	p.reopen()
	o := p.want(due[0].ID, booking.MessageUnknown)
	if o.Doubts != 1 || o.Tries != 1 || o.Way != booking.ByText || !o.LastTry().Equal(due[0].Made) || o.History[0].State != booking.MessageUnknown {
		t.Errorf("%+v", o)
	}
	p.due(2)
	p.reopen() // the second time there is nothing to doubt
	if diff := cmp.Diff(o, p.get(o.ID)); diff != "" {
		t.Error(diff)
	}
}

func TestPutOffKeepsWhyItBounced(t *testing.T) {
	t.Parallel()
	p := setupOutbox(t)
	p.put(message("a"))
	o := p.finish(p.begin(p.due(1)[0], booking.ByText), sent("SM1"))
	p.receipt(booking.Receipt{SID: "SM1", Status: "failed", Code: 63003}, true)
	p.finish(p.get(o.ID), booking.SendResult{State: booking.MessageBounced, Next: p.clock.now().Add(time.Hour), Reason: "quiet hours"})
	p.due(0)
	p.clock.set(p.clock.now().Add(time.Hour))
	if o := p.due(1)[0]; o.Code != 63003 || o.Failures != 0 {
		t.Errorf("%+v", o)
	}
}

func TestHistoryIsBoundedAndForgetsNoName(t *testing.T) {
	t.Parallel()
	p := setupOutbox(t)
	p.put(message("a"))
	for i := range 40 {
		begun := p.begin(p.due(1)[0], booking.ByText)
		out := booking.SendResult{State: booking.MessageWaiting, Next: p.clock.now(), Failed: true}
		if i == 0 {
			out = booking.SendResult{State: booking.MessageBounced, Next: p.clock.now(), SID: "SM1"}
		}
		p.finish(begun, out)
	}
	o := p.due(1)[0]
	if len(o.History) != 12 || o.History[0].SID != "SM1" || o.Tries != 40 || o.Failures != 39 {
		t.Errorf("%d attempts, %+v", len(o.History), o)
	}
}

func TestListAndCounts(t *testing.T) {
	t.Parallel()
	p := setupOutbox(t)
	for i := range 5 {
		p.put(message(fmt.Sprint(i)))
	}
	for i, o := range p.due(5)[:3] {
		p.finish(p.begin(o, booking.ByText), sent(fmt.Sprint("SM", i)))
	}
	p.receipt(booking.Receipt{SID: "SM0", Status: "read"}, true)
	counts, err := p.box().Counts(t.Context())
	want := map[booking.MessageState]int{booking.MessageWaiting: 2, booking.MessageSent: 2, booking.MessageRead: 1}
	if diff := cmp.Diff(want, counts); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for _, c := range []struct {
		state booking.MessageState
		limit int
		keys  string
	}{
		{"", 10, "43210"}, {"", 2, "43"}, {booking.MessageWaiting, 10, "43"}, {booking.MessageSent, 1, "2"},
		{booking.MessageRead, 10, "0"}, {booking.MessageFailed, 10, ""}, {booking.MessageSending, 10, ""},
	} {
		list, err := p.box().List(t.Context(), c.state, c.limit)
		keys := ""
		for _, o := range list {
			keys += o.Key
		}
		if keys != c.keys || err != nil {
			t.Errorf("%q, at most %d: %s, %v; want %s", c.state, c.limit, keys, err, c.keys)
		}
	}
	if _, err := p.box().Get(t.Context(), "nobody"); !errors.Is(err, booking.ErrNotFound) {
		t.Error(err)
	}
}

// A file that an earlier maitre made has no outbox yet.
func TestOutboxInAnOlderFile(t *testing.T) {
	t.Parallel()
	path := store.OlderFile(t)
	f := store.OpenTest(t, path, store.Options{})
	if n, err := f.Outbox().Put(t.Context(), message("a")); n != 1 || err != nil {
		t.Error(n, err)
	}
}

func TestOutboxOfMany(t *testing.T) {
	t.Parallel()
	f := store.OpenTest(t, filepath.Join(t.TempDir(), "maitre.db"), store.Options{})
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for n := range 20 {
				if _, err := f.Outbox().Put(t.Context(), message(fmt.Sprint(n))); err != nil {
					t.Error(err)
				}
				due, err := f.Outbox().Due(t.Context(), time.Now(), 5)
				if err != nil {
					t.Error(err)
				}
				for _, o := range due {
					begun, ok, err := f.Outbox().Begin(t.Context(), o, booking.ByText, time.Now())
					if err != nil {
						t.Error(err)
					}
					if ok {
						_, _ = f.Outbox().Finish(t.Context(), begun, sent(fmt.Sprintf("SM%d-%s", i, begun.ID)), time.Now())
					}
				}
			}
		})
	}
	all.Wait()
	list, err := f.Outbox().List(t.Context(), "", 1000)
	if err != nil || len(list) != 20 {
		t.Fatalf("%d messages, %v", len(list), err)
	}
	for _, o := range list {
		if o.Tries > 1 {
			t.Errorf("%s was begun %d times", o.Key, o.Tries)
		}
	}
}

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

// post is a desk's outbox.
type post struct {
	*desk
	t *testing.T
}

func newPost(t *testing.T) *post { return &post{setup(t), t} }

func (p *post) box() *store.Outbox { return p.file.Outbox() }

func (p *post) put(messages ...booking.Message) {
	p.t.Helper()
	if n, err := p.box().Put(p.t.Context(), messages...); err != nil || n != len(messages) {
		p.t.Fatalf("kept %d, %v", n, err)
	}
}

// due returns what is due now; it fails the test unless there are n.
func (p *post) due(n int) []booking.Owed {
	p.t.Helper()
	due, err := p.box().Due(p.t.Context(), p.clock.now(), 100)
	if err != nil || len(due) != n {
		p.t.Fatalf("%d are due, %v; want %d: %+v", len(due), err, n, due)
	}
	return due
}

func (p *post) begin(o booking.Owed, way booking.Way) booking.Owed {
	p.t.Helper()
	begun, ok, err := p.box().Begin(p.t.Context(), o, way, p.clock.now())
	if err != nil || !ok || begun.State != booking.MessageSending {
		p.t.Fatalf("begin: %+v, %v, %v", begun, ok, err)
	}
	return begun
}

func (p *post) finish(o booking.Owed, out booking.MessageOutcome) booking.Owed {
	p.t.Helper()
	stands, err := p.box().Finish(p.t.Context(), o, out, p.clock.now())
	if err != nil {
		p.t.Fatal(err)
	}
	return stands
}

func (p *post) receipt(r booking.Receipt, news bool) booking.Owed {
	p.t.Helper()
	o, changed, err := p.box().Delivered(p.t.Context(), r)
	if err != nil || changed != news {
		p.t.Fatalf("receipt %+v: changed %v, %v; want %v", r, changed, err, news)
	}
	return o
}

func (p *post) get(id string) booking.Owed {
	p.t.Helper()
	o, err := p.box().Get(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return o
}

func (p *post) want(id string, state booking.MessageState) booking.Owed {
	p.t.Helper()
	o := p.get(id)
	if o.State != state {
		p.t.Fatalf("the message is %s, want %s: %+v", o.State, state, o)
	}
	return o
}

func sent(sid string) booking.MessageOutcome {
	return booking.MessageOutcome{State: booking.MessageSent, SID: sid}
}

func TestPutKeepsEachKeyOnce(t *testing.T) {
	t.Parallel()
	p := newPost(t)
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

func TestPutRefusesWhatNobodyCouldSend(t *testing.T) {
	t.Parallel()
	p := newPost(t)
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
			t.Errorf("%s: the error tells the number: %v", name, err)
		}
	}
	p.due(0)
}

// What is kept is found again, whole, and is its own.
func TestMessageIsKeptWhole(t *testing.T) {
	t.Parallel()
	p := newPost(t)
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
	p := newPost(t)
	now := p.clock.now()
	at := func(key string, after time.Duration, urgent bool) booking.Message {
		m := message(key)
		m.NotBefore, m.Urgent = now.Add(after), urgent
		return m
	}
	p.put(at("third", 3*time.Minute, false), at("first", time.Minute, false), at("later", time.Hour, false), at("urgent", 4*time.Minute, true),
		at("past", -time.Hour, false), at("later urgent", time.Hour, true), at("second", 2*time.Minute, false))
	keys := func(due []booking.Owed) string {
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
	p := newPost(t)
	p.put(message("a"))
	seen := p.due(1)[0]
	begun := p.begin(seen, booking.ByText)
	p.due(0)
	if _, ok, err := p.box().Begin(t.Context(), seen, booking.ByText, p.clock.now()); ok || err != nil {
		t.Errorf("begun twice: %v, %v", ok, err)
	}
	next := p.clock.now().Add(time.Minute)
	p.finish(begun, booking.MessageOutcome{State: booking.MessageWaiting, Next: next, Failed: true, Code: 20429, Reason: "too many"})
	p.due(0)
	p.clock.set(next)
	p.reopen()
	again := p.due(1)[0]
	if again.Tries != 1 || again.Failures != 1 || again.Code != 20429 || again.LastTry() != begun.LastTry() {
		t.Errorf("after the first attempt: %+v", again)
	}
	begun = p.begin(again, booking.ByTemplate)
	p.finish(begun, booking.MessageOutcome{State: booking.MessageUnknown, Next: next, Failed: true, Reason: "timeout"})
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
	// What was seen before is not what stands now.
	p.finish(looked, booking.MessageOutcome{State: booking.MessageFailed})
	p.want(begun.ID, booking.MessageSent)
}

// Of an attempt that was begun when the program ended, nobody knows the outcome.
func TestAttemptCutOffIsUnknown(t *testing.T) {
	t.Parallel()
	p := newPost(t)
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
		"unheard":   {{"partying", 0, false, "sent"}, {"", 0, false, "sent"}, {"canceled", 0, false, "sent"}},
		"too late":  {{"delivered", 0, true, "delivered"}, {"failed", 63003, false, "delivered"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPost(t)
			p.put(message(""))
			o := p.finish(p.begin(p.due(1)[0], booking.ByText), sent("SM1"))
			for _, s := range steps {
				p.receipt(booking.Receipt{SID: "SM1", Status: s.status, Code: s.code}, s.news)
				stands := p.want(o.ID, s.state)
				if s.state == booking.MessageBounced && stands.Code != 63016 {
					t.Errorf("%+v", stands)
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
	p := newPost(t)
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
	// Nobody waits for a name now: what is said of a strange one is not kept.
	p.receipt(booking.Receipt{SID: "SM9", Status: "read"}, false)
	if n, err := p.file.Forget(t.Context(), 0, p.clock.now().Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("%d receipts were kept, %v", n, err)
	}
}

// A receipt that names our message settles an attempt of which nobody knows the outcome.
func TestReceiptThatNamesTheMessage(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.put(message("a"), message("b"), message("c"))
	due := p.due(3)

	begun := p.begin(due[0], booking.ByText)
	p.receipt(booking.Receipt{Message: begun.ID, SID: "SM1", Status: "sent"}, true)
	p.finish(begun, booking.MessageOutcome{State: booking.MessageUnknown, Next: p.clock.now()})
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

	// The second goes by another way; what is said of the first way is over.
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
	p := newPost(t)
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

func TestPutOffKeepsWhyItBounced(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.put(message("a"))
	o := p.finish(p.begin(p.due(1)[0], booking.ByText), sent("SM1"))
	p.receipt(booking.Receipt{SID: "SM1", Status: "failed", Code: 63003}, true)
	p.finish(p.get(o.ID), booking.MessageOutcome{State: booking.MessageBounced, Next: p.clock.now().Add(time.Hour), Reason: "quiet hours"})
	p.due(0)
	p.clock.set(p.clock.now().Add(time.Hour))
	if o := p.due(1)[0]; o.Code != 63003 || o.Failures != 0 {
		t.Errorf("%+v", o)
	}
}

func TestHistoryIsBoundedAndForgetsNoName(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.put(message("a"))
	for i := range 40 {
		begun := p.begin(p.due(1)[0], booking.ByText)
		out := booking.MessageOutcome{State: booking.MessageWaiting, Next: p.clock.now(), Failed: true}
		if i == 0 {
			out = booking.MessageOutcome{State: booking.MessageBounced, Next: p.clock.now(), SID: "SM1"}
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
	p := newPost(t)
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

func TestPhones(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	ctx, at := t.Context(), p.clock.now()
	want := func(phone booking.Phone, heard time.Time, out bool) {
		t.Helper()
		for range 2 {
			gotHeard, err := p.box().LastHeard(ctx, phone)
			gotOut, err2 := p.box().OptedOut(ctx, phone)
			if !gotHeard.Equal(heard) || gotOut != out || err != nil || err2 != nil {
				t.Errorf("%s: heard %s, opted out %v, %v, %v; want %s, %v", phone, gotHeard, gotOut, err, err2, heard, out)
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

func TestForgetPost(t *testing.T) {
	t.Parallel()
	p := newPost(t)
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
	p.finish(other, booking.MessageOutcome{State: booking.MessageFailed})
	for _, phone := range []booking.Phone{anasPhone, "+34600000000"} {
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
	if n, err := p.file.Forget(ctx, before, time.Time{}); n != old-1+1 || err != nil {
		t.Errorf("forgot %d, %v; want %d", n, err, old)
	}
	if n, err := p.file.Forget(ctx, 0, start.AddDate(0, 0, 1)); n != 1 || err != nil {
		t.Errorf("forgot %d receipts, %v; want 1", n, err)
	}
	list, err := p.box().List(ctx, "", 10)
	if err != nil || len(list) != 3 || list[0].Key != "new" || list[1].Key != "far" || list[2].ID != begun.ID {
		t.Errorf("left: %+v, %v", list, err)
	}
	if out, err := p.box().OptedOut(ctx, "+34600000000"); out || err != nil {
		t.Error(out, err)
	}
	if out, err := p.box().OptedOut(ctx, anasPhone); !out || err != nil {
		t.Error(out, err)
	}
	p.put(message("old7")) // its key is free again
	p.clock.set(start.AddDate(3, 0, 0))
	if n, err := p.file.Forget(ctx, booking.NewDate(p.clock.now().Date()), time.Time{}); n != 5 || err != nil {
		t.Errorf("forgot %d, %v; want 5", n, err)
	}
	p.reopen()
	p.due(0)
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

package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/booking"
	"maitre/store"
)

// mirrorDesk is an open data file in the mode in which another system is the system
// of record.
type mirrorDesk struct {
	*desk
	mirror  *store.Mirror
	journal *store.Journal
}

func setupMirror(t *testing.T) *mirrorDesk {
	s := &mirrorDesk{desk: setup(t)}
	s.take()
	return s
}

func (s *mirrorDesk) take() { s.mirror, s.journal = s.file.Mirror(), s.file.Journal() }

func (s *mirrorDesk) reopen() {
	s.t.Helper()
	s.desk.reopen()
	s.take()
}

// queue accepts a booking.
func (s *mirrorDesk) queue(b booking.Booking, was *booking.Booking) booking.JournalEntry {
	s.t.Helper()
	e, err := s.journal.Accept(s.t.Context(), booking.Entry{Booking: b, Was: was}, s.clock.now())
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

func (s *mirrorDesk) entry(id string) booking.JournalEntry {
	s.t.Helper()
	e, err := s.journal.Get(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

// done notes that an entry's revision was written as it says.
func (s *mirrorDesk) done(e booking.JournalEntry) (newer bool) {
	s.t.Helper()
	newer, err := s.journal.Done(s.t.Context(), e.ID, e.Rev, e.Booking, "rec"+e.Booking.ID, s.clock.now())
	if err != nil {
		s.t.Fatal(err)
	}
	return newer
}

// held are what entries hold on a day beside what they want.
func (s *mirrorDesk) held(date booking.Date) []booking.Booking {
	s.t.Helper()
	day, err := s.mirror.Day(s.t.Context(), date)
	if err != nil {
		s.t.Fatal(err)
	}
	return day.Held
}

func (s *mirrorDesk) depth() booking.JournalDepth {
	s.t.Helper()
	d, err := s.journal.Depth(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return d
}

func (s *mirrorDesk) due() (ids []string) {
	s.t.Helper()
	all, err := s.journal.Due(s.t.Context(), s.clock.now(), 100)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range all {
		ids = append(ids, e.ID)
	}
	return ids
}

func (s *mirrorDesk) tick(d time.Duration) time.Time {
	s.clock.set(s.clock.now().Add(d))
	return s.clock.now()
}

func numbered(n int) booking.Booking {
	return store.NewTestBooking(fmt.Sprintf("01JD%022d", n), fmt.Sprint("C", n), christmas)
}

func TestAcceptedEntryIsInMirrorAndJournal(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.day(christmas) // held decoded
	b := numbered(1)
	e := s.queue(b, nil)
	want := booking.JournalEntry{ID: e.ID, Booking: b, Rev: 1, State: booking.EntryPending, Next: s.clock.now(), Created: s.clock.now()}
	if diff := cmp.Diff(want, e); e.ID == "" || diff != "" {
		t.Error(diff)
	}
	e.Booking.Tables[0] = "T9" // the caller's own
	for _, when := range []string{"accepted", "reopened"} {
		if diff := cmp.Diff([]booking.Booking{b}, s.day(christmas)); diff != "" {
			t.Error(when, diff)
		}
		byBooking, err := s.journal.ByBooking(t.Context(), b.ID)
		if diff := cmp.Diff(want, byBooking); err != nil || diff != "" {
			t.Error(when, err, diff)
		}
		if id, ok := s.journal.Waiting(b.ID); !ok || id != e.ID {
			t.Errorf("%s: waiting %q, %v", when, id, ok)
		}
		if diff := cmp.Diff(booking.JournalDepth{Pending: 1, Oldest: want.Created}, s.depth()); diff != "" {
			t.Error(when, diff)
		}
		s.reopen()
	}
	if _, ok := s.journal.Waiting("another"); ok {
		t.Error("a booking without an entry waits")
	}
}

func TestAcceptRefuses(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.queue(numbered(1), nil)
	same := numbered(2)
	same.Code = "C1"
	bare := numbered(3)
	bare.Code = ""
	late := numbered(4)
	late.Start = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		b    booking.Booking
		want error
	}{"another's code": {same, booking.ErrCodeTaken}, "new without a code": {bare, booking.ErrNotKept}, "year 10000": {late, booking.ErrNotKept}} {
		if _, err := s.journal.Accept(t.Context(), booking.Entry{Booking: c.b}, s.clock.now()); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, ok := s.journal.Waiting(c.b.ID); ok || s.depth().Pending != 1 || len(s.day(christmas)) != 1 {
			t.Errorf("%s left something behind", name)
		}
	}
}

func TestNewerEntryFoldsIn(t *testing.T) {
	t.Parallel()
	for _, before := range []string{"pending", "failed", "parked"} {
		s := setupMirror(t)
		was := numbered(1)
		b := was
		b.Party = 5
		first := s.queue(b, &was)
		switch before {
		case "failed":
			_, err := s.journal.Failed(t.Context(), first.ID, 1, booking.Attempt{At: s.clock.now(), Kind: "x"}, s.clock.now().Add(time.Hour), true)
			if err != nil {
				t.Fatal(err)
			}
		case "parked":
			parked, err := s.journal.Park(t.Context(), first.ID, 1, booking.Parked{Cause: booking.ParkedBase}, &booking.Attempt{Kind: "y"})
			if err != nil || !parked {
				t.Fatal(parked, err)
			}
			s.reopen()
		}
		now := s.tick(time.Minute)
		replaced := b
		other := b // the desk's state of the row is not that of the row
		b.Party = 6
		e := s.queue(b, &other)
		want := booking.JournalEntry{ID: first.ID, Booking: b, Was: &was, Passed: []booking.Booking{replaced}, Rev: 2,
			State: booking.EntryPending, Next: now, Created: first.Created}
		if before != "pending" {
			want.Tried, want.Attempts = 1, e.Attempts
			if len(e.Attempts) != 1 {
				t.Errorf("%s: attempts %v", before, e.Attempts)
			}
		}
		if diff := cmp.Diff(want, e); diff != "" {
			t.Error(before, diff)
		}
		if diff := cmp.Diff(e, s.entry(e.ID)); diff != "" {
			t.Error(before, "as kept:", diff)
		}
		if s.depth().Pending != 1 || s.depth().Parked != 0 || !slices.Equal(s.due(), []string{e.ID}) || s.day(christmas)[0].Party != 6 {
			t.Error(before, s.depth(), s.due())
		}
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	start := s.clock.now()
	if _, ok, err := s.journal.NextDue(t.Context()); ok || err != nil {
		t.Error(ok, err)
	}
	var ids []string
	for n := range 4 {
		ids = append(ids, s.queue(numbered(n), nil).ID)
	}
	// Out of order, within one second, and one of before 1970.
	for i, next := range []time.Time{start.Add(2), start.Add(1), start.Add(time.Hour), time.Date(1969, 12, 31, 23, 0, 0, 1, time.UTC)} {
		if err := s.journal.Postpone(t.Context(), []string{ids[i], "gone"}, next); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		at   time.Time
		want []string
	}{{start, []string{ids[3]}}, {start.Add(1), []string{ids[3], ids[1]}}, {start.Add(2), []string{ids[3], ids[1], ids[0]}}, {start.Add(time.Hour), []string{ids[3], ids[1], ids[0], ids[2]}}} {
		s.clock.set(step.at)
		if got := s.due(); !slices.Equal(got, step.want) {
			t.Errorf("due at %s: %v, want %v", step.at, got, step.want)
		}
	}
	if some, err := s.journal.Due(t.Context(), s.clock.now(), 2); err != nil || len(some) != 2 || some[1].ID != ids[1] {
		t.Error(some, err)
	}
	if at, ok, err := s.journal.NextDue(t.Context()); err != nil || !ok || !at.Equal(time.Date(1969, 12, 31, 23, 0, 0, 1, time.UTC)) {
		t.Error(at, ok, err)
	}
	list, err := s.journal.List(t.Context(), 3)
	if err != nil || len(list) != 3 || list[0].ID != ids[0] || list[2].ID != ids[2] {
		t.Error(list, err)
	}
}

func TestFailed(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	e := s.queue(numbered(1), nil)
	for n := range booking.MaxAttemptsKept + 3 {
		at := s.tick(time.Minute)
		next := at.Add(time.Hour)
		got, err := s.journal.Failed(t.Context(), e.ID, 1, booking.Attempt{At: at, Kind: fmt.Sprint(n)}, next, n%2 == 0)
		if err != nil || got.Tried != n+1 || got.Failures != n+1 || got.Counted != n/2+1 || !got.Next.Equal(next) || got.State != booking.EntryPending {
			t.Fatalf("%d: %+v, %v", n, got, err)
		}
		if diff := cmp.Diff(got, s.entry(e.ID)); diff != "" {
			t.Fatal(diff)
		}
	}
	kept := s.entry(e.ID).Attempts
	if len(kept) != booking.MaxAttemptsKept || kept[0].Kind != "3" || kept[len(kept)-1].Kind != "22" {
		t.Errorf("attempts kept: %v", kept)
	}
	// A newer entry came while an attempt at the older was under way.
	now := s.tick(time.Minute)
	e = s.queue(numbered(1), nil)
	got, err := s.journal.Failed(t.Context(), e.ID, 1, booking.Attempt{At: now, Kind: "late"}, now.Add(time.Hour), true)
	if err != nil || !got.Next.Equal(now) || got.Failures != 0 || got.Counted != 0 || got.Tried != e.Tried+1 || got.Attempts[len(got.Attempts)-1].Kind != "late" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := s.journal.Failed(t.Context(), "nobody", 1, booking.Attempt{}, now, true); !errors.Is(err, store.ErrNoEntry) || errors.Is(err, booking.ErrNotKept) {
		t.Error(err)
	}
}

func TestParkAndRelease(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	first, second := s.queue(numbered(1), nil), s.queue(numbered(2), nil)
	s.queue(numbered(3), nil)
	why := booking.Parked{At: s.clock.now(), Cause: booking.ParkedConflict, Text: "given away", Fix: "call",
		Offer: []booking.OfferFor{{Date: christmas, Time: booking.NewTimeOfDay(21, 0), Zone: "sala"}}}
	park := func(e booking.JournalEntry, rev int, a *booking.Attempt) bool {
		t.Helper()
		parked, err := s.journal.Park(t.Context(), e.ID, rev, why, a)
		if err != nil {
			t.Fatal(err)
		}
		return parked
	}
	if !park(first, 1, &booking.Attempt{Kind: "conflict"}) || !park(second, 1, nil) {
		t.Error("not parked")
	}
	want := first
	want.State, want.Parked, want.Tried, want.Failures, want.Attempts = booking.EntryParked, &why, 1, 1, []booking.Attempt{{Kind: "conflict"}}
	if diff := cmp.Diff(want, s.entry(first.ID)); diff != "" {
		t.Error(diff)
	}
	third := s.queue(numbered(3), nil)
	if park(third, 1, &booking.Attempt{Kind: "conflict"}) {
		t.Error("parked in spite of a newer revision")
	}
	if got := s.entry(third.ID); got.State != booking.EntryPending || got.Tried != 1 || !slices.Equal(s.due(), []string{third.ID}) {
		t.Errorf("%+v", got)
	}
	if err := s.journal.Postpone(t.Context(), []string{first.ID}, s.clock.now()); err != nil || s.entry(first.ID).State != booking.EntryParked {
		t.Error("postponed a parked entry", err)
	}
	for range 2 {
		if diff := cmp.Diff(booking.JournalDepth{Pending: 1, Parked: 2, Oldest: third.Created}, s.depth()); diff != "" {
			t.Error(diff)
		}
		if id, ok := s.journal.Waiting(first.Booking.ID); !ok || id != first.ID {
			t.Error("what is parked does not wait")
		}
		s.reopen()
	}
	if _, err := s.journal.Park(t.Context(), "nobody", 1, why, nil); !errors.Is(err, store.ErrNoEntry) {
		t.Error(err)
	}

	now := s.tick(time.Hour)
	n, err := s.journal.Release(t.Context(), now, false, func(e booking.JournalEntry) bool { return e.ID == first.ID })
	if n != 1 || err != nil {
		t.Error(n, err)
	}
	got := s.entry(first.ID)
	if got.State != booking.EntryPending || !got.Next.Equal(now) || got.Failures != 0 || got.Counted != 0 || got.Parked != nil || got.Tried != 1 {
		t.Errorf("%+v", got)
	}
	if s.entry(second.ID).State != booking.EntryParked || s.depth().Parked != 1 {
		t.Error("another was released too")
	}
}

// More than one transaction takes.
func TestReleaseMany(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	var all sync.WaitGroup
	for n := range 450 {
		all.Go(func() {
			e, err := s.journal.Accept(context.Background(), booking.Entry{Booking: numbered(n)}, s.clock.now())
			if err == nil {
				_, err = s.journal.Park(context.Background(), e.ID, 1, booking.Parked{Text: fmt.Sprint(n % 3)}, nil)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	n, err := s.journal.Release(t.Context(), s.clock.now(), false, func(e booking.JournalEntry) bool { return e.Parked.Text != "0" })
	if d := s.depth(); err != nil || n != 300 || d.Pending != 300 || d.Parked != 150 {
		t.Error(n, err, d)
	}
}

func TestDone(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	b := numbered(1)
	e := s.queue(b, nil)
	now := s.tick(time.Second)
	// The worker found another table while it wrote.
	e.Booking.Tables = []string{"T7"}
	if s.done(e) {
		t.Error("a newer revision that nobody accepted")
	}
	if _, err := s.journal.Get(t.Context(), e.ID); !errors.Is(err, store.ErrNoEntry) {
		t.Error(err)
	}
	if _, err := s.journal.ByBooking(t.Context(), b.ID); !errors.Is(err, store.ErrNoEntry) {
		t.Error(err)
	}
	if _, err := s.journal.Done(t.Context(), e.ID, 1, b, "recX", now); !errors.Is(err, store.ErrNoEntry) || errors.Is(err, booking.ErrNotKept) {
		t.Error(err)
	}
	for range 2 {
		if _, ok := s.journal.Waiting(b.ID); ok || s.depth() != (booking.JournalDepth{}) || s.due() != nil {
			t.Error("it still waits", s.depth(), s.due())
		}
		if got := s.day(christmas); len(got) != 1 || got[0].Tables[0] != "T7" {
			t.Error(got)
		}
		if record, ok, err := s.mirror.Record(t.Context(), b.ID); record != "rec"+b.ID || !ok || err != nil {
			t.Error(record, ok, err)
		}
		if got, ok, err := s.mirror.ByRecord(t.Context(), "rec"+b.ID); got.ID != b.ID || !ok || err != nil {
			t.Error(got, ok, err)
		}
		archived, err := s.journal.Archived(t.Context(), 10)
		if err != nil || len(archived) != 1 || archived[0].Entry.ID != e.ID || archived[0].Ended != store.EndedWritten || !archived[0].At.Equal(now) {
			t.Error(archived, err)
		}
		s.reopen()
	}
	if _, ok, err := s.mirror.Record(t.Context(), "nobody"); ok || err != nil {
		t.Error(ok, err)
	}
	if _, ok, err := s.mirror.ByRecord(t.Context(), "nothing"); ok || err != nil {
		t.Error(ok, err)
	}
}

func TestDoneOfAnOlderRevision(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	written := s.queue(numbered(1), nil)
	if _, err := s.journal.Failed(t.Context(), written.ID, 1, booking.Attempt{Kind: "slow"}, s.clock.now().Add(time.Hour), true); err != nil {
		t.Fatal(err)
	}
	b := numbered(1)
	b.Party = 7
	s.queue(b, nil)
	now := s.tick(time.Minute)
	if !s.done(written) {
		t.Error("the newer revision is forgotten")
	}
	got := s.entry(written.ID)
	want := booking.JournalEntry{ID: written.ID, Booking: b, Was: &written.Booking, Rev: 2, Written: 1, State: booking.EntryPending, Next: now,
		Created: written.Created, Tried: 1, Attempts: []booking.Attempt{{Kind: "slow"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s.day(christmas)[0].Party != 7 {
		t.Error("the mirror does not show the newest revision")
	}
	if record, _, _ := s.mirror.Record(t.Context(), b.ID); record != "rec"+b.ID {
		t.Error(record)
	}
	if s.done(got) || s.depth().Pending != 0 {
		t.Error("the newer revision is written and still waits")
	}
}

// What is missing does not keep the rest from being noted.
func TestDoneAll(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	var all []store.Written
	for n := range 10 {
		e := s.queue(numbered(n), nil)
		all = append(all, store.Written{ID: e.ID, Rev: 1, Booking: e.Booking, Record: fmt.Sprint("rec", n)})
	}
	all[3].ID = "nobody"
	s.queue(numbered(5), nil)
	before := s.file.Commits()
	newer, err := s.journal.DoneAll(t.Context(), all, s.clock.now())
	if !errors.Is(err, store.ErrNoEntry) || len(newer) != 10 || !newer[5] || slices.Index(newer, true) != 5 {
		t.Error(newer, err)
	}
	if d := s.depth(); d.Pending != 2 || s.file.Commits() != before+1 {
		t.Errorf("%+v after %d commits", d, s.file.Commits()-before)
	}
	all[0].Record = "" // and yet it is live
	if _, err := s.journal.DoneAll(t.Context(), all[:1], s.clock.now()); !errors.Is(err, booking.ErrNotKept) {
		t.Error(err)
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	known := numbered(1)
	s.done(s.queue(known, nil))
	changed := known
	changed.Date, changed.Code, changed.Phone = christmas+1, "NEW", "+34600000000"
	change, brandNew := s.queue(changed, &known), s.queue(numbered(2), nil)
	if _, err := s.journal.Park(t.Context(), brandNew.ID, 1, booking.Parked{}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.journal.Settle(t.Context(), change.ID, "", s.clock.now()); !errors.Is(err, store.ErrNoReason) {
		t.Error(err)
	}
	if _, err := s.journal.Settle(t.Context(), "nobody", "why", s.clock.now()); !errors.Is(err, store.ErrNoEntry) {
		t.Error(err)
	}
	for _, e := range []booking.JournalEntry{change, brandNew} {
		for range 2 { // the second time nothing happens
			if got, err := s.journal.Settle(t.Context(), e.ID, "called Ana", s.tick(time.Second)); err != nil || got.ID != e.ID {
				t.Fatal(got, err)
			}
		}
	}
	if c, n := s.entry(change.ID), s.entry(brandNew.ID); c.Settled == nil || c.Settled.Why != "called Ana" || c.Rev != 2 || !cmp.Equal(c.Booking, known) ||
		n.Booking.Status != booking.Cancelled || s.depth().Pending != 2 {
		t.Errorf("settled as %+v and %+v", c, n)
	}
	// Until it is known what is written, nobody else gets a table of theirs.
	if held := s.held(christmas + 1); len(held) != 1 || held[0].ID != known.ID {
		t.Errorf("held on the day of the change: %v", held)
	}
	if held := s.held(christmas); len(held) != 1 || held[0].ID != brandNew.Booking.ID || held[0].Status != booking.Confirmed {
		t.Errorf("held for who was new: %v", held)
	}
	for _, e := range []booking.JournalEntry{s.entry(change.ID), s.entry(brandNew.ID)} {
		now := s.tick(time.Second)
		record := ""
		if e.Was != nil {
			record = "recX"
		}
		if newer, err := s.journal.Done(t.Context(), e.ID, e.Rev, e.Booking, record, now); newer || err != nil {
			t.Fatal(newer, err)
		}
		archived, err := s.journal.Archived(t.Context(), 1)
		if err != nil || len(archived) != 1 || archived[0].Entry.ID != e.ID || archived[0].Ended != store.EndedSettled || archived[0].Why != "called Ana" || !archived[0].At.Equal(now) {
			t.Error(archived, err)
		}
	}
	for range 2 {
		if diff := cmp.Diff([]booking.Booking{known}, s.day(christmas)); diff != "" {
			t.Error(diff)
		}
		if b, err := s.mirror.ByCode(t.Context(), "C1"); err != nil || b.ID != known.ID {
			t.Error(b, err)
		}
		if _, err := s.mirror.ByCode(t.Context(), "NEW"); !errors.Is(err, booking.ErrNotFound) || len(s.day(christmas+1)) != 0 || s.depth() != (booking.JournalDepth{}) {
			t.Error("the entry is still there", err)
		}
		if len(s.held(christmas)) != 0 || len(s.held(christmas+1)) != 0 {
			t.Error("tables are still held")
		}
		s.reopen()
	}
}

func TestPoints(t *testing.T) {
	t.Parallel()
	var (
		points []string
		inside []int
		f      *store.File
	)
	f = store.OpenTest(t, filepath.Join(t.TempDir(), "maitre.db"), store.Options{At: func(point string) {
		points = append(points, point)
		d, err := f.Journal().Depth(t.Context())
		if err != nil {
			t.Error(err)
		}
		inside = append(inside, d.Pending)
	}})
	e, err := f.Journal().Accept(t.Context(), booking.Entry{Booking: numbered(1)}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Journal().Done(t.Context(), e.ID, 1, e.Booking, "rec1", time.Now()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(points, []string{"journal.before_sync", "journal.after_sync", "journal.before_archive"}) || !slices.Equal(inside, []int{0, 1, 1}) {
		t.Error(points, inside)
	}
}

// Many callers note their outcomes at once and share commits.
func TestOutcomesShareCommits(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	var entries []booking.JournalEntry
	for n := range 100 {
		entries = append(entries, s.queue(numbered(n), nil))
	}
	before := s.file.Commits()
	release := s.file.Hold()
	var all sync.WaitGroup
	for n, e := range entries {
		all.Go(func() {
			var err error
			if n%2 == 0 {
				_, err = s.journal.Done(context.Background(), e.ID, 1, e.Booking, "rec"+e.Booking.ID, s.clock.now())
			} else {
				_, err = s.journal.Failed(context.Background(), e.ID, 1, booking.Attempt{}, s.clock.now(), true)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	s.file.AwaitWaiting(len(entries))
	release()
	all.Wait()
	if n := s.file.Commits() - before; n != 1 || s.depth().Pending != 50 {
		t.Errorf("%d commits; %+v", n, s.depth())
	}
}

// Retention ends the archive and what is known of old days, never the journal
// and what waits in it.
func TestRetentionOfTheMirror(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	today := booking.NewDate(s.clock.now().Date())
	for n, date := range []booking.Date{today, today, today + 1} {
		b := numbered(n)
		b.Date = date
		e := s.queue(b, nil)
		if n != 1 {
			s.done(e)
		}
		if err := s.mirror.KeepDay(t.Context(), date, nil, 0, s.clock.now()); err != nil {
			t.Fatal(err)
		}
		s.tick(24 * time.Hour)
	}
	if n, err := s.file.Forget(t.Context(), today+1, time.Time{}); n != 1 || err != nil {
		t.Error(n, err)
	}
	for range 2 {
		if got := s.day(today); len(got) != 1 || got[0].ID != numbered(1).ID || s.depth().Pending != 1 {
			t.Error(got, s.depth())
		}
		if archived, err := s.journal.Archived(t.Context(), 9); len(archived) != 1 || err != nil || archived[0].Entry.Booking.ID != numbered(2).ID {
			t.Error(archived, err)
		}
		if _, ok := s.mirror.AsOf(today); ok {
			t.Error("a forgotten day is known")
		}
		if _, ok := s.mirror.AsOf(today + 1); !ok {
			t.Error("a day is forgotten too soon")
		}
		if _, ok, err := s.mirror.Record(t.Context(), numbered(0).ID); ok || err != nil {
			t.Error("a forgotten booking is a row", err)
		}
		s.reopen()
	}
}

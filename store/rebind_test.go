package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store"
)

// rows makes bookings rows of the system of record that is bound to.
func (s *mirrorDesk) written(all ...booking.Booking) {
	s.t.Helper()
	for _, b := range all {
		s.done(s.queue(b, nil))
	}
}

func (s *mirrorDesk) moves(r store.Rebound) map[string]store.MoveKind {
	all := map[string]store.MoveKind{}
	for _, m := range r.Bookings {
		all[m.Booking.ID] = m.Kind
	}
	return all
}

// What happened to each booking while the data file was the system of record is
// written to its row; the row's state is remembered over many starts.
func TestBackFromTheFile(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.clock.set(time.Date(2026, 12, 20, 10, 0, 0, 0, time.UTC))
	s.bind("appA")
	s.written(numbered(1), numbered(2), numbered(3), numbered(4))
	waits := numbered(4)
	waits.Party = 6
	was := numbered(4)
	s.queue(waits, &was)
	typed := numbered(5)
	typed.ID, typed.Code, typed.Channel = "recTyped", "", booking.ByStaff
	if _, err := s.mirror.KeepRows(t.Context(), []store.Row{{Booking: typed, Record: "recTyped"}}, nil, s.mirror.Version()); err != nil {
		t.Fatal(err)
	}
	if r := s.bind(""); !r.Differs() || r.Count(store.MoveKept) != 5 || r.Queued != 0 {
		t.Errorf("%+v", r)
	}
	for range 3 {
		s.reopen()
		s.bind("")
	}
	changed, cancelled, added := numbered(1), numbered(2), numbered(6)
	changed.Party, cancelled.Status = 3, booking.Cancelled
	for _, b := range []booking.Booking{changed, cancelled, added} {
		s.accept(b, nil)
	}
	s.reopen()
	r := s.bind("appA")
	want := map[string]store.MoveKind{
		changed.ID: store.MoveAltered, cancelled.ID: store.MoveAltered, waits.ID: store.MoveAltered, added.ID: store.MoveAdded,
	}
	if got := s.moves(r); fmt.Sprint(got) != fmt.Sprint(want) || !r.Differs() || r.Queued != 4 {
		t.Errorf("%+v, want %v", r, want)
	}
	entries := s.waitingIDs()
	for _, c := range []struct {
		b   booking.Booking
		was *booking.Booking
	}{{changed, new(numbered(1))}, {cancelled, new(numbered(2))}, {waits, new(numbered(4))}, {added, nil}} {
		e, there := entries[c.b.ID]
		if !there || e.Booking.Party != c.b.Party || e.Booking.Status != c.b.Status || (e.Was == nil) != (c.was == nil) {
			t.Errorf("%s waits as %+v", c.b.ID, e)
		} else if c.was != nil && (e.Was.Party != c.was.Party || e.Was.Status != c.was.Status) {
			t.Errorf("%s was %+v, want %+v", c.b.ID, e.Was, c.was)
		}
	}
	if len(entries) != 4 {
		t.Errorf("waits: %v", entries)
	}
	for _, id := range []string{numbered(1).ID, numbered(2).ID, numbered(3).ID, numbered(4).ID, "recTyped"} {
		if _, ok, err := s.mirror.Record(t.Context(), id); !ok || err != nil {
			t.Errorf("the row of %s is not known: %v", id, err)
		}
	}
}

// Where nothing changed meanwhile, nothing differs.
func TestBackFromTheFileUnchanged(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.bind("appA")
	s.written(numbered(1), numbered(2))
	s.bind("")
	s.reopen()
	if r := s.bind("appA"); r.Differs() || r.Queued != 0 || len(s.waitingIDs()) != 0 || len(s.day(christmas)) != 2 {
		t.Errorf("%+v", r)
	}
}

// The first base's rows are found again after another, with what only we know of
// them; what waited for it when it was left is queued for it.
func TestThereAndBackAgain(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.clock.set(time.Date(2026, 12, 20, 10, 0, 0, 0, time.UTC))
	s.bind("appA")
	vouched := numbered(1)
	vouched.Vouched = true
	s.written(vouched, numbered(2))
	change, was := numbered(2), numbered(2)
	change.Party = 7
	s.queue(change, &was)
	s.queue(numbered(3), nil)

	r := s.bind("appB")
	want := map[string]store.MoveKind{numbered(1).ID: store.MoveSetAside, numbered(2).ID: store.MoveAdded, numbered(3).ID: store.MoveAdded}
	if got := s.moves(r); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("to another: %v, want %v", got, want)
	}
	for id, e := range s.waitingIDs() {
		if e.Was != nil {
			t.Errorf("%s is taken for a row of a base that does not know it", id)
		}
		s.done(e)
	}
	later := numbered(3)
	later.Status = booking.Cancelled
	before := numbered(3)
	s.done(s.queue(later, &before))
	s.written(numbered(4))

	r = s.bind("appA")
	want = map[string]store.MoveKind{
		numbered(1).ID: store.MoveFound, numbered(2).ID: store.MoveAltered, numbered(3).ID: store.MoveAdded, numbered(4).ID: store.MoveSetAside,
	}
	if got := s.moves(r); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("and back: %v, want %v", got, want)
	}
	entries := s.waitingIDs()
	if e := entries[numbered(2).ID]; len(entries) != 2 || e.Was == nil || e.Was.Party != was.Party || e.Booking.Party != 7 {
		t.Errorf("%+v", entries)
	}
	// It may have become a row: the cancellation is written.
	if e := entries[numbered(3).ID]; e.Booking.Status != booking.Cancelled || e.Was != nil {
		t.Errorf("cancelled in the other: %+v", e)
	}
	found := s.day(christmas)
	if len(found) != 3 || !found[0].Vouched {
		t.Errorf("%+v", found)
	}
	r = s.bind("appB")
	if got := s.moves(r); got[numbered(4).ID] != store.MoveFound {
		t.Errorf("the other's: %v", got)
	}
}

// A booking that goes by the ID of its row gets one of its own in another base.
func TestTypedByHandToAnotherBase(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.clock.set(time.Date(2026, 12, 20, 10, 0, 0, 0, time.UTC))
	s.bind("appA")
	typed := numbered(1)
	typed.ID, typed.Code = "recTyped", ""
	if _, err := s.mirror.KeepRows(t.Context(), []store.Row{{Booking: typed, Record: "recTyped"}}, nil, s.mirror.Version()); err != nil {
		t.Fatal(err)
	}
	s.bind("")
	s.bind("appB")
	for id, e := range s.waitingIDs() {
		if id == "recTyped" || e.Booking.Name != typed.Name {
			t.Errorf("%+v", e)
		}
	}
	if got := s.day(christmas); len(got) != 1 || len(s.waitingIDs()) != 1 {
		t.Errorf("%+v", got)
	}
	s.bind("appA")
	if _, ok, _ := s.mirror.Record(t.Context(), "recTyped"); !ok {
		t.Error("its row is not found again")
	}
}

// What is set aside is forgotten by retention.
func TestSetAsideIsForgotten(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.clock.set(time.Date(2026, 12, 20, 10, 0, 0, 0, time.UTC))
	s.bind("appA")
	later := numbered(2)
	later.Date++
	s.written(numbered(1), later)
	s.bind("appB")
	if _, err := s.file.Forget(t.Context(), christmas.AddDays(1), time.Time{}); err != nil {
		t.Fatal(err)
	}
	r := s.bind("appA")
	if got := s.moves(r); len(got) != 1 || got[later.ID] != store.MoveFound {
		t.Errorf("%v", got)
	}
}

// After any sequence of changes, each accepted booking is a row of the system of
// record for which it was accepted, or waits to be written there.
func TestNoEntryIsLostOnTheWay(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		s := setupMirror(t)
		s.clock.set(time.Date(2026, 12, 20, 10, 0, 0, 0, time.UTC))
		chance := rand.New(rand.NewPCG(seed, 1))
		rows := map[string]map[string]int{"appA": {}, "appB": {}} // party by booking ID
		record, newest := "", map[string]int{}
		s.bind("")
		for n := range 60 {
			switch chance.IntN(4) {
			case 0:
				record = []string{"", "appA", "appB"}[chance.IntN(3)]
				s.bind(record)
			case 1: // all that waits is written
				for id, e := range s.waitingIDs() {
					if record == "" {
						break
					}
					was, there := rows[record][id]
					if there != (e.Was != nil) || there && was != e.Was.Party {
						t.Fatalf("seed %d, step %d: %s in %s is %d (%v), and taken to be %+v", seed, n, id, record, was, there, e.Was)
					}
					rows[record][id] = e.Booking.Party
					s.done(e)
				}
			default:
				b := numbered(chance.IntN(5))
				known, err := s.mirror.ByID(t.Context(), b.ID)
				b.Party = 1 + newest[b.ID]%60 + 1
				newest[b.ID]++
				switch {
				case record == "":
					s.accept(b, nil)
				case err == nil:
					s.queue(b, &known)
				case rows[record][b.ID] == 0:
					s.queue(b, nil)
				}
			}
			waits := s.waitingIDs()
			for _, b := range s.day(christmas) {
				_, waiting := waits[b.ID]
				if record != "" && !waiting && rows[record][b.ID] != b.Party {
					t.Fatalf("seed %d, step %d: %s has %d in %s, is known as %d, and nothing waits", seed, n, b.ID, rows[record][b.ID], record, b.Party)
				}
			}
		}
	}
}

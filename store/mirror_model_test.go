package store_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maitre/booking"
	"maitre/store"
)

// face is what the model keeps of a booking.
type face struct {
	date  booking.Date
	party int
}

// modelEntry is an entry as the model has it.
type modelEntry struct {
	id        string
	rev       int
	revisions []face // by revision
	was       *face
	parked    bool
	next      time.Time
	// settled: a person closed it, and no newer entry folded in since.
	settled bool
}

// reading is a read of the system of record that was sent and did not come back yet.
type reading struct {
	since store.Version
	at    int // the same moment in the model
	date  booking.Date
	rows  map[string]face
	gone  []string
}

// mirrorModel models the staff's base, the mirror and the journal as plain maps.
type mirrorModel struct {
	t       *testing.T
	path    string
	clock   *clock
	file    *store.File
	base    map[string]face // the system of record
	shown   map[string]face // the mirror
	rows    map[string]bool // of the mirror: which are rows
	entries map[string]*modelEntry
	ended   map[string]store.Ending // by entry ID

	moment  int
	touched map[string]int
	read    map[booking.Date]int
	under   []reading // way
}

func (h *mirrorModel) open(r *rapid.T) {
	f, err := store.Open(h.t.Context(), h.path, store.Options{Slug: "casa", Now: h.clock.now})
	if err != nil {
		r.Fatal(err)
	}
	h.file, h.under = f, nil
}

func (h *mirrorModel) touch(id string) { h.moment++; h.touched[id] = h.moment }

func recordOf(id string) string { return "rec" + strings.TrimPrefix(id, "rec") }

func booked(id string, f face) booking.Booking {
	b := store.NewTestBooking(id, "C"+id, f.date)
	b.Party = f.party
	if strings.HasPrefix(id, "rec") {
		b.Code = ""
	}
	return b
}

// newer is whether what was read at a moment may be older than what is known.
func (h *mirrorModel) newer(id string, at int) bool {
	known, ok := h.shown[id]
	return h.entries[id] != nil || h.touched[id] > at || ok && h.read[known.date] > at
}

func (h *mirrorModel) keep(id string, f face, at int) bool {
	if h.newer(id, at) || h.read[f.date] > at {
		return false
	}
	h.shown[id], h.rows[id] = f, true
	return true
}

func (h *mirrorModel) remove(id string) { delete(h.shown, id); delete(h.rows, id) }

func (h *mirrorModel) keepDay(one reading) {
	if h.read[one.date] > one.at {
		return
	}
	for id, f := range one.rows {
		h.keep(id, f, one.at)
	}
	for id, f := range h.shown {
		if _, there := one.rows[id]; !there && f.date == one.date && h.rows[id] && !h.newer(id, one.at) {
			h.remove(id)
		}
	}
	h.read[one.date] = one.at
}

func (h *mirrorModel) keepRows(one reading) (changed map[booking.Date]bool) {
	changed = map[booking.Date]bool{}
	for id, f := range one.rows {
		was, known := h.shown[id]
		if !h.keep(id, f, one.at) {
			continue
		}
		h.touch(id)
		if known && was != f {
			changed[was.date] = true
		}
		if !known || was != f {
			changed[f.date] = true
		}
	}
	for _, id := range one.gone {
		if was, known := h.shown[id]; known && h.rows[id] && !h.newer(id, one.at) {
			changed[was.date] = true
			h.remove(id)
			h.touch(id)
		}
	}
	return changed
}

func (one reading) kept() (rows []store.Row) {
	for id, f := range one.rows {
		rows = append(rows, store.Row{Booking: booked(id, f), Record: recordOf(id)})
	}
	return rows
}

func TestMirrorAgainstModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "model")
		if err != nil {
			r.Fatal(err)
		}
		h := &mirrorModel{
			t: t, path: filepath.Join(dir, "maitre.db"), clock: &clock{at: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)},
			base: map[string]face{}, shown: map[string]face{}, rows: map[string]bool{}, entries: map[string]*modelEntry{},
			ended: map[string]store.Ending{}, touched: map[string]int{}, read: map[booking.Date]int{},
		}
		h.open(r)
		defer func() {
			_ = h.file.Close()
			store.CheckFile(t, h.path)
		}()
		actions := h.guests()
		maps.Copy(actions, h.worker())
		maps.Copy(actions, h.staff())
		actions[""] = h.compare
		r.Repeat(actions)
	})
}

func drawFace(r *rapid.T) face {
	return face{christmas.AddDays(rapid.IntRange(0, 2).Draw(r, "day")), rapid.IntRange(1, 9).Draw(r, "party")}
}

func anyOf[V any](r *rapid.T, m map[string]V) string {
	if len(m) == 0 {
		r.Skip()
	}
	return rapid.SampledFrom(slices.Sorted(maps.Keys(m))).Draw(r, "which")
}

// accept accepts a booking or a change of a guest.
func (h *mirrorModel) accept(r *rapid.T, id string, f face) {
	entry := booking.Entry{Booking: booked(id, f)}
	var was *face
	if known, ok := h.shown[id]; ok {
		b := booked(id, known)
		entry.Was, was = &b, &known
	}
	h.clock.set(h.clock.now().Add(time.Second))
	e, err := h.file.Journal().Accept(h.t.Context(), entry, h.clock.now())
	if err != nil {
		r.Fatal(err)
	}
	m := h.entries[id]
	if m == nil {
		m = &modelEntry{id: e.ID, was: was}
		h.entries[id] = m
	}
	m.rev, m.revisions, m.parked, m.settled, m.next = m.rev+1, append(m.revisions, f), false, false, h.clock.now()
	h.shown[id] = f
	h.touch(id)
}

func (h *mirrorModel) guests() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"book":   func(r *rapid.T) { h.accept(r, fmt.Sprintf("%03d", len(h.entries)+len(h.ended)), drawFace(r)) },
		"change": func(r *rapid.T) { h.accept(r, anyOf(r, h.shown), drawFace(r)) },
		"reopen": func(r *rapid.T) {
			if err := h.file.Close(); err != nil {
				r.Fatal(err)
			}
			h.open(r)
		},
	}
}

// worker is what becomes of entries.
func (h *mirrorModel) worker() map[string]func(*rapid.T) {
	ctx := h.t.Context()
	// someRev is the newest revision, or an older one whose attempt took long.
	someRev := func(r *rapid.T, e *modelEntry) int {
		return max(1, e.rev-rapid.IntRange(0, 1).Draw(r, "older"))
	}
	return map[string]func(*rapid.T){
		"done": func(r *rapid.T) {
			id := anyOf(r, h.entries)
			e := h.entries[id]
			rev := someRev(r, e)
			written := e.revisions[rev-1]
			h.base[id] = written
			newer, err := h.file.Journal().Done(ctx, e.id, rev, booked(id, written), recordOf(id), h.clock.now())
			if err != nil || newer != (rev < e.rev) {
				r.Fatal(newer, err)
			}
			h.touch(id)
			h.rows[id] = true
			if !newer {
				h.ended[e.id] = store.EndedWritten
				if e.settled {
					h.ended[e.id] = store.EndedSettled
				}
				delete(h.entries, id)
				return
			}
			e.was = &written
			if !e.parked {
				e.next = h.clock.now()
			}
		},
		"failed": func(r *rapid.T) {
			e := h.entries[anyOf(r, h.entries)]
			rev, next := someRev(r, e), h.clock.now().Add(time.Hour)
			if _, err := h.file.Journal().Failed(ctx, e.id, rev, booking.Attempt{}, next, true); err != nil {
				r.Fatal(err)
			}
			if rev == e.rev {
				e.next = next
			}
		},
		"park": func(r *rapid.T) {
			e := h.entries[anyOf(r, h.entries)]
			rev := someRev(r, e)
			parked, err := h.file.Journal().Park(ctx, e.id, rev, booking.Parked{}, nil)
			if err != nil || parked != (rev == e.rev) {
				r.Fatal(parked, err)
			}
			e.parked = e.parked || parked
		},
		"release": func(r *rapid.T) {
			odd, want := rapid.IntRange(0, 1).Draw(r, "odd"), 0
			for _, e := range h.entries {
				if e.parked && e.rev%2 == odd {
					e.parked, e.next = false, h.clock.now()
					want++
				}
			}
			n, err := h.file.Journal().Release(ctx, h.clock.now(), false, func(e booking.JournalEntry) bool { return e.Rev%2 == odd })
			if n != want || err != nil {
				r.Fatal(n, want, err)
			}
		},
		"settle": func(r *rapid.T) {
			id := anyOf(r, h.entries)
			e := h.entries[id]
			if _, err := h.file.Journal().Settle(ctx, e.id, "why", h.clock.now()); err != nil {
				r.Fatal(err)
			}
			if e.settled { // it is due at once, parked once more or not
				e.parked, e.next = false, h.clock.now()
				return
			}
			h.touch(id)
			undone := e.revisions[len(e.revisions)-1]
			if e.was != nil {
				undone = *e.was
			}
			h.shown[id] = undone
			e.revisions, e.rev, e.settled = append(e.revisions, undone), e.rev+1, true
			e.parked, e.next = false, h.clock.now()
		},
	}
}

// staff is what happens in the base, and how it is read.
func (h *mirrorModel) staff() map[string]func(*rapid.T) {
	ctx := h.t.Context()
	take := func(r *rapid.T) reading {
		if len(h.under) == 0 {
			r.Skip()
		}
		i := rapid.IntRange(0, len(h.under)-1).Draw(r, "reading")
		one := h.under[i]
		h.under = slices.Delete(h.under, i, i+1)
		return one
	}
	return map[string]func(*rapid.T){
		"type":   func(r *rapid.T) { h.base[fmt.Sprintf("rec%d", rapid.IntRange(0, 5).Draw(r, "row"))] = drawFace(r) },
		"edit":   func(r *rapid.T) { h.base[anyOf(r, h.base)] = drawFace(r) },
		"delete": func(r *rapid.T) { delete(h.base, anyOf(r, h.base)) },
		"send": func(r *rapid.T) {
			h.moment++
			one := reading{since: h.file.Mirror().Version(), at: h.moment, rows: map[string]face{}}
			if rapid.Bool().Draw(r, "whole day") {
				one.date = drawFace(r).date
			}
			for id, f := range h.base {
				if one.date.IsZero() || f.date == one.date {
					one.rows[id] = f
				}
			}
			for id := range h.shown {
				if _, there := h.base[id]; !there && h.rows[id] {
					one.gone = append(one.gone, id)
				}
			}
			h.under = append(h.under, one)
		},
		"receive": func(r *rapid.T) {
			one := take(r)
			if !one.date.IsZero() {
				if err := h.file.Mirror().KeepDay(ctx, one.date, one.kept(), one.since, h.clock.now()); err != nil {
					r.Fatal(err)
				}
				h.keepDay(one)
				return
			}
			var gone []string
			for _, id := range one.gone {
				gone = append(gone, recordOf(id))
			}
			dates, err := h.file.Mirror().KeepRows(ctx, one.kept(), gone, one.since)
			if want := slices.Sorted(maps.Keys(h.keepRows(one))); err != nil || !slices.Equal(dates, want) {
				r.Fatal(dates, want, err)
			}
		},
	}
}

func (h *mirrorModel) compare(r *rapid.T) {
	ctx := h.t.Context()
	shown := map[string]face{}
	for date := christmas; date < christmas+3; date++ {
		day, err := h.file.Mirror().Day(ctx, date)
		if err != nil {
			r.Fatal(err)
		}
		for _, b := range day.Bookings {
			shown[b.ID] = face{b.Date, b.Party}
		}
	}
	if !maps.Equal(shown, h.shown) {
		r.Fatalf("the mirror shows %v, want %v", shown, h.shown)
	}
	for id := range h.shown {
		if record, ok, err := h.file.Mirror().Record(ctx, id); err != nil || ok != h.rows[id] || ok && record != recordOf(id) {
			r.Fatalf("%s is row %q, %v, %v; want %v", id, record, ok, err, h.rows[id])
		}
	}
	h.compareJournal(r)
}

func (h *mirrorModel) compareJournal(r *rapid.T) {
	ctx, j := h.t.Context(), h.file.Journal()
	depth, err := j.Depth(ctx)
	if err != nil {
		r.Fatal(err)
	}
	all, err := j.List(ctx, 1000)
	if err != nil || len(all) != len(h.entries) || depth.Pending+depth.Parked != len(all) {
		r.Fatal(len(all), len(h.entries), depth, err)
	}
	due, err := j.Due(ctx, h.clock.now(), 1000)
	if err != nil {
		r.Fatal(err)
	}
	wantDue := 0
	held := map[string]int{}
	for _, e := range all {
		for _, b := range e.HeldBeside() {
			held[b.Date.String()+b.ID]++
		}
		m := h.entries[e.Booking.ID]
		newest := m.revisions[len(m.revisions)-1]
		if m.id != e.ID || m.rev != e.Rev || m.parked != (e.State == booking.EntryParked) || (e.Was == nil) != (m.was == nil) ||
			(face{e.Booking.Date, e.Booking.Party}) != newest || h.shown[e.Booking.ID] != newest {
			r.Fatalf("entry %+v, want %+v; shown: %v", e, m, h.shown[e.Booking.ID])
		}
		if e.Was != nil && (face{e.Was.Date, e.Was.Party}) != *m.was {
			r.Fatalf("%s was %+v, want %+v", e.ID, e.Was, m.was)
		}
		if !m.parked && !m.next.After(h.clock.now()) {
			wantDue++
		}
		if id, ok := j.Waiting(e.Booking.ID); !ok || id != e.ID {
			r.Fatalf("%s waits as %q", e.Booking.ID, id)
		}
	}
	if len(due) != wantDue || !slices.IsSortedFunc(due, func(a, b booking.JournalEntry) int { return a.Next.Compare(b.Next) }) {
		r.Fatalf("%d are due, want %d", len(due), wantDue)
	}
	for date := christmas; date < christmas+3; date++ {
		day, err := h.file.Mirror().Day(ctx, date)
		if err != nil {
			r.Fatal(err)
		}
		for _, b := range day.Held {
			held[date.String()+b.ID]--
		}
	}
	for key, n := range held {
		if n != 0 {
			r.Fatalf("%s is held %d times less in the day than by the journal", key, n)
		}
	}
	ended := map[string]store.Ending{}
	archived, err := j.Archived(ctx, 1000)
	for _, a := range archived {
		ended[a.Entry.ID] = a.Ended
		if _, err := j.Get(ctx, a.Entry.ID); !errors.Is(err, store.ErrNoEntry) {
			r.Fatal("archived and in the journal", err)
		}
	}
	if err != nil || !maps.Equal(ended, h.ended) || len(archived) != len(ended) {
		r.Fatalf("archived %v, want %v, %v", ended, h.ended, err)
	}
}

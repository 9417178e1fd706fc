package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/booking"
	"maitre/store"
)

// typed is a row that the staff typed: no code, the record for an ID.
func typed(record string, date booking.Date) store.Row {
	b := store.NewTestBooking(record, "", date)
	b.Channel, b.MadeBy = booking.ByStaff, ""
	return store.Row{Booking: b, Record: record}
}

func row(b booking.Booking) store.Row { return store.Row{Booking: b, Record: "rec" + b.ID} }

func (s *mirrorDesk) keepDay(date booking.Date, since store.Version, rows ...store.Row) {
	s.t.Helper()
	if err := s.mirror.KeepDay(s.t.Context(), date, rows, since, s.clock.now()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *mirrorDesk) keepRows(since store.Version, rows []store.Row, gone ...string) []booking.Date {
	s.t.Helper()
	dates, err := s.mirror.KeepRows(s.t.Context(), rows, gone, since)
	if err != nil {
		s.t.Fatal(err)
	}
	return dates
}

// wantDay checks a day as it is held, and as the file has it.
func (s *mirrorDesk) wantDay(what string, date booking.Date, ids ...string) {
	s.t.Helper()
	for range 2 {
		var got []string
		for _, b := range s.day(date) {
			got = append(got, b.ID)
		}
		if !slices.Equal(got, ids) {
			s.t.Errorf("%s: the day has %v, want %v", what, got, ids)
		}
		s.file.DropDay(date)
	}
}

func TestKeepDayPutsAndRemoves(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.accept(numbered(9), nil) // left from local mode
	s.day(christmas)
	asOf := s.clock.now()
	s.keepDay(christmas, s.mirror.Version(), row(numbered(1)), row(numbered(2)), typed("recStaff", christmas))
	s.wantDay("first read", christmas, numbered(1).ID, numbered(2).ID, numbered(9).ID, "recStaff")
	if at, ok := s.mirror.AsOf(christmas); !ok || !at.Equal(asOf) {
		t.Error(at, ok)
	}
	s.tick(time.Minute)
	s.keepDay(christmas, s.mirror.Version(), row(numbered(2)))
	s.wantDay("second read", christmas, numbered(2).ID, numbered(9).ID)
	if _, ok, _ := s.mirror.Record(t.Context(), numbered(1).ID); ok {
		t.Error("what is removed is still a row")
	}
	if _, err := s.mirror.ByCode(t.Context(), "C1"); !errors.Is(err, booking.ErrNotFound) {
		t.Error(err)
	}
	s.reopen()
	s.wantDay("reopened", christmas, numbered(2).ID, numbered(9).ID)
	if at, ok := s.mirror.AsOf(christmas); !ok || !at.Equal(asOf.Add(time.Minute)) {
		t.Error(at, ok)
	}
	if _, ok := s.mirror.AsOf(christmas + 1); ok {
		t.Error("a day that was never read")
	}
	s.keepDay(christmas, s.mirror.Version(), row(numbered(9))) // now it is a row
	s.keepDay(christmas, s.mirror.Version())
	s.wantDay("empty read", christmas)
}

func TestKeepDayLeavesWhatWaits(t *testing.T) {
	t.Parallel()
	for _, parked := range []bool{false, true} {
		s := setupMirror(t)
		s.keepDay(christmas, s.mirror.Version(), row(numbered(1)), row(numbered(2)))
		changed := numbered(1)
		changed.Party = 8
		was := numbered(1)
		for _, e := range []booking.JournalEntry{s.queue(changed, &was), s.queue(numbered(3), nil)} {
			if parked {
				if _, err := s.journal.Park(t.Context(), e.ID, 1, booking.Parked{}, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
		read := numbered(1)
		read.Party = 2
		for range 2 {
			s.keepDay(christmas, s.mirror.Version(), row(read))
			s.wantDay("kept day", christmas, numbered(1).ID, numbered(3).ID)
			s.keepRows(s.mirror.Version(), []store.Row{row(read)}, "rec"+numbered(1).ID)
			if got := s.day(christmas); got[0].Party != 8 {
				t.Errorf("the entry's booking is overwritten: %+v", got[0])
			}
			s.keepDay(christmas, s.mirror.Version()) // nor removed
			s.wantDay("empty day", christmas, numbered(1).ID, numbered(3).ID)
			s.reopen()
		}
	}
}

// A read that was sent before a booking was touched does not undo that.
func TestOldReadUndoesNothing(t *testing.T) {
	t.Parallel()
	stale := numbered(1)
	stale.Party = 2
	changed := numbered(1)
	changed.Party = 8
	for name, touch := range map[string]func(*mirrorDesk){
		"written": func(s *mirrorDesk) { s.done(s.queue(changed, &stale)) },
		"kept":    func(s *mirrorDesk) { s.keepRows(s.mirror.Version(), []store.Row{row(changed)}) },
		"read":    func(s *mirrorDesk) { s.keepDay(christmas, s.mirror.Version(), row(changed)) },
		"settled": func(s *mirrorDesk) {
			e := s.queue(changed, &changed)
			if _, err := s.journal.Settle(s.t.Context(), e.ID, "why", s.clock.now()); err != nil {
				s.t.Fatal(err)
			}
		},
		"gone":  func(s *mirrorDesk) { s.keepRows(s.mirror.Version(), nil, row(stale).Record) },
		"moved": func(s *mirrorDesk) { b := changed; b.Date++; s.keepRows(s.mirror.Version(), []store.Row{row(b)}) },
		"moved and read": func(s *mirrorDesk) {
			b := changed
			b.Date++
			s.keepDay(b.Date, s.mirror.Version(), row(b))
		},
	} {
		for _, how := range []string{"day with it", "day without", "row", "gone", "other row"} {
			s := setupMirror(t)
			s.keepDay(christmas, s.mirror.Version(), row(stale))
			since := s.mirror.Version()
			s.tick(time.Minute)
			touch(s)
			want := append(s.day(christmas), s.day(christmas+1)...)
			switch how {
			case "day with it":
				s.keepDay(christmas, since, row(stale))
			case "day without":
				s.keepDay(christmas, since)
			case "row":
				s.keepRows(since, []store.Row{row(stale)})
			case "gone":
				s.keepRows(since, nil, row(stale).Record)
			case "other row": // which the record was before
				other := typed(row(stale).Record, christmas)
				if name == "gone" {
					continue
				}
				s.keepRows(since, []store.Row{other})
			}
			if diff := cmp.Diff(want, append(s.day(christmas), s.day(christmas+1)...)); diff != "" {
				t.Errorf("%s, then %s of before: %s", name, how, diff)
			}
		}
	}
}

func TestNewReadIsKept(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	b := numbered(1)
	s.done(s.queue(b, nil))
	b.Party = 2
	s.keepDay(christmas, s.mirror.Version(), row(b))
	if got := s.day(christmas)[0]; got.Party != 2 {
		t.Error(got)
	}
	if dates := s.keepRows(s.mirror.Version(), nil, "rec"+b.ID, "recNobody"); !slices.Equal(dates, []booking.Date{christmas}) {
		t.Error(dates)
	}
	s.wantDay("gone", christmas)
}

func TestWhatARowCannotHoldIsCarriedOver(t *testing.T) {
	t.Parallel()
	known := numbered(1)
	known.Vouched, known.Email, known.Tables, known.Zone = true, "ana@example.com", []string{"T1", "T2"}, "terraza"
	known.Updated = known.Created.Add(time.Hour)
	read := func(change func(*booking.Booking)) booking.Booking {
		b := known
		b.Vouched, b.Lang, b.MadeBy, b.Created, b.Updated = false, "en", "", known.Created.Add(time.Second), known.Created.Add(time.Second)
		b.Start, b.End, b.Service, b.Zone = known.Start.Add(time.Minute), known.End.Add(time.Hour), "lunch", "sala"
		b.Tables = []string{"T2", "T1"}
		change(&b)
		return b
	}
	asOf := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		change func(*booking.Booking)
		want   func(*booking.Booking)
	}{
		"nothing": {func(*booking.Booking) {}, nil},
		"notes":   {func(b *booking.Booking) { b.Notes = "trona" }, func(b *booking.Booking) { b.Notes = "trona" }},
		"phone":   {func(b *booking.Booking) { b.Phone = "+3499" }, func(b *booking.Booking) { b.Phone, b.Vouched = "+3499", false }},
		"time": {func(b *booking.Booking) { b.Time += 15 }, func(b *booking.Booking) {
			b.Time, b.Start, b.End, b.Service = b.Time+15, b.Start.Add(time.Minute), b.End.Add(time.Hour), "lunch"
		}},
		"party": {func(b *booking.Booking) { b.Party = 5 }, func(b *booking.Booking) {
			b.Party, b.Start, b.End, b.Service = 5, b.Start.Add(time.Minute), b.End.Add(time.Hour), "lunch"
		}},
		"date": {func(b *booking.Booking) { b.Date++ }, func(b *booking.Booking) {
			b.Date, b.Start, b.End, b.Service = b.Date+1, b.Start.Add(time.Minute), b.End.Add(time.Hour), "lunch"
		}},
		"tables": {func(b *booking.Booking) { b.Tables = []string{"T1"} }, func(b *booking.Booking) { b.Tables, b.Zone = []string{"T1"}, "sala" }},
		"status": {func(b *booking.Booking) { b.Status = booking.Seated }, func(b *booking.Booking) { b.Status = booking.Seated }},
	} {
		s := setupMirror(t)
		s.done(s.queue(known, nil))
		want, dates := known, []booking.Date(nil)
		if c.want != nil {
			c.want(&want)
			want.Updated = asOf
			if dates = []booking.Date{known.Date}; want.Date != known.Date {
				dates = append(dates, want.Date)
			}
		}
		for range 2 { // the second time it is known
			if got := s.keepRows(s.mirror.Version(), []store.Row{row(read(c.change))}); !slices.Equal(got, dates) {
				t.Errorf("%s: changed %v, want %v", name, got, dates)
			}
			got := append(s.day(christmas), s.day(christmas+1)...)
			if diff := cmp.Diff([]booking.Booking{want}, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
			dates = nil
		}
	}
}

// A booking that was changed has another time of change than of creation.
func TestUpdatedDiffersFromCreated(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	b := numbered(1)
	b.Created, b.Updated = s.clock.now(), s.clock.now()
	s.done(s.queue(b, nil))
	b.Party = 2
	s.keepDay(christmas, s.mirror.Version(), row(b))
	if got := s.day(christmas)[0]; got.Party != 2 || got.Updated.Equal(got.Created) || got.Updated.Sub(got.Created) > time.Microsecond {
		t.Error(got)
	}
}

// Rows that say what is known write nothing but when they were read.
func TestKnownDayIsNotWrittenAgain(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.keepDay(christmas, s.mirror.Version(), row(numbered(1)), typed("recStaff", christmas))
	day, err := s.mirror.Day(t.Context(), christmas)
	if err != nil {
		t.Fatal(err)
	}
	s.keepDay(christmas, s.mirror.Version(), row(numbered(1)), typed("recStaff", christmas))
	if again, _ := s.mirror.Day(t.Context(), christmas); again != day {
		t.Error("the day was made anew")
	}
}

func TestRowsWithoutACode(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.keepDay(christmas, s.mirror.Version(), typed("recA", christmas), typed("recB", christmas))
	for range 2 {
		if _, err := s.mirror.ByCode(t.Context(), ""); !errors.Is(err, booking.ErrNotFound) {
			t.Error(err)
		}
		byPhone, err := s.mirror.ByPhone(t.Context(), "+34612345678", christmas)
		if err != nil || len(byPhone) != 2 {
			t.Error(byPhone, err)
		}
		s.reopen()
	}
	// A guest changes it by phone.
	was := typed("recA", christmas).Booking
	b := was
	b.Party = 6
	e := s.queue(b, &was)
	if newer, err := s.journal.Done(t.Context(), e.ID, 1, b, "recA", s.clock.now()); newer || err != nil {
		t.Error(newer, err)
	}
	s.wantDay("changed", christmas, "recA", "recB")
	s.keepDay(christmas, s.mirror.Version())
	s.wantDay("gone", christmas)
}

func TestTheOlderKeepsItsCode(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	made := numbered(1)
	made.MadeBy = "" // read from a row, as all are where the data file is new
	s.keepDay(christmas, s.mirror.Version(), row(made))
	newer := typed("recCopy", christmas+1)
	newer.Booking.Code, newer.Booking.Created = "C1", numbered(1).Created.Add(time.Hour)
	codeOf := func(want string) {
		t.Helper()
		if b, err := s.mirror.ByCode(t.Context(), "C1"); err != nil || b.ID != want {
			t.Errorf("the code names %s, %v; want %s", b.ID, err, want)
		}
	}
	s.keepRows(s.mirror.Version(), []store.Row{newer})
	codeOf(numbered(1).ID)
	older := typed("recOld", christmas+2)
	older.Booking.Code, older.Booking.Created = "C1", numbered(1).Created.Add(-time.Hour)
	s.keepRows(s.mirror.Version(), []store.Row{older})
	codeOf("recOld")
	// The guest of the copy may still change it.
	b := newer.Booking
	b.Party = 9
	s.queue(b, &newer.Booking)
	codeOf("recOld")
	b.Code = "C1x"
	s.queue(b, &b)
	b.Code = "C1" // but not take the code back
	if _, err := s.journal.Accept(t.Context(), booking.Entry{Booking: b, Was: &b}, s.clock.now()); !errors.Is(err, booking.ErrCodeTaken) {
		t.Error(err)
	}
}

// A booking keeps the code that the desk gave it, whatever a row with the same code says.
func TestTheDeskGaveTheCode(t *testing.T) {
	t.Parallel()
	copied := typed("recCopy", christmas+1)
	copied.Booking.Code, copied.Booking.Created = "C1", numbered(1).Created.Add(-time.Hour)
	for name, keep := range map[string]func(*mirrorDesk){
		"the copy comes later": func(s *mirrorDesk) {
			s.done(s.queue(numbered(1), nil))
			s.keepRows(s.mirror.Version(), []store.Row{copied})
		},
		"the copy is known first": func(s *mirrorDesk) {
			s.keepRows(s.mirror.Version(), []store.Row{copied})
			s.keepRows(s.mirror.Version(), []store.Row{row(numbered(1))})
		},
	} {
		s := setupMirror(t)
		keep(s)
		if b, err := s.mirror.ByCode(t.Context(), "C1"); err != nil || b.ID != numbered(1).ID {
			t.Errorf("%s: the code names %s, %v", name, b.ID, err)
		}
	}
}

// A row that the staff copied, our ID with it, holds its table all the same.
func TestCopiedRows(t *testing.T) {
	t.Parallel()
	b := numbered(1)
	original, copied := store.Row{Booking: b, Record: "recA"}, store.Row{Booking: b, Record: "recB"}
	copied.Booking.Tables = []string{"T2"}
	moved := copied
	moved.Booking.Date = christmas + 1
	for name, keep := range map[string]func(*mirrorDesk){
		"together":        func(s *mirrorDesk) { s.keepDay(christmas, s.mirror.Version(), original, copied) },
		"the copy first":  func(s *mirrorDesk) { s.keepDay(christmas, s.mirror.Version(), copied, original) },
		"the copy alone":  func(s *mirrorDesk) { s.keepRows(s.mirror.Version(), []store.Row{copied}) },
		"the same twice":  func(s *mirrorDesk) { s.keepRows(s.mirror.Version(), []store.Row{copied, copied, original, original}) },
		"while one waits": func(s *mirrorDesk) { s.queue(b, &b); s.keepDay(christmas, s.mirror.Version(), original, copied) },
		"while both are": func(s *mirrorDesk) {
			s.keepRows(s.mirror.Version(), []store.Row{copied})
			s.keepDay(christmas, s.mirror.Version(), original, copied)
		},
		"day before moved": func(s *mirrorDesk) {
			s.keepDay(christmas+1, s.mirror.Version(), moved)
			s.keepRows(s.mirror.Version(), []store.Row{copied})
		},
	} {
		s := setupMirror(t)
		s.keepDay(christmas, s.mirror.Version(), original)
		keep(s)
		s.wantDay(name, christmas, b.ID, "recB")
		if got := s.day(christmas); got[0].Tables[0] != "T1" || got[1].Tables[0] != "T2" || got[1].Code != "" {
			t.Errorf("%s: %+v", name, got)
		}
		if got := s.day(christmas + 1); len(got) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
		if record, _, _ := s.mirror.Record(t.Context(), b.ID); record != "recA" {
			t.Errorf("%s: the booking is row %s", name, record)
		}
	}
	// Two that nobody knew, in one read or in an unwritten booking's name.
	s := setupMirror(t)
	s.queue(b, nil)
	s.keepDay(christmas, s.mirror.Version(), original, copied)
	s.wantDay("unknown", christmas, b.ID, "recB")

	// Where the original is gone, the other is the booking.
	for name, keep := range map[string]func(*mirrorDesk){
		"read":         func(s *mirrorDesk) { s.keepDay(christmas, s.mirror.Version(), copied) },
		"read as gone": func(s *mirrorDesk) { s.keepRows(s.mirror.Version(), []store.Row{copied}, "recA") },
		"later": func(s *mirrorDesk) {
			s.keepDay(christmas, s.mirror.Version(), original, copied)
			s.keepDay(christmas, s.mirror.Version(), copied)
		},
	} {
		s := setupMirror(t)
		s.keepDay(christmas, s.mirror.Version(), original)
		keep(s)
		s.wantDay(name, christmas, b.ID)
		if record, _, _ := s.mirror.Record(t.Context(), b.ID); record != "recB" {
			t.Errorf("%s: the booking is row %s", name, record)
		}
	}
}

// A row that was given an ID is one booking, not two.
func TestRowIsGivenAnID(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.keepDay(christmas, s.mirror.Version(), typed("recA", christmas))
	named := numbered(1)
	if dates := s.keepRows(s.mirror.Version(), []store.Row{{Booking: named, Record: "recA"}}); !slices.Equal(dates, []booking.Date{christmas}) {
		t.Error(dates)
	}
	s.wantDay("named", christmas, named.ID)
	// The old name waits: nothing is done.
	s.keepRows(s.mirror.Version(), []store.Row{typed("recB", christmas)})
	old := typed("recB", christmas).Booking
	s.queue(old, &old)
	s.keepRows(s.mirror.Version(), []store.Row{{Booking: numbered(2), Record: "recB"}})
	s.keepDay(christmas, s.mirror.Version(), store.Row{Booking: named, Record: "recA"}, store.Row{Booking: numbered(2), Record: "recB"})
	s.wantDay("waits", christmas, named.ID, "recB")
}

func TestKeepRowsReturnsTheDates(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.keepDay(christmas, s.mirror.Version(), row(numbered(1)), row(numbered(2)), row(numbered(3)))
	moved, changed := numbered(1), numbered(2)
	moved.Date, changed.Notes = christmas-3, "x"
	fresh := numbered(4)
	fresh.Date = christmas + 5
	got := s.keepRows(s.mirror.Version(), []store.Row{row(moved), row(changed), row(numbered(3)), row(fresh)})
	if want := []booking.Date{christmas - 3, christmas, christmas + 5}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	e := s.queue(numbered(7), nil)
	s.done(e)
	if got := s.keepRows(s.mirror.Version(), []store.Row{row(numbered(7))}); got != nil {
		t.Errorf("the echo of our own write changed %v", got)
	}
}

// Many days and many rows take several transactions.
func TestKeepDays(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	from, to := christmas, christmas+99
	var rows []store.Row
	for n := range 700 {
		b := numbered(n)
		b.Date = from.AddDays(n % 90 * n % 100)
		rows = append(rows, row(b))
	}
	outside := numbered(800)
	outside.Date = to + 7
	rows = append(rows, row(outside))
	s.keepDay(from+50, s.mirror.Version(), row(numbered(900)))
	if err := s.mirror.KeepDays(t.Context(), from, to, rows, s.mirror.Version(), s.clock.now()); err != nil {
		t.Fatal(err)
	}
	n := 0
	for date := from; date <= to; date++ {
		for _, b := range s.day(date) {
			if b.Date != date || b.ID == numbered(900).ID {
				t.Errorf("%s has %s of %s", date, b.ID, b.Date)
			}
			n++
		}
		if _, ok := s.mirror.AsOf(date); !ok {
			t.Errorf("%s was not read", date)
		}
	}
	if n != 700 || len(s.day(outside.Date)) != 1 {
		t.Errorf("%d bookings", n)
	}
	if _, ok := s.mirror.AsOf(outside.Date); ok {
		t.Error("a day was read that was not")
	}
	if got := s.keepRows(s.mirror.Version(), rows, "recNobody"); got != nil {
		t.Error(got)
	}
}

func TestHalfRowsAreRefused(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	for _, break1 := range []func(*store.Row){
		func(r *store.Row) { r.Record = "" },
		func(r *store.Row) { r.Booking.ID = "" },
		func(r *store.Row) { r.Booking.Date = 0 },
	} {
		r := row(numbered(1))
		break1(&r)
		if err := s.mirror.KeepDay(t.Context(), christmas, []store.Row{r}, 0, s.clock.now()); !errors.Is(err, booking.ErrNotKept) {
			t.Error(err)
		}
		if _, err := s.mirror.KeepRows(t.Context(), []store.Row{r}, nil, 0); !errors.Is(err, booking.ErrNotKept) {
			t.Error(err)
		}
	}
}

// Every day that is handed out has the newest floor.
func TestFloor(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	floorOf := func(date booking.Date) *booking.Floor {
		day, err := s.mirror.Day(t.Context(), date)
		if err != nil {
			t.Fatal(err)
		}
		return day.Floor
	}
	if floorOf(christmas) != nil {
		t.Error("a floor out of nowhere")
	}
	for range 2 {
		floor := &booking.Floor{}
		s.mirror.SetFloor(floor)
		if floorOf(christmas) != floor || floorOf(christmas+1) != floor {
			t.Error("a day has another floor")
		}
		s.queue(numbered(1), nil) // a day that is changed
		s.file.DropDay(christmas + 1)
		if floorOf(christmas) != floor || floorOf(christmas+1) != floor {
			t.Error("a day made anew has another floor")
		}
	}
	if got := s.day(christmas); len(got) != 1 {
		t.Error(got)
	}
}

func TestKept(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	for _, name := range []string{store.KeptTables, "webhook", "cursor"} {
		if got, err := s.mirror.Kept(t.Context(), name); got != nil || err != nil {
			t.Error(got, err)
		}
		if err := s.mirror.Keep(t.Context(), name, fmt.Appendf(nil, `{"name":%q, "html":"<b>"}`, name)); err != nil {
			t.Fatal(err)
		}
	}
	s.reopen()
	for _, name := range []string{store.KeptTables, "webhook", "cursor"} {
		got, err := s.mirror.Kept(t.Context(), name)
		var value struct{ Name, HTML string }
		if err := errors.Join(err, json.Unmarshal(got, &value)); err != nil || value.Name != name || value.HTML != "<b>" {
			t.Error(string(got), err)
		}
	}
	if err := s.mirror.Keep(t.Context(), "webhook", nil); err != nil {
		t.Error(err)
	}
	if got, err := s.mirror.Kept(t.Context(), "webhook"); got != nil || err != nil {
		t.Error(got, err)
	}
	for name, value := range map[string]string{"": `1`, "half": `{`, "long": `"` + strings.Repeat("x", 1<<20) + `"`} {
		if err := s.mirror.Keep(t.Context(), name, []byte(value)); !errors.Is(err, booking.ErrNotKept) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package retry_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
)

// book asks the desk for a table on the service day, as guest n.
func (s *fixture) book(n int, clock booking.TimeOfDay, party int, zone string) (booking.Result, error) {
	return s.desk.Book(context.Background(), booking.Request{
		Caller: booking.Caller{Channel: booking.ByPhone, Phone: booking.Phone(fmt.Sprintf("+346000%05d", n)), Lang: booking.Spanish},
		Date:   service, Time: clock, Party: party, Zone: zone, Name: "Ana",
	})
}

func (s *fixture) mustBook(n, party int, zone string) booking.Booking {
	s.t.Helper()
	result, err := s.book(n, 21*60, party, zone)
	if err != nil {
		s.t.Fatal(err)
	}
	return result.Booking
}

// staffAdds adds a row of the staff to the system of record and the mirror.
func (s *fixture) staffAdds(record string, clock booking.TimeOfDay, tables ...string) booking.Booking {
	s.t.Helper()
	start := time.Date(2000, 1, 20, 0, int(clock), 0, 0, s.desk.Restaurant().Location).UTC()
	b := booking.Booking{ID: record, Name: "de mano", Date: service, Time: clock, Party: 2, Start: start, End: start.Add(2 * time.Hour), Service: "dinner",
		Tables: tables, Zone: "interior", Status: booking.Confirmed, Channel: booking.ByStaff}
	if _, err := s.mirror.KeepRows(context.Background(), []store.Row{{Booking: b, Record: record}}, nil, s.mirror.Version()); err != nil {
		s.t.Fatal(err)
	}
	return b
}

// endOutage lets the record answer again, and waits until what was due was attempted.
func (s *fixture) endOutage() {
	s.record.down(nil)
	time.Sleep(time.Minute)
	synctest.Wait()
}

func TestATableGivenAwayMeanwhile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		party int
		zone  string
		given []string
		want  string // where the guest is written
		text  string // of the message to the guest
	}{
		{"nothing", 2, "", nil, "I1", "confirmed 21:00 interior I1"},
		{"another's table", 2, "", []string{"I2"}, "I1", "confirmed 21:00 interior I1"},
		{"its own: another in the zone", 2, "", []string{"I1"}, "I2", "confirmed 21:00 interior I2"},
		{"the whole zone: another", 2, "", []string{"I1", "I2"}, "T1", "confirmed 21:00 terraza T1"},
		{"the zone asked for: another all the same", 2, "interior", []string{"I1", "I2"}, "T1", "confirmed 21:00 terraza T1"},
		{"a table for four: a combination", 4, "interior", []string{"I3"}, "I1+I2", "confirmed 21:00 interior I1+I2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := open(t)
				s.run()
				s.record.down(unreachable)
				b := s.mustBook(1, c.party, c.zone)
				if len(c.given) > 0 {
					s.staffAdds("recStaff", 21*60, c.given...)
				}
				s.endOutage()
				row, ok := s.record.row(b.ID)
				if got := strings.Join(row.Tables, "+"); !ok || got != c.want || len(s.entries()) != 0 {
					t.Errorf("written at %q, want %s; journal %v", got, c.want, s.entries())
				}
				if got := s.messages(); !slices.Equal(got, []string{c.text}) {
					t.Errorf("messages %q, want %q", got, c.text)
				}
				if n := len(strings.Fields(s.record.history())); n != 1 {
					t.Errorf("written %d times: %s", n, s.record.history())
				}
			})
		})
	}
}

func TestATableForNobodyIsACaseForAPerson(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		s.run()
		s.record.down(unreachable)
		b := s.mustBook(1, 4, "")
		s.staffAdds("recStaff1", 21*60, "I1", "I3", "T1")
		s.endOutage()
		e := s.entries()[0]
		if e.State != booking.EntryParked || e.Parked.Cause != booking.ParkedConflict || e.Parked.Fix == "" || e.Tried == 0 {
			t.Fatalf("%s: %+v", e.State, e.Parked)
		}
		if len(e.Parked.Offer) != 3 {
			t.Errorf("offers %v, want three", e.Parked.Offer)
		}
		if _, ok := s.record.row(b.ID); ok || len(s.messages()) != 0 {
			t.Error("it was written, or a message was sent")
		}
		// Who calls can offer what there really is.
		for _, offer := range e.Parked.Offer {
			if offer.Date == service && offer.Time > 19*60 && offer.Time < 23*60 {
				t.Errorf("offered %s, when the tables are taken", offer.Time)
			}
		}
		// The staff freed a table: the entry goes on when they release it.
		if _, err := s.mirror.KeepRows(t.Context(), nil, []string{"recStaff1"}, s.mirror.Version()); err != nil {
			t.Fatal(err)
		}
		if n, err := s.Retry(t.Context(), e.ID); n != 1 || err != nil {
			t.Error(n, err)
		}
		synctest.Wait()
		if _, ok := s.record.row(b.ID); !ok || len(s.entries()) != 0 {
			t.Error("still not written")
		}
	})
}

// A guest who changes a pending booking gets no table that was given away.
func TestAChangeOfAPendingBookingChecksItsTable(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, neverOpens)
		s.record.down(unreachable)
		b := s.mustBook(1, 2, "")
		s.staffAdds("recStaff", 21*60, "I1")
		s.record.down(nil)
		notes := "a la ventana"
		result, err := s.desk.Change(t.Context(), booking.Change{Who: booking.Who{Caller: booking.Caller{Channel: booking.ByPhone, Phone: b.Phone}}, Notes: &notes})
		if err != nil || result.State != booking.Written {
			t.Fatalf("%+v, %v", result, err)
		}
		if row, _ := s.record.row(b.ID); row.Notes != notes || !slices.Equal(row.Tables, []string{"I2"}) {
			t.Errorf("written at %v: %q", row.Tables, row.Notes)
		}
	})
}

func TestWhatIsOverIsNotWrittenAsLive(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, func(c *retry.Config, _ *store.Options) { c.Tick = time.Minute }) // for it takes three weeks
		s.run()
		s.record.down(unreachable)
		late, gone := s.mustBook(1, 2, ""), s.mustBook(2, 2, "")
		if _, err := s.desk.Cancel(t.Context(), booking.Cancellation{Who: booking.Who{Caller: booking.Caller{Channel: booking.ByPhone, Phone: gone.Phone}}}); err != nil {
			t.Fatal(err)
		}
		s.staffAdds("recStaff", 21*60, "I2") // where the cancelled one was
		time.Sleep(time.Until(late.Start) + time.Minute)
		s.record.down(nil)
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		e := s.entries()
		if len(e) != 1 || e[0].Booking.ID != late.ID || e[0].Parked == nil || e[0].Parked.Cause != booking.ParkedPast || e[0].Parked.Fix == "" {
			t.Errorf("journal %+v", e)
		}
		if _, ok := s.record.row(late.ID); ok {
			t.Error("it was written as live")
		}
		if row, _ := s.record.row(gone.ID); row.Status != booking.Cancelled {
			t.Errorf("the cancelled one is %q", row.Status)
		}
	})
}

// What was written in time, unheard, is not past: it ends as written.
func TestWhatWasWrittenInTimeUnheardIsNotPast(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, func(c *retry.Config, _ *store.Options) { c.Tick = time.Minute })
		s.run()
		s.record.always(hung) // it is written, and nobody hears of it
		b := s.mustBook(1, 2, "")
		if _, there := s.record.row(b.ID); !there {
			t.Fatal("it was not written")
		}
		s.record.down(unreachable)
		time.Sleep(time.Until(b.Start) + time.Minute)
		s.record.always(nil)
		s.record.down(nil)
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if e := s.entries(); len(e) != 0 {
			t.Errorf("journal %+v", e)
		}
		if row, there := s.record.row(b.ID); !there || !row.Live() {
			t.Errorf("the row says %+v", row)
		}
	})
}

// A recheck that failed (the ledger, the disk) is tried again, and parks nothing.
func TestARecheckThatFailsIsTriedAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		blind := &blindRechecker{}
		blind.blind.Store(true)
		s := open(t, func(c *retry.Config, _ *store.Options) { c.Rechecker = blind })
		id := s.keep(s.draft("I1"))
		s.run()
		time.Sleep(time.Minute)
		if e := s.entry(id); e.State != booking.EntryPending || e.Counted != 0 || e.Tried < 3 || e.Tried > 6 || e.Attempts[0].Text != "disk on fire" {
			t.Errorf("%s, tried %d: %v", e.State, e.Tried, e.Attempts)
		}
		if s.record.history() != "" {
			t.Error("it was written without a look")
		}
		blind.blind.Store(false)
		time.Sleep(5 * time.Minute)
		if s.waits(id) {
			t.Error("it still waits")
		}
	})
}

// bubbleWithin runs one case of a property on faked time of its own.
func bubbleWithin(t *testing.T, test func(t *testing.T)) {
	var broke any // how rapid ends a case
	synctest.Test(t, func(t *testing.T) {
		defer func() { broke = recover() }()
		test(t)
	})
	if broke != nil {
		panic(broke)
	}
}

// clashes describes those of our live rows that share a table with another at the
// same time.
func clashes(b booking.Booking, all []booking.Booking) string {
	for _, o := range all {
		if o.ID == b.ID || !o.Live() || !b.Live() || !o.Start.Before(b.End) || !b.Start.Before(o.End) {
			continue
		}
		for _, table := range b.Tables {
			if slices.Contains(o.Tables, table) {
				return fmt.Sprintf("%s %s and %s %s at %s", b.ID, b.Time, o.ID, o.Time, table)
			}
		}
	}
	return ""
}

// staffRows are the staff's rows, and the overbookings written beside them.
type staffRows struct {
	mu    sync.Mutex
	staff map[string]booking.Booking
	wrong []string
}

// see notes overbookings: live rows at tables that the staff had given away before
// they were written.
func (w *staffRows) see(r *fakeRecord) func(context.Context, []booking.JournalEntry) {
	return func(_ context.Context, entries []booking.JournalEntry) {
		w.mu.Lock()
		defer w.mu.Unlock()
		var theirs []booking.Booking
		for _, b := range w.staff {
			theirs = append(theirs, b)
		}
		for _, e := range entries {
			row, there := r.row(e.Booking.ID)
			if there && row.Live() && row.Start.Equal(e.Booking.Start) && slices.Equal(row.Tables, e.Booking.Tables) {
				continue // it was there before theirs
			}
			if clash := clashes(e.Booking, theirs); clash != "" {
				w.wrong = append(w.wrong, clash)
			}
		}
	}
}

// Guests book, change and cancel, the staff add and delete rows, the record comes and
// goes: we never write an overbooking, and in the end all is written or parked.
func TestNoOverbookings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		bubbleWithin(t, func(t *testing.T) {
			s := open(t)
			s.run()
			w := &staffRows{staff: map[string]booking.Booking{}}
			s.record.setBefore(w.see(s.record))
			clock := rapid.SampledFrom([]booking.TimeOfDay{20*60 + 30, 21 * 60, 22 * 60, 23 * 60})
			guests, typed := 0, 0
			caller := func() booking.Who {
				n := rapid.IntRange(0, max(guests-1, 0)).Draw(rt, "guest")
				return booking.Who{Caller: booking.Caller{Channel: booking.ByPhone, Phone: booking.Phone(fmt.Sprintf("+346000%05d", n)), Lang: booking.Spanish}}
			}
			refused := func(err error) {
				var no *booking.Refusal
				if err != nil && (!errors.As(err, &no) || no.Reason == booking.Failed) {
					rt.Fatal(err)
				}
			}
			rt.Repeat(map[string]func(*rapid.T){
				"book": func(rt *rapid.T) {
					_, err := s.book(guests, clock.Draw(rt, "at"), rapid.IntRange(1, 4).Draw(rt, "party"), rapid.SampledFrom([]string{"", "interior", "terraza"}).Draw(rt, "zone"))
					guests++
					refused(err)
				},
				"change": func(rt *rapid.T) {
					c := booking.Change{Who: caller()}
					if rapid.Bool().Draw(rt, "notes only") {
						notes := fmt.Sprint(rapid.IntRange(0, 9).Draw(rt, "notes"))
						c.Notes = &notes
					} else {
						to := clock.Draw(rt, "to")
						c.Time = &to
					}
					_, err := s.desk.Change(context.Background(), c)
					refused(err)
				},
				"cancel": func(*rapid.T) {
					_, err := s.desk.Cancel(context.Background(), booking.Cancellation{Who: caller()})
					refused(err)
				},
				"staff": func(rt *rapid.T) {
					synctest.Wait() // what is under way may be written beside it, which is unavoidable
					tables := rapid.SampledFrom([][]string{{"I1"}, {"I2"}, {"I3"}, {"T1"}, {"I1", "I2"}}).Draw(rt, "tables")
					typed++
					b := s.staffAdds(fmt.Sprint("recStaff", typed), clock.Draw(rt, "at"), tables...)
					w.mu.Lock()
					defer w.mu.Unlock()
					w.staff[b.ID] = b
				},
				"staff deletes": func(rt *rapid.T) {
					record := fmt.Sprint("recStaff", rapid.IntRange(1, 5).Draw(rt, "row"))
					w.mu.Lock()
					delete(w.staff, record)
					w.mu.Unlock()
					if _, err := s.mirror.KeepRows(context.Background(), nil, []string{record}, s.mirror.Version()); err != nil {
						rt.Fatal(err)
					}
				},
				"down": func(rt *rapid.T) {
					s.record.down(rapid.SampledFrom([]*booking.RecordError{unreachable, hung}).Draw(rt, "how"))
				},
				"up": func(*rapid.T) { s.record.down(nil) },
				"wait": func(rt *rapid.T) {
					time.Sleep(time.Duration(rapid.IntRange(1, 600).Draw(rt, "seconds")) * time.Second)
				},
				"retry": func(*rapid.T) {
					if _, err := s.Retry(context.Background(), ""); err != nil {
						rt.Fatal(err)
					}
				},
			})
			s.record.down(nil)
			time.Sleep(3 * time.Hour)
			synctest.Wait()
			if len(w.wrong) > 0 {
				rt.Errorf("written beside the staff's: %v", w.wrong)
			}
			waits := map[string]bool{}
			for _, e := range s.entries() {
				waits[e.Booking.ID] = true
				if e.State == booking.EntryPending {
					rt.Errorf("%s is still pending", e.Booking.ID)
				}
			}
			var ours []booking.Booking
			for id, row := range s.record.rows {
				if !waits[id] {
					ours = append(ours, row)
				}
			}
			for _, b := range ours {
				if clash := clashes(b, ours); clash != "" {
					rt.Errorf("two of ours: %s", clash)
				}
			}
			day, err := s.mirror.Day(context.Background(), service)
			if err != nil {
				rt.Fatal(err)
			}
			for _, b := range day.Bookings {
				row, there := s.record.rows[b.ID]
				if !strings.HasPrefix(b.ID, "rec") && !waits[b.ID] && (!there || row.Status != b.Status || row.Time != b.Time || !slices.Equal(row.Tables, b.Tables) || row.Notes != b.Notes) {
					rt.Errorf("mirror and record differ: %+v, %+v", b, row)
				}
			}
		})
	})
}

// blindRechecker fails while it is blind.
type blindRechecker struct {
	*booking.Rechecker
	blind atomic.Bool
}

func (d *blindRechecker) Recheck(ctx context.Context, b booking.Booking, current *booking.Booking) (booking.Verdict, error) {
	if d.blind.Load() {
		return booking.Verdict{}, errors.New("disk on fire")
	}
	return d.Rechecker.Recheck(ctx, b, current)
}

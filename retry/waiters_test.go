package retry_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
)

// gate lets writes take effect when a test opens it.
type gate struct {
	came chan []booking.JournalEntry
	open chan struct{}
}

func (r *fakeRecord) gate() *gate {
	g := &gate{make(chan []booking.JournalEntry, 100), make(chan struct{})}
	r.setBefore(func(ctx context.Context, entries []booking.JournalEntry) {
		g.came <- entries
		select {
		case <-g.open:
		case <-ctx.Done():
		}
	})
	return g
}

func TestTheFirstAttemptIsMadeAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t) // the worker does not run: the first attempt needs no tick
		b := s.draft("I1")
		began := time.Now()
		if got := s.submit(b, nil); got != booking.Written {
			t.Errorf("state %d, want written", got)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("it took %s", took)
		}
		if len(s.entries()) != 0 || s.SyncState(b.ID) != booking.Written || s.record.history() != b.ID+"@1" {
			t.Errorf("journal %v, record %q", s.entries(), s.record.history())
		}
		if messages := s.messages(); len(messages) != 0 {
			t.Errorf("a guest who got 'booked' has messages %q", messages)
		}
	})
}

func TestAGuestWhoStopsWaitingGetsOneMessage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		g := s.record.gate()
		b := s.draft("I1")
		began := time.Now()
		if got := s.submit(b, nil); got != booking.Pending || time.Since(began) != time.Second {
			t.Fatalf("state %d after %s, want pending after a second", got, time.Since(began))
		}
		if len(s.messages()) != 0 {
			t.Fatal("a message before it is written")
		}
		close(g.open) // the attempt was not cut off by the guest's leaving
		synctest.Wait()
		if got := s.messages(); len(got) != 1 || len(s.entries()) != 0 {
			t.Errorf("messages %q, journal %v", got, s.entries())
		}
	})
}

// The message is in the commit that archives the entry: a kill at any moment
// leaves either the entry, which is attempted again, or the message.
func TestTheMessageIsInTheCommitThatArchivesTheEntry(t *testing.T) {
	bubble(t, func(t *testing.T) {
		dir := t.TempDir()
		path := filepath.Join(dir, "maitre.db")
		killed := func(name string) string {
			t.Helper()
			was, err := os.ReadFile(path)
			if err != nil {
				t.Error(err)
			}
			copied := filepath.Join(dir, name)
			if err := os.WriteFile(copied, was, 0o600); err != nil {
				t.Error(err)
			}
			return copied
		}
		var before string
		s := openOn(t, path, newFakeRecord(), func(_ *retry.Config, o *store.Options) {
			o.At = func(point string) {
				if point == "journal.before_archive" {
					before = killed("before.db")
				}
			}
		})
		g := s.record.gate()
		b := s.draft("I1")
		s.submit(b, nil)
		close(g.open)
		synctest.Wait()
		after := killed("after.db")

		for _, c := range []struct {
			path              string
			entries, messages int
			afterTheReplay    int
		}{{before, 1, 0, 1}, {after, 0, 1, 1}} {
			again := openOn(t, c.path, s.record)
			if n := len(again.entries()); n != c.entries || len(again.messages()) != c.messages {
				t.Errorf("%s: %d entries, messages %q", filepath.Base(c.path), n, again.messages())
			}
			s.record.setBefore(nil)
			stop := again.run()
			synctest.Wait()
			stop()
			if len(again.entries()) != 0 || len(again.messages()) != c.afterTheReplay {
				t.Errorf("%s: after the replay %v, messages %q", filepath.Base(c.path), again.entries(), again.messages())
			}
		}
		if len(s.record.rows) != 1 {
			t.Errorf("%d rows", len(s.record.rows))
		}
	})
}

// A failing disk between the write and the archive: no message is sent twice.
func TestAnOutcomeThatCouldNotBeKeptIsAttemptedAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		j := &fullDisk{}
		s := open(t, func(c *retry.Config, _ *store.Options) { c.Journal = j })
		j.Journal = s.journal
		j.full.Store(true)
		b := s.draft("I1")
		if got := s.submit(b, nil); got != booking.Pending {
			t.Errorf("state %d of what was not kept", got)
		}
		s.keepMany(600) // more than a window
		stop := s.run()
		time.Sleep(time.Minute - 1)
		if writes, _, _ := s.record.counted(); writes > 1+12*3 {
			t.Errorf("%d writes in a minute of a full disk: want no more than go abreast at each tick", writes)
		}
		j.full.Store(false)
		time.Sleep(10 * time.Second)
		stop()
		if len(s.entries()) != 0 || len(s.messages()) != 601 || len(s.record.rows) != 601 {
			t.Errorf("%d left, %d messages, %d rows", len(s.entries()), len(s.messages()), len(s.record.rows))
		}
	})
}

// fullDisk is a journal on a disk that may be full: nothing is archived.
type fullDisk struct {
	*store.Journal
	full atomic.Bool
}

func (j *fullDisk) Done(ctx context.Context, id string, rev int, b booking.Booking, record string, now time.Time, messages ...booking.Message) (bool, error) {
	if j.full.Load() {
		return false, booking.ErrNotKept
	}
	return j.Journal.Done(ctx, id, rev, b, record, now, messages...)
}

func TestNobodyWaitsForARecordThatIsKnownNotToAnswer(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		failing(t, s.breaker, 3)
		g := s.record.gate()
		b := s.draft("I1")
		began := time.Now()
		if got := s.submit(b, nil); got != booking.Pending || time.Since(began) != 0 {
			t.Errorf("state %d after %s", got, time.Since(began))
		}
		synctest.Wait()
		if len(g.came) != 0 {
			t.Error("a record that does not answer was asked")
		}
	})
}

func TestANewerRevisionWinsWhileAnOlderIsUnderWay(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		g := s.record.gate()
		b := s.draft("I1")
		s.accept(b, nil)
		<-g.came
		second, third := b, b
		second.Notes, third.Notes = "a la ventana", "en un rincón"
		s.accept(second, &b)
		s.accept(third, &second)
		if n := len(s.entries()); n != 1 {
			t.Fatalf("%d entries of one booking", n)
		}
		close(g.open)
		if got := s.await(b.ID, time.Second); got != booking.Written {
			t.Errorf("state %d", got)
		}
		synctest.Wait()
		if row, _ := s.record.row(b.ID); row.Notes != third.Notes || s.record.history() != b.ID+"@1 "+b.ID+"@3" {
			t.Errorf("row %q, history %s", row.Notes, s.record.history())
		}
		if len(s.entries()) != 0 || len(s.record.rows) != 1 || len(s.messages()) != 0 {
			t.Errorf("journal %v, messages %q", s.entries(), s.messages())
		}
	})
}

// A revision that comes while the attempt of an older one fails is attempted at once
// too, and its guest does not wait for a tick.
func TestANewerRevisionIsAttemptedAtOnceThoughAnOlderFailed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		g := s.record.gate()
		s.record.answers(func(e booking.JournalEntry) *booking.RecordError {
			if e.Rev == 1 {
				return unreachable
			}
			return nil
		})
		b := s.draft("I1")
		s.accept(b, nil)
		<-g.came
		second := b
		second.Notes = "a la ventana"
		s.accept(second, &b)
		close(g.open)
		began := time.Now()
		if got := s.await(b.ID, time.Second); got != booking.Written || time.Since(began) != 0 {
			t.Errorf("state %d after %s", got, time.Since(began))
		}
	})
}

func TestACancelFoldsIntoABookingThatWaits(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		s.record.down(unreachable)
		b := s.draft("I1")
		if got := s.submit(b, nil); got != booking.Pending {
			t.Fatalf("state %d", got)
		}
		cancelled := b
		cancelled.Status = booking.Cancelled
		if got := s.submit(cancelled, &b); got != booking.Pending {
			t.Fatalf("state %d", got)
		}
		s.record.down(nil)
		stop := s.run()
		time.Sleep(time.Minute)
		stop()
		if row, _ := s.record.row(b.ID); row.Status != booking.Cancelled || s.record.history() != b.ID+"@2" {
			t.Errorf("row %s, history %s: want the cancelled booking only", row.Status, s.record.history())
		}
		if got := s.messages(); len(got) != 1 {
			t.Errorf("messages %q", got)
		}
	})
}

func TestAnEntrySettledWhileUnderWayHangsNobody(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for _, failed := range []*booking.RecordError{nil, unreachable, {Kind: booking.Permanent, Cause: booking.ParkedRecord, Text: "no such choice"}} {
			s := open(t)
			s.record.always(failed)
			g := s.record.gate()
			b := s.draft("I1")
			id := s.accept(b, nil)
			<-g.came
			if _, err := s.Settle(context.Background(), id, "seated by hand"); err != nil {
				t.Fatal(err)
			}
			close(g.open)
			began := time.Now()
			if got := s.await(b.ID, time.Second); got != booking.Pending || time.Since(began) != 0 {
				t.Errorf("%v: state %d after %s", failed, got, time.Since(began))
			}
			synctest.Wait()
			if len(s.entries()) != 0 || len(s.messages()) != 0 {
				t.Errorf("%v: journal %v, messages %q", failed, s.entries(), s.messages())
			}
		}
	})
}

func TestASettledBookingHoldsItsTableUntilItIsKnownNotToBeThere(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var changed seen
		s := open(t, func(c *retry.Config, _ *store.Options) { c.OnChange = changed.add })
		s.record.down(unreachable)
		b := s.draft("I1")
		id := s.accept(b, nil)
		stop := s.run()
		synctest.Wait()
		if _, err := s.Settle(t.Context(), id, "seated by hand"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if held, free := s.held(service), changed.dates(); !slices.Equal(held, []string{"I1"}) || !slices.Contains(free, service) {
			t.Errorf("during the outage: held %v, told of %v", held, free)
		}
		if e := s.entry(id); e.Settled == nil || e.Settled.Why != "seated by hand" || e.Booking.Status != booking.Cancelled {
			t.Errorf("the entry says %+v", e)
		}
		s.record.down(nil)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if held := s.held(service); len(held) != 0 || len(s.entries()) != 0 {
			t.Errorf("after it: held %v, journal %v", held, s.entries())
		}
		if _, ok := s.record.row(b.ID); ok {
			t.Error("a row was made of it")
		}
		if _, err := s.Settle(t.Context(), id, "again"); !isNotFound(err) {
			t.Errorf("settled twice: %v", err)
		}
		if n, err := s.Retry(t.Context(), id); n != 0 || err != nil {
			t.Errorf("retry of what is gone: %d, %v", n, err)
		}
		if ended := s.ended(); len(ended) != 1 || ended[0].Ended != store.EndedSettled || ended[0].Why != "seated by hand" {
			t.Errorf("the archive says %+v", ended)
		}
		stop()
	})
}

func TestASettledChangeGoesBackToWhatWas(t *testing.T) {
	for _, written := range []bool{false, true} {
		t.Run(fmt.Sprintf("written %v", written), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := open(t)
				was := s.draft("I1")
				if got := s.submit(was, nil); got != booking.Written {
					t.Fatal(got)
				}
				moved := was
				moved.Tables, moved.Updated = []string{"I2"}, moved.Updated.Add(time.Second)
				if written {
					s.record.always(hung)
				} else {
					s.record.always(unreachable)
				}
				id := s.accept(moved, &was)
				synctest.Wait()
				if held := s.held(service); !slices.Equal(held, []string{"I1", "I2"}) {
					t.Errorf("while it waits: held %v", held)
				}
				if _, err := s.Settle(t.Context(), id, "moved by hand"); err != nil {
					t.Fatal(err)
				}
				s.record.always(nil)
				stop := s.run()
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				row, _ := s.record.row(was.ID)
				if held := s.held(service); !slices.Equal(held, []string{"I1"}) || !slices.Equal(row.Tables, []string{"I1"}) || len(s.entries()) != 0 {
					t.Errorf("after it: held %v, row at %v, journal %v", held, row.Tables, s.entries())
				}
				if messages := s.messages(); len(messages) != 0 {
					t.Errorf("messages %q", messages)
				}
				stop()
			})
		})
	}
}

func TestAParkedEntryGoesOnWhenItsGuestChangesTheBooking(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		s.record.answers(func(e booking.JournalEntry) *booking.RecordError {
			if e.Booking.Notes == "" {
				return &booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedRecord, Text: "Airtable does not take it", Fix: "fix the row"}
			}
			return nil
		})
		b := s.draft("I1")
		id := s.accept(b, nil)
		if got := s.await(b.ID, time.Second); got != booking.Pending || s.entry(id).State != booking.EntryParked {
			t.Fatalf("state %d, %s", got, s.entry(id).State)
		}
		better := b
		better.Notes = "a la ventana"
		if got := s.submit(better, &b); got != booking.Written || len(s.entries()) != 0 {
			t.Errorf("state %d, journal %v", got, s.entries())
		}
	})
}

func isNotFound(err error) bool { return errors.Is(err, booking.ErrNotFound) }

// seen collects dates, from any goroutine.
type seen struct {
	mu  sync.Mutex
	all []booking.Date
}

func (s *seen) add(dates ...booking.Date) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, dates...)
}

func (s *seen) dates() []booking.Date {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.all)
}

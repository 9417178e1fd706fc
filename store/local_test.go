package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/booking"
	"maitre/store"
)

var christmas = booking.NewDate(2026, 12, 24)

// clock is a clock that the test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }
func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// desk is an open data file and its clock.
type desk struct {
	t      *testing.T
	path   string
	clock  *clock
	file   *store.File
	ledger *store.Local
}

func setup(t *testing.T) *desk {
	d := &desk{t: t, path: filepath.Join(t.TempDir(), "maitre.db"), clock: &clock{at: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}}
	d.open()
	return d
}

func (d *desk) open() {
	d.t.Helper()
	d.file = store.OpenTest(d.t, d.path, store.Options{Now: d.clock.now})
	d.ledger = d.file.Local()
}

func (d *desk) reopen() {
	d.t.Helper()
	if err := d.file.Close(); err != nil {
		d.t.Fatal(err)
	}
	d.open()
}

func (d *desk) accept(b booking.Booking, was *booking.Booking) {
	d.t.Helper()
	state, err := d.ledger.Accept(d.t.Context(), booking.Entry{Booking: b, Was: was})
	if err != nil || state != booking.Written {
		d.t.Fatalf("accept %s: %v, %v", b.ID, state, err)
	}
}

func (d *desk) day(date booking.Date) []booking.Booking {
	d.t.Helper()
	day, err := d.ledger.Day(d.t.Context(), date)
	if err != nil || day.Date != date {
		d.t.Fatalf("day: %+v, %v", day, err)
	}
	return day.Bookings
}

func TestBookingIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.day(christmas) // held decoded before, so that the writer publishes
	b := store.NewTestBooking("01", "K7QF", christmas)
	b.Email, b.AskedZone, b.CallID, b.Notes = "ana@example.com", "terraza", "call 1", "trona <b>\"&\u00e9"
	b.Created = time.Now() // with a monotonic clock, in a zone of its own
	b.Start = b.Start.In(time.FixedZone("Madrid", 3600))
	d.accept(b, nil)
	want := b
	want.Created = b.Created.Round(0).UTC()
	want.Start = b.Start.UTC()

	for _, when := range []string{"published", "reopened"} {
		if diff := cmp.Diff([]booking.Booking{want}, d.day(christmas)); diff != "" {
			t.Errorf("%s day: %s", when, diff)
		}
		byCode, err := d.ledger.ByCode(t.Context(), "K7QF")
		if diff := cmp.Diff(want, byCode); err != nil || diff != "" {
			t.Errorf("%s, by code: %v %s", when, err, diff)
		}
		byPhone, err := d.ledger.ByPhone(t.Context(), b.Phone, christmas)
		if diff := cmp.Diff([]booking.Booking{want}, byPhone); err != nil || diff != "" {
			t.Errorf("%s, by phone: %v %s", when, err, diff)
		}
		if got := d.day(christmas)[0]; got.Start.Location() != time.UTC || got.Start != want.Start || got.Created != want.Created {
			t.Errorf("%s: times %v and %v differ from %v and %v in more than the moment", when, got.Start, got.Created, want.Start, want.Created)
		}
		d.reopen()
	}
}

// Bookings that callers gave or got are not shared with other callers.
func TestNoAliasing(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.day(christmas)
	b := store.NewTestBooking("01", "K7QF", christmas)
	answer := []byte("the answer")
	stored := booking.StoredAnswer{Key: "k", Answer: answer}
	if _, err := d.ledger.Accept(t.Context(), booking.Entry{Booking: b, Answer: &stored}); err != nil {
		t.Fatal(err)
	}
	b.Tables[0], answer[0] = "T9", 'X'
	for range 2 {
		byCode, _ := d.ledger.ByCode(t.Context(), "K7QF")
		byPhone, _ := d.ledger.ByPhone(t.Context(), b.Phone, christmas)
		got, _, _ := d.file.Recall(t.Context(), "k")
		if d.day(christmas)[0].Tables[0] != "T1" || byCode.Tables[0] != "T1" || byPhone[0].Tables[0] != "T1" || string(got) != "the answer" {
			t.Fatal(d.day(christmas), byCode, byPhone, string(got))
		}
		byCode.Tables[0], byPhone[0].Tables[0], got[0] = "T9", "T9", 'X'
	}
}

func TestChangeMovesABooking(t *testing.T) {
	t.Parallel()
	d := setup(t)
	was := store.NewTestBooking("01", "K7QF", christmas)
	d.accept(was, nil)
	b := was
	b.Date, b.Phone, b.Status = christmas+1, "+33123456789", booking.Cancelled
	d.accept(b, &was)
	for range 2 {
		if got := d.day(christmas); len(got) != 0 {
			t.Errorf("the old day has %v", got)
		}
		if got := d.day(christmas + 1); len(got) != 1 || got[0].Status != booking.Cancelled {
			t.Errorf("the new day has %v", got)
		}
		if got, err := d.ledger.ByPhone(t.Context(), was.Phone, 0); err != nil || len(got) != 0 {
			t.Errorf("the old number has %v, %v", got, err)
		}
		if got, err := d.ledger.ByPhone(t.Context(), b.Phone, 0); err != nil || len(got) != 1 {
			t.Errorf("the new number has %v, %v", got, err)
		}
		if got, err := d.ledger.ByCode(t.Context(), "K7QF"); err != nil || got.Date != b.Date {
			t.Errorf("the code names %v, %v", got, err)
		}
		d.reopen()
	}
}

func TestByPhone(t *testing.T) {
	t.Parallel()
	d := setup(t)
	for i, date := range []booking.Date{christmas + 2, christmas, christmas - 1, christmas} {
		b := store.NewTestBooking(fmt.Sprint("0", i), fmt.Sprint("C", i), date)
		b.Start = b.Start.Add(-time.Duration(i) * time.Minute)
		d.accept(b, nil)
	}
	other := store.NewTestBooking("09", "C9", christmas)
	other.Phone = "+346123456789" // begins like the other
	d.accept(other, nil)
	anonymous := store.NewTestBooking("10", "C10", christmas)
	anonymous.Phone = ""
	d.accept(anonymous, nil)

	got, err := d.ledger.ByPhone(t.Context(), "+34612345678", christmas)
	var ids []string
	for _, b := range got {
		ids = append(ids, b.ID)
	}
	if err != nil || !slices.Equal(ids, []string{"03", "01", "00"}) {
		t.Errorf("%v, %v", ids, err)
	}
	if got, err := d.ledger.ByPhone(t.Context(), "", 0); got != nil || err != nil {
		t.Errorf("no number: %v, %v", got, err)
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	d := setup(t)
	first := store.NewTestBooking("01", "K7QF", christmas)
	first.Status = booking.Cancelled
	d.accept(first, nil)
	second := store.NewTestBooking("02", "K7QF", christmas.AddDays(300))
	try := func() error {
		_, err := d.ledger.Accept(t.Context(), booking.Entry{Booking: second, Answer: &booking.StoredAnswer{Key: "k", Answer: []byte("yes")}})
		return err
	}
	// Taken until the day after its service day, also once it is cancelled.
	d.clock.set(time.Date(2026, 12, 25, 23, 59, 0, 0, time.UTC))
	if err := try(); !errors.Is(err, booking.ErrCodeTaken) {
		t.Fatal(err)
	}
	if _, ok, _ := d.file.Recall(t.Context(), "k"); ok || len(d.day(second.Date)) != 0 {
		t.Error("a refused entry left something behind")
	}
	first.Name = "Eva"
	d.accept(first, &first) // its own code is no obstacle

	d.clock.set(time.Date(2026, 12, 26, 0, 0, 0, 0, time.UTC))
	if err := try(); err != nil {
		t.Fatal(err)
	}
	if b, err := d.ledger.ByCode(t.Context(), "K7QF"); err != nil || b.ID != "02" {
		t.Errorf("the code names %s, %v", b.ID, err)
	}
	if n, err := d.file.Forget(t.Context(), christmas+1, time.Time{}); n != 1 || err != nil {
		t.Errorf("forgot %d, %v", n, err)
	}
	if b, err := d.ledger.ByCode(t.Context(), "K7QF"); err != nil || b.ID != "02" {
		t.Errorf("with the first holder gone the code names %s, %v", b.ID, err)
	}
	if _, err := d.ledger.ByCode(t.Context(), "XXXX"); !errors.Is(err, booking.ErrNotFound) {
		t.Errorf("unknown code: %v", err)
	}
}

func TestAcceptRefusesHalfABooking(t *testing.T) {
	t.Parallel()
	d := setup(t)
	whole := store.NewTestBooking("01", "K7QF", christmas)
	for name, break1 := range map[string]func(*booking.Entry){
		"no ID":           func(e *booking.Entry) { e.Booking.ID = "" },
		"no code":         func(e *booking.Entry) { e.Booking.Code = "" },
		"no date":         func(e *booking.Entry) { e.Booking.Date = 0 },
		"no answer key":   func(e *booking.Entry) { e.Answer = &booking.StoredAnswer{} },
		"long answer key": func(e *booking.Entry) { e.Answer = &booking.StoredAnswer{Key: string(make([]byte, 1025))} },
		"year 10000":      func(e *booking.Entry) { e.Booking.Start = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		e := booking.Entry{Booking: whole}
		break1(&e)
		if _, err := d.ledger.Accept(t.Context(), e); !errors.Is(err, booking.ErrNotKept) {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.accept(whole, nil)
}

// Of many callers with one code, one gets it.
func TestOneCodeOneBooking(t *testing.T) {
	t.Parallel()
	d := setup(t)
	var (
		all sync.WaitGroup
		won = make(chan string, 32)
	)
	for i := range 32 {
		all.Go(func() {
			b := store.NewTestBooking(fmt.Sprintf("%02d", i), "K7QF", christmas)
			switch _, err := d.ledger.Accept(context.Background(), booking.Entry{Booking: b}); {
			case err == nil:
				won <- b.ID
			case !errors.Is(err, booking.ErrCodeTaken):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(won) != 1 {
		t.Fatalf("%d callers got the code", len(won))
	}
	if b, err := d.ledger.ByCode(t.Context(), "K7QF"); err != nil || b.ID != <-won || len(d.day(christmas)) != 1 {
		t.Error(b, err)
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	d := setup(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := d.file.Probe(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	d.clock.set(d.clock.now().Add(time.Minute))
	if err := d.file.Probe(gone); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := d.file.Probe(t.Context()); err != nil {
		t.Error(err)
	}
}

// The disk space is checked when the desk opens, and every hour.
func TestTheDiskIsLookedAtUnasked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	synctest.Test(t, func(t *testing.T) {
		var looked atomic.Int64
		f, err := store.Open(t.Context(), path, store.Options{
			Slug: "casa", FreeSpace: func(string) (uint64, error) { looked.Add(1); return 1, nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		wait := f.KeepForgetting(ctx, time.UTC, 365)
		time.Sleep(3*time.Hour + time.Minute)
		if _, low := f.DiskSpace(); !low || looked.Load() != 4 {
			t.Errorf("looked at %d times in three hours, low %v", looked.Load(), low)
		}
		cancel()
		wait()
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
}

package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store/bolt"
)

var testPhones = []booking.Phone{"+34600000001", "+34600000002"}

// oneOfEach returns a file with two values of each kind, of which the one that is
// spoiled is the first, and an accepted booking that is none of them.
func oneOfEach(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "maitre.db")
	now := func() time.Time { return testNow }
	f, err := Open(t.Context(), path, Options{Slug: "casa", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	ctx, m, j := t.Context(), f.Mirror(), f.Journal()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err = m.Bind(ctx, "appA", testNow)
	must(err)
	for n, phone := range testPhones {
		date := testDate.AddDays(n)
		row := NewTestBooking(fmt.Sprint("row", n), fmt.Sprint("R", n), date)
		row.Phone = phone
		must(m.KeepDay(ctx, date, []Row{{row, "rec" + row.ID}}, m.Version(), testNow))
		written, err := acceptNumbered(f, 10+n)
		must(err)
		_, err = j.Done(ctx, written.ID, 1, written.Booking, "rec"+written.Booking.ID, testNow.Add(time.Duration(n)))
		must(err)
		_, err = acceptNumbered(f, n)
		must(err)
		must(f.Dialogues().Save(ctx, phone, []byte(`{"n":1}`), &booking.StoredAnswer{Key: string(phone), Answer: []byte("yes")}))
		must(f.Outbox().HeardFrom(ctx, phone, testNow))
		_, err = f.Outbox().Put(ctx, booking.Message{Kind: booking.MessageBooked, To: phone, Text: "Hola", Key: string(phone)})
		must(err)
		must(f.Waitlist().KeepWaiting(ctx, booking.Waiting{ID: fmt.Sprint("w", n), Date: date, Phone: phone, State: booking.WaitWaiting}))
		must(m.Keep(ctx, []string{KeptTables, "feed"}[n], []byte(`{"a":1}`)))
	}
	must(f.Close())
	return path
}

// spoil replaces the first value of a bucket, and returns where it lay and what it was.
func spoil(t *testing.T, path, bucket string, with func([]byte) []byte) (key, was []byte) {
	t.Helper()
	change(t, path, func(bt *bolt.Tx) error {
		b := bt.Bucket([]byte("casa")).Bucket([]byte(bucket))
		if bucket == "seen" {
			day, _ := b.Cursor().First()
			b, key = b.Bucket(day), bytes.Clone(day)
		}
		at, value := b.Cursor().First()
		key, was = append(key, at...), bytes.Clone(value)
		return b.Put(bytes.Clone(at), with(was))
	})
	return key, was
}

func damagedValue(was []byte) []byte {
	if was[0] == answerFormat {
		return []byte{answerFormat, 200}
	}
	return []byte(`{"v":1,"val`)
}

func newerValue(was []byte) []byte {
	if was[0] == answerFormat {
		return append([]byte{openAnswerFormat + 1}, was[1:]...)
	}
	return []byte(`{"v":7,"value":["another","shape"],"id":["too"],"heard":{},"updated":7,"status":9}`)
}

// reads are what is read of each bucket, as how many there are.
func (f *File) reads(t *testing.T) map[string]int {
	t.Helper()
	ctx, n := t.Context(), map[string]int{}
	count := func(bucket string, found int, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("read of %s: %v", bucket, err)
		}
		n[bucket] = found
	}
	entries, err := f.Journal().List(ctx, 100)
	for _, e := range entries {
		if e.State == booking.EntryPending {
			n["pending"]++
		}
	}
	count("journal", len(entries), err)
	if depth, err := f.Journal().Depth(ctx); err != nil || depth.Pending != n["pending"] || depth.Pending+depth.Parked != len(entries) {
		t.Errorf("depth %+v of %d entries: %v", depth, len(entries), err)
	}
	archived, err := f.Journal().Archived(ctx, 100)
	count("archive", len(archived), err)
	messages, err := f.Outbox().List(ctx, "", 100)
	count("outbox", len(messages), err)
	due, err := f.Outbox().Due(ctx, testNow.Add(time.Hour), 100)
	count("due", len(due), err)
	waiting, bookings := 0, 0
	for d := range booking.Date(2) {
		some, err := f.Waitlist().WaitingOn(ctx, testDate+d)
		waiting += len(some)
		count("waitlist", waiting, err)
		day, err := f.Mirror().Day(ctx, testDate+d)
		count("bookings", 0, err)
		bookings += len(day.Bookings)
		if _, known := f.Mirror().AsOf(testDate + d); known {
			n["days"]++
		}
	}
	n["bookings"] = bookings
	for _, phone := range testPhones {
		_, _, ok, err := f.Dialogues().Load(ctx, phone)
		heard, err2 := f.Outbox().LastMessage(ctx, phone)
		_, known, err3 := f.Recall(ctx, string(phone))
		for what, is := range map[string]bool{"dialogues": ok, "phones": !heard.IsZero(), "seen": known} {
			if is {
				n[what]++
			}
		}
		if err != nil || err2 != nil || err3 != nil {
			t.Error(err, err2, err3)
		}
	}
	for bucket, name := range map[string]string{"tables": KeptTables, "feed": "feed"} {
		value, err := f.Mirror().Kept(ctx, name)
		count(bucket, len(value), err)
	}
	return n
}

// With one unreadable value of any kind everything else is read and written: it is put aside whole and reported once, and goes back by itself when a
// program can read it.
func TestOneBadValueDoesNotStopTheRest(t *testing.T) {
	t.Parallel()
	lost := map[string]map[string]int{
		"journal":  {"pending": -1}, // it is parked instead
		"bookings": {},              // it waits: the journal has it
		"archive":  {"archive": -1}, "outbox": {"outbox": -1, "due": -1}, "waitlist": {"waitlist": -1}, "dialogues": {"dialogues": -1},
		"phones": {"phones": -1}, "tables": {"tables": -7}, "feed": {"feed": -7}, "days": {"days": -1}, "seen": {"seen": -1},
	}
	for bucket, lost := range lost {
		for name, with := range map[string]func([]byte) []byte{"damaged": damagedValue, "newer": newerValue} {
			t.Run(bucket+"/"+name, func(t *testing.T) {
				t.Parallel()
				path := oneOfEach(t)
				options := Options{Slug: "casa", Now: func() time.Time { return testNow }}
				whole, err := Open(t.Context(), path, options)
				if err != nil {
					t.Fatal(err)
				}
				want := whole.reads(t)
				before, written := maps.Clone(want), 0
				if err := whole.Close(); err != nil {
					t.Fatal(err)
				}
				key, was := spoil(t, path, bucket, with)
				for what, n := range lost {
					want[what] += n
				}
				for range 2 { // reported once, though started twice
					f, err := Open(t.Context(), path, options)
					if err != nil {
						t.Fatal(err)
					}
					if got := shown(f.reads(t)); got != shown(want) {
						t.Errorf("read\n%s\nwant\n%s", got, shown(want))
					}
					all, err := f.Quarantined(t.Context(), 9)
					if err != nil || len(all) != 1 || all[0].Bucket != bucket || !bytes.Equal(all[0].Key, key) || all[0].Newer != (name == "newer") || !all[0].At.Equal(testNow) {
						t.Errorf("put aside: %+v %v", all, err)
					}
					if _, err := acceptNumbered(f, 50); err != nil {
						t.Errorf("nothing can be written: %v", err)
					}
					if written == 0 {
						written = 1
						for _, n := range []map[string]int{want, before} {
							n["bookings"]++
							n["journal"]++
							n["pending"]++
						}
					}
					if err := f.Close(); err != nil {
						t.Fatal(err)
					}
					CheckFile(t, path)
				}
				// A program that can read it is given a value that it can read.
				change(t, path, func(bt *bolt.Tx) error {
					b := bt.Bucket([]byte("casa")).Bucket(quarantineBucket)
					at, encoded := b.Cursor().First()
					var a versioned[keptAside]
					if err := json.Unmarshal(encoded, &a); err != nil {
						return err
					}
					if !bytes.Equal(a.Value.Value, with(was)) {
						t.Errorf("kept %q, want every byte of %q", a.Value.Value, with(was))
					}
					a.Value.Value = was
					again, err := json.Marshal(a)
					if err != nil {
						return err
					}
					return b.Put(bytes.Clone(at), again)
				})
				f, err := Open(t.Context(), path, options)
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = f.Close() }()
				all, err := f.Quarantined(t.Context(), 9)
				if bucket == "bookings" { // the journal's copy has its place
					if err != nil || len(all) != 1 || !all[0].Replaced {
						t.Errorf("still aside: %+v %v", all, err)
					}
					return
				}
				if got := shown(f.reads(t)); err != nil || len(all) > 0 || got != shown(before) {
					t.Errorf("back, read\n%s\nwant\n%s; still aside: %+v %v", got, shown(before), all, err)
				}
			})
		}
	}
}

func shown(m map[string]int) string { return fmt.Sprint(m) } // sorted by key

// A day with an unreadable booking can still be read. If the booking is a row, its
// day is read again; in the file's own book its table is unknown, and what is known
// of it is reported.
func TestABookingThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, mirrored := range []bool{true, false} {
		path := oneOfEach(t)
		options := Options{Slug: "casa", Now: func() time.Time { return testNow }}
		if !mirrored {
			f := OpenTest(t, path, options)
			if _, err := f.Mirror().Bind(t.Context(), "", testNow); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		}
		change(t, path, func(bt *bolt.Tx) error {
			return bt.Bucket([]byte("casa")).Bucket(bookingsBucket).Put([]byte("row0"), []byte("{"))
		})
		f := OpenTest(t, path, options)
		if err := f.CheckValues(t.Context()); err != nil {
			t.Error(err)
		}
		all, err := f.Quarantined(t.Context(), 9)
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		// In the file's own book it is no row: which one it was is kept with the base that was left.
		record := map[bool]string{true: "recrow0"}[mirrored]
		if q := all[0]; q.Code != "R0" || q.Phone != testPhones[0] || q.Date != testDate || q.Booking != "row0" || q.Record != record || q.Replaced {
			t.Errorf("reported: %+v", q)
		}
		m := f.Mirror()
		day, err := m.Day(t.Context(), testDate)
		if err != nil || len(day.Bookings) == 0 {
			t.Error(day, err)
		}
		if _, known := m.AsOf(testDate); known {
			t.Error("the day counts as read")
		}
		if _, known := m.AsOf(testDate + 1); !known {
			t.Error("another day does not")
		}
		if !mirrored {
			continue
		}
		row := NewTestBooking("row0", "R0", testDate)
		if err := m.KeepDay(t.Context(), testDate, []Row{{row, "recrow0"}}, m.Version(), testNow); err != nil {
			t.Error(err)
		}
		if b, err := m.ByCode(t.Context(), "R0"); err != nil || b.ID != "row0" {
			t.Error(b, err)
		}
		if all, err := f.Quarantined(t.Context(), 9); err != nil || len(all) != 1 || !all[0].Replaced {
			t.Errorf("nobody misses it any more: %+v %v", all, err)
		}
	}
}

// A value that becomes unreadable while the file is open is put aside when it is
// read next, and leaves the memory index too.
func TestAValueGoesBadWhileTheDeskIsOpen(t *testing.T) {
	t.Parallel()
	f := OpenTest(t, oneOfEach(t), Options{Now: func() time.Time { return testNow }})
	ctx, m := t.Context(), f.Mirror()
	if err := f.commit(ctx, func(t *tx) error {
		for _, bucket := range [][]byte{journalBucket, bookingsBucket, outboxBucket, waitlistBucket, archiveBucket} {
			key, _ := t.bucket(bucket).Cursor().Last()
			if err := t.bucket(bucket).Put(bytes.Clone(key), []byte("{")); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	f.days.clear()
	got := f.reads(t)
	if got["journal"] != 2 || got["pending"] != 1 || got["archive"] != 1 || got["outbox"] != 1 || got["waitlist"] != 1 || got["bookings"] != 5 {
		t.Errorf("read %s", shown(got))
	}
	if _, known := m.AsOf(testDate + 1); known { // row1 is on it
		t.Error("the day of a booking that cannot be read counts as read")
	}
	if all, err := f.Quarantined(ctx, 99); err != nil || len(all) != 5 {
		t.Error(all, err)
	}
	// A write that meets one goes on too.
	if err := f.commit(ctx, func(t *tx) error { return t.bucket(phonesBucket).Put([]byte(testPhones[0]), []byte("x")) }); err != nil {
		t.Fatal(err)
	}
	if err := f.Outbox().HeardFrom(ctx, testPhones[0], testNow); err != nil {
		t.Error(err)
	}
	if all, err := f.Quarantined(ctx, 99); err != nil || len(all) != 6 {
		t.Error(all, err)
	}
}

// An opt-out is kept when the rest of the phone's value is lost.
func TestAnOptOutSurvivesDamage(t *testing.T) {
	t.Parallel()
	path := oneOfEach(t)
	change(t, path, func(bt *bolt.Tx) error {
		return bt.Bucket([]byte("casa")).Bucket(phonesBucket).Put([]byte(testPhones[0]), []byte(`{"v":1,"opted_out":true,"changed":"2026-`))
	})
	f := OpenTest(t, path, Options{Now: func() time.Time { return testNow }})
	if out, err := f.Outbox().OptedOut(t.Context(), testPhones[0]); !out || err != nil {
		t.Error(out, err)
	}
}

// Values put aside are guests' data, and are forgotten with it.
func TestWhatWasPutAsideIsForgottenInTime(t *testing.T) {
	t.Parallel()
	path := oneOfEach(t)
	spoil(t, path, "outbox", damagedValue)
	f := OpenTest(t, path, Options{Now: func() time.Time { return testNow }})
	if err := f.CheckValues(t.Context()); err != nil {
		t.Error(err)
	}
	for _, day := range []struct{ before, left int }{{-1, 1}, {1, 0}} {
		if _, err := f.Forget(t.Context(), today(testNow).AddDays(day.before), time.Time{}); err != nil {
			t.Error(err)
		}
		if all, err := f.Quarantined(t.Context(), 9); err != nil || len(all) != day.left {
			t.Error(all, err)
		}
	}
}

// Whatever values are spoiled, and however many: all that is left is read, nothing
// of the spoiled is dropped, and the indexes name what is there and nothing else.
func TestAnyValuesMayBeSpoiled(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		chance := rand.New(rand.NewPCG(seed, 9))
		path, spoiled := oneOfEach(t), map[string][]byte{}
		change(t, path, func(bt *bolt.Tx) error {
			tx := newTx(bt, []byte("casa"))
			for _, k := range kinds() {
				type place struct{ key, value []byte }
				var hit []place
				if err := tx.eachValue(k, func(key, value []byte) error {
					if chance.IntN(3) == 0 {
						hit = append(hit, place{bytes.Clone(key), bytes.Clone(value)})
					}
					return nil
				}); err != nil {
					return err
				}
				for _, h := range hit {
					switch chance.IntN(3) {
					case 0:
						h.value = newerValue(h.value)
					case 1:
						h.value = h.value[:chance.IntN(len(h.value))]
					case 2:
						h.value = nil
					}
					b, key := tx.whereIs(k.bucket, h.key)
					if err := b.Put(key, h.value); err != nil {
						return err
					}
					spoiled[string(k.bucket)+"\x00"+string(h.key)] = h.value
				}
			}
			return nil
		})
		f, err := Open(t.Context(), path, Options{Slug: "casa", Now: func() time.Time { return testNow }})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if seed%2 == 0 { // or it is met by whoever reads
			if err := f.CheckValues(t.Context()); err != nil {
				t.Error(err)
			}
		}
		f.reads(t)
		if err := f.CheckValues(t.Context()); err != nil {
			t.Error(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		CheckFile(t, path)
		change(t, path, func(bt *bolt.Tx) error {
			tx := newTx(bt, []byte("casa"))
			return tx.bucket(quarantineBucket).ForEach(func(key, value []byte) error {
				a := tx.quarantined(key, value)
				at := a.Bucket + "\x00" + string(a.Key)
				if was, ok := spoiled[at]; !ok || !bytes.Equal(was, a.Value) {
					t.Errorf("seed %d: %q was %q, kept is %q", seed, at, was, a.Value)
				}
				delete(spoiled, at)
				return nil
			})
		})
		if len(spoiled) > 0 {
			t.Errorf("seed %d: not kept: %q", seed, spoiled)
		}
	}
}

// Concurrent readers of one unreadable value put it aside once.
func TestABadValueIsPutAsideOnce(t *testing.T) {
	t.Parallel()
	path := oneOfEach(t)
	change(t, path, func(bt *bolt.Tx) error {
		return bt.Bucket([]byte("casa")).Bucket(bookingsBucket).Put([]byte("row0"), []byte("{"))
	})
	f := OpenTest(t, path, Options{Now: func() time.Time { return testNow }})
	bad := asValueError(unreadable(bookingsBucket, []byte("row0"), ErrDamaged))
	for range 3 {
		if err := f.moveAside(t.Context(), []*valueError{bad}); err != nil {
			t.Fatal(err)
		}
		f.now = func() time.Time { return testNow.Add(time.Second) }
	}
	if all, err := f.Quarantined(t.Context(), 9); err != nil || len(all) != 1 {
		t.Error(all, err)
	}
}

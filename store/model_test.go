package store_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"maitre/booking"
	"maitre/store"
)

// model is the book as plain maps.
type model struct {
	bookings map[string]booking.Booking
	codes    map[string]string
	answers  map[string]string
}

func (m *model) taken(code, id string, today booking.Date) bool {
	holder, held := m.codes[code]
	return held && holder != id && m.bookings[holder].Date+1 >= today
}

func (m *model) put(b booking.Booking) {
	if was, ok := m.bookings[b.ID]; ok && m.codes[was.Code] == b.ID {
		delete(m.codes, was.Code)
	}
	m.bookings[b.ID] = b
	m.codes[b.Code] = b.ID
}

func (m *model) forget(before booking.Date) (n int) {
	for id, b := range m.bookings {
		if b.Date < before {
			if m.codes[b.Code] == id {
				delete(m.codes, b.Code)
			}
			delete(m.bookings, id)
			n++
		}
	}
	return n
}

func (m *model) where(keep func(booking.Booking) bool, order func(a, b booking.Booking) int) []booking.Booking {
	var all []booking.Booking
	for _, b := range m.bookings {
		if keep(b) {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, order)
	return all
}

func byID(a, b booking.Booking) int { return cmp.Compare(a.ID, b.ID) }
func byStart(a, b booking.Booking) int {
	return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID))
}

// The file agrees with the model after any operations.
func TestAgainstModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "model")
		if err != nil {
			r.Fatal(err)
		}
		path := filepath.Join(dir, "maitre.db")
		clock := &clock{at: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
		today := func() booking.Date { return booking.NewDate(clock.now().Date()) }
		first := today()
		open := func() *store.File {
			f, err := store.Open(t.Context(), path, store.Options{Slug: "casa", Now: clock.now})
			if err != nil {
				r.Fatal(err)
			}
			return f
		}
		f := open()
		defer func() {
			_ = f.Close()
			store.CheckFile(t, path)
		}()
		m := &model{bookings: map[string]booking.Booking{}, codes: map[string]string{}, answers: map[string]string{}}
		dates := rapid.Custom(func(r *rapid.T) booking.Date { return first.AddDays(rapid.IntRange(0, 4).Draw(r, "day")) })
		codes, phones := rapid.SampledFrom([]string{"A", "B", "C", "D"}), rapid.SampledFrom([]booking.Phone{"", "+341", "+3412", "+44"})
		newID, made := rapid.IntRange(0, 999), 0

		draw := func(r *rapid.T, id string) booking.Booking {
			b := store.NewTestBooking(id, codes.Draw(r, "code"), dates.Draw(r, "date"))
			b.Phone = phones.Draw(r, "phone")
			b.Status = rapid.SampledFrom(booking.Statuses()).Draw(r, "status")
			b.Start = b.Start.Add(time.Duration(rapid.IntRange(0, 3).Draw(r, "start")) * time.Hour)
			b.Tables = rapid.SampledFrom([][]string{nil, {"T1"}, {"T1", "T2"}}).Draw(r, "tables")
			return b
		}
		accept := func(r *rapid.T, e booking.Entry) {
			_, err := f.Local().Accept(t.Context(), e)
			if m.taken(e.Booking.Code, e.Booking.ID, today()) {
				if !errors.Is(err, booking.ErrCodeTaken) {
					r.Fatalf("code of another: %v", err)
				}
				return
			}
			if err != nil {
				r.Fatal(err)
			}
			m.put(e.Booking)
			if _, known := m.answers[e.Answer.Key]; !known {
				m.answers[e.Answer.Key] = string(e.Answer.Answer)
			}
		}
		answer := func(r *rapid.T) *booking.StoredAnswer {
			made++
			return &booking.StoredAnswer{Key: rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}).Draw(r, "answer"), Answer: fmt.Append(nil, made)}
		}

		r.Repeat(map[string]func(*rapid.T){
			"book": func(r *rapid.T) {
				made++
				// Mostly in time order, not always.
				b := draw(r, fmt.Sprintf("%03d-%03d", newID.Draw(r, "id"), made))
				accept(r, booking.Entry{Booking: b, Answer: answer(r)})
			},
			"change": func(r *rapid.T) {
				if len(m.bookings) == 0 {
					r.Skip()
				}
				was := m.bookings[rapid.SampledFrom(slices.Sorted(maps.Keys(m.bookings))).Draw(r, "which")]
				b := draw(r, was.ID)
				if rapid.Bool().Draw(r, "keep code") {
					b.Code = was.Code
				}
				accept(r, booking.Entry{Booking: b, Was: &was, Answer: answer(r)})
			},
			"remember": func(r *rapid.T) {
				one := answer(r)
				if err := f.Remember(t.Context(), *one); err != nil {
					r.Fatal(err)
				}
				if _, known := m.answers[one.Key]; !known {
					m.answers[one.Key] = string(one.Answer)
				}
			},
			"tomorrow": func(r *rapid.T) {
				if today() < first+5 { // all answers stay within their eight days
					clock.set(clock.now().AddDate(0, 0, 1))
				}
			},
			"forget": func(r *rapid.T) {
				before := dates.Draw(r, "before")
				if n, err := f.Forget(t.Context(), before, time.Time{}); err != nil || n != m.forget(before) {
					r.Fatal(n, err)
				}
			},
			"reopen": func(r *rapid.T) {
				if err := f.Close(); err != nil {
					r.Fatal(err)
				}
				f = open()
			},
			"": func(r *rapid.T) { compare(t, r, f, m, first) },
		})
	})
}

func compare(t *testing.T, r *rapid.T, f *store.File, m *model, first booking.Date) {
	for date := first; date < first+5; date++ {
		day, err := f.Local().Day(t.Context(), date)
		want := m.where(func(b booking.Booking) bool { return b.Date == date }, byID)
		if err != nil || len(day.Bookings)+len(want) > 0 && !gocmp.Equal(day.Bookings, want) {
			r.Fatalf("%s: %v %s", date, err, gocmp.Diff(want, day.Bookings))
		}
	}
	for _, phone := range []booking.Phone{"", "+341", "+3412", "+44"} {
		got, err := f.Local().ByPhone(t.Context(), phone, first+2)
		want := m.where(func(b booking.Booking) bool { return phone != "" && b.Phone == phone && b.Date >= first+2 }, byStart)
		if err != nil || !gocmp.Equal(got, want) {
			r.Fatalf("%s: %v %s", phone, err, gocmp.Diff(want, got))
		}
	}
	for _, code := range []string{"A", "B", "C", "D"} {
		got, err := f.Local().ByCode(t.Context(), code)
		id, held := m.codes[code]
		if held != (err == nil) || !held && !errors.Is(err, booking.ErrNotFound) || held && !gocmp.Equal(got, m.bookings[id]) {
			r.Fatalf("code %s: %v, %v; want %s", code, got, err, id)
		}
	}
	for _, key := range []string{"a", "b", "c", "d", "e"} {
		got, ok, err := f.Recall(t.Context(), key)
		want, known := m.answers[key]
		if err != nil || ok != known || string(got) != want {
			r.Fatalf("answer %s: %q, %v, %v; want %q", key, got, ok, err, want)
		}
	}
}

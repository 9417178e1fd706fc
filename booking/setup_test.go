package booking_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"maitre/booking"
)

// memory is a ledger, a journal and locks in memory, as the interfaces require: a
// snapshot never changes, an entry is whole or not there.
type memory struct {
	mu       sync.Mutex
	bookings map[string]booking.Booking
	answers  map[string][]byte
	days     map[booking.Date]*booking.Day
	fail     error
	accepted int
	locks    map[booking.Date]*sync.Mutex
}

func newMemory() *memory {
	return &memory{bookings: map[string]booking.Booking{}, answers: map[string][]byte{}, days: map[booking.Date]*booking.Day{}, locks: map[booking.Date]*sync.Mutex{}}
}

func (m *memory) all() []booking.Booking {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []booking.Booking
	for _, b := range m.bookings {
		all = append(all, b)
	}
	slices.SortFunc(all, func(a, b booking.Booking) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

func (m *memory) Day(_ context.Context, date booking.Date) (*booking.Day, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.days[date] == nil {
		m.days[date] = m.read(date)
	}
	return m.days[date], nil
}

func (m *memory) Freshen(context.Context, booking.Date, booking.Freshness) error { return nil }

func (m *memory) Await(context.Context, string) booking.SyncState { return booking.Written }

func (m *memory) SyncState(string) booking.SyncState { return booking.Written }

func (m *memory) read(date booking.Date) *booking.Day {
	day := &booking.Day{Date: date}
	for _, b := range m.bookings {
		if b.Date == date {
			day.Bookings = append(day.Bookings, b)
		}
	}
	slices.SortFunc(day.Bookings, func(a, b booking.Booking) int { return cmp.Compare(a.ID, b.ID) })
	return day
}

// follow renews the days that an entry touches.
func (m *memory) follow(id string, dates ...booking.Date) {
	for _, date := range dates {
		if before := m.days[date]; before != nil {
			m.days[date] = m.read(date).After(before, id)
		}
	}
}

func (m *memory) ByCode(_ context.Context, code string) (booking.Booking, error) {
	for _, b := range m.all() {
		if b.Code == code {
			return b, nil
		}
	}
	return booking.Booking{}, booking.ErrNotFound
}

func (m *memory) ByPhone(_ context.Context, phone booking.Phone, from booking.Date) ([]booking.Booking, error) {
	var found []booking.Booking
	for _, b := range m.all() {
		if b.Phone == phone && b.Date >= from {
			found = append(found, b)
		}
	}
	slices.SortFunc(found, func(a, b booking.Booking) int { return a.Start.Compare(b.Start) })
	return found, nil
}

func (m *memory) Accept(_ context.Context, e booking.Entry) (booking.SyncState, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return 0, m.fail
	}
	for _, b := range m.bookings {
		if e.Was == nil && b.Code == e.Booking.Code {
			return 0, booking.ErrCodeTaken
		}
	}
	m.accepted++
	m.bookings[e.Booking.ID] = e.Booking
	if e.Was != nil && e.Was.Date != e.Booking.Date {
		m.follow(e.Booking.ID, e.Was.Date)
	}
	m.follow(e.Booking.ID, e.Booking.Date)
	if e.Answer != nil {
		m.answers[e.Answer.Key] = e.Answer.Answer
	}
	return booking.Written, nil
}

func (m *memory) Lock(_ context.Context, dates ...booking.Date) (func(), error) {
	dates = slices.Clone(dates)
	slices.Sort(dates)
	var held []*sync.Mutex
	for _, d := range slices.Compact(dates) {
		m.mu.Lock()
		if m.locks[d] == nil {
			m.locks[d] = &sync.Mutex{}
		}
		l := m.locks[d]
		m.mu.Unlock()
		l.Lock()
		held = append(held, l)
	}
	return func() {
		for _, l := range held {
			l.Unlock()
		}
	}, nil
}

// testClock is a clock that a test sets.
type testClock struct {
	mu  sync.Mutex
	now time.Time
}

func (w *testClock) Now() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now }

func (w *testClock) set(t time.Time) { w.mu.Lock(); defer w.mu.Unlock(); w.now = t }

var madrid = mustLoad("Europe/Madrid")

func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

func at(clock string) booking.TimeOfDay {
	t, err := booking.ParseTimeOfDay(clock)
	if err != nil {
		panic(err)
	}
	return t
}

func on(date string) booking.Date {
	d, err := booking.ParseDate(date)
	if err != nil {
		panic(err)
	}
	return d
}

func text(s string) booking.Text { return booking.Text{booking.Spanish: s, booking.English: s} }

// everyDay are all weekdays.
var everyDay = []time.Weekday{0, 1, 2, 3, 4, 5, 6}

// smallRestaurant has two tables for two and one for four indoors, one for four on the
// terrace, one high table, one for the staff and one for walk-ins.
func smallRestaurant() *booking.Restaurant {
	return &booking.Restaurant{
		Slug: "prueba", Name: "Casa Prueba", Phone: "+34941000000",
		Languages: []booking.Lang{booking.Spanish, booking.English}, Location: madrid,
		Services: []booking.Service{
			{ID: "lunch", Name: text("comida"), Days: everyDay, First: at("13:00"), Last: at("15:30"),
				KitchenCloses: at("16:00"), RoomCloses: at("18:00"), Notice: 30 * time.Minute},
			{ID: "dinner", Name: text("cena"), Days: []time.Weekday{4, 5, 6}, First: at("20:30"), Last: at("23:00"),
				KitchenCloses: at("23:30"), RoomCloses: at("01:00"), Notice: time.Hour},
		},
		Turns: []booking.Turn{{UpTo: 2, Stay: 90 * time.Minute}, {UpTo: 20, Stay: 2 * time.Hour}},
		Step:  15, Horizon: 120, PartyLimit: 8,
		Zones: []booking.Zone{{ID: "interior", Name: text("interior")}, {ID: "terraza", Name: text("terraza")}},
		Tables: []booking.Table{
			{ID: "I1", Zone: "interior", Min: 1, Max: 2, Priority: 2, Access: booking.Online},
			{ID: "I2", Zone: "interior", Min: 1, Max: 2, Priority: 1, Access: booking.Online},
			{ID: "I3", Zone: "interior", Min: 3, Max: 4, Priority: 1, Access: booking.Online},
			{ID: "T1", Zone: "terraza", Min: 2, Max: 4, Priority: 3, Access: booking.Online},
			{ID: "B1", Zone: "interior", Min: 1, Max: 2, Priority: 9, Access: booking.Online, NeedsWord: text("mesa alta")},
			{ID: "S1", Zone: "interior", Min: 5, Max: 6, Priority: 1, Access: booking.StaffOnly},
			{ID: "W1", Zone: "interior", Min: 1, Max: 8, Priority: 0, Access: booking.WalkInOnly},
		},
		Combinations: []booking.Combination{{Tables: []string{"I1", "I2", "I3"}, Min: 5, Max: 8, Priority: 1}},
	}
}

// testDesk is a desk with all its parts: Monday 23 November 2026, 13:00 in Madrid.
type testDesk struct {
	*booking.Desk
	book  *memory
	clock *testClock
	r     *booking.Restaurant
	t     testing.TB
}

func open(t testing.TB, r *booking.Restaurant) *testDesk {
	t.Helper()
	if _, err := r.Check(); err != nil {
		t.Fatalf("restaurant: %v", err)
	}
	return openOn(r, newMemory(), &testClock{now: time.Date(2026, 11, 23, 13, 0, 0, 0, madrid)}, t)
}

func openOn(r *booking.Restaurant, m *memory, w *testClock, t testing.TB) *testDesk {
	var mu sync.Mutex
	n, chance := 0, rand.New(rand.NewPCG(1, 2))
	desk := booking.NewDesk(booking.Config{
		LinkKey:    []byte("a key of thirty-two bytes, maybe"),
		Restaurant: r, Ledger: m, Journal: m, Locks: m, Clock: w,
		NewID: func(time.Time) string {
			mu.Lock()
			defer mu.Unlock()
			n++
			return fmt.Sprintf("B%06d-%d", n, len(m.bookings))
		},
		NewCode: func(n int) string {
			mu.Lock()
			defer mu.Unlock()
			random := make([]byte, n)
			for i := range random {
				random[i] = byte(chance.Uint32())
			}
			return booking.CodeFrom(random)
		},
	})
	return &testDesk{desk, m, w, r, t}
}

// guest returns a caller with a number of their own.
func guest(n int) booking.Caller {
	return booking.Caller{Channel: booking.ByPhone, Phone: booking.Phone(fmt.Sprintf("+346000%05d", n)), Lang: booking.Spanish}
}

func tableRequest(n int, date, clock string, party int) booking.Request {
	return booking.Request{Caller: guest(n), Date: on(date), Time: at(clock), Party: party, Name: "Ana"}
}

func (s *testDesk) mustBook(r booking.Request) booking.Booking {
	s.t.Helper()
	result, err := s.Book(context.Background(), r)
	if err != nil {
		s.t.Fatalf("book %s %s for %d: %v", r.Date, r.Time, r.Party, err)
	}
	return result.Booking
}

// refusal returns the refusal that err must be.
func refusal(t testing.TB, err error) *booking.Refusal {
	t.Helper()
	no, ok := err.(*booking.Refusal)
	if !ok {
		t.Fatalf("got %v, want a refusal", err)
	}
	return no
}

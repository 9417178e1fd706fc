package vapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/phrase"
	"maitre/store"
	"maitre/store/restaurantfile"
	"maitre/webhook"
	"maitre/webhook/answer"
	"maitre/webhook/phone"
	"maitre/webhook/vapi"
)

// The caller of the tests, and the day on which they call: a Monday evening.
const (
	caller = "+34612345678"
	noon   = "2026-11-23T18:00:00+01:00"
)

// fixture is a whole restaurant on a real data file, with a handler for its calls.
type fixture struct {
	t       testing.TB
	path    string
	clock   *clock
	file    *store.File
	journal *journal
	desk    *booking.Desk
	handler *vapi.Handler
	logged  *syncBuffer
}

// journal is the real one; out of order while broken is set, and keeping
// nothing of what it accepts while careless is.
type journal struct {
	booking.Journal
	broken, careless atomic.Bool
	// slow, where set, is a system of record that takes its time: what is accepted
	// is pending until it is closed, as long as a guest waits.
	slow atomic.Pointer[chan struct{}]
	// patient: a guest waits for it, however long.
	patient atomic.Bool
	// memory keeps the answer of what was slow, as stored has it, once it is written.
	memory webhook.AnswerStore
	stored atomic.Pointer[booking.StoredAnswer]
}

func (j *journal) Await(ctx context.Context, id string) booking.SyncState {
	if slow := j.slow.Load(); slow != nil {
		if j.patient.Load() {
			ctx = context.WithoutCancel(ctx)
		}
		select {
		case <-*slow:
		case <-ctx.Done():
		}
	}
	state := j.SyncState(id)
	if stored := j.stored.Load(); stored != nil && state == booking.Written {
		if err := j.memory.Remember(context.WithoutCancel(ctx), *stored); err != nil {
			return booking.Pending
		}
	}
	return state
}

func (j *journal) SyncState(string) booking.SyncState {
	if slow := j.slow.Load(); slow != nil {
		select {
		case <-*slow:
		default:
			return booking.Pending
		}
	}
	return booking.Written
}

func (j *journal) Accept(ctx context.Context, e booking.Entry) (booking.SyncState, error) {
	if j.broken.Load() {
		return 0, booking.ErrNotKept
	}
	if j.careless.Load() {
		return booking.Written, nil
	}
	if j.slow.Load() != nil {
		j.stored.Store(e.Answer)
		e.Answer = nil // which answer holds shows later
		_, err := j.Journal.Accept(ctx, e)
		return booking.Pending, err
	}
	return j.Journal.Accept(ctx, e)
}

type clock struct{ at atomic.Pointer[time.Time] }

func newClock(t testing.TB, at string) *clock {
	c := &clock{}
	c.set(t, at)
	return c
}

func (c *clock) set(t testing.TB, at string) {
	t.Helper()
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	c.at.Store(&now)
}

func (c *clock) Now() time.Time { return *c.at.Load() }

// change alters a handler's configuration.
type change func(*vapi.Config)

// open opens a handler of the built-in sample restaurant at a fixed moment.
func open(t testing.TB, changes ...change) *fixture {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "maitre.db"), changes...)
}

func openAt(t testing.TB, path string, changes ...change) *fixture {
	t.Helper()
	file, err := restaurantfile.LoadFile("")
	if err != nil {
		t.Fatal(err)
	}
	r := file.Restaurant
	h := &fixture{t: t, path: path, clock: newClock(t, noon), logged: &syncBuffer{}}
	h.file, err = store.Open(t.Context(), path, store.Options{Slug: r.Slug, Now: h.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.file.Close() })
	local := h.file.Local()
	h.journal = &journal{Journal: local, memory: h.file}
	var codes atomic.Uint32
	h.desk = booking.NewDesk(booking.Config{
		Restaurant: r, Ledger: local, Journal: h.journal, Locks: store.NewDateLocks(), Clock: h.clock,
		NewID: store.NewIDs(),
		NewCode: func(n int) string {
			next := codes.Add(1)
			return booking.CodeFrom([]byte{byte(next >> 12), byte(next >> 8), byte(next >> 4), byte(next), 0, 0}[:n])
		},
	})
	numbers, err := phone.New("ES")
	if err != nil {
		t.Fatal(err)
	}
	words := catalogue.New(r)
	c := vapi.Config{
		Desk: h.desk, Renderer: answer.New(words, h.desk.Now), Reader: reader(r, h.desk), Phones: numbers,
		Idempotency: webhook.NewIdempotency(h.file, nil),
		Profile:     vapi.Profile{Restaurant: h.desk, Words: words, PublicURL: "https://maitre.example", CredentialID: "cred"},
		Log:         slog.New(slog.NewTextHandler(h.logged, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, change := range changes {
		change(&c)
	}
	h.handler = vapi.New(c)
	return h
}

func reader(r *booking.Restaurant, d *booking.Desk) *phrase.Reader {
	restaurant := phrase.Restaurant{
		Location: r.Location,
		Lang:     r.Languages[0],
		Windows: func(date booking.Date) (windows []phrase.Window) {
			for _, s := range d.Hours(date).Services {
				windows = append(windows, phrase.Window{First: s.First, Last: s.Last})
			}
			return windows
		},
	}
	for _, z := range r.Zones {
		words := phrase.ZoneWords{ID: z.ID}
		for _, name := range z.Name {
			words.Words = append(words.Words, name)
		}
		restaurant.Zones = append(restaurant.Zones, words)
	}
	return phrase.New(restaurant)
}

// reopened closes the file and opens it again, as after a restart.
func (h *fixture) reopened() *fixture {
	h.t.Helper()
	if err := h.file.Close(); err != nil {
		h.t.Fatal(err)
	}
	return openAt(h.t, h.path)
}

// post hands a body to the handler, and spoils it afterwards as the guard does.
func (h *fixture) post(body []byte) *httptest.ResponseRecorder {
	h.t.Helper()
	lent := slices.Clone(body)
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/vapi", nil)
	h.handler.ServeVAPI(w, r, lent)
	for i := range lent {
		lent[i] = '#'
	}
	return w
}

// called is one tool call of a test.
type called struct {
	id, tool string
	args     any
}

type object = map[string]any

// message writes a tool-calls message of a phone call.
func message(t testing.TB, call, from string, calls ...called) []byte {
	t.Helper()
	list := []object{}
	for _, c := range calls {
		list = append(list, object{"id": c.id, "type": "function", "function": object{"name": c.tool, "arguments": c.args}})
	}
	talk := object{"id": call, "type": "inboundPhoneCall"}
	if from != "" {
		talk["customer"] = object{"number": from}
	}
	body, err := json.Marshal(object{"message": object{"type": "tool-calls", "toolCallList": list, "call": talk}})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// results are what VAPI gets back.
type results struct {
	Results []struct {
		Name       string `json:"name"`
		ToolCallID string `json:"toolCallId"`
		Result     string `json:"result"`
	} `json:"results"`
}

// ask makes one tool call as the caller and returns its answer.
func (h *fixture) ask(tool string, args any) answer.Answer {
	h.t.Helper()
	return h.askFrom(caller, tool, args)
}

var callNumber atomic.Int64

// askFrom makes one tool call, in a phone call of its own.
func (h *fixture) askFrom(from, tool string, args any) answer.Answer {
	h.t.Helper()
	call := fmt.Sprintf("call-%d", callNumber.Add(1))
	return decoded(h.t, h.raw(message(h.t, call, from, called{"t1", tool, args}))[0])
}

// raw returns the results of a message as they are.
func (h *fixture) raw(body []byte) []string {
	h.t.Helper()
	w := h.post(body)
	if w.Code != http.StatusOK {
		h.t.Fatalf("status %d, body %s", w.Code, w.Body)
	}
	var r results
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		h.t.Fatalf("%v in %s", err, w.Body)
	}
	var raw []string
	for _, result := range r.Results {
		raw = append(raw, result.Result)
	}
	return raw
}

func decoded(t testing.TB, result string) answer.Answer {
	t.Helper()
	var a answer.Answer
	if err := json.Unmarshal([]byte(result), &a); err != nil {
		t.Fatalf("%v in %s", err, result)
	}
	return a
}

// booked are all bookings of a date.
func (h *fixture) booked(date string) []booking.Booking {
	h.t.Helper()
	d, err := booking.ParseDate(date)
	if err != nil {
		h.t.Fatal(err)
	}
	day, err := h.file.Local().Day(context.Background(), d)
	if err != nil {
		h.t.Fatal(err)
	}
	return day.Bookings
}

// syncBuffer is a buffer that several goroutines may log to.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// decodedMessage is the answer to the only call of a message.
func decodedMessage(t testing.TB, body string) answer.Answer {
	t.Helper()
	var r results
	if err := json.Unmarshal([]byte(body), &r); err != nil || len(r.Results) != 1 {
		t.Fatalf("%v in %s", err, body)
	}
	return decoded(t, r.Results[0].Result)
}

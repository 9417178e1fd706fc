package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/julienschmidt/httprouter"

	"maitre/booking"
	"maitre/webhook"
	"maitre/webhook/answer"
)

// Journal is what the staff see and do of the bookings that are not in the
// system of record yet.
type Journal interface {
	// Entries returns the entries, oldest first, at most so many.
	Entries(ctx context.Context, limit int) ([]booking.JournalEntry, error)
	// Retry retries an entry at once; with an empty ID, all that wait for a person.
	// It returns how many there were.
	Retry(ctx context.Context, id string) (int, error)
	// RetryFixed retries what waited for something in the system of record to be
	// fixed, and returns how many there were.
	RetryFixed(ctx context.Context) (int, error)
	// RetryMissing has written anew what disappeared from the system of record, and
	// SettleMissing lets it go. Both return how many bookings that are.
	RetryMissing(ctx context.Context) (int, error)
	SettleMissing(ctx context.Context, why string) (int, error)
	// Settle ends an entry, because a person saw to it. Errors: [booking.ErrNotFound].
	Settle(ctx context.Context, id, why string) (booking.JournalEntry, error)
	// Answering reports whether the system of record answers, as far as is known;
	// while it does not, nothing is attempted.
	Answering() bool
}

const (
	maxEntries = 1000
	// systemOfRecord is what an entry may wait for.
	systemOfRecord = "system_of_record"

	maxWhy      = 500 // characters
	maxStaffAsk = 16 << 10
	// In place of an ID: allEntries are those that wait for a person, fixedEntries
	// those that waited for something to be fixed, missingEntries those that
	// disappeared from the system of record.
	allEntries     = "all"
	fixedEntries   = "mended"
	missingEntries = "missing"
)

// entryView is a journal entry as the staff see it.
type entryView struct {
	ID       string             `json:"id"`
	State    booking.EntryState `json:"state"`
	Attempts int                `json:"attempts"`
	// Next is when it is attempted again; of a parked entry it is left out.
	Next time.Time `json:"next_attempt,omitzero"`
	// WaitsFor is what has to answer before that.
	WaitsFor string    `json:"waits_for,omitempty"`
	Error    string    `json:"error"`
	Fix      string    `json:"mend,omitempty"`
	Cause    string    `json:"cause,omitempty"`
	Created  time.Time `json:"created"`

	Booking staffBooking      `json:"booking"`
	History []booking.Attempt `json:"history"`
	// Settled is the reason for which a person settled it; it ends once the system of
	// record is known to say so.
	Settled string               `json:"settled,omitempty"`
	Offer   []answer.Alternative `json:"alternatives,omitempty"`
}

// viewEntry shows an entry, with all times in the restaurant's zone.
func (s *site) viewEntry(e booking.JournalEntry, answering bool) entryView {
	zone := s.cfg.Restaurant.Location
	v := entryView{
		ID: e.ID, State: e.State, Attempts: e.Tried, Next: e.Next.In(zone), Created: e.Created.In(zone), Booking: s.staffView(e.Booking, booking.Pending),
		History: make([]booking.Attempt, len(e.Attempts)),
	}
	for i, a := range e.Attempts {
		a.At = a.At.In(zone)
		v.History[i] = a
	}
	if !answering && e.State == booking.EntryPending {
		v.WaitsFor = systemOfRecord
	}
	if n := len(e.Attempts); n > 0 {
		v.Error = e.Attempts[n-1].Text
	}
	if e.Settled != nil {
		v.Settled = e.Settled.Why
	}
	if p := e.Parked; p != nil {
		v.Error, v.Fix, v.Cause, v.Next = p.Text, p.Fix, string(p.Cause), time.Time{}
		for _, o := range p.Offer {
			v.Offer = append(v.Offer, answer.Alternative{Date: o.Date.String(), Time: o.Time.String(), Zone: o.Zone})
		}
	}
	return v
}

// noJournal is the journal of a desk whose data file is the system of record:
// what was accepted is written.
type noJournal struct{}

// Entries returns none.
func (noJournal) Entries(context.Context, int) ([]booking.JournalEntry, error) { return nil, nil }

// Retry finds nothing to try.
func (noJournal) Retry(context.Context, string) (int, error) { return 0, nil }

// RetryFixed finds nothing that waited for anything.
func (noJournal) RetryFixed(context.Context) (int, error) { return 0, nil }

// RetryMissing and SettleMissing find nothing that disappeared.
func (noJournal) RetryMissing(context.Context) (int, error) { return 0, nil }

// SettleMissing finds nothing, see RetryMissing.
func (noJournal) SettleMissing(context.Context, string) (int, error) { return 0, nil }

// Settle knows no entry.
func (noJournal) Settle(context.Context, string, string) (booking.JournalEntry, error) {
	return booking.JournalEntry{}, booking.ErrNotFound
}

// Answering: the data file does, as long as the program runs.
func (noJournal) Answering() bool { return true }

// staffJournal answers GET /admin/api/journal.
func (s *site) staffJournal(w http.ResponseWriter, r *http.Request) {
	entries, err := s.cfg.Journal.Entries(r.Context(), maxEntries)
	if err != nil {
		s.journalFailed(w, r, err)
		return
	}
	answering := s.cfg.Journal.Answering()
	views := make([]entryView, len(entries))
	for i, e := range entries {
		views[i] = s.viewEntry(e, answering)
	}
	writeJSON(w, http.StatusOK, struct {
		Entries     []entryView           `json:"entries"`
		Quarantined []booking.Quarantined `json:"quarantined,omitempty"`
	}{views, s.missed(r.Context())})
}

// knownBase answers GET /admin/api/base.
func (s *site) knownBase(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, s.cfg.KnownBase())
}

// retryEntry answers POST /admin/api/journal/{id}/retry.
func (s *site) retryEntry(w http.ResponseWriter, r *http.Request) {
	n, err := s.retry(r.Context(), httprouter.ParamsFromContext(r.Context()).ByName("id"))
	if err != nil {
		s.journalFailed(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]int{"retried": n})
}

// retry retries an entry, or all that one of the words above names, and returns
// how many there were. Errors: [booking.ErrNotFound].
func (s *site) retry(ctx context.Context, id string) (n int, err error) {
	switch id {
	case allEntries:
		return s.cfg.Journal.Retry(ctx, "")
	case fixedEntries:
		return s.cfg.Journal.RetryFixed(ctx)
	case missingEntries:
		return s.cfg.Journal.RetryMissing(ctx)
	case "": // which the journal takes for all
		return 0, booking.ErrNotFound
	}
	n, err = s.cfg.Journal.Retry(ctx, id)
	if err == nil && n == 0 {
		err = booking.ErrNotFound
	}
	return n, err
}

// settleEntry answers POST /admin/api/journal/{id}/settle.
func (s *site) settleEntry(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Why string `json:"why"`
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxStaffAsk))
	if err != nil || json.Unmarshal(body, &asked) != nil {
		webhook.WriteError(w, http.StatusBadRequest, "invalid", `send {"why":"…"}: how it was settled`, "why")
		return
	}
	id, err := s.settle(r.Context(), httprouter.ParamsFromContext(r.Context()).ByName("id"), asked.Why)
	switch {
	case errors.Is(err, errNoWhy):
		webhook.WriteError(w, http.StatusBadRequest, "invalid", "say why it is settled, in up to 500 characters: it stays in the archive", "why")
	case err != nil:
		s.journalFailed(w, r, err)
	default:
		writeJSON(w, http.StatusOK, map[string]string{"settled": id})
	}
}

// errNoWhy is returned when the reason for settling an entry is missing or too long.
var errNoWhy = errors.New("no reason, or one that is too long")

// settle ends an entry of the journal, or all that disappeared, for a reason, and
// returns its ID.
// Errors: errNoWhy, [booking.ErrNotFound].
func (s *site) settle(ctx context.Context, id, why string) (string, error) {
	why = strings.Join(strings.Fields(why), " ")
	if why == "" || len([]rune(why)) > maxWhy {
		return "", errNoWhy
	}
	if id == missingEntries {
		n, err := s.cfg.Journal.SettleMissing(ctx, why)
		if err == nil && n == 0 {
			err = booking.ErrNotFound
		}
		s.cfg.Log.InfoContext(ctx, "a person settled bookings that had disappeared from the system of record", "bookings", n)
		return id, err
	}
	entry, err := s.cfg.Journal.Settle(ctx, id, why)
	if err != nil {
		return "", err
	}
	s.cfg.Log.InfoContext(ctx, "a person settled a journal entry", "entry", entry.ID, "booking", entry.Booking.ID)
	return entry.ID, nil
}

func (s *site) journalFailed(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, booking.ErrNotFound) {
		noEntry(w)
		return
	}
	s.cfg.Log.ErrorContext(r.Context(), "journal for the staff", slog.Any("error", err))
	webhook.WriteError(w, http.StatusServiceUnavailable, "temporary_failure", "the journal cannot be read or written right now", "")
}

func noEntry(w http.ResponseWriter) {
	webhook.WriteError(w, http.StatusNotFound, "not_found", "the journal has no such entry, or it waits for nobody: it was written, or settled", "id")
}

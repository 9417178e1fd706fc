// Package remote is the client of a running maitre's staff API, which the commands use.
// It knows the API's addresses and answers, and must not know the desk, the data file
// or the pages.
package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Staff is the staff API of a running maitre.
type Staff struct {
	base  string
	token string
	http  *http.Client
}

// maxAnswer bounds an answer, in bytes.
const maxAnswer = 64 << 20

// ErrNotOpen is returned when no maitre answers at the address.
var ErrNotOpen = errors.New("no maitre is open there: start it with maitre serve, or check PORT and LISTEN_HOST")

// New returns the staff API at a host and port, such as "127.0.0.1:8000". An
// address that means any of this machine's is asked at the loopback.
func New(address, token string) (*Staff, error) {
	if token == "" {
		return nil, errors.New("ADMIN_TOKEN is not set: the running maitre and this command need the same one")
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("address of the running maitre: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return &Staff{
		base: "http://" + net.JoinHostPort(host, port), token: token,
		http: &http.Client{Timeout: time.Minute},
	}, nil
}

// problem is how the API writes an error.
type problem struct {
	Error struct {
		Message string `json:"message"`
	} `json:"error"`
}

// ask sends a request and reads its JSON answer into answer, where not nil.
func (s *Staff) ask(ctx context.Context, method, path string, body, answer any) error {
	var send bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&send).Encode(body); err != nil {
			return fmt.Errorf("write request: %w", err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, s.base+path, &send)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("Accept", "application/json")
	res, err := s.http.Do(req)
	if errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("%s: %w", s.base, ErrNotOpen)
	}
	if err != nil {
		return fmt.Errorf("ask the running maitre: %w", err)
	}
	defer func() { _ = res.Body.Close() }() // only read
	got, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("read the running maitre's answer: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		var p problem
		if json.Unmarshal(got, &p) == nil && p.Error.Message != "" {
			return fmt.Errorf("the running maitre says: %s", p.Error.Message)
		}
		return fmt.Errorf("the running maitre answers %s", res.Status)
	}
	if answer == nil {
		return nil
	}
	if err := json.Unmarshal(got, answer); err != nil {
		return fmt.Errorf("read the running maitre's answer: %w", err)
	}
	return nil
}

// Entry is a journal entry as the API shows it.
type Entry struct {
	ID       string    `json:"id"`
	State    string    `json:"state"`
	Attempts int       `json:"attempts"`
	Next     time.Time `json:"next_attempt"`
	WaitsFor string    `json:"waits_for"`
	Error    string    `json:"error"`
	Fix      string    `json:"mend"`
	Cause    string    `json:"cause"`
	Settled  string    `json:"settled"`
	Created  time.Time `json:"created"`
	Booking  struct {
		Code, Date, Time, Name, Table, Zone, Status, Phone, Channel, Notes string
		Party                                                              int
	} `json:"booking"`
	History []struct {
		At         time.Time
		Kind, Text string
	} `json:"history"`
	Alternatives []struct{ Date, Time, Zone string } `json:"alternatives"`
}

// Journal is what the API says of the journal.
type Journal struct {
	Entries []Entry // oldest first
	// Quarantined are values of the data file that could not be read.
	Quarantined []struct{}
}

// Journal returns what is in the journal.
func (s *Staff) Journal(ctx context.Context) (Journal, error) {
	var answer Journal
	err := s.ask(ctx, http.MethodGet, "/admin/api/journal", nil, &answer)
	return answer, err
}

// Entry returns one entry; false: the journal has none by that ID.
func (s *Staff) Entry(ctx context.Context, id string) (Entry, bool, error) {
	all, err := s.Journal(ctx)
	if err != nil {
		return Entry{}, false, err
	}
	for _, e := range all.Entries {
		if strings.EqualFold(e.ID, id) {
			return e, true, nil
		}
	}
	return Entry{}, false, nil
}

// Retry makes an entry go on at once, or with "all" every one that waits for a
// person. It returns how many there were.
func (s *Staff) Retry(ctx context.Context, id string) (int, error) {
	var answer struct{ Retried int }
	err := s.ask(ctx, http.MethodPost, "/admin/api/journal/"+url.PathEscape(id)+"/retry", nil, &answer)
	return answer.Retried, err
}

// Settle takes an entry out, because a person dealt with it.
func (s *Staff) Settle(ctx context.Context, id, why string) error {
	return s.ask(ctx, http.MethodPost, "/admin/api/journal/"+url.PathEscape(id)+"/settle", map[string]string{"why": why}, nil)
}

// KnownBase returns what the desk knows the staff's Airtable base to be, as JSON; nil:
// no desk answers.
func (s *Staff) KnownBase(ctx context.Context) []byte {
	var known json.RawMessage
	if err := s.ask(ctx, http.MethodGet, "/admin/api/base", nil, &known); err != nil {
		return nil
	}
	return known
}

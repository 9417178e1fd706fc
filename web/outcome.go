package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"maitre/booking"
	"maitre/webhook/answer"
)

// actionTime bounds the work for a guest who wants a table. It runs on when the
// guest closes the page.
const actionTime = 15 * time.Second

// outcome is how a booking form was answered, as it is kept for a repeat.
type outcome struct {
	Status int `json:"status"` // HTTP's
	// Of names what was asked for, so that a key is not taken for another form's.
	Of string `json:"of"`
	// Link is what names the booking in its guest's own address.
	Link string `json:"link"`
	// Answer is the answer object.
	Answer json.RawMessage `json:"answer"`
}

// errKeyReused is returned for a key under which something else was asked for.
var errKeyReused = errors.New("another booking form had this key")

// bookOnce books a table once for a key. A refusal is not remembered: nothing was
// done, and the next try may succeed.
//
// Errors: *booking.Refusal; errKeyReused; those of [webhook.Idempotency.Answer].
func (s *site) bookOnce(ctx context.Context, key string, r booking.Request) (outcome, error) {
	lang, of := r.Caller.Lang, nameOf(r)
	r.Reply = booking.Reply{Key: key, Say: func(result booking.Result) []byte {
		return outcome{bookedAs(result), of, s.cfg.Desk.Link(result.Booking), s.spoken.Booked(lang, result).JSON()}.line()
	}}
	line, err := s.cfg.Idempotency.Answer(ctx, key, func(ctx context.Context) ([]byte, bool, error) {
		ctx, cancel := context.WithTimeout(ctx, actionTime)
		defer cancel()
		result, err := s.cfg.Desk.Book(ctx, r)
		if err != nil {
			return nil, false, err
		}
		line, kept := r.Reply.To(result)
		return line, kept, nil
	})
	if err != nil {
		return outcome{}, err
	}
	var o outcome
	if err := json.Unmarshal(line, &o); err != nil {
		return outcome{}, fmt.Errorf("read the answer kept under %q: %w", key, err)
	}
	if o.Of != of {
		return outcome{}, errKeyReused
	}
	return o, nil
}

// wait puts a party on the waitlist, where it may be already. It returns the status
// and the answer, and the free table, if there is one after all.
//
// Errors: *booking.Refusal.
func (s *site) wait(ctx context.Context, renderer *answer.Renderer, r booking.Request) (int, answer.Answer, *booking.Offer, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), actionTime)
	defer cancel()
	waited, err := s.cfg.Desk.Wait(ctx, r)
	if err != nil {
		return 0, answer.Answer{}, nil, err
	}
	status := http.StatusCreated
	if waited.Offer != nil || waited.Repeated {
		status = http.StatusOK
	}
	// Whoever types a number does not see under which name it waits.
	waited.Waiting.Name = strings.Join(strings.Fields(r.Name), " ")
	return status, renderer.Listed(r.Caller.Lang, waited), waited.Offer, nil
}

// line is the outcome as it is kept.
func (o outcome) line() []byte {
	line, err := json.Marshal(o)
	if err != nil {
		panic(err) // an answer object is JSON
	}
	return line
}

// nameOf names what is asked for.
func nameOf(r booking.Request) string {
	digest := sha256.New()
	for _, part := range []string{string(r.Phone), r.Name, r.Email, r.Date.String(), r.Time.String(), strconv.Itoa(r.Party), r.Zone, r.Notes} {
		_, _ = fmt.Fprintf(digest, "%d:%s", len(part), part) // a hash takes everything
	}
	return hex.EncodeToString(digest.Sum(nil)[:16])
}

// bookedAs returns the status of the desk's result.
func bookedAs(r booking.Result) int {
	switch {
	case r.State == booking.Pending:
		return http.StatusAccepted
	case r.Repeated:
		return http.StatusOK
	}
	return http.StatusCreated
}

// refusedAs returns the status of the desk's refusal, and logs a failure.
func (s *site) refusedAs(ctx context.Context, err error) int {
	status := statusOf(err)
	if status == http.StatusServiceUnavailable {
		s.cfg.Log.ErrorContext(ctx, "booking page: the desk failed", slog.Any("error", err))
	}
	return status
}

// shownAs returns the status of a page that shows the desk's refusal: on a GET, a
// conflict is shown with 200.
func (s *site) shownAs(r *http.Request, err error) int {
	status := s.refusedAs(r.Context(), err)
	if status == http.StatusConflict && r.Method != http.MethodPost {
		return http.StatusOK
	}
	return status
}

func statusOf(err error) int {
	refusal, ok := errors.AsType[*booking.Refusal](err)
	switch {
	case !ok || refusal.Reason == booking.Failed:
		return http.StatusServiceUnavailable
	case refusal.Reason == booking.Invalid && refusal.Problem != booking.BetweenSlot:
		return http.StatusBadRequest
	case refusal.Reason == booking.NotFound:
		return http.StatusNotFound
	}
	return http.StatusConflict
}

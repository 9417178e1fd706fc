package web

import (
	"context"
	"log/slog"
	"net/http"
	"slices"

	"maitre/booking"
	"maitre/webhook"
)

// Messages lists the messages to guests and staff; *store.Outbox implements it.
type Messages interface {
	// List returns messages in a state, the newest first, at most so many.
	List(ctx context.Context, state booking.MessageState, limit int) ([]booking.OutboxMessage, error)
}

const maxMessages = 200

// staffMessages answers GET /admin/api/messages?state=STATE; without a state,
// those that failed: a person has to see to them.
func (s *site) staffMessages(w http.ResponseWriter, r *http.Request) {
	state := booking.MessageFailed
	if asked := r.URL.Query().Get("state"); asked != "" {
		state = booking.MessageState(asked)
	}
	if !slices.Contains(booking.MessageStates(), state) {
		webhook.WriteError(w, http.StatusBadRequest, "invalid", "there is no such state: docs/messages.md names them", "state")
		return
	}
	messages, err := s.cfg.Messages.List(r.Context(), state, maxMessages)
	if err != nil {
		s.cfg.Log.ErrorContext(r.Context(), "messages for the staff", slog.Any("error", err))
		webhook.WriteError(w, http.StatusServiceUnavailable, "temporary_failure", "the messages cannot be read right now", "")
		return
	}
	if messages == nil {
		messages = []booking.OutboxMessage{} // [] in JSON, not null
	}
	writeJSON(w, http.StatusOK, struct {
		Messages []booking.OutboxMessage `json:"messages"`
	}{messages})
}

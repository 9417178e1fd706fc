package twilio

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"

	"maitre/booking"
	"maitre/webhook"
)

// Receipts takes the carrier's receipts; *store.Outbox implements it.
type Receipts interface {
	// Delivered notes a receipt, and reports whether it changed the message's state.
	Delivered(ctx context.Context, r booking.Receipt) (m booking.OutboxMessage, changed bool, err error)
}

// Status answers Twilio's status callbacks, whose sender has been recognised.
// changed, where not nil, is called when there is something to do about a message.
//
// A receipt that could not be kept is answered with 500: Twilio does not send it
// again, but its debugger shows that we did not take it.
func Status(receipts Receipts, changed func(), log *slog.Logger) webhook.Next {
	return func(w http.ResponseWriter, r *http.Request, body []byte) {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			webhook.WriteError(w, http.StatusBadRequest, "malformed", "the body is not a form", "")
			return
		}
		_, news, err := receipts.Delivered(r.Context(), Receipt(r.URL.Query(), form))
		if err != nil {
			log.ErrorContext(r.Context(), "save the receipt of a message", "error", err)
			webhook.WriteError(w, http.StatusInternalServerError, "temporary_failure", "the receipt could not be kept", "")
			return
		}
		if news && changed != nil {
			changed()
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

package vapi

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"maitre/booking"
	"maitre/booking/phrase"
	"maitre/webhook"
	"maitre/webhook/answer"
	"maitre/webhook/phone"
)

// Idempotency has what changes something done once; *webhook.Idempotency does.
type Idempotency interface {
	Answer(ctx context.Context, key string, do webhook.Action) ([]byte, error)
	FirstAnswer(ctx context.Context, key string) (answer []byte, ok bool, err error)
}

// Config is what a Handler is made of. All but Log and Assistant's optional
// fields are needed.
type Config struct {
	Desk        webhook.Desk
	Renderer    *answer.Renderer
	Reader      *phrase.Reader
	Phones      *phone.Parser
	Idempotency Idempotency
	// Profile describes the assistant that answers an assistant-request.
	Profile Profile
	// Log gets the ends of calls and failures of tools, never what was said.
	// Nil discards.
	Log *slog.Logger
}

// maxCalls is how many tool calls of one message are carried out. A model makes one,
// at times three; each one beyond maxCalls is answered with an error, and does nothing.
const maxCalls = 20

// Handler answers VAPI's server messages. It is safe for concurrent use.
type Handler struct {
	cfg       Config
	languages map[booking.Lang]bool
	zones     map[string]string // lower-cased ID to ID
	first     booking.Lang      // spoken when nothing else is known
}

// New returns a handler for the desk's restaurant.
func New(c Config) *Handler {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	restaurant := c.Desk.Restaurant()
	h := &Handler{
		cfg:       c,
		languages: make(map[booking.Lang]bool, len(restaurant.Languages)),
		zones:     make(map[string]string, len(restaurant.Zones)),
		first:     restaurant.Languages[0],
	}
	for _, lang := range restaurant.Languages {
		h.languages[lang] = true
	}
	for _, zone := range restaurant.Zones {
		h.zones[strings.ToLower(zone.ID)] = zone.ID
	}
	return h
}

// ServeVAPI answers a message whose sender has been recognised. It keeps
// nothing of body. It has the form of a [webhook.Next].
//
// What is not JSON gets 400, which counts as malformed; everything else 200,
// the only status that VAPI looks at: the results for tool-calls, the assistant
// for an assistant-request, and {} for the rest, known or not.
func (h *Handler) ServeVAPI(w http.ResponseWriter, r *http.Request, body []byte) {
	m, err := decode(body)
	if err != nil {
		webhook.WriteError(w, http.StatusBadRequest, "malformed", "the body is not JSON", "")
		return
	}
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	_, _ = w.Write(h.answer(r.Context(), m)) // VAPI may have hung up
}

func (h *Handler) answer(ctx context.Context, m message) []byte {
	switch m.kind {
	case toolCalls:
		return h.results(ctx, m)
	case assistantRequest:
		return h.assistant(ctx, m)
	case endOfCallReport:
		h.cfg.Log.InfoContext(ctx, "call ended", "call", clip(m.call), "reason", clip(m.reason))
	case statusUpdate:
		h.cfg.Log.DebugContext(ctx, "call status", "call", clip(m.call), "status", clip(m.status))
	case hang:
		h.cfg.Log.WarnContext(ctx, "assistant stalled", "call", clip(m.call))
	}
	return []byte("{}")
}

// results answers the calls of a message one by one, in their order.
func (h *Handler) results(ctx context.Context, m message) []byte {
	out := make([]byte, 0, 1024)
	out = append(out, `{"results":[`...)
	for i, call := range m.calls {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, `{"name":`...)
		out = quoted(out, call.name)
		out = append(out, `,"toolCallId":`...)
		out = quoted(out, call.id)
		out = append(out, `,"result":`...)
		if i < maxCalls {
			out = quoted(out, h.result(ctx, &m, call))
		} else {
			out = quoted(out, h.failure(h.first))
		}
		out = append(out, '}')
	}
	return append(out, `]}`...)
}

// result answers one call. A panic in it does not touch the other calls of the message.
func (h *Handler) result(ctx context.Context, m *message, call toolCall) (result []byte) {
	t := h.task(m, call)
	defer func() {
		if fault := recover(); fault != nil {
			h.cfg.Log.ErrorContext(ctx, "tool panicked", "tool", clip(call.name), "call", clip(m.call),
				"panic", fault, "stack", string(debug.Stack()))
			result = h.failure(t.lang)
		}
	}()
	switch call.name {
	case "get_info":
		return h.cfg.Renderer.Info(t.lang, call.args.topic.text).JSON()
	case "get_hours", "get_horarios":
		return t.hours()
	case "check_availability":
		return t.availability(ctx)
	case "create_reservation":
		return t.once(ctx, t.book)
	case "get_reservation":
		return t.lookup(ctx)
	case "update_reservation":
		return t.once(ctx, t.change)
	case "cancel_reservation":
		return t.once(ctx, t.cancel)
	case "confirm_reservation", "confirm_verbal":
		return t.once(ctx, t.confirm)
	case "add_to_waitlist":
		if !t.cfg.Desk.KeepsWaitlist() {
			return t.cfg.Renderer.NoWaitlist(t.lang).JSON()
		}
		return t.once(ctx, t.waitlist)
	case "leave_waitlist":
		return t.once(ctx, t.leaveWaitlist)
	}
	h.cfg.Log.WarnContext(ctx, "unknown tool", "tool", clip(call.name), "call", clip(m.call))
	return t.refuse(&booking.Refusal{Reason: booking.Invalid, Field: "tool", Problem: booking.Unknown})
}

// failure says that nothing could be done now.
func (h *Handler) failure(lang booking.Lang) []byte {
	return h.cfg.Renderer.Refused(lang, &booking.Refusal{Reason: booking.Failed}).JSON()
}

// quoted appends text as a JSON string. Broken UTF-8 is replaced.
func quoted[text ~string | ~[]byte](dst []byte, s text) []byte {
	dst, _ = jsontext.AppendQuote(dst, s) // the error is only for broken UTF-8
	return dst
}

// clip bounds what is logged of a text from outside.
func clip(s string) string {
	const most = 64
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}

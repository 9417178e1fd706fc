package whatsapp

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/phrase"
	"maitre/webhook"
	"maitre/webhook/phone"
)

// Dialogues keeps the states of conversations; store.Dialogues implements it.
type Dialogues interface {
	// Load returns what was saved last, which is the caller's, and when.
	Load(ctx context.Context, phone booking.Phone) (value []byte, updated time.Time, ok bool, err error)
	// Save keeps value and, where it is set, the answer in the same commit. When
	// it returns nil, both are synced to disk.
	Save(ctx context.Context, phone booking.Phone, value []byte, answer *booking.StoredAnswer) error
}

// Escalation is a guest who needs a person.
type Escalation struct {
	Phone booking.Phone
	// Name is the guest's where it is known; a guest may have chosen it freely.
	Name string
	Lang booking.Lang
	// Said is what the guest wrote, at most MaxSaid runes, without control characters.
	Said string
	At   time.Time
}

// MaxSaid bounds how much of a guest's text the staff get, in runes.
const MaxSaid = 500

// Escalate asks the staff to call the guest. When it returns nil, the request is on
// disk, and the guest reads that somebody will call.
type Escalate interface {
	Escalate(ctx context.Context, e Escalation) error
}

// OptOut keeps the phones that want no messages but answers.
type OptOut interface {
	// Stop, and Start again: when they return nil, it is kept.
	Stop(ctx context.Context, phone booking.Phone) error
	Start(ctx context.Context, phone booking.Phone) error
}

// Config is what a Handler is made of. Desk, Words, Reader, Phones,
// Idempotency and Dialogues are needed.
type Config struct {
	Desk webhook.Desk
	// Words are the restaurant's; they are written, whatever is given.
	Words       *catalogue.Catalogue
	Reader      *phrase.Reader
	Phones      *phone.Parser
	Idempotency *webhook.Idempotency
	Dialogues   Dialogues
	// Escalate asks for a person. Nil: guests are asked to call the restaurant.
	Escalate Escalate
	// OptOut keeps who wants no messages. Nil: guests who want none are asked to call the restaurant.
	OptOut OptOut
	// Heard, where set, is called for every message of a guest's, a repeat included:
	// for a day from then on the guest may be sent free text.
	OnMessage func(ctx context.Context, phone booking.Phone, at time.Time) error
	// AccountSID is the account whose messages are answered, others get 403;
	// empty: the Authenticator has seen to it.
	AccountSID string
	// Now is the clock by which a conversation expires. Defaults to the desk's.
	Now func() time.Time
	// Log gets failures, never what was said. Nil discards.
	Log *slog.Logger
}

// How long a message may take. Twilio gives up after 15 seconds, and the guest then
// gets no answer.
const (
	// workTime is what the desk has for a message, saveTime the disk after it.
	workTime = 8 * time.Second
	saveTime = 1500 * time.Millisecond
	// answerTime is when the guest is answered in any case. The work under way
	// goes on to its end.
	answerTime = 10 * time.Second
)

// Handler answers guests' messages. It is safe for concurrent use.
type Handler struct {
	cfg       Config
	languages map[booking.Lang]bool
	first     booking.Lang // spoken when nothing else is known
	locks     *phoneLocks
}

// New returns a handler for the desk's restaurant.
func New(c Config) *Handler {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = c.Desk.Now
	}
	c.Words = c.Words.Written()
	h := &Handler{cfg: c, languages: map[booking.Lang]bool{}, locks: newPhoneLocks()}
	restaurant := c.Desk.Restaurant()
	h.first = restaurant.Languages[0]
	for _, lang := range restaurant.Languages {
		h.languages[lang] = true
	}
	return h
}

// ServeWhatsApp answers a message whose sender has been recognised. It keeps
// nothing of body. It has the form of a [webhook.Next].
//
// What is no message gets 400, which counts as malformed, and another account's
// 403; everything else 200 and TwiML, within ten seconds.
func (h *Handler) ServeWhatsApp(w http.ResponseWriter, r *http.Request, body []byte) {
	m, err := readMessage(body)
	switch {
	case err != nil:
		webhook.WriteError(w, http.StatusBadRequest, "malformed", "the body is not a message of Twilio's", "")
		return
	case h.cfg.AccountSID != "" && m.account != h.cfg.AccountSID:
		webhook.WriteError(w, http.StatusForbidden, "forbidden", "the message is of an account that is not served here", "")
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/xml; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	_, _ = w.Write(h.inTime(r.Context(), m)) // Twilio may have hung up
}

// inTime answers a message, in time even when the result is not known yet.
func (h *Handler) inTime(ctx context.Context, m message) []byte {
	answered := make(chan []byte, 1)
	go func() { answered <- h.answer(context.WithoutCancel(ctx), m) }()
	late := time.NewTimer(answerTime)
	defer late.Stop()
	select {
	case answer := <-answered:
		return answer
	case <-late.C:
		h.cfg.Log.ErrorContext(ctx, "message not answered in time; what is under way is carried on", "message", m.sid, "within", answerTime)
		return twiml(h.cfg.Words.Says(h.languageOf(m), catalogue.NotSure))
	}
}

// answer answers a message; a repeat of it gets the same bytes.
func (h *Handler) answer(ctx context.Context, m message) (answer []byte) {
	defer func() {
		if fault := recover(); fault != nil {
			h.cfg.Log.ErrorContext(ctx, "message panicked", "message", m.sid, "panic", fault, "stack", string(debug.Stack()))
			answer = twiml(h.cfg.Words.Says(h.languageOf(m), catalogue.NotSure))
		}
	}()
	phone, err := h.phoneOf(m)
	if err != nil {
		h.cfg.Log.WarnContext(ctx, "message from no number that can be written to", "message", m.sid, "error", err)
		return twiml(h.cfg.Words.NoNumber(h.languageOf(m)))
	}
	if h.cfg.OnMessage != nil && m.chat {
		if err := h.cfg.OnMessage(ctx, phone, h.cfg.Now()); err != nil {
			h.cfg.Log.ErrorContext(ctx, "note that a guest wrote", "phone", phone.Masked(), "error", err)
		}
	}
	key := webhook.Key("twilio", m.sid)
	answer, err = h.cfg.Idempotency.Answer(ctx, key, func(ctx context.Context) ([]byte, bool, error) {
		return h.converse(ctx, phone, m, key)
	})
	if err != nil {
		h.cfg.Log.ErrorContext(ctx, "message not answered as it should be", "message", m.sid, "phone", phone.Masked(), "error", err)
		return twiml(h.cfg.Words.Failed(h.languageOf(m)))
	}
	return answer
}

// phoneOf returns the number that Twilio vouches for.
func (h *Handler) phoneOf(m message) (booking.Phone, error) { return h.cfg.Phones.Parse(m.from) }

// languageOf is the language of a message by itself.
func (h *Handler) languageOf(m message) booking.Lang {
	if lang := h.cfg.Reader.Understand(m.text, h.cfg.Now(), h.first).Lang; h.languages[lang] {
		return lang
	}
	return h.first
}

// caller is who speaks to the desk.
func caller(phone booking.Phone, lang booking.Lang) booking.Caller {
	return booking.Caller{Channel: booking.ByWhatsApp, Phone: phone, Lang: lang}
}

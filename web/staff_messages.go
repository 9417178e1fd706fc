package web

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"maitre/booking"
)

// shownMessages is how many of each kind the page shows; the API has more.
const shownMessages = 50

// messagesPage is what did not arrive, and what is still to go.
type messagesPage struct {
	staffPage
	Failed, Waiting []messageView
}

// messageView is a message in words.
type messageView struct {
	Kind, Name string
	To         booking.Phone
	ToShown    string
	At         string // when it was given up, or when it goes
	Why        string
	Text       string
	Detail     string // the carrier's words
}

// messagesPage answers GET /admin/mensajes.
func (s *site) messagesPage(w http.ResponseWriter, r *http.Request) {
	entries, journalErr := s.cfg.Journal.Entries(r.Context(), maxEntries)
	view := messagesPage{staffPage: s.staffPage(r, messagesPath, entries)}
	failed, failedErr := s.messagesIn(r, booking.MessageFailed, booking.MessageWithheld)
	waiting, waitingErr := s.messagesIn(r, booking.MessageWaiting, booking.MessageSending, booking.MessageUnknown, booking.MessageBounced)
	if err := errors.Join(journalErr, failedErr, waitingErr); err != nil {
		s.cfg.Log.ErrorContext(r.Context(), "messages for the staff", "error", err)
		s.staffProblem(w, view.page, http.StatusServiceUnavailable, view.Words.Staff.Message.NotRead, view.Words.Staff.NotReadHelp)
		return
	}
	for _, m := range failed {
		view.Failed = append(view.Failed, s.messageOf(view.page, m))
	}
	for _, m := range waiting {
		view.Waiting = append(view.Waiting, s.messageOf(view.page, m))
	}
	s.render(w, http.StatusOK, "messages", view.Lang, view)
}

// messagesIn are the messages in some states, the newest first.
func (s *site) messagesIn(r *http.Request, states ...booking.MessageState) (all []booking.OutboxMessage, err error) {
	for _, state := range states {
		some, err := s.cfg.Messages.List(r.Context(), state, shownMessages)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b booking.OutboxMessage) int { return cmp.Compare(b.ID, a.ID) })
	return all[:min(len(all), shownMessages)], nil
}

func (s *site) messageOf(p page, m booking.OutboxMessage) messageView {
	words := p.Words.Staff.Message
	v := messageView{
		Kind: cmp.Or(words.kinds[m.Kind], string(m.Kind)), To: m.To, ToShown: written(m.To), Text: m.Text, Detail: m.Reason,
	}
	if m.Kind != booking.MessageAlert && len(m.Vars) > 0 {
		v.Name = m.Vars[0] // the guest's, in every template of ours
	}
	switch {
	case m.State == booking.MessageWithheld:
		v.Why = words.codes[optedOut]
	case !m.State.Open():
		v.Why = cmp.Or(words.codes[m.Code], words.Unknown)
	case m.State == booking.MessageUnknown || m.State == booking.MessageSending:
		v.Why = words.InDoubt
	case m.Code != 0:
		v.Why = words.Again
	}
	v.At = s.momentOf(p, m.Changed)
	if m.State.Open() {
		v.At = s.momentOf(p, cmp.Or(m.Next, m.Changed))
	}
	return v
}

// optedOut is the carrier's code for who wants no messages.
const optedOut = 21610

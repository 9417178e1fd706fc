package twiliotest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"maitre/webhook"
)

// StatusCallback is a status callback that was made.
type StatusCallback struct {
	SID    string `json:"sid"`
	Status string `json:"status"`
	Code   int    `json:"code,omitempty"`
	// Answered is the HTTP status of the answer; 0: there was none.
	Answered int `json:"answered"`
}

// Callbacks returns the callbacks that were made, in their order.
func (s *Server) Callbacks() []StatusCallback {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.callbacks)
}

// WaitCallbacks returns when no callback is under way.
func (s *Server) WaitCallbacks() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.calls > 0 {
		s.quiet.Wait()
	}
}

// ErrNoMessage is returned by Callback for a message that was not taken, or that
// has no status callback.
var ErrNoMessage = errors.New("no such message, or it has no status callback")

// Callback tells the restaurant now what became of a message, with an error code
// or 0. It returns when that was answered, or could not be.
func (s *Server) Callback(sid, status string, code int) error {
	s.mu.Lock()
	at := slices.IndexFunc(s.messages, func(m *Message) bool { return m.SID == sid })
	if at < 0 || s.messages[at].StatusCallback == "" {
		s.mu.Unlock()
		return fmt.Errorf("%w: %s", ErrNoMessage, sid)
	}
	m := s.messages[at]
	s.mu.Unlock()
	s.tell(m, status, code)
	return nil
}

// tell changes a message's status, and makes the callback if there is to be one.
func (s *Server) tell(m *Message, status string, code int) {
	s.mu.Lock()
	m.Status, m.Code = status, code
	made, address, form := StatusCallback{SID: m.SID, Status: status, Code: code}, m.StatusCallback, s.form(m)
	s.mu.Unlock()
	if address == "" {
		return
	}
	made.Answered = s.post(address, form)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.callbacks = append(s.callbacks, made)
}

// form is what a callback says of a message. s.mu is held.
func (s *Server) form(m *Message) url.Values {
	form := url.Values{
		"MessageSid": {m.SID}, "SmsSid": {m.SID}, "MessageStatus": {m.Status}, "SmsStatus": {m.Status},
		"To": {m.To}, "From": {m.From}, "AccountSid": {s.options.AccountSID}, "ApiVersion": {"2010-04-01"},
	}
	if phone, ok := strings.CutPrefix(m.To, whatsApp); ok {
		form.Set("ChannelPrefix", "whatsapp")
		form.Set("ChannelToAddress", phone)
	}
	if m.Code != 0 {
		form.Set("ErrorCode", strconv.Itoa(m.Code))
	}
	return form
}

// post makes a signed request, and returns the status of its answer; 0 when
// there was none.
func (s *Server) post(address string, form url.Values) int {
	body := form.Encode()
	headers, err := webhook.SignTwilio(s.options.Token, address, []byte(body))
	if err != nil {
		return 0
	}
	r, err := http.NewRequestWithContext(s.stopped, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return 0
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	for _, h := range headers {
		r.Header.Set(h.Name, h.Value)
	}
	resp, err := s.client.Do(r)
	if err != nil {
		return 0
	}
	defer func() { _ = resp.Body.Close() }()                     // nothing of it is needed
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20)) // so that the connection is used again
	return resp.StatusCode
}

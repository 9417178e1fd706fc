package twiliotest

import (
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	whatsApp = "whatsapp:"
	maxBody  = 1600
	window   = 24 * time.Hour
)

// create takes a message, or refuses it as Twilio does.
func (s *Server) create(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	request := Request{Op: OpSend}
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media != "application/x-www-form-urlencoded" {
		s.answer(w, r, request, refuse(http.StatusUnsupportedMediaType, 20001, "Unsupported content type"))
		return
	}
	if err := r.ParseForm(); err != nil {
		s.answer(w, r, request, refuse(http.StatusBadRequest, 20001, "The form cannot be read"))
		return
	}
	form := r.PostForm
	request.To = form.Get("To")
	fault := s.hit(OpSend, request.To)
	if fault != nil && !fault.After && fault.Callback == 0 {
		s.fail(w, r, request, fault)
		return
	}
	m, refusal := s.read(form)
	if refusal != nil {
		s.answer(w, r, request, *refusal)
		return
	}
	code := 0
	if fault != nil {
		code = fault.Callback
	}
	s.take(m, code)
	request.SID = m.SID
	if fault != nil && fault.After {
		s.fail(w, r, request, fault)
		return
	}
	s.mu.Lock()
	body := resource(s.options.AccountSID, m)
	s.mu.Unlock()
	s.answer(w, r, request, reply{status: http.StatusCreated, body: body})
}

// take makes a message Twilio's, and lets its callbacks begin: in the end it
// fails with the code, where there is one.
func (s *Server) take(m *Message, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids++
	m.SID = fmt.Sprintf("SM%032x", s.ids)
	m.Status, m.Created = "queued", s.options.Clock()
	s.messages = append(s.messages, m)
	phone, toWhatsApp := strings.CutPrefix(m.To, whatsApp)
	if code == 0 && s.options.Window && toWhatsApp && m.ContentSID == "" && m.Created.Sub(s.inbound[phone]) >= window {
		code = 63016
	}
	if code == 0 && len(s.options.Statuses) == 0 {
		return
	}
	statuses := s.options.Statuses
	if code != 0 {
		statuses = []string{"sent", "undelivered"}
	}
	s.calls++
	go func() {
		for i, status := range statuses {
			last := 0
			if i == len(statuses)-1 {
				last = code
			}
			s.tell(m, status, last)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.calls--
		s.quiet.Broadcast()
	}()
}

var (
	e164      = regexp.MustCompile(`^(whatsapp:)?\+[1-9]\d{6,14}$`)
	contentID = regexp.MustCompile(`^HX[0-9A-Za-z]+$`)
)

// read makes a message of a form.
func (s *Server) read(form url.Values) (*Message, *reply) {
	bad := func(code int, format string, args ...any) (*Message, *reply) {
		r := refuse(http.StatusBadRequest, code, fmt.Sprintf(format, args...))
		return nil, &r
	}
	for name, values := range form {
		if len(values) > 1 {
			return bad(20001, "Parameter %s is repeated", name)
		}
	}
	m := &Message{To: form.Get("To"), From: form.Get("From"), Body: form.Get("Body"),
		ContentSID: form.Get("ContentSid"), StatusCallback: form.Get("StatusCallback")}
	switch {
	case m.To == "":
		return bad(21604, "A 'To' phone number is required.")
	case !e164.MatchString(m.To):
		return bad(21211, "The 'To' number %s is not a valid phone number.", m.To)
	case m.From == "":
		return bad(21603, "A 'From' phone number is required.")
	case !e164.MatchString(m.From):
		return bad(21212, "The 'From' number %s is not a valid phone number.", m.From)
	case strings.HasPrefix(m.To, whatsApp) != strings.HasPrefix(m.From, whatsApp):
		return bad(21910, "Invalid From and To pair. From and To should be of the same channel")
	case m.Body == "" && m.ContentSID == "":
		return bad(21602, "Message body is required.")
	case m.Body != "" && m.ContentSID != "":
		return bad(21654, "Body and ContentSid exclude each other.")
	case utf8.RuneCountInString(m.Body) > maxBody:
		return bad(21617, "The concatenated message body exceeds the 1600 character limit.")
	case m.ContentSID != "" && !contentID.MatchString(m.ContentSID):
		return bad(21655, "The ContentSid %s is invalid.", m.ContentSID)
	}
	if callback := m.StatusCallback; callback != "" {
		if u, err := url.Parse(callback); err != nil || u.Host == "" || strings.Contains(u.Hostname(), "_") {
			return bad(21609, "The 'StatusCallback' URL %s is not valid.", callback)
		}
	}
	if text := form.Get("ContentVariables"); text != "" {
		if err := json.Unmarshal([]byte(text), &m.Variables); err != nil || m.ContentSID == "" {
			return bad(21656, "The ContentVariables parameter is invalid.")
		}
	}
	if problem := badVariables(m.Variables); problem != "" {
		return bad(63013, "The template's values break WhatsApp's policy: %s", problem)
	}
	if m.ContentSID != "" {
		m.Body = s.fillIn(m.ContentSID, m.Variables)
	}
	return m, nil
}

// badVariables returns which of WhatsApp's rules the values of a template break.
func badVariables(values map[string]string) string {
	runes := 0
	for name, value := range values {
		runes += utf8.RuneCountInString(value)
		switch {
		case value == "":
			return name + " is empty"
		case strings.ContainsAny(value, "\n\r\t"):
			return name + " has more than a line"
		case strings.Contains(value, "     "):
			return name + " has more than four blanks in a row"
		}
	}
	if runes > 1024 {
		return "they are longer than 1024 characters"
	}
	return ""
}

func (s *Server) fillIn(sid string, values map[string]string) string {
	text, known := s.options.Templates[sid]
	names := slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		if known {
			text = strings.ReplaceAll(text, "{{"+name+"}}", values[name])
		} else {
			text += " " + values[name]
		}
	}
	return strings.TrimSpace(text)
}

// resource is a message as the API shows it. s.mu is held.
func resource(account string, m *Message) map[string]any {
	out := map[string]any{
		"sid": m.SID, "account_sid": account, "to": m.To, "from": m.From, "body": m.Body, "status": m.Status,
		"direction": "outbound-api", "api_version": "2010-04-01", "num_segments": "1", "num_media": "0",
		"date_created": m.Created.UTC().Format(time.RFC1123Z), "date_updated": m.Created.UTC().Format(time.RFC1123Z),
		"date_sent": nil, "error_code": nil, "error_message": nil, "messaging_service_sid": nil, "price": nil, "price_unit": "USD",
		"uri": "/2010-04-01/Accounts/" + account + "/Messages/" + m.SID + ".json",
	}
	if m.Status != "queued" {
		out["date_sent"] = m.Created.UTC().Format(time.RFC1123Z)
	}
	if m.Code != 0 {
		out["error_code"], out["error_message"] = m.Code, "failed"
	}
	return out
}

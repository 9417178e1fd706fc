package airtabletest

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"maitre/e2e/servertest"
)

// call is a request that was understood.
type call struct {
	op    Op
	base  string // "" where the route names none
	table string // as written: a name or an ID
	id    string // of a record, a field or a webhook
	query url.Values
	body  []byte
	json  bool // the Content-Type says so
	token Token
	serve func(*call) (any, error)
}

// reply is an answer: JSON from a value or as it is, or a gateway's page.
type reply struct {
	status int
	header http.Header
	body   any
	raw    []byte
	html   string
}

// ServeHTTP answers as Airtable does, unless a fault is in force.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.control.Handles(r) {
		s.control.ServeHTTP(w, r)
		return
	}
	s.mux.ServeHTTP(w, r)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, c *call) {
	early := s.read(w, r, c)
	out, fault := s.answer(r, c, early)
	if fault != nil && !s.applyFault(r, fault, &out) {
		panic(http.ErrAbortHandler) // closes the connection without an answer
	}
	out.write(w)
}

// read completes a call from its request, and returns the refusal that comes
// before everything else, or nil.
func (s *Server) read(w http.ResponseWriter, r *http.Request, c *call) *refusal {
	c.query = r.URL.Query()
	c.json = strings.Contains(strings.ToLower(r.Header.Get("Content-Type")), "application/json")
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.options.MaxBody))
	c.body = body
	if c.op == OpUpdate && upserts(body) {
		c.op = OpUpsert
	}
	var large *http.MaxBytesError
	switch {
	case len(r.URL.RequestURI()) > maxURL:
		return &refusal{status: http.StatusRequestURITooLong, kind: "URI_TOO_LONG"}
	case c.serve == nil:
		return errNotFound
	case errors.As(err, &large):
		return errTooLarge
	case err != nil:
		return errBadBody
	}
	return nil
}

func upserts(body []byte) bool {
	var probe struct {
		Upsert json.RawMessage `json:"performUpsert"`
	}
	return json.Unmarshal(body, &probe) == nil && len(probe.Upsert) > 0 && string(probe.Upsert) != "null"
}

// answer decides under the lock, and writes the request log. With it comes the
// fault that hit it, or nil.
func (s *Server) answer(r *http.Request, c *call, early *refusal) (reply, *Fault) {
	s.mu.Lock()
	fault := s.hit(c)
	end := s.Begin(Request{At: s.now(), Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery,
		Body: string(c.body[:min(len(c.body), 16<<10)]), Op: c.op, Table: c.table}, fault)
	s.mu.Unlock()
	if fault != nil && !fault.After {
		if fault.Do != nil {
			fault.Do()
		}
		if fault.Late > 0 {
			s.takeEffectLate(r, c, early, time.Duration(fault.Late))
		}
		if fault.Answered() {
			end(0, "")
			return reply{}, fault
		}
		servertest.Wait(r.Context(), s.stopped, time.Duration(fault.Latency))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := s.decide(r, c, early)
	out := reply{status: http.StatusOK, body: body}
	kind := ""
	if err != nil {
		var refused *refusal
		if !errors.As(err, &refused) {
			refused = unexpected(http.StatusInternalServerError)
		}
		out.status, out.body, kind = refused.status, refused.body(), refused.kind
	}
	// Rendered under the lock: nothing that the base holds leaves it.
	out.raw, err = json.Marshal(out.body)
	if err != nil {
		out.status, out.raw = http.StatusInternalServerError, []byte(`{"error":{"type":"SERVER_ERROR"}}`)
	}
	end(out.status, kind)
	return out, fault
}

// takeEffectLate lets a request take effect after a while, whoever waits for it.
// Close waits until it has, or has been given up.
func (s *Server) takeEffectLate(r *http.Request, c *call, early *refusal, after time.Duration) {
	r = r.Clone(s.stopped) // the client's may be over by then
	s.background.Go(func() {
		servertest.Wait(r.Context(), s.stopped, after)
		if s.stopped.Err() != nil {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		_, _ = s.decide(r, c, early) // its result is dropped
	})
}

// decide goes through the checks in Airtable's order: route, token, limits,
// permission, request. s.mu is held.
func (s *Server) decide(r *http.Request, c *call, early *refusal) (any, error) {
	if early != nil {
		return nil, early
	}
	token, err := s.authenticate(r)
	if err != nil {
		return nil, err
	}
	c.token = token
	if err := s.admit(c); err != nil {
		return nil, err
	}
	if err := s.may(c); err != nil {
		return nil, err
	}
	return c.serve(c)
}

// applyFault lets a fault act on an answer, and reports whether there still is one.
func (s *Server) applyFault(r *http.Request, f *Fault, out *reply) bool {
	if f.After && f.Do != nil {
		f.Do()
	}
	if (f.After || f.Answered()) && !f.Hold(r.Context(), s.stopped) {
		return false
	}
	if f.Status != 0 {
		*out = faultReply(f)
	}
	return true
}

func (out reply) write(w http.ResponseWriter) {
	maps.Copy(w.Header(), out.header)
	content := "application/json; charset=utf-8"
	raw := out.raw
	if out.html != "" {
		content, raw = "text/html", []byte(out.html)
	} else if raw == nil {
		raw, _ = json.Marshal(out.body) // maps of strings
	}
	w.Header().Set("Content-Type", content)
	w.WriteHeader(out.status)
	_, _ = w.Write(raw) // the client may have gone
}

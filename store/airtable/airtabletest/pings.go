package airtabletest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// delivery is how a webhook's pings go out: one at a time, and one more for all that
// happens meanwhile.
type delivery struct {
	busy, again bool
	lastSuccess time.Time
	result      map[string]any // lastNotificationResult
}

// LosePings makes every ping disappear on its way, or ends that.
func (s *Server) LosePings(lose bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.losePings = lose
}

// WaitPings returns when no ping is under way, retries included.
func (s *Server) WaitPings() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.pings > 0 {
		s.quiet.Wait()
	}
}

// ping sets a notification on its way. s.mu is held.
func (s *Server) ping(h *webhook) {
	if h.url == "" || !h.notify || s.losePings || s.stopped.Err() != nil {
		return
	}
	if h.delivery.busy {
		h.delivery.again = true
		return
	}
	h.delivery.busy = true
	s.pings++
	go func() {
		for s.deliver(h) {
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.pings--
		s.quiet.Broadcast()
	}()
}

// deliver sends one ping, with its retries, and reports whether to send another.
func (s *Server) deliver(h *webhook) (again bool) {
	for retry := 0; ; retry++ {
		s.mu.Lock()
		at := s.now()
		body := s.notification(h, at)
		s.mu.Unlock()
		err := s.post(h, body)
		pause, more := s.options.PingRetry(retry + 1)
		s.mu.Lock()
		h.delivery.note(err, s.now(), retry, more)
		if err == nil || !more {
			again = h.delivery.again
			h.delivery.again, h.delivery.busy = false, again
			s.mu.Unlock()
			return again
		}
		s.mu.Unlock()
		select {
		case <-time.After(pause):
		case <-s.stopped.Done():
			s.mu.Lock()
			h.delivery.busy, h.delivery.again = false, false
			s.mu.Unlock()
			return false
		}
	}
}

func (d *delivery) note(err error, now time.Time, retry int, more bool) {
	d.result = map[string]any{"success": err == nil, "completionTimestamp": formatInstant(now), "retryNumber": retry}
	if err == nil {
		d.lastSuccess = now
		return
	}
	d.result["error"] = map[string]any{"message": err.Error()}
	d.result["willBeRetried"] = more
}

// notification is the body of a ping: who, not what.
func (s *Server) notification(h *webhook, at time.Time) []byte {
	body, _ := json.Marshal(struct { // strings only
		Base      map[string]string `json:"base"`
		Webhook   map[string]string `json:"webhook"`
		Timestamp string            `json:"timestamp"`
	}{map[string]string{"id": s.base.id}, map[string]string{"id": h.id}, formatInstant(at)})
	return body
}

// post sends a ping. Whoever gets it answers 200 or 204 with an empty body.
func (s *Server) post(h *webhook, body []byte) error {
	ctx, cancel := context.WithCancel(s.stopped)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make ping: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Airtable-Content-MAC", MAC(h.secret, body))
	answer, err := s.options.PingClient.Do(request)
	if err != nil {
		return fmt.Errorf("send ping: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(io.LimitReader(answer.Body, 1))
	switch {
	case err != nil:
		return fmt.Errorf("read answer to ping: %w", err)
	case answer.StatusCode != http.StatusOK && answer.StatusCode != http.StatusNoContent:
		return fmt.Errorf("ping answered with status %d", answer.StatusCode)
	case len(content) > 0:
		return fmt.Errorf("ping answered with a body")
	}
	return nil
}

// MAC is the header X-Airtable-Content-MAC of a body: lower-case hex, not base64.
func MAC(secret, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write(body)
	return "hmac-sha256=" + hex.EncodeToString(mac.Sum(nil))
}

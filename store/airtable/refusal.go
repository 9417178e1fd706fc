package airtable

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// The types of Airtable's errors that something depends on.
const (
	typeIteratorGone = "LIST_RECORDS_ITERATOR_NOT_AVAILABLE"
	typeBadOffset    = "INVALID_OFFSET_VALUE"
	typeRetriable    = "RETRIABLE_ERROR"
	typeQuotaSpent   = "PUBLIC_API_BILLING_LIMIT_EXCEEDED"
	typeNoRecord     = "MODEL_ID_NOT_FOUND"

	maxMessage    = 500 // runes of Airtable's message that are kept
	maxType       = 80
	maxRetryAfter = 24 * time.Hour // a header that asks for more is not believed
)

// refusal returns the error of an answer that is not a success.
func (c *Client) refusal(r *request, resp *http.Response, body []byte) *Error {
	e := r.failed("", resp.StatusCode, "", nil)
	var isJSON bool
	if e.Type, e.Message, isJSON = readRefusal(body); !isJSON {
		e.Message = notJSON(resp)
	}
	e.Kind = r.kindOf(e.Status, e.Type)
	now := time.Now()
	e.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), now)
	switch e.Kind {
	case RateLimited:
		e.RetryAfter = max(e.RetryAfter, c.cfg.Penalty)
	case QuotaSpent:
		e.RetryAfter = nextMonth(now).Sub(now)
		e.Fix = "The Airtable plan's calls of this month are used up: move the workspace to a larger plan, or wait for the next month."
	case Permanent:
		e.explain(isJSON)
	}
	return e
}

// readRefusal reads the three shapes of a body: {"error":{"type","message"}},
// {"error":{"type"}} and {"error":"TYPE"}.
func readRefusal(body []byte) (kind, message string, isJSON bool) {
	var outer struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(body, &outer) != nil || len(outer.Error) == 0 {
		return "", "", false
	}
	if json.Unmarshal(outer.Error, &kind) == nil {
		return oneLine(kind, maxType), "", true
	}
	var inner struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	}
	// A type or message that is no text leaves what could be read.
	_ = json.Unmarshal(outer.Error, &inner)
	return oneLine(inner.Type, maxType), oneLine(inner.Message, maxMessage), true
}

// kindOf judges by status and type. Of 502 and of RETRIABLE_ERROR the documents
// say that it is safe to send again; of any other 503, that the request may have
// timed out in the middle.
func (r *request) kindOf(status int, kind string) Kind {
	switch {
	case status == http.StatusTooManyRequests && (kind == typeQuotaSpent || strings.Contains(kind, "BILLING")):
		return QuotaSpent
	case status == http.StatusTooManyRequests:
		return RateLimited
	case kind == typeIteratorGone || kind == typeBadOffset:
		return Unreachable // the list has to begin again, and then it goes
	case status == http.StatusBadGateway, status == http.StatusServiceUnavailable && kind == typeRetriable:
		return Unreachable
	case status >= http.StatusInternalServerError, status == http.StatusRequestTimeout:
		return r.unknown(Unreachable)
	}
	return Permanent
}

// retryAfter reads the header, in seconds or as a date; 0 when there is none.
func retryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.ParseFloat(header, 64); err == nil && seconds > 0 {
		if seconds > maxRetryAfter.Seconds() {
			return maxRetryAfter
		}
		return time.Duration(seconds * float64(time.Second))
	}
	if at, err := http.ParseTime(header); err == nil && at.After(now) {
		return min(at.Sub(now), maxRetryAfter)
	}
	return 0
}

// nextMonth returns when a spent quota comes back. The documents do not say by which
// zone or on which day of billing; the first of the month in UTC is [?].
func nextMonth(now time.Time) time.Time {
	year, month, _ := now.UTC().Date()
	return time.Date(year, month+1, 1, 0, 0, 0, 0, time.UTC)
}

func notJSON(resp *http.Response) string {
	media, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		media = "of no type"
	}
	return fmt.Sprintf("the answer is not Airtable's JSON (%s)", oneLine(media, maxType))
}

// oneLine makes text fit for a log line: bounded and without control characters.
func oneLine(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if runes := []rune(s); len(runes) > limit {
		s = string(runes[:limit]) + "…"
	}
	return s
}

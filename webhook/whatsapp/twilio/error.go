package twilio

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"maitre/booking"
)

// Kind is what an [Error] means for the caller.
type Kind = booking.CarryKind

// The kinds. With each but Unknown, nothing was sent.
const (
	// Refused: the same message will be refused again; Error.Fix says what to do.
	Refused = booking.CarryRefused
	// Later: Twilio could not be reached, or has too much to do. To be sent again,
	// after Error.RetryAfter where it is given.
	Later = booking.CarryLater
	// Unauthorized: the account, its token, the sender or the endpoint is not as
	// it should be, so that no message goes. Error.Fix says what to do.
	Unauthorized = booking.CarryUnauthorized
	// Unknown: the message may have been sent. It must be looked for first.
	Unknown = booking.CarryUnknown
)

// Error is every failure of the client's requests. It is also a
// [*booking.CarryError], for [errors.As].
type Error struct {
	Kind      Kind
	Operation string // "send" or "find"
	// Status is the HTTP status; 0 when there was no answer.
	Status int
	// Code and Message are Twilio's, the message bounded and without numbers of phones.
	Code    int
	Message string
	// Fix says, in words for the staff, what to do; empty where there is nothing.
	Fix string
	// RetryAfter is how long to wait at least; 0 where nobody knows.
	RetryAfter time.Duration
	// Err is the cause below HTTP.
	Err error
}

// Error reads "twilio send: 400 21211: …; how to fix it".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("twilio " + e.Operation + ":")
	for _, n := range []int{e.Status, e.Code} {
		if n != 0 {
			b.WriteString(" " + strconv.Itoa(n))
		}
	}
	if e.Status != 0 || e.Code != 0 {
		b.WriteString(":")
	}
	b.WriteString(" " + e.Message)
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	if e.Fix != "" {
		b.WriteString("; " + e.Fix)
	}
	return b.String()
}

// Unwrap returns the cause below HTTP.
func (e *Error) Unwrap() error { return e.Err }

// As makes the error a [*booking.CarryError], which is how whoever sends messages
// without knowing Twilio reads it.
func (e *Error) As(target any) bool {
	carry, ok := target.(**booking.CarryError)
	if !ok {
		return false
	}
	reason := e.Message
	if e.Fix != "" {
		reason += "; " + e.Fix
	}
	*carry = &booking.CarryError{Kind: e.Kind, Code: e.Code, Reason: reason, Fix: e.Fix, RetryAfter: e.RetryAfter, Err: e}
	return true
}

const (
	maxMessage    = 300 // runes of Twilio's message that are kept
	maxRetryAfter = time.Hour
)

// refusal is the error of an answer that is not a success.
func (r *request) refusal(resp *http.Response, body []byte) *Error {
	e := &Error{Operation: r.op, Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header.Get("Retry-After"))}
	var said struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	isJSON := json.Unmarshal(body, &said) == nil && (said.Code != 0 || said.Message != "")
	e.Code, e.Message = said.Code, maskNumbers(oneLine(said.Message))
	if !isJSON {
		e.Message = notJSON(resp)
	}
	e.Kind, e.Fix = judge(e.Status, e.Code, isJSON)
	if e.Kind == Unknown {
		e.Kind = r.doubtful()
	}
	return e
}

// judge returns what a refusal means. After a 5xx nobody knows whether the message
// was queued before things went wrong; a 429 was, by Twilio's word, never
// processed.
func judge(status, code int, isJSON bool) (kind Kind, fix string) {
	if kind, fix = explain(code); kind != "" && status < http.StatusInternalServerError {
		return kind, fix
	}
	switch {
	case status == http.StatusTooManyRequests:
		return Later, ""
	case status >= http.StatusInternalServerError, status == http.StatusRequestTimeout:
		return Unknown, ""
	case status == http.StatusUnauthorized, status == http.StatusForbidden && isJSON:
		return Unauthorized, fixAccount
	case status == http.StatusNotFound && isJSON:
		return Unauthorized, "Twilio knows no such account: check TWILIO_ACCOUNT_SID."
	case !isJSON || status < http.StatusBadRequest:
		return Unauthorized, "What answers is not Twilio: check TWILIO_ENDPOINT_URL, and any proxy on the way."
	default:
		return Refused, ""
	}
}

const (
	fixAccount = "Twilio does not accept our account and token: copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN from its console."
	fixSender  = "Twilio does not know our sender: check TWILIO_WHATSAPP_FROM and TWILIO_SMS_FROM against its console."
	fixNumber  = "Nothing can be sent to this number: call, or correct it in the booking."
	fixVars    = "WhatsApp did not accept the template or what it was filled with: compare it with the restaurant file."
)

// explain returns what Twilio's codes mean for us; nothing for those that the status
// explains.
func explain(code int) (Kind, string) {
	switch code {
	case 20429, 63018:
		return Later, ""
	case 20003, 20005:
		return Unauthorized, fixAccount
	case 21212, 21606, 21659, 63007:
		return Unauthorized, fixSender
	case 21211, 21614:
		return Refused, fixNumber
	case 21408:
		return Refused, "The account may not send to this country: allow it under Geo permissions in Twilio's console."
	case 21610:
		return Refused, "The guest has sent STOP: call instead."
	case 21617:
		return Refused, "The text is longer than Twilio takes."
	case 63013, 63021:
		return Refused, fixVars
	case 63016:
		return Refused, "WhatsApp takes free text only within a day of the guest's last message: add a template for it to the restaurant file."
	case 63003, 63024:
		return Refused, "WhatsApp does not reach this number."
	default:
		return "", ""
	}
}

// retryAfter reads the header, in seconds; 0 when there is none.
func retryAfter(header string) time.Duration {
	seconds, err := strconv.Atoi(strings.TrimSpace(header))
	if err != nil || seconds <= 0 {
		return 0
	}
	return min(time.Duration(min(seconds, int(maxRetryAfter.Seconds())))*time.Second, maxRetryAfter)
}

func notJSON(resp *http.Response) string {
	media, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		media = "of no type"
	}
	return fmt.Sprintf("the answer is not Twilio's JSON (%s)", oneLine(media))
}

// oneLine makes text fit for a log line: bounded and without control characters.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if runes := []rune(s); len(runes) > maxMessage {
		s = string(runes[:maxMessage]) + "…"
	}
	return s
}

// minNumber is how many digits in a row are taken for the number of a phone.
const minNumber = 7

// maskNumbers hides the numbers of phones that Twilio repeats in its messages.
func maskNumbers(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
		switch {
		case digits >= minNumber:
			b.WriteString("***" + s[digits-3:digits])
		case digits > 0:
			b.WriteString(s[:digits])
		default:
			digits = strings.IndexAny(s, "0123456789")
			if digits < 0 {
				digits = len(s)
			}
			b.WriteString(s[:digits])
		}
		s = s[digits:]
	}
	return b.String()
}

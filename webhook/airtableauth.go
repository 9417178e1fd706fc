package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

const (
	headerAirtableMAC = "X-Airtable-Content-MAC"
	airtableMACPrefix = "hmac-sha256="
)

// AirtableAuth recognises Airtable's notifications by their MAC: HMAC-SHA256 over
// the raw body, in lower-case hex, under the webhook's own secret.
//
// A notification says only that there is something to read, so one that is captured
// and sent again does no harm.
//
// Source: https://airtable.com/developers/web/api/webhooks-overview; that it is
// hex and not base64: pyairtable's WebhookNotification.from_request.
type AirtableAuth struct {
	secret func() []byte
}

var _ Authenticator = (*AirtableAuth)(nil)

// NewAirtableAuth asks secret, for each request, for the key of the webhook that
// there is now; nil: there is none, and nobody is let in.
func NewAirtableAuth(secret func() []byte) *AirtableAuth { return &AirtableAuth{secret} }

// Precheck implements Authenticator.
func (a *AirtableAuth) Precheck(h http.Header) error {
	if _, given, _ := sole(h, headerAirtableMAC); !given {
		return ErrMissing
	}
	if _, ok := airtableMAC(h); !ok {
		return ErrInvalid
	}
	return nil
}

// Verify implements Authenticator.
func (a *AirtableAuth) Verify(r *http.Request, body []byte) error {
	shown, ok := airtableMAC(r.Header)
	secret := a.secret()
	if !ok || len(secret) == 0 {
		return ErrInvalid
	}
	mac := hmac.New(sha256.New, secret)
	_, _ = mac.Write(body) // never fails
	if !hmac.Equal(mac.Sum(nil), shown) {
		return ErrInvalid
	}
	return nil
}

func airtableMAC(h http.Header) ([]byte, bool) {
	value, given, agreed := sole(h, headerAirtableMAC)
	digits, found := strings.CutPrefix(value, airtableMACPrefix)
	if !given || !agreed || !found || digits != strings.ToLower(digits) {
		return nil, false
	}
	mac, err := hex.DecodeString(digits)
	return mac, err == nil && len(mac) == sha256.Size
}

// AirtablePing answers Airtable's notifications by calling changed.
func AirtablePing(changed func()) Next {
	return func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		changed()
		w.WriteHeader(http.StatusNoContent)
	}
}

package webhook

import (
	"crypto/hmac"
	"crypto/sha1" // Twilio's scheme is HMAC-SHA1
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// headerTwilioSignature is where Twilio puts its signature.
const headerTwilioSignature = "X-Twilio-Signature"

// paramBodyHash is the query parameter with which Twilio signs a body that is
// no form: the hash is part of the URL, and the URL is what is signed.
const paramBodyHash = "bodySHA256"

var errBodyHash = errors.New("the body has another hash than " + paramBodyHash + " in the URL")

// twilioSigner makes Twilio's signatures with one auth token.
type twilioSigner struct{ token []byte }

func newTwilioSigner(token string) twilioSigner { return twilioSigner{[]byte(token)} }

// sum signs a request: the URL, then every parameter's name and value by name;
// of a repeated parameter, each different value once, in order. Blank values
// count with their name alone.
func (s twilioSigner) sum(signed string, form url.Values) (out [sha1.Size]byte) {
	mac := hmac.New(sha1.New, s.token)
	write := func(text string) { _, _ = io.WriteString(mac, text) } // a hash takes everything
	write(signed)
	for _, name := range slices.Sorted(maps.Keys(form)) {
		values := form[name]
		if len(values) > 1 {
			values = slices.Compact(slices.Sorted(slices.Values(values)))
		}
		for _, value := range values {
			write(name)
			write(value)
		}
	}
	mac.Sum(out[:0])
	return out
}

// twilioURL returns the part of an address that Twilio signs: it leaves out
// user and password, and the fragment, which only overrides its own settings.
// The rest stays byte for byte, since the signature is over the text.
func twilioURL(address string) (string, error) {
	address, _, _ = strings.Cut(address, "#")
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("read URL: %w", err)
	}
	if u.Scheme == "" || u.Host == "" {
		return "", fmt.Errorf("read URL: %q has no scheme and host: give it in full, as Twilio calls it", u.Redacted())
	}
	scheme, authority, rest := splitURL(address)
	return scheme + authority[strings.LastIndex(authority, "@")+1:] + rest, nil
}

// splitURL cuts a URL into "https://", "host:port" and what follows.
func splitURL(address string) (scheme, authority, rest string) {
	scheme, authority, _ = strings.Cut(address, "//")
	scheme += "//"
	if end := strings.IndexAny(authority, "/?"); end >= 0 {
		authority, rest = authority[:end], authority[end:]
	}
	return scheme, authority, rest
}

// twilioForm returns the parameters of the body that are signed beside the URL.
// There are none where the URL carries the body's hash, which is checked.
func twilioForm(signed string, body []byte) (url.Values, error) {
	if want, given := bodyHash(signed); given {
		digest := sha256.Sum256(body)
		if subtle.ConstantTimeCompare([]byte(hex.EncodeToString(digest[:])), []byte(strings.ToLower(want))) != 1 {
			return nil, errBodyHash
		}
		return nil, nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("read form: %w", err)
	}
	return form, nil
}

// bodyHash returns the hash of the body that a URL carries.
func bodyHash(signed string) (hash string, given bool) {
	_, query, _ := strings.Cut(signed, "?")
	if !strings.Contains(query, paramBodyHash) { // nearly always
		return "", false
	}
	params, _ := url.ParseQuery(query) // what cannot be read is not there
	if !params.Has(paramBodyHash) {
		return "", false
	}
	return params.Get(paramBodyHash), true
}

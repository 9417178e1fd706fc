package webhook

import (
	"crypto/hmac"
	"crypto/sha1" // Twilio's scheme is HMAC-SHA1
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// headerTwilioSignature is where Twilio puts its signature.
const headerTwilioSignature = "X-Twilio-Signature"

// Header is one header of a signed request.
type Header struct {
	Name, Value string
}

// SignVAPI returns the headers that make a request with this body VAPI's, in
// the given mode at the given time. For an unknown mode there are none.
func SignVAPI(mode, secret string, body []byte, now time.Time) []Header {
	switch mode {
	case ModeHMAC:
		stamp := strconv.FormatInt(now.UnixMilli(), 10)
		mac := newSigner(secret).sum(stamp, body)
		return []Header{
			{headerVAPISignature, hex.EncodeToString(mac[:])},
			{headerVAPITimestamp, stamp},
		}
	case ModeHeader:
		return []Header{{headerVAPISecret, secret}}
	case ModeBearer:
		return []Header{{headerAuthorization, "Bearer " + secret}}
	default:
		return nil
	}
}

// SignTwilio returns the header that makes a POST of this form
// (application/x-www-form-urlencoded) to this URL Twilio's. It returns an
// error when the URL or the form cannot be read.
//
// Source: https://www.twilio.com/docs/usage/security
func SignTwilio(token, address string, body []byte) ([]Header, error) {
	signed, err := twilioURL(address)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("read form: %w", err)
	}
	return []Header{{headerTwilioSignature, twilioSignature(token, signed, form)}}, nil
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
	scheme, rest, _ := strings.Cut(address, "//")
	authority := rest
	if end := strings.IndexAny(rest, "/?"); end >= 0 {
		authority = rest[:end]
	}
	return scheme + "//" + rest[strings.LastIndex(authority, "@")+1:], nil
}

// twilioSignature signs a POST: the URL, then every parameter's name and value
// by name; of a repeated parameter, each different value once, in order. Blank
// values count with their name alone.
func twilioSignature(token, signed string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(signed))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		values := slices.Clone(form[name])
		slices.Sort(values)
		for _, value := range slices.Compact(values) {
			mac.Write([]byte(name + value))
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

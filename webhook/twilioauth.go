package webhook

import (
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// TwilioConfig says how Twilio's requests are recognised.
type TwilioConfig struct {
	// Tokens are auth tokens of the account, all accepted: while one is rotated,
	// Twilio signs with the old one until the new one is promoted. None at all
	// is valid and lets nobody in.
	Tokens []string
	// PublicURL is how the world reaches us: scheme and host, a port where Twilio
	// is given one, a path where a proxy cuts one off. Twilio signs what it
	// called, and what the Host header says of that is the sender's to choose.
	PublicURL string
	// AccountSID is the one account whose forms are let in; empty: whichever
	// holds a token.
	AccountSID string
}

// TwilioAuth recognises Twilio's requests. It implements Authenticator.
//
// Twilio's scheme has no timestamp: a captured request can be sent again at any time.
// It must do nothing twice, see [Idempotency].
type TwilioAuth struct {
	signers []twilioSigner
	// bases are the beginnings of the URL that Twilio may have signed: as it is
	// written, with the port left out or added (messaging signs a port, voice over
	// https does not), and with user and password, where there are any: Twilio
	// documents that it leaves them out, and its libraries take them in.
	bases   []string
	account string
}

var _ Authenticator = (*TwilioAuth)(nil)

// NewTwilioAuth returns an error for a blank token among those given, and for a
// PublicURL that is none or has a query.
func NewTwilioAuth(cfg TwilioConfig) (*TwilioAuth, error) {
	a := &TwilioAuth{account: cfg.AccountSID}
	for i, token := range cfg.Tokens {
		if strings.TrimSpace(token) == "" {
			return nil, fmt.Errorf("auth token %d of %d is blank: give it a value or remove it", i+1, len(cfg.Tokens))
		}
		a.signers = append(a.signers, newTwilioSigner(token))
	}
	base, err := twilioURL(cfg.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("public URL: %w", err)
	}
	scheme, authority, path := splitURL(base)
	if strings.Contains(path, "?") || scheme != "https://" && scheme != "http://" {
		return nil, fmt.Errorf("public URL %q: give scheme and host, such as https://desk.example", base)
	}
	path = strings.TrimRight(path, "/")
	users := []string{""}
	if _, written, _ := splitURL(cfg.PublicURL); written != authority {
		users = append(users, strings.TrimSuffix(written, authority))
	}
	for _, user := range users {
		for _, host := range withAndWithoutPort(scheme, authority) {
			a.bases = append(a.bases, scheme+user+host+path)
		}
	}
	return a, nil
}

// withAndWithoutPort returns a host as it is written, then with its port cut
// off or with the scheme's own added.
func withAndWithoutPort(scheme, authority string) []string {
	u := url.URL{Host: authority}
	if port := u.Port(); port != "" {
		return []string{authority, strings.TrimSuffix(authority, ":"+port)}
	}
	standard := ":443"
	if scheme == "http://" {
		standard = ":80"
	}
	return []string{authority, strings.TrimSuffix(authority, ":") + standard}
}

// Precheck checks whether there is something that can be a signature.
func (a *TwilioAuth) Precheck(h http.Header) error {
	if _, err := twilioMAC(h); err != nil {
		return err
	}
	if len(a.signers) == 0 {
		return ErrInvalid
	}
	return nil
}

// Verify returns nil only for a request that was signed with one of the tokens,
// for this address, with these parameters, and is of the account that is served.
func (a *TwilioAuth) Verify(r *http.Request, body []byte) error {
	mac, err := twilioMAC(r.Header)
	if err != nil {
		return err
	}
	target := requestTarget(r)
	form, err := twilioForm(target, body)
	if err != nil {
		return ErrInvalid
	}
	right := 0
	for _, s := range a.signers {
		for _, base := range a.bases {
			want := s.sum(base+target, form)
			right |= subtle.ConstantTimeCompare(want[:], mac[:])
		}
	}
	if right != 1 || form != nil && !a.ours(form) {
		return ErrInvalid
	}
	return nil
}

// ours reports whether a form is of the account that is served. One that names
// two accounts is of neither.
func (a *TwilioAuth) ours(form url.Values) bool {
	if a.account == "" {
		return true
	}
	accounts := form["AccountSid"]
	for _, account := range accounts {
		if account != a.account {
			return false
		}
	}
	return len(accounts) > 0
}

// requestTarget is path and query as they were sent: the signature is over the
// text, which parsing and writing it anew might change. A proxy may send the
// whole URL, of which only that part is believed.
func requestTarget(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI
	}
	if r.URL == nil {
		return ""
	}
	return r.URL.RequestURI()
}

// twilioMAC reads the signature's header. Twilio sends one.
func twilioMAC(h http.Header) (mac [sha1.Size]byte, err error) {
	value, _, agreed := sole(h, headerTwilioSignature)
	if !agreed {
		return mac, ErrInvalid
	}
	if value == "" {
		return mac, ErrMissing
	}
	if len(value) != base64.StdEncoding.EncodedLen(len(mac)) {
		return mac, ErrInvalid
	}
	// Strict: of the ways to write one signature only the right one will do.
	shown, err := base64.StdEncoding.Strict().DecodeString(value)
	if err != nil || copy(mac[:], shown) != len(mac) || len(shown) != len(mac) {
		return mac, ErrInvalid
	}
	return mac, nil
}

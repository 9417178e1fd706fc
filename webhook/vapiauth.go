package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The ways in which VAPI shows that it is VAPI. The account's owner chooses one
// when making the credential; a request that fails it is never tried by another.
const (
	ModeHMAC   = "hmac"   // a signature over timestamp and body
	ModeHeader = "header" // X-Vapi-Secret carries the secret itself
	ModeBearer = "bearer" // Authorization: Bearer carries the secret itself
)

// DefaultSkew is how far a signed timestamp may be from the machine's clock,
// either way.
const DefaultSkew = 5 * time.Minute

// VAPI's headers. The second name of each pair is the default of VAPI's
// credential form, the first is what its examples and older accounts use.
const (
	headerVAPISignature = "X-Vapi-Signature"
	headerSignature     = "X-Signature"
	headerVAPITimestamp = "X-Vapi-Timestamp"
	headerTimestamp     = "X-Timestamp"
	headerVAPISecret    = "X-Vapi-Secret"
	headerAuthorization = "Authorization"
)

// VAPIConfig says how VAPI's requests are recognised.
type VAPIConfig struct {
	// Mode is ModeHMAC, ModeHeader or ModeBearer.
	Mode string
	// Secrets are all accepted, so that one can be rotated. None at all is
	// valid and lets nobody in.
	Secrets []string
	// RequireTimestamp refuses HMAC signatures over the body alone, which
	// anybody who saw one can send again for ever.
	RequireTimestamp bool
	// Now is the clock that signed timestamps are judged by: the machine's own,
	// whatever the desk believes the time to be. Defaults to time.Now.
	Now func() time.Time
	// Skew defaults to DefaultSkew.
	Skew time.Duration
}

// VAPIAuth recognises VAPI's requests. It implements Authenticator.
type VAPIAuth struct {
	mode             string
	requireTimestamp bool
	now              func() time.Time
	skew             time.Duration
	tokens           tokens
	signers          []*signer
}

var _ Authenticator = (*VAPIAuth)(nil)

// NewVAPIAuth returns an error for an unknown mode, a blank secret among those
// given, or a negative skew.
func NewVAPIAuth(cfg VAPIConfig) (*VAPIAuth, error) {
	a := &VAPIAuth{mode: cfg.Mode, requireTimestamp: cfg.RequireTimestamp, now: cfg.Now, skew: cfg.Skew}
	if a.now == nil {
		a.now = time.Now
	}
	if a.skew == 0 {
		a.skew = DefaultSkew
	}
	if a.skew < 0 {
		return nil, fmt.Errorf("timestamp skew %s is negative: give a positive duration", cfg.Skew)
	}
	for i, secret := range cfg.Secrets {
		if strings.TrimSpace(secret) == "" {
			return nil, fmt.Errorf("secret %d of %d is blank: give it a value or remove it", i+1, len(cfg.Secrets))
		}
	}
	switch cfg.Mode {
	case ModeHMAC:
		for _, secret := range cfg.Secrets {
			a.signers = append(a.signers, newSigner(secret))
		}
	case ModeHeader, ModeBearer:
		a.tokens = newTokens(cfg.Secrets)
	default:
		return nil, fmt.Errorf("authentication mode %q is unknown: use %s, %s or %s", cfg.Mode, ModeHMAC, ModeHeader, ModeBearer)
	}
	return a, nil
}

// Precheck judges what the headers alone can tell: everything where the secret
// itself is shown, the form of signature and timestamp where there is a MAC.
func (a *VAPIAuth) Precheck(h http.Header) error {
	if a.mode != ModeHMAC {
		return a.shown(h)
	}
	if _, _, err := a.signed(h); err != nil {
		return err
	}
	if len(a.signers) == 0 {
		return ErrInvalid
	}
	return nil
}

// Verify returns nil only for a request made with one of the secrets.
//
// In ModeHMAC the MAC is HMAC-SHA256 over the timestamp header's raw value, a
// full stop and the raw body; without a timestamp header, over the raw body.
// A timestamp that is there always counts: it must be well formed and signed.
func (a *VAPIAuth) Verify(r *http.Request, body []byte) error {
	h := r.Header
	if a.mode != ModeHMAC {
		return a.shown(h)
	}
	mac, stamp, err := a.signed(h)
	if err != nil {
		return err
	}
	// A timestamped payload, sent as the body itself with the timestamp header
	// left out, has a right MAC. No body of VAPI's looks like that.
	if stamp == "" && looksStamped(body) {
		return ErrInvalid
	}
	right := 0
	for _, s := range a.signers {
		want := s.sum(stamp, body)
		right |= subtle.ConstantTimeCompare(want[:], mac[:])
	}
	if right != 1 {
		return ErrInvalid
	}
	if stamp != "" && !a.fresh(stamp) {
		return ErrStale
	}
	return nil
}

// shown judges a request that shows the secret itself.
func (a *VAPIAuth) shown(h http.Header) error {
	name := headerVAPISecret
	if a.mode == ModeBearer {
		name = headerAuthorization
	}
	value, _, agreed := sole(h, name)
	if !agreed {
		return ErrInvalid
	}
	if value == "" {
		return ErrMissing
	}
	if a.mode == ModeBearer {
		value = bearer(value)
	}
	if !a.tokens.match(value) {
		return ErrInvalid
	}
	return nil
}

// signed reads MAC and timestamp (empty: none) from the headers.
func (a *VAPIAuth) signed(h http.Header) (mac [sha256.Size]byte, stamp string, err error) {
	value, _, agreed := sole(h, headerVAPISignature, headerSignature)
	if !agreed {
		return mac, "", ErrInvalid
	}
	if value == "" {
		return mac, "", ErrMissing
	}
	if mac, err = parseMAC(value); err != nil {
		return mac, "", err
	}
	stamp, given, agreed := sole(h, headerVAPITimestamp, headerTimestamp)
	if !agreed || given && !wellFormedStamp(stamp) || !given && a.requireTimestamp {
		return mac, "", ErrInvalid
	}
	return mac, stamp, nil
}

// parseMAC reads a hex SHA-256 MAC, in any case and with or without 'sha256='.
func parseMAC(value string) (mac [sha256.Size]byte, err error) {
	const prefix = "sha256="
	if len(value) > len(prefix) && strings.EqualFold(value[:len(prefix)], prefix) {
		value = value[len(prefix):]
	}
	if len(value) != hex.EncodedLen(len(mac)) {
		return mac, ErrInvalid
	}
	if _, err := hex.Decode(mac[:], []byte(value)); err != nil {
		return mac, ErrInvalid
	}
	return mac, nil
}

// maxStamp is the most digits that a timestamp may have: enough for
// milliseconds to the year 318857, few enough for int64.
const maxStamp = 16

func wellFormedStamp(stamp string) bool {
	if stamp == "" || len(stamp) > maxStamp {
		return false
	}
	for i := range len(stamp) {
		if stamp[i] < '0' || stamp[i] > '9' {
			return false
		}
	}
	return true
}

// looksStamped reports whether a body begins the way a timestamped payload does.
func looksStamped(body []byte) bool {
	for i, c := range body[:min(len(body), maxStamp+1)] {
		if c == '.' {
			return i > 0
		}
		if c < '0' || c > '9' {
			return false
		}
	}
	return false
}

// fresh reports whether the timestamp, read as seconds or as milliseconds, is
// close enough to the machine's clock. VAPI does not document the unit and has
// been seen to send milliseconds; no instant is close in both readings.
func (a *VAPIAuth) fresh(stamp string) bool {
	n, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return false
	}
	now := a.now()
	return now.Sub(time.Unix(n, 0)).Abs() <= a.skew || now.Sub(time.UnixMilli(n)).Abs() <= a.skew
}

// signer makes HMAC-SHA256 sums with one secret. The hash states are kept: a
// reset one has the key's blocks worked in already.
type signer struct {
	states sync.Pool
}

// signerState carries the arrays that would otherwise escape with each call.
type signerState struct {
	mac  hash.Hash
	head [maxStamp + 1]byte
	out  [sha256.Size]byte
}

func newSigner(secret string) *signer {
	return &signer{states: sync.Pool{New: func() any {
		return &signerState{mac: hmac.New(sha256.New, []byte(secret))}
	}}}
}

// sum returns the MAC over stamp + "." + body; over the body alone without a
// stamp. The stamp is well formed: at most maxStamp bytes.
func (s *signer) sum(stamp string, body []byte) (out [sha256.Size]byte) {
	st := s.states.Get().(*signerState)
	st.mac.Reset()
	if stamp != "" {
		n := copy(st.head[:maxStamp], stamp)
		st.head[n] = '.'
		st.mac.Write(st.head[:n+1])
	}
	st.mac.Write(body)
	copy(out[:], st.mac.Sum(st.out[:0]))
	s.states.Put(st)
	return out
}

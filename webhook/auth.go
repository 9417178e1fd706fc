package webhook

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
)

// Why a request is not from who it says. The caller sees ErrStale as an invalid
// signature; only logs and metrics distinguish them.
var (
	// ErrMissing is returned when the request carries nothing to check.
	ErrMissing = errors.New("missing signature")
	// ErrInvalid is returned when what it carries is malformed, contradicts
	// itself or was made with another secret.
	ErrInvalid = errors.New("invalid signature")
	// ErrStale is returned when the signature is right but its timestamp is too
	// far from the machine's clock: an old request sent again, or a clock that is wrong.
	ErrStale = errors.New("signature timestamp out of range")
)

// Authenticator reports whether a request is from who it says it is. Its errors
// are ErrMissing, ErrInvalid and ErrStale. Its methods are safe for concurrent use.
type Authenticator interface {
	// Precheck checks the headers alone, so that a stranger's body need not be
	// read. Its nil promises nothing.
	Precheck(h http.Header) error
	// Verify judges the request by its headers, where the scheme signs it the
	// path and query it was sent to, and the raw bytes of its body. r.Body is
	// read already, and r is not changed.
	Verify(r *http.Request, body []byte) error
}

// sole returns the one value that the named headers have; agreed is false when they
// have different ones. given is false when there is none of the headers; an empty
// header is given.
func sole(h http.Header, names ...string) (value string, given, agreed bool) {
	for _, name := range names {
		for _, v := range h.Values(name) {
			if given && v != value {
				return "", true, false
			}
			value, given = v, true
		}
	}
	return value, given, true
}

// tokens are shared secrets that a caller shows as they are. Only their digests
// are compared, so that neither content nor length shows in the time it takes.
type tokens [][sha256.Size]byte

func newTokens(secrets []string) tokens {
	digests := make(tokens, len(secrets))
	for i, secret := range secrets {
		digests[i] = sha256.Sum256([]byte(secret))
	}
	return digests
}

// match reports whether the shown value is one of the tokens. An empty value is none.
func (t tokens) match(shown string) bool {
	digest := sha256.Sum256([]byte(shown))
	found := 0
	for i := range t {
		found |= subtle.ConstantTimeCompare(t[i][:], digest[:])
	}
	return found == 1 && shown != ""
}

// bearer returns the token of an Authorization header's value; empty when it is
// of another scheme. The scheme's name may be in any case (RFC 9110, 11.1).
func bearer(authorization string) string {
	const scheme = "Bearer "
	if len(authorization) < len(scheme) || !strings.EqualFold(authorization[:len(scheme)], scheme) {
		return ""
	}
	return strings.TrimLeft(authorization[len(scheme):], " ")
}

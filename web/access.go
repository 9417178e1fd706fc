package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"maitre/webhook"
)

// token is a secret to compare with; the zero value matches nothing.
type token struct {
	set    bool
	digest [sha256.Size]byte
}

func newToken(secret string) token {
	return token{set: secret != "", digest: sha256.Sum256([]byte(secret))}
}

// is reports whether a secret is the token. Digests are compared, in constant time,
// so that neither the token nor its length shows in how long it takes.
func (t token) is(secret string) bool {
	digest := sha256.Sum256([]byte(secret))
	return t.set && subtle.ConstantTimeCompare(digest[:], t.digest[:]) == 1
}

// presented reports whether r carries the token.
func (t token) presented(r *http.Request) bool {
	scheme, secret, found := strings.Cut(r.Header.Get("Authorization"), " ")
	return found && strings.EqualFold(scheme, "Bearer") && t.is(secret)
}

// staffOnly lets the staff in, by ADMIN_TOKEN or by a session. A session goes with
// every request of a browser, so forms from other sites' pages are refused.
func (s *site) staffOnly(next http.HandlerFunc) http.Handler {
	guard := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.staffToken.presented(r) {
			if _, ok := s.session(w, r); !ok {
				unauthorized(w)
				return
			}
			if guard.Check(r) != nil {
				webhook.WriteError(w, http.StatusForbidden, "cross_origin", "another site's page may not do this in the name of who is signed in", "")
				return
			}
		}
		next(w, r)
	})
}

// metricsReaders lets in who has ADMIN_TOKEN or a session or, where no token is
// set, who calls from this machine.
func (s *site) metricsReaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.staffToken.presented(r) && (s.staffToken.set || !fromThisMachine(r)) {
			if _, ok := s.session(w, r); !ok {
				unauthorized(w)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// proxyHeaders are those by which a proxy says that it speaks for somebody else.
var proxyHeaders = [...]string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via", "Fly-Client-Ip"}

// fromThisMachine reports whether the caller itself, and not a proxy on its behalf, is on this machine.
func fromThisMachine(r *http.Request) bool {
	for _, name := range proxyHeaders {
		if _, present := r.Header[name]; present {
			return false
		}
	}
	return peer(r).IsLoopback()
}

// ClientIP returns the address of the caller: the connection's or, behind a proxy,
// the one that the proxy names. On Fly.io that is its proxy; elsewhere only a proxy
// on this machine is believed, and the last address of X-Forwarded-For counts.
// Without an address it returns the zero Addr.
func ClientIP(r *http.Request, onFly bool) netip.Addr {
	from := peer(r)
	var vouched string
	switch lines := r.Header.Values("X-Forwarded-For"); {
	case onFly:
		vouched = r.Header.Get("Fly-Client-IP")
	case from.IsLoopback() && len(lines) > 0:
		last := lines[len(lines)-1]
		vouched = strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
	}
	if addr, err := netip.ParseAddr(vouched); err == nil {
		return addr.Unmap()
	}
	return from
}

func peer(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap()
}

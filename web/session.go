package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"sync"
	"time"
)

// How long a session lasts: idle, in all, and from which age on it is made anew
// when it is used.
const (
	sessionIdle  = 12 * time.Hour
	sessionLife  = 7 * 24 * time.Hour
	sessionFresh = 10 * time.Minute
)

// session is one sign-in of the staff.
type session struct {
	id             [32]byte
	since, expires time.Time
}

// sessions makes and checks sessions. A session is a value that the browser keeps,
// signed with a key made of the restaurant's secret and the password. Nothing of it
// is stored: a restart signs nobody out, and a new password signs everybody out.
type sessions struct {
	key []byte

	mu sync.Mutex
	// ended are those that were signed out, until they would have expired. It guards
	// against copies of the cookie, and is in memory only: after a restart a copy
	// works until it expires.
	ended map[[32]byte]time.Time
}

// newSessions signs with a key made of the restaurant's secret and the staff's
// password. The secret is random, so that a cookie does not help to guess the password.
func newSessions(secret []byte, password string) *sessions {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("sessions/" + password))
	return &sessions{ended: make(map[[32]byte]time.Time), key: mac.Sum(nil)}
}

// begin signs somebody in.
func (s *sessions) begin(now time.Time) session {
	opened := session{since: now, expires: now.Add(sessionIdle)}
	_, _ = rand.Read(opened.id[:]) // never fails
	return opened
}

// use returns the session of a value that a browser sent; false: there is none, it
// is over, or it was begun while the clock was far ahead and would last too long.
// renewed: it lasts longer from now on, and the browser needs its new value.
func (s *sessions) use(value string, now time.Time) (found session, renewed, ok bool) {
	found, ok = s.read(value)
	if !ok || !now.Before(found.expires) || !now.Before(found.since.Add(sessionLife)) || found.since.After(now.Add(sessionIdle)) {
		return session{}, false, false
	}
	s.mu.Lock()
	_, over := s.ended[found.id]
	s.mu.Unlock()
	if over {
		return session{}, false, false
	}
	if renewed = found.expires.Sub(now) < sessionIdle-sessionFresh; renewed {
		found.expires = now.Add(sessionIdle)
	}
	return found, renewed, true
}

// end signs a session out.
func (s *sessions) end(over session, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, until := range s.ended {
		if !now.Before(until) {
			delete(s.ended, id)
		}
	}
	// A copy may have been renewed since, so that its own end does not count.
	s.ended[over.id] = over.since.Add(sessionLife)
}

// signedLength is how much of a value is signed: the ID and two times.
const signedLength = 32 + 8 + 8

// value is the session as a browser keeps it.
func (s *sessions) value(of session) string {
	signed := make([]byte, 0, signedLength+sha256.Size)
	signed = append(signed, of.id[:]...)
	signed = binary.BigEndian.AppendUint64(signed, uint64(of.since.Unix()))
	signed = binary.BigEndian.AppendUint64(signed, uint64(of.expires.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(signed, s.sign(signed)...))
}

// read reads a value that we made; false: we did not.
func (s *sessions) read(value string) (session, bool) {
	const length = signedLength + sha256.Size
	if base64.RawURLEncoding.DecodedLen(len(value)) != length {
		return session{}, false
	}
	all, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil || !hmac.Equal(all[signedLength:], s.sign(all[:signedLength])) {
		return session{}, false
	}
	found := session{id: [32]byte(all)}
	found.since = time.Unix(int64(binary.BigEndian.Uint64(all[32:])), 0)
	found.expires = time.Unix(int64(binary.BigEndian.Uint64(all[40:])), 0)
	return found, true
}

func (s *sessions) sign(signed []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write(signed)
	return mac.Sum(nil)
}

package web

import "time"

// Forge makes the cookie that somebody could make who knows a restaurant's secret and a
// password, or guesses that they are empty.
func Forge(secret []byte, password string) string {
	s := newSessions(secret, password)
	return sessionCookie + "=" + s.value(s.begin(time.Now()))
}

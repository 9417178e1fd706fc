package web

import "time"

// Forge makes the cookie that somebody who knows a password, or guesses that it is
// empty, could make of it.
func Forge(password, house string) string {
	s := newSessions(password, house)
	return sessionCookie + "=" + s.value(s.begin(time.Now()))
}

package airtabletest

import (
	"math/rand/v2"
	"strings"
)

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// idSource draws IDs: three letters for the kind (app, tbl, fld, rec, viw, ach,
// usr, sel, itr) and 14 base-62 characters. It is guarded by Server.mu.
type idSource struct{ rand *rand.Rand }

func newIDSource(seed uint64) idSource {
	return idSource{rand.New(rand.NewPCG(seed, 0x6d61697472650a))}
}

func (s idSource) draw(kind string) string {
	var b strings.Builder
	b.WriteString(kind)
	for range 14 {
		b.WriteByte(base62[s.rand.IntN(len(base62))])
	}
	return b.String()
}

// or keeps an ID that was given and draws one otherwise.
func (s idSource) or(id, kind string) string {
	if id != "" {
		return id
	}
	return s.draw(kind)
}

func isID(kind, s string) bool {
	if len(s) != 17 || !strings.HasPrefix(s, kind) {
		return false
	}
	return strings.Trim(s[3:], base62) == ""
}

// ValidBaseID reports whether a text has the form of a base's ID.
func ValidBaseID(s string) bool { return isID("app", s) }

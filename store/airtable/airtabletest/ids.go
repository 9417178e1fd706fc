package airtabletest

import (
	"math/rand/v2"
	"strings"
)

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// minter draws IDs: three letters for the kind (app, tbl, fld, rec, viw, ach,
// usr, sel, itr) and 14 base-62 characters. It is guarded by Server.mu.
type minter struct{ rand *rand.Rand }

func newMinter(seed uint64) minter {
	return minter{rand.New(rand.NewPCG(seed, 0x6d61697472650a))}
}

func (m minter) draw(kind string) string {
	var b strings.Builder
	b.WriteString(kind)
	for range 14 {
		b.WriteByte(base62[m.rand.IntN(len(base62))])
	}
	return b.String()
}

// or keeps an ID that was given and draws one otherwise.
func (m minter) or(id, kind string) string {
	if id != "" {
		return id
	}
	return m.draw(kind)
}

func isID(kind, s string) bool {
	if len(s) != 17 || !strings.HasPrefix(s, kind) {
		return false
	}
	return strings.Trim(s[3:], base62) == ""
}

// ValidBaseID tells whether a text has the form of a base's ID.
func ValidBaseID(s string) bool { return isID("app", s) }

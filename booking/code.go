package booking

import (
	"strings"
	"sync/atomic"
)

// codeAlphabet has 16 symbols that neither look nor sound alike on the phone,
// in Spanish or in English: of each family (be ce de e ge pe te uve; ele eme
// ene; efe ese; seis siete; jay kay; o 0, i 1, s 5, z 2, b 8) at most one is left.
const codeAlphabet = "2345789FHKMQRWXY"

// The lengths of a code.
const (
	minCodeLen = 4
	maxCodeLen = 6
)

// codes decides how long codes are. Four symbols make 65,536 of them: with the few
// thousand bookings of a restaurant one in twenty is taken, and another is tried. When
// several in a row are taken, codes become longer.
type codes struct{ longer atomic.Int32 }

const (
	maxCodeTries = 12
	// crowded is how many codes in a row must be taken for codes to become longer.
	crowded = 3
)

// length returns how long the code of a booking's n-th try shall be.
func (c *codes) length(try int) int {
	if try > 0 && try%crowded == 0 {
		c.longer.Store(min(c.longer.Load()+1, maxCodeLen-minCodeLen))
	}
	return minCodeLen + int(c.longer.Load())
}

// CodeFrom turns random bytes into a booking code, one symbol from each; give it 4 to 6.
func CodeFrom(random []byte) string {
	code := make([]byte, len(random))
	for i, b := range random {
		code[i] = codeAlphabet[b%byte(len(codeAlphabet))]
	}
	return string(code)
}

// ParseCode reads a code as it was said or typed: in any case, with spaces,
// dashes or dots between its symbols. It reports false for what cannot be one.
func ParseCode(said string) (string, bool) {
	var code strings.Builder
	for _, r := range strings.ToUpper(said) {
		switch {
		case strings.ContainsRune(codeAlphabet, r):
			code.WriteRune(r)
		case strings.ContainsRune(" -._,#", r):
		default:
			return "", false
		}
		if code.Len() > maxCodeLen {
			return "", false
		}
	}
	return code.String(), code.Len() >= minCodeLen
}

package mapping

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"maitre/store/airtable"
)

// maxParty is the largest party that is plausible.
const maxParty = 1000

var (
	countRE   = regexp.MustCompile(`\d+`)
	added     = regexp.MustCompile(`^\D*\d+\s*(?:\D{0,12}?)(?:\+|\by\b|\bmas\b|&|\band\b)\s*\d+\D*$`)
	onlyCount = regexp.MustCompile(`^\D{0,16}\d+\D*$`)
	ranged    = regexp.MustCompile(`^\D*\d+\s*(?:-|–|/|\bo\b|\bu\b|\ba\b|\bor\b|\bto\b)\s*\d+\D*$`)
)

// partyOf reads how many guests come. exact is false if it is ambiguous, so that
// somebody should check.
func partyOf(c airtable.Cell) (party int, exact, ok bool) {
	if n, isNumber := c.Number(); isNumber {
		return plausibleParty(int(math.Ceil(min(max(n, -1), maxParty+1))), n == math.Trunc(n))
	}
	s, isText := textOf(c)
	if !isText || s == "" {
		return 0, false, false
	}
	s = plain(s)
	var counts []int
	for _, digits := range countRE.FindAllString(s, 4) {
		n, err := strconv.Atoi(digits)
		if err != nil {
			return 0, false, false
		}
		counts = append(counts, n)
	}
	switch {
	case len(counts) == 0:
		return plausibleParty(partyInWords(s), true)
	case len(counts) == 2 && added.MatchString(s):
		return plausibleParty(min(counts[0], maxParty+1)+min(counts[1], maxParty+1), true)
	case len(counts) == 2 && ranged.MatchString(s):
		return plausibleParty(slices.Max(counts), true)
	default:
		return plausibleParty(slices.Max(counts), len(counts) == 1 && onlyCount.MatchString(s))
	}
}

func plausibleParty(n int, plainly bool) (party int, exact, ok bool) {
	if n < 1 || n > maxParty {
		return 0, false, false
	}
	return n, plainly, true
}

var countWords = regexp.MustCompile(`^(?:un par|pareja|una pareja|dos parejas|[a-z]+)(?: personas?| pax| people| adultos?)?$`)

// partyInWords reads "cuatro" and the like; 0: none.
func partyInWords(s string) int {
	if !countWords.MatchString(s) {
		return 0
	}
	words := map[string]int{
		"un par": 2, "pareja": 2, "una pareja": 2, "dos parejas": 4,
		"uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
		"once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "veinte": 20,
		"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	}
	for _, tail := range []string{"", " persona", " personas", " pax", " people", " adulto", " adultos"} {
		if n, ok := words[strings.TrimSuffix(s, tail)]; ok {
			return n
		}
	}
	return 0
}

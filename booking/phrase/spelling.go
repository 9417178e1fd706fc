package phrase

// minTypo is the shortest word whose typos are mended, in letters: shorter ones
// are too near to one another.
const minTypo = 5

// maxTypo bounds the work on one word.
const maxTypo = 24

// known returns the word of the lexicon that was meant, or w itself.
func (l *lexicon) known(w string) string {
	if l.has(w) {
		return w
	}
	if len(w) > maxTypo {
		return w
	}
	if single := squeeze(w, 2, 1); single != w && l.has(single) {
		return single
	}
	if double := squeeze(w, 3, 2); double != w {
		if l.has(double) {
			return double
		}
		w = squeeze(w, 3, 1)
	}
	if stem := withoutPossessive(w); stem != w && l.has(stem) {
		return stem
	}
	return l.mend(w)
}

func (l *lexicon) has(w string) bool {
	if _, ok := l.stands[w]; ok {
		return true
	}
	return l.lexeme(w).known
}

func withoutPossessive(w string) string {
	if n := len(w) - 2; n > 0 && w[n:] == "'s" {
		return w[:n]
	}
	return w
}

// squeeze returns w with every run of at least n equal letters cut to m.
func squeeze(w string, n, m int) string {
	out := make([]byte, 0, len(w))
	changed := false
	for i := 0; i < len(w); {
		j := i
		for j < len(w) && w[j] == w[i] {
			j++
		}
		run := j - i
		if run >= n && w[i] < 0x80 {
			run = m
			changed = true
		}
		for range run {
			out = append(out, w[i])
		}
		i = j
	}
	if !changed {
		return w
	}
	return string(out)
}

// mend returns the one known word at a distance of one typo (a letter missing, too
// many, wrong, or two swapped). Where two words are as near and either is a
// number or a day, it stays as it was: nothing is guessed.
func (l *lexicon) mend(w string) string {
	if len(w) < minTypo-1 {
		return w
	}
	best, rival := "", false
	try := func(candidates []string) {
		for _, c := range candidates {
			if c == best || len(c) < minTypo || len(w) < minTypo && len(c) > minTypo || !oneTypo(w, c) {
				continue
			}
			switch {
			case best == "":
				best = c
			case l.exact(best) || l.exact(c):
				rival = true
			case c[0] == w[0] && best[0] != w[0]:
				best = c
			}
		}
	}
	try(l.near[w])
	var buf [maxTypo]byte
	for i := range len(w) {
		less := append(append(buf[:0], w[:i]...), w[i+1:]...)
		try(l.near[string(less)])
	}
	if best == "" || rival || len(w) < minTypo && best[0] != w[0] {
		return w
	}
	return best
}

// exact tells whether another word in its place would change a date or a number.
func (l *lexicon) exact(w string) bool {
	return l.entries[w].class&(isUnit|isTeen|isTen|isHundred|isOrdinal|isMonth|isWeekday) != 0
}

// oneTypo tells whether a becomes b by one insertion, deletion, replacement or
// swap of neighbours.
func oneTypo(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) {
		return true
	}
	if a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

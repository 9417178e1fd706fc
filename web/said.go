package web

import "strings"

// paragraphs are what the desk says as a guest reads it.
type paragraphs [][]span

// span is a run of text; Strong: emphasised.
type span struct {
	Text   string
	Strong bool
}

// paragraphsOf splits the catalogue's written words: a line is a paragraph, and text
// between asterisks is strong.
func paragraphsOf(written string) paragraphs {
	var all paragraphs
	for line := range strings.Lines(written) {
		var spans []span
		for i, text := range strings.Split(strings.TrimSpace(line), "*") {
			if text != "" {
				spans = append(spans, span{text, i%2 == 1})
			}
		}
		if len(spans) > 0 {
			all = append(all, spans)
		}
	}
	return all
}

// withoutQuestion leaves out the question at the end, where the page itself asks it.
func (p paragraphs) withoutQuestion() paragraphs {
	if len(p) > 1 {
		last := p[len(p)-1]
		if strings.HasSuffix(last[len(last)-1].Text, "?") {
			return p[:len(p)-1]
		}
	}
	return p
}

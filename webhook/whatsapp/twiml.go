package whatsapp

import (
	"encoding/xml"
	"strings"
)

const (
	// maxMessage is the longest message that Twilio sends, in characters; counted
	// as UTF-16, in which an emoji is two.
	maxMessage = 1600
	// maxMessages is how many messages an answer may take; nobody reads more.
	maxMessages = 3
)

// twiml makes the answer of its parts, which are set apart by an empty line. What
// is too long for one message goes into several, and what is too long for these is cut off.
func twiml(parts ...string) []byte {
	var b strings.Builder
	b.WriteString(xml.Header[:len(xml.Header)-1] + "<Response>")
	for _, text := range split(strings.Join(parts, "\n\n")) {
		b.WriteString("<Message>")
		_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder takes everything
		b.WriteString("</Message>")
	}
	b.WriteString("</Response>")
	return []byte(b.String())
}

// split cuts a text into messages, at the end of a line where it can, or else of a word.
func split(text string) []string {
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if turnsAround(r) {
			return -1
		}
		return r
	}, text))
	var messages []string
	for text != "" {
		n := fits(text, maxMessage)
		if n < len(text) {
			if len(messages) == maxMessages-1 {
				return append(messages, strings.TrimSpace(text[:fits(text, maxMessage-1)])+"…")
			}
			if line := strings.LastIndexByte(text[:n], '\n'); line > 0 {
				n = line
			} else if word := strings.LastIndexByte(text[:n], ' '); word > n/2 {
				n = word
			}
		}
		messages = append(messages, strings.TrimSpace(text[:n]))
		text = strings.TrimSpace(text[n:])
	}
	return messages
}

// fits returns how many bytes of a text make at most so many characters.
func fits(text string, most int) int {
	n := 0
	for i, r := range text {
		if n++; r > 0xffff {
			n++
		}
		if n > most {
			return i
		}
	}
	return len(text)
}

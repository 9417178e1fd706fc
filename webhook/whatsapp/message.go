package whatsapp

import (
	"errors"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How much of a message is read, in runes. WhatsApp itself sends no more text
// through Twilio.
const (
	maxText    = 1600
	maxPayload = 200
	maxProfile = 40
	// maxField bounds who and what is named, in bytes; Twilio's have 34.
	maxField = 128
)

var errNoMessage = errors.New("not a message")

// kind is what a message holds beside its text, or instead of it.
type kind uint8

const (
	onlyText kind = iota
	voice
	picture
	place
	contact
	file
)

// message is what a guest sent, as far as it is read.
type message struct {
	sid, account string
	// from is the sender's address as Twilio vouches for it. chat: of WhatsApp,
	// and not a text message.
	from string
	chat bool
	// text is what the guest wrote, or the label of the button that was pressed.
	text string
	// payload is what a button of ours carries; empty: none was pressed.
	payload string
	kind    kind
	// profile is the name that the guest goes by on WhatsApp, cleaned; empty
	// when it is none. The guest may choose anything for it.
	profile string
}

// readMessage reads a form of Twilio's. Unknown fields are left alone: Twilio
// adds some without notice.
func readMessage(body []byte) (message, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return message{}, errNoMessage
	}
	// A field that comes twice is ambiguous, and refused.
	m := message{}
	for name, field := range map[string]*string{"MessageSid": &m.sid, "AccountSid": &m.account, "From": &m.from} {
		values := form[name]
		for _, v := range values {
			if v != values[0] {
				return message{}, errNoMessage
			}
		}
		if len(values) > 0 {
			*field = values[0]
		}
	}
	if m.sid == "" || m.from == "" || len(m.sid) > maxField || len(m.from) > maxField {
		return message{}, errNoMessage
	}
	m.chat = strings.HasPrefix(strings.ToLower(m.from), "whatsapp:")
	m.payload = cleaned(first(form, "ButtonPayload", "ListId"), maxPayload)
	m.text = cleaned(first(form, "Body", "ButtonText", "ListTitle"), maxText)
	m.kind = kindOf(form)
	m.profile = properName(form.Get("ProfileName"))
	return m, nil
}

// first returns the first of the fields that says something.
func first(form url.Values, names ...string) string {
	for _, name := range names {
		if v := form.Get(name); strings.TrimSpace(v) != "" {
			return v
		}
	}
	return ""
}

func kindOf(form url.Values) kind {
	if form.Get("Latitude") != "" && form.Get("Longitude") != "" {
		return place
	}
	if n := form.Get("NumMedia"); n == "" || n == "0" {
		return onlyText
	}
	family, sort, _ := strings.Cut(strings.ToLower(form.Get("MediaContentType0")), "/")
	switch {
	case family == "audio":
		return voice
	case family == "image", family == "video":
		return picture
	case strings.Contains(sort, "vcard"):
		return contact
	}
	return file
}

// cleaned returns at most so many runes of a text, without control characters and
// without those that turn the direction of text. Line breaks become spaces.
func cleaned(text string, most int) string {
	var b strings.Builder
	n, blank := 0, true
	for _, r := range text {
		switch {
		case unicode.IsSpace(r) || r == '\u2028' || r == '\u2029':
			if blank {
				continue
			}
			r, blank = ' ', true
		case unicode.IsControl(r), r == utf8.RuneError, turnsAround(r), unicode.Is(unicode.Co, r):
			continue
		default:
			blank = false
		}
		if n++; n > most {
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

func turnsAround(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\u200e' || r == '\u200f' || r == '\u061c'
}

// properName returns a profile's name as one that a table can be booked under: a few
// words of letters. Empty: it is no name.
func properName(profile string) string {
	var b strings.Builder
	letters := 0
	for _, r := range cleaned(profile, 4*maxProfile) {
		switch {
		case unicode.IsLetter(r):
			letters++
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r) && letters > 0, strings.ContainsRune("'’.-·", r) && letters > 0:
			b.WriteRune(r)
		default:
			b.WriteRune(' ')
		}
	}
	words := strings.Fields(b.String())
	const mostWords = 4
	name := strings.Trim(strings.Join(words[:min(len(words), mostWords)], " "), "'’-· ")
	for utf8.RuneCountInString(name) > maxProfile {
		last := strings.LastIndexByte(name, ' ')
		if last < 0 {
			return ""
		}
		name = name[:last]
	}
	if letters < 2 {
		return ""
	}
	return name
}

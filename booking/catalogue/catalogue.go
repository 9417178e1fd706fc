// Package catalogue is everything that guests read or hear, in Spanish and
// English. The texts are in tables (texts_*.go), each beside its translation;
// the rest of the package chooses the right message and fills it in.
//
// Every message is one line without markup, fit to be read aloud, and names a
// date by day and date, never by "today" alone; see [Catalogue.Written] for
// guests who read. The moment at which a guest hears it is an argument. The
// package must not know of channels, of JSON, nor of how a decision was reached.
package catalogue

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"maitre/booking"
)

// Catalogue is the words of one restaurant. It never changes after [New] and is
// safe for concurrent use.
//
// Its methods take the guest's language first; one that the restaurant does not
// speak is answered in the restaurant's first. Those that name dates take
// the moment at which the guest hears them, in any zone.
type Catalogue struct {
	restaurant *booking.Restaurant
	location   *time.Location
	languages  map[booking.Lang]*language
	first      *language
	written    bool
	silent     bool
}

// New returns the catalogue of a restaurant that has passed
// [booking.Restaurant.Check]. It reads the texts of r once; r must not change afterwards.
func New(r *booking.Restaurant) *Catalogue {
	c := &Catalogue{restaurant: r, location: r.Location, languages: map[booking.Lang]*language{}}
	if c.location == nil {
		c.location = time.UTC
	}
	for _, l := range []*language{spanish(), english()} {
		l.prepare(r)
		if len(r.Languages) == 0 || slices.Contains(r.Languages, l.lang) {
			c.languages[l.lang] = l
		}
		if c.first == nil || len(r.Languages) > 0 && l.lang == r.Languages[0] {
			c.first = l
		}
	}
	return c
}

// Written returns the catalogue for guests who read in a chat what others hear:
// a line for each sentence, lists as numbered lines, *bold* for what matters (the
// moment, the code), codes as they are typed.
func (c *Catalogue) Written() *Catalogue {
	written := *c
	written.written = true
	return &written
}

// Silent returns the catalogue for a restaurant that cannot send messages: it promises none.
func (c *Catalogue) Silent() *Catalogue {
	silent := *c
	silent.silent = true
	return &silent
}

// Writes reports whether messages are sent to guests.
func (c *Catalogue) Writes() bool { return !c.silent }

// Restaurant returns the restaurant whose words these are; not to be changed.
func (c *Catalogue) Restaurant() *booking.Restaurant { return c.restaurant }

// Language returns the language in which a guest of lang is answered.
func (c *Catalogue) Language(lang booking.Lang) booking.Lang { return c.language(lang).lang }

func (c *Catalogue) language(lang booking.Lang) *language {
	if l, ok := c.languages[lang]; ok {
		return l
	}
	return c.first
}

// wording is a language at one moment, for guests who hear or for those who read.
type wording struct {
	*language
	*texts
	restaurant *booking.Restaurant
	today      booking.Date
	// relative reports whether "today" and "tomorrow" mean the same to guest and
	// desk: after midnight, when the service day is not the calendar's, they may not.
	relative bool
	written  bool // for a guest who reads
	silent   bool // no message can be sent, so none is promised
}

// at returns the wording at a moment.
func (c *Catalogue) at(lang booking.Lang, now time.Time) wording {
	w := c.timeless(lang)
	today, clock := booking.ServiceDay(now, c.location)
	w.today, w.relative = today, !clock.AfterMidnight()
	return w
}

// timeless returns the wording of texts without dates.
func (c *Catalogue) timeless(lang booking.Lang) wording {
	l := c.language(lang)
	w := wording{language: l, texts: &l.heard, restaurant: c.restaurant, written: c.written, silent: c.silent}
	if c.written {
		w.texts = &l.read
	}
	return w
}

// piece fills in a part of a sentence.
func (w wording) piece(text string, fills ...fill) string {
	return string(appendFilled(make([]byte, 0, 96), text, fills))
}

// sentence returns one sentence.
func (w wording) sentence(text string, fills ...fill) string {
	return string(appendSentence(make([]byte, 0, 96), text, fills))
}

// bold returns text in bold for guests who read.
func (w wording) bold(text string) string {
	if !w.written || text == "" {
		return text
	}
	return "*" + text + "*"
}

// theirs returns what a guest or the staff typed, without the characters that a chat
// takes for markup.
func (w wording) theirs(text string) string {
	text = oneLine(text)
	if w.written && strings.ContainsAny(text, "*_~`") {
		text = oneLine(markup.Replace(text))
	}
	return text
}

var markup = strings.NewReplacer("*", "", "_", " ", "~", "", "`", "'")

// message collects the sentences of a message.
type message struct {
	wording
	line []byte
}

func (w wording) message() *message { return &message{w, make([]byte, 0, 320)} }

// say adds a sentence.
func (m *message) say(text string, fills ...fill) {
	m.space()
	m.line = appendSentence(m.line, text, fills)
}

// quote adds a sentence of the owner's.
func (m *message) quote(text string) {
	if text = sentence(text); text != "" {
		m.space()
		m.line = append(m.line, text...)
	}
}

func (m *message) space() {
	switch {
	case len(m.line) == 0:
	case m.written:
		m.line = append(m.line, '\n')
	default:
		m.line = append(m.line, ' ')
	}
}

// list adds numbered lines, for a guest to choose by number.
func (m *message) list(items []string) {
	for i, item := range items {
		m.space()
		m.line = append(strconv.AppendInt(m.line, int64(i+1), 10), ". "...)
		m.line = append(m.line, item...)
	}
}

// String returns the message.
func (m *message) String() string { return string(m.line) }

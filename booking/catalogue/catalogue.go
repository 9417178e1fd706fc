// Package catalogue is everything that guests read or hear, in Spanish and
// English. What a message says lies in one table per language (spanish.go,
// english.go); the rest of the package chooses the message that is true and
// fills it in.
//
// Every message is one line without markup, fit to be read aloud, and names a
// date by day and date, never by "today" alone; see [Catalogue.Written] for
// guests who read. The package is pure: the moment
// at which a guest is spoken to is an argument. It must not know of channels,
// of JSON, nor of how a decision was reached.
package catalogue

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"maitre/booking"
)

// Catalogue speaks for one restaurant. It never changes after [New] and is safe
// for concurrent use.
//
// Its methods take the guest's language first; one that the restaurant does not
// speak is answered in the restaurant's first. Those that speak of dates take
// the moment at which the guest hears them, in any zone.
type Catalogue struct {
	house    *booking.Restaurant
	location *time.Location
	tongues  map[booking.Lang]*tongue
	first    *tongue
	written  bool
	silent   bool
}

// New returns the catalogue of a restaurant that has passed
// [booking.Restaurant.Check]. It reads the texts of r once; r must not change afterwards.
func New(r *booking.Restaurant) *Catalogue {
	c := &Catalogue{house: r, location: r.Location, tongues: map[booking.Lang]*tongue{}}
	if c.location == nil {
		c.location = time.UTC
	}
	for lang, words := range map[booking.Lang]language{booking.Spanish: spanish(), booking.English: english()} {
		c.tongues[lang] = newTongue(lang, words, r)
	}
	c.first = c.tongues[booking.Spanish]
	if len(r.Languages) > 0 && c.tongues[r.Languages[0]] != nil {
		c.first = c.tongues[r.Languages[0]]
	}
	for lang := range c.tongues {
		if len(r.Languages) > 0 && !slices.Contains(r.Languages, lang) && lang != c.first.lang {
			delete(c.tongues, lang)
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

// Silent returns the catalogue for a house that cannot send messages: it promises none.
func (c *Catalogue) Silent() *Catalogue {
	silent := *c
	silent.silent = true
	return &silent
}

// Writes tells whether guests are written to.
func (c *Catalogue) Writes() bool { return !c.silent }

// Restaurant returns the house that the catalogue speaks for; not to be changed.
func (c *Catalogue) Restaurant() *booking.Restaurant { return c.house }

// Language returns the language in which a guest of lang is answered.
func (c *Catalogue) Language(lang booking.Lang) booking.Lang { return c.tongue(lang).lang }

func (c *Catalogue) tongue(lang booking.Lang) *tongue {
	if t, ok := c.tongues[lang]; ok {
		return t
	}
	return c.first
}

// language is the table of one language.
type language struct {
	weekdays, weekdayPlurals [7]string
	months                   [12]string
	languages                map[booking.Lang]string
	// and returns the word, with its blanks, that joins next to what is before it.
	and func(next string) string
	or  string
	// mindsOne tells whether an hour of one is said otherwise than the rest ("a la 01:30").
	mindsOne bool
	// zone returns a zone's name with its article, and with its preposition.
	zone func(name string) (bare, in string)
	// countryCode goes before the numbers of Spain.
	countryCode string
	// meal returns a service's name as it stands in a sentence.
	meal func(name string) string
	// reasonFor are beginnings of reasons that follow on "we aren't open" without a
	// colon; closed are words before them that would say that twice.
	reasonFor, closed []string
	// common lowers the capital of a reason that is not a proper name.
	common   func(reason string) string
	messages map[string]string
}

// tongue is a language made ready to speak for one restaurant.
type tongue struct {
	language
	lang      booking.Lang
	fallbacks []booking.Lang
	templates map[string]template
	zones     map[string]place
}

// place is a zone's name with its article ("la terraza") and with its preposition ("en la terraza").
type place struct{ bare, in string }

func newTongue(lang booking.Lang, words language, r *booking.Restaurant) *tongue {
	t := &tongue{
		language:  words,
		lang:      lang,
		fallbacks: r.Languages,
		templates: make(map[string]template, len(words.messages)),
		zones:     make(map[string]place, len(r.Zones)),
	}
	for key, text := range words.messages {
		t.templates[key] = cut(text)
	}
	for _, z := range r.Zones {
		t.zones[z.ID] = t.placeOf(t.own(z.Name), z.ID)
	}
	return t
}

// own returns the owner's text in this language, or in one that it has.
func (t *tongue) own(text booking.Text) string { return text.In(t.lang, t.fallbacks...) }

func (t *tongue) placeOf(name, id string) place {
	if name = phrase(name); name == "" {
		name = phrase(id)
	}
	if name == "" {
		return place{}
	}
	bare, in := t.zone(name)
	return place{bare, in}
}

// place returns the zone's name; a zone that the restaurant file no longer has goes by its ID.
func (t *tongue) place(id string) place {
	if p, ok := t.zones[id]; ok {
		return p
	}
	return t.placeOf("", id)
}

// voice is a tongue at one moment.
type voice struct {
	*tongue
	house *booking.Restaurant
	today booking.Date
	// relative tells whether "today" and "tomorrow" mean the same to guest and
	// desk: after midnight, when the service day is not the calendar's, they may not.
	relative bool
	// written: for a guest who reads.
	written bool
	// silent: no message can be sent, so none is promised.
	silent bool
}

// speak returns a voice at a moment.
func (c *Catalogue) speak(lang booking.Lang, now time.Time) voice {
	today, clock := booking.ServiceDay(now, c.location)
	return voice{c.tongue(lang), c.house, today, !clock.AfterMidnight(), c.written, c.silent}
}

// timeless returns a voice for what does not speak of dates.
func (c *Catalogue) timeless(lang booking.Lang) voice {
	return voice{tongue: c.tongue(lang), house: c.house, written: c.written, silent: c.silent}
}

// piece fills in a part of a sentence.
func (v voice) piece(key string, fills ...fill) string {
	return string(v.templates[key].appendTo(make([]byte, 0, 96), fills))
}

// bold sets off what matters for those who read; a chat shows it so.
func (v voice) bold(text string) string {
	if !v.written || text == "" {
		return text
	}
	return "*" + text + "*"
}

// theirs is what a guest or the staff typed, without the marks that a chat
// would take for its own.
func (v voice) theirs(text string) string {
	text = oneLine(text)
	if v.written && strings.ContainsAny(text, "*_~`") {
		text = oneLine(markup.Replace(text))
	}
	return text
}

var markup = strings.NewReplacer("*", "", "_", " ", "~", "", "`", "'")

// speech is a message in the making: sentences in their order.
type speech struct {
	voice
	line []byte
}

func (v voice) speech() *speech { return &speech{v, make([]byte, 0, 320)} }

// say adds a sentence, in the words for those who read where there are such.
func (s *speech) say(key string, fills ...fill) {
	if s.written && s.templates[inWriting+key] != nil {
		key = inWriting + key
	}
	s.space()
	s.line = s.templates[key].appendSentence(s.line, fills)
}

// quote adds a sentence of the owner's.
func (s *speech) quote(text string) {
	if text = sentence(text); text != "" {
		s.space()
		s.line = append(s.line, text...)
	}
}

func (s *speech) space() {
	switch {
	case len(s.line) == 0:
	case s.written:
		s.line = append(s.line, '\n')
	default:
		s.line = append(s.line, ' ')
	}
}

// list adds numbered lines, for a guest to choose by number.
func (s *speech) list(items []string) {
	for i, item := range items {
		s.space()
		s.line = append(strconv.AppendInt(s.line, int64(i+1), 10), ". "...)
		s.line = append(s.line, item...)
	}
}

// String returns what was said.
func (s *speech) String() string { return string(s.line) }

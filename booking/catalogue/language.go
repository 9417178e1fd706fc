package catalogue

import (
	"slices"
	"strings"

	"maitre/booking"
)

// language is one language: its grammar and its texts, and what it calls the zones of
// one restaurant.
type language struct {
	lang     booking.Lang
	names    map[booking.Lang]string // of the languages
	weekdays [7]string
	months   [12]string
	// and returns the word, with its blanks, that joins next to what is before it.
	and func(next string) string
	or  string
	// place returns a zone's name with its article and with its preposition.
	place func(name string) place
	// countryCode goes before the numbers of Spain.
	countryCode string
	// meal returns a service's name as it is used inside a sentence.
	meal func(name string) string
	// reasonFor are beginnings of reasons that follow on "we aren't open" without a
	// colon; closed are words before them that would say that twice.
	reasonFor, closed []string
	// common lowers the capital of a reason that is not a proper name.
	common func(reason string) string

	heard, read texts

	fallbacks []booking.Lang
	zones     map[string]place
}

// place is a zone's name with its article ("la terraza") and with its preposition ("en la terraza").
type place struct{ bare, in string }

// prepare makes l ready for one restaurant.
func (l *language) prepare(r *booking.Restaurant) {
	l.weekdays, l.months = Weekdays(l.lang), Months(l.lang)
	l.fallbacks = r.Languages
	l.zones = make(map[string]place, len(r.Zones))
	for _, z := range r.Zones {
		l.zones[z.ID] = l.placeOf(l.own(z.Name), z.ID)
	}
}

// own returns the owner's text in this language, or in one that it has.
func (l *language) own(text booking.Text) string { return text.In(l.lang, l.fallbacks...) }

// zone returns the zone's name; a zone that the restaurant file no longer has goes by its ID.
func (l *language) zone(id string) place {
	if p, ok := l.zones[id]; ok {
		return p
	}
	return l.placeOf("", id)
}

func (l *language) placeOf(name, id string) place {
	if name = phrase(name); name == "" {
		name = phrase(id)
	}
	if name == "" {
		return place{}
	}
	return l.place(name)
}

// service returns the service's name as it is used inside a sentence.
func (l *language) service(name booking.Text, id string) string {
	if own := phrase(l.own(name)); own != "" {
		return l.meal(own)
	}
	return l.meal(phrase(id))
}

// all joins items with commas and "and".
func (l *language) all(items []string) string {
	if len(items) == 0 {
		return ""
	}
	return join(items, ", ", l.and(items[len(items)-1]))
}

// any joins items with commas and "or".
func (l *language) any(items []string) string { return join(items, ", ", l.or) }

// join joins items, the last one with its own separator.
func join(items []string, separator, last string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	head := len(items) - 1
	return strings.Join(items[:head], separator) + last + items[head]
}

// spoken lists the languages that the restaurant speaks.
func (l *language) spoken() string {
	var names []string
	for _, lang := range l.fallbacks {
		if name := l.names[lang]; name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return l.names[l.lang]
	}
	return l.all(names)
}

// because makes ": fiesta privada" or " por descanso" of what the owner wrote, or nothing.
func (w wording) because(text booking.Text) string {
	reason := w.common(phrase(w.own(text)))
	if reason == "" {
		return ""
	}
	for _, closed := range w.closed {
		if rest, ok := strings.CutPrefix(lowerFirst(reason), closed); ok && w.beginsWithFor(rest) {
			reason = rest
			break
		}
	}
	if w.beginsWithFor(reason) {
		return w.piece(w.ReasonFor, fill{"reason", lowerFirst(reason)})
	}
	return w.piece(w.Reason, fill{"reason", reason})
}

func (l *language) beginsWithFor(reason string) bool {
	reason = lowerFirst(reason)
	return slices.ContainsFunc(l.reasonFor, func(beginning string) bool { return strings.HasPrefix(reason, beginning) })
}

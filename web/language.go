package web

import (
	"net/http"
	"slices"

	"golang.org/x/text/language"

	"maitre/booking"
)

// languageOf is the language to answer a page in: what ?lang= or a form asks for, else
// what the browser prefers, else the restaurant's first.
func (s *site) languageOf(r *http.Request) booking.Lang {
	asked := booking.Lang(r.URL.Query().Get("lang"))
	if r.PostForm != nil {
		asked = booking.Lang(r.PostForm.Get("lang"))
	}
	return s.spokenTo(asked, r)
}

// spokenTo is the language asked for, where the restaurant speaks it, else the one
// that the browser prefers.
func (s *site) spokenTo(asked booking.Lang, r *http.Request) booking.Lang {
	spoken := s.cfg.Restaurant.Languages
	if slices.Contains(spoken, asked) {
		return asked
	}
	// A header that cannot be read is no preference.
	preferred, _, _ := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	_, i, _ := s.languages.Match(preferred...)
	return spoken[i]
}

func tags(langs []booking.Lang) []language.Tag {
	list := make([]language.Tag, len(langs))
	for i, lang := range langs {
		list[i] = language.Make(string(lang))
	}
	return list
}

package web

import (
	"net/http"
	"slices"

	"golang.org/x/text/language"

	"maitre/booking"
)

// languageOf is the language to answer a page in: what ?lang= asks for, else
// what the browser prefers, else the house's first.
func (s *site) languageOf(r *http.Request) booking.Lang {
	spoken := s.Restaurant.Languages
	if asked := booking.Lang(r.URL.Query().Get("lang")); slices.Contains(spoken, asked) {
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

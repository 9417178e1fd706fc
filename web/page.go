package web

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"

	"github.com/nyaruka/phonenumbers"

	"maitre/booking"
)

//go:embed templates/*.html
var templateFiles embed.FS

// parseTemplates parses every page with the shared base.
func parseTemplates(a assets) map[string]*template.Template {
	base := template.Must(template.New("base.html").
		Funcs(template.FuncMap{"asset": a.url}).
		ParseFS(templateFiles, "templates/base.html", "templates/parts.html", "templates/staff.html"))
	pages := make(map[string]*template.Template)
	for _, name := range []string{"home", "reserve", "details", "done", "own", "problem", "signin", "day", "journal", "messages", "staff_problem"} {
		pages[name] = template.Must(template.Must(base.Clone()).ParseFS(templateFiles, "templates/"+name+".html"))
	}
	return pages
}

// page is what every page shows.
type page struct {
	Lang       booking.Lang
	Words      words
	Restaurant *booking.Restaurant
	// PhoneShown is the restaurant's number as people write it.
	PhoneShown string
	PublicURL  string
	Version    string
	// Languages are those in which the page can be read.
	Languages []booking.Lang
	// Switch is the address of the same page in the other language; empty: there is none.
	Switch string
}

func (s *site) page(r *http.Request) page {
	lang := s.languageOf(r)
	w := wordsIn(lang)
	p := page{
		Lang: lang, Words: w, Restaurant: s.cfg.Restaurant, PhoneShown: written(s.cfg.Restaurant.Phone),
		PublicURL: s.cfg.PublicURL, Version: s.cfg.Version, Languages: s.cfg.Restaurant.Languages,
	}
	if slices.Contains(s.cfg.Restaurant.Languages, w.SwitchLang) {
		p.Switch = switched(r, w.SwitchLang)
	}
	return p
}

// switched is the address of the same page in another language, without what a form
// sent.
func switched(r *http.Request, lang booking.Lang) string {
	asked := url.Values{}
	if r.Method == http.MethodGet {
		asked = r.URL.Query()
	}
	asked.Set("lang", string(lang))
	return (&url.URL{Path: r.URL.Path, RawQuery: asked.Encode()}).String()
}

// text is t in the reader's language, or in one that the restaurant speaks.
func (p page) text(t booking.Text) string { return t.In(p.Lang, p.Languages...) }

// render writes a page whole or not at all: a template that fails panics before
// anything is written, and observe answers 500.
func (s *site) render(w http.ResponseWriter, status int, name string, lang booking.Lang, data any) {
	var body bytes.Buffer
	if err := s.templates[name].ExecuteTemplate(&body, "base.html", data); err != nil {
		panic(err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(lang))
	h.Add("Vary", "Accept-Language")
	w.WriteHeader(status)
	_, _ = body.WriteTo(w) // the browser may have hung up
}

// problemPage says in the reader's language why the page asked for is not there.
func (s *site) problemPage(w http.ResponseWriter, r *http.Request, status int) {
	p := s.page(r)
	title, help := p.Words.NothingHere, p.Words.NothingHereHelp
	switch {
	case status >= http.StatusInternalServerError:
		title, help = p.Words.Broken, p.Words.BrokenHelp
	case status == http.StatusTooManyRequests:
		title, help = p.Words.Reserve.TooMany, p.Words.Reserve.TooManyHelp
	case status == http.StatusForbidden:
		title, help = p.Words.Reserve.Elsewhere, p.Words.Reserve.ElsewhereHelp
	case status == http.StatusBadRequest:
		title, help = p.Words.Reserve.Garbled, p.Words.Reserve.GarbledHelp
	}
	s.render(w, status, "problem", p.Lang, struct {
		page
		Title, Help string
	}{p, title, help})
}

// written is a number as people write it: +34 941 23 45 67.
func written(p booking.Phone) string {
	number, err := phonenumbers.Parse(string(p), "ZZ")
	if err != nil {
		return string(p)
	}
	return phonenumbers.Format(number, phonenumbers.INTERNATIONAL)
}

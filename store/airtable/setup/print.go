package setup

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

// printer writes lines for the owner.
type printer struct {
	out   io.Writer
	quiet bool  // prints no "ok"
	notes bool  // a note was printed
	wrong bool  // a "wrong" was printed
	err   error // the first of writing
}

func (p *printer) say(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format+"\n", args...)
	}
}

func (p *printer) ok(format string, args ...any) {
	if !p.quiet {
		p.say("ok: "+format, args...)
	}
}

func (p *printer) note(format string, args ...any) {
	p.notes = true
	p.say("note: "+format, args...)
}

func (p *printer) bad(format string, args ...any) {
	p.wrong = true
	p.say("wrong: "+format, args...)
}

func (p *printer) finding(f mapping.Finding) {
	if f.OK && p.quiet {
		return
	}
	p.wrong = p.wrong || !f.OK && f.Vital
	p.notes = p.notes || !f.OK && !f.Vital
	p.say("%s", f)
}

// some joins the first ten of many.
func some(all []string) string {
	const most = 10
	if len(all) <= most {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:most], ", "), len(all)-most)
}

// count returns a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func asError(err error) *airtable.Error {
	e, _ := errors.AsType[*airtable.Error](err)
	return e
}

// hidden reports whether Airtable does not show something: a wrong ID, a scope or a
// base that the token was not given, which all get the same answer.
func hidden(err error) bool {
	e := asError(err)
	return e != nil && e.Kind == airtable.Permanent && e.Blame == airtable.BlameAccess &&
		(e.Status == http.StatusForbidden || e.Status == http.StatusNotFound)
}

// UnansweredError is returned when Airtable does not answer, or answers with a
// failure of its own: what the base is like is not known.
type UnansweredError struct{ text string }

// Error says so, and how to fix it.
func (e *UnansweredError) Error() string { return e.text }

// explain returns an error that says what was being done, such as "reading the rows
// of "Mesas"", why it failed and how to fix it.
func (s Setup) explain(doing string, err error) error {
	e := asError(err)
	if e == nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	switch {
	case e.Blame == airtable.BlameEndpoint:
		return fmt.Errorf("what answers at %s is not Airtable. Check AIRTABLE_ENDPOINT_URL (for Airtable itself, leave it out) and any proxy in between", s.Endpoint)
	case e.Status == http.StatusUnauthorized:
		return errors.New("the token (AIRTABLE_API_KEY) is not accepted. Copy it again, whole, with the part after the dot; if it was deleted or regenerated, make a new one at https://airtable.com/create/tokens")
	case e.Kind == airtable.QuotaSpent:
		return errors.New("the calls of this month are used up. Move the workspace to a larger Airtable plan, or wait for the next month; meanwhile maitre keeps what it accepts and writes it later")
	case e.Kind == airtable.RateLimited:
		return errors.New("there were too many requests. Wait a minute and run this again; if it goes on, another program uses the same base or token")
	case e.Kind == airtable.Permanent:
		return fmt.Errorf("%s: Airtable refuses it (%s). %s", doing, brief(e), strings.TrimSuffix(e.Fix, "."))
	case e.Status >= http.StatusInternalServerError:
		return &UnansweredError{fmt.Sprintf("%s: Airtable is in trouble itself (%d). Try again in a few minutes; https://status.airtable.com tells more", doing, e.Status)}
	case e.Status != 0:
		return fmt.Errorf("%s: what came back from %s cannot be read (%s). Check AIRTABLE_ENDPOINT_URL and any proxy in between", doing, s.Endpoint, brief(e))
	}
	return &UnansweredError{fmt.Sprintf("%s does not answer (%s). Check this machine's connection and AIRTABLE_ENDPOINT_URL (for Airtable itself, leave it out)", s.Endpoint, brief(e))}
}

// brief returns what Airtable said, or why it did not answer.
func brief(e *airtable.Error) string {
	var parts []string
	for _, part := range []string{e.Type, e.Message} {
		if part != "" {
			parts = append(parts, strings.TrimSuffix(part, "."))
		}
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return strings.Join(parts, ": ")
}

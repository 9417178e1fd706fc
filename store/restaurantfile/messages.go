package restaurantfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"maitre/booking"
)

// templateShape is what Twilio names a template.
var templateShape = regexp.MustCompile(`^HX[0-9a-fA-F]{32}$`)

// readMessages reads which messages the restaurant sends by itself, and how. All of it
// can be left out.
func readMessages(top *table) booking.Correspondence {
	c := booking.UsualCorrespondence()
	t, ok := top.may("messages").table()
	if !ok {
		return c
	}
	if v := t.may("send"); v != nil {
		c.Kinds = readKinds(v)
	}
	c.InWriting = t.may("in_writing").yes()
	if q, ok := t.may("quiet").table(); ok {
		c.QuietFrom = q.must("from", `from = "22:30"`).clock()
		c.QuietUntil = q.must("until", `until = "09:30"`).clock()
		q.done()
	}
	if v := t.may("remind_at"); v != nil {
		c.RemindAt = v.clock()
	}
	c.Hold = t.may("waitlist_hold").duration(5*time.Minute, 24*time.Hour, c.Hold)
	if v := t.may("sms"); v != nil {
		c.NoSMS = !v.yes()
	}
	c.Templates = readTemplates(t.may("templates"))
	t.done()
	return c
}

// kindNames are the kinds of messages as the file names them.
func kindNames() []string {
	var names []string
	for _, kind := range booking.GuestMessages() {
		names = append(names, string(kind))
	}
	return names
}

func readKinds(v *value) []booking.MessageKind {
	kinds := []booking.MessageKind{}
	for _, item := range v.list() {
		kind := booking.MessageKind(item.choice(kindNames()...))
		switch {
		case kind == "":
		case slices.Contains(kinds, kind):
			item.wrong("stands twice", "take one away")
		default:
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// readTemplates reads the carrier's templates: a table by language, in it one by kind.
func readTemplates(v *value) map[booking.Lang]map[booking.MessageKind]string {
	t, ok := v.table()
	if !ok {
		return nil
	}
	known := append(kindNames(), string(booking.MessageCall), string(booking.MessageAlert))
	all := map[booking.Lang]map[booking.MessageKind]string{}
	for lang, v := range t.every() {
		if !slices.Contains(t.reader.languages, lang) {
			v.wrong("is in a language that the house does not speak",
				fmt.Sprintf("add %q to languages at the top, or take it away (spoken: %s)", lang, strings.Join(t.reader.languages, ", ")))
			continue
		}
		of, ok := v.table()
		if !ok {
			continue
		}
		all[booking.Lang(lang)] = map[booking.MessageKind]string{}
		for _, kind := range known {
			id := of.may(kind)
			name := id.str(maxName)
			if id != nil && name != "" && !templateShape.MatchString(name) {
				id.wrong("is no template of Twilio's", "copy its Content SID: HX and 32 more characters")
			}
			if name != "" {
				all[booking.Lang(lang)][booking.MessageKind(kind)] = name
			}
		}
		of.done()
	}
	return all
}

package vapi

import (
	"errors"
	"fmt"
	"regexp"
	"unicode/utf8"

	"maitre/booking"
	"maitre/booking/catalogue"
)

// tool is a tool of the assistant's: VAPI's endCall, or a function of ours.
type tool struct {
	Type     string        `json:"type"`
	Async    *bool         `json:"async,omitempty"`
	Function *function     `json:"function,omitempty"`
	Messages []toolMessage `json:"messages,omitempty"`
}

type function struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Parameters  schema `json:"parameters"`
}

// schema is the part of JSON Schema that VAPI takes.
type schema struct {
	Type        string            `json:"type"`
	Description string            `json:"description,omitempty"`
	Enum        []string          `json:"enum,omitempty"`
	Properties  map[string]schema `json:"properties,omitzero"`
	Required    []string          `json:"required,omitempty"`
}

// toolMessage is what VAPI says by itself while a tool runs: Content, or one of
// Contents, by the language that is being spoken.
type toolMessage struct {
	Type               string        `json:"type"`
	Content            string        `json:"content,omitempty"`
	Contents           []textContent `json:"contents,omitempty"`
	Blocking           *bool         `json:"blocking,omitempty"`
	TimingMilliseconds int           `json:"timingMilliseconds,omitempty"`
}

type textContent struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Language string `json:"language"`
}

// functionName is what VAPI takes as one.
var functionName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

func (t tool) check() error {
	var problems []error
	if t.Function != nil && !functionName.MatchString(t.Function.Name) {
		problems = append(problems, fmt.Errorf("tool %q: VAPI wants 1 to 64 letters, digits, _ and -", t.Function.Name))
	}
	for _, m := range t.Messages {
		for _, text := range append([]textContent{{Text: m.Content}}, m.Contents...) {
			if utf8.RuneCountInString(text.Text) > maxContent {
				problems = append(problems, fmt.Errorf("tool %q: message %s is longer than %d characters", t.Function.Name, m.Type, maxContent))
			}
		}
	}
	return errors.Join(problems...)
}

// delayed is after how many milliseconds a caller hears that the tool is still at work.
const delayed = 3000

// toolbox returns what the assistant can do. Descriptions and parameters are
// for the model and are in English whatever the guest speaks. The waiting list
// is offered only where the restaurant keeps one; the tool to leave it is always there,
// so that nothing else is cancelled instead.
//
// No tool has a request-complete message: VAPI would say it instead of letting
// the model tell the guest what came back.
func toolbox(restaurant *booking.Restaurant, words *catalogue.Catalogue, waitlist bool) []tool {
	p := parametersOf(restaurant)
	p.words = words
	asks, acts := p.messages(false), p.messages(true)
	tools := []tool{
		{Type: "endCall"},
		p.tool(asks, "get_info", "What the house tells guests on one topic; without one, everything: address, phone, and all that your instructions say of the house.", nil, "topic"),
		p.tool(asks, "get_hours", "Opening hours: the usual week, or those of one date (closures and holidays included).", nil, "date"),
		p.tool(asks, "check_availability", "Whether a table is free on a date, at a time, for a party. Without time: all times of that date.", []string{"date", "pax"}, "date", "time", "pax", "zone"),
		p.tool(acts, "create_reservation", "Book a table, once the guest has agreed to day, date, time and party as read back.", []string{"date", "time", "pax", "customer_name"}, "date", "time", "pax", "customer_name", "phone", "zone", "notes"),
		p.tool(asks, "get_reservation", "Find the guest's bookings: those of the number that calls, or one by its code.", nil, "code", "phone", "which_date"),
		p.tool(acts, "update_reservation", "Change a booking: give what changes, and nothing else. Notes are added to those there are. Refused, the booking stays as it was.", nil, "code", "phone", "date", "time", "pax", "zone", "customer_name", "notes"),
		p.tool(acts, "cancel_reservation", "Cancel a booking, once you have said which one (day, time, party) and the guest has answered yes. Of several, name the one by its code. Not for the waiting list.", nil, "code", "phone", "which_date"),
		p.tool(acts, "confirm_reservation", "Record that the guest is coming (true), or not (false: the table is given back, so only after a plain no to whether they are coming).", []string{"confirmed"}, "confirmed", "code", "phone", "which_date"),
		p.tool(acts, "leave_waitlist", "Take the guest off the waiting list, or learn that they are on none. No booking is touched, except that a table which is only being held for them from the list is given back.", nil),
	}
	if waitlist {
		tools = append(tools, p.tool(acts, "add_to_waitlist", "Put the guest on the waiting list for a time that is full, once they have said that they would rather wait than take another time. They are written to when a table comes free; it needs a mobile number. leave_waitlist takes them off it again.", []string{"date", "time", "pax", "customer_name"}, "date", "time", "pax", "customer_name", "phone", "zone", "notes"))
	}
	return tools
}

// parameters are the arguments that tools share.
type parameters struct {
	restaurant *booking.Restaurant
	known      map[string]schema
	words      *catalogue.Catalogue
}

func parametersOf(restaurant *booking.Restaurant) parameters {
	text := func(description string) schema { return schema{Type: "string", Description: description} }
	p := parameters{restaurant: restaurant, known: map[string]schema{
		"date":          text("YYYY-MM-DD; or the guest's own words, such as 'el sábado' or 'tomorrow', when you are not sure of the date. After midnight still counts as the evening before."),
		"which_date":    text("The booking's date, YYYY-MM-DD, where the guest has several."),
		"time":          text("HH:MM, 24 hours; or the guest's own words, such as 'a las nueve y media'."),
		"pax":           {Type: "integer", Description: "How many guests, children included."},
		"customer_name": text("The guest's name, as they want it on the booking."),
		"phone":         text("Only if the guest gives a number other than the one they call from: digits, with + and the country code for a foreign one."),
		"code":          text("The booking's code, four to six letters and digits, as the guest spells it."),
		"notes":         text("What the kitchen or the room should know, in a few words: only what is new, as it is added to what is noted. Nothing that the guest did not say; leave it out when there is nothing."),
		"confirmed":     {Type: "boolean", Description: "true: they are coming; false: they are not."},
	}}
	if len(restaurant.Facts) > 0 {
		topic := text("What the guest asks about.")
		for _, fact := range restaurant.Facts {
			topic.Enum = append(topic.Enum, fact.Key)
		}
		p.known["topic"] = topic
	}
	if len(restaurant.Zones) > 0 {
		zone := text("Only if the guest wants a particular part of the house.")
		for _, z := range restaurant.Zones {
			zone.Enum = append(zone.Enum, z.ID)
		}
		p.known["zone"] = zone
	}
	if len(restaurant.Languages) > 1 {
		lang := text("The language that the guest speaks.")
		for _, l := range restaurant.Languages {
			lang.Enum = append(lang.Enum, string(l))
		}
		p.known["lang"] = lang
	}
	return p
}

// tool returns a function with the named arguments, and the language where the
// restaurant speaks more than one.
func (p parameters) tool(messages []toolMessage, name, description string, required []string, arguments ...string) tool {
	properties := make(map[string]schema, len(arguments)+1)
	for _, argument := range append(arguments, "lang") {
		s, known := p.known[argument]
		if !known {
			continue // a restaurant of one zone or one language is not asked which
		}
		if argument == "which_date" {
			argument = "date"
		}
		properties[argument] = s
	}
	return tool{
		Type:     "function",
		Async:    new(false), // an asynchronous tool's answer never reaches the guest
		Messages: messages,
		Function: &function{
			Name:        name,
			Description: description,
			Parameters:  schema{Type: "object", Properties: properties, Required: required},
		},
	}
}

// messages returns what VAPI says while a tool runs, acting or only asking.
func (p parameters) messages(acts bool) []toolMessage {
	say := func(kind string, of func(catalogue.Waiting) string) toolMessage {
		m := toolMessage{Type: kind}
		for _, lang := range p.restaurant.Languages {
			m.Contents = append(m.Contents, textContent{Type: "text", Text: of(p.words.Waiting(lang)), Language: string(lang)})
		}
		if len(m.Contents) == 1 {
			m.Content, m.Contents = m.Contents[0].Text, nil
		}
		return m
	}
	start := say("request-start", func(w catalogue.Waiting) string { return w.Start })
	start.Blocking = new(false)
	wait := say("request-response-delayed", func(w catalogue.Waiting) string { return w.Wait })
	wait.TimingMilliseconds = delayed
	failed := say("request-failed", func(w catalogue.Waiting) string {
		if acts {
			return w.NotSure
		}
		return w.NotLooked
	})
	return []toolMessage{start, wait, failed}
}

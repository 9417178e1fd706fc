package mapping

import (
	"encoding/json"
	"slices"
	"strings"

	"maitre/booking"
	"maitre/store/airtable"
)

// need is what a field of ours must be.
type need struct {
	kinds []string // the suitable types; a new field gets the first
	// vital: the desk cannot work without the field.
	vital bool
}

const typeRichText = "richText"

func bookingNeeds() map[Key]need {
	const text, long = airtable.TypeText, airtable.TypeLongText
	return map[Key]need{
		ID:      {[]string{text, long}, true},
		Code:    {[]string{text, long}, true},
		Name:    {[]string{text, long, typeRichText}, true},
		Phone:   {[]string{airtable.TypePhone, text, long}, true},
		Email:   {[]string{airtable.TypeEmail, text, long}, false},
		Date:    {[]string{airtable.TypeDate}, true},
		Time:    {[]string{airtable.TypeDateTime, text, long}, true},
		Party:   {[]string{airtable.TypeNumber, text}, true},
		Status:  {[]string{airtable.TypeSingleSelect, text}, true},
		Table:   {[]string{airtable.TypeLinks}, true},
		Zone:    {[]string{airtable.TypeSingleSelect, text}, false},
		Channel: {[]string{airtable.TypeSingleSelect, text}, false},
		CallID:  {[]string{text, long}, false},
		Notes:   {[]string{long, text, typeRichText}, false},
	}
}

// tableNeeds returns the needs of the tables' table. Tables are only read, so computed
// fields are suitable too.
func tableNeeds() map[Key]need {
	const text, formula, rollup = airtable.TypeText, "formula", "rollup"
	counts := []string{airtable.TypeNumber, formula, rollup, "count", "rating", "autoNumber", text}
	names := []string{text, airtable.TypeLongText, formula, "autoNumber", airtable.TypeNumber, airtable.TypeSingleSelect}
	return map[Key]need{
		ID:        {names, true},
		Name:      {names, false},
		Zone:      {[]string{airtable.TypeSingleSelect, text, formula, "multipleLookupValues", rollup}, false},
		Max:       {counts, true},
		Min:       {counts, false},
		Priority:  {counts, false},
		Available: {[]string{airtable.TypeCheckbox, airtable.TypeSingleSelect, formula}, false},
	}
}

func (n need) takes(kind string) bool { return slices.Contains(n.kinds, kind) }

// kindName returns what Airtable's pages call a type, in Spanish.
func kindName(kind string) string {
	switch kind {
	case airtable.TypeText:
		return "«Texto de una línea»"
	case airtable.TypeLongText, typeRichText:
		return "«Texto largo»"
	case airtable.TypeEmail:
		return "«Correo electrónico»"
	case airtable.TypePhone:
		return "«Número de teléfono»"
	case airtable.TypeNumber:
		return "«Número»"
	case airtable.TypeDate:
		return "«Fecha» (without «Incluir hora»)"
	case airtable.TypeDateTime:
		return "«Fecha» with «Incluir hora»"
	case airtable.TypeCheckbox:
		return "«Casilla de verificación»"
	case airtable.TypeSingleSelect:
		return "«Selección única»"
	case airtable.TypeMultipleSelect:
		return "«Selección múltiple»"
	case airtable.TypeLinks:
		return "«Enlace a otro registro»"
	case "formula":
		return "«Fórmula»"
	}
	return kind
}

func (n need) typeNames() string {
	var names []string
	for _, kind := range n.kinds {
		if name := kindName(kind); strings.HasPrefix(name, "«") && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}

// newField describes a field to be made. linked is the ID of the tables' table.
func (m *Mapper) newField(name string, key Key, n need, linked string) airtable.Field {
	f := airtable.Field{Name: name, Type: n.kinds[0]}
	var options any
	switch f.Type {
	case airtable.TypeNumber:
		options = map[string]any{"precision": 0}
	case airtable.TypeDate:
		options = map[string]any{"dateFormat": map[string]any{"name": "iso"}}
	case airtable.TypeDateTime:
		options = map[string]any{
			"timeZone": m.restaurant.Location.String(), "dateFormat": map[string]any{"name": "iso"}, "timeFormat": map[string]any{"name": "24hour"},
		}
	case airtable.TypeCheckbox:
		options = map[string]any{"icon": "check", "color": "greenBright"}
	case airtable.TypeLinks:
		options = map[string]any{"linkedTableId": linked}
	case airtable.TypeSingleSelect:
		choices := []airtable.Choice{}
		for _, w := range m.choices(key) {
			choices = append(choices, airtable.Choice{Name: w.word})
		}
		options = map[string]any{"choices": choices}
	}
	if options != nil {
		f.Options, _ = json.Marshal(options) // of texts and numbers: cannot fail
	}
	return f
}

// choice is an option that a select must offer: what it means, the word that we would
// add, and the word to write, by the options that are offered.
type choice struct {
	means, word string
	written     func(offered []string) (string, bool)
}

// choices returns what a field's select must offer, in the order for a new one.
func (m *Mapper) choices(key Key) []choice {
	var all []choice
	switch key {
	case Status:
		for _, s := range booking.Statuses() {
			all = append(all, choiceOf(s, string(s), m.names.Statuses, m.words.statuses))
		}
	case Channel:
		for _, c := range Channels() {
			all = append(all, choiceOf(c, string(c), m.names.Channels, m.words.channels))
		}
	case Zone:
		for _, id := range m.words.zoneIDs {
			all = append(all, choiceOf(id, id, m.names.Zones, m.words.zones))
		}
	}
	return all
}

func choiceOf[T comparable](meaning T, name string, words map[T][]string, means map[string]T) choice {
	own := words[meaning]
	return choice{name, own[0], func(offered []string) (string, bool) { return written(meaning, own, means, offered) }}
}

package vapi

import "strings"

// arguments are those of a tool call, by the contract's names and their aliases.
type arguments struct {
	date, time, party, zone  value
	name, phone, notes, code value
	confirmed, topic, lang   value
}

// value is one argument as the model gave it. The zero value: not given.
type value struct {
	text string
	// garbled: given, but as something that no argument is, such as a list.
	garbled bool
}

func (v value) given() bool { return v.text != "" || v.garbled }

// field returns where an argument goes, or nil for one that no tool has.
func (a *arguments) field(name string) *value {
	switch name {
	case "date", "fecha":
		return &a.date
	case "time", "hora":
		return &a.time
	case "pax", "personas", "party_size", "party":
		return &a.party
	case "zone", "zona":
		return &a.zone
	case "customer_name", "nombre", "name":
		return &a.name
	case "phone", "telefono", "teléfono":
		return &a.phone
	case "notes", "notas":
		return &a.notes
	case "code", "codigo", "código":
		return &a.code
	case "confirmed", "confirmado":
		return &a.confirmed
	case "topic", "tema":
		return &a.topic
	case "lang", "language", "idioma":
		return &a.lang
	}
	return nil
}

// readArguments reads an object, or one inside a string, and reports whether
// anything is in it. Of two names for one argument, the first that says
// something counts. A string that holds no object says nothing: the desk then
// asks for what it needs.
func readArguments(raw []byte) (_ arguments, any bool) {
	if len(raw) == 0 {
		return arguments{}, false
	}
	if raw[0] == '"' {
		w := walk(raw)
		inner, err := w.text()
		w.done()
		if err != nil {
			return arguments{}, false
		}
		raw = []byte(strings.TrimSpace(inner))
	}
	var args arguments
	w := walk(raw)
	defer w.done()
	err := w.fields(func(name []byte) error {
		any = true
		v, err := w.value()
		if err != nil {
			return err
		}
		if field := args.field(string(name)); field != nil && !field.given() {
			*field = v
		}
		return nil
	})
	if err != nil {
		return arguments{}, false
	}
	return args, any
}

// value reads one argument.
func (w walker) value() (value, error) {
	kind := w.dec.PeekKind()
	text, err := w.text()
	if err != nil {
		return value{}, err
	}
	if kind == '{' || kind == '[' {
		return value{garbled: true}, nil
	}
	text = strings.TrimSpace(text)
	switch strings.ToLower(text) {
	case "null", "undefined", "none": // what models write where they mean nothing
		return value{}, nil
	}
	return value{text: text}, nil
}

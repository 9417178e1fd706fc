package airtabletest

import "slices"

// Table describes a table: in Options what to make, from Server.Table what is there.
type Table struct {
	// ID is "tbl" and 14 characters; drawn when empty.
	ID          string  `json:"id"`
	Name        string  `json:"name"`
	Description string  `json:"description,omitempty"`
	Fields      []Field `json:"fields"` // the first is the primary one
	Views       []View  `json:"views"`  // one called "Grid view" when empty
}

// Field describes a field.
type Field struct {
	// ID is "fld" and 14 characters; drawn when empty.
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	Type        FieldType `json:"type"`
	Options     *Config   `json:"options,omitempty"`
}

// Config is a field's options; each type uses a few of them.
type Config struct {
	// Precision is the number of decimals of a number, currency or percent.
	Precision *int `json:"precision,omitempty"`
	// Symbol is a currency's.
	Symbol string `json:"symbol,omitempty"`
	// Choices are those of a single or multiple select.
	Choices []Choice `json:"choices,omitempty"`
	// TimeZone is a dateTime's: an IANA zone, "utc" or "client".
	TimeZone   string  `json:"timeZone,omitempty"`
	DateFormat *Format `json:"dateFormat,omitempty"`
	TimeFormat *Format `json:"timeFormat,omitempty"`
	// Icon and Color are a checkbox's.
	Icon  string `json:"icon,omitempty"`
	Color string `json:"color,omitempty"`
	// LinkedTableID is where a link field's records lie. In Options the table's
	// name will do, and so will the inverse field's.
	LinkedTableID string `json:"linkedTableId,omitempty"`
	// InverseLinkFieldID is the field in the linked table that shows the same
	// links from the other side. Airtable always makes one.
	InverseLinkFieldID string `json:"inverseLinkFieldId,omitempty"`
	IsReversed         *bool  `json:"isReversed,omitempty"`
	PrefersSingle      *bool  `json:"prefersSingleRecordLink,omitempty"`
	// Formula is a formula field's text.
	Formula string `json:"formula,omitempty"`
	IsValid *bool  `json:"isValid,omitempty"`
	// ReferencedFieldIDs are those that a formula reads or a lastModifiedTime
	// watches; none is all of them.
	ReferencedFieldIDs []string `json:"referencedFieldIds,omitempty"`
}

// Choice is one of a select's.
type Choice struct {
	// ID is "sel" and 14 characters; drawn when empty.
	ID    string `json:"id,omitempty"`
	Name  string `json:"name"`
	Color string `json:"color,omitempty"`
}

// Format is how a date or a time is shown.
type Format struct {
	Name   string `json:"name"`
	Format string `json:"format,omitempty"`
}

// View is a way to look at a table. Filters and orders of views are not
// modelled: through a view come all records, in the order they were made.
type View struct {
	// ID is "viw" and 14 characters; drawn when empty.
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
}

// FieldType is a field's type, as the API spells it.
type FieldType string

// The field types that are modelled.
const (
	SingleLineText      FieldType = "singleLineText"
	MultilineText       FieldType = "multilineText"
	RichText            FieldType = "richText"
	Email               FieldType = "email"
	URL                 FieldType = "url"
	PhoneNumber         FieldType = "phoneNumber"
	Number              FieldType = "number"
	Currency            FieldType = "currency"
	Percent             FieldType = "percent"
	SingleSelect        FieldType = "singleSelect"
	MultipleSelects     FieldType = "multipleSelects"
	Date                FieldType = "date"
	DateTime            FieldType = "dateTime"
	Checkbox            FieldType = "checkbox"
	MultipleRecordLinks FieldType = "multipleRecordLinks"
	FormulaField        FieldType = "formula"
	CreatedTime         FieldType = "createdTime"
	LastModifiedTime    FieldType = "lastModifiedTime"
	AutoNumber          FieldType = "autoNumber"
)

// computed reports whether nobody can write fields of the type.
func (t FieldType) computed() bool {
	return t == FormulaField || t == CreatedTime || t == LastModifiedTime || t == AutoNumber
}

// text reports whether the type holds a string as it comes. phoneNumber, email and
// url are not validated.
func (t FieldType) text() bool {
	return slices.Contains([]FieldType{SingleLineText, MultilineText, RichText, Email, URL, PhoneNumber}, t)
}

func (t FieldType) number() bool { return t == Number || t == Currency || t == Percent }

func (t FieldType) selection() bool { return t == SingleSelect || t == MultipleSelects }

// mergeable reports whether performUpsert may match on the type: number, text, long
// text, single select, multiple select and date.
func (t FieldType) mergeable() bool {
	return t.text() || t.number() || t.selection() || t == Date
}

// DefaultSchema is the base of docs: Reservas and Mesas with the Spanish names
// that maitre expects by default. The caller may change what it gets.
func DefaultSchema() []Table {
	selectOf := func(names ...string) *Config {
		choices := make([]Choice, 0, len(names))
		for _, name := range names {
			choices = append(choices, Choice{Name: name})
		}
		return &Config{Choices: choices}
	}
	whole := func() *Config { return &Config{Precision: new(int)} }
	day := func() *Config { return &Config{DateFormat: &Format{Name: "iso", Format: "YYYY-MM-DD"}} }
	instant := &Config{
		TimeZone:   "Europe/Madrid",
		DateFormat: &Format{Name: "iso", Format: "YYYY-MM-DD"},
		TimeFormat: &Format{Name: "24hour", Format: "HH:mm"},
	}
	zones := []string{"Interior", "Sofás", "Barra", "Terraza"}
	return []Table{
		{Name: "Reservas", Fields: []Field{
			{Name: "ID Reserva", Type: SingleLineText},
			{Name: "Código", Type: SingleLineText},
			{Name: "Nombre del Cliente", Type: SingleLineText},
			{Name: "Teléfono", Type: PhoneNumber},
			{Name: "Email", Type: Email},
			{Name: "Fecha de Reserva", Type: Date, Options: day()},
			{Name: "Hora", Type: DateTime, Options: instant},
			{Name: "Cantidad de Personas", Type: Number, Options: whole()},
			{Name: "Estado", Type: SingleSelect,
				Options: selectOf("Pre-reserva", "Confirmada", "Sentada", "Completada", "Cancelada", "No Show")},
			{Name: "Mesa", Type: MultipleRecordLinks,
				Options: &Config{LinkedTableID: "Mesas", InverseLinkFieldID: "Reservas"}},
			{Name: "Zona Preferida", Type: SingleSelect, Options: selectOf(zones...)},
			{Name: "Canal", Type: SingleSelect, Options: selectOf("Teléfono", "WhatsApp", "Web", "Staff")},
			{Name: "VAPI Call ID", Type: SingleLineText},
			{Name: "Notas Especiales", Type: MultilineText},
		}},
		{Name: "Mesas", Fields: []Field{
			{Name: "ID Mesa", Type: SingleLineText},
			{Name: "Nombre de Mesa", Type: SingleLineText},
			{Name: "Ubicación", Type: SingleSelect, Options: selectOf(zones...)},
			{Name: "Capacidad", Type: Number, Options: whole()},
			{Name: "Capacidad Mínima", Type: Number, Options: whole()},
			{Name: "Prioridad", Type: Number, Options: whole()},
			{Name: "Disponible", Type: Checkbox, Options: &Config{Icon: "check", Color: "greenBright"}},
		}},
	}
}

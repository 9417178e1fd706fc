package airtable

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
)

// Table is a table's schema.
type Table struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Fields []Field `json:"fields"`
}

// Field is a field of a table. To be created, it has no ID.
type Field struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
	Type string `json:"type"`
	// Options are the type's own, as Airtable's field model has them; nil for types without.
	Options json.RawMessage `json:"options,omitempty"`
}

// Choice is an option of a select field.
type Choice struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
}

// The types of fields that maitre reads or makes, as Airtable spells them.
const (
	TypeText           = "singleLineText"
	TypeLongText       = "multilineText"
	TypeEmail          = "email"
	TypePhone          = "phoneNumber"
	TypeNumber         = "number"
	TypeDate           = "date"
	TypeDateTime       = "dateTime"
	TypeCheckbox       = "checkbox"
	TypeSingleSelect   = "singleSelect"
	TypeMultipleSelect = "multipleSelects"
	TypeLinks          = "multipleRecordLinks"
)

// options reads what maitre needs to know of a field's options.
func (f Field) options() (o struct {
	Choices       []Choice `json:"choices"`
	LinkedTableID string   `json:"linkedTableId"`
}) {
	_ = json.Unmarshal(f.Options, &o) // those of another type say nothing
	return o
}

// Choices returns the options of a select field; nil for others.
func (f Field) Choices() []Choice { return f.options().Choices }

// LinkedTable returns the ID of the table that a field links to; empty for others.
func (f Field) LinkedTable() string { return f.options().LinkedTableID }

// Computed reports whether Airtable computes the field, so that it takes no values.
func (f Field) Computed() bool {
	switch f.Type {
	case "formula", "rollup", "count", "lookup", "multipleLookupValues", "autoNumber", "createdTime", "lastModifiedTime",
		"createdBy", "lastModifiedBy", "button", "externalSyncSource", "aiText":
		return true
	}
	return false
}

// Field returns the field of that ID or, else, of that name.
func (t Table) Field(idOrName string) (Field, bool) {
	i := slices.IndexFunc(t.Fields, func(f Field) bool { return f.ID == idOrName })
	if i < 0 {
		i = slices.IndexFunc(t.Fields, func(f Field) bool { return f.Name == idOrName })
	}
	if i < 0 {
		return Field{}, false
	}
	return t.Fields[i], true
}

func (c *Client) tables(rest ...string) []string {
	return append([]string{"meta", "bases", c.cfg.BaseID, "tables"}, rest...)
}

// Schema returns the base's tables.
func (c *Client) Schema(ctx context.Context) ([]Table, error) {
	var answer struct {
		Tables []Table `json:"tables"`
	}
	r := request{op: OpSchema, method: http.MethodGet, path: c.tables()}
	if err := c.ask(ctx, r, &answer); err != nil {
		return nil, err
	}
	if answer.Tables == nil {
		return nil, r.incomplete()
	}
	return answer.Tables, nil
}

// CreateTable makes a table with its fields, of which the first is the primary.
// The name is taken without regard to case. The user must be a creator of the base.
func (c *Client) CreateTable(ctx context.Context, name string, fields ...Field) (Table, error) {
	body := map[string]any{"name": name, "fields": fields}
	var made Table
	err := c.alone(ctx, request{op: OpCreateTable, table: name, method: http.MethodPost, path: c.tables(), body: body}, &made)
	return made, err
}

// CreateField makes a field. Airtable lets nobody make computed ones this way.
func (c *Client) CreateField(ctx context.Context, tableID string, f Field) (Field, error) {
	f.ID = ""
	var made Field
	err := c.alone(ctx, request{op: OpCreateField, table: tableID, method: http.MethodPost, path: c.tables(tableID, "fields"), body: f}, &made)
	return made, err
}

// alone sends a change of the base among the writes, in a request of its own.
func (c *Client) alone(ctx context.Context, r request, into any) error {
	r.writes = true
	it := newItem(ctx, r.op, Target{Table: r.table})
	it.address = wholeBase
	// The caller may have stopped waiting when the answer comes: into is still its own.
	var answer json.RawMessage
	it.alone = func(ctx context.Context, p *permit) *Error { return c.send(ctx, p, &r, &answer) }
	c.queue.wait(ctx, it)
	if it.written.Err != nil {
		return it.written.Err
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return r.lostAnswer(ctx, http.StatusOK, "the answer is not what was asked for", err)
	}
	return nil
}

// User is whose token the client has.
type User struct {
	ID string `json:"id"`
	// Scopes are the token's, if Airtable returns them.
	Scopes []string `json:"scopes"`
}

// WhoAmI returns whose token it is. It works with any token that is valid.
func (c *Client) WhoAmI(ctx context.Context) (User, error) {
	var user User
	err := c.ask(ctx, request{op: OpWhoAmI, method: http.MethodGet, path: []string{"meta", "whoami"}}, &user)
	return user, err
}

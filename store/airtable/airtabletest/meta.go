package airtabletest

import (
	"encoding/json"
	"slices"
	"strings"
)

func (s *Server) whoami(c *call) (any, error) {
	out := map[string]any{"id": c.token.User, "scopes": c.token.Scopes}
	if slices.Contains(c.token.Scopes, ScopeEmail) {
		out["email"] = c.token.Email
	}
	return out, nil
}

func (s *Server) listBases(c *call) (any, error) {
	bases := []any{}
	c.base = s.base.id
	if s.may(c) == nil {
		bases = append(bases, map[string]any{"id": s.base.id, "name": s.base.name, "permissionLevel": c.token.Role})
	}
	c.base = ""
	return map[string]any{"bases": bases}, nil
}

func (s *Server) listTables(*call) (any, error) {
	tables := []any{}
	for _, t := range s.base.tables {
		tables = append(tables, t.model())
	}
	return map[string]any{"tables": tables}, nil
}

// model is a table as the schema API shows it.
func (t *table) model() map[string]any {
	fields := make([]Field, 0, len(t.fields))
	for _, f := range t.fields {
		fields = append(fields, f.model())
	}
	out := map[string]any{"id": t.id, "name": t.name, "primaryFieldId": t.primary().ID, "fields": fields, "views": t.views}
	if t.description != "" {
		out["description"] = t.description
	}
	return out
}

func (f *field) model() Field {
	out := f.clone()
	if out.Type == FormulaField && out.Options != nil {
		valid := f.formula != nil
		out.Options.IsValid = &valid
	}
	return out
}

// mayChangeSchema refuses who may not change the schema.
func (c *call) mayChangeSchema() error {
	if c.token.Role != RoleCreator {
		return notPermitted("perform this operation")
	}
	return nil
}

// spec reads a body of the schema API into a value; unknown keys are refused.
func (c *call) spec(into any, keys ...string) error {
	if err := c.mayChangeSchema(); err != nil {
		return err
	}
	if _, err := c.object(keys...); err != nil {
		return err
	}
	if json.Unmarshal(c.body, into) != nil {
		return errInvalidRequest
	}
	return nil
}

func (s *Server) createTable(c *call) (any, error) {
	var spec Table
	if err := c.spec(&spec, "name", "description", "fields"); err != nil {
		return nil, err
	}
	if strings.TrimSpace(spec.Name) == "" || len(spec.Fields) == 0 {
		return nil, errInvalidRequest
	}
	if s.base.tableTaken(spec.Name, nil) {
		return nil, duplicate("DUPLICATE_TABLE_NAME", "table", spec.Name)
	}
	names := map[string]bool{}
	for i, f := range spec.Fields {
		if name := strings.ToLower(f.Name); strings.TrimSpace(name) == "" || names[name] {
			return nil, duplicate("DUPLICATE_OR_EMPTY_FIELD_NAME", "field", f.Name)
		}
		names[strings.ToLower(f.Name)] = true
		if err := s.base.creatable(f); err != nil {
			return nil, err
		}
		if i == 0 && !canBePrimary(f.Type) {
			return nil, unprocessable("INVALID_PRIMARY_FIELD_TYPE", "The first field in the fields array cannot be the primary field")
		}
	}
	tx := s.begin(sourceAPI, c.token.User)
	links := spec.Fields
	spec.ID, spec.Views = "", nil
	t := s.base.newTable(Table{Name: spec.Name, Description: spec.Description})
	s.base.tables = append(s.base.tables, t)
	for _, f := range links {
		if _, err := tx.addField(t, f); err != nil {
			return nil, err
		}
	}
	tx.commit()
	return t.model(), nil
}

// tableTaken reports whether no table but one may get a name: it is empty, or
// another's, without regard to case.
func (b *base) tableTaken(name string, but *table) bool {
	return strings.TrimSpace(name) == "" ||
		slices.ContainsFunc(b.tables, func(t *table) bool { return t != but && strings.EqualFold(t.name, name) })
}

// fieldTaken reports the same of a field's name.
func (t *table) fieldTaken(name string, but *field) bool {
	return strings.TrimSpace(name) == "" ||
		slices.ContainsFunc(t.fields, func(f *field) bool { return f != but && strings.EqualFold(f.Name, name) })
}

// The facts do not list the errors of the schema API; these types are from field
// reports [?].
func duplicate(kind, what, name string) *refusal {
	return unprocessable(kind, "Cannot create a "+what+` with the name "`+name+`": it is empty or taken`)
}

func canBePrimary(t FieldType) bool {
	return t.text() || t.number() || t == Date || t == DateTime
}

// creatable checks the description of a field that the API is asked to make.
// Computed fields cannot be made through the API.
func (b *base) creatable(f Field) error {
	options := f.Options
	if options == nil {
		options = &Config{}
	}
	ok := false
	switch {
	case f.Type.computed():
		return unprocessable("UNSUPPORTED_FIELD_TYPE_FOR_CREATE", "Creating "+string(f.Type)+" fields is not supported at this time")
	case f.Type.text():
		ok = f.Options == nil
	case f.Type.number():
		ok = options.Precision != nil && *options.Precision >= 0 && *options.Precision <= 8
	case f.Type.selection():
		ok = f.Options != nil && validChoices(options.Choices)
	case f.Type == Date:
		ok = options.DateFormat != nil
	case f.Type == DateTime:
		ok = options.DateFormat != nil && options.TimeFormat != nil && options.TimeZone != ""
	case f.Type == Checkbox:
		ok = options.Icon != "" && options.Color != ""
	case f.Type == MultipleRecordLinks:
		ok = isID("tbl", options.LinkedTableID) && b.table(options.LinkedTableID) != nil
	}
	if !ok {
		return unprocessable("INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE", "Invalid options for "+f.Name+"."+string(f.Type))
	}
	return nil
}

func validChoices(choices []Choice) bool {
	seen := map[string]bool{}
	for _, c := range choices {
		if c.Name == "" || seen[c.Name] {
			return false
		}
		seen[c.Name] = true
	}
	return true
}

func (s *Server) createField(c *call) (any, error) {
	t := s.base.table(c.table)
	if t == nil {
		return nil, errModelNotFound
	}
	var spec Field
	if err := c.spec(&spec, "name", "description", "type", "options"); err != nil {
		return nil, err
	}
	if t.fieldTaken(spec.Name, nil) {
		return nil, duplicate("DUPLICATE_OR_EMPTY_FIELD_NAME", "field", spec.Name)
	}
	if err := s.base.creatable(spec); err != nil {
		return nil, err
	}
	spec.ID = ""
	tx := s.begin(sourceAPI, c.token.User)
	f, err := tx.addField(t, spec)
	if err != nil {
		return nil, err
	}
	tx.commit()
	return f.model(), nil
}

// addField adds a field, and for a link the other side of it.
func (tx *transaction) addField(t *table, spec Field) (*field, error) {
	f := tx.s.base.newField(spec)
	if f.Type == FormulaField {
		if err := f.compile(t); err != nil {
			return nil, err
		}
	}
	t.fields = append(t.fields, f)
	if f.Type == MultipleRecordLinks {
		other, had, err := tx.s.base.join(t, f)
		if err != nil {
			t.fields = t.fields[:len(t.fields)-1]
			return nil, err
		}
		tx.of(other).createdFields = append(tx.of(other).createdFields, other.fields[had:]...)
	}
	tx.of(t).createdFields = append(tx.of(t).createdFields, f)
	return f, nil
}

// patch is the body of PATCH for tables and fields: name and description, and
// nothing else. (Choices are added by writing them with typecast.)
type patch struct {
	Name        *string `json:"name"`
	Description *string `json:"description"`
}

// patch reads such a body, for what has this name and description now.
func (c *call) patch(name, description string) (newName, newDescription string, err error) {
	to := patch{Name: &name, Description: &description}
	if err := c.spec(&to, "name", "description"); err != nil {
		return "", "", err
	}
	if given, _ := c.object("name", "description"); len(given) == 0 || to.Name == nil || to.Description == nil {
		return "", "", errInvalidRequest
	}
	return *to.Name, *to.Description, nil
}

func (s *Server) patchTable(c *call) (any, error) {
	t := s.base.table(c.table)
	if t == nil {
		return nil, errModelNotFound
	}
	name, description, err := c.patch(t.name, t.description)
	if err != nil {
		return nil, err
	}
	if s.base.tableTaken(name, t) {
		return nil, duplicate("DUPLICATE_TABLE_NAME", "table", name)
	}
	tx := s.begin(sourceAPI, c.token.User)
	if name != t.name {
		tx.of(t).oldName = t.name
	}
	t.name, t.description = name, description
	tx.commit()
	return t.model(), nil
}

func (s *Server) patchField(c *call) (any, error) {
	t := s.base.table(c.table)
	if t == nil {
		return nil, errModelNotFound
	}
	f := t.field(c.id)
	if f == nil {
		return nil, errModelNotFound
	}
	name, description, err := c.patch(f.Name, f.Description)
	if err != nil {
		return nil, err
	}
	if t.fieldTaken(name, f) {
		return nil, duplicate("DUPLICATE_OR_EMPTY_FIELD_NAME", "field", name)
	}
	tx := s.begin(sourceAPI, c.token.User)
	tx.of(t).changedFields[f.ID] = f.clone()
	f.Name, f.Description = name, description
	tx.commit()
	return f.model(), nil
}

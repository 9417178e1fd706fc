package airtable

import (
	"encoding/json"
	"maps"
	"time"
)

// Payload is one change of the base, or a part of one. Any of it may be missing.
type Payload struct {
	// Tables are the changes by table ID.
	Tables          map[string]TableChange     `json:"changedTablesById"`
	CreatedTables   map[string]json.RawMessage `json:"createdTablesById"`
	DestroyedTables []string                   `json:"destroyedTableIds"`

	// Failed reports that the payload could not be made; Code is then
	// INVALID_FILTERS, INVALID_HOOK or INTERNAL_ERROR, and what changed is unknown.
	Failed bool   `json:"error"`
	Code   string `json:"code"`
}

// TableChange is what changed in a table.
type TableChange struct {
	// Created, Changed are by record ID; cells by field ID, choices and links as objects.
	Created   map[string]CreatedRecord `json:"createdRecordsById"`
	Changed   map[string]ChangedRecord `json:"changedRecordsById"`
	Destroyed []string                 `json:"destroyedRecordIds"`

	CreatedFields   map[string]json.RawMessage `json:"createdFieldsById"`
	ChangedFields   map[string]json.RawMessage `json:"changedFieldsById"`
	DestroyedFields []string                   `json:"destroyedFieldIds"`
	// Metadata is a new name or description of the table itself.
	Metadata json.RawMessage `json:"changedMetadata"`
}

// SchemaChanged reports whether the table's fields or name changed.
func (t TableChange) SchemaChanged() bool {
	return len(t.CreatedFields)+len(t.ChangedFields)+len(t.DestroyedFields) > 0 || len(t.Metadata) > len(`{}`)
}

// CreatedRecord is a new row.
type CreatedRecord struct {
	Created time.Time `json:"createdTime"`
	Cells   Cells     `json:"cellValuesByFieldId"`
}

// ChangedRecord is what a row was and is.
type ChangedRecord struct {
	Current   RowPart `json:"current"`
	Previous  RowPart `json:"previous"`
	Unchanged RowPart `json:"unchanged"`
}

// RowPart is some of a row's cells.
type RowPart struct {
	Cells Cells `json:"cellValuesByFieldId"`
}

// Cells are cells by field ID.
type Cells map[string]Cell

// Before returns the row as it was, with the cells that stayed.
func (r ChangedRecord) Before() Cells { return join(r.Unchanged.Cells, r.Previous.Cells) }

// After returns the row as it is now, with the cells that stayed.
func (r ChangedRecord) After() Cells { return join(r.Unchanged.Cells, r.Current.Cells) }

func join(parts ...Cells) Cells {
	all := Cells{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

package airtabletest

import (
	"slices"
	"strings"
)

// links takes IDs of records of the linked table. With typecast a name is
// matched there, and made when there is none [?].
func (p *plan) links(f *field, v any) (any, error) {
	refs, ok := stringList(v)
	if s, text := v.(string); text && p.typecast {
		refs, ok = strings.Split(s, ","), true
	}
	if !ok {
		return nil, badValue(f)
	}
	other := p.base.table(f.Options.LinkedTableID)
	if other == nil {
		return nil, badValue(f)
	}
	var ids []string
	for _, ref := range refs {
		id, err := p.link(other, ref)
		if err != nil {
			return nil, err
		}
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return orNone(ids), nil
}

func (p *plan) link(other *table, ref string) (string, error) {
	if isID("rec", ref) {
		if other.byID[ref] == nil {
			return "", noSuchLink(ref)
		}
		return ref, nil
	}
	if !p.typecast {
		return "", notARecordID(ref)
	}
	name := strings.TrimSpace(ref)
	if name == "" {
		return "", nil
	}
	primary := other.primary()
	for _, r := range other.records {
		if p.base.cellText(other, r, primary) == name {
			return r.id, nil
		}
	}
	for _, made := range p.linked {
		if made.table == other && made.name == name {
			return made.id, nil
		}
	}
	if !primary.Type.text() {
		return "", notARecordID(ref)
	}
	made := newLinked{table: other, id: p.base.draw("rec"), name: name}
	p.linked = append(p.linked, made)
	return made.id, nil
}

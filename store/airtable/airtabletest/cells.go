package airtabletest

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// plan checks a request's values before anything is changed, so that a request
// with one bad record changes nothing. What typecast makes on the way (choices,
// records to link to) waits here for commit.
type plan struct {
	base     *base
	typecast bool
	staff    bool // may write to what is locked
	choices  map[*field][]Choice
	linked   []newLinked
}

type newLinked struct {
	table *table
	id    string
	name  string
}

func newPlan(b *base, typecast bool) *plan {
	return &plan{base: b, typecast: typecast, choices: map[*field][]Choice{}}
}

// cells checks values by field name or ID, and returns cells by field ID. A nil
// cell is one to clear.
func (p *plan) cells(t *table, values map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(values))
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f := t.field(name)
		if f == nil {
			return nil, unknownField(name)
		}
		if f.locked && !p.staff {
			return nil, notPermitted("write cell values in field " + f.Name + " (" + f.ID + ")")
		}
		cell, err := p.cell(f, values[name])
		if err != nil {
			return nil, err
		}
		out[f.ID] = cell
	}
	return out, nil
}

// cell checks one value. Nil, "", [] and false are the empty cell.
func (p *plan) cell(f *field, v any) (any, error) {
	if f.Type.computed() {
		return nil, computedField(f)
	}
	if v == nil {
		return nil, nil
	}
	switch {
	case f.Type.text():
		return p.text(f, v)
	case f.Type.number():
		return p.number(f, v)
	}
	switch f.Type {
	case SingleSelect:
		return p.choice(f, v)
	case MultipleSelects:
		return p.choicesOf(f, v)
	case Date:
		return p.date(f, v)
	case DateTime:
		return p.instant(f, v)
	case Checkbox:
		return p.checkbox(f, v)
	case MultipleRecordLinks:
		return p.links(f, v)
	}
	return nil, badValue(f)
}

func (p *plan) text(f *field, v any) (any, error) {
	s, ok := v.(string)
	if !ok && p.typecast {
		s, ok = castText(v)
	}
	if !ok {
		return nil, badValue(f)
	}
	return orEmpty(s), nil
}

func castText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

func orEmpty(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// number keeps as many decimals as the field shows. Whether Airtable rounds what
// it keeps or only what it shows is not known [?].
func (p *plan) number(f *field, v any) (any, error) {
	n, ok := v.(float64)
	if s, text := v.(string); text && p.typecast {
		if strings.TrimSpace(s) == "" {
			return nil, nil
		}
		parsed, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(s), ",", ""), 64)
		n, ok = parsed, err == nil
		if !ok {
			return nil, nil // best effort: what is no number empties the cell [?]
		}
	}
	if !ok || math.IsNaN(n) || math.IsInf(n, 0) {
		return nil, badValue(f)
	}
	if f.Options != nil && f.Options.Precision != nil {
		scale := math.Pow10(*f.Options.Precision)
		if rounded := math.Round(n*scale) / scale; !math.IsInf(rounded, 0) {
			n = rounded
		}
	}
	return n, nil
}

func (p *plan) choice(f *field, v any) (any, error) {
	name, ok := v.(string)
	if !ok {
		return nil, badValue(f)
	}
	if p.typecast {
		name = strings.TrimSpace(name)
	}
	if name == "" {
		return nil, nil
	}
	return p.choiceID(f, name)
}

func (p *plan) choiceID(f *field, name string) (any, error) {
	if c, ok := f.choiceNamed(name); ok {
		return c.ID, nil
	}
	if !p.typecast {
		return nil, badChoice(name)
	}
	for _, c := range p.choices[f] {
		if c.Name == name {
			return c.ID, nil
		}
	}
	n := len(p.choices[f])
	if f.Options != nil {
		n += len(f.Options.Choices)
	}
	c := Choice{ID: p.base.draw("sel"), Name: name, Color: choiceColor(n)}
	p.choices[f] = append(p.choices[f], c)
	return c.ID, nil
}

func (p *plan) choicesOf(f *field, v any) (any, error) {
	names, ok := stringList(v)
	if s, text := v.(string); text && p.typecast {
		names, ok = strings.Split(s, ","), true
	}
	if !ok {
		return nil, badValue(f)
	}
	var ids []string
	for _, name := range names {
		if p.typecast {
			name = strings.TrimSpace(name)
		}
		if name == "" {
			if !p.typecast {
				return nil, badValue(f)
			}
			continue
		}
		id, err := p.choiceID(f, name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, id.(string)) {
			ids = append(ids, id.(string))
		}
	}
	return orNone(ids), nil
}

func orNone(ids []string) any {
	if len(ids) == 0 {
		return nil
	}
	return ids
}

func stringList(v any) ([]string, bool) {
	switch v := v.(type) {
	case []string:
		return v, true
	case []any:
		out := make([]string, 0, len(v))
		for _, item := range v {
			s, ok := item.(string)
			if !ok {
				return nil, false
			}
			out = append(out, s)
		}
		return out, true
	}
	return nil, false
}

func (p *plan) checkbox(f *field, v any) (any, error) {
	on, ok := v.(bool)
	if s, text := v.(string); text && p.typecast {
		on, ok = slices.Contains([]string{"true", "1", "yes", "checked"}, strings.ToLower(strings.TrimSpace(s))), true
	}
	if n, number := v.(float64); number && p.typecast {
		on, ok = n != 0, true
	}
	if !ok {
		return nil, badValue(f)
	}
	if !on {
		return nil, nil
	}
	return true, nil
}

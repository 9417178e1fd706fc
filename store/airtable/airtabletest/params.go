package airtabletest

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
)

// listParams are the options of a list, from the query or from a body.
type listParams struct {
	Fields     []string
	Filter     string
	MaxRecords int
	PageSize   int
	Sort       []sortParam
	View       string
	CellFormat string
	TimeZone   string
	Locale     string
	ByID       bool
	Metadata   []string
	Offset     string
}

type sortParam struct{ Field, Direction string }

// check refuses what is refused whatever way it came.
func (p *listParams) check() error {
	switch p.CellFormat {
	case "", "json":
	case "string":
		if p.TimeZone == "" || p.Locale == "" {
			return invalidRequest()
		}
	default:
		return invalidRequest()
	}
	for i := range p.Sort {
		key := &p.Sort[i]
		if key.Direction == "" {
			key.Direction = "asc"
		}
		if key.Field == "" || key.Direction != "asc" && key.Direction != "desc" {
			return invalidRequest()
		}
	}
	for _, m := range p.Metadata {
		if m != "commentCount" {
			return invalidRequest()
		}
	}
	return nil
}

// listParam reads name=a, name[]=a and name[0]=a.
func listParam(q url.Values, name string) ([]string, bool) {
	out := append(slices.Clone(q[name]), q[name+"[]"]...)
	seen := q.Has(name) || q.Has(name+"[]")
	for i := range 1000 {
		values, ok := q[name+"["+strconv.Itoa(i)+"]"]
		if !ok {
			break
		}
		out, seen = append(out, values...), true
	}
	return out, seen
}

// paramsFromQuery reads the query; with names given, it may hold those only.
func paramsFromQuery(q url.Values, only ...string) (listParams, error) {
	var p listParams
	sortKey := regexp.MustCompile(`^sort\[(\d{1,2})\]\[(field|direction)\]$`)
	sorts := map[int]*sortParam{}
	for key, values := range q {
		if len(only) > 0 && !slices.Contains(only, key) {
			return p, invalidRequest()
		}
		value := values[0]
		if m := sortKey.FindStringSubmatch(key); m != nil {
			i, _ := strconv.Atoi(m[1]) // digits
			if sorts[i] == nil {
				sorts[i] = &sortParam{}
			}
			if m[2] == "field" {
				sorts[i].Field = value
			} else {
				sorts[i].Direction = value
			}
			continue
		}
		if isList(key, "fields") || isList(key, "recordMetadata") {
			continue
		}
		if err := p.scalar(key, value); err != nil {
			return p, err
		}
	}
	for i := range 100 {
		if sorts[i] != nil {
			p.Sort = append(p.Sort, *sorts[i])
		}
	}
	if fields, ok := listParam(q, "fields"); ok {
		p.Fields = fields
	}
	p.Metadata, _ = listParam(q, "recordMetadata")
	return p, p.check()
}

func isList(key, name string) bool {
	return key == name || key == name+"[]" || regexp.MustCompile(`^`+name+`\[\d+\]$`).MatchString(key)
}

// scalar reads a query parameter that is not a list; unknown ones are refused.
func (p *listParams) scalar(key, value string) error {
	var err error
	switch key {
	case "filterByFormula":
		p.Filter = value
	case "view":
		p.View = value
	case "offset":
		p.Offset = value
	case "cellFormat":
		p.CellFormat = value
	case "timeZone":
		p.TimeZone = value
	case "userLocale":
		p.Locale = value
	case "pageSize":
		p.PageSize, err = whole(value, maxPage)
	case "maxRecords":
		p.MaxRecords, err = whole(value, 1<<31-1)
	case "returnFieldsByFieldId":
		switch value {
		case "true", "1":
			p.ByID = true
		case "false", "0", "":
		default:
			return invalidRequest()
		}
	default:
		return invalidRequest()
	}
	return err
}

func whole(s string, most int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most {
		return 0, invalidRequest()
	}
	return n, nil
}

// paramsFromBody reads the body of POST …/listRecords, onto what the query said.
func paramsFromBody(c *call, p listParams) (listParams, error) {
	object, err := c.object("fields", "filterByFormula", "maxRecords", "pageSize", "sort", "view", "cellFormat", "timeZone",
		"userLocale", "returnFieldsByFieldId", "recordMetadata", "offset")
	if err != nil {
		return p, err
	}
	if p.ByID, err = flag(object["returnFieldsByFieldId"]); err != nil {
		return p, err
	}
	for key, to := range map[string]*string{"filterByFormula": &p.Filter, "view": &p.View, "offset": &p.Offset,
		"cellFormat": &p.CellFormat, "timeZone": &p.TimeZone, "userLocale": &p.Locale} {
		if v, given := object[key]; given && v != nil {
			s, ok := v.(string)
			if !ok {
				return p, invalidRequest()
			}
			*to = s
		}
	}
	for key, to := range map[string]*int{"pageSize": &p.PageSize, "maxRecords": &p.MaxRecords} {
		if v, given := object[key]; given && v != nil {
			n, ok := v.(float64)
			if !ok || n != float64(int(n)) || n < 1 || key == "pageSize" && n > maxPage {
				return p, invalidRequest()
			}
			*to = int(n)
		}
	}
	for key, to := range map[string]*[]string{"fields": &p.Fields, "recordMetadata": &p.Metadata} {
		if v, given := object[key]; given && v != nil {
			list, ok := stringList(v)
			if !ok {
				return p, invalidRequest()
			}
			*to = list
		}
	}
	if p.Sort, err = sortFromBody(object["sort"]); err != nil {
		return p, err
	}
	return p, p.check()
}

func sortFromBody(v any) ([]sortParam, error) {
	if v == nil {
		return nil, nil
	}
	list, ok := v.([]any)
	if !ok {
		return nil, invalidRequest()
	}
	var out []sortParam
	for _, entry := range list {
		object, ok := entry.(map[string]any)
		field, hasField := object["field"].(string)
		direction, hasDirection := object["direction"].(string)
		if !ok || !hasField || !hasDirection && object["direction"] != nil || !onlyKeys(object, "field", "direction") {
			return nil, invalidRequest()
		}
		out = append(out, sortParam{Field: field, Direction: direction})
	}
	return out, nil
}

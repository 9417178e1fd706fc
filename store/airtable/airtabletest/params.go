package airtabletest

import (
	"bytes"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
)

// listParams are the options of a list, as the body of POST …/listRecords has them.
type listParams struct {
	Fields     []string    `json:"fields"`
	Filter     string      `json:"filterByFormula"`
	MaxRecords *int        `json:"maxRecords"`
	PageSize   *int        `json:"pageSize"`
	Sort       []sortParam `json:"sort"`
	View       string      `json:"view"`
	CellFormat string      `json:"cellFormat"`
	TimeZone   string      `json:"timeZone"`
	Locale     string      `json:"userLocale"`
	ByID       bool        `json:"returnFieldsByFieldId"`
	Metadata   []string    `json:"recordMetadata"`
	Offset     string      `json:"offset"`
}

type sortParam struct {
	Field     string `json:"field"`
	Direction string `json:"direction"`
}

// read reads a JSON object onto what was read before; unknown keys are refused.
func (p *listParams) read(object []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(object))
	decoder.DisallowUnknownFields()
	if decoder.Decode(p) != nil {
		return errInvalidRequest
	}
	positive := func(n *int, most int) bool { return n == nil || *n >= 1 && *n <= most }
	if !positive(p.PageSize, maxPage) || !positive(p.MaxRecords, 1<<31-1) ||
		!slices.Contains([]string{"", "json", "string"}, p.CellFormat) ||
		p.CellFormat == "string" && (p.TimeZone == "" || p.Locale == "") ||
		slices.ContainsFunc(p.Metadata, func(m string) bool { return m != "commentCount" }) {
		return errInvalidRequest
	}
	for _, key := range p.Sort {
		if key.Field == "" || !slices.Contains([]string{"", "asc", "desc"}, key.Direction) {
			return errInvalidRequest
		}
	}
	return nil
}

var sortParameter = regexp.MustCompile(`^sort\[(\d{1,2})\]\[(field|direction)\]$`)

// paramsFromQuery reads the query; with names given, it may hold those only.
func paramsFromQuery(q url.Values, only ...string) (p listParams, err error) {
	object := map[string]any{}
	var sorts [100]map[string]string
	for key, values := range q {
		if len(only) > 0 && !slices.Contains(only, key) {
			return p, errInvalidRequest
		}
		switch m := sortParameter.FindStringSubmatch(key); {
		case m != nil:
			i, _ := strconv.Atoi(m[1]) // two digits
			if sorts[i] == nil {
				sorts[i] = map[string]string{}
			}
			sorts[i][m[2]] = values[0]
		case isList(key, "fields"):
			object["fields"] = listParam(q, "fields")
		case isList(key, "recordMetadata"):
			object["recordMetadata"] = listParam(q, "recordMetadata")
		case key == "pageSize" || key == "maxRecords":
			if object[key], err = strconv.Atoi(values[0]); err != nil {
				return p, errInvalidRequest
			}
		case key == "returnFieldsByFieldId":
			if values[0] == "" {
				continue
			}
			if object[key], err = strconv.ParseBool(values[0]); err != nil {
				return p, errInvalidRequest
			}
		default:
			object[key] = values[0]
		}
	}
	object["sort"] = slices.DeleteFunc(sorts[:], func(m map[string]string) bool { return m == nil })
	raw, err := json.Marshal(object)
	if err != nil {
		return p, err
	}
	return p, p.read(raw)
}

// paramsFromBody reads the body of POST …/listRecords, onto what the query said:
// airtable.js sends two in the query, whatever the method.
func paramsFromBody(c *call) (listParams, error) {
	p, err := paramsFromQuery(c.query, "timeZone", "userLocale")
	if err != nil || len(c.body) == 0 {
		return p, err
	}
	if !c.json || !json.Valid(c.body) {
		return p, errBadBody
	}
	return p, p.read(c.body)
}

// listParam reads name=a, name[]=a and name[0]=a.
func listParam(q url.Values, name string) []string {
	out := append(slices.Clone(q[name]), q[name+"[]"]...)
	for i := range 1000 {
		values, ok := q[name+"["+strconv.Itoa(i)+"]"]
		if !ok {
			break
		}
		out = append(out, values...)
	}
	return out
}

func isList(key, name string) bool {
	return key == name || key == name+"[]" || regexp.MustCompile(`^`+name+`\[\d+\]$`).MatchString(key)
}

package restaurantfile

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/pelletier/go-toml/v2/unstable"
)

// table hands out the values of one table of the file, and remembers which keys
// it was asked for: the others are not known there.
type table struct {
	reader *reader
	path   string // the way to it in the file, such as services[2]; empty: the top
	node   *node
	asked  []string
}

// value is one value of the file. A nil value is one that the file does not
// have; reading it yields nothing and is no problem.
type value struct {
	reader *reader
	path   string
	*node
}

// unknownKey is a key that its table was never asked for.
type unknownKey struct {
	key, path string
	line      int
	known     []string
}

func (t *table) place(key string) string {
	if t.path == "" {
		return key
	}
	return t.path + "." + key
}

// may returns the value of a key that can be left out, or nil.
func (t *table) may(key string) *value {
	t.asked = append(t.asked, key)
	n := t.node.fields[key]
	if n == nil {
		return nil
	}
	return &value{t.reader, t.place(key), n}
}

// must returns the value of a key that has no default; where it is absent, the
// problem shows the example.
func (t *table) must(key, example string) *value {
	v := t.may(key)
	if v == nil {
		t.reader.add(t.node.line, t.place(key), "", "is missing", "add: "+example)
	}
	return v
}

// every yields all keys and values of a table whose keys the owner chooses, in the file's order.
func (t *table) every() iter.Seq2[string, *value] {
	return func(yield func(string, *value) bool) {
		for _, key := range t.node.keys {
			if !yield(key, &value{t.reader, t.place(key), t.node.fields[key]}) {
				return
			}
		}
	}
}

// done reports nothing yet but notes the keys that nobody asked for. It comes
// after the last key was read.
func (t *table) done() {
	where := heading(t.path)
	for _, key := range t.asked {
		if !slices.Contains(t.reader.owners[key], where) {
			t.reader.owners[key] = append(t.reader.owners[key], where)
		}
	}
	for _, key := range t.node.keys {
		if !slices.Contains(t.asked, key) {
			t.reader.unknown = append(t.reader.unknown, unknownKey{key, t.place(key), t.node.fields[key].line, t.asked})
		}
	}
}

// heading returns how the file heads the tables at a path: services[2] is [[services]].
func heading(path string) string {
	if path == "" {
		return "the top of the file, above the first [heading]"
	}
	var b strings.Builder
	list := false
	for part := range strings.SplitSeq(path, "[") {
		if _, rest, ok := strings.Cut(part, "]"); ok {
			list = rest == ""
			part = rest
		}
		b.WriteString(part)
	}
	if list {
		return "[[" + b.String() + "]]"
	}
	return "[" + b.String() + "]"
}

// reportUnknown turns the noted keys into problems, each with the nearest key
// that is known there, or with the heading under which the key belongs.
func (r *reader) reportUnknown() {
	for _, u := range r.unknown {
		if r.full() {
			break
		}
		near, close := nearest(u.key, u.known)
		var fix string
		switch owners := r.owners[u.key]; {
		case close:
			fix = fmt.Sprintf("did you mean %q?", near)
		case len(owners) > 0:
			fix = fmt.Sprintf("it belongs in %s (the nearest key known here is %q)", strings.Join(owners, " or "), near)
		default:
			fix = fmt.Sprintf("the nearest is %q; known here: %s", near, strings.Join(u.known, ", "))
		}
		r.add(u.line, u.path, "", "is not a known key", fix)
	}
	r.unknown = nil
}

// nearest returns the word that is spelt most like s, and whether it is like
// enough to be what was meant. Without words it returns "".
func nearest(s string, words []string) (best string, close bool) {
	least := -1
	for _, w := range words {
		if d := levenshtein.ComputeDistance(strings.ToLower(s), strings.ToLower(w)); least < 0 || d < least {
			best, least = w, d
		}
	}
	// Two characters exchanged are two steps, so short words are allowed that many,
	// but never half of what they have: T2 is not a slip for T1.
	short := min(len(s), len(best))
	return best, short > 2 && least <= min(max(2, short/3), short/2)
}

// meant completes a sentence about an unknown name with what is known.
func meant(s string, words []string) string {
	near, close := nearest(s, words)
	switch {
	case close:
		return fmt.Sprintf("did you mean %q?", near)
	case near == "":
		return "there are none yet"
	case len(words) > 12:
		return fmt.Sprintf("the nearest is %q", near)
	default:
		return "known: " + strings.Join(words, ", ")
	}
}

// table returns the value as a table; false when it is absent or something else.
func (v *value) table() (*table, bool) {
	if v == nil {
		return nil, false
	}
	if v.kind != unstable.Table {
		v.wrong("is not a table", `write { key = "value" }, or a [heading]`)
		return nil, false
	}
	return &table{reader: v.reader, path: v.path, node: v.node}, true
}

// tables returns the value as a list of tables.
func (v *value) tables() []*table {
	if v == nil {
		return nil
	}
	if v.kind != unstable.Array {
		last := v.path[strings.LastIndexByte(v.path, '.')+1:]
		v.wrong("is not a list", fmt.Sprintf("head each entry with [[%s]]", last))
		return nil
	}
	var all []*table
	for _, item := range v.list() {
		if t, ok := item.table(); ok {
			all = append(all, t)
		}
	}
	return all
}

// list returns the items of a list; a lone value is a list of one.
func (v *value) list() []*value {
	if v == nil {
		return nil
	}
	if v.kind != unstable.Array {
		return []*value{v}
	}
	all := make([]*value, len(v.items))
	for i, item := range v.items {
		all[i] = &value{v.reader, fmt.Sprintf("%s[%d]", v.path, i+1), item}
	}
	return all
}

// choice returns the value where it is one of the options, else "".
func (v *value) choice(options ...string) string {
	if v == nil {
		return ""
	}
	s := strings.ReplaceAll(v.text, "-", "_")
	if v.kind != unstable.String || !slices.Contains(options, s) {
		v.wrong("is not one of the choices", fmt.Sprintf("write one of %q", options))
		return ""
	}
	return s
}

// wrong reports the value.
func (v *value) wrong(what, fix string) {
	shown := ""
	switch v.kind {
	case unstable.Table, unstable.Array:
	case unstable.String:
		shown = fmt.Sprintf("%q", shorten(v.text))
	default:
		shown = shorten(v.text)
	}
	v.reader.add(v.line, v.path, shown, what, fix)
}

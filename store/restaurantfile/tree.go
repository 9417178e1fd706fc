package restaurantfile

import (
	"bytes"
	"errors"
	"fmt"
	"sort"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// node is one value of the file, with its line. The library's own
// decoding stops at the first value of a wrong type and forgets where the
// others are; reading all problems at once needs every value's line.
type node struct {
	kind unstable.Kind // Table, Array, or a scalar's
	line int
	text string // a scalar: decoded when a string, else as written

	keys   []string // a table's, in the file's order
	fields map[string]*node
	items  []*node // an array's
}

func newTable(line int) *node {
	return &node{kind: unstable.Table, line: line, fields: map[string]*node{}}
}

// set adds a field; a key of an implied table may be there already.
func (n *node) set(key string, v *node) {
	if _, ok := n.fields[key]; !ok {
		n.keys = append(n.keys, key)
	}
	n.fields[key] = v
}

// parseTree reads TOML into a tree. The library first judges the whole document
// (duplicate keys, impossible dates), so that building the tree can trust it.
func parseTree(data []byte) (*node, *Problem) {
	var judged map[string]any
	if err := toml.Unmarshal(data, &judged); err != nil {
		return nil, syntaxProblem(data, err)
	}
	b := &builder{data: data, root: newTable(1)}
	b.parser.Reset(data)
	at := b.root
	for b.parser.NextExpression() {
		e := b.parser.Expression()
		var err error
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			at, err = b.open(e)
		case unstable.KeyValue:
			err = b.assign(at, e)
		}
		if err != nil {
			return nil, syntaxProblem(data, err)
		}
	}
	if err := b.parser.Error(); err != nil {
		return nil, syntaxProblem(data, err)
	}
	return b.root, nil
}

// syntaxProblem returns the problem of a document that is not TOML, with its line.
func syntaxProblem(data []byte, err error) *Problem {
	p := &Problem{
		What: "is not TOML: " + err.Error(),
		Fix:  `texts stand in "quotes", dates are written 2026-12-25, and every [heading] and key stands only once`,
	}
	var de *toml.DecodeError
	if errors.As(err, &de) {
		p.Line, _ = de.Position()
		if lines := bytes.Split(data, []byte("\n")); p.Line >= 1 && p.Line <= len(lines) {
			p.Key = fmt.Sprintf("%q", shorten(string(bytes.TrimSpace(lines[p.Line-1]))))
		}
	}
	return p
}

type builder struct {
	parser unstable.Parser
	data   []byte
	starts []int // where each line after the first begins
	root   *node
}

var errShape = errors.New("a key is used both as a table and as a value")

// line returns the line on which a range begins; 0 when the parser did not say.
func (b *builder) line(r unstable.Range) int {
	if r.Length == 0 {
		return 0
	}
	if b.starts == nil {
		for i, c := range b.data {
			if c == '\n' {
				b.starts = append(b.starts, i+1)
			}
		}
		b.starts = append(b.starts, len(b.data)+1)
	}
	return 1 + sort.SearchInts(b.starts, int(r.Offset)+1)
}

// open goes to the table that a [heading] or [[heading]] begins.
func (b *builder) open(e *unstable.Node) (*node, error) {
	at := b.root
	keys := e.Key()
	for keys.Next() {
		k := keys.Node()
		line := b.line(k.Raw)
		if keys.IsLast() && e.Kind == unstable.ArrayTable {
			list := at.fields[string(k.Data)]
			if list == nil {
				list = &node{kind: unstable.Array, line: line}
				at.set(string(k.Data), list)
			}
			if list.kind != unstable.Array {
				return nil, errShape
			}
			at = newTable(line)
			list.items = append(list.items, at)
			return at, nil
		}
		var err error
		if at, err = at.descend(string(k.Data), line); err != nil {
			return nil, err
		}
	}
	return at, nil
}

// descend goes into the table of a key, the last one where there are several, making it where there is none.
func (n *node) descend(key string, line int) (*node, error) {
	next, ok := n.fields[key]
	if !ok {
		next = newTable(line)
		n.set(key, next)
	}
	if next.kind == unstable.Array && len(next.items) > 0 {
		next = next.items[len(next.items)-1]
	}
	if next.kind != unstable.Table {
		return nil, errShape
	}
	return next, nil
}

// assign puts the value of a key = value pair into a table.
func (b *builder) assign(at *node, e *unstable.Node) error {
	keys := e.Key()
	for keys.Next() {
		k := keys.Node()
		line := b.line(k.Raw)
		if !keys.IsLast() {
			var err error
			if at, err = at.descend(string(k.Data), line); err != nil {
				return err
			}
			continue
		}
		v, err := b.value(e.Value(), line)
		if err != nil {
			return err
		}
		at.set(string(k.Data), v)
	}
	return nil
}

// value builds a value; line is where its key or its list begins.
func (b *builder) value(v *unstable.Node, line int) (*node, error) {
	if own := b.line(v.Raw); own > 0 {
		line = own
	}
	switch v.Kind {
	case unstable.Array:
		list := &node{kind: unstable.Array, line: line}
		items := v.Children()
		for items.Next() {
			item, err := b.value(items.Node(), line)
			if err != nil {
				return nil, err
			}
			list.items = append(list.items, item)
		}
		return list, nil
	case unstable.InlineTable:
		t := newTable(line)
		pairs := v.Children()
		for pairs.Next() {
			if err := b.assign(t, pairs.Node()); err != nil {
				return nil, err
			}
		}
		return t, nil
	default:
		return &node{kind: v.Kind, line: line, text: string(v.Data)}, nil
	}
}

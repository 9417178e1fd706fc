package airtabletest

import (
	"cmp"
	"slices"
)

// order compares cells as sort does: empty first, choices in their own order,
// text without case first.
func (b *base) order(t *table, f *field, x, y *record) int {
	vx, vy := b.value(t, x, f, 0), b.value(t, y, f, 0)
	if ex, ey := vx.Empty(), vy.Empty(); ex || ey {
		return boolOrder(!ex, !ey)
	}
	if f.Type == SingleSelect {
		at := func(r *record) int {
			return slices.IndexFunc(f.Options.Choices, func(c Choice) bool { return c.ID == r.cells[f.ID] })
		}
		return cmp.Compare(at(x), at(y))
	}
	return vx.Order(vy)
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

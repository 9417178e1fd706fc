package cache

import (
	"fmt"
	"strings"
)

// Tag names something that values are computed from. What comes before the first
// colon is its kind, by which invalidations are counted: kinds must be few.
type Tag string

// DateTag returns the tag of what depends on one date: "date:2026-12-24" for a date
// whose String is 2026-12-24.
func DateTag(date fmt.Stringer) Tag { return Tag("date:" + date.String()) }

// Kind returns what comes before the first colon, or the whole tag: "date" for
// "date:2026-12-24".
func (t Tag) Kind() string {
	kind, _, _ := strings.Cut(string(t), ":")
	return kind
}

package cache

import (
	"strings"

	"maitre/booking"
)

// Tag names something that entries are made from. What stands before the first
// colon is its kind, by which invalidations are counted: kinds must be few.
type Tag string

// DateTag is the tag of all that depends on one service day's bookings.
func DateTag(d booking.Date) Tag { return Tag("date:" + d.String()) }

// Kind returns what stands before the first colon, or the whole tag: "date" for
// "date:2026-12-24".
func (t Tag) Kind() string {
	kind, _, _ := strings.Cut(string(t), ":")
	return kind
}

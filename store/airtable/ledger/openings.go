package ledger

import (
	"strconv"

	"maitre/booking"
	"maitre/store/cache"
)

// openingsEntry returns the cache entry of a day's openings for parties of one size.
func openingsEntry(key booking.OpeningsKey) cache.Entry {
	name := make([]byte, 0, 40)
	name = append(name, "openings/"...)
	name = append(name, key.Date.String()...)
	name = append(name, '/')
	name = strconv.AppendInt(name, int64(key.Party), 10)
	if key.Staff {
		name = append(name, "/staff"...)
	}
	return cache.Entry{Key: string(name), Kind: "openings", Tags: []cache.Tag{cache.DateTag(key.Date), tablesTag}}
}

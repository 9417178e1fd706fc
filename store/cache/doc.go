// Package cache keeps answers in memory until what they were made from changes.
//
// Every entry carries tags, such as "date:2026-12-24" or "tables". Invalidating
// a tag forgets the entries that carry it and no others, in time that depends on
// how many those are and not on how many there are.
//
// # How old an answer may be
//
// An entry is as old as the oldest thing it was made from, counted from the
// moment at which its fill began: a fill that itself reads the cache passes on
// the age of what it read. By age an entry is
//
//   - up to Options.Fresh: a hit;
//   - up to Options.Keep: served at once, while one refresh runs in the
//     background; once a refresh has failed it is served with Result.Stale set,
//     and refreshed again no sooner than Options.Backoff later;
//   - older: not served. The caller waits for a fill and gets its error.
//
// # What holds under concurrency
//
// A fill that began before an invalidation never lands after it, and who asks
// after the invalidation never gets its value. Concurrent misses of a key make
// one call. A caller who gives up does not end the call for the others. Errors
// are never kept.
//
// # How ristretto is used
//
// The values lie in a ristretto cache; the index of tags lies beside it. All
// writes to ristretto are made under the index's lock, each waits until
// ristretto has settled it, and what ristretto let go by its own choice is taken
// out of the index before the lock is released. So the two agree whenever the
// lock is free, whatever ristretto drops, rejects or evicts. Reads take no lock
// of ours: each entry says itself which key it is for and whether it was
// invalidated, so that neither a collision of hashes nor a late write can make
// ristretto serve what it should not.
//
// Values are shared between all who ask and must not be changed by anybody.
//
// The package must not know what the values are: neither bookings nor Airtable.
package cache

package store

import (
	"bytes"
	"context"
	"time"

	"maitre/booking"
	"maitre/store/bolt"
)

// Get returns an entry. Errors: [ErrNoEntry], also for one that is archived.
func (j *Journal) Get(ctx context.Context, id string) (booking.JournalEntry, error) {
	found, err := read(ctx, j.file, func(t *tx) (*booking.JournalEntry, error) { return t.entry(id) })
	switch {
	case err != nil:
		return booking.JournalEntry{}, err
	case found == nil:
		return booking.JournalEntry{}, noEntry(id)
	}
	return *found, nil
}

// Due returns at most limit pending entries that are due, as
// [booking.JournalEntry.DueAt] has it, the longest due first. It reads only what it returns.
func (j *Journal) Due(ctx context.Context, now time.Time, limit int) ([]booking.JournalEntry, error) {
	until, beyond := timeKey(now, "\xff"), timeKey(now.Add(booking.LongestPause), "\xff")
	return read(ctx, j.file, func(t *tx) (found []booking.JournalEntry, err error) {
		cursor := t.bucket(dueBucket).Cursor()
		for key, _ := cursor.First(); key != nil && len(found) < limit; key, _ = cursor.Next() {
			if bytes.Compare(key, until) >= 0 && bytes.Compare(key, beyond) < 0 {
				if key, _ = cursor.Seek(beyond); key == nil {
					break
				}
			}
			e, err := t.namedEntry(entryInTimeKey(key))
			if err != nil {
				return nil, err
			}
			found = append(found, *e)
		}
		return found, nil
	})
}

// List returns at most limit entries, pending and parked, the oldest first.
func (j *Journal) List(ctx context.Context, limit int) ([]booking.JournalEntry, error) {
	return read(ctx, j.file, func(t *tx) (found []booking.JournalEntry, err error) {
		cursor := t.bucket(journalBucket).Cursor()
		for id, value := cursor.First(); id != nil && len(found) < limit; id, value = cursor.Next() {
			e, err := decodeEntry(id, value)
			if err != nil {
				return nil, err
			}
			found = append(found, e)
		}
		return found, nil
	})
}

// namedEntry returns an entry that an index names.
func (t *tx) namedEntry(id string) (*booking.JournalEntry, error) {
	e, err := t.entry(id)
	if err == nil && e == nil {
		err = missing(journalBucket, []byte(id))
	}
	return e, err
}

func entryInTimeKey(key []byte) string { return string(key[min(len(key), timeKeyLen):]) }

// Depth returns how much is in the journal. It reads no more than one entry, and
// the keys of those that were parked before it was made.
func (j *Journal) Depth(ctx context.Context) (booking.JournalDepth, error) {
	s := j.file.index
	s.mu.RLock()
	depth := booking.JournalDepth{Pending: len(s.waiting) - len(s.parked), Parked: len(s.parked)}
	s.mu.RUnlock()
	err := j.file.view(ctx, func(t *tx) error {
		oldest, err := t.oldestPending()
		if oldest != nil {
			depth.Oldest = oldest.Created
		}
		return err
	})
	return depth, err
}

// oldestPending walks the keys of the journal and of what is parked side by side.
func (t *tx) oldestPending() (*booking.JournalEntry, error) {
	var (
		entries, parked = t.bucket(journalBucket).Cursor(), t.bucket(parkedBucket).Cursor()
		id, _           = entries.First()
		past, _         = parked.First()
	)
	for ; id != nil && bytes.Equal(id, past); past = nextKey(parked) {
		id = nextKey(entries)
	}
	if id == nil {
		return nil, nil
	}
	return t.namedEntry(string(id))
}

func nextKey(cursor *bolt.Cursor) []byte {
	key, _ := cursor.Next()
	return key
}

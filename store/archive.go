package store

import (
	"context"
	"time"

	"maitre/booking"
)

// Archived is an entry that is not in the journal any more.
type Archived struct {
	// Entry is as it was at its end, with its history.
	Entry booking.JournalEntry `json:"entry"`
	Ended Ending               `json:"ended"`
	At    time.Time            `json:"at"`
	// Why is the reason that a person gave; empty when it was written.
	Why string `json:"why,omitempty"`
}

// Ending is how an entry left the journal.
type Ending string

// The endings.
const (
	EndedWritten Ending = "written" // it stands in the system of record
	EndedSettled Ending = "settled" // a person took care of it
)

const archiveFormat = 1

// archive moves an entry from the journal into the archive.
func (t *tx) archive(e *booking.JournalEntry, a Archived) error {
	value, err := encodeValue("archived entry "+e.ID, archiveFormat, a)
	if err != nil {
		return err
	}
	if err := t.removeEntry(e); err != nil {
		return err
	}
	return t.bucket(archiveBucket).Put(timeKey(a.At, e.ID), value)
}

// Archived returns at most limit entries that were written or settled, those
// that ended last first.
func (j *Journal) Archived(ctx context.Context, limit int) ([]Archived, error) {
	var found []Archived
	err := j.file.view(ctx, func(t *tx) error {
		found = nil
		cursor := t.bucket(archiveBucket).Cursor()
		for key, value := cursor.Last(); key != nil && len(found) < limit; key, value = cursor.Prev() {
			a, err := decodeArchived(key, value)
			if err != nil {
				return err
			}
			found = append(found, a)
		}
		return nil
	})
	return found, err
}

func decodeArchived(key, value []byte) (Archived, error) {
	return decodeValue[Archived](archiveBucket, key, archiveFormat, value)
}

package store

import "maitre/booking"

// isCopy tells whether a row claims to be a booking that is another row, which
// is still there as far as is known.
func (k *keeping) isCopy(t *tx, row Row) (bool, error) {
	id := row.Booking.ID
	if id == row.Record {
		return false, nil
	}
	record := t.recordOf(id)
	switch record {
	case row.Record:
		return false, nil
	case "": // of two that nobody knows, the first is the booking
		return k.there[id], nil
	}
	if k.records[record] || k.single {
		return !k.parted[record], nil
	}
	known, err := t.known(id)
	return known != nil && (known.Date < k.from || known.Date > k.to), err
}

// newer tells whether a booking may have changed since the read was sent. What
// touched it in an earlier run of the same write does not count.
func (k *keeping) newer(t *tx, id string) bool {
	return t.waits(id) || !k.mine[id] && k.file.index.versions.touchedAfter(id, k.since)
}

// touch notes that a single row was kept. What a day says is known by when the
// day was read.
func (k *keeping) touch(id string) {
	if k.single {
		k.mine[id] = true
		k.file.index.versions.touch(id)
	}
}

// readLater tells whether a later read of a day was kept.
func (k *keeping) readLater(t *tx, date booking.Date) bool {
	return max(t.read[date], k.file.index.versions.readAt(date)) > k.since
}

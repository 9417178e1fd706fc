package store

import (
	"bytes"

	"maitre/booking"
)

// holdDates returns the service days on which an entry holds tables beside those
// that it wants.
func holdDates(e *booking.JournalEntry) []booking.Date {
	var dates []booking.Date
	for _, b := range e.HeldBeside() {
		dates = append(dates, b.Date)
	}
	return dates
}

func (t *tx) listHolds(e *booking.JournalEntry) error {
	for _, date := range holdDates(e) {
		if err := t.bucket(holdsBucket).Put(dateKey(date, e.Booking.ID), nil); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) unlistHolds(e *booking.JournalEntry) error {
	for _, date := range holdDates(e) {
		if err := t.bucket(holdsBucket).Delete(dateKey(date, e.Booking.ID)); err != nil {
			return err
		}
	}
	return nil
}

// heldOn returns what entries hold on a service day beside what they want.
func (t *tx) heldOn(date booking.Date) ([]booking.Booking, error) {
	var (
		held   []booking.Booking
		prefix = dateKey(date, "")
		cursor = t.bucket(holdsBucket).Cursor()
	)
	for k, _ := cursor.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cursor.Next() {
		e, err := t.entryOf(string(k[len(prefix):]))
		if err != nil {
			return nil, err
		}
		if e == nil {
			continue
		}
		for _, b := range e.HeldBeside() {
			if b.Date == date {
				held = append(held, b)
			}
		}
	}
	return held, nil
}

// indexHolds lists what the entries of a file hold that was written before there
// was such a list.
func (t *tx) indexHolds() error {
	return t.bucket(journalBucket).ForEach(func(id, _ []byte) error {
		e, err := t.entry(string(id))
		if err != nil || e == nil {
			return nil //nolint:nilerr // a value that cannot be read is told of by whoever needs it
		}
		return t.listHolds(e)
	})
}

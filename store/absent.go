package store

import (
	"context"

	"maitre/booking"
)

// Absent returns what is known of the service days from a date to another, both
// included, and is not among the rows that were read of them: of bookings that were
// rows, and count: see [Mirror.Counts]. That a reading lacks them does not prove that
// they are gone.
func (m *Mirror) Absent(ctx context.Context, from, to booking.Date, rows []Row) ([]Row, error) {
	ids, records := make(map[string]bool, len(rows)), make(map[string]bool, len(rows))
	for _, row := range rows {
		ids[row.Booking.ID], records[row.Record] = true, true
	}
	var absent []Row
	err := m.file.view(ctx, func(t *tx) error {
		absent = nil
		for date := from; date <= to; date++ {
			known, err := t.onDate(date)
			if err != nil {
				return err
			}
			for _, b := range known {
				record := t.recordOf(b.ID)
				if record == "" || ids[b.ID] || records[record] || !m.Counts(b) {
					continue
				}
				absent = append(absent, Row{Booking: b, Record: record})
			}
		}
		return nil
	})
	return absent, err
}

// Counts reports whether a booking holds its tables and is not over, by the machine's
// clock and by the time that is believed: a clock that is ahead ends nothing.
func (m *Mirror) Counts(b booking.Booking) bool { return b.Live() && b.End.After(m.file.sureNow()) }

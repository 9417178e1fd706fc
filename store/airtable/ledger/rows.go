package ledger

import (
	"context"
	"slices"

	"maitre/booking"
	"maitre/store"
	"maitre/store/airtable"
)

// rowsAtOnce is how many rows one list asks for by their IDs.
const rowsAtOnce = 50

// Rows reads the rows of entries' bookings, in the order of the entries. It waits
// as long as it takes. The error is what kept all of them from being read.
func (l *Ledger) Rows(ctx context.Context, urgent bool, entries []booking.JournalEntry) ([]booking.RowRead, *booking.RecordError) {
	if urgent {
		ctx = airtable.Urgent(ctx)
	}
	s, t := l.currentBase(ctx)
	if t != nil {
		return nil, t
	}
	all := make([]booking.RowRead, 0, len(entries))
	for some := range slices.Chunk(entries, rowsAtOnce) {
		read, t := l.rows(ctx, s, some)
		if t != nil {
			return nil, t
		}
		all = append(all, read...)
	}
	return all, nil
}

func (l *Ledger) rows(ctx context.Context, s *base, entries []booking.JournalEntry) ([]booking.RowRead, *booking.RecordError) {
	known := make([]string, len(entries))
	var records, ids []string
	for i, e := range entries {
		record, ok, err := l.cfg.Mirror.Record(ctx, e.Booking.ID)
		if err != nil {
			return nil, unreadable(err)
		}
		if known[i] = record; ok {
			records = append(records, record)
		}
		ids = append(ids, e.Booking.ID)
	}
	found, t := l.listRecords(ctx, s, s.mapper.WhereRowsOf(records, ids))
	if t != nil {
		return nil, t
	}
	all, lacking := resolve(s, entries, known, found)
	if len(lacking) == 0 {
		return all, nil
	}
	// An answer may lack what is there: rows that exist, or may exist, are asked for twice.
	records, ids = nil, nil
	for _, i := range lacking {
		if ids = append(ids, entries[i].Booking.ID); known[i] != "" {
			records = append(records, known[i])
		}
	}
	again, t := l.listRecords(ctx, s, s.mapper.WhereRowsOf(records, ids))
	if t != nil {
		return nil, t
	}
	all, _ = resolve(s, entries, known, append(found, again...))
	return all, nil
}

// resolve finds each entry's row among records; known are the record IDs in the
// mirror. lacking are the entries that had a row, or may have one, and have none.
func resolve(s *base, entries []booking.JournalEntry, known []string, found []airtable.Record) (all []booking.RowRead, lacking []int) {
	byRecord, byID := map[string]airtable.Record{}, map[string][]airtable.Record{}
	for _, rec := range found {
		if _, twice := byRecord[rec.ID]; twice {
			continue
		}
		byRecord[rec.ID] = rec
		id := s.mapper.IDOf(rec)
		byID[id] = append(byID[id], rec)
		if id != rec.ID {
			byID[rec.ID] = append(byID[rec.ID], rec) // the ID of a booking that the staff typed
		}
	}
	all = make([]booking.RowRead, len(entries))
	for i, e := range entries {
		rec, there := byRecord[known[i]]
		if claim := byID[e.Booking.ID]; !there && len(claim) > 1 {
			all[i].Err = twinRows(e.Booking.ID, claim)
			continue
		} else if !there && len(claim) == 1 {
			rec, there = claim[0], true
		}
		if there {
			all[i] = booking.RowRead{Row: rowOf(s, rec, e), Unknown: rec.ID != known[i]}
			continue
		}
		all[i].Row.Record = known[i]
		if known[i] != "" || e.Was != nil || mayHaveArrived(e) {
			lacking = append(lacking, i)
		}
	}
	return all, lacking
}

// mayHaveArrived reports whether an unanswered attempt may have made a row.
func mayHaveArrived(e booking.JournalEntry) bool {
	return slices.ContainsFunc(e.Attempts, func(a booking.Attempt) bool { return a.Kind == string(booking.UnknownOutcome) })
}

// rowOf returns a record as the row of an entry's booking.
func rowOf(s *base, rec airtable.Record, e booking.JournalEntry) booking.Row {
	row := booking.Row{Record: rec.ID}
	read, _ := s.mapper.Rows([]airtable.Record{rec}, s.index)
	if len(read) == 0 {
		return row
	}
	row.Booking = read[0].Booking
	if e.Was != nil {
		row.Booking = asBooking(s, row.Booking, *e.Was)
	}
	row.Booking = asBooking(s, row.Booking, e.Booking)
	return row
}

// asBooking returns a booking as its row says it. What the base cannot hold is
// taken from the known booking.
func asBooking(s *base, row, known booking.Booking) booking.Booking {
	row.ID = known.ID
	if row.Code == "" {
		row.Code = known.Code
	}
	s.mapper.Carry(&row, known)
	return store.CarriedOver(&row, &known)
}

// listRecords reads the rows that a condition finds, as they are.
func (l *Ledger) listRecords(ctx context.Context, s *base, where airtable.Formula) ([]airtable.Record, *booking.RecordError) {
	var records []airtable.Record
	t := l.ask(ctx, ofBookings, func(ctx context.Context) (err error) {
		records, err = l.cfg.Client.List(ctx, s.mapper.BookingsTable(), airtable.ListOptions{
			Fields: s.mapper.BookingFields(), Where: where, ByFieldID: s.mapper.ByFieldID(),
		})
		return err
	})
	return records, t
}

// recordsNow reads rows by record ID.
func (l *Ledger) recordsNow(ctx context.Context, s *base, ids []string) ([]airtable.Record, *booking.RecordError) {
	var all []airtable.Record
	for some := range slices.Chunk(ids, rowsAtOnce) {
		found, t := l.listRecords(ctx, s, s.mapper.WhereRecords(some...))
		if t != nil {
			return nil, t
		}
		all = append(all, found...)
	}
	return all, nil
}

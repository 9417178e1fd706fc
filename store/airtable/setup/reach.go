package setup

import (
	"context"
	"errors"
	"fmt"
	"io"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

// Reached is a base that a desk can begin to work with.
type Reached struct {
	setup Setup
	view  view
}

// Reach checks that a desk can begin to work with the base: Airtable answers and shows
// it to the token, and it has the tables and fields that a desk needs. It writes
// nothing.
//
// The error is one line that says what is wrong and how to fix it; an
// [UnansweredError] if the cause may not be in the base.
func (s Setup) Reach(ctx context.Context) (Reached, error) {
	v, err := s.readSchema(ctx, &printer{out: io.Discard})
	if errors.Is(err, errHidden) {
		err = s.notShown(nil)
	}
	if err != nil || v.schema == nil {
		return Reached{s, v}, err
	}
	for _, f := range s.Mapper.Check(v.schema) {
		if !f.OK && f.Vital && !f.Choice {
			return Reached{}, fmt.Errorf("%s %s. %s (maitre check lists all that is amiss, maitre airtable init adds what is missing)", f.Thing, f.Problem, f.Fix)
		}
	}
	return Reached{s, v}, nil
}

// HasOurs reports whether the base holds bookings from today on that a maitre wrote,
// by the first rows that it returns.
func (r Reached) HasOurs(ctx context.Context) (bool, error) {
	m := r.view.mapper
	today, _ := booking.ServiceDay(r.setup.Now, r.setup.Restaurant.Location)
	rows, err := r.setup.rows(ctx, &printer{out: io.Discard}, r.view, m.BookingsTable(),
		airtable.ListOptions{Fields: m.BookingFields(), Where: m.WhereFrom(today), Max: aPage})
	if err != nil {
		return false, err
	}
	bookings, _ := m.Bookings(rows, mapping.TableIndex{})
	for _, b := range bookings {
		if !mapping.IsRecordID(b.ID) {
			return true, nil
		}
	}
	return false, nil
}

// aPage is how many rows one request returns.
const aPage = 100

package store

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"maitre/booking"
)

// book is what the data file knows to be booked: in local mode the system of
// record, else a mirror of it.
type book struct{ file *File }

// Day implements [booking.Ledger]. The day that it returns is shared by all who
// ask for it, and never changes: a later booking makes a new one.
func (b book) Day(ctx context.Context, date booking.Date) (*booking.Day, error) {
	days := b.file.days
	if day := days.get(date); day != nil {
		return day, nil
	}
	before := days.generation(date)
	var bookings, held []booking.Booking
	err := b.file.view(ctx, func(t *tx) (err error) {
		if bookings, err = t.onDate(date); err == nil {
			held, err = t.heldOn(date)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return days.fill(date, bookings, held, before), nil
}

// Dates returns the service days from one on that have bookings, in order.
func (b book) Dates(ctx context.Context, from booking.Date) ([]booking.Date, error) {
	return read(ctx, b.file, func(t *tx) (dates []booking.Date, err error) {
		cursor, next := t.bucket(byDateBucket).Cursor(), from
		for key, _ := cursor.Seek(dateKey(next, "")); key != nil; key, _ = cursor.Seek(dateKey(next, "")) {
			date, err := booking.ParseDate(string(key[:min(dateKeyLen, len(key))]))
			if err != nil {
				return nil, fmt.Errorf("%w: bookings of a %w", ErrDamaged, err)
			}
			dates, next = append(dates, date), date+1
		}
		return dates, nil
	})
}

// onDate returns a service day's bookings, ordered by ID.
func (t *tx) onDate(date booking.Date) ([]booking.Booking, error) {
	var (
		bookings []booking.Booking
		prefix   = dateKey(date, "")
		cursor   = t.bucket(byDateBucket).Cursor()
	)
	for k, _ := cursor.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cursor.Next() {
		b, err := t.byID(k[len(prefix):])
		if err != nil {
			return nil, err
		}
		bookings = append(bookings, b)
	}
	return bookings, nil
}

// byID returns the booking that an index names.
func (t *tx) byID(id []byte) (booking.Booking, error) {
	value := t.bucket(bookingsBucket).Get(id)
	if value == nil {
		return booking.Booking{}, missing(bookingsBucket, id)
	}
	return decode(id, value)
}

// ByCode implements [booking.Ledger].
func (b book) ByCode(ctx context.Context, code string) (booking.Booking, error) {
	return read(ctx, b.file, func(t *tx) (booking.Booking, error) {
		id := t.bucket(codesBucket).Get([]byte(code))
		if id == nil {
			return booking.Booking{}, booking.ErrNotFound
		}
		return t.byID(id)
	})
}

// ByID returns the booking with an ID, or [booking.ErrNotFound].
func (b book) ByID(ctx context.Context, id string) (booking.Booking, error) {
	return read(ctx, b.file, func(t *tx) (booking.Booking, error) {
		known, err := t.known(id)
		if err == nil && known == nil {
			err = booking.ErrNotFound
		}
		if err != nil {
			return booking.Booking{}, err
		}
		return *known, nil
	})
}

// ByPhone implements [booking.Ledger]. No number has no bookings.
func (b book) ByPhone(ctx context.Context, phone booking.Phone, from booking.Date) ([]booking.Booking, error) {
	if phone == "" {
		return nil, nil
	}
	found, err := read(ctx, b.file, func(t *tx) (found []booking.Booking, err error) {
		prefix := phonePrefix(phone)
		cursor := t.bucket(byPhoneBucket).Cursor()
		for k, _ := cursor.Seek(phoneKey(phone, from, "")); bytes.HasPrefix(k, prefix); k, _ = cursor.Next() {
			b, err := t.byID(k[len(prefix)+dateKeyLen:])
			if err != nil {
				return nil, err
			}
			found = append(found, b)
		}
		return found, nil
	})
	slices.SortFunc(found, func(a, b booking.Booking) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID))
	})
	return found, err
}

// known returns the booking with an ID, or nil.
func (t *tx) known(id string) (*booking.Booking, error) {
	value := t.bucket(bookingsBucket).Get([]byte(id))
	if value == nil {
		return nil, nil
	}
	b, err := decode([]byte(id), value)
	if err != nil {
		return nil, err
	}
	return &b, nil
}

// codeTaken reports whether a code belongs to another booking than id.
func (t *tx) codeTaken(code string, id []byte, today booking.Date) (bool, error) {
	holder := t.bucket(codesBucket).Get([]byte(code))
	if holder == nil || bytes.Equal(holder, id) {
		return false, nil
	}
	b, err := t.byID(holder)
	return b.Date.AddDays(1) >= today, err
}

// putBooking puts a booking with its encoded value in the place of was, which may be
// nil. It goes by its code, if it has one, unless code is false.
func (t *tx) putBooking(b *booking.Booking, value []byte, was *booking.Booking, code bool) error {
	if was != nil {
		if err := t.unlist(was); err != nil {
			return err
		}
	}
	id := []byte(b.ID)
	if err := t.bucket(bookingsBucket).Put(id, value); err != nil {
		return err
	}
	t.effects.bookings = append(t.effects.bookings, bookingEffect{now: b, was: was})
	if err := t.list(b); err != nil || !code || b.Code == "" {
		return err
	}
	return t.bucket(codesBucket).Put([]byte(b.Code), id)
}

// list enters a booking in the indexes, but for its code.
func (t *tx) list(b *booking.Booking) error {
	if err := t.bucket(byDateBucket).Put(dateKey(b.Date, b.ID), nil); err != nil || b.Phone == "" {
		return err
	}
	return t.bucket(byPhoneBucket).Put(phoneKey(b.Phone, b.Date, b.ID), nil)
}

// unlist takes a booking out of the indexes. Its code stays with whoever has it now.
func (t *tx) unlist(b *booking.Booking) error {
	if err := t.bucket(byDateBucket).Delete(dateKey(b.Date, b.ID)); err != nil {
		return err
	}
	if b.Phone != "" {
		if err := t.bucket(byPhoneBucket).Delete(phoneKey(b.Phone, b.Date, b.ID)); err != nil {
			return err
		}
	}
	if holder := t.bucket(codesBucket).Get([]byte(b.Code)); string(holder) != b.ID {
		return nil
	}
	return t.bucket(codesBucket).Delete([]byte(b.Code))
}

// remove takes a booking out of the file, with all that lists it.
func (t *tx) remove(b *booking.Booking) error {
	t.effects.bookings = append(t.effects.bookings, bookingEffect{was: b})
	return t.erase(b)
}

// erase is remove for many, whose days are read anew.
func (t *tx) erase(b *booking.Booking) error {
	if err := t.unlist(b); err != nil {
		return err
	}
	if err := t.unrecord(b.ID); err != nil {
		return err
	}
	return t.bucket(bookingsBucket).Delete([]byte(b.ID))
}

package store

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"maitre/booking"
)

// Local is the data file as the system of record. It is safe for concurrent use.
type Local struct{ file *File }

var (
	_ booking.Ledger  = (*Local)(nil)
	_ booking.Journal = (*Local)(nil)
)

// Local returns the file as the system of record.
func (f *File) Local() *Local { return &Local{f} }

// Day implements [booking.Ledger]. The day that it returns is shared by all who
// ask for it, and never changes: a later booking makes a new one.
func (l *Local) Day(ctx context.Context, date booking.Date) (*booking.Day, error) {
	days := l.file.days
	if day := days.get(date); day != nil {
		return day, nil
	}
	before := days.generation(date)
	var bookings []booking.Booking
	err := l.file.view(ctx, func(t *tx) (err error) {
		bookings, err = t.onDate(date)
		return err
	})
	if err != nil {
		return nil, err
	}
	return days.fill(date, bookings, before), nil
}

// Freshen implements [booking.Ledger]: the file is the system of record, and
// nothing is newer.
func (l *Local) Freshen(context.Context, booking.Date, booking.Freshness) error { return nil }

// Await implements [booking.Journal]: what was accepted is written.
func (l *Local) Await(context.Context, string) booking.Standing { return booking.Written }

// Standing implements [booking.Journal].
func (l *Local) Standing(string) booking.Standing { return booking.Written }

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
		return booking.Booking{}, fmt.Errorf("%w: an index names booking %s, which is not there", ErrDamaged, id)
	}
	return decode(value)
}

// ByCode implements [booking.Ledger].
func (l *Local) ByCode(ctx context.Context, code string) (booking.Booking, error) {
	var found booking.Booking
	err := l.file.view(ctx, func(t *tx) (err error) {
		id := t.bucket(codesBucket).Get([]byte(code))
		if id == nil {
			return booking.ErrNotFound
		}
		found, err = t.byID(id)
		return err
	})
	return found, err
}

// ByPhone implements [booking.Ledger]. No number has no bookings.
func (l *Local) ByPhone(ctx context.Context, phone booking.Phone, from booking.Date) ([]booking.Booking, error) {
	if phone == "" {
		return nil, nil
	}
	var found []booking.Booking
	err := l.file.view(ctx, func(t *tx) error {
		found = nil
		prefix := phonePrefix(phone)
		cursor := t.bucket(byPhoneBucket).Cursor()
		for k, _ := cursor.Seek(phoneKey(phone, from, "")); bytes.HasPrefix(k, prefix); k, _ = cursor.Next() {
			b, err := t.byID(k[len(prefix)+dateKeyLen:])
			if err != nil {
				return err
			}
			found = append(found, b)
		}
		return nil
	})
	slices.SortFunc(found, func(a, b booking.Booking) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID))
	})
	return found, err
}

// Accept implements [booking.Journal]: when it returns without an error, the
// booking and its memo are synced, in one commit. It always answers
// [booking.Written], because the file is the system of record.
//
// A code is taken until the day after its booking's service day, whatever
// became of the booking: a guest who says the code of a cancelled booking must
// not be shown somebody else's. Later the code may be given out again, and then
// names the new booking only.
//
// A booking whose ID is there already is replaced, whatever entry.Was says: an
// entry is how the booking shall stand. A memo whose key is there already stays
// as it is.
func (l *Local) Accept(ctx context.Context, entry booking.Entry) (booking.Standing, error) {
	f := l.file
	a := acceptance{booking: asKept(entry.Booking), today: today(f.now())}
	if err := a.check(); err != nil {
		return booking.Pending, notKept(f.path, err)
	}
	value, err := encode(a.booking)
	if err != nil {
		return booking.Pending, notKept(f.path, err)
	}
	a.value = value
	if entry.Memo != nil {
		if a.memo, err = f.newMemo(*entry.Memo); err != nil {
			return booking.Pending, notKept(f.path, err)
		}
	}
	kept := func() {
		f.days.stand(a.booking, a.was)
		if a.memo != nil {
			f.seen.add(a.memo)
		}
	}
	if err := f.commit(ctx, func(t *tx) error { return a.write(t, f.seen) }, kept); err != nil {
		return booking.Pending, err
	}
	return booking.Written, nil
}

// acceptance is the write of one entry.
type acceptance struct {
	booking booking.Booking
	value   []byte
	memo    *memo
	today   booking.Date
	was     *booking.Booking // as the file had it; set by write
}

func (a *acceptance) check() error {
	if a.booking.ID == "" || a.booking.Code == "" || a.booking.Date.IsZero() {
		return fmt.Errorf("booking %q with code %q on %s: want all three", a.booking.ID, a.booking.Code, a.booking.Date)
	}
	return nil
}

// write looks at everything before it writes anything, so that a refusal does
// not spoil the transaction for others.
func (a *acceptance) write(t *tx, seen *seen) error {
	b := &a.booking
	id := []byte(b.ID)
	a.was = nil
	if value := t.bucket(bookingsBucket).Get(id); value != nil {
		was, err := decode(value)
		if err != nil {
			return err
		}
		a.was = &was
	}
	if taken, err := t.codeTaken(b.Code, id, a.today); err != nil || taken {
		return cmp.Or(err, booking.ErrCodeTaken)
	}
	if a.was != nil {
		if err := t.unlist(a.was); err != nil {
			return err
		}
	}
	if err := t.put(t.bucket(bookingsBucket), id, a.value); err != nil {
		return err
	}
	if err := t.list(b, id); err != nil {
		return err
	}
	if a.memo != nil {
		return t.remember(a.memo, seen)
	}
	return nil
}

// codeTaken tells whether a code belongs to another booking than id.
func (t *tx) codeTaken(code string, id []byte, today booking.Date) (bool, error) {
	holder := t.bucket(codesBucket).Get([]byte(code))
	if holder == nil || bytes.Equal(holder, id) {
		return false, nil
	}
	b, err := t.byID(holder)
	return b.Date.AddDays(1) >= today, err
}

// list enters a booking in the indexes.
func (t *tx) list(b *booking.Booking, id []byte) error {
	if err := t.put(t.bucket(byDateBucket), dateKey(b.Date, b.ID), nil); err != nil {
		return err
	}
	if b.Phone != "" {
		if err := t.put(t.bucket(byPhoneBucket), phoneKey(b.Phone, b.Date, b.ID), nil); err != nil {
			return err
		}
	}
	return t.put(t.bucket(codesBucket), []byte(b.Code), id)
}

// unlist takes a booking out of the indexes. Its code stays with whoever has it now.
func (t *tx) unlist(b *booking.Booking) error {
	if err := t.delete(t.bucket(byDateBucket), dateKey(b.Date, b.ID)); err != nil {
		return err
	}
	if b.Phone != "" {
		if err := t.delete(t.bucket(byPhoneBucket), phoneKey(b.Phone, b.Date, b.ID)); err != nil {
			return err
		}
	}
	if holder := t.bucket(codesBucket).Get([]byte(b.Code)); string(holder) != b.ID {
		return nil
	}
	return t.delete(t.bucket(codesBucket), []byte(b.Code))
}

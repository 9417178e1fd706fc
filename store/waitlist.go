package store

import (
	"bytes"
	"context"
	"errors"

	"maitre/booking"
)

const waitingFormat = 1

// Waitlist is who waits for a table. It is safe for concurrent use, and
// implements [booking.Waitlist].
type Waitlist struct{ file *File }

var _ booking.Waitlist = Waitlist{}

// Waitlist returns the waitlist that the file holds.
func (f *File) Waitlist() Waitlist { return Waitlist{f} }

// KeepWaiting implements [booking.Waitlist]. Errors: [booking.ErrNotKept].
//
// Points (see [Options]): waitlist.after_sync.
func (l Waitlist) KeepWaiting(ctx context.Context, w booking.Waiting) error {
	if err := checkWaiting(w); err != nil {
		return notKept(l.file.path, err)
	}
	if err := l.file.commit(ctx, func(t *tx) error { return t.putWaiting(w) }); err != nil {
		return err
	}
	l.file.at("waitlist.after_sync")
	return nil
}

// WaitingOn implements [booking.Waitlist].
func (l Waitlist) WaitingOn(ctx context.Context, date booking.Date) ([]booking.Waiting, error) {
	var all []booking.Waiting
	err := l.each(ctx, date, func(w booking.Waiting) (more bool) {
		if w.Date == date && w.State.Open() {
			all = append(all, w)
		}
		return w.Date == date
	})
	return all, err
}

// WaitingOf implements [booking.Waitlist]. It looks at all who wait, which are few.
func (l Waitlist) WaitingOf(ctx context.Context, phone booking.Phone, from booking.Date) ([]booking.Waiting, error) {
	var theirs []booking.Waiting
	err := l.each(ctx, from, func(w booking.Waiting) (more bool) {
		if w.Phone == phone {
			theirs = append(theirs, w)
		}
		return true
	})
	return theirs, err
}

// Dates returns the dates from one on for which somebody waits or is offered a
// table, in order.
func (l Waitlist) Dates(ctx context.Context, from booking.Date) ([]booking.Date, error) {
	var dates []booking.Date
	err := l.each(ctx, from, func(w booking.Waiting) (more bool) {
		if w.State.Open() && (len(dates) == 0 || dates[len(dates)-1] != w.Date) {
			dates = append(dates, w.Date)
		}
		return true
	})
	return dates, err
}

// each yields the parties from a date on, by date and ID, while the function
// wants more.
func (l Waitlist) each(ctx context.Context, from booking.Date, f func(booking.Waiting) (more bool)) error {
	all, err := read(ctx, l.file, func(t *tx) (all []booking.Waiting, err error) {
		cursor := t.bucket(waitlistBucket).Cursor()
		for key, value := cursor.Seek(dateKey(from, "")); key != nil; key, value = cursor.Next() {
			w, err := decodeWaiting(key, value)
			if err != nil {
				return nil, err
			}
			all = append(all, w)
		}
		return all, nil
	})
	for _, w := range all {
		if !f(w) {
			break
		}
	}
	return err
}

// decodeWaiting reads what putWaiting wrote.
func decodeWaiting(key, value []byte) (booking.Waiting, error) {
	w, err := decodeValue[booking.Waiting](waitlistBucket, key, waitingFormat, value)
	if at := dateKey(w.Date, w.ID); err == nil && !bytes.Equal(at, key) {
		err = misplaced(waitlistBucket, key, string(at))
	}
	return w, err
}

// Offered implements [booking.Waitlist].
func (l Waitlist) Offered(ctx context.Context, bookingID string) (left bool, err error) {
	err = l.file.view(ctx, func(t *tx) error {
		id := t.bucket(outboxKeysBucket).Get([]byte(string(booking.MessageTableFree) + "/" + bookingID))
		if id == nil {
			return nil // not in the book yet, so that no message was sent
		}
		o, found, err := t.message(string(id))
		if err != nil || !found {
			return err
		}
		switch o.State {
		case booking.MessageSending, booking.MessageUnknown, booking.MessageSent, booking.MessageDelivered, booking.MessageRead:
			left = true
		case booking.MessageWaiting, booking.MessageBounced, booking.MessageFailed, booking.MessageExpired, booking.MessageWithheld:
		}
		return nil
	})
	return left, err
}

func checkWaiting(w booking.Waiting) error {
	if w.ID == "" || w.Date.IsZero() || w.Phone == "" || w.State == "" {
		return errors.New("a party on the waitlist has an ID, a date, a phone and a state")
	}
	return nil
}

// putWaiting keeps a party. For other writes that keep one in their own commit.
func (t *tx) putWaiting(w booking.Waiting) error {
	w.Created, w.Updated = plain(w.Created), plain(w.Updated)
	value, err := encodeValue("party on the waitlist", waitingFormat, w)
	if err != nil {
		return err
	}
	return t.bucket(waitlistBucket).Put(dateKey(w.Date, w.ID), value)
}

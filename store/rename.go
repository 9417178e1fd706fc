package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.etcd.io/bbolt"
)

// OtherRestaurantError is returned by Open when a file knows nothing of a restaurant
// and has data of others: most likely it is one of those under a new name.
type OtherRestaurantError struct {
	Path, Slug string
	Others     []Restaurant // those that have data, by slug
}

// Restaurant is one whose data a file holds.
type Restaurant struct {
	Slug     string
	Bookings int // in all that the file remembers
}

// Error names both.
func (e *OtherRestaurantError) Error() string {
	others := make([]string, len(e.Others))
	for i, o := range e.Others {
		others[i] = fmt.Sprintf("%q (%d bookings)", o.Slug, o.Bookings)
		if o.Bookings == 1 {
			others[i] = fmt.Sprintf("%q (1 booking)", o.Slug)
		}
	}
	return fmt.Sprintf("%s is the data file of %s, and knows no %q", e.Path, strings.Join(others, " and "), e.Slug)
}

// notAnother returns an OtherRestaurantError where a file without a restaurant's
// bucket has others' data.
func notAnother(bt *bbolt.Tx, path, slug string) error {
	if bt.Bucket([]byte(slug)) != nil {
		return nil
	}
	e := &OtherRestaurantError{Path: path, Slug: slug}
	err := bt.ForEach(func(name []byte, restaurant *bbolt.Bucket) error {
		if string(name) == string(metaBucket) {
			return nil
		}
		has := false
		for _, bucket := range [][]byte{bookingsBucket, journalBucket, waitlistBucket, outboxBucket, asideBucket} {
			if b := restaurant.Bucket(bucket); b != nil {
				first, _ := b.Cursor().First()
				has = has || first != nil
			}
		}
		if has {
			o := Restaurant{Slug: string(name)}
			if b := restaurant.Bucket(bookingsBucket); b != nil {
				o.Bookings = b.Stats().KeyN
			}
			e.Others = append(e.Others, o)
		}
		return nil
	})
	if err != nil || len(e.Others) == 0 {
		return err
	}
	return e
}

// Rename gives a restaurant's part of a data file that nobody has open to another
// slug, which must have none: all or nothing.
//
// Errors: [ErrInUse], [ErrDamaged]; one side is not as it must be.
func Rename(ctx context.Context, path, from, to string) error {
	h, err := awaitBolt(ctx, path, time.Second)
	if err != nil {
		return err
	}
	err = h.db.Update(func(bt *bbolt.Tx) error {
		was := bt.Bucket([]byte(from))
		if was == nil || from == string(metaBucket) {
			return fmt.Errorf("it knows no restaurant %q", from)
		}
		is, err := bt.CreateBucket([]byte(to))
		if err != nil {
			return fmt.Errorf("make bucket %q: %w", to, err)
		}
		var names [][]byte
		if err := was.ForEachBucket(func(name []byte) error {
			names = append(names, append([]byte(nil), name...))
			return nil
		}); err != nil {
			return err
		}
		for _, name := range names {
			if err := was.MoveBucket(name, is); err != nil {
				return fmt.Errorf("move bucket %q: %w", name, err)
			}
		}
		return bt.DeleteBucket([]byte(from))
	})
	if closed := h.db.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("rename %q to %q in %s: %w", from, to, path, withErrno(err))
	}
	return nil
}

package store

import (
	"context"
	"fmt"
	"strings"

	"maitre/store/bolt"
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
func notAnother(bt *bolt.Tx, path, slug string) error {
	if bt.Bucket([]byte(slug)) != nil {
		return nil
	}
	e := &OtherRestaurantError{Path: path, Slug: slug}
	err := bt.ForEachBucket(func(name []byte, restaurant *bolt.Bucket) error {
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
				o.Bookings = b.Len()
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
	db, err := bolt.Open(ctx, path, bolt.Options{
		Program: program, Existing: true, Migrations: migrations,
		Prepare: func(bt *bolt.Tx) error {
			if err := bt.RenameBucket([]byte(from), []byte(to)); err != nil {
				return fmt.Errorf("rename %q to %q: %w", from, to, err)
			}
			return nil
		},
	})
	if err != nil {
		return err
	}
	return db.Close()
}

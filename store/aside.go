package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"maitre/booking"
)

// parting is how a booking stood in a system of record when that was left for
// another. Neither the booking's life here nor the row's there alters it.
type parting struct {
	// Record is the row's own ID; empty: none is known.
	Record string `json:"record,omitempty"`
	// Was is how it stood there as far as was known; nil: it was not there.
	Was *booking.Booking `json:"was,omitempty"`
	// Entry is what waited to be written there; nil: nothing did.
	Entry *booking.JournalEntry `json:"entry,omitempty"`
}

const partingFormat = 1

// newest returns the booking as it was last known by a parting.
func (p parting) newest() *booking.Booking {
	if p.Entry != nil {
		return &p.Entry.Booking
	}
	return p.Was
}

// partings returns what was set aside when a system of record was left, by booking ID.
func (t *tx) partings(record string) (map[string]parting, error) {
	all := map[string]parting{}
	aside := t.bucket(asideBucket).Bucket([]byte(record))
	if record == "" || aside == nil {
		return all, nil
	}
	err := aside.ForEach(func(id, value []byte) error {
		p, err := decodeValue[parting](asideBucket, id, partingFormat, value)
		if err == nil && p.newest() == nil {
			err = fmt.Errorf("%w: of booking %s nothing was set aside", ErrDamaged, id)
		}
		all[string(id)] = p
		return err
	})
	return all, err
}

// setAllAside keeps how bookings stand in a system of record that is left.
func (t *tx) setAllAside(record string, all map[string]parting) error {
	aside, err := t.bucket(asideBucket).CreateBucket([]byte(record))
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		value, err := encodeValue("booking "+id+" of "+record, partingFormat, all[id])
		if err != nil {
			return err
		}
		if err := aside.Put([]byte(id), value); err != nil {
			return err
		}
	}
	return nil
}

// takeBack forgets what was set aside for a system of record.
func (t *tx) takeBack(record string) error {
	if t.bucket(asideBucket).Bucket([]byte(record)) == nil {
		return nil
	}
	return t.bucket(asideBucket).DeleteBucket([]byte(record))
}

// forgetAside removes what was set aside of bookings of days before a date.
func (f *File) forgetAside(ctx context.Context, before booking.Date) error {
	type place struct{ record, id string }
	var old []place
	err := f.view(ctx, func(t *tx) error {
		return t.bucket(asideBucket).ForEachBucket(func(record []byte) error {
			all, err := t.partings(string(record))
			for id, p := range all {
				if p.newest().Date < before && t.bucket(bookingsBucket).Get([]byte(id)) == nil {
					old = append(old, place{string(record), id})
				}
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	for some := range slices.Chunk(old, forgetAtOnce) {
		err := f.commit(ctx, func(t *tx) error {
			for _, one := range some {
				if aside := t.bucket(asideBucket).Bucket([]byte(one.record)); aside != nil {
					if err := aside.Delete([]byte(one.id)); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// isRowElsewhere reports whether a booking goes by the ID of its row in a system of
// record that was left: such an ID means nothing to another.
func isRowElsewhere(t *tx, id string) (is bool, err error) {
	err = t.bucket(asideBucket).ForEachBucket(func(record []byte) error {
		value := t.bucket(asideBucket).Bucket(record).Get([]byte(id))
		if value == nil || is {
			return nil
		}
		p, err := decodeValue[parting](asideBucket, []byte(id), partingFormat, value)
		is = p.Record == id
		return err
	})
	return is, err
}

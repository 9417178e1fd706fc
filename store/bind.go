package store

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"maitre/booking"
)

// binding says what the mirror is a mirror of.
type binding struct {
	Record string `json:"record"` // "": the data file is the system of record itself
	// Last is the last one that was not the data file.
	Last string `json:"last"`
}

const bindingFormat = 1

var bindingKey = []byte("of")

// Rebound is the result of a change of the system of record.
type Rebound struct {
	From, To string
	Changed  bool // From and To differ; otherwise nothing is done
	Unused   bool // the file never had one, and holds nothing that depends on any
	// Bookings are those that are ahead, wait or were changed, and of which
	// something becomes; by day and hour.
	Bookings []Move
	Queued   int // of those, how many are to be written to the new system of record
	Removed  int // bookings, also past ones, that were known from the old one only
}

// Differs reports whether the two systems of record hold something else, or
// something waits to be written: a person is to agree to the change.
func (r Rebound) Differs() bool {
	for _, m := range r.Bookings {
		if m.Kind != MoveFound {
			return true
		}
	}
	return false
}

// Count returns how many bookings are moved so.
func (r Rebound) Count(k MoveKind) (n int) {
	for _, m := range r.Bookings {
		if m.Kind == k {
			n++
		}
	}
	return n
}

// Move is what becomes of one booking when the system of record changes.
type Move struct {
	Booking booking.Booking // its state from now on
	Kind    MoveKind
}

// MoveKind is what becomes of a booking when the system of record changes.
type MoveKind int

// The kinds of moves.
const (
	MoveAdded    MoveKind = iota // to be written to the new one, which does not know it
	MoveAltered                  // changed here since the new one was left: to be written to its row
	MoveKept                     // kept in the data file only from now on
	MoveSetAside                 // a row of the old one only: kept aside until that is bound to again
	MoveFound                    // was set aside, and is known again
)

// Rebinding returns what [Mirror.Bind] would do, and does nothing.
func (m *Mirror) Rebinding(ctx context.Context, record string, now time.Time) (Rebound, error) {
	r, err := read(ctx, m.file, func(t *tx) (rebinding, error) { return m.rebinding(t, record, now) })
	return r.Rebound, err
}

// Bind says which system of record the mirror is of from now on: the name of
// one, or "" when the data file is the system of record itself. It is to be
// called at the start, before anything is read or accepted. It does all or nothing.
//
// The state of each booking in the system of record that is left is kept aside,
// under its name, until it is bound to again. What differs then from that state
// gets a journal entry that says both, cancellations included; what does not is
// left to the row. Bookings that are rows of the old one, and nothing else, are
// known no more, unless the data file takes over. Of the data file's own bookings,
// each live one that is not over gets an entry in a system of record that does not
// know it; so does what waits for another. Entries stay in the journal while the
// data file is the system of record.
//
// Errors: [booking.ErrNotKept], those of reading.
func (m *Mirror) Bind(ctx context.Context, record string, now time.Time) (Rebound, error) {
	f := m.file
	r, err := read(ctx, f, func(t *tx) (rebinding, error) { return m.rebinding(t, record, now) })
	if err != nil || !r.Changed && len(r.left) == 0 {
		return r.Rebound, err
	}
	if err := f.commit(ctx, func(t *tx) error {
		err := r.write(t, today(f.now()))
		*t.effects = effects{} // all is read anew
		return err
	}); err != nil {
		return r.Rebound, err
	}
	f.days.clear()
	f.index.versions.startOver() // no read that was sent before counts any more
	return r.Rebound, f.view(ctx, f.index.read)
}

// bound returns the binding, the zero value where there is none yet.
func (t *tx) bound() (b binding, err error) {
	if value := t.bucket(mirrorBucket).Get(bindingKey); value != nil {
		b, err = decodeValue[binding](mirrorBucket, bindingKey, bindingFormat, value)
	}
	return b, err
}

// unused reports whether the file was never bound, and holds nothing that would be lost or
// written somewhere by a wrong binding.
func (t *tx) unused() bool {
	for _, b := range [][]byte{bookingsBucket, journalBucket, archiveBucket, quarantineBucket} {
		if len(t.keys(b, 1)) > 0 {
			return false
		}
	}
	return t.bucket(mirrorBucket).Get(bindingKey) == nil
}

// keys returns the keys of a bucket, at most limit if that is not 0.
func (t *tx) keys(bucket []byte, limit int) (keys [][]byte) {
	cursor := t.bucket(bucket).Cursor()
	for key, _ := cursor.First(); key != nil && (limit == 0 || len(keys) < limit); key, _ = cursor.Next() {
		keys = append(keys, bytes.Clone(key))
	}
	return keys
}

// asideState is the state of a booking in a system of record when that was left for
// another. Later changes of the booking or of the row do not alter it.
type asideState struct {
	// Record is the row's own ID; empty: none is known.
	Record string `json:"record,omitempty"`
	// Was is its state there as far as was known; nil: it was not there.
	Was *booking.Booking `json:"was,omitempty"`
	// Entry is what waited to be written there; nil: nothing did.
	Entry *booking.JournalEntry `json:"entry,omitempty"`
}

const asideStateFormat = 1

// newest returns the booking as it was known last.
func (p asideState) newest() *booking.Booking {
	if p.Entry != nil {
		return &p.Entry.Booking
	}
	return p.Was
}

// asideStates returns what was set aside when a system of record was left, by booking ID.
func (t *tx) asideStates(record string) (map[string]asideState, error) {
	all := map[string]asideState{}
	aside := t.bucket(asideBucket).Bucket([]byte(record))
	if record == "" || aside == nil {
		return all, nil
	}
	err := aside.ForEach(func(id, value []byte) error {
		p, err := decodeValue[asideState](asideBucket, id, asideStateFormat, value)
		if err == nil && p.newest() == nil {
			err = fmt.Errorf("%w: of booking %s nothing was set aside", ErrDamaged, id)
		}
		all[string(id)] = p
		return err
	})
	return all, err
}

// setAllAside keeps the state of bookings in a system of record that is left.
func (t *tx) setAllAside(record string, all map[string]asideState) error {
	aside, err := t.bucket(asideBucket).CreateBucket([]byte(record))
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		value, err := encodeValue("booking "+id+" of "+record, asideStateFormat, all[id])
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
	old, err := read(ctx, f, func(t *tx) (old []place, err error) {
		err = t.bucket(asideBucket).ForEachBucket(func(record []byte) error {
			all, err := t.asideStates(string(record))
			for id, p := range all {
				if p.newest().Date < before && t.bucket(bookingsBucket).Get([]byte(id)) == nil {
					old = append(old, place{string(record), id})
				}
			}
			return err
		})
		return old, err
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
		p, err := decodeValue[asideState](asideBucket, []byte(id), asideStateFormat, value)
		is = p.Record == id
		return err
	})
	return is, err
}

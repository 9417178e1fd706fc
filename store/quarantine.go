package store

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"maitre/booking"
)

// What happens when one value cannot be read, because it is damaged or because a
// newer program wrote it.
//
// Nothing that is read with it could be read or written. So it is moved from its place into the quarantine, whole and with what the indexes say
// of it, together with the index entries that name it: by whoever meets it (a
// valueError), who then begins again, and at the start, when every value is looked
// at in the background. Nothing is dropped: a value that can be read again at a later start (a
// newer program's, by the newer program) goes back, if its place is free.
//
// For what takes its place meanwhile see quarantine_substitute.go.

// keptAside is a quarantined value as the file holds it.
type keptAside struct {
	booking.Quarantined
	Value []byte `json:"value"` // nil: only index entries named it
	named bool   // some did
}

const asideFormat = 1

// maxAside bounds how many values one call has put aside: each is a commit.
const maxAside = 100

// putAside puts a value that a call has met into the quarantine, and reports
// whether the call may begin again.
func (f *File) putAside(ctx context.Context, err error, tries int) bool {
	bad := asValueError(err)
	if bad == nil || tries >= maxAside || ctx.Err() != nil {
		return false
	}
	if _, movable := kindOf(bad.bucket); !movable {
		return false
	}
	if err := f.moveAside(ctx, []*valueError{bad}); err != nil {
		f.log.Error("a value in the data file cannot be read, and cannot be put aside either", "value", bad.Error(), "error", err)
		return false
	}
	return true
}

// moveAside puts values into the quarantine.
func (f *File) moveAside(ctx context.Context, bad []*valueError) error {
	var moved []keptAside
	err := f.commitOnce(ctx, func(t *tx) (err error) {
		moved, err = t.setAside(bad, f.now())
		return err
	})
	if err == nil {
		logAside(f.log, moved)
	}
	return err
}

// logAside says what was put aside.
func logAside(log *slog.Logger, moved []keptAside) {
	for _, a := range moved {
		known := []any{"bucket", a.Bucket, "newer_format", a.Newer}
		for name, value := range map[string]string{"booking": a.Booking, "code": a.Code, "record": a.Record} {
			if value != "" {
				known = append(known, name, value)
			}
		}
		if !a.Date.IsZero() {
			known = append(known, "date", a.Date)
		}
		if a.Phone != "" {
			known = append(known, "phone", a.Phone.Masked())
		}
		log.Error("a value in the data file could not be read; it was put aside whole, and the rest goes on (docs/recover.md)", append(known, "error", a.Error)...)
	}
}

// readAtOpen looks, before anything else is read, at the values that are read
// while the file is opened: what cannot be read goes into the quarantine, and what
// can be read again leaves it; it returns how many did.
func (t *tx) readAtOpen(now time.Time) (moved []keptAside, back int, err error) {
	var bad []*valueError
	for _, k := range kinds() {
		if !k.atOpen {
			continue
		}
		if err := t.eachValue(k, func(key, value []byte) error {
			if one := asValueError(k.read(key, value)); one != nil {
				bad = append(bad, one)
			}
			return nil
		}); err != nil {
			return nil, 0, err
		}
	}
	for id := range t.idsIn(booking.MessageSending) {
		if _, err := t.listedMessage(id); asValueError(err) != nil {
			bad = append(bad, asValueError(err))
		}
	}
	if moved, err = t.setAside(bad, now); err != nil {
		return nil, 0, err
	}
	back, err = t.restore(now)
	return moved, back, err
}

// checkAtOnce bounds how many values are looked at in one transaction.
const checkAtOnce = 1000

// CheckValues looks at every value of the file, a few at a time, so that one that
// cannot be read is put aside and reported before it is needed. Errors: those of
// reading and of writing, after which it was not all looked at.
func (f *File) CheckValues(ctx context.Context) error {
	for _, k := range kinds() {
		if k.atOpen {
			continue
		}
		for after := []byte(nil); ; {
			var (
				bad []*valueError
				n   int
			)
			err := f.view(ctx, func(t *tx) error {
				bad, n = nil, 0
				cursor := t.bucket(k.bucket).Cursor()
				for key, value := cursor.Seek(append(after, 0)); key != nil && n < checkAtOnce; key, value = cursor.Next() {
					if one := asValueError(k.read(key, value)); one != nil {
						bad = append(bad, one)
					}
					n++
					after = bytes.Clone(key)
				}
				return nil
			})
			if err == nil && len(bad) > 0 {
				err = f.moveAside(ctx, bad)
			}
			if err != nil {
				return err
			}
			if n < checkAtOnce {
				break
			}
		}
	}
	return nil
}

// setAside moves values into the quarantine, with the index entries that name
// them. Of those that can be read by now it moves nothing.
func (t *tx) setAside(bad []*valueError, now time.Time) ([]keptAside, error) {
	var moved []keptAside
	for _, k := range kinds() {
		found := make(map[string]*keptAside)
		for _, one := range bad {
			if !bytes.Equal(one.bucket, k.bucket) {
				continue
			}
			from, key := t.whereIs(one.bucket, one.key)
			if from == nil {
				continue
			}
			value := bytes.Clone(from.Get(key))
			if value != nil && k.read(one.key, value) == nil {
				continue
			}
			found[string(one.key)] = &keptAside{Value: value, Quarantined: booking.Quarantined{
				Bucket: string(k.bucket), Key: one.key, Newer: errors.Is(one, ErrNewer), Error: one.Error(), At: plain(now),
			}}
		}
		if len(found) == 0 {
			continue
		}
		if err := t.unlistAside(k, found); err != nil {
			return nil, err
		}
		for _, key := range slices.Sorted(maps.Keys(found)) {
			a := found[key]
			if a.Value == nil && !a.named {
				continue // somebody else moved it
			}
			if from, key := t.whereIs(k.bucket, a.Key); a.Value != nil {
				if err := from.Delete(key); err != nil {
					return nil, err
				}
			}
			if err := t.substitute(a, now); err != nil {
				return nil, err
			}
			if err := t.putAsideRecord(*a); err != nil {
				return nil, err
			}
			moved = append(moved, *a)
		}
	}
	return moved, nil
}

func (t *tx) putAsideRecord(a keptAside) error {
	value, err := encodeValue("quarantined value", asideFormat, a)
	if err != nil {
		return err
	}
	key := timeKey(a.At, a.Bucket)
	return t.bucket(quarantineBucket).Put(append(append(key, 0), a.Key...), value)
}

// unlistAside removes the index entries that name values, and notes what they say.
func (t *tx) unlistAside(k kind, found map[string]*keptAside) error {
	for _, ix := range k.indexes {
		var names [][]byte
		b := t.bucket(ix.bucket)
		if err := b.ForEach(func(key, value []byte) error {
			if a := found[string(ix.key(key, value))]; a != nil {
				a.named = true
				a.note(ix.bucket, key)
				names = append(names, bytes.Clone(key))
			}
			return nil
		}); err != nil {
			return err
		}
		for _, key := range names {
			if err := b.Delete(key); err != nil {
				return err
			}
		}
	}
	return nil
}

// note takes from an index entry that names the value what it says of it.
func (a *keptAside) note(index, key []byte) {
	switch {
	case bytes.Equal(index, byDateBucket):
		a.Date, _ = booking.ParseDate(string(key[:min(dateKeyLen, len(key))]))
	case bytes.Equal(index, byPhoneBucket):
		phone, _, _ := bytes.Cut(key, []byte{0})
		a.Phone = booking.Phone(phone)
	case bytes.Equal(index, codesBucket):
		a.Code = string(key)
	case bytes.Equal(index, entryOfBucket):
		a.Booking = string(key)
	}
}

// Quarantined returns at most limit values that could not be read and were put
// aside, the oldest first.
func (f *File) Quarantined(ctx context.Context, limit int) ([]booking.Quarantined, error) {
	return read(ctx, f, func(t *tx) (all []booking.Quarantined, err error) {
		cursor := t.bucket(quarantineBucket).Cursor()
		for key, value := cursor.First(); key != nil && len(all) < limit; key, value = cursor.Next() {
			all = append(all, t.quarantined(key, value).Quarantined)
		}
		return all, nil
	})
}

// quarantined reads what putAsideRecord wrote. Of what cannot be read even here it
// returns the key.
func (t *tx) quarantined(key, encoded []byte) keptAside {
	a, err := decodeValue[keptAside](quarantineBucket, key, asideFormat, encoded)
	if err != nil {
		bucket, of, _ := bytes.Cut(key[min(timeKeyLen, len(key)):], []byte{0})
		a = keptAside{Quarantined: booking.Quarantined{Bucket: string(bucket), Key: bytes.Clone(of), Newer: errors.Is(err, ErrNewer), Error: err.Error()}}
		if len(key) >= timeKeyLen {
			a.At = keyTime(key)
		}
	}
	a.ID = string(key)
	if _, known := kindOf([]byte(a.Bucket)); known && !a.Replaced {
		from, at := t.whereIs([]byte(a.Bucket), a.Key)
		a.Replaced = from != nil && from.Get(at) != nil
	}
	return a
}

// forgetQuarantined removes what was put aside before a time, and with a message its key,
// which keeps it from being added again. It reports whether there may be more.
func (t *tx) forgetQuarantined(until []byte) (more bool, err error) {
	for _, at := range t.keys(quarantineBucket, forgetAtOnce) {
		if bytes.Compare(at, until) >= 0 {
			break
		}
		a := t.quarantined(at, t.bucket(quarantineBucket).Get(at))
		if message := a.Key; a.Bucket == string(outboxBucket) && t.bucket(outboxBucket).Get(message) == nil {
			keys := map[string]*keptAside{string(message): &a}
			if err := t.unlistAside(kind{indexes: []index{{outboxKeysBucket, inValue}}}, keys); err != nil {
				return false, err
			}
		}
	}
	return t.deleteBefore(quarantineBucket, until)
}

// SeeTo notes that a person saw to a value that was put aside, by its ID. It stays
// as long as guests' data does. Errors: [booking.ErrNotFound], [booking.ErrNotKept].
func (f *File) SeeTo(ctx context.Context, id string) error {
	found := false
	err := f.commit(ctx, func(t *tx) error {
		encoded := t.bucket(quarantineBucket).Get([]byte(id))
		if found = encoded != nil; !found {
			return nil
		}
		a, err := decodeValue[keptAside](quarantineBucket, []byte(id), asideFormat, encoded)
		if err != nil {
			return err
		}
		a.Seen = plain(f.now())
		return t.putAsideRecord(a)
	})
	if err == nil && !found {
		err = booking.ErrNotFound
	}
	return err
}

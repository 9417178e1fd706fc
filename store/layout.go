package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"maitre/booking"
	"maitre/store/bolt"
)

// The layout of the file, schema version 1. Top-level buckets are meta and one
// for each restaurant, named by its slug; in it:
//
//	bookings  booking ID                  -> the booking, JSON with "v"
//	by_date   date + booking ID           -> nothing
//	by_phone  phone + 0 + date + booking ID -> nothing
//	codes     code                        -> booking ID
//	waitlist  date + ID                 -> a party that waits for a table, JSON with "v"
//	dialogues phone                       -> the state of a conversation, JSON with "v"
//	keys      name                        -> 32 random bytes, secret
//	seen      UTC day -> a bucket: number -> format byte + length of key + key + answer
//
//	outbox        message ID                 -> the message and what became of it, JSON with "v"
//	outbox_due    urgency + time + message ID -> nothing; those of which something is to be done
//	outbox_states state + 0 + message ID     -> nothing
//	outbox_keys   message key                -> message ID
//	outbox_sids   the carrier's name         -> message ID
//	outbox_early  the carrier's name         -> a receipt for a name not known yet, JSON with "v"
//	phones        phone                      -> when it last wrote, whether it opted out, JSON with "v"
//
// Where another system is the system of record, the four above are a mirror of
// it with every accepted entry applied to it, and these say how the two differ
// (values are JSON with "v", but for the plain IDs):
//
//	journal        entry ID        -> the entry
//	journal_of     booking ID      -> entry ID
//	journal_due    time + entry ID -> nothing; of each pending entry, when it is due
//	journal_parked entry ID        -> nothing; the entries that are parked
//	journal_holds  date + booking ID -> nothing; where the booking's entry holds tables
//	               beside those that it wants, see [booking.JournalEntry.HeldBeside]
//	archive        time + entry ID -> the entry and how it ended
//	rows           record          -> booking ID
//	row_of         booking ID      -> record, the row's own ID in the system of record
//	days           date            -> when the day was last read whole, and under which record of changes
//	tables         "tables"        -> what was last read of the restaurant's tables
//	feed           name            -> how changes of the system of record reach us
//	mirror         "of"            -> which system of record it is
//	aside          a system of record that was left -> a bucket: booking ID -> how it stood there
//	mirror         "claim"         -> by what it is known that this desk writes to it
//
// A value that cannot be read is moved from its place, whole, so that the rest
// goes on (see quarantine.go):
//
//	quarantine  time + bucket + 0 + key -> the value's bytes, where it lay, why and since when it cannot be read, JSON with "v"
//
// Dates are written YYYY-MM-DD, which sorts. Booking IDs are time-ordered, so
// that new bookings lie side by side and one commit touches few pages.
var (
	metaClock = []byte("clock") // in the engine's [bolt.Meta]: what time is believed, JSON with "v"

	bookingsBucket = []byte("bookings")
	byDateBucket   = []byte("by_date")
	byPhoneBucket  = []byte("by_phone")
	codesBucket    = []byte("codes")
	seenBucket     = []byte("seen")
	keysBucket     = []byte("keys")

	dialoguesBucket = []byte("dialogues")
	waitlistBucket  = []byte("waitlist")

	journalBucket = []byte("journal")
	entryOfBucket = []byte("journal_of")
	dueBucket     = []byte("journal_due")
	parkedBucket  = []byte("journal_parked")
	holdsBucket   = []byte("journal_holds")
	archiveBucket = []byte("archive")
	rowsBucket    = []byte("rows")
	rowOfBucket   = []byte("row_of")
	daysBucket    = []byte("days")
	tablesBucket  = []byte("tables")
	feedBucket    = []byte("feed")
	mirrorBucket  = []byte("mirror")
	asideBucket   = []byte("aside")

	quarantineBucket = []byte("quarantine")

	outboxBucket       = []byte("outbox")
	outboxDueBucket    = []byte("outbox_due")
	outboxStatesBucket = []byte("outbox_states")
	outboxKeysBucket   = []byte("outbox_keys")
	outboxSIDsBucket   = []byte("outbox_sids")
	outboxEarlyBucket  = []byte("outbox_early")
	phonesBucket       = []byte("phones")

	restaurantBuckets = [][]byte{
		bookingsBucket, byDateBucket, byPhoneBucket, codesBucket, seenBucket, keysBucket, dialoguesBucket, waitlistBucket,
		journalBucket, entryOfBucket, dueBucket, parkedBucket, holdsBucket, archiveBucket,
		rowsBucket, rowOfBucket, daysBucket, tablesBucket, feedBucket, mirrorBucket, asideBucket,
		outboxBucket, outboxDueBucket, outboxStatesBucket, outboxKeysBucket, outboxSIDsBucket, outboxEarlyBucket, phonesBucket,
		quarantineBucket,
	}
)

// tx is a transaction on one restaurant's part of the file.
type tx struct {
	*bolt.Tx
	slug     []byte
	buckets  map[string]*bolt.Bucket
	effects  *effects                 // of the write that runs
	answered map[keyDigest]bool       // keys of answers put in this transaction
	read     map[booking.Date]Version // days that were kept whole in this transaction
}

func newTx(bt *bolt.Tx, slug []byte) *tx {
	t := &tx{Tx: bt, slug: slug, buckets: make(map[string]*bolt.Bucket, 8)}
	if bt.Writable() {
		t.effects, t.answered, t.read = &effects{}, make(map[keyDigest]bool), make(map[booking.Date]Version)
	}
	return t
}

// bucket returns one of the restaurant's buckets. Open has made sure that it
// exists; its absence is damage, and a panic is how bbolt reports damage too.
func (t *tx) bucket(name []byte) *bolt.Bucket {
	if b := t.buckets[string(name)]; b != nil {
		return b
	}
	restaurant := t.Bucket(t.slug)
	if restaurant == nil {
		panic(fmt.Sprintf("no bucket %q", t.slug))
	}
	b := restaurant.Bucket(name)
	if b == nil {
		panic(fmt.Sprintf("no bucket %q in %q", name, t.slug))
	}
	if t.Writable() && (bytes.Equal(name, bookingsBucket) || bytes.Equal(name, journalBucket) || bytes.Equal(name, archiveBucket)) {
		b.Appended()
	}
	t.buckets[string(name)] = b
	return b
}

// makeRestaurant adds what a restaurant's part of the file lacks.
func makeRestaurant(bt *bolt.Tx, slug []byte) error {
	restaurant, err := bt.CreateBucket(slug)
	if err != nil {
		return err
	}
	indexed := restaurant.Bucket(holdsBucket) != nil
	for _, name := range restaurantBuckets {
		if _, err := restaurant.CreateBucket(name); err != nil {
			return err
		}
	}
	if indexed {
		return nil
	}
	return newTx(bt, slug).indexHolds()
}

const (
	dateKeyLen    = len(time.DateOnly)
	bookingFormat = 1
)

func dateKey(date booking.Date, id string) []byte {
	return append(append(make([]byte, 0, dateKeyLen+len(id)), date.String()...), id...)
}

func phonePrefix(phone booking.Phone) []byte {
	return append([]byte(phone), 0)
}

func phoneKey(phone booking.Phone, date booking.Date, id string) []byte {
	return append(phonePrefix(phone), dateKey(date, id)...)
}

// kept is a booking as the file holds it.
type kept struct {
	V int `json:"v"`
	booking.Booking
}

// encode returns the value under which a booking is kept.
func encode(b booking.Booking) ([]byte, error) {
	value, err := json.Marshal(kept{V: bookingFormat, Booking: b})
	if err != nil {
		return nil, fmt.Errorf("encode booking %s: %w", b.ID, err)
	}
	return value, nil
}

// decode reads what encode wrote; it keeps nothing of value.
func decode(id, value []byte) (booking.Booking, error) {
	var k kept
	err := readJSON(bookingsBucket, id, bookingFormat, value, &k, &k.V)
	if err == nil && k.ID != string(id) {
		err = misplaced(bookingsBucket, id, k.ID)
	}
	return k.Booking, err
}

// asKept returns b as reading it back from the file would: times in UTC
// without the monotonic clock, and nothing shared with the caller's.
func asKept(b booking.Booking) booking.Booking {
	b.Tables = append([]string(nil), b.Tables...)
	for _, at := range []*time.Time{&b.Start, &b.End, &b.Created, &b.Updated, &b.HeldUntil} {
		*at = at.Round(0).UTC()
	}
	return b
}

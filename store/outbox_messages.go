package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/oklog/ulid/v2"

	"maitre/booking"
)

const messageFormat = 1

// keptMessage is a message as the file holds it.
type keptMessage struct {
	V int `json:"v"`
	booking.OutboxMessage
}

func decodeMessage(id, value []byte) (booking.OutboxMessage, error) {
	var k keptMessage
	err := readJSON(outboxBucket, id, messageFormat, value, &k, &k.V)
	if err == nil && k.ID != string(id) {
		err = misplaced(outboxBucket, id, k.ID)
	}
	return k.OutboxMessage, err
}

// putMessages adds messages to the outbox, and returns how many are new. It checks
// everything before it writes anything. For writes that send messages in their own
// commit.
func (t *tx) putMessages(now time.Time, messages []booking.Message) (kept int, err error) {
	for _, m := range messages {
		if err := checkMessage(m); err != nil {
			return 0, err
		}
	}
	for _, m := range messages {
		if m.Key != "" && t.bucket(outboxKeysBucket).Get([]byte(m.Key)) != nil {
			continue
		}
		if m.ID, err = t.newMessageID(now); err != nil {
			return kept, err
		}
		o := booking.OutboxMessage{Message: m, State: booking.MessageWaiting, Made: now.UTC(), Changed: now.UTC()}
		o.NotBefore, o.Expires = asUTC(m.NotBefore), asUTC(m.Expires)
		if o.Next = o.NotBefore; o.Next.Before(o.Made) {
			o.Next = o.Made
		}
		if m.Key != "" {
			if err := t.bucket(outboxKeysBucket).Put([]byte(m.Key), []byte(m.ID)); err != nil {
				return kept, err
			}
		}
		if err := t.putMessage(nil, o); err != nil {
			return kept, err
		}
		kept++
	}
	return kept, nil
}

// asUTC is at without the monotonic clock; the zero time stays.
func asUTC(at time.Time) time.Time { return at.Round(0).UTC() }

// newMessageID returns an ID in the order of time, and within a millisecond in
// that of making: a ULID whose random part is a number of the bucket's. It need
// not be hard to guess, because it grants no access.
func (t *tx) newMessageID(now time.Time) (string, error) {
	n, err := t.bucket(outboxBucket).NextSequence()
	if err != nil {
		return "", fmt.Errorf("number a message: %w", err)
	}
	var id ulid.ULID
	if err := id.SetTime(uint64(max(now.UnixMilli(), 0))); err != nil {
		return "", fmt.Errorf("number a message: %w", err)
	}
	if err := id.SetEntropy(binary.BigEndian.AppendUint64(make([]byte, 2), n)); err != nil {
		return "", fmt.Errorf("number a message: %w", err)
	}
	return id.String(), nil
}

// message returns the message with an ID.
func (t *tx) message(id string) (o booking.OutboxMessage, found bool, err error) {
	value := t.bucket(outboxBucket).Get([]byte(id))
	if value == nil {
		return booking.OutboxMessage{}, false, nil
	}
	o, err = decodeMessage([]byte(id), value)
	return o, err == nil, err
}

// listedMessage returns the message with an ID that an index names.
func (t *tx) listedMessage(id []byte) (booking.OutboxMessage, error) {
	o, found, err := t.message(string(id))
	if err == nil && !found {
		err = missing(outboxBucket, id)
	}
	return o, err
}

// putMessage keeps a message and lists it; was is its state before, nil for a new one.
func (t *tx) putMessage(was *booking.OutboxMessage, o booking.OutboxMessage) error {
	if was != nil {
		if err := t.unlistMessage(*was); err != nil {
			return err
		}
	}
	value, err := json.Marshal(keptMessage{V: messageFormat, OutboxMessage: o})
	if err != nil {
		return fmt.Errorf("encode message %s: %w", o.ID, err)
	}
	if err := t.bucket(outboxBucket).Put([]byte(o.ID), value); err != nil {
		return err
	}
	if err := t.bucket(outboxStatesBucket).Put(stateKey(o.State, o.ID), nil); err != nil {
		return err
	}
	if key := dueKey(o); key != nil {
		return t.bucket(outboxDueBucket).Put(key, nil)
	}
	return nil
}

func (t *tx) unlistMessage(o booking.OutboxMessage) error {
	if key := dueKey(o); key != nil {
		if err := t.bucket(outboxDueBucket).Delete(key); err != nil {
			return err
		}
	}
	return t.bucket(outboxStatesBucket).Delete(stateKey(o.State, o.ID))
}

func stateKey(state booking.MessageState, id string) []byte {
	return append(append([]byte(state), 0), id...)
}

const dueHead = 1 + 8 // bytes of a due key before the message's ID

// dueKey is where a message is listed by its time, the urgent ones before all
// others; nil while nothing is to be done about it.
func dueKey(o booking.OutboxMessage) []byte {
	if !o.State.Open() || o.State == booking.MessageSending {
		return nil
	}
	return append(dueBound(o.Urgent, o.Next), o.ID...)
}

func dueBound(urgent bool, at time.Time) []byte {
	rank := byte(1)
	if urgent {
		rank = 0
	}
	nanoseconds := int64(0)
	if at.After(time.Unix(0, 0)) {
		nanoseconds = at.UnixNano()
	}
	return binary.BigEndian.AppendUint64([]byte{rank}, uint64(nanoseconds))
}

// dueMessages reads what is due from the index, never more than that.
func (t *tx) dueMessages(now time.Time, limit int) ([]booking.OutboxMessage, error) {
	var due []booking.OutboxMessage
	cursor := t.bucket(outboxDueBucket).Cursor()
	for _, urgent := range []bool{true, false} {
		after := dueBound(urgent, now.Add(1))
		for k, _ := cursor.Seek(after[:1]); k != nil && len(due) < limit && bytes.Compare(k, after) < 0; k, _ = cursor.Next() {
			o, err := t.listedMessage(k[dueHead:])
			if err != nil {
				return nil, err
			}
			due = append(due, o)
		}
	}
	return due, nil
}

// idsIn yields the IDs of the messages in a state, newest first. They are valid
// until the file is written to.
func (t *tx) idsIn(state booking.MessageState) iter.Seq[[]byte] {
	prefix := stateKey(state, "")
	return func(yield func([]byte) bool) {
		cursor := t.bucket(outboxStatesBucket).Cursor()
		k, _ := cursor.Seek(append([]byte(state), 1))
		if k == nil {
			k, _ = cursor.Last()
		} else {
			k, _ = cursor.Prev()
		}
		for ; bytes.HasPrefix(k, prefix) && yield(k[len(prefix):]); k, _ = cursor.Prev() {
		}
	}
}

func (t *tx) messagesIn(state booking.MessageState, limit int) ([]booking.OutboxMessage, error) {
	var list []booking.OutboxMessage
	if state != "" {
		for id := range t.idsIn(state) {
			if len(list) >= limit {
				break
			}
			o, err := t.listedMessage(id)
			if err != nil {
				return nil, err
			}
			list = append(list, o)
		}
		return list, nil
	}
	cursor := t.bucket(outboxBucket).Cursor()
	for k, v := cursor.Last(); k != nil && len(list) < limit; k, v = cursor.Prev() {
		o, err := decodeMessage(k, v)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}

// doubtBegun makes the result of every attempt unknown that was begun and not
// finished: the program that made it has ended.
func (t *tx) doubtBegun(now time.Time) error {
	var begun []booking.OutboxMessage
	for id := range t.idsIn(booking.MessageSending) {
		o, err := t.listedMessage(id)
		if err != nil {
			return err
		}
		begun = append(begun, o)
	}
	for _, was := range begun {
		o := finish(was, booking.SendResult{State: booking.MessageUnknown, Next: now, Failed: true, Reason: "cut off by a stop of the program"}, now)
		if err := t.putMessage(&was, o); err != nil {
			return err
		}
	}
	return nil
}

package store

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"maitre/booking"
)

// consistentOutbox checks that every message is listed where it belongs, and
// nothing else is.
func consistentOutbox(t *tx) error {
	want := map[string][]string{}
	err := t.bucket(outboxBucket).ForEach(func(id, value []byte) error {
		o, err := decodeMessage(id, value)
		if err != nil {
			return err
		}
		if o.ID != string(id) {
			return fmt.Errorf("message %s lies under %s", o.ID, id)
		}
		want[string(outboxStatesBucket)] = append(want[string(outboxStatesBucket)], string(o.State)+"\x00"+o.ID+" ")
		if o.State.Open() && o.State != booking.MessageSending {
			want[string(outboxDueBucket)] = append(want[string(outboxDueBucket)], string(dueKey(o))+" ")
		}
		if o.Key != "" {
			want[string(outboxKeysBucket)] = append(want[string(outboxKeysBucket)], o.Key+" "+o.ID)
		}
		for _, sid := range sidsOf(o) {
			want[string(outboxSIDsBucket)] = append(want[string(outboxSIDsBucket)], sid+" "+o.ID)
		}
		return nil
	})
	if err != nil {
		return err
	}
	// The keys of messages that were put aside stay, so that they are not sent again.
	for _, at := range t.keys(quarantineBucket, 0) {
		aside := t.quarantined(at, t.bucket(quarantineBucket).Get(at))
		_ = t.bucket(outboxKeysBucket).ForEach(func(k, id []byte) error {
			if aside.Bucket == string(outboxBucket) && bytes.Equal(id, aside.Key) {
				want[string(outboxKeysBucket)] = append(want[string(outboxKeysBucket)], string(k)+" "+string(id))
			}
			return nil
		})
	}
	for _, name := range [][]byte{outboxStatesBucket, outboxDueBucket, outboxKeysBucket, outboxSIDsBucket} {
		var got []string
		_ = t.bucket(name).ForEach(func(k, v []byte) error { got = append(got, string(k)+" "+string(v)); return nil })
		slices.Sort(got)
		slices.Sort(want[string(name)])
		if !slices.Equal(got, want[string(name)]) {
			return fmt.Errorf("%s lists\n%q\nwant\n%q", name, strings.Join(got, "\n"), strings.Join(want[string(name)], "\n"))
		}
	}
	return nil
}

// OlderFile makes a file as the first maitre made it, without an outbox.
func OlderFile(t *testing.T) string { return older(t) }

package store_test

import (
	"bytes"
	"sync"
	"testing"
)

func TestAKeyIsMadeOnce(t *testing.T) {
	t.Parallel()
	d := setup(t)
	keys := make([][]byte, 8)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() { keys[i], _ = d.file.Key(t.Context(), "links") })
	}
	all.Wait()
	for _, key := range keys {
		if len(key) != 32 || !bytes.Equal(key, keys[0]) {
			t.Fatalf("%x and %x", key, keys[0])
		}
	}
	other, err := d.file.Key(t.Context(), "other")
	if err != nil || bytes.Equal(other, keys[0]) {
		t.Errorf("another name: %x, %v", other, err)
	}
	d.reopen()
	again, err := d.file.Key(t.Context(), "links")
	if err != nil || !bytes.Equal(again, keys[0]) {
		t.Errorf("after a restart: %x, %v, want %x", again, err, keys[0])
	}
}

package bolt

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

// testBucket holds what tests write; it is made by whoever opens the file.
var testBucket = []byte("keys")

func makeTestBucket(t *Tx) error {
	_, err := t.CreateBucket(testBucket)
	return err
}

// open opens a new file with a testBucket.
func open(t *testing.T) *DB {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "test.db"), Options{})
}

// openAt opens a file with a testBucket; when the test ends it is closed, and
// bbolt's own consistency check run on it.
func openAt(t *testing.T, path string, o Options) *DB {
	t.Helper()
	if o.Prepare == nil {
		o.Prepare = makeTestBucket
	}
	db, err := Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		check(t, path)
	})
	return db
}

// check runs bbolt's own consistency check on a closed file.
func check(t *testing.T, path string) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second, ReadOnly: true, PreLoadFreelist: true})
	if err != nil {
		t.Fatalf("check: %v", err)
	}
	defer func() { _ = db.Close() }()
	_ = db.View(func(bt *bbolt.Tx) error {
		for err := range bt.Check() {
			t.Errorf("check: %v", err)
		}
		return nil
	})
}

// put is a write of a key whose value is its name.
func put(key string) func(*Tx) error {
	return func(t *Tx) error { return t.Bucket(testBucket).Put([]byte(key), []byte(key)) }
}

func write(t *testing.T, db *DB, key string) error {
	t.Helper()
	return db.Update(t.Context(), put(key))
}

func keys(t *testing.T, db *DB) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := db.View(t.Context(), func(t *Tx) error {
		return t.Bucket(testBucket).ForEach(func(k, _ []byte) error { found[string(k)] = true; return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func wantKeys(t *testing.T, db *DB, want ...string) {
	t.Helper()
	var got []string
	err := db.View(t.Context(), func(t *Tx) error {
		return t.Bucket(testBucket).ForEach(func(k, _ []byte) error { got = append(got, string(k)); return nil })
	})
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("the file has %v (%v), want %v", got, err, want)
	}
}

// hold keeps the writer busy until the returned function is called, so that what
// is written meanwhile makes one batch.
func hold(db *DB) (release func()) {
	running, wait := make(chan struct{}), make(chan struct{})
	go func() {
		_ = db.Update(context.Background(), func(*Tx) error { close(running); <-wait; return nil })
	}()
	<-running
	return func() { close(wait) }
}

package bolt

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
)

func TestMigration(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	if err := openAt(t, path, Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	added := []byte("added")
	var ran []int
	steps := []Migration{
		func(t *Tx) error {
			ran = append(ran, 1)
			_, err := t.CreateBucket(added)
			return err
		},
		func(t *Tx) error {
			ran = append(ran, 2)
			return errors.Join(t.Bucket(added).Put([]byte("half"), nil), errors.New("the power failed"))
		},
	}
	if _, err := Open(t.Context(), path, Options{Migrations: steps}); err == nil ||
		!strings.Contains(err.Error(), "from schema version 2 to 3: the power failed") || !strings.Contains(err.Error(), path) {
		t.Fatalf("failing step: %v", err)
	}
	steps[1] = func(tx *Tx) error {
		ran = append(ran, 2)
		if b := tx.Bucket(added); b == nil || b.Len() != 0 {
			t.Error("the failing step left something behind, or the one before it did not")
		}
		return nil
	}
	for range 2 { // the second time there is nothing to do
		if err := openAt(t, path, Options{Migrations: steps}).Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(ran) != 3 {
		t.Errorf("steps ran: %v, want 1 2 2", ran)
	}
	_, err := Open(t.Context(), path, Options{Program: "maitre"})
	if !errors.Is(err, ErrNewer) {
		t.Fatalf("a newer file: %v", err)
	}
	for _, want := range []string{"version 3", "up to 1", "the newer maitre", path} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}

func TestNewFileNeedsNoMigration(t *testing.T) {
	t.Parallel()
	openAt(t, filepath.Join(t.TempDir(), "test.db"), Options{Migrations: []Migration{func(*Tx) error { return errors.New("ran") }}})
}

func TestForeignFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(bt *bbolt.Tx) error { _, err := bt.CreateBucket([]byte("grafana")); return err })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, Options{Program: "maitre"}); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "not maitre's") {
		t.Error(err)
	}
}

package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// made returns the path of a closed file with n records in it, over several buckets
// within one, of which some hold buckets themselves.
func made(t *testing.T, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := Open(t.Context(), path, Options{Prepare: makeTestBucket})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if err := db.Update(t.Context(), func(t *Tx) error {
			top, err := t.CreateBucket([]byte("casa"))
			if err != nil {
				return err
			}
			records, err := top.CreateBucket([]byte("records"))
			if err != nil {
				return err
			}
			index, err := top.CreateBucket([]byte("index"))
			if err != nil {
				return err
			}
			days, err := top.CreateBucket([]byte("days"))
			if err != nil {
				return err
			}
			day, err := days.CreateBucket(fmt.Appendf(nil, "day%d", i%3))
			if err != nil {
				return err
			}
			number, err := day.NextSequence()
			if err != nil {
				return err
			}
			id := fmt.Appendf(nil, "%026d", i)
			return errors.Join(
				records.Put(id, fmt.Appendf(nil, `{"v":1,"id":%q,"name":"Ana","text":%q}`, id, strings.Repeat("x", 300))),
				index.Put(fmt.Appendf(nil, "%d-%s", i*7919%1000, id), nil),
				day.Put(binary.BigEndian.AppendUint64(nil, number), []byte("an answer")),
			)
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	check(t, path)
	return path
}

// readAll tries to open a file that may be damaged, and reads all of it if that works.
func readAll(t *testing.T, path string) error {
	t.Helper()
	db, err := Open(t.Context(), path, Options{})
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	n := 0
	err = db.View(t.Context(), func(t *Tx) error {
		return t.ForEachBucket(func(_ []byte, top *Bucket) error { return countKeys(top, &n) })
	})
	if err == nil && n == 0 {
		err = errors.New("an empty file")
	}
	return err
}

func countKeys(b *Bucket, n *int) error {
	return b.ForEach(func(key, value []byte) error {
		if within := b.Bucket(key); within != nil {
			return countKeys(within, n)
		}
		*n++
		return nil
	})
}

func TestDamagedFile(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile(made(t, 300))
	if err != nil {
		t.Fatal(err)
	}
	page := os.Getpagesize()
	cut := func(n int) func([]byte) []byte { return func(b []byte) []byte { return b[:n] } }
	for name, damage := range map[string]func([]byte) []byte{
		"empty":             cut(0),
		"a few bytes":       cut(100),
		"one page":          cut(page),
		"two pages":         cut(2 * page),
		"half":              cut(40 * page),
		"odd length":        cut(20*page + 77),
		"garbage":           func(b []byte) []byte { _, _ = rand.NewChaCha8([32]byte{}).Read(b); return b },
		"text":              func([]byte) []byte { return []byte(strings.Repeat("ID Reserva,Nombre\n", 5000)) },
		"zeros":             func(b []byte) []byte { clear(b); return b },
		"both metas gone":   func(b []byte) []byte { clear(b[:2*page]); return b },
		"both metas flip":   func(b []byte) []byte { b[70]++; b[page+70]++; return b },
		"all but the metas": func(b []byte) []byte { clear(b[2*page:]); return b },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "test.db")
			if err := os.WriteFile(path, damage(append([]byte(nil), whole...)), 0o600); err != nil {
				t.Fatal(err)
			}
			err := readAll(t, path)
			if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "backup") {
				t.Error(err)
			}
			// It is let go of again, so that a backup can be put in its place.
			if err := os.WriteFile(path, whole, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := readAll(t, path); err != nil {
				t.Errorf("restored: %v", err)
			}
		})
	}
}

// One bad meta page is what the other is for.
func TestOneMetaPageIsEnough(t *testing.T) {
	t.Parallel()
	page := os.Getpagesize()
	for _, meta := range []int{0, 1} {
		path := made(t, 20)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		older := int(binary.NativeEndian.Uint64(b[page+64:])) < int(binary.NativeEndian.Uint64(b[64:]))
		b[meta*page+70] ^= 0xff
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := readAll(t, path); err != nil {
			t.Errorf("meta page %d (page 1 older: %v): %v", meta, older, err)
		}
	}
}

// Whatever bits are flipped: no panic, no hang, no endless memory. Headers do
// the most harm, so those are hit.
func TestFlippedBits(t *testing.T) {
	t.Parallel()
	path := made(t, 60)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := os.Getpagesize()
	whole = whole[:(len(bytes.TrimRight(whole, "\x00"))+page-1)/page*page]
	random := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for i := range 400 {
		b := bytes.Clone(whole)
		for range i % 8 { // none the first time
			b[random.IntN(len(b)/page)*page+random.IntN(64)] ^= 1 << random.IntN(8)
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		err := readAll(t, path)
		if i == 0 && err != nil {
			t.Fatal(err)
		}
		if errors.Is(err, ErrDamaged) {
			refused++
		}
	}
	t.Logf("%d of 350 damaged files were refused", refused)
	if refused < 200 {
		t.Errorf("only %d damaged files were refused", refused)
	}
}

// A file that is cut off while it is open gives errors, not a crash.
func TestCutOffWhileOpen(t *testing.T) {
	t.Parallel()
	path := made(t, 300)
	db, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, int64(3*os.Getpagesize())); err != nil {
		t.Fatal(err)
	}
	n := 0
	if err := db.View(t.Context(), func(t *Tx) error { return countKeys(t.Bucket([]byte("casa")), &n) }); !errors.Is(err, ErrDamaged) {
		t.Errorf("read: %v", err)
	}
	if err := db.Update(t.Context(), put("k")); err == nil {
		t.Error("a write to a file that is gone was acknowledged")
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

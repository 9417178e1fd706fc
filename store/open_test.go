package store_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store"
)

// made returns the path of a closed data file with n bookings in it.
func made(t *testing.T, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "maitre.db")
	f, err := store.Open(t.Context(), path, store.Options{Slug: "casa"})
	if err != nil {
		t.Fatal(err)
	}
	newID := store.NewIDs()
	for range n {
		id := newID(time.Now())
		entry := booking.Entry{Booking: store.NewTestBooking(id, "C"+id, booking.NewDate(2030, 1, 1)),
			Answer: &booking.StoredAnswer{Key: "vapi:" + id, Answer: []byte("yes")}}
		if _, err := f.Local().Accept(t.Context(), entry); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	store.CheckFile(t, path)
	return path
}

func TestNewFileIsPrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	store.OpenTest(t, filepath.Join(dir, "maitre.db"), store.Options{})
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Dir(dir): 0o700, filepath.Join(dir, "maitre.db"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v (%v), want %v", path, info.Mode(), err, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.new-*")); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	held := filepath.Join(t.TempDir(), "maitre.db")
	store.OpenTest(t, held, store.Options{})
	cancel()
	if _, err := store.Open(ctx, held, store.Options{Slug: "casa", LockWait: time.Hour}); !errors.Is(err, context.Canceled) {
		t.Errorf("given up while waiting for the lock: %v", err)
	}
	for _, slug := range []string{"", "meta"} {
		if _, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "maitre.db"), store.Options{Slug: slug}); err == nil {
			t.Errorf("slug %q was taken", slug)
		}
	}
	if _, err := store.Open(t.Context(), t.TempDir(), store.Options{Slug: "casa"}); err == nil || errors.Is(err, store.ErrDamaged) {
		t.Errorf("a directory: %v", err)
	}
}

// open tries to open a file that may be damaged, and reads all of it if that works.
func open(t *testing.T, path string) error {
	t.Helper()
	f, err := store.Open(t.Context(), path, store.Options{Slug: "casa"})
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	day, err := f.Local().Day(t.Context(), booking.NewDate(2030, 1, 1))
	if err == nil && len(day.Bookings) == 0 {
		err = errors.New("an empty book")
	}
	return err
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
			path := filepath.Join(t.TempDir(), "maitre.db")
			if err := os.WriteFile(path, damage(append([]byte(nil), whole...)), 0o600); err != nil {
				t.Fatal(err)
			}
			err := open(t, path)
			if !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "backup") {
				t.Error(err)
			}
			// It is let go of again, so that a backup can be put in its place.
			if err := os.WriteFile(path, whole, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := open(t, path); err != nil {
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
		if err := open(t, path); err != nil {
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
		err := open(t, path)
		if i == 0 && err != nil {
			t.Fatal(err)
		}
		if errors.Is(err, store.ErrDamaged) {
			refused++
		}
	}
	if refused < 200 {
		t.Errorf("only %d damaged files were refused", refused)
	}
}

// A file that is cut off while it is open gives errors, not a crash.
func TestCutOffWhileOpen(t *testing.T) {
	t.Parallel()
	path := made(t, 300)
	f, err := store.Open(t.Context(), path, store.Options{Slug: "casa"})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, int64(3*os.Getpagesize())); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Local().Day(t.Context(), booking.NewDate(2030, 1, 1)); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("read: %v", err)
	}
	if err := f.Remember(t.Context(), booking.StoredAnswer{Key: "k"}); !errors.Is(err, booking.ErrNotKept) {
		t.Errorf("write: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

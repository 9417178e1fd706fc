package bolt

import (
	"bytes"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A disk that fills up is reported while writes still go well: each time once in
// the log, and for as long as it is so to whoever asks.
func TestADiskThatFillsUpIsReported(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	synctest.Test(t, func(t *testing.T) {
		var (
			left   atomic.Int64 // MB; below zero, the disk does not say
			log    bytes.Buffer
			warned = func() int { return strings.Count(log.String(), "nearly full") }
		)
		db, err := Open(t.Context(), path, Options{
			Log: slog.New(slog.NewTextHandler(&log, nil)),
			FreeSpace: func(asked string) (uint64, error) {
				if asked != path {
					t.Errorf("asked of %s", asked)
				}
				if mb := left.Load(); mb >= 0 {
					return uint64(mb) << 20, nil
				}
				return 0, errors.New("no such call")
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		want := func(mb int64, low bool, warnings int) {
			t.Helper()
			left.Store(mb)
			time.Sleep(time.Minute)
			if err := db.Probe(t.Context()); err != nil {
				t.Fatal(err)
			}
			if free, is := db.DiskSpace(); is != low || mb >= 0 && free>>20 != uint64(mb) || warned() != warnings {
				t.Errorf("with %d MB: %d, low %v, warned %d times; want low %v, %d times", mb, free>>20, is, warned(), low, warnings)
			}
		}
		want(-1, false, 0)
		want(1000, false, 0)
		want(64, false, 0)
		want(63, true, 1)
		want(12, true, 1)
		want(-1, true, 1) // what was last known
		want(500, false, 1)
		want(3, true, 2)
		if !strings.Contains(log.String(), "has room again") {
			t.Error("that there is disk space again is not logged")
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
}

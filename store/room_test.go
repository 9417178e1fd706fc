package store_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"maitre/store"
)

// A disk that fills up is told of while writes still go well: each time once in
// the log, and for as long as it is so to whoever asks.
func TestADiskThatFillsUpIsToldOf(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	synctest.Test(t, func(t *testing.T) {
		var (
			left   atomic.Int64 // MB; below zero, the disk does not say
			log    bytes.Buffer
			warned = func() int { return strings.Count(log.String(), "nearly full") }
		)
		f, err := store.Open(t.Context(), path, store.Options{
			Slug: "casa", Log: slog.New(slog.NewTextHandler(&log, nil)),
			Free: func(asked string) (uint64, error) {
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
			if err := f.Probe(t.Context()); err != nil {
				t.Fatal(err)
			}
			if free, is := f.Room(); is != low || mb >= 0 && free>>20 != uint64(mb) || warned() != warnings {
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
			t.Error("that there is room again is not told")
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
}

// Nobody need ask: it is looked at when the desk opens, and every hour.
func TestTheDiskIsLookedAtUnasked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	synctest.Test(t, func(t *testing.T) {
		var looked atomic.Int64
		f, err := store.Open(t.Context(), path, store.Options{
			Slug: "casa", Free: func(string) (uint64, error) { looked.Add(1); return 1, nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		wait := f.KeepForgetting(ctx, time.UTC, 365)
		time.Sleep(3*time.Hour + time.Minute)
		if _, low := f.Room(); !low || looked.Load() != 4 {
			t.Errorf("looked at %d times in three hours, low %v", looked.Load(), low)
		}
		cancel()
		wait()
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
}

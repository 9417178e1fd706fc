//go:build crashpoints

package main

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// crashPoints: MAITRE_DIE_AT can be used.
const crashPoints = true

// dieAt returns what, as [store.Options].At, kills the program when it reaches a named
// point for the n-th time ("journal.after_sync:3"), for tests of what is left
// behind; nil for none.
func dieAt(where string) func(point string) {
	if where == "" {
		return nil
	}
	point, times, _ := strings.Cut(where, ":")
	left := atomic.Int64{}
	left.Store(1)
	if n, err := strconv.Atoi(times); err == nil {
		left.Store(int64(n))
	}
	return func(at string) {
		if at == point && left.Add(-1) == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL) // nothing runs after it
		}
	}
}

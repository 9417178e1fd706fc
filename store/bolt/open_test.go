package bolt

import (
	"bufio"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestNewFileIsPrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	openAt(t, filepath.Join(dir, "test.db"), Options{})
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Dir(dir): 0o700, filepath.Join(dir, "test.db"): 0o600} {
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
	held := filepath.Join(t.TempDir(), "test.db")
	openAt(t, held, Options{})
	cancel()
	if _, err := Open(ctx, held, Options{LockWait: time.Hour}); !errors.Is(err, context.Canceled) {
		t.Errorf("given up while waiting for the lock: %v", err)
	}
	if _, err := Open(t.Context(), t.TempDir(), Options{}); err == nil || errors.Is(err, ErrDamaged) {
		t.Errorf("a directory: %v", err)
	}
}

func TestAFileThatMustBeThere(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	path := filepath.Join(dir, "test.db")
	if _, err := Open(t.Context(), path, Options{Existing: true}); !errors.Is(err, ErrMissing) {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Error("its directory was made:", err)
	}
	for _, made := range []bool{true, false} {
		db, err := Open(t.Context(), path, Options{Existing: !made})
		if err != nil {
			t.Fatal(err)
		}
		if db.Made() != made {
			t.Errorf("made: %v, want %v", db.Made(), made)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Of two processes that start together one makes the file.
func TestAFileIsMadeOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "test.db")
	for _, want := range []bool{true, false} {
		if made, err := makeFile(path, time.Now(), firstSchema); made != want || err != nil {
			t.Errorf("made: %v, %v; want %v", made, err, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

// What Prepare did is there when Open returns; when it fails, nothing of it is, and
// the file is let go of. A panic in it is damage.
func TestPrepare(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	reason := errors.New("another's file")
	for want, end := range map[error]func() error{
		reason:     func() error { return reason },
		ErrDamaged: func() error { panic("no such bucket") },
	} {
		_, err := Open(t.Context(), path, Options{Prepare: func(t *Tx) error { return errors.Join(makeTestBucket(t), end()) }})
		if !errors.Is(err, want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	db := openAt(t, path, Options{Prepare: func(tx *Tx) error {
		if tx.Bucket(testBucket) != nil {
			t.Error("what failed left something behind")
		}
		return errors.Join(makeTestBucket(tx), put("a")(tx))
	}})
	wantKeys(t, db, "a")
}

// Whatever a killed process had acknowledged is there.
func TestKilledWriterLosesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	acknowledged := map[string]bool{}
	for round := range 3 {
		runUntilKilled(t, path, 150+37*round, acknowledged)
	}
	if len(acknowledged) < 400 {
		t.Fatalf("only %d writes were acknowledged", len(acknowledged))
	}
	found := keys(t, openAt(t, path, Options{}))
	for key := range acknowledged {
		if !found[key] {
			t.Errorf("acknowledged, and not there: %s", key)
		}
	}
}

func TestFileInUse(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	cmd := child(t, "hold", path)
	in, _ := cmd.StdinPipe()
	out, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatal(line, err)
	}
	_, err := Open(t.Context(), path, Options{LockWait: time.Millisecond})
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), path) {
		t.Errorf("held by another process: %v", err)
	}
	_ = in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}

	openAt(t, path, Options{})
	if _, err := Open(t.Context(), path, Options{LockWait: time.Millisecond}); !errors.Is(err, ErrInUse) {
		t.Errorf("held by this process: %v", err)
	}
}

// A process that waits for the lock gets the file when the other lets go of it.
func TestOpenWaitsForTheLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	first := openAt(t, path, Options{})
	opened := make(chan error)
	go func() {
		second, err := Open(t.Context(), path, Options{LockWait: time.Minute})
		if err == nil {
			err = second.Close()
		}
		opened <- err
	}()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-opened; err != nil {
		t.Fatal(err)
	}
}

// A file that may not be written is refused at once; as root everything may be
// written, so another user tries.
func TestReadOnlyFile(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "bolt-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "test.db")
	if err := openAt(t, path, Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chmod(path, 0o444), os.Chmod(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	var said string
	if os.Getuid() != 0 {
		_, err := Open(t.Context(), path, Options{Program: "maitre"})
		said = err.Error()
	} else {
		cmd := child(t, "open", path)
		cmd.Path = copyOfTest(t, dir)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("run as another user: %v", err)
		}
		said = string(out)
	}
	for _, want := range []string{path, "permission denied", "maitre must be able to read and write it"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q does not say %q", said, want)
		}
	}
}

// copyOfTest puts this test binary where any user may run it.
func copyOfTest(t *testing.T, dir string) string {
	t.Helper()
	binary, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "bolt.test")
	if err := os.WriteFile(path, binary, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

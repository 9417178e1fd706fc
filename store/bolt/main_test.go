package bolt

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

// TestMain lets the test binary start itself again as another process: see child.
func TestMain(m *testing.M) {
	if part := os.Getenv("BOLT_TEST_PART"); part != "" {
		if err := play(context.Background(), part, os.Getenv("BOLT_TEST_PATH")); err != nil {
			fmt.Fprintln(os.Stderr, part+":", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// child prepares this test binary to run once more, as another process that does
// something with a file.
func child(t *testing.T, part, path string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "BOLT_TEST_PART="+part, "BOLT_TEST_PATH="+path)
	cmd.Stderr = t.Output()
	return cmd
}

func play(ctx context.Context, part, path string) error {
	db, err := Open(ctx, path, Options{Program: "maitre", Prepare: makeTestBucket})
	if part == "open" { // and print what became of it
		if err != nil {
			fmt.Println(err)
			return nil
		}
		fmt.Println("opened")
		return db.Close()
	}
	if err != nil {
		return err
	}
	if part == "hold" { // say so, and keep the file until the input ends
		fmt.Println("held")
		_, _ = io.Copy(io.Discard, os.Stdin)
		return db.Close()
	}
	// Write from many callers until killed, and print each key that is acknowledged.
	var all sync.WaitGroup
	for caller := range 16 {
		all.Go(func() {
			for n := 0; ; n++ {
				key := fmt.Sprintf("%d-%02d-%06d", os.Getpid(), caller, n)
				if err := db.Update(ctx, put(key)); err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
				fmt.Println(key) // one write(2): never half a line
			}
		})
	}
	all.Wait()
	return nil
}

// runUntilKilled has a child write, kills it after a number of acknowledged keys,
// and notes them.
func runUntilKilled(t *testing.T, path string, after int, acknowledged map[string]bool) {
	t.Helper()
	cmd := child(t, "write", path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		acknowledged[lines.Text()] = true
		if n == after {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // it was killed
}

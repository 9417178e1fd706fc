package store_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain lets the test binary start itself again in another part: see child.
func TestMain(m *testing.M) {
	if part := os.Getenv("MAITRE_STORE_TEST_PART"); part != "" {
		os.Exit(play(part, os.Getenv("MAITRE_STORE_TEST_PATH")))
	}
	goleak.VerifyTestMain(m)
}

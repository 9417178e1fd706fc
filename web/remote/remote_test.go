package remote_test

import (
	"errors"
	"net"
	"strings"
	"testing"

	"maitre/web/remote"
)

func TestNoDeskIsOpen(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	staff, err := remote.New(address, "token")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := staff.Journal(t.Context()); !errors.Is(err, remote.ErrNotOpen) {
		t.Errorf("%v", err)
	}
	if _, err := remote.New("127.0.0.1:8000", ""); err == nil || !strings.Contains(err.Error(), "ADMIN_TOKEN") {
		t.Errorf("without a token: %v", err)
	}
}

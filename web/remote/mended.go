package remote

import (
	"context"
	"fmt"
	"io"
	"time"
)

// GoOn has the desk that is open at an address, if there is one, attempt again
// what waited for something to be mended, and prints how much that was. It waits
// a second first: what waits goes at the pace that Airtable allows, as soon as
// what was asked just before does not count any more.
func GoOn(ctx context.Context, address, token string, out io.Writer) {
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
	}
	staff, err := New(address, token)
	if err != nil {
		return
	}
	if n, err := staff.Retry(ctx, "mended"); err == nil && n > 0 {
		_, _ = fmt.Fprintf(out, "ok: bookings that waited for this and go on now: %d\n", n)
	}
}

package store_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"maitre/booking"
	"maitre/store"
)

// Whatever happens to messages, in whatever order: the file has of each what was
// last returned of it, what arrived stays so, and no key is kept twice.
func TestOutboxAgainstModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "outbox")
		if err != nil {
			r.Fatal(err)
		}
		path := filepath.Join(dir, "maitre.db")
		clock := &clock{at: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
		open := func() *store.File {
			f, err := store.Open(t.Context(), path, store.Options{Slug: "casa", Now: clock.now})
			if err != nil {
				r.Fatal(err)
			}
			return f
		}
		f := open()
		defer func() {
			_ = f.Close()
			store.CheckFile(t, path)
		}()
		var (
			ctx   = t.Context()
			m     = map[string]booking.OutboxMessage{} // by ID, as last seen
			keys  = map[string]bool{}
			names = []string{}
			ok    = func(err error) {
				if err != nil {
					r.Fatal(err)
				}
			}
			some = func(r *rapid.T, states ...booking.MessageState) booking.OutboxMessage {
				var ids []string
				for id, o := range m {
					if slices.Contains(states, o.State) {
						ids = append(ids, id)
					}
				}
				if len(ids) == 0 {
					r.Skip()
				}
				slices.Sort(ids)
				return m[rapid.SampledFrom(ids).Draw(r, "message")]
			}
			seen = func(o booking.OutboxMessage) {
				was, is := m[o.ID].State, o.State
				if arrived := was == booking.MessageDelivered || was == booking.MessageRead; arrived && is != booking.MessageDelivered && is != booking.MessageRead {
					r.Fatalf("%s had arrived, and now it is %s", o.ID, is)
				}
				m[o.ID] = o
			}
		)
		r.Repeat(map[string]func(*rapid.T){
			"": func(r *rapid.T) {
				want := map[booking.MessageState]int{}
				for id, o := range m {
					want[o.State]++
					got, err := f.Outbox().Get(ctx, id)
					if diff := gocmp.Diff(o, got); diff != "" || err != nil {
						r.Fatal(diff, err)
					}
				}
				counts, err := f.Outbox().Counts(ctx)
				if diff := gocmp.Diff(want, counts); diff != "" || err != nil {
					r.Fatal(diff, err)
				}
				due, err := f.Outbox().Due(ctx, clock.now(), 1000)
				ok(err)
				for _, o := range due {
					if o.Next.After(clock.now()) || !o.State.Open() || o.State == booking.MessageSending {
						r.Fatalf("not due: %+v", o)
					}
				}
			},
			"put": func(r *rapid.T) {
				one := message(rapid.SampledFrom([]string{"", "a", "b", "c", "d"}).Draw(r, "key"))
				one.NotBefore = clock.now().Add(time.Duration(rapid.IntRange(-1, 2).Draw(r, "hours")) * time.Hour)
				want := 1
				if keys[one.Key] {
					want = 0
				}
				n, err := f.Outbox().Put(ctx, one)
				if err != nil || n != want {
					r.Fatalf("kept %d, %v; want %d", n, err, want)
				}
				if n == 0 {
					return
				}
				keys[one.Key] = one.Key != ""
				list, err := f.Outbox().List(ctx, "", 1)
				ok(err)
				m[list[0].ID] = list[0]
			},
			"begin": func(r *rapid.T) {
				o := some(r, booking.MessageWaiting, booking.MessageUnknown, booking.MessageBounced)
				begun, began, err := f.Outbox().Begin(ctx, o, rapid.SampledFrom([]booking.Way{booking.ByText, booking.BySMS}).Draw(r, "way"), clock.now())
				if err != nil || !began {
					r.Fatal(began, err)
				}
				seen(begun)
			},
			"finish": func(r *rapid.T) {
				o := some(r, booking.MessageSending, booking.MessageWaiting, booking.MessageUnknown, booking.MessageBounced)
				states := []booking.MessageState{o.State, booking.MessageFailed}
				if o.State == booking.MessageSending {
					states = []booking.MessageState{booking.MessageWaiting, booking.MessageUnknown, booking.MessageSent, booking.MessageBounced, booking.MessageFailed}
				}
				out := booking.SendResult{State: rapid.SampledFrom(states).Draw(r, "state"), Next: clock.now().Add(time.Minute), Failed: rapid.Bool().Draw(r, "failed")}
				if out.State == booking.MessageSent {
					out.SID = fmt.Sprint("SM", len(names))
					names = append(names, out.SID)
				}
				latest, err := f.Outbox().Finish(ctx, o, out, clock.now())
				ok(err)
				seen(latest)
			},
			"receipt": func(r *rapid.T) {
				// Also of names that are about to be given.
				receipt := booking.Receipt{SID: fmt.Sprint("SM", rapid.IntRange(0, len(names)+1).Draw(r, "sid")),
					Status: rapid.SampledFrom([]string{"queued", "sent", "delivered", "read", "undelivered", "failed", "odd"}).Draw(r, "status")}
				latest, changed, err := f.Outbox().Delivered(ctx, receipt)
				ok(err)
				if changed {
					seen(latest)
				}
			},
			"wait": func(*rapid.T) { clock.set(clock.now().Add(30 * time.Minute)) },
			"reopen": func(r *rapid.T) {
				ok(f.Close())
				f = open()
				for _, id := range slices.Sorted(maps.Keys(m)) {
					if m[id].State != booking.MessageSending {
						continue
					}
					o, err := f.Outbox().Get(ctx, id)
					if err != nil || o.State != booking.MessageUnknown {
						r.Fatal(o, err)
					}
					m[id] = o
				}
			},
		})
	})
}

package premises

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
	"maitre/web"
)

// guards look whether what is kept is as it must be, and tell the staff where it is not.
type guards struct {
	overlaps   *retry.Overlaps
	quarantine *retry.Quarantine
}

// lasting is for how many looks of the worker's two parties must share a table
// before the staff are told.
const lasting = 4

func (g ground) guards(back *backRoom, post *postRoom) guards {
	staff := g.StaffPhones
	if !post.sends() {
		staff = nil
	}
	words := retry.Spoken{Words: post.words, Link: post.link}
	mirror := g.file.Mirror()
	found := guards{
		overlaps: retry.NewOverlaps(retry.OverlapsConfig{
			Changed: g.Changed, Ledger: back.ledger, Booked: mirror.Dates, Notebook: mirror, Outbox: post.outbox, Word: words.Overlap, Staff: staff, Watch: g.Watch,
			Today: func() booking.Date {
				today, _ := booking.ServiceDay(g.Watch.Now(), g.House.Restaurant.Location)
				return today
			},
			Lasting: lasting * g.RetryTick, Told: post.wake, Log: g.Log,
		}),
		quarantine: retry.NewQuarantine(retry.QuarantineConfig{
			Check: g.file.CheckValues, Values: g.file.Quarantined, Outbox: post.outbox, Notebook: mirror, Word: words.Unreadable, Staff: staff, Watch: g.Watch, Told: post.wake, Log: g.Log,
		}),
	}
	found.overlaps.Show(g.registry)
	retry.ShowQuarantine(g.registry, g.file.Quarantined)
	return found
}

// ready tells what was found; the desk works with it.
func (f guards) ready(ctx context.Context, file *store.File) []web.Check {
	shared := web.Check{Name: "overlaps", OK: true, Optional: true}
	if n, dates := f.overlaps.Found(); n > 0 {
		days := make([]string, len(dates))
		for i, date := range dates {
			days[i] = date.String()
		}
		shared.OK, shared.Detail = false, fmt.Sprintf("%d times two bookings are on one table at the same time, on %s: the staff's page of the day marks them", n, strings.Join(days, ", "))
	}
	data := web.Check{Name: "data", OK: true, Optional: true}
	all, err := file.Quarantined(ctx, retry.MaxQuarantined)
	missed := map[string]int{}
	for _, q := range all {
		if q.Missed() {
			missed[q.Bucket]++
		}
	}
	switch {
	case err != nil:
		data.OK, data.Detail = false, "cannot be read"
	case len(missed) > 0:
		n, of := 0, make([]string, 0, len(missed))
		for _, bucket := range slices.Sorted(maps.Keys(missed)) {
			n += missed[bucket]
			of = append(of, fmt.Sprintf("%d of %s", missed[bucket], bucket))
		}
		data.OK, data.Detail = false, fmt.Sprintf("%d values of the data file could not be read and were put aside whole (%s); the staff's page «Pendientes» says what to do", n, strings.Join(of, ", "))
	}
	return []web.Check{shared, data}
}

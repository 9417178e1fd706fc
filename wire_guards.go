package main

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

// guards check that what is kept is as it must be, and tell the staff where it is not.
type guards struct {
	overlaps   *retry.Overlaps
	quarantine *retry.Quarantine
}

// lasting is for how many looks of the worker's two parties must share a table
// before the staff are told.
const lasting = 4

func (w wiring) guards(record *systemOfRecord, messages *messaging) guards {
	staff := w.cfg.StaffPhones
	if !messages.sends() {
		staff = nil
	}
	words := retry.Texts{Words: messages.words, Link: messages.link}
	mirror := w.file.Mirror()
	found := guards{
		overlaps: retry.NewOverlaps(retry.OverlapsConfig{
			Changed: w.changed, Ledger: record.ledger, Booked: mirror.Dates, Notebook: mirror, Outbox: messages.outbox, Word: words.Overlap, Staff: staff, Clock: w.clock,
			Today: func() booking.Date {
				today, _ := booking.ServiceDay(w.clock.Now(), w.restaurant.Location)
				return today
			},
			Lasting: lasting * w.cfg.RetryTick, OnQueued: w.messageDue.Send, Log: w.log,
		}),
		quarantine: retry.NewQuarantine(retry.QuarantineConfig{
			Check: w.file.CheckValues, Values: w.file.Quarantined, Outbox: messages.outbox, Notebook: mirror, Word: words.Unreadable, Staff: staff, Clock: w.clock, OnQueued: w.messageDue.Send, Log: w.log,
		}),
	}
	found.overlaps.Show(w.registry)
	retry.ShowQuarantine(w.registry, w.file.Quarantined)
	return found
}

// ready returns what was found; the desk works all the same.
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

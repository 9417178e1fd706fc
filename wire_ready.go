package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"maitre/retry"
	"maitre/store"
	"maitre/store/airtable/ledger"
	"maitre/web"
)

// fileReady reports on the data file, its disk and the machine's clock.
func fileReady(ctx context.Context, file *store.File) []web.Check {
	check := web.Check{Name: "data_file", OK: true}
	if err := file.Probe(ctx); err != nil {
		check.OK, check.Detail = false, "cannot be written; nothing can be booked"
	}
	disk := web.Check{Name: "disk", OK: true, Optional: true}
	if free, low := file.DiskSpace(); low {
		disk.OK, disk.Detail = false, fmt.Sprintf("%d MB are left where the data file lies; make room: once it is full nothing can be booked", free>>20)
	}
	clock := web.Check{Name: "clock", OK: true, Optional: true}
	if shown, believed, doubt := file.ClockDoubt(); doubt {
		clock.OK, clock.Detail = false, fmt.Sprintf("the machine's clock shows %s, and the last time known is %s; set it right if it is wrong: nothing is deleted until the desk has run by it for a week",
			shown.Format(time.RFC3339), believed.Format(time.RFC3339))
	}
	return []web.Check{check, disk, clock}
}

// airtableReady reports on the worker, Airtable and the journal. The last two do not
// make the desk unready: it works without them.
func (w wiring) airtableReady(ctx context.Context, worker *retry.Worker, breaker *retry.Breaker, staffLedger *ledger.Ledger) []web.Check {
	record := web.Check{Name: "system_of_record", OK: breaker.State() == retry.Closed, Optional: true, Detail: "Airtable"}
	if !record.OK {
		record.Detail = "Airtable does not answer; bookings are taken and wait"
	} else if why := staffLedger.Problem(); why != "" {
		record.OK, record.Detail = false, why
	} else if staffLedger.Unmarked() != "" {
		record.Detail = "Airtable; its tables cannot be written to, so that a second desk would not be noticed"
	}
	waits := web.Check{Name: "journal", OK: true, Optional: true}
	depth, err := w.file.Journal().Depth(ctx)
	switch {
	case err != nil:
		waits.OK, waits.Detail = false, "cannot be read"
	case depth.Pending+depth.Parked > 0:
		waits.OK = depth.Parked == 0
		waits.Detail = fmt.Sprintf("%d pending, %d need a person", depth.Pending, depth.Parked)
		if !depth.Oldest.IsZero() {
			waits.Detail += fmt.Sprintf("; the oldest has waited %s", max(0, w.clock.Now().Sub(depth.Oldest)).Round(time.Second))
		}
	}
	return []web.Check{{Name: "worker", OK: worker.Alive()}, record, waits}
}

// noteBreaker returns what puts into the metrics and the log that a dependency ceases
// to answer, or answers again.
func noteBreaker(metrics *retry.Metrics, dependency string, log *slog.Logger) func(retry.State) {
	gauge := metrics.BreakerChanged(dependency)
	return func(s retry.State) {
		gauge(s)
		switch s {
		case retry.Open:
			log.Warn("does not answer; nobody waits for it", "dependency", dependency)
		case retry.Closed:
			log.Info("answers again", "dependency", dependency)
		case retry.HalfOpen:
		}
	}
}

package main

import (
	"context"

	"maitre/booking"
	"maitre/retry"
	"maitre/web"
	"maitre/webhook"
)

// systemOfRecord is where the bookings are kept, with its workers.
type systemOfRecord struct {
	takes   func() bool // whether it takes bookings now; nil: always
	ledger  booking.Ledger
	journal booking.Journal
	answers booking.Answers // may be nil
	waiting web.Journal     // may be nil
	ping    webhook.Next    // Airtable's notifications; nil: there are none
	secret  func() []byte   // of those
	known   func() any      // what the base was found to be; nil: there is none
	ready   func(context.Context) []web.Check
	workers []func(context.Context)
	closers []func()
}

// record binds the data file to the configured system of record, and builds that.
func (w wiring) record(ctx context.Context, messages *messaging, metrics *retry.Metrics) (*systemOfRecord, error) {
	mirror := w.file.Mirror()
	if err := w.bind(ctx, mirror); err != nil {
		return nil, err
	}
	if w.cfg.LocalMode() {
		return w.localRecord(), nil
	}
	return w.airtableRecord(ctx, mirror, messages, metrics)
}

// localRecord keeps the bookings in the data file: nothing waits, and there are no workers.
func (w wiring) localRecord() *systemOfRecord {
	local := w.file.Local()
	return &systemOfRecord{
		ledger: local, journal: local,
		ready: func(context.Context) []web.Check {
			return []web.Check{{Name: "system_of_record", OK: true, Detail: "the data file on this machine"}}
		},
	}
}

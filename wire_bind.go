package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"maitre/booking"
	"maitre/store"
	"maitre/store/airtable/setup"
)

// The data file is bound to the system of record that is configured. That it is
// another than before is for the owner to decide, as soon as bookings depend on it.

// recordLocal names the data file as the system of record, for those who agree to it.
const recordLocal = "local"

// RecordName names the configured system of record: a base's ID, or "local".
func (c Config) RecordName() string {
	if c.LocalMode() {
		return recordLocal
	}
	return c.AirtableBaseID
}

// recordTitle returns what a system of record is called.
func recordTitle(record string) string {
	if record == "" {
		return "the data file itself"
	}
	return "the Airtable base " + record
}

// bind binds the data file to the configured system of record. Where that is another
// than before it must be reached first, and bookings must not depend on it, unless
// the change was agreed to. Until then nothing is touched. A data file that was never
// used needs nobody to answer: nothing is at stake, and the desk is to open in an outage too.
func (w wiring) bind(ctx context.Context, mirror *store.Mirror) error {
	change, err := w.rebinding(ctx, mirror, w.file.Made())
	if _, silent := errors.AsType[*setup.UnansweredError](err); silent && change.Unused {
		w.log.Warn("the system of record does not answer, and was never worked with: the desk opens all the same, for its data file holds nothing that a wrong one could harm; see that it is the right one when it answers",
			"record", recordTitle(change.To), "error", err)
		err = nil
	}
	if err != nil {
		return err
	}
	if change.Differs() && w.cfg.Adopt != w.cfg.RecordName() {
		return configError(w.cfg.refusal(change))
	}
	done, err := mirror.Bind(ctx, w.cfg.AirtableBaseID, w.clock.Now())
	if err != nil || !done.Changed {
		return err
	}
	w.log.Info("the system of record is another from now on", "from", recordTitle(done.From), "to", recordTitle(done.To),
		"to_be_written", done.Queued, "set_aside", done.Removed)
	for _, m := range done.Bookings {
		w.log.Info("agreed to", "booking", m.Booking.ID, "date", m.Booking.Date.String(), "time", m.Booking.Time.String(), "what", whatOf(m))
	}
	return nil
}

// rebinding works out what a change of the system of record comes to, where there is
// one, having reached the new one.
func (p program) rebinding(ctx context.Context, mirror *store.Mirror, made bool) (store.Rebound, error) {
	change, err := mirror.Rebinding(ctx, p.cfg.AirtableBaseID, p.clock.Now())
	if err != nil || !change.Changed || p.cfg.LocalMode() {
		return change, err
	}
	s, done, err := p.setup(nil)
	if err != nil {
		return change, err
	}
	defer done()
	base, err := s.Reach(ctx)
	if ctx.Err() != nil {
		return change, context.Cause(ctx)
	}
	if err != nil {
		return change, configError(fmt.Errorf("%s cannot become the system of record in place of %s, and nothing was changed: %w",
			recordTitle(change.To), recordTitle(change.From), err))
	}
	if !made {
		return change, nil
	}
	if has, err := base.HasOurs(ctx); err == nil && has {
		p.log.Warn("a new data file was made, and yet the base has bookings ahead that maitre wrote: if they had another data file (a volume that is not mounted, another DATA_DIR), stop this desk and bring that one back; what waited in it is in no other place",
			"base", p.cfg.AirtableBaseID)
	}
	return change, nil
}

// refusal says, in one sentence, what a change would do, and how to agree to it.
func (c Config) refusal(change store.Rebound) error {
	instead := "set AIRTABLE_BASE_ID to " + change.From + " again"
	switch {
	case change.To == "":
		instead = "set AIRTABLE_API_KEY and AIRTABLE_BASE_ID again, which are not set"
	case change.From == "":
		instead = "unset AIRTABLE_API_KEY and AIRTABLE_BASE_ID"
	}
	return fmt.Errorf("the system of record would no longer be %s but %s: %s; if that is meant, agree with maitre adopt, which shows each (or set ADOPT=%s for one start), else %s",
		recordTitle(change.From), recordTitle(change.To), strings.Join(totals(change), ", "), c.RecordName(), instead)
}

// becomes says what becomes of bookings, for whoever is asked to agree.
var becomes = []struct {
	kind store.MoveKind
	what string
}{
	{store.MoveAdded, "is written there as a new row"},
	{store.MoveAltered, "was changed here, and that change goes to its row"},
	{store.MoveKept, "stays in the data file only"},
	{store.MoveSetAside, "is a row of the old base only, and is set aside with it"},
	{store.MoveFound, "was set aside, and is back"},
}

// totals counts the bookings by what becomes of them.
func totals(change store.Rebound) (all []string) {
	for _, one := range becomes {
		switch n := change.Count(one.kind); n {
		case 0:
		case 1:
			all = append(all, "1 booking "+one.what)
		default:
			all = append(all, fmt.Sprintf("%d bookings, of which each %s", n, one.what))
		}
	}
	return all
}

// whatOf returns what becomes of one booking.
func whatOf(m store.Move) string {
	if m.Kind == store.MoveAltered && m.Booking.Status == booking.Cancelled {
		return "was cancelled here, and that goes to its row"
	}
	for _, one := range becomes {
		if one.kind == m.Kind {
			return one.what
		}
	}
	return ""
}

package premises

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"maitre/booking"
	"maitre/store"
	"maitre/store/airtable/setup"
)

// Here the data file is bound to the system of record that is configured. That it is
// another than before is a decision of the owner's, as soon as bookings depend on it.

// recordLocal names the data file as the system of record, for those who agree to it.
const recordLocal = "local"

// RecordName names the configured system of record: a base's ID, or "local".
func (c Config) RecordName() string {
	if c.local() {
		return recordLocal
	}
	return c.Airtable.BaseID
}

// recordTitle is what a system of record is called.
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
func (g ground) bind(ctx context.Context, mirror *store.Mirror) error {
	change, err := g.rebinding(ctx, mirror, g.file.Made())
	if _, silent := errors.AsType[*setup.UnansweredError](err); silent && change.Unused {
		g.Log.Warn("the system of record does not answer, and was never worked with: the desk opens all the same, for its data file holds nothing that a wrong one could harm; see that it is the right one when it answers",
			"record", recordTitle(change.To), "error", err)
		err = nil
	}
	if err != nil {
		return err
	}
	if change.Differs() && g.Adopt != g.RecordName() {
		return &Mistake{g.refusal(change)}
	}
	done, err := mirror.Bind(ctx, g.Airtable.BaseID, g.Watch.Now())
	if err != nil || !done.Changed {
		return err
	}
	g.Log.Info("the system of record is another from now on", "from", recordTitle(done.From), "to", recordTitle(done.To),
		"to_be_written", done.Queued, "set_aside", done.Removed)
	for _, m := range done.Bookings {
		g.Log.Info("agreed to", "booking", m.Booking.ID, "date", m.Booking.Date.String(), "time", m.Booking.Time.String(), "what", whatOf(m))
	}
	return nil
}

// rebinding works out what a change of the system of record comes to, where there is
// one, having reached the new one.
func (c Config) rebinding(ctx context.Context, mirror *store.Mirror, made bool) (store.Rebound, error) {
	change, err := mirror.Rebinding(ctx, c.Airtable.BaseID, c.Watch.Now())
	if err != nil || !change.Changed || c.local() {
		return change, err
	}
	s, done, err := c.setup(nil)
	if err != nil {
		return change, err
	}
	defer done()
	base, err := s.Reach(ctx)
	if ctx.Err() != nil {
		return change, context.Cause(ctx)
	}
	if err != nil {
		return change, &Mistake{fmt.Errorf("%s cannot become the system of record in place of %s, and nothing was changed: %w",
			recordTitle(change.To), recordTitle(change.From), err)}
	}
	if !made {
		return change, nil
	}
	if has, err := base.HasOurs(ctx); err == nil && has {
		c.Log.Warn("a new data file was made, and yet the base has bookings ahead that maitre wrote: if they had another data file (a volume that is not mounted, another DATA_DIR), stop this desk and bring that one back; what waited in it is in no other place",
			"base", c.Airtable.BaseID)
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

// becomes says what becomes of bookings, in the words of who is asked to agree.
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

// whatOf says what becomes of one booking.
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

// Adopt makes the configured system of record the data file's, where that is another
// than before, having reached it, shown what becomes of each booking, and asked. What
// is to be written then waits for the next start. It reports false where the answer was no.
//
// Errors: a [Mistake] in what was configured; ask's; what the data file cannot do.
func Adopt(ctx context.Context, file *store.File, c Config, out io.Writer, ask func(context.Context) (bool, error)) (agreed bool, err error) {
	mirror := file.Mirror()
	change, err := c.rebinding(ctx, mirror, false)
	if err != nil {
		return false, err
	}
	p := &lines{out: out}
	if !change.Changed {
		p.say("The system of record is %s, as it was.", recordTitle(change.To))
		return p.err == nil, p.err
	}
	p.say("The system of record was %s. From now on it is %s.", recordTitle(change.From), recordTitle(change.To))
	for _, m := range change.Bookings {
		b := m.Booking
		p.say("  %-4s  %s  %s  ×%d  %s  %s", b.Code, b.Date, b.Time, b.Party, b.Name, whatOf(m))
	}
	for _, total := range totals(change) {
		p.say("%s.", total)
	}
	if len(change.Bookings) == 0 {
		p.say("No booking ahead depends on it.")
	}
	if !change.Differs() {
		p.say("Nobody need agree to that: it is so from the next start on.")
		return p.err == nil, p.err
	}
	if change.To != "" {
		p.say("A row that the staff changed meanwhile stands as they have it: what was changed here too waits for a person then.")
	}
	if p.err != nil {
		return false, p.err // nobody saw what they would agree to
	}
	if agreed, err = ask(ctx); err != nil {
		return false, err
	} else if !agreed {
		p.say("Nothing was changed.")
		return false, p.err
	}
	done, err := mirror.Bind(ctx, c.Airtable.BaseID, c.Watch.Now())
	if err != nil {
		return false, err
	}
	p.say("Done: the system of record is %s.", recordTitle(done.To))
	if done.Queued > 0 {
		p.say("%d to be written: maitre serve does that, and maitre journal shows how far it has come.", done.Queued)
	}
	return p.err == nil, p.err
}

// lines prints lines, and remembers the first error.
type lines struct {
	out io.Writer
	err error
}

func (l *lines) say(format string, args ...any) {
	if l.err == nil {
		_, l.err = fmt.Fprintf(l.out, format+"\n", args...)
	}
}

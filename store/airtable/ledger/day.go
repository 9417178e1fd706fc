package ledger

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"maitre/booking"
	"maitre/store"
	"maitre/store/airtable"
	"maitre/store/cache"
)

// Day implements [booking.Ledger]: what is known of a day, with all that was
// accepted and is not written yet.
func (l *Ledger) Day(ctx context.Context, date booking.Date) (*booking.Day, error) {
	return l.cfg.Mirror.Day(ctx, date)
}

// Freshen implements [booking.Ledger]. It waits no longer than a guest may be
// kept waiting, and not at all while Airtable is known not to answer. Errors: the
// day was never read, and could not be read now.
func (l *Ledger) Freshen(ctx context.Context, date booking.Date, f booking.Freshness) error {
	_, known := l.cfg.Mirror.AsOf(date)
	patience := l.cfg.Patience
	if !known {
		patience = l.longestPatience()
	}
	ctx, cancel := context.WithTimeout(airtable.Urgent(ctx), patience)
	defer cancel()
	if known && !l.cfg.Up() {
		cancel() // the requests go on in the background, and show whether it answers again
	}
	bound := l.cfg.MaxAge
	if f == booking.Sure {
		bound = l.cfg.SureAge
	}
	if l.feed.followed() {
		l.catchUp(ctx, bound, f)
		bound = 0
	}
	err := l.day(ctx, date, bound)
	if _, known := l.cfg.Mirror.AsOf(date); known {
		return nil // what is known is used
	}
	return err
}

// longestPatience is how long a guest is kept waiting who would otherwise be turned away.
func (l *Ledger) longestPatience() time.Duration { return 2 * l.cfg.Patience }

// catchUp ensures that changes were asked for no longer ago than bound. With
// [booking.Recent] they are asked for in advance, so that a guest seldom waits. inTime
// is false if ctx ended first.
func (l *Ledger) catchUp(ctx context.Context, bound time.Duration, f booking.Freshness) (inTime bool) {
	soon := bound
	if f == booking.Recent {
		soon = bound / 2
	}
	age := l.feed.age(l.cfg.Now())
	if age <= soon || l.coolingDown() {
		return true
	}
	done := l.startSync()
	if age <= bound {
		return true
	}
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}

// day ensures that a day was read no longer ago than within (0: than Reread),
// waiting as long as ctx.
func (l *Ledger) day(ctx context.Context, date booking.Date, within time.Duration) error {
	if _, known := l.cfg.Mirror.AsOf(date); known && l.coolingDown() {
		return nil
	}
	bound := cmp.Or(within, l.cfg.Reread)
	usable := func(asOf time.Time) bool { return l.age(asOf) <= bound }
	_, err := cache.GetIf(ctx, l.cache, dayEntry(date), usable, func(ctx context.Context) (time.Time, error) {
		return l.fill(ctx, date, within)
	})
	return err
}

// fill reads a day, unless its changes were followed since it was read or it was
// read recently enough. It returns as of when the day is known.
func (l *Ledger) fill(ctx context.Context, date booking.Date, within time.Duration) (time.Time, error) {
	r, known := l.cfg.Mirror.Reading(date)
	age := l.age(r.AsOf)
	if known && (l.feed.covers(r) && age < l.cfg.Reread || within > 0 && age <= within) {
		return r.AsOf, nil
	}
	began := l.cfg.Now()
	if t := l.readDay(ctx, date, false); t != nil {
		return time.Time{}, t
	}
	return began, nil
}

// readingNow returns the mark of a reading that begins now.
func (l *Ledger) readingNow() store.Reading {
	return store.Reading{AsOf: l.cfg.Now(), Feed: l.feed.number()}
}

// age returns how long ago something was read. A time in the future comes from a
// clock that was ahead: the age is then unknown, and counts as endless.
func (l *Ledger) age(asOf time.Time) time.Duration {
	if age := l.cfg.Now().Sub(asOf); age >= 0 {
		return age
	}
	return math.MaxInt64
}

// readDay reads a day from Airtable into the mirror. changed says that something is
// known to have changed on it.
func (l *Ledger) readDay(ctx context.Context, date booking.Date, changed bool) *booking.RecordError {
	s, t := l.currentBase(ctx)
	if t != nil {
		return t
	}
	_, t = l.readRange(ctx, s, date, date, s.mapper.WhereDay(date), changed)
	return t
}

// list reads the rows that a condition finds.
func (l *Ledger) list(ctx context.Context, s *base, where airtable.Formula) ([]store.Row, *booking.RecordError) {
	records, t := l.listRecords(ctx, s, where)
	if t != nil {
		return nil, t
	}
	_, unread := s.mapper.Rows(records, s.index)
	l.logUnread(unread)
	return rowsOf(s, records), nil
}

// rowsOf reads rows one by one, the oldest first. Of two rows with one ID the mirror
// decides which is the booking: it knows which was the booking before.
func rowsOf(s *base, records []airtable.Record) []store.Row {
	records = slices.Clone(records)
	slices.SortFunc(records, func(a, b airtable.Record) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	all := make([]store.Row, 0, len(records))
	for _, rec := range records {
		rows, _ := s.mapper.Rows([]airtable.Record{rec}, s.index)
		for _, row := range rows {
			all = append(all, store.Row{Booking: row.Booking, Record: row.Record})
		}
	}
	return all
}

// warmUp reads the base, begins to follow its changes, and reads every day from
// today to the last that can be booked with a few requests. Days whose changes were
// followed since they were last read are not read.
func (l *Ledger) warmUp(ctx context.Context) *booking.RecordError {
	s, t := l.readBase(ctx, l.baseNeededSince())
	if t != nil {
		return t
	}
	if l.claim.isDue() {
		_ = l.hold(ctx) // on error it is tried again, at the latest before a write
	}
	l.beginFeed(ctx)
	if from, to := l.bookable(); l.feed.followed() && l.followedSince(from, to) {
		l.warm.Store(true)
		l.cfg.Log.Info("all days were read from Airtable before; what has changed since was taken up", "from", from, "to", to)
		return nil
	}
	if today, to := l.bookable(); !l.knows(today) {
		// Guests who ask for one of the next days do not wait for the others.
		if t := l.readDays(ctx, s, today, min(to, today.AddDays(nearDays-1))); t != nil {
			return t
		}
	}
	return l.readAll(ctx, s)
}

// nearDays is how many days are read first by a desk that knows none.
const nearDays = 7

func (l *Ledger) knows(date booking.Date) bool {
	_, known := l.cfg.Mirror.AsOf(date)
	return known
}

// readDays reads days, both included, with one list.
func (l *Ledger) readDays(ctx context.Context, s *base, from, to booking.Date) *booking.RecordError {
	n, t := l.readRange(ctx, s, from, to, s.mapper.WhereDays(from, to), true)
	if t == nil {
		l.cfg.Log.Info("the next days were read from Airtable", "from", from, "to", to, "bookings", n)
	}
	return t
}

// bookable returns today's service day and the last that can be booked.
func (l *Ledger) bookable() (from, to booking.Date) {
	from, _ = booking.ServiceDay(l.cfg.Now(), l.cfg.Restaurant.Location)
	return from, from.AddDays(l.cfg.Restaurant.Horizon)
}

// readAll reads every day that can be booked.
func (l *Ledger) readAll(ctx context.Context, s *base) *booking.RecordError {
	from, to := l.bookable()
	n, t := l.readRange(ctx, s, from, to, s.mapper.WhereFrom(from), true)
	if t != nil {
		return t
	}
	l.warm.Store(true)
	l.cfg.Log.Info("all days were read from Airtable", "from", from, "to", to, "bookings", n)
	return nil
}

// followedSince reports whether days need no reading: they were read, not too long
// ago, and their changes followed since. The last day, which became bookable today,
// does not count.
func (l *Ledger) followedSince(from, to booking.Date) bool {
	for date := from; date < to; date++ {
		r, known := l.cfg.Mirror.Reading(date)
		if !known || !l.feed.covers(r) || l.age(r.AsOf) >= l.cfg.Reread-l.cfg.Reread/8 {
			return false
		}
	}
	return true
}

// Openings implements [booking.Answers].
func (l *Ledger) Openings(ctx context.Context, key booking.OpeningsKey, derive func(context.Context) (*booking.Openings, error)) (*booking.Openings, error) {
	return cache.Get(ctx, l.cache, openingsEntry(key), derive)
}

// Touch invalidates what was derived from days.
func (l *Ledger) Touch(dates ...booking.Date) {
	tags := make([]cache.Tag, len(dates))
	for i, date := range dates {
		tags[i] = cache.DateTag(date)
	}
	l.cache.Invalidate(tags...)
}

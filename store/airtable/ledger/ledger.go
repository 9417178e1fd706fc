package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/singleflight"

	"maitre/booking"
	"maitre/store"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
	"maitre/store/cache"
)

// Config configures a Ledger. Fields are required unless they say otherwise.
type Config struct {
	Client *airtable.Client
	// Mapper knows the names; the ledger binds it to the base's schema.
	Mapper     *mapping.Mapper
	Restaurant *booking.Restaurant
	Mirror     *store.Mirror
	// NotifyURL is where Airtable announces changes. Empty: changes are only asked for.
	NotifyURL string
	// Host is the machine on which the desk runs, for the mark by which a second
	// desk on the base notices this one. OnLost is called once, when this one notices
	// that another has the base: nothing is written from then on. It may be nil.
	Host   string
	OnLost func(*OtherDeskError)
	// MarkPause is how long after a new mark was written the marks are read again:
	// only after a second is it clear which of several new rows is the oldest.
	// Defaults to a second and a half.
	MarkPause time.Duration
	// Allow returns an error while Airtable must not be asked. Report is called with
	// the result of each request; nil is success. Up reports whether Airtable is known
	// to answer: while it is not, no guest waits for it. They are a breaker's.
	Allow  func() error
	Report func(*booking.RecordError)
	Up     func() bool

	// Missing, if set, is called with the entries of bookings that disappeared together
	// and wait for a person. It must not block for long.
	Missing func(ctx context.Context, entries []booking.JournalEntry)

	// Poll is how often changes are asked for. Defaults to a minute, or to ten with
	// NotifyURL.
	Poll time.Duration
	// MaxAge is how old an answer to a guest may be, as long as Airtable answers.
	// Defaults to two minutes.
	MaxAge time.Duration
	// SureAge is how old the day may be on which a booking is decided. Defaults to
	// 15 s; never above MaxAge.
	SureAge time.Duration
	// Reread is how old the reading of a day may be, however well its changes are
	// followed: all days are read again a little sooner, at once. Defaults to a day.
	Reread time.Duration
	// Patience is how long a guest is kept waiting for a day to be brought up to
	// date, and twice as long if the guest would otherwise be turned away. Defaults to
	// half a second.
	Patience time.Duration

	// Now defaults to time.Now.
	Now func() time.Time
	// Registerer gets the cache's metrics; nil counts without showing.
	Registerer prometheus.Registerer
	Log        *slog.Logger
}

// Defaults of a Config.
const (
	DefaultPoll          = time.Minute
	DefaultPollNotified  = 10 * time.Minute
	DefaultMaxAge        = 2 * time.Minute
	DefaultSureAge       = 15 * time.Second
	DefaultReread        = 24 * time.Hour
	DefaultPatience      = 500 * time.Millisecond
	DefaultMarkPause     = 1500 * time.Millisecond
	coolDownAfterFailure = 2 * time.Second // how long nobody waits for a request after one failed
	maxCoolDown          = 5 * time.Minute // likewise, if Airtable asks for longer
	pollUntilWarm        = 30 * time.Second
	tablesAge            = 10 * time.Minute // of the tables, where their changes are not followed
	fillTimeout          = 90 * time.Second
)

func (c Config) withDefaults() Config {
	poll := DefaultPoll
	if c.NotifyURL != "" {
		poll = DefaultPollNotified
	}
	c.Poll = cmp.Or(c.Poll, poll)
	c.MaxAge = cmp.Or(c.MaxAge, DefaultMaxAge)
	c.SureAge = min(cmp.Or(c.SureAge, DefaultSureAge), c.MaxAge)
	c.Reread = cmp.Or(c.Reread, DefaultReread)
	c.Patience = cmp.Or(c.Patience, DefaultPatience)
	c.MarkPause = cmp.Or(c.MarkPause, DefaultMarkPause)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Up == nil {
		c.Up = func() bool { return true }
	}
	if c.Allow == nil {
		c.Allow = func() error { return nil }
	}
	if c.Report == nil {
		c.Report = func(*booking.RecordError) {}
	}
	return c
}

// Ledger is the staff's base as the desk's ledger and record. It is safe for
// concurrent use.
type Ledger struct {
	cfg   Config
	cache *cache.Cache
	base  atomic.Pointer[base] // as it was last read; never nil
	feed  feed
	claim claim

	reading ctxMutex // held while the base is read
	logged  loggedCells
	// warm is set once every day from today to the horizon was read.
	warm atomic.Bool
	// doubted is when a person last said that the base was fixed; nil: never.
	doubted atomic.Pointer[time.Time]
	// tablesRenamed is set when a table's row became another table: known bookings
	// still have the old table IDs.
	tablesRenamed atomic.Bool
	// coolUntil is until when nobody waits for a request, because one failed; nil: not set.
	coolUntil   atomic.Pointer[time.Time]
	refused     refused
	recent      *recent
	disappeared disappearances

	flights singleflight.Group
	ctx     context.Context
	cancel  context.CancelFunc
	closing sync.Mutex // guards closed
	closed  bool       // no work begins any more
	work    sync.WaitGroup
}

var (
	_ booking.Ledger  = (*Ledger)(nil)
	_ booking.Answers = (*Ledger)(nil)
)

// New returns a ledger that knows what the data file holds of the base. It sends no
// request before Run or the first question.
func New(ctx context.Context, c Config) (*Ledger, error) {
	c = c.withDefaults()
	l := &Ledger{cfg: c, reading: make(ctxMutex, 1), recent: newRecent(c.Now)}
	var err error
	l.cache, err = cache.New(cache.Options{FillTimeout: fillTimeout, Registerer: c.Registerer, Log: c.Log})
	if err != nil {
		return nil, err
	}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	l.base.Store(&base{mapper: c.Mapper})
	if err := errors.Join(l.loadTables(ctx), l.feed.load(ctx, c.Mirror), l.claim.load(ctx, c.Mirror, c.Now())); err != nil {
		l.cache.Close()
		return nil, fmt.Errorf("read what is known of Airtable: %w", err)
	}
	return l, nil
}

// Close cancels what is under way and waits for it. Run must have returned.
func (l *Ledger) Close() {
	l.closing.Lock()
	l.closed = true
	l.closing.Unlock()
	l.cancel()
	l.work.Wait()
	l.cache.Close()
}

// Run brings all days up to date, and follows the base's changes until ctx ends.
func (l *Ledger) Run(ctx context.Context) {
	stop := context.AfterFunc(ctx, l.cancel)
	defer stop()
	l.start(ctx)
	for {
		pause := l.cfg.Poll
		if !l.warm.Load() {
			pause = min(pause, pollUntilWarm)
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		case <-l.feed.pinged:
			timer.Stop()
		}
		l.follow(ctx)
	}
}

// start reads the base, begins to follow its changes and reads every day that guests
// can ask for.
func (l *Ledger) start(ctx context.Context) {
	if t := l.warmUp(ctx); t != nil && ctx.Err() == nil {
		l.cfg.Log.Warn("Airtable could not be read; the desk uses what it knows and tries again", "error", t.Text, "fix", t.Fix)
	}
}

// follow asks for changes and applies them.
func (l *Ledger) follow(ctx context.Context) {
	if l.warm.Load() {
		l.followOn(ctx)
	}
	if !l.warm.Load() && ctx.Err() == nil {
		l.start(ctx)
	}
	l.maintainMark(ctx)
	l.retryRefused(ctx)
}

// retryRefused asks again for what Airtable refused to show: it may be fixed, and
// nothing else may ask for it for a while.
func (l *Ledger) retryRefused(ctx context.Context) {
	if l.refused.is(ofSchema, ofTables) && !l.coolingDown() {
		_, _ = l.readBase(ctx, l.cfg.Now()) // the result is recorded
	}
	if l.refused.is(ofBookings) && !l.coolingDown() {
		today, _ := l.bookable()
		_ = l.readDay(ctx, today, false) // likewise
	}
}

func (l *Ledger) followOn(ctx context.Context) {
	if l.feed.known().ID == "" {
		if l.beginFeed(ctx); l.feed.followed() {
			l.warm.Store(false) // what was read before it is not covered
			return
		}
		if _, t := l.readBase(ctx, l.cfg.Now().Add(-tablesAge)); t != nil && ctx.Err() == nil {
			l.cfg.Log.Warn("the tables in Airtable could not be read; the desk uses what it knows and tries again", "error", t.Text, "fix", t.Fix)
		}
		return
	}
	asked := l.cfg.Now()
	t := l.sync(ctx)
	if t == nil && l.feed.asOf().Before(asked) {
		t = l.sync(ctx) // it joined one that had begun before
	}
	if t == nil {
		t = l.maintain(ctx, false)
	}
	if from, to := l.bookable(); t == nil && l.warm.Load() && !l.followedSince(from, to) {
		t = l.readAll(ctx, l.base.Load())
	}
	if t != nil && ctx.Err() == nil {
		l.cfg.Log.Warn("changes in Airtable could not be read; the desk uses what it knows and tries again", "error", t.Text, "fix", t.Fix)
	}
}

// ask sends requests to Airtable, unless it is known not to answer, and records the
// result.
func (l *Ledger) ask(ctx context.Context, of subject, do func(context.Context) error) *booking.RecordError {
	if err := l.cfg.Allow(); err != nil {
		l.coolDown(coolDownAfterFailure)
		return &booking.RecordError{Kind: booking.Unreachable, Text: err.Error()}
	}
	err := do(ctx)
	t := recordError(err)
	l.cfg.Report(t)
	if of == ofChanges && noSuchHook(err) {
		l.refused.note(of, nil) // the desk works without a webhook, or makes another
	} else {
		l.refused.note(of, t)
	}
	switch {
	case t == nil:
		l.coolUntil.Store(nil)
	case t.Kind != booking.Interrupted:
		l.coolDown(min(max(t.RetryAfter, coolDownAfterFailure), maxCoolDown))
	}
	return t
}

// coolDown sets for how long nobody waits for a request.
func (l *Ledger) coolDown(d time.Duration) {
	until := l.cfg.Now().Add(d)
	l.coolUntil.Store(&until)
}

// ctxMutex is a lock whose waiters give up when their context ends.
type ctxMutex chan struct{}

func (t ctxMutex) lock(ctx context.Context) *booking.RecordError {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return &booking.RecordError{Kind: booking.Interrupted, Text: context.Cause(ctx).Error()}
	}
}

func (t ctxMutex) unlock() { <-t }

// coolingDown reports whether a request failed so recently that nobody should wait
// for another.
func (l *Ledger) coolingDown() bool {
	until := l.coolUntil.Load()
	return until != nil && l.cfg.Now().Before(*until)
}

// dayEntry returns the cache entry that says that a day was read. It does not have
// the date's tag: the day itself is in the mirror, and a booking does not age it.
func dayEntry(date booking.Date) cache.Entry {
	return cache.Entry{Key: "day/" + date.String(), Kind: "day", Tags: []cache.Tag{daysTag}}
}

const (
	tablesTag cache.Tag = "tables" // of what depends on the tables
	daysTag   cache.Tag = "days"   // of every reading of a day
)

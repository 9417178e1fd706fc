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

// Config is what a Ledger is made of; all is needed but where it says otherwise.
type Config struct {
	Client *airtable.Client
	// Mapper knows the names; it is bound to the base's schema here.
	Mapper     *mapping.Mapper
	Restaurant *booking.Restaurant
	Mirror     *store.Mirror
	// NotifyURL is where Airtable tells us of changes. Empty: it does not, and we ask.
	NotifyURL string
	// Host is the machine on which the desk runs, for the mark by which a second
	// desk on the base notices this one. OnLost is told, once, when this one notices
	// another that has the base: nothing is written from then on. It may be nil.
	Host   string
	OnLost func(*OtherDeskError)
	// MarkPause is how long after a new mark was made the marks are read again: of
	// rows that were made in one second nobody can tell the older one before that is
	// over. Defaults to a second and a half.
	MarkPause time.Duration
	// Allow tells whether Airtable may be asked now, and Report is told what came of
	// it; nil is success. Up tells whether it is known to answer: while it is not, no
	// guest waits to find out. They are a breaker's.
	Allow  func() error
	Report func(*booking.RecordError)
	Up     func() bool

	// Missing, where set, is told of the entries of bookings that disappeared together
	// and wait for a person. It must not block for long.
	Missing func(ctx context.Context, entries []booking.JournalEntry)

	// Poll is how often changes are asked for. Defaults to a minute, or to ten
	// where Airtable tells us of them.
	Poll time.Duration
	// MaxAge is how old what a guest is told may be, as long as Airtable answers.
	// Defaults to two minutes.
	MaxAge time.Duration
	// SureAge is how old the day may be on which a booking is decided. Defaults to
	// 15 s; never above MaxAge.
	SureAge time.Duration
	// Reread is how old the reading of a day may be, however well its changes are
	// followed: all days are read again a little sooner, at once. Defaults to a day.
	Reread time.Duration
	// Patience is how long a guest is kept waiting for a day to be brought up to
	// date, and twice as long one who would be turned away else. Defaults to half a second.
	Patience time.Duration

	// Now tells the time by which ages are counted. Defaults to time.Now.
	Now func() time.Time
	// Registerer gets the cache's metrics; nil counts without showing.
	Registerer prometheus.Registerer
	Log        *slog.Logger
}

// Defaults of a Config.
const (
	DefaultPoll      = time.Minute
	DefaultPollNotified = 10 * time.Minute
	DefaultMaxAge    = 2 * time.Minute
	DefaultSureAge   = 15 * time.Second
	DefaultReread    = 24 * time.Hour
	DefaultPatience  = 500 * time.Millisecond
	DefaultMarkPause = 1500 * time.Millisecond
	coolDownAfterFailure     = 2 * time.Second // how long nobody waits again after a request failed
	maxCoolDown      = 5 * time.Minute // likewise, where Airtable says for how long
	pollUntilWarm        = 30 * time.Second
	tablesAge        = 10 * time.Minute // of the tables, where their changes are not followed
	fillTimeout      = 90 * time.Second
)

// Noting returns a journal that has this ledger note what a booking's entry
// changes, so that the next question is answered from what was just accepted.
func (l *Ledger) Noting(j booking.Journal) booking.Journal { return touchingJournal{j, l} }

// Keeping returns what accepts entries into a journal and has this ledger note what
// they change, as Noting does, for a [booking.Rechecker].
func (l *Ledger) Keeping(j *store.Journal) func(context.Context, booking.Entry, time.Time) (booking.JournalEntry, error) {
	return func(ctx context.Context, e booking.Entry, now time.Time) (booking.JournalEntry, error) {
		kept, err := j.Accept(ctx, e, now)
		if err == nil {
			l.touchEntry(e)
		}
		return kept, err
	}
}

// touchEntry touches the dates of an entry that was accepted.
func (l *Ledger) touchEntry(e booking.Entry) {
	l.Touch(e.Booking.Date)
	if e.Was != nil && e.Was.Date != e.Booking.Date {
		l.Touch(e.Was.Date)
	}
}

type touchingJournal struct {
	booking.Journal
	ledger *Ledger
}

// Accept implements [booking.Journal].
func (n touchingJournal) Accept(ctx context.Context, e booking.Entry) (booking.SyncState, error) {
	state, err := n.Journal.Accept(ctx, e)
	if err == nil {
		n.ledger.touchEntry(e)
	}
	return state, err
}

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
	base  atomic.Pointer[base] // as it was last seen; never nil
	feed  feed
	claim claim

	reading ctxMutex // one reading of the base's make-up at a time
	logged   loggedCells
	// warm is set once every day from today to the horizon was read.
	warm atomic.Bool
	// doubted is when a person said that the base was mended; nil: nobody did.
	doubted atomic.Pointer[time.Time]
	// misnamed is set when a table's row became another table: bookings that are
	// known name their tables as these were called before.
	tablesRenamed atomic.Bool
	// rest is until when nobody waits for a request, because one failed just now.
	// nil: somebody may.
	coolUntil    atomic.Pointer[time.Time]
	refused refused
	// direct and departed are of what was read and written lately.
	recent   *recent
	disappeared disappearances

	flights singleflight.Group
	ctx    context.Context
	cancel     context.CancelFunc
	closing sync.Mutex // guards closed, after which no work begins
	closed  bool
	work    sync.WaitGroup
}

var (
	_ booking.Ledger  = (*Ledger)(nil)
	_ booking.Answers = (*Ledger)(nil)
)

// New returns a ledger that knows what the data file holds of the base. It asks
// Airtable for nothing before Run or the first question.
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

// Close ends what is under way. Run must have returned.
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

// start reads the base's make-up, begins to follow its changes and reads every
// day that guests can ask for, all at the first chance.
func (l *Ledger) start(ctx context.Context) {
	if t := l.warmUp(ctx); t != nil && ctx.Err() == nil {
		l.cfg.Log.Warn("Airtable could not be read; the desk goes by what it knows, and tries again", "why", t.Text, "mend", t.Fix)
	}
}

// follow asks what has changed.
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

// askAgain asks, as soon as Airtable answers, for what it refused to show: nothing
// else may ask for it in a while, and it may be mended.
func (l *Ledger) retryRefused(ctx context.Context) {
	if l.refused.is(ofSchema, ofTables) && !l.coolingDown() {
		_, _ = l.readBase(ctx, l.cfg.Now()) // what came of it is noted
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
			l.cfg.Log.Warn("the tables in Airtable could not be read; the desk goes by what it knows, and tries again", "why", t.Text, "mend", t.Fix)
		}
		return
	}
	asked := l.cfg.Now()
	t := l.sync(ctx)
	if t == nil && l.feed.asOf().Before(asked) {
		t = l.sync(ctx) // it joined one that was under way
	}
	if t == nil {
		t = l.maintain(ctx, false)
	}
	if from, to := l.bookable(); t == nil && l.warm.Load() && !l.followedSince(from, to) {
		t = l.readAll(ctx, l.base.Load())
	}
	if t != nil && ctx.Err() == nil {
		l.cfg.Log.Warn("changes in Airtable could not be read; the desk goes by what it knows, and tries again", "why", t.Text, "mend", t.Fix)
	}
}

// ask sends one request or more to Airtable, unless it is known not to answer,
// and says what kept it from being answered.
func (l *Ledger) ask(ctx context.Context, of subject, do func(context.Context) error) *booking.RecordError {
	if err := l.cfg.Allow(); err != nil {
		l.coolDown(coolDownAfterFailure)
		return &booking.RecordError{Kind: booking.Unreachable, Text: err.Error()}
	}
	err := do(ctx)
	t := recordError(err)
	l.cfg.Report(t)
	if of == ofChanges && noSuchHook(err) {
		l.refused.note(of, nil) // the desk does without it, or makes another
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

// giveUpFor says how long nobody need wait for a request.
func (l *Ledger) coolDown(d time.Duration) {
	until := l.cfg.Now().Add(d)
	l.coolUntil.Store(&until)
}

// turn is a lock for which nobody waits longer than their context.
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

// hopeless tells that a request failed just now, so that nobody need wait for another.
func (l *Ledger) coolingDown() bool {
	until := l.coolUntil.Load()
	return until != nil && l.cfg.Now().Before(*until)
}

// dayEntry says that a day was read. It does not carry the date's tag: what is
// known of the day lies in the mirror, and is as fresh after a booking as before.
func dayEntry(date booking.Date) cache.Entry {
	return cache.Entry{Key: "day/" + date.String(), Kind: "day", Tags: []cache.Tag{daysTag}}
}

const (
	tablesTag cache.Tag = "tables" // of what depends on the tables
	daysTag   cache.Tag = "days"   // of every reading of a day
)

package retry

import (
	"cmp"
	"container/list"
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"maitre/booking"
)

// Journal is where entries wait, on disk; *store.Journal is one.
type Journal interface {
	Accept(ctx context.Context, entry booking.Entry, now time.Time) (booking.JournalEntry, error)
	Waiting(bookingID string) (entryID string, ok bool)
	Get(ctx context.Context, id string) (booking.JournalEntry, error)
	Due(ctx context.Context, now time.Time, limit int) ([]booking.JournalEntry, error)
	Failed(ctx context.Context, id string, rev int, a booking.Attempt, next time.Time, counts bool) (booking.JournalEntry, error)
	Park(ctx context.Context, id string, rev int, why booking.Parked, a *booking.Attempt, messages ...booking.Message) (parked bool, err error)
	Rebase(ctx context.Context, id string, rev int, row booking.Row, merged booking.Booking) (booking.JournalEntry, error)
	Done(ctx context.Context, id string, rev int, written booking.Booking, record string, now time.Time, messages ...booking.Message) (newer bool, err error)
	Postpone(ctx context.Context, ids []string, next time.Time) error
	Release(ctx context.Context, now time.Time, insist bool, which func(booking.JournalEntry) bool) (n int, err error)
	Settle(ctx context.Context, id, why string, now time.Time) (booking.JournalEntry, error)
	List(ctx context.Context, limit int) ([]booking.JournalEntry, error)
	Depth(ctx context.Context) (booking.JournalDepth, error)
}

// Rechecker looks again at what waits; *booking.Rechecker is one.
type Rechecker interface {
	Recheck(ctx context.Context, b booking.Booking, stands *booking.Booking) (booking.Verdict, error)
}

// Words makes the messages that are owed.
type Words interface {
	// Landed tells a guest, who had heard that it was being processed, that an
	// entry is in the book now; false: there is nobody to tell.
	Landed(e booking.JournalEntry, now time.Time) (booking.Message, bool)
	// NotDone tells a guest that an entry could not be carried out, because the staff
	// had changed the booking meanwhile, and that a person will call; false: there is
	// nobody to tell.
	NotDone(e booking.JournalEntry, now time.Time) (booking.Message, bool)
}

// Ears hear how entries fare; *Alarm has them.
type Observer interface {
	// Waits hears of an entry that could not be written, or was parked.
	Waits(ctx context.Context, e booking.JournalEntry, t *booking.RecordError)
	// Landed hears of an entry that was written after all.
	Landed(ctx context.Context, e booking.JournalEntry)
}

// Config is what a Worker is made of; all is needed but where it says otherwise.
type Config struct {
	Journal Journal
	Record  Record
	Breaker *Breaker // the record's
	// Rechecker looks again, before each write, whether a booking still has its tables.
	Rechecker Rechecker
	// Words makes the messages that are owed; nil: none can be sent, and none is owed.
	Words Words
	// Owed, where set, is called after a message was put into the outbox, so that it
	// leaves at once.
	OnQueued func()
	// Ears may be nil.
	Observer Observer
	// Changed, where set, hears of dates whose bookings are others, or on which other
	// tables are held, because of what became of an entry.
	OnChange func(dates ...booking.Date)
	// Watch is the desk's clock.
	Clock booking.Clock
	// Tick is how often due entries are looked for. Defaults to 5 s.
	Tick time.Duration
	// MaxAttempts is how many attempts that count an entry has before it is parked.
	// Defaults to 5.
	MaxAttempts int
	Log         *slog.Logger
	// Metrics may be nil.
	Metrics *Metrics
	// Jitter draws from [0, 1). Defaults to chance.
	Jitter func() float64
}

// Worker writes what was accepted into the system of record: at once, and again
// until it stands there. It implements [booking.Journal]. Every attempt, the
// first and the hundredth, goes through [Worker.attempt].
//
// Accept works from the start; Run attempts again, and must be called once.
type Worker struct {
	cfg Config

	life   context.Context // ends when attempts are to be given up
	giveUp context.CancelFunc
	kick   Signal
	leases sync.WaitGroup

	running atomic.Bool
	depthLogged    time.Time // when the log was told how much waits; Run's
	clock   clockCheck   // Run's

	mu sync.Mutex
	// untried are the new bookings' entries that this process took and has not
	// attempted yet, by ID: nobody can have a row of them.
	untried map[string]struct{}
	closing bool
	leased  map[string]bool      // entry IDs being attempted; true: a newer wish came meanwhile
	waiters map[string][]*waiter // by booking ID
	// unawaited are the waiters to whom nobody has come yet, the oldest first.
	unawaited list.List
	released  time.Time // when parked entries last went on because something was written
}

// New returns a worker; Run starts it.
func New(c Config) *Worker {
	c.Tick = cmp.Or(c.Tick, 5*time.Second)
	c.MaxAttempts = cmp.Or(c.MaxAttempts, 5)
	if c.Jitter == nil {
		c.Jitter = rand.Float64
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	w := &Worker{cfg: c, kick: NewSignal(), leased: map[string]bool{}, untried: map[string]struct{}{}, waiters: map[string][]*waiter{}}
	w.life, w.giveUp = context.WithCancel(context.Background())
	return w
}

var _ booking.Journal = (*Worker)(nil)

// Accept implements [booking.Journal]: the entry is on disk when it returns, and
// its first attempt has begun. While the record does not answer it returns
// [booking.Deferred], otherwise [booking.Pending].
func (w *Worker) Accept(ctx context.Context, entry booking.Entry) (booking.SyncState, error) {
	deferred := w.cfg.Breaker.State() != Closed
	if deferred && entry.Answer != nil {
		entry.Answer = &booking.StoredAnswer{Key: entry.Answer.Key, Answer: entry.Answer.Pending}
	}
	e, err := w.cfg.Journal.Accept(ctx, entry, w.cfg.Clock.Now())
	if err != nil {
		return booking.Pending, err
	}
	w.markUntried(e)
	if !deferred {
		w.addWaiter(e.Booking.ID, e.Rev)
	}
	w.startAttempt(e)
	if deferred {
		return booking.Deferred, nil
	}
	return booking.Pending, nil
}

// maxUntried bounds what is known not to have been attempted. Of what is not known,
// the row is read first.
const maxUntried = 1 << 16

// took notes an entry that was just taken.
func (w *Worker) markUntried(e booking.JournalEntry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if e.Rev == 1 && e.Was == nil && len(w.untried) < maxUntried {
		w.untried[e.ID] = struct{}{}
	}
}

// neverTried parts entries of which nobody can have a row from the others. Those
// count as attempted from now on.
func (w *Worker) splitUntried(entries []booking.JournalEntry) (fresh, others []booking.JournalEntry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range entries {
		_, untried := w.untried[e.ID]
		delete(w.untried, e.ID)
		if untried && e.Rev == 1 {
			fresh = append(fresh, e)
		} else {
			others = append(others, e)
		}
	}
	return fresh, others
}

// first begins an entry's attempt, unless the record is known not to answer.
// Where one is under way, the entry is looked at again when that has ended.
func (w *Worker) startAttempt(e booking.JournalEntry) {
	if w.cfg.Breaker.State() != Closed || !w.lease(e.ID, true) {
		return
	}
	go func() {
		defer w.unlease(e)
		entries := []booking.JournalEntry{e}
		if e.Rev > 1 {
			// It may have waited for days, and its tables may have been given away.
			if t := w.refreshDays(w.life, entries); t != nil {
				w.failAll(w.life, entries, t)
				return
			}
		}
		w.process(w.life, true, entries)
	}()
}

// lease takes an entry for an attempt; false: it is taken, or the worker stops.
// knock has whoever has it look again. Run waits for every lease to be given back.
func (w *Worker) lease(id string, knock bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closing {
		return false
	}
	if knocked, taken := w.leased[id]; taken {
		w.leased[id] = knocked || knock
		return false
	}
	w.leased[id] = false
	w.leases.Add(1)
	return true
}

// unlease gives entries back, and begins to attempt those of which a newer wish
// came that was not seen.
func (w *Worker) unlease(entries ...booking.JournalEntry) {
	for _, e := range entries {
		w.mu.Lock()
		knocked := w.leased[e.ID]
		delete(w.leased, e.ID)
		w.mu.Unlock()
		if knocked {
			// The caller's time does not matter here; one that is gone was written.
			now, err := w.cfg.Journal.Get(context.Background(), e.ID)
			if err == nil && now.State == booking.EntryPending && now.DueAt(w.cfg.Clock.Now()) {
				w.startAttempt(now)
			}
		}
		w.leases.Done()
	}
}

// Standing implements [booking.Journal].
func (w *Worker) SyncState(bookingID string) booking.SyncState {
	if _, waits := w.cfg.Journal.Waiting(bookingID); waits {
		return booking.Pending
	}
	return booking.Written
}

// Kick makes the worker look for due entries now.
func (w *Worker) Kick() { w.kick.Send() }

// Alive tells whether what is due is being attempted.
func (w *Worker) Alive() bool { return w.running.Load() }

// grace is how long attempts under way may take to end once the worker stops;
// what is given up then is attempted again at the next start.
const grace = 5 * time.Second

// Run attempts what is due until ctx ends, then lets attempts under way end, for
// a short while. What is not written then stays in the journal.
func (w *Worker) Run(ctx context.Context) {
	w.running.Store(true)
	defer w.running.Store(false)
	// From the moment of the stop on: a look that waits for its attempts is no longer
	// waited for than any other.
	context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(grace, w.giveUp)
		defer timer.Stop()
		<-w.life.Done()
	})
	ticker := time.NewTicker(w.cfg.Tick)
	defer ticker.Stop()
	for ctx.Err() == nil {
		w.checkClock(ctx)
		w.replayDue(ctx)
		w.logDepth(ctx)
		select {
		case <-ticker.C:
		case <-w.kick.c:
		case <-ctx.Done():
		}
	}
	w.mu.Lock()
	w.closing = true
	w.mu.Unlock()
	w.leases.Wait()
	w.giveUp()
}

// tellEvery is how often the log tells how much waits.
const logDepthEvery = time.Minute

// tellDepth tells the log how much waits to be written, if anything does.
func (w *Worker) logDepth(ctx context.Context) {
	now := w.cfg.Clock.Now()
	if !passed(w.depthLogged, now, logDepthEvery) {
		return
	}
	depth, err := w.cfg.Journal.Depth(ctx)
	if err != nil || depth.Pending+depth.Parked == 0 {
		return
	}
	w.depthLogged = now
	oldest := time.Duration(0)
	if !depth.Oldest.IsZero() {
		oldest = max(0, now.Sub(depth.Oldest)).Round(time.Second)
	}
	w.cfg.Log.Warn("bookings wait to be written", "pending", depth.Pending, "need_a_person", depth.Parked, "oldest", oldest)
}

// look finds out whether the record answers, and writes what is due as long as it does.
func (w *Worker) replayDue(ctx context.Context) {
	if w.cfg.Breaker.State() != Closed && !w.probe(ctx) {
		return
	}
	for ctx.Err() == nil && w.replayWindow(ctx) {
	}
}

// probe asks a record that did not answer whether it does now.
func (w *Worker) probe(ctx context.Context) bool {
	if w.cfg.Breaker.Allow() != nil {
		return false
	}
	t := w.cfg.Record.Probe(ctx)
	if t != nil && ctx.Err() != nil {
		t = &booking.RecordError{Kind: booking.Interrupted}
	}
	w.cfg.Breaker.Report(ResultOf(t))
	if t != nil && t.Kind != booking.Interrupted {
		w.cfg.Log.Info("system of record still does not answer", "why", t.Text)
	}
	return w.cfg.Breaker.State() == Closed
}

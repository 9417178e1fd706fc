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

// Journal keeps entries on disk until they are written; *store.Journal implements it.
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

// Rechecker checks a pending booking again; *booking.Rechecker implements it.
type Rechecker interface {
	Recheck(ctx context.Context, b booking.Booking, current *booking.Booking) (booking.Verdict, error)
}

// Words makes the messages to guests.
type Words interface {
	// Landed returns the message that an entry was written, for a guest who was
	// told that it was being processed; false if there is nobody to tell.
	Landed(e booking.JournalEntry, now time.Time) (booking.Message, bool)
	// NotDone returns the message that an entry could not be carried out, because
	// the staff had changed the booking, and that a person will call; false if there
	// is nobody to tell.
	NotDone(e booking.JournalEntry, now time.Time) (booking.Message, bool)
}

// Observer is told what becomes of entries; *Alarm implements it.
type Observer interface {
	// Waits is called when an entry could not be written, or was parked.
	Waits(ctx context.Context, e booking.JournalEntry, t *booking.RecordError)
	// Landed is called when an entry that had to wait was written.
	Landed(ctx context.Context, e booking.JournalEntry)
}

// Config configures a [Worker]. Fields are required unless they say otherwise.
type Config struct {
	Journal Journal
	Record  Record
	Breaker *Breaker // the record's
	// Rechecker checks before each write whether a booking still has its tables.
	Rechecker Rechecker
	// Words makes the messages to guests; nil if none can be sent.
	Words Words
	// OnQueued, if set, is called after a message was put into the outbox.
	OnQueued func()
	// Observer may be nil.
	Observer Observer
	// OnChange, if set, is called with the dates whose bookings or held tables an
	// entry's result has changed.
	OnChange func(dates ...booking.Date)
	Clock    booking.Clock
	// Tick is the time between two looks for due entries. Defaults to 5 s.
	Tick time.Duration
	// MaxAttempts is the number of counted attempts after which an entry is parked.
	// Defaults to 5.
	MaxAttempts int
	Log         *slog.Logger
	// Metrics may be nil.
	Metrics *Metrics
	// Jitter draws from [0, 1). Defaults to rand.Float64.
	Jitter func() float64
}

// Worker writes accepted entries to the system of record: at once, and again
// until they are written. It implements [booking.Journal]. Every attempt goes
// through [Worker.attempt].
//
// Accept works before Run is called; Run replays, and must be called once.
type Worker struct {
	cfg Config

	life   context.Context // ends when attempts must be given up
	giveUp context.CancelFunc
	kick   Signal
	leases sync.WaitGroup

	running     atomic.Bool
	depthLogged time.Time  // when the depth was last logged; only Run uses it
	clock       clockCheck // only Run uses it

	mu sync.Mutex
	// untried are the new bookings' entries that this process accepted and has not
	// attempted yet, by ID: the record cannot have rows of them.
	untried map[string]struct{}
	closing bool
	leased  map[string]bool      // entry IDs being attempted; true: a newer revision came meanwhile
	waiters map[string][]*waiter // by booking ID
	// unawaited are the waiters whose callers have not called Await, oldest first.
	unawaited list.List
	released  time.Time // when releaseFixed last ran
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

// Accept implements [booking.Journal]: when it returns, the entry is on disk and
// its first attempt has begun. It returns [booking.Deferred] while the record does
// not answer, and otherwise [booking.Pending].
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

// maxUntried bounds the untried entries; the rows of all others are read before
// they are written.
const maxUntried = 1 << 16

// markUntried notes an entry that was just accepted.
func (w *Worker) markUntried(e booking.JournalEntry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if e.Rev == 1 && e.Was == nil && len(w.untried) < maxUntried {
		w.untried[e.ID] = struct{}{}
	}
}

// splitUntried separates the untried entries from the others, and counts them as
// attempted from now on.
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

// startAttempt begins an entry's attempt, unless the record is known not to
// answer. If one is under way, the entry is looked at again when that has ended.
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

// lease takes an entry for an attempt; false if it is taken, or the worker stops.
// With again, whoever has it looks at it once more. Run waits for all leases.
func (w *Worker) lease(id string, again bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closing {
		return false
	}
	if asked, taken := w.leased[id]; taken {
		w.leased[id] = asked || again
		return false
	}
	w.leased[id] = false
	w.leases.Add(1)
	return true
}

// unlease gives entries back, and starts an attempt of those of which a newer
// revision came meanwhile.
func (w *Worker) unlease(entries ...booking.JournalEntry) {
	for _, e := range entries {
		w.mu.Lock()
		again := w.leased[e.ID]
		delete(w.leased, e.ID)
		w.mu.Unlock()
		if again {
			// Not the caller's context, which may have ended. An entry that is gone was written.
			now, err := w.cfg.Journal.Get(context.Background(), e.ID)
			if err == nil && now.State == booking.EntryPending && now.DueAt(w.cfg.Clock.Now()) {
				w.startAttempt(now)
			}
		}
		w.leases.Done()
	}
}

// SyncState implements [booking.Journal].
func (w *Worker) SyncState(bookingID string) booking.SyncState {
	if _, waits := w.cfg.Journal.Waiting(bookingID); waits {
		return booking.Pending
	}
	return booking.Written
}

// Kick makes the worker look for due entries now.
func (w *Worker) Kick() { w.kick.Send() }

// Alive reports whether Run is running.
func (w *Worker) Alive() bool { return w.running.Load() }

// grace is how long attempts under way may go on once the worker stops; what is
// given up then is attempted again at the next start.
const grace = 5 * time.Second

// Run attempts what is due until ctx ends, and then waits for the attempts under
// way, at most for the grace. What is not written stays in the journal.
func (w *Worker) Run(ctx context.Context) {
	w.running.Store(true)
	defer w.running.Store(false)
	// The grace begins when ctx ends, also for attempts that replayDue waits for.
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

// logDepthEvery is the least time between two log lines of the journal's depth.
const logDepthEvery = time.Minute

// logDepth logs how many entries wait, if any do.
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

// replayDue writes what is due as long as the record answers.
func (w *Worker) replayDue(ctx context.Context) {
	if w.cfg.Breaker.State() != Closed && !w.probe(ctx) {
		return
	}
	for ctx.Err() == nil && w.replayWindow(ctx) {
	}
}

// probe asks a record that did not answer, and reports whether it does now.
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
		w.cfg.Log.Info("system of record still does not answer", "error", t.Text)
	}
	return w.cfg.Breaker.State() == Closed
}

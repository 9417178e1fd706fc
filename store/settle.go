package store

import (
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
)

// What happens when a commit fails.
//
// bbolt writes a commit in two steps: first new pages, none of which the last
// state refers to, and a sync; then one of the two meta pages, which makes the
// new state the current one, and a sync.
//
// A failure of the first step (a full disk, most of all) leaves the last state
// untouched. The callers hear booking.ErrNotKept, and the next write is tried
// as if nothing had been: when there is room again, it works again. That a
// failed sync may leave pages in the page cache that never reach the disk does
// no harm, because nothing refers to them and whoever uses their place next
// writes them anew.
//
// A failure of the second step leaves a doubt: the page cache shows the new
// state, the disk may or may not hold it, and bbolt goes on as if it were
// committed. Asking the kernel again does not help: after a failed sync Linux
// takes the page for clean, and the next sync succeeds without having written
// it. So the file takes the new state back: it overwrites the new meta page
// with zeros, which makes the other one, the last synced state, the current
// one; syncs that; and opens bbolt anew, whose list of free pages had followed
// the new state. Only then do the callers hear booking.ErrNotKept, and it is
// true. While even that fails, nothing is written, and no reader sees what is in
// doubt; every write and every Probe first tries again to settle it. (What
// remains: the power fails while the doubt lasts, and the disk did hold the new
// meta page. Then a booking may come back whose guest was told to try again.)
//
// A panic within bbolt leaves its locks and lists in an unknown state: from then
// on the file refuses all writes, until the program starts again.

// sync commits a transaction and finds out what came of it.
func (f *File) sync(bt *bbolt.Tx) error {
	inHand := make(chan struct{})
	f.inHand.Store(&inHand)
	defer func() {
		f.inHand.Store(nil)
		close(inHand)
	}()
	id := int64(bt.ID())
	if err := bt.Commit(); err != nil {
		return f.afterFailure(err)
	}
	f.durable.Store(id)
	return nil
}

// afterFailure makes sure that nothing is left of a failed commit.
func (f *File) afterFailure(cause error) error {
	cause = withErrno(cause)
	shown, err := f.bolt.txid()
	if err == nil && shown == f.durable.Load() {
		f.log.Error("write failed; nothing of it was kept", "file", f.path, "error", cause)
		return cause
	}
	f.doubt.Store(true)
	f.log.Error("write failed; taking it back", "file", f.path, "error", cause)
	return errors.Join(cause, f.settle())
}

// breakDown notes that bbolt panicked while it wrote.
func (f *File) breakDown(cause error) error {
	err := fmt.Errorf("use %s: %w: %w", f.path, ErrDamaged, cause)
	f.broken.CompareAndSwap(nil, &err)
	f.log.Error("data file is not used any more; start again, and restore a backup if that does not help",
		"file", f.path, "error", cause)
	return err
}

// settle ends a doubt that an earlier commit left; only the writer calls it.
func (f *File) settle() error {
	if broken := f.broken.Load(); broken != nil {
		return *broken
	}
	if !f.doubt.Load() {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.takeBack(); err != nil {
		return err
	}
	bolt, err := openBolt(f.path)
	if err != nil {
		return fmt.Errorf("reopen: %w", err)
	}
	f.bolt = bolt
	shown, err := bolt.txid()
	if err != nil {
		return fmt.Errorf("reopen: %w", err)
	}
	if shown != f.durable.Load() {
		return f.breakDown(fmt.Errorf("transaction %d is current after going back to %d", shown, f.durable.Load()))
	}
	f.doubt.Store(false)
	f.log.Info("data file is sound again; the failed write was taken back", "file", f.path)
	return nil
}

// takeBack makes the last durable state the file's current one, synced, and
// closes bbolt. f.mu is locked.
func (f *File) takeBack() error {
	if f.bolt == nil {
		return nil // done already; only opening it again did not work
	}
	durable := f.durable.Load()
	found, err := readMeta(f.bolt.file, f.bolt.metaAt(durable))
	if err != nil {
		return fmt.Errorf("take back the last write: %w", err)
	}
	if int64(found.txid) != durable {
		return f.breakDown(fmt.Errorf("meta page of transaction %d holds %d", durable, found.txid))
	}
	if err := f.bolt.eraseMeta(durable + 1); err != nil {
		return fmt.Errorf("take back the last write: %w", err)
	}
	bolt := f.bolt
	f.bolt = nil
	if err := bolt.db.Close(); err != nil {
		f.log.Warn("close before reopening", "file", f.path, "error", err)
	}
	return nil
}

// metaAt is where the meta page of a transaction lies in the file.
func (h *handle) metaAt(txid int64) int64 { return txid % 2 * h.pageSize }

// eraseMeta makes the meta page that txid is written to invalid, and syncs.
func (h *handle) eraseMeta(txid int64) error {
	if _, err := h.file.WriteAt(make([]byte, h.pageSize), h.metaAt(txid)); err != nil {
		return err
	}
	return h.file.Sync()
}

// txid is the transaction that the file shows as its newest.
func (h *handle) txid() (int64, error) {
	bt, err := h.db.Begin(false)
	if err != nil {
		return 0, err
	}
	defer func() { _ = bt.Rollback() }()
	return int64(bt.ID()), nil
}

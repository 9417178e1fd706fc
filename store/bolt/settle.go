package bolt

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
// untouched. The callers get its error, and the next write is tried as usual:
// it succeeds once there is disk space again. That a
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
// one; syncs that; and opens bbolt anew, because its list of free pages is of
// the new state. Only then do the callers get an error. While even that fails,
// nothing is written, and no reader sees what is in doubt; every write and every
// Probe first tries again to settle it. (What remains: the power fails while the doubt lasts, and the disk did hold the new
// meta page. Then a write may come back whose caller got an error.)
//
// A panic within bbolt leaves its locks and lists in an unknown state: from then
// on the file refuses all writes, until the program starts again.

// sync commits a transaction and finds out what came of it.
func (db *DB) sync(bt *bbolt.Tx) error {
	inHand := make(chan struct{})
	db.inHand.Store(&inHand)
	defer func() {
		db.inHand.Store(nil)
		close(inHand)
	}()
	id := int64(bt.ID())
	if err := bt.Commit(); err != nil {
		return db.afterFailure(err)
	}
	db.durable.Store(id)
	return nil
}

// afterFailure makes sure that nothing is left of a failed commit.
func (db *DB) afterFailure(cause error) error {
	cause = withErrno(cause)
	shown, err := db.file.txid()
	if err == nil && shown == db.durable.Load() {
		db.options.Log.Error("write failed; nothing of it was kept", "file", db.path, "error", cause)
		return cause
	}
	db.doubt.Store(true)
	db.options.Log.Error("write failed; taking it back", "file", db.path, "error", cause)
	return errors.Join(cause, db.settle())
}

// breakDown notes that bbolt panicked while it wrote.
func (db *DB) breakDown(cause error) error {
	err := fmt.Errorf("%w: %w", ErrDamaged, cause)
	db.broken.CompareAndSwap(nil, &err)
	db.options.Log.Error("data file is not used any more; start again, and restore a backup if that does not help",
		"file", db.path, "error", cause)
	return err
}

// settle ends a doubt that an earlier commit left; only the writer calls it.
func (db *DB) settle() error {
	if broken := db.broken.Load(); broken != nil {
		return *broken
	}
	if !db.doubt.Load() {
		return nil
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	if err := db.takeBack(); err != nil {
		return err
	}
	f, err := openFile(db.path, db.options.Program)
	if err != nil {
		return fmt.Errorf("reopen: %w", err)
	}
	db.file = f
	shown, err := f.txid()
	if err != nil {
		return fmt.Errorf("reopen: %w", err)
	}
	if shown != db.durable.Load() {
		return db.breakDown(fmt.Errorf("transaction %d is current after going back to %d", shown, db.durable.Load()))
	}
	db.doubt.Store(false)
	db.options.Log.Info("data file can be used again; the failed write was taken back", "file", db.path)
	return nil
}

// takeBack makes the last durable state the file's current one, synced, and
// closes bbolt. db.mu is locked.
func (db *DB) takeBack() error {
	if db.file == nil {
		return nil // done already; only opening it again did not work
	}
	durable := db.durable.Load()
	found, err := readMeta(db.file.os, db.file.metaAt(durable))
	if err != nil {
		return fmt.Errorf("take back the last write: %w", err)
	}
	if int64(found.txid) != durable {
		return db.breakDown(fmt.Errorf("meta page of transaction %d holds %d", durable, found.txid))
	}
	if err := db.file.eraseMeta(durable + 1); err != nil {
		return fmt.Errorf("take back the last write: %w", err)
	}
	f := db.file
	db.file = nil
	if err := f.bbolt.Close(); err != nil {
		db.options.Log.Warn("close before reopening", "file", db.path, "error", err)
	}
	return nil
}

// metaAt is where the meta page of a transaction lies in the file.
func (f *file) metaAt(txid int64) int64 { return txid % 2 * f.pageSize }

// eraseMeta makes the meta page that txid is written to invalid, and syncs.
func (f *file) eraseMeta(txid int64) error {
	if _, err := f.os.WriteAt(make([]byte, f.pageSize), f.metaAt(txid)); err != nil {
		return err
	}
	return f.os.Sync()
}

package bolt

import "sync"

// lowSpace is from how many free bytes on the disk on there is a warning. The file grows by 16 MiB at a
// time, and small things still fit into it when it can grow no more: a write that
// went well says nothing of the next one.
const lowSpace = 64 << 20

// diskSpace is what is known of the disk.
type diskSpace struct {
	mu   sync.Mutex
	free uint64
	low  bool
}

// DiskSpace returns how many bytes were left on the file's disk when that was last
// checked, with a [DB.Probe] or by [DB.CheckDiskSpace], and whether these are few.
func (db *DB) DiskSpace() (free uint64, low bool) {
	db.space.mu.Lock()
	defer db.space.mu.Unlock()
	return db.space.free, db.space.low
}

// CheckDiskSpace asks how much space the disk has, and warns once when it becomes
// little. A disk that does not say keeps what was last known.
func (db *DB) CheckDiskSpace() {
	free, err := db.options.FreeSpace(db.path)
	if err != nil {
		return
	}
	db.space.mu.Lock()
	defer db.space.mu.Unlock()
	was := db.space.low
	db.space.free, db.space.low = free, free < lowSpace
	switch {
	case db.space.low && !was:
		db.options.Log.Warn("the disk is nearly full: free disk space, or soon nothing can be written", "file", db.path, "mb_free", free>>20)
	case was && !db.space.low:
		db.options.Log.Info("the disk has room again", "file", db.path, "mb_free", free>>20)
	}
}

package store

import "sync"

// lowRoom is how little room on the disk is told of. The file grows by 16 MiB at a
// time, and small things still fit into it when it can grow no more: a write that
// went well says nothing of the next one.
const lowRoom = 64 << 20

// room is what is known of the disk.
type room struct {
	mu   sync.Mutex
	free uint64
	low  bool
}

// Room tells how many bytes were left on the file's disk when it was last looked
// at, with a [File.Probe] and every hour, and whether these are few.
func (f *File) Room() (free uint64, low bool) {
	f.room.mu.Lock()
	defer f.room.mu.Unlock()
	return f.room.free, f.room.low
}

// lookAtRoom looks how full the disk is, and warns once when it becomes so. A disk
// that does not say is not low.
func (f *File) lookAtRoom() {
	free, err := f.free(f.path)
	if err != nil {
		return
	}
	f.room.mu.Lock()
	defer f.room.mu.Unlock()
	was := f.room.low
	f.room.free, f.room.low = free, free < lowRoom
	switch {
	case f.room.low && !was:
		f.log.Warn("the disk is nearly full: make room, or soon nothing can be booked", "file", f.path, "mb_free", free>>20)
	case was && !f.room.low:
		f.log.Info("the disk has room again", "file", f.path, "mb_free", free>>20)
	}
}

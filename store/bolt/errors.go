package bolt

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
)

// Errors of opening and using a file. Those of Open name the file.
var (
	// ErrMissing is returned by Open when there is no file and none is to be made.
	ErrMissing = errors.New("there is no data file")
	// ErrInUse is returned by Open when something else holds the file.
	ErrInUse = errors.New("data file is in use")
	// ErrNewer is returned by Open when a newer program wrote the file.
	ErrNewer = errors.New("data file is newer than this program")
	// ErrDamaged is returned by Open, and by anything that reads later, when the
	// file's content makes no sense.
	ErrDamaged = errors.New("data file is damaged")
	// ErrClosed is returned by everything that is called after Close.
	ErrClosed = errors.New("data file is closed")
	// ErrUnsettled is returned by reads while the disk refuses to say whether
	// the last write is on it. The next write, or the next Probe, tries again to
	// settle it.
	ErrUnsettled = errors.New("the last write to the data file is in doubt")
)

// damaged says what to do about a file that makes no sense.
func damaged(path string, cause error) error {
	return fmt.Errorf("open %s: %w (%w): restore a backup, or move the file away to start with an empty one",
		path, ErrDamaged, cause)
}

// withErrno gives a bbolt error back the system's error that it holds as text
// only: bbolt formats some of its causes with %s, and callers want to ask for
// [syscall.ENOSPC].
func withErrno(err error) error {
	if known := syscall.Errno(0); errors.As(err, &known) {
		return err
	}
	for _, errno := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG, syscall.EIO, syscall.EROFS, syscall.ENOMEM} {
		if before, ok := strings.CutSuffix(err.Error(), errno.Error()); ok {
			return fmt.Errorf("%s%w", before, errno)
		}
	}
	return err
}

// caught turns what recover returned into an error.
func caught(reason any) error {
	if err, ok := reason.(error); ok {
		return fmt.Errorf("panic: %w", err)
	}
	return fmt.Errorf("panic: %v", reason)
}

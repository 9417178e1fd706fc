//go:build linux || darwin

package bolt

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// freeSpace asks the file system of a path how many bytes may still be written.
func freeSpace(path string) (uint64, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(path, &fs); err != nil {
		return 0, fmt.Errorf("ask for the disk space beside %s: %w", path, err)
	}
	return fs.Bavail * uint64(fs.Bsize), nil
}

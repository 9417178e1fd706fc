package bolt_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"maitre/store/bolt"
)

// A counter that survives whatever happens to the program: when Update returns nil,
// it is on the disk.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx, counters := context.Background(), []byte("counters")

	db, err := bolt.Open(ctx, filepath.Join(dir, "counters.db"), bolt.Options{
		Prepare: func(tx *bolt.Tx) error {
			_, err := tx.CreateBucket(counters)
			return err
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = db.Close() }()

	var shown byte // what is known in memory of the file: only what is synced
	for range 3 {
		if err := db.Update(ctx, func(tx *bolt.Tx) error {
			b, next := tx.Bucket(counters), byte(1)
			if value := b.Get([]byte("visits")); value != nil {
				next = value[0] + 1
			}
			tx.OnSync(func() { shown = next })
			return b.Put([]byte("visits"), []byte{next})
		}); err != nil {
			fmt.Println(err)
			return
		}
	}
	err = db.View(ctx, func(tx *bolt.Tx) error {
		fmt.Println(tx.Bucket(counters).Get([]byte("visits"))[0], shown)
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output: 3 3
}

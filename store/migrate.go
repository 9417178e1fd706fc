package store

import (
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"go.etcd.io/bbolt"
)

// firstSchema is the version of the schema before any migration.
const firstSchema = 1

// migration brings a file from one schema version to the next, in a
// transaction of its own.
type migration func(*bbolt.Tx) error

// migrations[i] leads from version i+1 to version i+2. Never change or drop one
// that was released: add the next.
var migrations = []migration{}

// makeMeta lays out a new file.
func makeMeta(bt *bbolt.Tx, now time.Time, steps int) error {
	meta, err := bt.CreateBucket(metaBucket)
	if err != nil {
		return err
	}
	if err := meta.Put(metaCreated, now.UTC().AppendFormat(nil, time.RFC3339)); err != nil {
		return err
	}
	return putSchema(meta, firstSchema+steps)
}

// makeRestaurant adds what a restaurant's part of the file lacks.
func makeRestaurant(bt *bbolt.Tx, slug []byte) error {
	restaurant, err := bt.CreateBucketIfNotExists(slug)
	if err != nil {
		return fmt.Errorf("make bucket %q: %w", slug, err)
	}
	indexed := restaurant.Bucket(holdsBucket) != nil
	for _, name := range restaurantBuckets {
		if _, err := restaurant.CreateBucketIfNotExists(name); err != nil {
			return fmt.Errorf("make bucket %q: %w", name, err)
		}
	}
	if indexed {
		return nil
	}
	return newTx(bt, slug).indexHolds()
}

// migrate brings the file to the newest schema, step by step.
func migrate(db *bbolt.DB, log *slog.Logger, steps []migration) error {
	version, err := schemaOf(db)
	if err != nil {
		return err
	}
	newest := firstSchema + len(steps)
	if version > newest {
		return fmt.Errorf("%w: it has schema version %d, this program knows up to %d: run the newer maitre, or restore a backup made before it",
			ErrNewer, version, newest)
	}
	for ; version < newest; version++ {
		err := db.Update(func(bt *bbolt.Tx) error {
			if err := steps[version-firstSchema](bt); err != nil {
				return err
			}
			return putSchema(bt.Bucket(metaBucket), version+1)
		})
		if err != nil {
			return fmt.Errorf("migrate from schema version %d to %d: %w", version, version+1, err)
		}
		log.Info("migrated data file", "file", db.Path(), "schema", version+1)
	}
	return nil
}

func schemaOf(db *bbolt.DB) (version int, err error) {
	err = db.View(func(bt *bbolt.Tx) error {
		meta := bt.Bucket(metaBucket)
		if meta == nil {
			return fmt.Errorf("%w: it is not maitre's: check the path, or restore a backup", ErrDamaged)
		}
		version, err = strconv.Atoi(string(meta.Get(metaSchema)))
		if err != nil || version < firstSchema {
			return fmt.Errorf("%w: schema version %q: restore a backup", ErrDamaged, meta.Get(metaSchema))
		}
		return nil
	})
	return version, err
}

func putSchema(meta *bbolt.Bucket, version int) error {
	return meta.Put(metaSchema, []byte(strconv.Itoa(version)))
}

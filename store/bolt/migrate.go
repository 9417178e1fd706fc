package bolt

import (
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"go.etcd.io/bbolt"
)

// Meta is the top-level bucket of what is known of the file itself, and the
// keys that are the engine's.
const (
	Meta        = "meta"
	MetaCreated = "created" // RFC 3339
	MetaProbed  = "probed"  // RFC 3339; see [DB.Probe]
	metaSchema  = "schema"  // decimal
)

// firstSchema is the version of the schema before any migration.
const firstSchema = 1

// Migration brings a file from one schema version to the next, in a transaction of
// its own. Never change or drop one that was released: add the next.
type Migration func(*Tx) error

// makeMeta lays out a new file.
func makeMeta(t *Tx, now time.Time, schema int) error {
	meta, err := t.CreateBucket([]byte(Meta))
	if err != nil {
		return err
	}
	if err := meta.Put([]byte(MetaCreated), now.UTC().AppendFormat(nil, time.RFC3339)); err != nil {
		return err
	}
	return putSchema(t, schema)
}

// migrate brings the file to the newest schema, step by step.
func migrate(db *bbolt.DB, program string, log *slog.Logger, steps []Migration) error {
	version, err := schemaOf(db, program)
	if err != nil {
		return err
	}
	newest := firstSchema + len(steps)
	if version > newest {
		return fmt.Errorf("%w: it has schema version %d, this program knows up to %d: run the newer %s, or restore a backup made before it",
			ErrNewer, version, newest, program)
	}
	for ; version < newest; version++ {
		err := db.Update(func(bt *bbolt.Tx) error {
			t := &Tx{bbolt: bt}
			if err := steps[version-firstSchema](t); err != nil {
				return err
			}
			return putSchema(t, version+1)
		})
		if err != nil {
			return fmt.Errorf("migrate from schema version %d to %d: %w", version, version+1, err)
		}
		log.Info("migrated data file", "file", db.Path(), "schema", version+1)
	}
	return nil
}

func schemaOf(db *bbolt.DB, program string) (version int, err error) {
	err = db.View(func(bt *bbolt.Tx) error {
		meta := bt.Bucket([]byte(Meta))
		if meta == nil {
			return fmt.Errorf("%w: it is not %s's: check the path, or restore a backup", ErrDamaged, program)
		}
		written := meta.Get([]byte(metaSchema))
		version, err = strconv.Atoi(string(written))
		if err != nil || version < firstSchema {
			return fmt.Errorf("%w: schema version %q: restore a backup", ErrDamaged, written)
		}
		return nil
	})
	return version, err
}

func putSchema(t *Tx, version int) error {
	return t.Bucket([]byte(Meta)).Put([]byte(metaSchema), []byte(strconv.Itoa(version)))
}

package bolt

import (
	"errors"
	"fmt"
	"testing"
)

// Whatever changes the file goes through apply, and so sets the transaction's
// changed: a write that fails after it is taken back.
func TestEveryChangeIsTakenBack(t *testing.T) {
	t.Parallel()
	db := open(t)
	in := []byte("in")
	if err := db.Update(t.Context(), func(t *Tx) error {
		b := t.Bucket(testBucket)
		_, err := b.CreateBucket(in)
		return errors.Join(err, b.Put([]byte("a"), []byte("1")), put("b")(t))
	}); err != nil {
		t.Fatal(err)
	}
	content := func() (all string) {
		if err := db.View(t.Context(), func(t *Tx) error {
			return t.ForEachBucket(func(name []byte, b *Bucket) error {
				all += fmt.Sprintf("%s %d:", name, b.bbolt.Sequence())
				for c, k, v := cursorAt(b); k != nil; k, v = c.Next() {
					all += fmt.Sprintf(" %s=%s", k, v)
				}
				return nil
			})
		}); err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := content()
	reason := errors.New("no")
	for name, change := range map[string]func(t *Tx, b *Bucket) error{
		"put":           func(_ *Tx, b *Bucket) error { return b.Put([]byte("a"), []byte("2")) },
		"delete":        func(_ *Tx, b *Bucket) error { return b.Delete([]byte("a")) },
		"create":        func(t *Tx, _ *Bucket) error { _, err := t.CreateBucket([]byte("more")); return err },
		"create within": func(_ *Tx, b *Bucket) error { _, err := b.CreateBucket([]byte("more")); return err },
		"delete bucket": func(_ *Tx, b *Bucket) error { return b.DeleteBucket(in) },
		"rename":        func(t *Tx, _ *Bucket) error { return t.RenameBucket(testBucket, []byte("other")) },
		"sequence":      func(_ *Tx, b *Bucket) error { _, err := b.NextSequence(); return err },
	} {
		errs := submitAll(t, db, func(t *Tx) error { return errors.Join(change(t, t.Bucket(testBucket)), reason) }, put("b"))
		if errs[0] == nil || errs[0].Error() != "no" || errs[1] != nil || content() != before {
			t.Errorf("%s: %v, and the file has %q, want %q", name, errs, content(), before)
		}
	}
}

func cursorAt(b *Bucket) (c *Cursor, key, value []byte) {
	c = b.Cursor()
	key, value = c.First()
	return c, key, value
}

func TestRenameBucket(t *testing.T) {
	t.Parallel()
	db := open(t)
	to := []byte("other")
	if err := db.Update(t.Context(), func(t *Tx) error {
		in, err := t.Bucket(testBucket).CreateBucket([]byte("in"))
		if err != nil {
			return err
		}
		return errors.Join(in.Put([]byte("a"), []byte("1")), put("b")(t))
	}); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{{"nobody", "other"}, {Meta, "other"}, {"keys", "keys"}, {"keys", Meta}} {
		if err := db.Update(t.Context(), func(t *Tx) error { return t.RenameBucket([]byte(c[0]), []byte(c[1])) }); err == nil {
			t.Errorf("renamed %s to %s", c[0], c[1])
		}
	}
	if err := db.Update(t.Context(), func(t *Tx) error { return t.RenameBucket(testBucket, to) }); err != nil {
		t.Fatal(err)
	}
	if err := db.View(t.Context(), func(tx *Tx) error {
		is := tx.Bucket(to)
		if tx.Bucket(testBucket) != nil || string(is.Get([]byte("b"))) != "b" || string(is.Bucket([]byte("in")).Get([]byte("a"))) != "1" {
			t.Error("it did not go with all that is in it")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

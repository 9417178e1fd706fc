package bolt

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// image is the bytes of a file that is whole.
type image struct {
	b    []byte
	page int
	meta meta
}

func newImage(t *testing.T) image {
	t.Helper()
	b, err := os.ReadFile(made(t, 300))
	if err != nil {
		t.Fatal(err)
	}
	m, err := currentMeta(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return image{b, int(m.pageSize), m}
}

// at returns a page's bytes.
func (i image) at(id uint64) []byte { return i.b[int(id)*i.page:][:i.page] }

// first returns the first page of a kind that has several elements, and is in use.
func (i image) first(t *testing.T, kind uint16) (id uint64, page []byte) {
	t.Helper()
	free := map[uint64]bool{}
	list := i.at(i.meta.freelist)
	for n := range int(native.Uint16(list[10:])) {
		free[native.Uint64(list[pageHeaderLen+8*n:])] = true
	}
	for id = 2; id < i.meta.pages; id++ {
		page = i.at(id)
		if native.Uint64(page) == id && native.Uint16(page[8:]) == kind && native.Uint16(page[10:]) > 2 && !free[id] {
			return id, page
		}
	}
	t.Fatalf("no page of kind %#x", kind)
	return 0, nil
}

// Each thing that can be wrong with a page is known for what it is.
func TestVerifySaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	whole := newImage(t)
	const first, second = pageHeaderLen, pageHeaderLen + elementLen // elements of a page
	for want, damage := range map[string]func(i image){
		"used twice": func(i image) {
			_, page := i.first(t, branchPage)
			copy(page[second+8:second+16], page[first+8:first+16])
		},
		" is used twice": func(i image) { // a page that leads back to itself
			id, page := i.first(t, branchPage)
			native.PutUint64(page[first+8:], id)
		},
		"is beyond the last": func(i image) {
			_, page := i.first(t, branchPage)
			native.PutUint64(page[first+8:], i.meta.pages)
		},
		"leads nowhere": func(i image) {
			_, page := i.first(t, branchPage)
			native.PutUint16(page[10:], 0)
		},
		"says that it is page": func(i image) {
			id, page := i.first(t, leafPage)
			native.PutUint64(page, id+1)
		},
		"it ends at": func(i image) {
			_, page := i.first(t, leafPage)
			native.PutUint32(page[first+12:], 1<<30)
		},
		"keys are out of order": func(i image) {
			_, page := i.first(t, leafPage)
			page[first+int(native.Uint32(page[first+4:]))] = 0xff
		},
		"of kind": func(i image) {
			_, page := i.first(t, leafPage)
			native.PutUint16(page[8:], 0x77)
		},
		"is not free": func(i image) { native.PutUint64(i.at(i.meta.freelist)[pageHeaderLen:], i.meta.root) },
		"and has":     func(i image) { native.PutUint16(i.at(i.meta.freelist)[10:], 0xfff0) },
	} {
		i := image{bytes.Clone(whole.b), whole.page, whole.meta}
		damage(i)
		path := filepath.Join(t.TempDir(), "test.db")
		if err := os.WriteFile(path, i.b, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := verify(file); err == nil || !strings.Contains(err.Error(), strings.TrimSpace(want)) {
			t.Errorf("%v, want %q", err, want)
		}
		_ = file.Close()
	}
}

// The newer meta page that is whole counts.
func TestCurrentMeta(t *testing.T) {
	t.Parallel()
	whole := newImage(t)
	newest := whole.meta.txid
	at := int(newest%2) * whole.page // where it lies
	if m, err := currentMeta(bytes.NewReader(whole.b)); err != nil || m.txid != newest {
		t.Error(m.txid, err)
	}
	for name, damage := range map[string]func(b []byte){
		"checksum": func(b []byte) { b[at+pageHeaderLen+20] ^= 1 },
		"magic":    func(b []byte) { b[at+pageHeaderLen] ^= 1 },
	} {
		b := bytes.Clone(whole.b)
		damage(b)
		if m, err := currentMeta(bytes.NewReader(b)); err != nil || m.txid != newest-1 {
			t.Errorf("%s: transaction %d, %v; want %d", name, m.txid, err, newest-1)
		}
	}
}

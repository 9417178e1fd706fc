package bolt

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

// This file reads a bbolt file by itself before bbolt does. bbolt trusts its
// pages: over damage it panics, in some places in a goroutine of its own, where
// that cannot be caught; a page that leads back to itself keeps it busy until
// the memory is full. Here every page is read once, within bounds, and has to be
// what the one before it said.
//
// The format is bbolt's version 2, unchanged since 2014, in the byte order of
// the machine (go.etcd.io/bbolt, internal/common: page.go, meta.go, inode.go).
const (
	pageHeaderLen = 16 // id uint64, flags uint16, count uint16, overflow uint32
	elementLen    = 16 // branch: pos, ksize uint32, pgid uint64; leaf: flags, pos, ksize, vsize uint32
	bucketLen     = 16 // root pgid uint64, sequence uint64
	metaLen       = 64

	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10

	bucketElement = 0x01

	metaMagic   = 0xED0CDAED
	metaVersion = 2

	noFreelist = ^uint64(0)
	manyFree   = 0xFFFF // the count is in the first element instead
)

var native = binary.NativeEndian

// meta is what a meta page says.
type meta struct {
	pageSize int64
	root     uint64
	freelist uint64
	pages    uint64 // one more than the highest page in use
	txid     uint64
}

// readMeta reads the meta page that begins at an offset.
func readMeta(r io.ReaderAt, at int64) (meta, error) {
	b := make([]byte, metaLen)
	if _, err := r.ReadAt(b, at+pageHeaderLen); err != nil {
		return meta{}, err
	}
	if magic, version := native.Uint32(b), native.Uint32(b[4:]); magic != metaMagic || version != metaVersion {
		return meta{}, fmt.Errorf("no bbolt file: magic number %x, version %d", magic, version)
	}
	sum := fnv.New64a()
	sum.Write(b[:56])
	if sum.Sum64() != native.Uint64(b[56:]) {
		return meta{}, errors.New("checksum of a meta page is wrong")
	}
	return meta{
		pageSize: int64(native.Uint32(b[8:])), root: native.Uint64(b[16:]),
		freelist: native.Uint64(b[32:]), pages: native.Uint64(b[40:]), txid: native.Uint64(b[48:]),
	}, nil
}

// currentMeta returns the newer of the meta pages that are whole. When the first
// is not, the place of the second has to be guessed from the page sizes there are.
func currentMeta(r io.ReaderAt) (meta, error) {
	first, err := readMeta(r, 0)
	if err == nil {
		if second, err := readMeta(r, first.pageSize); err == nil && second.txid > first.txid {
			return second, nil
		}
		return first, nil
	}
	for size := int64(1 << 10); size <= 1<<16; size <<= 1 {
		if second, err := readMeta(r, size); err == nil && second.pageSize == size {
			return second, nil
		}
	}
	return meta{}, err
}

// verify reads a whole bbolt file and returns the first thing that is wrong with it.
func verify(file *os.File) error {
	m, err := currentMeta(file)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if m.pageSize < 1<<10 || m.pageSize > 1<<16 || m.pages > uint64(info.Size()/m.pageSize) {
		return fmt.Errorf("it has %d bytes, and should have %d pages of %d", info.Size(), m.pages, m.pageSize)
	}
	v := &verifier{file: file, meta: m, used: make([]bool, m.pages)}
	v.used[0], v.used[1] = true, true
	if err := v.bucket(m.root); err != nil {
		return err
	}
	return v.freelist()
}

// verifier is one reading of a file.
type verifier struct {
	file io.ReaderAt
	meta meta
	used []bool // by page: something refers to it
}

// page reads a page and what overflows from it, and claims its place.
func (v *verifier) page(id uint64) ([]byte, error) {
	header := make([]byte, pageHeaderLen)
	if id >= v.meta.pages {
		return nil, fmt.Errorf("page %d is beyond the last, %d", id, v.meta.pages-1)
	}
	at := int64(id) * v.meta.pageSize
	if _, err := v.file.ReadAt(header, at); err != nil {
		return nil, fmt.Errorf("read page %d: %w", id, err)
	}
	end := id + uint64(native.Uint32(header[12:])) + 1
	if native.Uint64(header) != id || end > v.meta.pages {
		return nil, fmt.Errorf("page %d says that it is page %d and ends before %d", id, native.Uint64(header), end)
	}
	for i := id; i < end; i++ {
		if v.used[i] {
			return nil, fmt.Errorf("page %d is used twice", i)
		}
		v.used[i] = true
	}
	page := make([]byte, int64(end-id)*v.meta.pageSize)
	if _, err := v.file.ReadAt(page, at); err != nil {
		return nil, fmt.Errorf("read page %d: %w", id, err)
	}
	return page, nil
}

// bucket reads the tree of a bucket.
func (v *verifier) bucket(root uint64) error {
	var last []byte
	return v.tree(root, &last)
}

// tree reads a page and those under it; last is the key before the page's first.
func (v *verifier) tree(id uint64, last *[]byte) error {
	page, err := v.page(id)
	if err != nil {
		return err
	}
	if flags := native.Uint16(page[8:]); flags != branchPage {
		return v.leaf(page, id, last)
	}
	var separator []byte
	count := int(native.Uint16(page[10:]))
	for i := range count {
		at := pageHeaderLen + i*elementLen
		if at+elementLen > len(page) {
			return fmt.Errorf("page %d is too short for %d elements", id, count)
		}
		key, _, err := within(page, at, native.Uint32(page[at:]), native.Uint32(page[at+4:]), 0)
		if err != nil || i > 0 && bytes.Compare(key, separator) <= 0 {
			return fmt.Errorf("page %d: element %d is out of place: %w", id, i, cmp.Or(err, errOrder))
		}
		separator = key
		if err := v.tree(native.Uint64(page[at+8:]), last); err != nil {
			return err
		}
	}
	if count == 0 {
		return fmt.Errorf("page %d leads nowhere", id)
	}
	return nil
}

// leaf reads a leaf page, or the one that lies within an element (id is then its parent's).
func (v *verifier) leaf(page []byte, id uint64, last *[]byte) error {
	if flags := native.Uint16(page[8:]); flags != leafPage {
		return fmt.Errorf("page %d is of kind %#x, want a leaf", id, flags)
	}
	count := int(native.Uint16(page[10:]))
	for i := range count {
		at := pageHeaderLen + i*elementLen
		if at+elementLen > len(page) {
			return fmt.Errorf("page %d is too short for %d elements", id, count)
		}
		key, value, err := within(page, at, native.Uint32(page[at+4:]), native.Uint32(page[at+8:]), native.Uint32(page[at+12:]))
		if err != nil || *last != nil && bytes.Compare(key, *last) <= 0 {
			return fmt.Errorf("page %d: element %d is out of place: %w", id, i, cmp.Or(err, errOrder))
		}
		*last = key
		switch flags := native.Uint32(page[at:]); flags {
		case 0:
		case bucketElement:
			if err := v.nested(value, id); err != nil {
				return err
			}
		default:
			return fmt.Errorf("page %d: element %d is of kind %#x", id, i, flags)
		}
	}
	return nil
}

// nested reads a bucket within a bucket: a tree of its own, or, while it is
// small, a page within the value.
func (v *verifier) nested(value []byte, id uint64) error {
	if len(value) < bucketLen {
		return fmt.Errorf("page %d: a bucket of %d bytes", id, len(value))
	}
	if root := native.Uint64(value); root != 0 {
		return v.bucket(root)
	}
	if len(value) < bucketLen+pageHeaderLen {
		return fmt.Errorf("page %d: a bucket of %d bytes", id, len(value))
	}
	var last []byte
	return v.leaf(value[bucketLen:], id, &last)
}

// freelist reads the list of free pages: none of them is in use.
func (v *verifier) freelist() error {
	if v.meta.freelist == noFreelist {
		return nil
	}
	page, err := v.page(v.meta.freelist)
	if err != nil {
		return fmt.Errorf("list of free pages: %w", err)
	}
	count, ids := uint64(native.Uint16(page[10:])), page[pageHeaderLen:]
	if count == manyFree {
		count, ids = native.Uint64(ids), ids[8:]
	}
	if flags := native.Uint16(page[8:]); flags != freelistPage || count > uint64(len(ids)/8) {
		return fmt.Errorf("list of free pages: page %d is of kind %#x and has %d", v.meta.freelist, flags, count)
	}
	for ; count > 0; count, ids = count-1, ids[8:] {
		id := native.Uint64(ids)
		if id >= v.meta.pages || v.used[id] {
			return fmt.Errorf("list of free pages: page %d is not free", id)
		}
		v.used[id] = true
	}
	return nil
}

var errOrder = errors.New("keys are out of order")

// within returns the key and the value of an element, which lie pos bytes behind it.
func within(page []byte, element int, pos, keyLen, valueLen uint32) (key, value []byte, err error) {
	from := uint64(element) + uint64(pos)
	split := from + uint64(keyLen)
	end := split + uint64(valueLen)
	if end > uint64(len(page)) {
		return nil, nil, fmt.Errorf("it ends at %d of %d bytes", end, len(page))
	}
	return page[from:split], page[split:end], nil
}

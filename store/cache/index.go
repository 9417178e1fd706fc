package cache

import "slices"

// index lists the items by tag, and in the order in which they were put.
type index struct {
	tags           map[Tag]*tagItems
	oldest, newest *item
	len            int
}

// tagItems is one tag's part of the index. It exists while an item carries the tag
// or a running fill will: a generation that nobody can compare need not be kept.
type tagItems struct {
	tag        Tag
	generation uint64 // grows with each invalidation
	items      []*item
	fills      int
}

// place is the position of an item among those of one of its tags.
type place struct {
	tag *tagItems
	at  int
}

// of returns the tag's part, made if need be.
func (x *index) of(tag Tag) *tagItems {
	t := x.tags[tag]
	if t == nil {
		t = &tagItems{tag: tag}
		x.tags[tag] = t
	}
	return t
}

// release forgets the tag's part when nothing needs it.
func (x *index) release(t *tagItems) {
	if len(t.items) == 0 && t.fills == 0 {
		delete(x.tags, t.tag)
	}
}

func (x *index) add(it *item, tags []Tag) {
	it.places = make([]place, 0, len(tags)) // not nil, even if empty: see remove
	for i, tag := range tags {
		if slices.Contains(tags[:i], tag) {
			continue
		}
		t := x.of(tag)
		it.places = append(it.places, place{t, len(t.items)})
		t.items = append(t.items, it)
	}
	x.linkNewest(it)
	x.len++
}

// remove takes an item out, if it is in the index at all.
func (x *index) remove(it *item) {
	if it.places == nil {
		return
	}
	for _, p := range it.places {
		p.tag.removeAt(p.at)
		x.release(p.tag)
	}
	it.places = nil
	x.unlink(it)
	x.len--
}

// removeAt moves the last item to the place that becomes free.
func (t *tagItems) removeAt(at int) {
	last := len(t.items) - 1
	if moved := t.items[last]; at != last {
		for i := range moved.places {
			if moved.places[i].tag == t {
				moved.places[i].at = at
				break
			}
		}
		t.items[at] = moved
	}
	t.items[last] = nil
	t.items = t.items[:last]
	if c := cap(t.items); c > 64 && last < c/4 {
		t.items = slices.Clone(t.items)
	}
}

func (x *index) linkNewest(it *item) {
	it.older, it.newer = x.newest, nil
	if x.newest != nil {
		x.newest.newer = it
	} else {
		x.oldest = it
	}
	x.newest = it
}

func (x *index) unlink(it *item) {
	if it.older != nil {
		it.older.newer = it.newer
	} else {
		x.oldest = it.newer
	}
	if it.newer != nil {
		it.newer.older = it.older
	} else {
		x.newest = it.older
	}
	it.older, it.newer = nil, nil
}

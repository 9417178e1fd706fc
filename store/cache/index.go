package cache

import "slices"

// index knows which entries carry a tag, and in which order entries landed.
type index struct {
	tags           map[Tag]*tagged
	oldest, newest *entry
}

// tagged is one tag's part of the index. It exists while an entry carries the
// tag or a flight will: a generation nobody could compare need not be kept.
type tagged struct {
	tag        Tag
	generation uint64 // grows with each invalidation
	entries    []*entry
	flights    int
}

// of returns the tag's part, made if need be.
func (x *index) of(tag Tag) *tagged {
	t := x.tags[tag]
	if t == nil {
		t = &tagged{tag: tag}
		x.tags[tag] = t
	}
	return t
}

// drop forgets the tag's part when nothing needs it.
func (x *index) drop(t *tagged) {
	if len(t.entries) == 0 && t.flights == 0 {
		delete(x.tags, t.tag)
	}
}

func (x *index) add(e *entry, tags []Tag) {
	e.slots = make([]slot, 0, len(tags)) // not nil, even if empty: see remove
	for i, tag := range tags {
		if slices.Contains(tags[:i], tag) {
			continue
		}
		t := x.of(tag)
		e.slots = append(e.slots, slot{t, len(t.entries)})
		t.entries = append(t.entries, e)
	}
	x.pushNewest(e)
}

// remove takes e out of the lists of all its tags and reports whether it was in
// the index at all.
func (x *index) remove(e *entry) bool {
	if e.slots == nil {
		return false
	}
	for _, s := range e.slots {
		s.tagged.removeAt(s.at)
		x.drop(s.tagged)
	}
	e.slots = nil
	x.unchain(e)
	return true
}

// removeAt moves the last entry to the place that becomes free.
func (t *tagged) removeAt(at int) {
	last := len(t.entries) - 1
	moved := t.entries[last]
	for i := range moved.slots {
		if moved.slots[i].tagged == t && moved.slots[i].at == last {
			moved.slots[i].at = at
			break
		}
	}
	t.entries[at] = moved
	t.entries[last] = nil
	t.entries = t.entries[:last]
	if c := cap(t.entries); c > 64 && last < c/4 {
		t.entries = slices.Clone(t.entries)
	}
}

func (x *index) pushNewest(e *entry) {
	e.older, e.newer = x.newest, nil
	if x.newest != nil {
		x.newest.newer = e
	} else {
		x.oldest = e
	}
	x.newest = e
}

func (x *index) unchain(e *entry) {
	if e.older != nil {
		e.older.newer = e.newer
	} else {
		x.oldest = e.newer
	}
	if e.newer != nil {
		e.newer.older = e.older
	} else {
		x.newest = e.older
	}
	e.older, e.newer = nil, nil
}

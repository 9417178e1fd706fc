package cache

// Invalidate forgets every entry that carries one of tags, and no other. When it
// returns, no entry made before it is served to who asks now, and no fill that
// began before it will land. It returns how many entries it forgot.
func (c *Cache) Invalidate(tags ...Tag) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return 0
	}
	n := 0
	for _, tag := range tags {
		n += c.forget(tag)
	}
	return n
}

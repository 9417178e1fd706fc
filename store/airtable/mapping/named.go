package mapping

import "strings"

// Named puts the names that people know in the place of the IDs of tables and
// fields in a text.
func (m *Mapper) Named(text string) string {
	var pairs []string
	for _, s := range []sheet{m.bookings, m.tables} {
		if s.ref != s.name {
			pairs = append(pairs, s.ref, s.name)
		}
		for _, c := range s.columns {
			if c.id != "" {
				pairs = append(pairs, c.id, c.name)
			}
		}
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

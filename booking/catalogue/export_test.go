package catalogue

import (
	"time"

	"maitre/booking"
)

// Repeated returns what is said of a booking that was there already.
func (c *Catalogue) Repeated(lang booking.Lang, now time.Time, r booking.Result) string {
	return c.at(lang, now).message().repeated(r)
}

// Zone returns a zone's name with its article, InZone with its preposition.
func (c *Catalogue) Zone(lang booking.Lang, id string) string { return c.language(lang).zone(id).bare }

func (c *Catalogue) InZone(lang booking.Lang, id string) string { return c.language(lang).zone(id).in }

// Times returns times of arrival as they are listed.
func (c *Catalogue) Times(lang booking.Lang, times []booking.TimeOfDay) string {
	return c.timeless(lang).times(times)
}

// Package ledger makes the staff's Airtable base the desk's ledger: where bookings
// are read from and written to.
//
// What is known of the base lies in the data file ([store.Mirror]), with every
// accepted wish laid over it, so that the desk can always look at a day at once:
// also in an outage, also after a restart in the middle of one. This package
// sees to it that what is known is fresh enough for what it is wanted for, and
// writes what the journal holds.
//
// # How fresh
//
// Airtable records the base's changes for us (a webhook, which is read by cursor
// whether or not it can also notify us). One request tells what has changed
// anywhere in the base; once it was asked at a moment V, all that was read before
// is known to be as it was at V. So days need not be read again as long as
// changes can be asked for. When they cannot (the token lacks webhook:manage), a
// day is as old as its last reading.
//
// Each question for a day goes through the cache, whose entry says that the day
// was read and is tagged with its date, as are the answers derived from it. What
// the staff change invalidates the dates it touches, old and new, and no others.
//
// The package must not know of guests' words, of HTTP or of who attempts an
// entry when. It does not try a write again.
package ledger

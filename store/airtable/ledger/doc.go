// Package ledger makes the staff's Airtable base the desk's ledger: where bookings
// are read from and written to.
//
// What is known of the base is in the data file ([store.Mirror]), together with
// every booking that was accepted and is not written yet, so that the desk can
// always look at a day at once: also in an outage, also after a restart. This
// package keeps what is known fresh enough for its purpose, and writes what the
// journal holds.
//
// # How fresh
//
// Airtable records the base's changes for us (a webhook, which is read by cursor
// whether or not it can also notify us). One request returns all changes since the
// last one. After it, everything that was read before is as fresh as the request,
// so days need not be read again as long as changes can be asked for. When they cannot (the token lacks webhook:manage), a
// day is as old as its last reading.
//
// Each question for a day goes through the cache, whose entry says that the day
// was read. Answers derived from a day are tagged with its date. A change by the
// staff invalidates the dates it touches, old and new, and no others.
//
// The package must not know of guests' words, of HTTP or of who attempts an
// entry when. It never retries a write.
package ledger

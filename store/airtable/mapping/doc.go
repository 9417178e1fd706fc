// Package mapping translates between the rows of the staff's Airtable base and
// maitre's bookings and tables.
//
// The staff type rows by hand, leave cells empty, copy rows and rename fields. So
// reading is lenient and never fails: a cell is read as far as it makes sense, what
// could not be read is returned as [Unread], and a doubtful row holds its table
// rather than free it. Writing is strict: the fields that maitre owns, in the words
// that the base has, times with their Z.
//
// This is the only package that knows Airtable's field names and the words in its
// choices. It does no input or output but for the [Step]s of a [Plan], and must not
// know of the journal, of caches or of who asks.
package mapping

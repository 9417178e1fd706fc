// Package setup checks the staff's Airtable base, and adds what it lacks, for the
// commands maitre check and maitre airtable init.
//
// Both print for the owner of a restaurant: a line for each thing, "ok: …",
// "wrong: …" for what the desk cannot work with and "note: …" for what it can, in
// the order in which a person fixes them, each saying how. One cause of many
// problems is printed once, in their place.
//
// The package knows the client and the mapping, and must not know of the ledger, of
// caches or of the journal. Check writes nothing.
package setup

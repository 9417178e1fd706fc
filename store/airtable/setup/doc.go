// Package setup looks the staff's Airtable base over, and furnishes it: what
// maitre check and maitre airtable init do.
//
// Both speak to the owner of a restaurant: a line for each thing, "ok: …",
// "wrong: …" for what the desk cannot work with and "note: …" for what it can, in
// the order in which a person mends them, each saying how. What stands behind
// many troubles is told once, in place of them all.
//
// The package knows the client and the mapping, and must not know of the desk at
// work: of the book, of caches, of the journal. Check writes nothing.
package setup

// Package store keeps a restaurant's book in one bbolt file. In local mode the
// file is the system of record. Where another is, it is a [Mirror] of that one
// with every accepted wish laid over it, and the [Journal] says which wishes are
// not there yet. In every mode it remembers the answers already given, so that a
// repeated request gets the same bytes.
//
// What it promises: a write that was acknowledged is synced to disk; nothing is
// shown to a reader before it is; a write that was refused left nothing behind.
// How it keeps that promise when the disk fails is told in settle.go.
//
// The package must not know of HTTP, of VAPI, of Twilio or of Airtable, nor of
// the desk's rules: it is handed decisions and keeps them. No bbolt type leaves it.
package store

// Package booking is the domain of maitre: what a restaurant's reservation desk
// knows. It holds the rules (which services run on a date, how long a party
// stays, which table it gets, which moves a booking's life allows) as plain
// functions over plain values, and the Desk, which applies them one date at a
// time.
//
// It imports the standard library only and does no input or output. All
// that it needs from outside (what is already booked, a journal that makes decisions
// durable, a lock, the time, random codes) comes through the small interfaces in
// interfaces.go, which the packages around it implement. It must not know of HTTP, of
// VAPI, of Twilio, of Airtable, nor of the file things are kept in.
package booking

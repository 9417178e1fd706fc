// Package retry is the worker: first attempts, replays, backoff, breaker,
// batches, alerts. What the desk owes to others (a booking to the system of
// record, a message to a guest) is kept elsewhere; this package decides when the
// next attempt is made, what its outcome means, and when a person must look.
//
// It knows the domain only. What it needs from outside (an outbox, a carrier, a
// clock, chance) it asks for by small interfaces of its own. It must not know of
// files, of HTTP, of Airtable or of Twilio.
package retry

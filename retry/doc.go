// Package retry writes accepted bookings to the system of record and sends the
// outbox's messages: first attempts, replays, backoff, breaker, batches, alerts,
// reminders and waitlist offers. The journal and the outbox are kept elsewhere;
// this package decides when the next attempt is made, what its result means, and
// when a person must see to it.
//
// It depends on booking and on small interfaces of its own, and knows nothing of
// files, HTTP, Airtable or Twilio.
package retry

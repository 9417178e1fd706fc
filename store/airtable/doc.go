// Package airtable is a client of Airtable's Web API, for the base in which the
// restaurant's staff keep their bookings.
//
// The client ([New]) reads and writes at the pace that Airtable allows, what a
// guest waits for first. Writes go one request at a time, with up to ten records in
// each. Every failure says what may have happened and how to fix it ([Error]).
//
// One goroutine owns the queue of requests (queue.go) and chooses which is sent
// next (next.go), when the limiter has a permit (limiter.go). A refused request is
// split until only the records at fault are refused (split.go).
//
// The client knows Airtable's protocol and must not know what a booking is, nor
// that there is a journal: it never tries a write again by itself. The package
// must not know of webhooks' HTTP side, of VAPI, of Twilio or of the pages.
//
// Where a comment names a rule of Airtable's without more, it is from
// https://airtable.com/developers/web/api; what is not documented is marked [?].
package airtable

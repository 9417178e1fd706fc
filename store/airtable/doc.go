// Package airtable speaks with Airtable, where the restaurant's staff keep
// their book.
//
// The client ([New]) asks and writes through Airtable's Web API at the pace that
// Airtable allows, a waiting guest first; it sends writes one request at a time,
// with up to ten records in each, and says of every failure what may have
// happened and who can do something about it ([Error]).
//
// The client knows Airtable's protocol and must not know what a booking is, nor
// that there is a journal: it never tries a write again by itself. The package
// must not know of webhooks' HTTP side, of VAPI, of Twilio or of the pages.
//
// Where a comment names a rule of Airtable's without more, it is from
// https://airtable.com/developers/web/api; what is not documented is marked [?].
package airtable

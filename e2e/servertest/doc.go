// Package servertest has what the servers for tests, airtabletest and twiliotest,
// have in common: faults on command, the log of requests, the endpoints under
// /_control/ and the command that runs one by hand.
package servertest

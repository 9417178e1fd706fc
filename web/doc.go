// Package web routes every HTTP request, serves the pages and the staff's JSON,
// reports how the process is doing (health, readiness, metrics), and does what
// all requests share: security headers, access log, latency, and an answer
// instead of a crash when a handler panics.
//
// It must not know how a caller proves who it is to a webhook, nor how a table
// is found, nor where bookings are kept: the webhooks come in as handlers, the
// desk and the book of the day through small interfaces.
package web

// Package webhook says who may call: it checks signatures, refuses what is too
// large or too frequent, and makes a repeated request answer with the bytes of
// the first.
//
// It knows HTTP, the senders' signature schemes and how to keep an answer. It
// must not know what a message means, nor what a booking is beyond
// booking.StoredAnswer; those are the business of the packages below it.
package webhook

// Package twilio carries messages by WhatsApp and SMS through Twilio's REST API,
// and reads what Twilio says became of them.
//
// The requests and answers are those of Twilio's own library; under them lies a
// client of ours, because the library's knows no context, no other host than
// Twilio's, no bound to an answer and no status of an error that is not JSON.
// What matters most here is what a failure means: whether the message certainly
// was not sent, or may have been. Twilio has no idempotency key, so what may have
// been sent is looked for and not sent again.
//
// The package must not know when a message is due, nor what it says.
package twilio

// Package whatsapp speaks for the desk to guests who write on WhatsApp: it reads
// the messages that Twilio hands over, carries the conversation on from where it
// stood, has the desk do what was agreed, and answers in TwiML.
//
// A conversation is a state machine that is kept on disk by phone number, see
// state. It goes on after a restart; a booking that is half made in it is given up after half
// an hour of silence. Nothing is done that the guest has not read back and
// agreed to, nothing is done twice for one message, and nothing that a guest
// writes tells or touches the booking of another: who the guest is, is what
// Twilio vouches for, and what may be done with a booking the desk decides.
//
// The package must not know who may call (webhook settles that before a message
// comes here), nor decide anything about tables, nor send a message on its own
// account. What guests read comes from the catalogue.
package whatsapp

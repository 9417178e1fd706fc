// Package whatsapp connects the desk to guests who write on WhatsApp: it reads the
// messages that Twilio delivers, continues the conversation from its stored state,
// has the desk do what was agreed, and answers in TwiML.
//
// A conversation is a state machine that is kept on disk by phone number, see
// state. It continues after a restart; a half-made booking is given up after half an
// hour of silence. Nothing is done before it was read back to the guest, who agreed;
// nothing is done twice for one message; and no guest can see or change the booking
// of another: the guest's number is the one that Twilio vouches for, and the desk
// decides what may be done with a booking.
//
// The package must not know who may call (webhook settles that before a message
// comes here), nor decide anything about tables, nor send a message on its own
// account. What guests read comes from the catalogue.
package whatsapp

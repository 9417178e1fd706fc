// Package twiliotest is a Twilio for tests, over real HTTP: it takes messages as
// Twilio's Messages.json does, refuses what Twilio refuses, lists what it took,
// and tells by signed status callbacks what became of it. It fails on command in
// the ways in which Twilio fails.
//
// It keeps everything in memory, and sends nothing to anybody. It must not know
// of maitre but for how Twilio signs.
package twiliotest

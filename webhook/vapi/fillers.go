package vapi

import "maitre/booking"

// fillers are the few words that a caller hears from VAPI itself while a tool
// runs. All else comes from the catalogue.
type fillers struct {
	start string
	wait  string
	// failed: no answer came, and nothing was to be changed. The model says
	// nothing after it, so that it must leave the word to the caller.
	failed string
	// unsure: no answer came, and whether something was changed is not known.
	// It must not say that nothing was: we may have been too late, not idle.
	unsure string
}

var fillersIn = map[booking.Lang]fillers{
	booking.Spanish: {
		start:  "Un momento, por favor.",
		wait:   "Enseguida se lo digo.",
		failed: "Perdone, ahora mismo no puedo consultarlo. ¿Quiere que lo intente otra vez?",
		unsure: "Perdone, no me consta si ha quedado hecho. ¿Lo compruebo?",
	},
	booking.English: {
		start:  "One moment, please.",
		wait:   "I'll be right with you.",
		failed: "I'm sorry, I can't look that up right now. Shall I try again?",
		unsure: "I'm sorry, I can't tell whether that went through. Shall I check?",
	},
}

// Package phrase reads what guests say and write, in Spanish and English: dates,
// times, party sizes, zones, names, telephone numbers, and what it is that they
// want. It is a grammar of the trade's own, kept in tables, with no clock but the
// one it is given: the same words at the same moment always mean the same.
//
// It never guesses. What is unclear ("el puente", "a las nueve o a las diez",
// "el sábado 6" when the 6th is a Sunday) is left out, so that it can be asked.
//
// It must not know whether a table is free, what was said before in the
// conversation, nor how an answer is worded. Its work is linear in the length of
// the text, of which only the first [MaxRunes] runes are read.
package phrase

package phrase

import "strings"

// needWords are words of what the kitchen or the waiters must know.
var needWords = set(`alergia alergias alergico alergica alergicos alergicas celiaco celiaca celiacos celiacas gluten lactosa intolerancia intolerancias intolerante intolerantes
 vegano vegana veganos veganas vegetariano vegetariana vegetarianos vegetarianas trona tronas carrito carritos cumpleanos cumple aniversario embarazada halal kosher diabetico diabetica ruedas muletas
 allergy allergies allergic coeliac coeliacs celiac celiacs lactose intolerant vegan vegans vegetarian vegetarians highchair highchairs pushchair stroller pram wheelchair birthday anniversary pregnant`)

// maxNeeds bounds what is noted of one message, in bytes.
const maxNeeds = 240

// Needs returns what of a text the kitchen or the waiters must know (an allergy, a
// high chair, a birthday), in the guest's own words; empty when there is nothing.
// What is asked is not noted.
func (r *Reader) Needs(text string) string {
	s := r.read(text)
	var needs []string
	length := 0
	for from := 0; from < len(s.toks); {
		to := from
		for to < len(s.toks) && !s.at(to).mark() {
			to++
		}
		if s.at(to).kind != ask {
			if need := s.need(from, to); need != "" && length+len(need) <= maxNeeds {
				needs = append(needs, need)
				length += len(need) + 2
			}
		}
		from = to + 1
	}
	return strings.Join(needs, "; ")
}

// need returns the part of a clause that says a need: from what joins it to
// the rest ("con", "y") on.
func (s *sentence) need(from, to int) string {
	at := -1
	for i := from; i < to && at < 0; i++ {
		if s.at(i).kind == word && (needWords[s.at(i).text] || s.at(i).is("high") && s.at(i+1).is("chair", "chairs")) {
			at = i
		}
	}
	if at < 0 {
		return ""
	}
	for i := at - 1; i > from; i-- {
		if s.at(i).is("con", "with") {
			from = i
			break
		}
		if s.at(i).is("y", "and", "pero", "but", "que") {
			from = i + 1
			break
		}
	}
	for s.at(from).is("y", "and", "pero", "but", "que", "hola", "ah", "por", "cierto", "tambien", "also") && from < at {
		from++
	}
	return strings.TrimSpace(s.src[s.at(from).from:s.at(to-1).to])
}

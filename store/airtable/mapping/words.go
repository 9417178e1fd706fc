package mapping

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"maitre/booking"
)

// vocabulary is what the words in the base mean. The restaurant file's words have
// precedence over the usual ones.
type vocabulary struct {
	statuses map[string]booking.Status
	channels map[string]booking.Channel
	zones    map[string]string
	// zoneIDs are the zones in the restaurant's order.
	zoneIDs []string
}

// usualStatuses returns words that are read without being configured, and written
// where the base has them in place of ours.
func usualStatuses() map[booking.Status][]string {
	return map[booking.Status][]string{
		booking.PreBooked: {"Pre-reserva", "Pre-reservada", "Pendiente", "Pendiente de confirmar", "Pendiente de confirmación", "Por confirmar",
			"Sin confirmar", "No confirmada", "Provisional", "Pending", "Tentative", "Unconfirmed", "Pre-booked", "Solicitada"},
		booking.Confirmed: {"Confirmada", "Confirmado", "Confirmed", "Reservada", "Reservado", "Reserva", "Booked", "OK", "Aceptada", "Sí",
			"Confirmada por teléfono", "Confirmada por WhatsApp", "Reconfirmada"},
		booking.Seated: {"Sentada", "Sentado", "Sentados", "Seated", "En mesa", "En curso", "Llegada", "Llegados", "Han llegado", "Arrived"},
		booking.Completed: {"Completada", "Completado", "Completed", "Finalizada", "Finalizado", "Terminada", "Terminado",
			"Finished"},
		booking.Cancelled: {"Cancelada", "Cancelado", "Cancelled", "Canceled", "Anulada", "Anulado", "Cancelada por el cliente",
			"Cancelada por cliente", "Cancelada por el restaurante", "Rechazada", "Rechazado"},
		booking.NoShow: {"No Show", "No-show", "No se presentó", "No presentado", "No presentada", "No vino", "No vinieron", "Plantón", "No acude"},
	}
}

func usualChannels() map[booking.Channel][]string {
	return map[booking.Channel][]string{
		booking.ByPhone:    {"Teléfono", "Llamada", "Llamada telefónica", "Telefónica", "Tel", "Phone", "Call", "Voz"},
		booking.ByWhatsApp: {"WhatsApp", "Wasap", "Guasap", "WA"},
		booking.ByWeb:      {"Web", "Página web", "Online", "Internet", "Website", "Sitio web"},
		booking.ByStaff: {"Staff", "Personal", "Equipo", "Restaurante", "Local", "Manual", "En persona", "Presencial", "Walk-in",
			"Sala", "Camarero", "Encargado"},
	}
}

// anywhere returns the words of guests to whom the zone does not matter.
func anywhere() []string {
	return []string{"cualquiera", "indiferente", "me da igual", "da igual", "igual", "sin preferencia", "ninguna", "any", "no preference", "no"}
}

func newVocabulary(names Names, restaurant *booking.Restaurant) vocabulary {
	v := vocabulary{
		statuses: meanings(names.Statuses, usualStatuses()), channels: meanings(names.Channels, usualChannels()),
	}
	usual := map[string][]string{}
	for _, zone := range restaurant.Zones {
		words := []string{zone.ID}
		for _, name := range zone.Name {
			words = append(words, name, withoutArticle(name))
		}
		usual[zone.ID] = words
		v.zoneIDs = append(v.zoneIDs, zone.ID)
	}
	v.zones = meanings(names.Zones, usual)
	return v
}

// meanings maps folded words to meanings: the restaurant's own first, then the usual.
func meanings[T cmp.Ordered](own, usual map[T][]string) map[string]T {
	all := map[string]T{}
	for _, meaning := range slices.Sorted(maps.Keys(own)) {
		for _, w := range own[meaning] {
			all[fold(w)] = meaning
		}
	}
	for _, meaning := range slices.Sorted(maps.Keys(usual)) {
		for _, w := range usual[meaning] {
			if _, taken := all[fold(w)]; !taken {
				all[fold(w)] = meaning
			}
		}
	}
	delete(all, "")
	return all
}

// zone finds the zone that a text names: by a name of it or, else, by the only
// one whose name is among its words ("terraza exterior").
func (v vocabulary) zone(text string) (string, bool) {
	for _, s := range []string{text, withoutArticle(text)} {
		if id, ok := v.zones[fold(s)]; ok {
			return id, true
		}
	}
	var found []string
	for word := range strings.FieldsSeq(foldWords(text)) {
		if id, ok := v.zones[word]; ok && !slices.Contains(found, id) {
			found = append(found, id)
		}
	}
	if len(found) == 1 {
		return found[0], true
	}
	return "", false
}

// withoutArticle returns "comedor" for "el comedor".
func withoutArticle(name string) string {
	first, rest, ok := strings.Cut(strings.TrimSpace(name), " ")
	if ok && slices.Contains([]string{"el", "la", "los", "las", "the", "en", "in"}, fold(first)) {
		return withoutArticle(rest)
	}
	return strings.TrimSpace(name)
}

// written returns what to write for a meaning: the first of its words that the
// base offers, as it spells it; else one that it offers and that means the same;
// else, where the base's choices are not known, the first word. False: the base
// offers none.
func written[T comparable](meaning T, words []string, means map[string]T, choices []string) (string, bool) {
	if choices == nil {
		if len(words) == 0 {
			return "", false
		}
		return words[0], true
	}
	for _, w := range words {
		if slices.Contains(choices, w) {
			return w, true
		}
	}
	for _, w := range words {
		for _, c := range choices {
			if fold(c) == fold(w) {
				return c, true
			}
		}
	}
	for _, c := range choices {
		if m, ok := means[fold(c)]; ok && m == meaning {
			return c, true
		}
	}
	return "", false
}

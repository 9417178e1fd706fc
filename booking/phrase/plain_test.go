package phrase_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"maitre/booking/phrase"
)

// givesBack reports whether a text gives a table back.
func givesBack(r *phrase.Reader, text string, t *testing.T) bool {
	m := r.Understand(text, monday(t), "")
	return m.Plain && (m.Intent == phrase.No || m.Intent == phrase.Cancel)
}

// Whatever gives a table back does so no more once it is asked, doubted or taken back,
// or said of somebody or something else; and it still does with a courtesy before it.
func TestOneWordMoreTakesAPlainWordBack(t *testing.T) {
	t.Parallel()
	r := phrase.New(testRestaurant(t))
	var plain []string
	for _, s := range readSayings(t, "testdata/plain.jsonl") {
		if s.GivesBack != nil && *s.GivesBack {
			plain = append(plain, s.Say)
		}
	}
	if len(plain) < 150 {
		t.Fatalf("%d sentences that give a table back", len(plain))
	}
	for _, say := range plain {
		for _, more := range []string{"?", " ¿vale?", ", pero vamos", " pero va mi hermana", ", somos tres", ", mejor a las diez", " si llueve", ", espera", " todavía", " but my sister will come", ", right?", " unless it rains", ", I think", " creo", ", luego te digo"} {
			if givesBack(r, say+more, t) {
				t.Errorf("%q gives a table back", say+more)
			}
		}
		for _, before := range []string{"creo que ", "a lo mejor ", "igual ", "maybe ", "mi hermana dice que ", "if it rains ", "¿y si ", "pregunta si "} {
			if givesBack(r, before+say, t) {
				t.Errorf("%q gives a table back", before+say)
			}
		}
		if before := "Hola, buenas tardes. "; !strings.ContainsAny(say, "👎") && !givesBack(r, before+say, t) {
			t.Errorf("%q does not give the table back", before+say)
		}
	}
}

// Whatever words a guest strings together, none that the table does not know, and none
// that asks or counts, is among those of a plain word.
func TestAnUnknownWordIsNeverPlain(t *testing.T) {
	t.Parallel()
	r := phrase.New(testRestaurant(t))
	words := strings.Fields("no sí vale podemos vamos ir cancela cancélala la reserva mesa gracias pero hola que ya al final quita sorry can't make it we not please cancel the table right lo siento")
	odd := strings.Fields("código carrito perro hablar preocupéis faltaremos tarta terraza quizás Quincy problem dudes llegar abrigo taxi enlace")
	now := monday(t)
	rapid.Check(t, func(rt *rapid.T) {
		said := rapid.SliceOfN(rapid.SampledFrom(words), 1, 7).Draw(rt, "words")
		at := rapid.IntRange(0, len(said)).Draw(rt, "at")
		said = append(said[:at:at], append([]string{rapid.SampledFrom(odd).Draw(rt, "odd")}, said[at:]...)...)
		text := strings.Join(said, " ")
		if m := r.Understand(text, now, ""); m.Plain {
			rt.Errorf("%q is taken for a plain %s", text, m.Intent)
		}
	})
}

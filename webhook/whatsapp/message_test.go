package whatsapp_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"maitre/booking"
	"maitre/webhook/whatsapp"
)

func TestCodesInText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text  string
		asked bool
		want  string
	}{
		{"cancela K7QF", false, "K7QF"}, {"mi código es k7qf.", false, "K7QF"}, {"código K 7 Q F", false, "K7QF"}, {"el código es K 7 Q F y mi nombre Ana", false, "K7QF"}, {"my code is K-7-Q-F", false, "K7QF"},
		{"K7QF9", false, "K7QF9"}, {"código 2345", false, "2345"}, {"code KQRW", false, "KQRW"}, {"KQRW", true, "KQRW"}, {"k 7 q f", true, "K7QF"},
		{"2345", false, ""}, {"2345", true, "2345"}, {"KQRW", false, ""}, {"kqrw", false, ""}, {"mesa para 4", false, ""}, {"a las 23:45", false, ""},
		{"I0S5", false, ""}, {"mesa a las 22h45", false, ""}, {"22H45", true, "22H45"}, {"código 22H45", false, "22H45"}, {"hola", true, ""}, {"", true, ""}, {"K7QF9XYZ", false, ""},
	} {
		if got := whatsapp.CodeIn(tt.text, tt.asked); got != tt.want {
			t.Errorf("%q, asked %v: %q, want %q", tt.text, tt.asked, got, tt.want)
		}
	}
}

func TestLongAnswersAreSplit(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("una frase de la casa ", 20)
	for name, text := range map[string]string{
		"short": "hola", "lines": strings.Repeat(line+"\n", 9), "one word": strings.Repeat("x", 4000), "emoji": strings.Repeat("👩‍👩‍👧‍👦", 1000),
		"too long": strings.Repeat(line+"\n", 90), "words": strings.Repeat("palabra ", 400), "line too long": strings.Repeat("x", 1700) + "\n" + line,
	} {
		messages := whatsapp.Split(text)
		if len(messages) == 0 || len(messages) > 3 {
			t.Errorf("%s: %d messages", name, len(messages))
		}
		for _, m := range messages {
			if n := len(utf16.Encode([]rune(m))); n == 0 || n > 1600 || m != strings.TrimSpace(m) {
				t.Errorf("%s: a message of %d", name, n)
			}
		}
		joined := strings.Join(strings.Fields(strings.Join(messages, " ")), "")
		whole := strings.Join(strings.Fields(text), "")
		if cut := strings.HasSuffix(joined, "…"); !cut && joined != whole || cut && !strings.HasPrefix(whole, strings.TrimSuffix(joined, "…")) {
			t.Errorf("%s: something was lost", name)
		}
	}
	if got := whatsapp.Split("\u202eanA\u2066"); len(got) != 1 || got[0] != "anA" { // a name that came another way
		t.Errorf("text is turned around: %q", got)
	}
	if got := whatsapp.Split(" \n "); len(got) != 0 {
		t.Errorf("nothing is %q", got)
	}
}

func TestCleaned(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"  hola \n\n qué \t tal  ": "hola qué tal", "a\x00b\x1bc": "abc", "\u202ea\u2066b\u200f": "ab", "x\u2028y": "x y", "\xff\xfeñ": "ñ", "": "",
	} {
		if got := whatsapp.Cleaned(text, 100); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := whatsapp.Cleaned(strings.Repeat("ñ", 2000), 1600); len([]rune(got)) != 1600 {
		t.Errorf("%d runes", len([]rune(got)))
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.says(ana, "hola")
	media := func(kind string) []string { return []string{"NumMedia", "1", "MediaContentType0", kind} }
	for _, tt := range []struct {
		pairs []string
		want  string
	}{
		{media("audio/ogg"), "audios"}, {media("image/jpeg"), "fotos"}, {media("video/mp4"), "vídeos"}, {media("text/vcard"), "contactos"},
		{media("text/x-vcard"), "contactos"}, {media("application/pdf"), "archivos"}, {media(""), "archivos"},
		{[]string{"Latitude", "42.46", "Longitude", "-2.44"}, "ubicaciones"}, {nil, "¿Me lo escribe con palabras?"},
	} {
		h.want(h.says(ana, "", tt.pairs...), tt.want, "¿Me lo escribe")
	}
	h.want(h.says(ana, "mesa para 2 el jueves", media("image/png")...), "no puedo ver fotos", "tenemos mesa para 2")
	h.want(h.says(ana, "", media("audio/ogg")...), "audios")
	h.want(h.says(ana, "a las 9"), "Sería una mesa") // what was asked is still asked
}

func TestButtons(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.made(ana, "2026-11-26", "21:00", 2, nil)
	press := func(payload, text string) string {
		return h.says(ana, text, "ButtonPayload", payload, "ButtonText", text, "MessageType", "button")
	}
	h.want(press("confirm:"+b.Code, "Sí, voy"), "ya estaba confirmada")
	h.want(press("change:"+b.Code, "Cambiar"), "¿Qué cambiamos")
	h.want(h.says(ana, "a las 10"), "22:00")
	h.want(press("no", "No"), "sigue como estaba")
	h.want(press("cancel:"+b.Code, "Cancelar"), "¿Cancelo su reserva")
	h.want(press("yes", "Sí"), "queda cancelada")
	h.want(press("something else", "mesa para 2 el jueves a las 9"), "Sería una mesa")
	h.want(h.says(ana, "", "ListId", "whatever", "ListTitle", "a las 10"), "22:00")
	held := h.made(luis, "2026-11-27", "21:00", 2, func(r *booking.Request) { r.PreBook = true })
	h.want(h.says(luis, "No", "ButtonPayload", "decline:"+held.Code), "queda cancelada")
}

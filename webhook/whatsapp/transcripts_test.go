package whatsapp_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maitre/booking"
)

var update = flag.Bool("update", false, "write the transcripts anew, to be read aloud")

// The transcripts are whole conversations, driven through the handler. Lines
// that begin with > are what a guest writes ("> luis: …" another than Ana, with
// [voice] and the like for what is no text); lines that begin with # set the
// scene; the others are the answers. Whoever changes a text reads them aloud.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) < 12 {
		t.Fatalf("%d transcripts, %v; there are a dozen", len(paths), err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(want))
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(want) {
				t.Errorf("the conversation goes otherwise:\n%s", got)
			}
		})
	}
}

// play has the guests of a transcript say what they say, and writes it down
// with the answers they get.
func play(t *testing.T, script string) string {
	h := open(t)
	var out strings.Builder
	for line := range strings.SplitSeq(script, "\n") {
		switch {
		case strings.HasPrefix(line, "# "):
			h = scene(t, h, strings.TrimPrefix(line, "# "))
			out.WriteString(line + "\n")
		case strings.HasPrefix(line, "> "):
			from, text := ana, strings.TrimPrefix(line, "> ")
			if rest, other := strings.CutPrefix(text, "luis: "); other {
				from, text = luis, rest
			}
			out.WriteString("\n" + line + "\n\n" + answerTo(h, from, text) + "\n")
			h.clock.pass(20 * time.Second)
		}
	}
	return out.String()
}

func answerTo(h *fixture, from, text string) string {
	var pairs []string
	if from == luis {
		pairs = append(pairs, "ProfileName", "🎸 L u i s 🎸")
	}
	kind, rest, _ := strings.Cut(text, "]")
	switch kind {
	case "[voice":
		pairs = append(pairs, "NumMedia", "1", "MediaContentType0", "audio/ogg", "MessageType", "audio")
	case "[picture":
		pairs = append(pairs, "NumMedia", "1", "MediaContentType0", "image/jpeg", "MessageType", "image")
	case "[place":
		pairs = append(pairs, "Latitude", "42.46", "Longitude", "-2.44", "MessageType", "location")
	case "[button":
		pairs = append(pairs, "ButtonPayload", strings.TrimSpace(rest), "ButtonText", strings.TrimSpace(rest), "MessageType", "button")
	default:
		return h.says(from, text, pairs...)
	}
	return h.says(from, strings.TrimSpace(rest), pairs...)
}

// scene sets the scene: what happens beside the conversation.
func scene(t *testing.T, h *fixture, what string) *fixture {
	t.Helper()
	fields := strings.Fields(what)
	switch fields[0] {
	case "full": // full DATE TIME: every table is taken
		for i := 0; ; i++ {
			at, err := booking.ParseTimeOfDay(fields[2])
			if err != nil {
				t.Fatal(err)
			}
			date, err := booking.ParseDate(fields[1])
			if err != nil {
				t.Fatal(err)
			}
			_, err = h.desk.Book(t.Context(), booking.Request{
				Caller: booking.Caller{Channel: booking.ByStaff}, Phone: booking.Phone("+3460000" + string(rune('0'+i/100%10)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10)) + "0"),
				Date: date, Time: at, Party: 4, Name: "Otro",
			})
			if err != nil {
				return h
			}
		}
	case "free": // free DATE: one of those tables comes free, and who waits for it is written to
		free(t, h, fields[1])
	case "serve": // serve DATE: what is held for too long goes back
		serve(t, h, fields[1])
	case "held": // held DATE TIME PARTY: a table is held for Ana until she confirms
		h.made(ana, fields[1], fields[2], int(fields[3][0]-'0'), func(r *booking.Request) { r.PreBook = true })
	case "booked": // booked DATE TIME PARTY: by telephone, under the name of Ana
		h.made(ana, fields[1], fields[2], int(fields[3][0]-'0'), nil)
	case "later": // later DURATION
		d, err := time.ParseDuration(fields[1])
		if err != nil {
			t.Fatal(err)
		}
		h.clock.pass(d)
	case "restart":
		return h.reopened()
	case "slow":
		h.journal.Slow.Store(fields[1] == "on")
	case "down":
		h.ledger.broken.Store(fields[1] == "on")
	case "--":
	default:
		t.Fatalf("unknown scene %q", what)
	}
	return h
}

func free(t *testing.T, h *fixture, day string) {
	t.Helper()
	date, err := booking.ParseDate(day)
	if err != nil {
		t.Fatal(err)
	}
	book, err := h.file.Local().Day(t.Context(), date)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range book.Bookings {
		if b.Name == "Otro" && b.Live() && b.Zone == "interior" && len(b.Tables) == 1 {
			who := booking.Who{Caller: booking.Caller{Channel: booking.ByStaff}, Code: b.Code}
			if _, err := h.desk.Cancel(t.Context(), booking.Cancellation{Who: who}); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	serve(t, h, day)
}

// serve offers free tables to the waitlist, and sends the messages.
func serve(t *testing.T, h *fixture, day string) {
	t.Helper()
	date, err := booking.ParseDate(day)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.desk.ServeWaitlist(t.Context(), date, true); err != nil {
		t.Fatal(err)
	}
	box := h.file.Outbox()
	due, err := box.Due(t.Context(), h.clock.Now(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range due {
		if o.State != booking.MessageWaiting {
			continue
		}
		if _, _, err := box.Begin(t.Context(), o, booking.ByText, h.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
}

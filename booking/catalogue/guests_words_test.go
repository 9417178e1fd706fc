package catalogue_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"maitre/booking"
)

// nasty are things that guests and staff type into names, notes and zones.
var nasty = []string{
	"{time}", "{code}", "{", "}", "{}", "{{name}}", "%s", "$1", `"`, `\`, "<b>Ana</b>", "&amp;", "Ana\nGarcía", "\r\n",
	"\u2028", "\u2029", "\u0085", "\t", "\x00", "\x7f", "👩‍👩‍👧", "José Mª", "  ", " ", ",", ".", "O'Neill", "\xff\xfe", "ñ", "مها",
}

func guestText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(nasty), rapid.String()), 0, 4).Draw(t, "parts")
		return strings.Join(parts, "")
	})
}

func anyBooking() *rapid.Generator[booking.Booking] {
	return rapid.Custom(func(t *rapid.T) booking.Booking {
		return booking.Booking{
			Code:   rapid.StringMatching(`[A-Z0-9]{4,6}`).Draw(t, "code"),
			Name:   guestText().Draw(t, "name"),
			Phone:  booking.Phone(rapid.SampledFrom([]string{"", "+34612345678"}).Draw(t, "phone")),
			Date:   on("2026-11-23").AddDays(rapid.IntRange(-800, 800).Draw(t, "days")),
			Time:   booking.TimeOfDay(rapid.IntRange(360, 1799).Draw(t, "time")),
			Party:  rapid.IntRange(1, 30).Draw(t, "party"),
			Zone:   rapid.OneOf(rapid.SampledFrom([]string{"terraza", "barra", ""}), guestText()).Draw(t, "zone"),
			Status: rapid.SampledFrom(append(booking.Statuses(), booking.Processing)).Draw(t, "status"),
		}
	})
}

func anyResult() *rapid.Generator[booking.Result] {
	return rapid.Custom(func(t *rapid.T) booking.Result {
		return booking.Result{
			Booking:   anyBooking().Draw(t, "booking"),
			State:     rapid.SampledFrom([]booking.SyncState{booking.Pending, booking.Written}).Draw(t, "state"),
			Repeated:  rapid.Bool().Draw(t, "repeated"),
			NeedsWord: booking.Text{booking.Spanish: guestText().Draw(t, "word")},
		}
	})
}

// Whatever guests are called, a message is one line with what they wrote unchanged.
func TestGuestsWordsStayTheirs(t *testing.T) {
	t.Parallel()
	c := newCatalogue()
	rapid.Check(t, func(t *rapid.T) {
		lang := rapid.SampledFrom([]booking.Lang{booking.Spanish, booking.English, "de", ""}).Draw(t, "lang")
		r := anyResult().Draw(t, "result")
		for _, message := range []string{
			c.Booked(lang, now(), r), c.Changed(lang, now(), r), c.Cancelled(lang, now(), r),
			c.Confirmed(lang, now(), r), c.Declined(lang, now(), r), c.Repeated(lang, now(), r),
			c.Found(lang, now(), []booking.Booking{r.Booking}),
		} {
			oneLine(t, message)
			name := strings.FieldsSeq(strings.Map(func(c rune) rune {
				if c < ' ' || c >= 0x7f && c < 0xa0 {
					return ' '
				}
				return c
			}, strings.ToValidUTF8(r.Booking.Name, "\ufffd")))
			for word := range name {
				if word = strings.Trim(word, ",."); !strings.Contains(message, word) {
					t.Errorf("%q lost %q", message, word)
				}
			}
		}
	})
}

// A pending booking is never said to be booked.
func TestPendingIsNeverSaidToBeBooked(t *testing.T) {
	t.Parallel()
	c := newCatalogue()
	rapid.Check(t, func(t *rapid.T) {
		r := anyResult().Draw(t, "result")
		r.State, r.Booking.Name, r.NeedsWord = booking.Pending, "Ana", nil
		for _, lang := range []booking.Lang{booking.Spanish, booking.English} {
			for _, message := range []string{
				c.Booked(lang, now(), r), c.Changed(lang, now(), r), c.Cancelled(lang, now(), r),
				c.Confirmed(lang, now(), r), c.Declined(lang, now(), r), c.Repeated(lang, now(), r),
			} {
				for _, claim := range []string{"confirmada", "perfecto", "reservada", "queda cancelada", "Le esperamos",
					"is confirmed", "is booked", "is cancelled", "look forward"} {
					if strings.Contains(message, claim) {
						t.Errorf("pending, but %q says %q", message, claim)
					}
				}
				if !strings.Contains(message, "procesando") && !strings.Contains(message, "processed") {
					t.Errorf("%q does not say that it is being processed", message)
				}
				if r.Booking.Phone == "" && (strings.Contains(message, "escribimos") || strings.Contains(message, "write to you")) {
					t.Errorf("%q promises a message to nobody", message)
				}
			}
		}
	})
}

func TestAnyRefusalIsSayable(t *testing.T) {
	t.Parallel()
	c := newCatalogue()
	reasons := []booking.Reason{booking.Full, booking.Closed, booking.Past, booking.TooSoon, booking.TooFar, booking.TooLarge,
		booking.Invalid, booking.NotFound, booking.NotAllowed, booking.Failed, ""}
	problems := []booking.Problem{booking.Missing, booking.Unclear, booking.TooLong, booking.BadText, booking.Unknown,
		booking.BetweenSlot, booking.Ambiguous, booking.OtherNumber, booking.Doubled, booking.LifeOver, booking.Unchanged, ""}
	fields := []string{"date", "time", "party", "zone", "name", "phone", "notes", "code", "confirmed", "lang", "", "{when}"}
	rapid.Check(t, func(t *rapid.T) {
		r := &booking.Refusal{
			Reason:  rapid.SampledFrom(reasons).Draw(t, "reason"),
			Field:   rapid.SampledFrom(fields).Draw(t, "field"),
			Problem: rapid.SampledFrom(problems).Draw(t, "problem"),
			HasTime: rapid.Bool().Draw(t, "has time"),
			Which:   rapid.SliceOfN(anyBooking(), 0, 6).Draw(t, "which"),
			Closure: booking.Text{booking.Spanish: guestText().Draw(t, "closure")},
		}
		b := anyBooking().Draw(t, "asked")
		r.Time, r.Party, r.Zone = b.Time, b.Party, b.Zone
		if rapid.Bool().Draw(t, "has date") {
			r.Date = b.Date
		}
		if rapid.Bool().Draw(t, "open") {
			r.Hours = []booking.ServiceHours{lunch, lateDinner}
		}
		if rapid.Bool().Draw(t, "unchanged booking") {
			r.Unchanged = &b
		}
		for _, a := range rapid.SliceOfN(anyBooking(), 0, 3).Draw(t, "alternatives") {
			r.Alternatives = append(r.Alternatives, booking.Alternative{Date: a.Date, Time: a.Time, Zone: a.Zone})
		}
		for _, lang := range []booking.Lang{booking.Spanish, booking.English} {
			oneLine(t, c.Refused(lang, now(), r))
		}
	})
}

func oneLine(t *rapid.T, message string) {
	if message == "" || strings.ContainsAny(message, "\n\r\t\u2028\u2029\u0085\x00\x7f") || strings.Contains(message, "  ") ||
		strings.TrimSpace(message) != message || !utf8.ValidString(message) {
		t.Errorf("not a line to say: %q", message)
	}
}

// The book has the guest's name as it came; the message says it in one line.
func TestANameLikeAPlaceholderIsANameOnly(t *testing.T) {
	t.Parallel()
	b := with(func(b *booking.Booking) { b.Name = "{time} {code}\n{name}" })
	got := newCatalogue().Booked(booking.Spanish, now(), booking.Result{Booking: b, State: booking.Written})
	want := "Su mesa queda reservada a nombre de {time} {code} {name}: 4 personas, el jueves 24 de diciembre a las 21:00, en la terraza. Su código es K 7 Q F. Le esperamos."
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func BenchmarkOffered(b *testing.B) {
	c := newCatalogue()
	offer := booking.Offer{Date: on("2026-12-24"), Time: at("21:00"), Party: 4, Zone: "terraza", Zones: []string{"terraza", "interior"}}
	moment := now()
	b.ReportAllocs()
	for b.Loop() {
		c.Offered(booking.Spanish, moment, offer)
	}
}

func BenchmarkBooked(b *testing.B) {
	c := newCatalogue()
	r := booking.Result{Booking: ana(), State: booking.Written}
	moment := now()
	b.ReportAllocs()
	for b.Loop() {
		c.Booked(booking.Spanish, moment, r)
	}
}

package catalogue_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"maitre/booking"
	"maitre/booking/catalogue"
)

// In writing there is a line for each sentence, bold closes where it opens, and
// what guests and staff typed cannot add to either.
func TestWrittenMessagesAreWellFormed(t *testing.T) {
	t.Parallel()
	c := newCatalogue().Written()
	rapid.Check(t, func(t *rapid.T) {
		lang := rapid.SampledFrom([]booking.Lang{booking.Spanish, booking.English}).Draw(t, "lang")
		r := anyResult().Draw(t, "result")
		r.Booking.Zone, r.NeedsWord = rapid.SampledFrom([]string{"terraza", "barra", ""}).Draw(t, "zone"), nil
		then := anyBooking().Draw(t, "then")
		then.Zone = ""
		offer := booking.Offer{Date: r.Booking.Date, Time: r.Booking.Time, Party: r.Booking.Party, Zone: r.Booking.Zone}
		notes := guestText().Draw(t, "notes")
		both := []booking.Booking{r.Booking, then}
		for _, message := range []string{
			c.Booked(lang, now(), r), c.Changed(lang, now(), r), c.Cancelled(lang, now(), r), c.Confirmed(lang, now(), r), c.Declined(lang, now(), r),
			c.Found(lang, now(), both), c.Which(lang, now(), both, catalogue.ToCancel), c.ReadBackCancel(lang, now(), then), c.AskKeep(lang, now(), then), c.Which(lang, now(), both, catalogue.ToCancelAll), c.Found(lang, now(), both[:1]),
			c.ReadBack(lang, now(), offer, r.Booking.Name, notes, true), c.ReadBackChange(lang, now(), r.Booking, then, notes),
		} {
			if strings.Count(message, "*")%2 != 0 || strings.ContainsAny(message, "_~`\r\t\u2028\u2029\x00\x7f") || strings.Contains(message, "  ") || !utf8.ValidString(message) {
				t.Errorf("not well formed: %q", message)
			}
			for line := range strings.SplitSeq(message, "\n") {
				if line == "" || strings.TrimSpace(line) != line {
					t.Errorf("a line without words, or with blanks around them, in %q", message)
				}
			}
		}
	})
}

func TestPendingIsNeverWrittenAsBooked(t *testing.T) {
	t.Parallel()
	c := newCatalogue().Written()
	r := booking.Result{Booking: ana(), State: booking.Pending}
	for _, lang := range []booking.Lang{booking.Spanish, booking.English} {
		for _, message := range []string{c.Booked(lang, now(), r), c.Changed(lang, now(), r), c.Cancelled(lang, now(), r), c.Confirmed(lang, now(), r)} {
			if !strings.Contains(message, "procesando") && !strings.Contains(message, "processed") || strings.Contains(message, "reservada") || strings.Contains(message, "is booked") {
				t.Errorf("%q", message)
			}
		}
	}
}

func TestInWriting(t *testing.T) {
	t.Parallel()
	spoken := newCatalogue()
	c := spoken.Written()
	r := booking.Result{Booking: ana(), State: booking.Written}
	if got, want := c.Booked(booking.Spanish, now(), r), "Su mesa queda reservada a nombre de Ana García: 4 personas, *el jueves 24 de diciembre a las 21:00*, en la terraza.\n"+
		"Su código es *K7QF*.\nLe esperamos."; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if got := spoken.Booked(booking.Spanish, now(), r); strings.ContainsAny(got, "*\n") {
		t.Errorf("what is said aloud is written: %s", got)
	}
	b := ana()
	b.Name, b.Code = "*Ana*_~`x`", "K*7"
	if got := c.ReadBackCancel(booking.English, now(), b); got != "Shall I cancel your booking under the name Ana 'x' for 4 people, *Thursday 24 December at 21:00*?" {
		t.Error(got)
	}
	for _, field := range []string{"date", "time", "party", "zone", "name", "code"} {
		for _, lang := range []booking.Lang{booking.Spanish, booking.English} {
			if c.Ask(lang, field) == c.Unclear(lang, field) || !strings.HasSuffix(c.Ask(lang, field), "?") {
				t.Errorf("%s: %s", field, c.Ask(lang, field))
			}
		}
	}
}

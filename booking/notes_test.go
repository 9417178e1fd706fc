package booking_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"maitre/booking"
)

func TestNotesAreAddedTo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ have, more, want string }{
		{"celíaca", "una trona", "celíaca; una trona"},
		{"celíaca", "", "celíaca"},
		{"", "celíaca", "celíaca"},
		{"  ", "celíaca", "celíaca"},
		{"frutos secos", "ninguna", "frutos secos"},
		{"frutos secos", "None", "frutos secos"},
		{"frutos secos", "No.", "frutos secos"},
		{"frutos secos", "n/a", "frutos secos"},
		{"frutos secos", "{{notes}}", "frutos secos"},
		{"", "nada", ""},
		{"celíaca; una trona", "Una  trona.", "celíaca; una trona"},
		{"celíaca", "celíaca; una trona", "celíaca; una trona"},
		{"celíaca, ojo con la tarta", "celíaca", "celíaca, ojo con la tarta; celíaca"},
		{"no es celíaca", "celíaca", "no es celíaca; celíaca"},
		{"alergia a nueces", "alergia a nueces, almendras", "alergia a nueces; alergia a nueces, almendras"},
		{"Cobrar seña.\nMesa 4", "trona\ncarrito", "Cobrar seña.\nMesa 4; trona; carrito"},
		{"no", "trona", "no; trona"}, // the first note is the staff's
	} {
		if got := booking.AddNote(tt.have, tt.more); got != tt.want {
			t.Errorf("%q and %q: %q, want %q", tt.have, tt.more, got, tt.want)
		}
	}
}

// What was there stays unchanged and first; each word that is added is there, unless it
// does not fit or says nothing; a repeat adds nothing; the length is bounded.
func TestANoteIsNeverLost(t *testing.T) {
	t.Parallel()
	note := rapid.OneOf(
		rapid.SampledFrom([]string{"", "ninguna", "celíaca", "Celíaca.", "una trona", "una trona; celíaca", "no", ";;", "a;\nb", "silla de ruedas, junto a la puerta"}),
		rapid.StringN(0, 60, 200), rapid.StringMatching(`([a-z]{1,9}[ ;,.]{1,2}){0,90}`))
	rapid.Check(t, func(t *rapid.T) {
		have, more := note.Draw(t, "have"), note.Draw(t, "more")
		got := booking.AddNote(have, more)
		if strings.TrimSpace(have) != "" && !strings.HasPrefix(got, have) {
			t.Fatalf("%q was lost of %q", have, got)
		}
		if again := booking.AddNote(got, more); again != got {
			t.Fatalf("twice is not once: %q, then %q", got, again)
		}
		if n := utf8.RuneCountInString(got); n > max(2000, utf8.RuneCountInString(have)) {
			t.Fatalf("%d characters", n)
		}
		if got == have {
			return
		}
		lower := strings.ToLower(got)
		for part := range strings.FieldsFuncSeq(more, func(r rune) bool { return r == ';' || r == '\n' }) {
			if booking.AddNote("", part) == "" {
				continue // it says nothing
			}
			for word := range strings.FieldsSeq(part) {
				word = strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
				if !strings.Contains(lower, strings.ToLower(word)) {
					t.Fatalf("%q of %q was lost in %q", word, more, got)
				}
			}
		}
	})
}

func TestAGuestAddsToTheNotesAndOnlyTheStaffTakeAway(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	r := tableRequest(1, "2026-11-26", "21:00", 2)
	r.Notes = "celíaca"
	if _, err := s.Book(ctx, r); err != nil {
		t.Fatal(err)
	}
	change := func(caller booking.Caller, notes string) (booking.Result, error) {
		return s.Change(ctx, booking.Change{Who: booking.Who{Caller: caller, Phone: r.Caller.Phone}, Notes: &notes})
	}
	for _, tt := range []struct{ notes, want string }{{"una trona", "celíaca; una trona"}, {"ninguna", "celíaca; una trona"}, {"", "celíaca; una trona"}} {
		if result, err := change(r.Caller, tt.notes); err != nil || result.Booking.Notes != tt.want {
			t.Errorf("%q: %q, %v", tt.notes, result.Booking.Notes, err)
		}
	}
	// What does not fit is refused and said, and nothing is lost.
	var err error
	for i := range 6 {
		if _, err = change(r.Caller, strings.Repeat(string(rune('a'+i)), booking.MaxNotes)); err != nil {
			break
		}
	}
	var refusal *booking.Refusal
	if !errors.As(err, &refusal) || refusal.Field != "notes" || refusal.Problem != booking.TooLong || !strings.HasPrefix(refusal.Unchanged.Notes, "celíaca; una trona; aaa") {
		t.Errorf("%+v", err)
	}
	if result, err := change(booking.Caller{Channel: booking.ByStaff}, "una trona"); err != nil || result.Booking.Notes != "una trona" {
		t.Errorf("the staff: %q, %v", result.Booking.Notes, err)
	}
	none := tableRequest(2, "2026-11-26", "21:00", 2)
	none.Notes = "Ninguna."
	if result, err := s.Book(ctx, none); err != nil || result.Booking.Notes != "" {
		t.Errorf("%q, %v", result.Booking.Notes, err)
	}
}

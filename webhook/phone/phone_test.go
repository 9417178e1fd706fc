package phone_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"

	"maitre/booking"
	"maitre/webhook/phone"
)

func newParser(tb testing.TB) *phone.Parser {
	tb.Helper()
	p, err := phone.New("ES")
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		raw  string
		want booking.Phone
		err  error
	}{
		// Spanish numbers, as people write and say them
		{"612345678", "+34612345678", nil},
		{"612 34 56 78", "+34612345678", nil},
		{"612 345 678", "+34612345678", nil},
		{"612.345.678", "+34612345678", nil},
		{"612-345-678", "+34612345678", nil},
		{"612–345–678", "+34612345678", nil}, // en dash
		{"612/345/678", "+34612345678", nil},
		{"(612) 345 678", "+34612345678", nil},
		{" 6 1 2 3 4 5 6 7 8 ", "+34612345678", nil},
		{"612\u00a0345\u00a0678", "+34612345678", nil}, // no-break space
		{"\u202a+34 612 345 678\u202c", "+34612345678", nil},
		{"712345678", "+34712345678", nil},
		{"941 12 34 56", "+34941123456", nil},
		{"900123456", "+34900123456", nil},

		// with the country code, which is never doubled
		{"+34612345678", "+34612345678", nil},
		{"+34 612 34 56 78", "+34612345678", nil},
		{"(+34) 612 345 678", "+34612345678", nil},
		{"+ 34 612345678", "+34612345678", nil},
		{"34612345678", "+34612345678", nil},
		{"34 612 34 56 78", "+34612345678", nil},
		{"0034612345678", "+34612345678", nil},
		{"00 34 612 34 56 78", "+34612345678", nil},
		{"+0034612345678", "+34612345678", nil},
		{"34941123456", "+34941123456", nil},

		// as channels send them
		{"whatsapp:+34612345678", "+34612345678", nil},
		{"WhatsApp: +34 612 345 678", "+34612345678", nil},
		{"whatsapp:34612345678", "+34612345678", nil},
		{"tel:+34-612-345-678", "+34612345678", nil},
		{"tel:612345678;phone-context=+34", "+34612345678", nil},
		{"sip:+34612345678@pbx.example.org;transport=udp", "+34612345678", nil},
		{"sip:%2B34612345678@203.0.113.5:5060", "+34612345678", nil},
		{"sips:0034612345678;user=phone@example.org", "+34612345678", nil},
		{"SIP:612345678@example.org", "+34612345678", nil},

		// foreign numbers
		{"+44 7911 123456", "+447911123456", nil},
		{"0044 7911 123456", "+447911123456", nil},
		{"+1 (202) 555-0143", "+12025550143", nil},
		{"+33 6 12 34 56 78", "+33612345678", nil},
		{"+39 06 6982 0000", "+390669820000", nil}, // the Italian zero stays
		{"00351 912 345 678", "+351912345678", nil},
		{"whatsapp:+491512345678901234", "", phone.ErrInvalid},

		// what is none
		{"", "", phone.ErrEmpty},
		{"   ", "", phone.ErrEmpty},
		{"+", "", phone.ErrEmpty},
		{"whatsapp:", "", phone.ErrEmpty},
		{"00", "", phone.ErrInvalid},
		{"+0", "", phone.ErrInvalid},
		{"6123456", "", phone.ErrInvalid},
		{"61234567", "", phone.ErrInvalid},
		{"6123456789", "", phone.ErrInvalid},
		{"123456789", "", phone.ErrInvalid},
		{"312345678", "", phone.ErrInvalid},
		{"112", "", phone.ErrInvalid},
		{"+34", "", phone.ErrInvalid},
		{"+34 61234567", "", phone.ErrInvalid},
		{"+34 34612345678", "", phone.ErrInvalid},
		{"+999 612345678", "", phone.ErrInvalid},
		{"447911123456", "", phone.ErrInvalid}, // whose country code was meant, nobody knows
		{"000000000", "", phone.ErrInvalid},
		{"806123456", "", phone.ErrPremium},
		{"+34 803 12 34 56", "", phone.ErrPremium},
		{"seis uno dos", "", phone.ErrNotANumber},
		{"612345678 (Ana)", "", phone.ErrNotANumber},
		{"612345678 ext. 5", "", phone.ErrNotANumber},
		{"612345678x5", "", phone.ErrNotANumber},
		{"612345678,612345679", "", phone.ErrNotANumber},
		{"612+345678", "", phone.ErrNotANumber},
		{"++34612345678", "", phone.ErrNotANumber},
		{"1-800-FLOWERS", "", phone.ErrNotANumber},
		{"anonymous", "", phone.ErrNotANumber},
		{"sip:anonymous@anonymous.invalid", "", phone.ErrNotANumber},
		{"http://612345678", "", phone.ErrNotANumber},
		{"whatsapp:whatsapp:+34612345678", "", phone.ErrNotANumber},
		{"٦١٢٣٤٥٦٧٨", "", phone.ErrNotANumber},
		{"612\x00345678", "", phone.ErrNotANumber},
		{"612\xff345678", "", phone.ErrNotANumber},
		{strings.Repeat("6", 201), "", phone.ErrTooLong},
		{strings.Repeat("6", 200), "", phone.ErrInvalid},
	}
	p := newParser(t)
	for _, tt := range tests {
		t.Run(tt.raw, func(t *testing.T) {
			t.Parallel()
			got, err := p.Parse(tt.raw)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("Parse(%q) = %q, %v; want %q, %v", tt.raw, got, err, tt.want, tt.err)
			}
		})
	}
}

// 00 means + everywhere, though some regions dial otherwise.
func TestParseElsewhere(t *testing.T) {
	t.Parallel()
	p, err := phone.New("US")
	if err != nil {
		t.Fatal(err)
	}
	for raw, want := range map[string]booking.Phone{
		"0034612345678":    "+34612345678",
		"011 34 612345678": "+34612345678",
		"(202) 555-0143":   "+12025550143",
		"1 202 555 0143":   "+12025550143",
	} {
		if got, err := p.Parse(raw); err != nil || got != want {
			t.Errorf("Parse(%q) = %q, %v; want %q", raw, got, err, want)
		}
	}
}

func TestMobile(t *testing.T) {
	t.Parallel()
	p := newParser(t)
	for number, want := range map[booking.Phone]bool{
		"+34612345678":  true,
		"+34712345678":  true,
		"+447911123456": true,
		"+12025550143":  true, // North America does not tell
		"+34941123456":  false,
		"+34900123456":  false,
		"+390669820000": false,
		"":              false,
		"+34":           false,
	} {
		if got := p.Mobile(number); got != want {
			t.Errorf("Mobile(%s) = %v", number, got)
		}
	}
}

func TestNewRefusesAnUnknownRegion(t *testing.T) {
	t.Parallel()
	for _, region := range []string{"", "XX", "España", "ZZ", "001"} {
		if _, err := phone.New(region); err == nil {
			t.Errorf("region %q accepted", region)
		}
	}
	for _, region := range []string{"ES", "es", "PT"} {
		if _, err := phone.New(region); err != nil {
			t.Errorf("region %q: %v", region, err)
		}
	}
}

// However a Spanish number is written, it is the same number.
func TestParseSeesThroughPunctuation(t *testing.T) {
	t.Parallel()
	p := newParser(t)
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`(6[0-9]|7[1-9])[0-9]{7}`).Draw(t, "number")
		want, err := p.Parse(number)
		if err != nil {
			t.Skip("not assigned")
		}
		raw := rapid.SampledFrom([]string{"", "whatsapp:", "tel:", "sip:"}).Draw(t, "scheme")
		prefixed := rapid.SampledFrom([]string{"", "34", "+34", "0034", "+0034", "(+34)"}).Draw(t, "prefix") + number
		for _, digit := range prefixed {
			raw += string(digit) + rapid.SampledFrom([]string{"", "", " ", ".", "-", "\u00a0"}).Draw(t, "mark")
		}
		if got, err := p.Parse(raw); err != nil || got != want {
			t.Fatalf("Parse(%q) = %q, %v; want %q", raw, got, err, want)
		}
	})
}

// Every country's numbers come back as they went in, whatever region reads them.
func TestParseKeepsWhatItReturned(t *testing.T) {
	t.Parallel()
	spanish := newParser(t)
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.StringMatching(`(\+|00)?[1-9][0-9]{6,14}`).Draw(t, "raw")
		checkStable(t, spanish, raw)
	})
}

func checkStable(t interface {
	Fatalf(format string, args ...any)
}, p *phone.Parser, raw string) {
	once, err := p.Parse(raw)
	if err != nil {
		if once != "" {
			t.Fatalf("Parse(%q) = %q and %v", raw, once, err)
		}
		return
	}
	if len(once) < 5 || len(once) > 16 || once[0] != '+' || once[1] == '0' || strings.Trim(string(once[1:]), "0123456789") != "" {
		t.Fatalf("Parse(%q) = %q, which is not E.164", raw, once)
	}
	if twice, err := p.Parse(string(once)); err != nil || twice != once {
		t.Fatalf("Parse(%q) = %q, then %q, %v", raw, once, twice, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, raw := range []string{"612 34 56 78", "0034612345678", "whatsapp:+34612345678", "+1 (202) 555-0143", "sip:%2B34612345678@h", "seis uno dos", "+800 1234 5678", "+39 06 6982"} {
		f.Add(raw)
	}
	p := newParser(f)
	f.Fuzz(func(t *testing.T, raw string) { checkStable(t, p, raw) })
}

func BenchmarkParse(b *testing.B) {
	p := newParser(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Parse("612 34 56 78"); err != nil {
			b.Fatal(err)
		}
	}
}

// TestSpanishMobilesAreReadAsTheLibraryReadsThem holds the short way for the
// commonest numbers against the library's.
func TestSpanishMobilesAreReadAsTheLibraryReadsThem(t *testing.T) {
	t.Parallel()
	p, err := phone.New("ES")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		number := "+346" + rapid.StringMatching(`[0-9]{7,9}`).Draw(rt, "rest")
		parsed, err := phonenumbers.Parse(number, "ES")
		valid := err == nil && phonenumbers.IsValidNumber(parsed)
		got, err := p.Parse(number)
		if valid != (err == nil) || valid && string(got) != phonenumbers.Format(parsed, phonenumbers.E164) {
			rt.Fatalf("%s: %s, %v; the library finds it valid: %v", number, got, err, valid)
		}
	})
}

// Package phone turns a telephone number, as a guest says or a channel sends
// it, into E.164. It knows the world's numbering plans; it must not know who
// calls, nor what for.
package phone

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"maitre/booking"
)

// The errors of Parse. None of them quotes the text.
var (
	// ErrEmpty is returned when there is no digit in it.
	ErrEmpty = errors.New("no phone number given")
	// ErrTooLong is returned when it is longer than any way to write a number.
	ErrTooLong = errors.New("phone number too long")
	// ErrNotANumber is returned when it holds what no number does, such as letters.
	ErrNotANumber = errors.New("not a phone number: use digits, with + and the country code for a foreign one")
	// ErrInvalid is returned when no numbering plan has such a number.
	ErrInvalid = errors.New("no such phone number: check the digits, and the country code of a foreign one")
	// ErrPremium is returned for a number that costs whoever calls or writes to it.
	ErrPremium = errors.New("premium-rate phone number: give another one")
)

// maxRaw is the longest text that is looked at, in bytes; a SIP address with
// its host and parameters fits.
const maxRaw = 200

// Parser reads numbers as they are written in one country. It is safe for
// concurrent use.
type Parser struct {
	region string
}

// New returns a parser for numbers written without a country code in a region,
// an ISO 3166 code such as "ES". It returns an error for a region without a
// numbering plan.
func New(region string) (*Parser, error) {
	p := &Parser{region: strings.ToUpper(region)}
	// Also loads the library's tables now rather than in the first call.
	if !phonenumbers.GetSupportedRegions()[p.region] {
		return nil, fmt.Errorf("phone region %q is unknown: use a country's two letters, such as ES", region)
	}
	return p, nil
}

// Parse returns the number in E.164. It takes national numbers with or without
// the country code (612 34 56 78, 34612345678, 0034…), foreign ones with + or
// 00, with spaces, dots, dashes, slashes and parentheses anywhere, and the
// addresses that channels send (whatsapp:, tel:, sip:). What it returned it
// returns again unchanged.
//
// Errors: ErrEmpty, ErrTooLong, ErrNotANumber, ErrInvalid, ErrPremium.
func (p *Parser) Parse(raw string) (booking.Phone, error) {
	if len(raw) > maxRaw {
		return "", ErrTooLong
	}
	number, err := dialled(subscriber(raw))
	if err != nil {
		return "", err
	}
	if spanishMobile(number) {
		return booking.Phone(number), nil
	}
	parsed, err := phonenumbers.Parse(number, p.region)
	if err != nil || !phonenumbers.IsValidNumber(parsed) {
		return "", ErrInvalid
	}
	if phonenumbers.GetNumberType(parsed) == phonenumbers.PREMIUM_RATE {
		return "", ErrPremium
	}
	return booking.Phone(phonenumbers.Format(parsed, phonenumbers.E164)), nil
}

// spanishMobile reports whether a number is one of +34 6xx xxx xxx, all of which
// the numbering plan gives to mobile phones. Nearly every caller has one, as the
// network writes it, and reading it as a number of anywhere costs 11 µs.
func spanishMobile(number string) bool {
	rest, ok := strings.CutPrefix(number, "+346")
	return ok && len(rest) == 8 && strings.Trim(rest, "0123456789") == ""
}

// Mobile reports whether a number can be a mobile phone, which text messages
// reach. Where the numbering plan does not tell (as in North America) it can.
func (p *Parser) Mobile(number booking.Phone) bool {
	parsed, err := phonenumbers.Parse(string(number), p.region)
	if err != nil {
		return false
	}
	switch phonenumbers.GetNumberType(parsed) {
	case phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE:
		return true
	default:
		return false
	}
}

// subscriber takes the number out of a channel's address: 'whatsapp:NUMBER',
// 'tel:NUMBER;parameters' (RFC 3966), 'sip:NUMBER@host;parameters' (RFC 3261).
func subscriber(raw string) string {
	raw = strings.TrimSpace(raw)
	scheme, rest, found := strings.Cut(raw, ":")
	if !found {
		return raw
	}
	switch strings.ToLower(strings.TrimSpace(scheme)) {
	case "whatsapp":
		return rest
	case "tel", "sip", "sips":
		rest, _, _ = strings.Cut(rest, "@")
		rest, _, _ = strings.Cut(rest, ";")
		rest, _, _ = strings.Cut(rest, "?")
		if plain, err := url.PathUnescape(rest); err == nil {
			return plain
		}
	}
	return raw
}

// dialled returns only what one would dial: digits, and + before them for an
// international number, for which 00 is also written.
func dialled(text string) (string, error) {
	var digits strings.Builder
	international := false
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case r == '+' && digits.Len() == 0 && !international:
			international = true
		case strings.ContainsRune(".-/()\u00ad\u200e\u200f\u202a\u202c", r), unicode.IsSpace(r), unicode.Is(unicode.Pd, r):
			// punctuation, and invisible characters that phone books copy along
		default:
			return "", ErrNotANumber
		}
	}
	number := digits.String()
	if number == "" {
		return "", ErrEmpty
	}
	// No country code begins with 0, so that '+0034' can only mean +34.
	if trimmed, cut := strings.CutPrefix(number, "00"); cut {
		number, international = trimmed, true
	}
	if international {
		number = "+" + number
	}
	return number, nil
}

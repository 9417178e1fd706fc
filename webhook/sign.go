package webhook

import (
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"time"
)

// Header is one header of a signed request.
type Header struct {
	Name, Value string
}

// SignVAPI returns the headers that make a request with this body VAPI's, in
// the given mode at the given time. For an unknown mode there are none.
func SignVAPI(mode, secret string, body []byte, now time.Time) []Header {
	switch mode {
	case ModeHMAC:
		stamp := strconv.FormatInt(now.UnixMilli(), 10)
		mac := newSigner(secret).sum(stamp, body)
		return []Header{
			{headerVAPISignature, hex.EncodeToString(mac[:])},
			{headerVAPITimestamp, stamp},
		}
	case ModeHeader:
		return []Header{{headerVAPISecret, secret}}
	case ModeBearer:
		return []Header{{headerAuthorization, "Bearer " + secret}}
	default:
		return nil
	}
}

// SignTwilio returns the header that makes a POST of this body to this URL
// Twilio's. The body is a form (application/x-www-form-urlencoded); where the
// URL carries bodySHA256 it is anything with that hash. It returns an error when
// the URL or the body cannot be read, or the hash is another's.
//
// Source: https://www.twilio.com/docs/usage/security
func SignTwilio(token, address string, body []byte) ([]Header, error) {
	signed, err := twilioURL(address)
	if err != nil {
		return nil, err
	}
	form, err := twilioForm(signed, body)
	if err != nil {
		return nil, err
	}
	mac := newTwilioSigner(token).sum(signed, form)
	return []Header{{headerTwilioSignature, base64.StdEncoding.EncodeToString(mac[:])}}, nil
}

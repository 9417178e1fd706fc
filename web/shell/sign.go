package shell

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"maitre/webhook"
)

// ErrUnset is returned, after the name of a variable, when there is nothing to
// sign with.
var ErrUnset = errors.New("is not set")

var errSignUsage = errors.New("sign vapi|twilio [--url URL] [FILE]")

// Signing asks for the headers that make a body a validly signed request.
type Signing struct {
	source string
	url    string   // empty: our own
	file   []string // its name; none: the input
}

// ReadSigning reads the arguments of "maitre sign". Every error is of the arguments.
func ReadSigning(args []string) (Signing, error) {
	if len(args) == 0 {
		return Signing{}, errSignUsage
	}
	flags := silent("sign")
	url := flags.String("url", "", "")
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() > 1 {
		return Signing{}, errSignUsage
	}
	if args[0] != "vapi" && args[0] != "twilio" {
		return Signing{}, fmt.Errorf("sign %q: want vapi or twilio", args[0])
	}
	return Signing{source: args[0], url: *url, file: flags.Args()}, nil
}

// Keys are what requests are signed with.
type Keys struct {
	// VAPIMode and VAPISecret are how VAPI signs, and with what; the secret may be empty.
	VAPIMode, VAPISecret string
	// TwilioToken is what Twilio signs with; may be empty.
	TwilioToken string
	// WhatsAppURL is where Twilio calls us.
	WhatsAppURL string
}

// Print signs the file's or in's body and prints the headers.
//
// Errors: [ErrUnset]; what reading says; what [webhook.SignTwilio] does not take.
func (s Signing) Print(keys Keys, in io.Reader, out io.Writer) error {
	if len(s.file) > 0 {
		file, err := os.Open(s.file[0])
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }() // only read
		in = file
	}
	body, err := io.ReadAll(io.LimitReader(in, webhook.DefaultMaxBody+1))
	if err != nil {
		return fmt.Errorf("read the body to sign: %w", err)
	}
	headers, err := s.headers(keys, body)
	if err != nil {
		return err
	}
	for _, h := range headers {
		_, _ = fmt.Fprintf(out, "%s: %s\n", h.Name, h.Value)
	}
	return nil
}

func (s Signing) headers(keys Keys, body []byte) ([]webhook.Header, error) {
	if s.source == "vapi" {
		if keys.VAPISecret == "" {
			return nil, fmt.Errorf("VAPI_WEBHOOK_SECRET %w; make run writes one into .env", ErrUnset)
		}
		return webhook.SignVAPI(keys.VAPIMode, keys.VAPISecret, body, time.Now()), nil
	}
	if keys.TwilioToken == "" {
		return nil, fmt.Errorf("TWILIO_AUTH_TOKEN %w", ErrUnset)
	}
	return webhook.SignTwilio(keys.TwilioToken, cmp.Or(s.url, keys.WhatsAppURL), body)
}

package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"maitre/webhook"
)

// sign prints the headers that make a body a validly signed request.
func sign(args []string, getenv func(string) string, stdin io.Reader, stdout io.Writer) error {
	asked, err := readSigning(args)
	if err != nil {
		return err
	}
	cfg, err := readConfig(getenv)
	if err != nil {
		return err
	}
	return asked.print(cfg, stdin, stdout)
}

const signUsage = "sign vapi|twilio [--url URL] [FILE]"

// signing asks for the headers that make a body a validly signed request.
type signing struct {
	source string
	url    string   // empty: our own
	file   []string // its name; none: the input
}

// readSigning reads the arguments of "maitre sign". Every error is a [ConfigError].
func readSigning(args []string) (signing, error) {
	if len(args) == 0 {
		return signing{}, usage(signUsage)
	}
	flags := flag.NewFlagSet("sign", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	url := flags.String("url", "", "")
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() > 1 {
		return signing{}, usage(signUsage)
	}
	if args[0] != "vapi" && args[0] != "twilio" {
		return signing{}, usage("sign %q: want vapi or twilio", args[0])
	}
	return signing{source: args[0], url: *url, file: flags.Args()}, nil
}

// print signs the body in the file, or in, and prints the headers.
//
// Errors: a [ConfigError] where a secret is not set; what reading says; what [webhook.SignTwilio] does not take.
func (s signing) print(cfg Config, in io.Reader, out io.Writer) error {
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
	headers, err := s.headers(cfg, body)
	if err != nil {
		return err
	}
	for _, h := range headers {
		_, _ = fmt.Fprintf(out, "%s: %s\n", h.Name, h.Value)
	}
	return nil
}

func (s signing) headers(cfg Config, body []byte) ([]webhook.Header, error) {
	if s.source == "vapi" {
		secret := cfg.VAPISecrets.First().Reveal()
		if secret == "" {
			return nil, usage("VAPI_WEBHOOK_SECRET is not set; make run writes one into .env")
		}
		return webhook.SignVAPI(cfg.VAPIAuth, secret, body, time.Now()), nil
	}
	token := cfg.TwilioAuthTokens.First().Reveal()
	if token == "" {
		return nil, usage("TWILIO_AUTH_TOKEN is not set")
	}
	return webhook.SignTwilio(token, cmp.Or(s.url, cfg.PublicURL+"/whatsapp"), body)
}

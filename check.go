package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"maitre/web/remote"
)

// errCannotWork is returned by check when something must be fixed first.
var errCannotWork = errors.New("the desk cannot work like this: fix what is marked wrong")

// check prints a line for each thing that the desk needs. Where all is well and a
// desk is running, the bookings that waited for something to be fixed go on.
func check(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	if len(args) > 0 {
		return usage("check")
	}
	cfg, err := readConfig(getenv)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(stdout, "ok: the configuration")
	p, warnings, err := newProgram(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	for _, w := range warnings {
		_, _ = fmt.Fprintln(stdout, "note:", w)
	}
	_, _ = fmt.Fprintf(stdout, "ok: the restaurant file of %s\n", p.restaurant.Name)
	if ok, err := p.check(ctx, stdout); err != nil {
		return err
	} else if !ok {
		return errCannotWork
	}
	if cfg.AdminToken != "" && !cfg.LocalMode() {
		retryFixed(ctx, cfg, stdout)
	}
	return nil
}

// check prints a line for each thing outside of the program that the desk needs:
// Airtable, Twilio. It returns false when something must be fixed before the desk can work.
//
// Errors: a [ConfigError]; what out or ctx says.
func (p program) check(ctx context.Context, out io.Writer) (ok bool, err error) {
	ok, err = p.checkRecord(ctx, out)
	if err != nil {
		return false, err
	}
	return p.checkTwilio(ctx, out) && ok, nil
}

// checkRecord checks the system of record.
func (p program) checkRecord(ctx context.Context, out io.Writer) (ok bool, err error) {
	if p.cfg.LocalMode() {
		_, _ = fmt.Fprintln(out, "ok: local mode: the data file keeps the book (AIRTABLE_API_KEY is not set)")
		return true, nil
	}
	s, done, err := p.setup(p.knownBase(ctx))
	if err != nil {
		return false, err
	}
	defer done()
	return s.Check(ctx, out)
}

// checkTwilio asks Twilio for its account; false: messages cannot be sent.
func (p program) checkTwilio(ctx context.Context, out io.Writer) bool {
	if p.cfg.TwilioAccountSID == "" {
		_, _ = fmt.Fprintln(out, "note: Twilio is not set up: nothing can be sent to guests or staff; set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_WHATSAPP_FROM")
		return true
	}
	client, err := p.twilio()
	if err == nil {
		defer client.Close()
		var name string
		if name, err = client.Account(ctx); err == nil {
			_, _ = fmt.Fprintf(out, "ok: the Twilio account %q\n", name)
			return true
		}
	}
	_, _ = fmt.Fprintf(out, "wrong: Twilio: %v\n", err)
	return false
}

// retryFixed has the running desk, if there is one, attempt again what waited for
// something to be fixed, and prints how much that was. It waits a second first: the
// desk writes at the pace that Airtable allows, and what was asked just before counts.
func retryFixed(ctx context.Context, cfg Config, out io.Writer) {
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
	}
	staff, err := remote.New(cfg.Address(), cfg.AdminToken.Reveal())
	if err != nil {
		return
	}
	if n, err := staff.Retry(ctx, "mended"); err == nil && n > 0 {
		_, _ = fmt.Fprintf(out, "ok: bookings that waited for this and go on now: %d\n", n)
	}
}

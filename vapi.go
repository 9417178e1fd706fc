package main

import (
	"bytes"
	"fmt"
	"io"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/webhook/vapi"
)

// vapiCommand carries out "maitre vapi assistant".
func vapiCommand(args []string, getenv func(string) string, stdout io.Writer) error {
	if len(args) != 1 || args[0] != "assistant" {
		return usage("vapi assistant")
	}
	p, err := readProgram(getenv)
	if err != nil {
		return err
	}
	return p.printAssistant(stdout)
}

// printAssistant prints the assistant as VAPI takes it, for a person to paste or to POST.
func (p program) printAssistant(out io.Writer) error {
	words := catalogue.New(p.restaurant)
	waitlist := p.cfg.TwilioAccountSID != "" && p.policy(words).Hold() > 0
	assistant, err := p.profile(booking.NewDesk(booking.Config{Restaurant: p.restaurant}), words, waitlist).Saved()
	if err != nil {
		return err
	}
	printed, err := assistant.JSON()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", bytes.TrimSpace(printed))
	return err
}

// profile is what VAPI's assistant is made from.
func (p program) profile(desk vapi.Restaurant, words *catalogue.Catalogue, waitlist bool) vapi.Profile {
	return vapi.Profile{Restaurant: desk, Words: words, PublicURL: p.cfg.PublicURL, CredentialID: p.cfg.VAPICredentialID, Waitlist: waitlist}
}

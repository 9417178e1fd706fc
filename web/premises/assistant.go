package premises

import (
	"bytes"
	"fmt"
	"io"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/webhook/phone"
	"maitre/webhook/vapi"
)

// profile is what VAPI's assistant is made from.
func (c Config) profile(house vapi.House, words *catalogue.Catalogue, waitlist bool) vapi.Profile {
	return vapi.Profile{House: house, Words: words, PublicURL: c.PublicURL, CredentialID: c.VAPI.CredentialID, Waitlist: waitlist}
}

// Assistant prints the assistant as VAPI takes it, for a person to paste or to
// POST. It needs no data file, and of c neither Log nor Watch.
func Assistant(c Config, out io.Writer) error {
	phones, err := phone.New(region)
	if err != nil {
		return err
	}
	words := catalogue.New(c.House.Restaurant)
	waitlist := c.Twilio.AccountSID != "" && c.policy(words, phones).Hold() > 0
	assistant, err := c.profile(booking.NewDesk(booking.Config{Restaurant: c.House.Restaurant}), words, waitlist).Saved()
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

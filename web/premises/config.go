package premises

import (
	"log/slog"
	"strings"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/notify"
	"maitre/retry"
	"maitre/store/airtable"
	"maitre/store/env"
	"maitre/store/restaurantfile"
	"maitre/webhook/phone"
	"maitre/webhook/whatsapp/twilio"
)

// Config is what a house is built from. Fields are needed unless they say otherwise.
type Config struct {
	House restaurantfile.File
	Watch booking.Watch
	Log   *slog.Logger
	// Changed gathers the days that change in the data file; see [store.Options].
	Changed *retry.Dates
	// Version and Revision are the program's, to be shown; may be empty.
	Version, Revision string
	// Host is the machine, for the staff to tell one desk from another.
	Host string
	// OnLost is told, once, when the desk must stop because another writes to its
	// base; may be nil.
	OnLost func(error)

	// PublicURL is how the world reaches us; no slash at the end.
	PublicURL string
	// OnFly: requests come through Fly.io's proxy.
	OnFly bool
	// AdminPassword opens the staff's pages; empty: they are closed.
	AdminPassword env.Secret
	// AdminToken opens the staff API to programs; empty: only who is signed in gets there.
	AdminToken env.Secret
	// StaffPhones are told when a booking waits; may be empty.
	StaffPhones []booking.Phone

	// ReplyBudget is how long a guest waits for the system of record.
	ReplyBudget time.Duration
	// RetryTick is how often there is looked for what is due.
	RetryTick        time.Duration
	RetryMaxAttempts int

	// Adopt is the system of record to which a change is agreed, as [RecordName] names
	// it; empty: a change that matters is refused.
	Adopt string

	Airtable Airtable
	VAPI     VAPI
	Twilio   Twilio
}

// Airtable is the staff's base. Without a BaseID there is none, and the data file
// keeps the book.
type Airtable struct {
	Endpoint, BaseID string
	Token            airtable.Token
	Bookings, Tables string        // what these tables are called
	Poll             time.Duration // 0: as Airtable can notify us or not
	MaxAge           time.Duration // how old what guests are told may be
}

// VAPI is the phone. Without Secrets nobody can call.
type VAPI struct {
	Auth             string      // webhook.ModeHMAC and its like
	Secrets          env.Secrets // all are accepted
	RequireTimestamp bool
	CredentialID     string // may be empty
}

// Twilio is WhatsApp and SMS. Without Tokens nobody can write to us; without an
// AccountSID nothing can be sent.
type Twilio struct {
	AccountSID    string
	Tokens        env.Secrets // the first signs our calls, all are accepted
	WhatsApp, SMS booking.Phone
	Endpoint      string // empty: Twilio's own
}

// local tells whether the data file keeps the book.
func (c Config) local() bool { return c.Airtable.BaseID == "" }

// notifyURL is where Airtable tells us of changes; empty where it cannot reach us.
func (c Config) notifyURL() string {
	if !strings.HasPrefix(c.PublicURL, "https://") {
		return ""
	}
	return c.PublicURL + "/airtable"
}

// sms tells whether messages may go by SMS.
func (c Config) sms() bool { return c.Twilio.SMS != "" && !c.House.Messages.NoSMS }

// policy returns what decides which messages a booking owes.
func (c Config) policy(words *catalogue.Catalogue, phones *phone.Parser) *notify.Policy {
	return &notify.Policy{Words: words, Rules: c.House.Messages, Mobile: phones.Mobile, SMS: c.sms()}
}

// carrier returns what speaks with Twilio.
func (c Config) carrier() (*twilio.Client, error) {
	carrier, err := twilio.New(twilio.Config{
		AccountSID: c.Twilio.AccountSID, Token: twilio.Token(c.Twilio.Tokens.First().Reveal()),
		WhatsApp: c.Twilio.WhatsApp, SMS: c.Twilio.SMS, StatusCallback: c.PublicURL + "/whatsapp/status", Endpoint: c.Twilio.Endpoint,
	})
	if err != nil {
		return nil, &Mistake{err}
	}
	return carrier, nil
}

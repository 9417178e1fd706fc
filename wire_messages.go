package main

import (
	"cmp"
	"context"
	"errors"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/notify"
	"maitre/retry"
	"maitre/store"
	"maitre/web"
	"maitre/webhook/whatsapp"
	"maitre/webhook/whatsapp/twilio"
)

// messaging is how messages are sent; without Twilio none are, and none are promised.
type messaging struct {
	outbox    *store.Outbox
	sender    *retry.Sender    // nil: there is no Twilio
	policy    *notify.Policy   // nil likewise
	unreached *retry.Unreached // tells the staff of guests whom no message reaches; nil: nobody can be told
	words     *catalogue.Catalogue
	link      string // where the staff see the journal
	close     func()
}

func (w wiring) messaging(metrics *retry.Metrics) (*messaging, error) {
	rules := w.messages
	m := &messaging{outbox: w.file.Outbox(), words: catalogue.New(w.restaurant), link: w.cfg.PublicURL + "/admin", close: func() {}}
	if w.cfg.TwilioAccountSID == "" {
		m.words = m.words.Silent()
		return m, nil
	}
	carrier, err := w.twilio()
	if err != nil {
		return nil, err
	}
	m.close = carrier.Close
	m.policy = w.policy(m.words)
	if !w.sms() && len(rules.Templates) == 0 {
		w.log.Warn("guests who have not written within a day cannot be written to: give [messages.templates], or set TWILIO_SMS_FROM (docs/messages.md)")
	}
	if len(w.cfg.StaffPhones) > 0 {
		m.unreached = retry.NewUnreached(retry.UnreachedConfig{
			Outbox: m.outbox, Booking: w.file.Local().ByID, Word: m.words.Unreached, Staff: w.cfg.StaffPhones, Clock: w.clock, OnQueued: w.messageDue.Send, Log: w.log,
		})
	}
	m.sender = retry.NewSender(m.outbox, carrier, retry.SenderOptions{
		Wake:     w.messageDue,
		Template: rules.Template, SMS: w.sms(), Staff: w.cfg.StaffPhones, Tick: w.cfg.RetryTick, Log: w.log, Now: w.clock.Now,
		Quiet:      func(now time.Time) (time.Time, bool) { return rules.Quiet(now, w.restaurant.Location) },
		Still:      m.still(w.file.Local(), w.clock),
		Breaker:    retry.NewBreaker("Twilio", retry.BreakerOptions{OnChange: noteBreaker(metrics, "Twilio", w.log)}),
		OnFinished: func(o booking.OutboxMessage) { metrics.Message(o); m.unreached.OnMessage(o) },
	})
	retry.ShowProblem(w.registry, "Twilio", m.sender.Problem)
	return m, nil
}

// twilio returns the client of Twilio's API.
func (p program) twilio() (*twilio.Client, error) {
	c := p.cfg
	client, err := twilio.New(twilio.Config{
		AccountSID: c.TwilioAccountSID, Token: twilio.Token(c.TwilioAuthTokens.First().Reveal()),
		WhatsApp: c.TwilioWhatsApp, SMS: c.TwilioSMS, StatusCallback: c.PublicURL + "/whatsapp/status", Endpoint: c.TwilioURL,
	})
	if err != nil {
		return nil, configError(err)
	}
	return client, nil
}

// sms reports whether messages may go by SMS.
func (p program) sms() bool { return p.cfg.TwilioSMS != "" && !p.messages.NoSMS }

// policy returns what decides which messages a booking needs.
func (p program) policy(words *catalogue.Catalogue) *notify.Policy {
	return &notify.Policy{Words: words, Rules: p.messages, Mobile: p.phones.Mobile, SMS: p.sms()}
}

// ready reports whether messages leave, where any are to; the desk works without.
func (m *messaging) ready() []web.Check {
	if !m.sends() {
		return nil
	}
	why := m.sender.Problem()
	return []web.Check{{Name: "messages", OK: why == "", Optional: true, Detail: cmp.Or(why, "Twilio")}}
}

// sends reports whether messages are sent.
func (m *messaging) sends() bool { return m.sender != nil }

// texts returns what words the messages of the worker; nil where none can be sent.
func (m *messaging) texts() retry.Words {
	if !m.sends() {
		return nil
	}
	return retry.Texts{Words: m.words, Link: m.link}
}

// notifyPolicy returns what decides which messages are to be sent; nil where none can be sent.
func (m *messaging) notifyPolicy() booking.NotifyPolicy {
	if !m.sends() {
		return nil
	}
	return m.policy
}

// hold returns how long a table is held for a party of the waitlist; zero: there is none.
func (m *messaging) hold() time.Duration {
	if !m.sends() {
		return 0
	}
	return m.policy.Hold()
}

// Stop keeps that a guest wants no messages.
func (m *messaging) Stop(ctx context.Context, phone booking.Phone) error {
	return m.outbox.OptOut(ctx, phone, true)
}

// Start undoes Stop.
func (m *messaging) Start(ctx context.Context, phone booking.Phone) error {
	return m.outbox.OptOut(ctx, phone, false)
}

// still returns what reports whether a message about a booking says what is so now.
func (m *messaging) still(bookings *store.Local, clock booking.Clock) func(context.Context, booking.OutboxMessage) (bool, error) {
	return func(ctx context.Context, o booking.OutboxMessage) (bool, error) {
		if o.Booking == "" || o.Kind == booking.MessageAlert {
			return true, nil
		}
		b, err := bookings.ByID(ctx, o.Booking)
		switch {
		case errors.Is(err, booking.ErrNotFound):
			return false, nil // the staff deleted it
		case err != nil:
			return false, err
		}
		return m.policy.Still(o.Message, b, clock.Now()), nil
	}
}

// reminders returns the worker that reminds guests of tomorrow.
func (w wiring) reminders(record *systemOfRecord, messages *messaging) *retry.Reminders {
	rules, location := w.messages, w.restaurant.Location
	return retry.NewReminders(retry.RemindersConfig{
		Ledger: record.ledger, Outbox: messages.outbox, Reminder: messages.policy.Reminder, Location: location,
		Due:   func(date booking.Date) time.Time { return rules.ReminderDue(date, location) },
		Clock: w.clock, OnQueued: w.messageDue.Send, Log: w.log,
	})
}

// callStaff returns what asks the staff to call a guest; nil where nobody could be told.
func (w wiring) callStaff(messages *messaging) whatsapp.Escalate {
	if !messages.sends() || len(w.cfg.StaffPhones) == 0 {
		return nil
	}
	return whatsapp.StaffAlert{Outbox: messages.outbox, Words: messages.words, Staff: w.cfg.StaffPhones, OnQueued: w.messageDue.Send}
}

// offers returns the worker that offers free tables to the waitlist; nil where there is
// no waitlist.
func (w wiring) offers(desk *booking.Desk, record *systemOfRecord) *retry.WaitlistWorker {
	if !desk.KeepsWaitlist() {
		return nil
	}
	return retry.NewWaitlistWorker(retry.WaitlistConfig{
		Desk: desk, Dates: w.file.Waitlist().Dates, Ready: record.takes, Clock: w.clock, Tick: w.cfg.RetryTick, Wake: w.decided, Log: w.log,
	})
}

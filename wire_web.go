package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"maitre/booking"
	"maitre/booking/phrase"
	"maitre/retry"
	"maitre/store"
	"maitre/web"
	"maitre/webhook"
	"maitre/webhook/answer"
	"maitre/webhook/vapi"
	"maitre/webhook/whatsapp"
	"maitre/webhook/whatsapp/twilio"
)

// front is what guests and staff reach.
type front struct {
	handler http.Handler
	offers  *retry.WaitlistWorker // offers free tables to the waitlist; nil: there is no waitlist
}

// web connects the webhooks, the pages and the desk that decides.
func (w wiring) web(record *systemOfRecord, messages *messaging, found guards) (front, error) {
	metrics := web.NewMetrics(w.registry, version, revision())
	desk := w.desk(record, messages, metrics)
	profile := w.profile(desk, messages.words, desk.KeepsWaitlist())
	if _, err := profile.Saved(); err != nil {
		return front{}, configError(fmt.Errorf("restaurant file: VAPI would refuse the assistant: %w", err))
	}
	reader, idempotency := phrase.New(phrase.RestaurantOf(desk)), webhook.NewIdempotency(w.file, w.log)
	calls := vapi.New(vapi.Config{
		Desk: desk, Renderer: answer.New(messages.words, desk.Now), Reader: reader, Phones: w.phones, Idempotency: idempotency, Log: w.log, Profile: profile,
	})
	chats := whatsapp.New(whatsapp.Config{
		Desk: desk, Words: messages.words, Reader: reader, Phones: w.phones, Idempotency: idempotency, Dialogues: w.file.Dialogues(), OptOut: messages, Escalate: w.callStaff(messages),
		OnMessage: messages.outbox.HeardFrom, AccountSID: w.cfg.TwilioAccountSID, Now: desk.Now, Log: w.log,
	})
	entries, err := w.authenticators()
	if err != nil {
		return front{}, err
	}
	var ping http.Handler
	if record.ping != nil {
		ping = entries.guard("airtable", webhook.NewAirtableAuth(record.secret), record.ping)
	}
	return front{offers: w.offers(desk, record), handler: web.New(web.Config{
		Log: w.log, Metrics: metrics, Restaurant: w.restaurant, Desk: desk, Words: messages.words, Phones: w.phones, Idempotency: idempotency, Journal: record.waiting, Quarantine: w.file, Messages: messages.outbox, AirtablePing: ping,
		Bookings: struct {
			booking.Ledger
			booking.Journal
		}{record.ledger, record.journal},
		VAPI:           entries.guard("vapi", entries.vapi, calls.ServeVAPI),
		WhatsApp:       entries.guard("twilio", entries.twilio, chats.ServeWhatsApp),
		WhatsAppStatus: entries.guard("twilio", entries.twilio, twilio.Status(messages.outbox, w.messageDue.Send, w.log)),
		KnownBase:      record.known,
		Ready: func(ctx context.Context) []web.Check {
			return slices.Concat(fileReady(ctx, w.file), record.ready(ctx), messages.ready(), found.ready(ctx, w.file))
		},
		AdminPassword: w.cfg.AdminPassword.Reveal(), SessionKey: w.sessionKey, AdminToken: w.cfg.AdminToken.Reveal(), PublicURL: w.cfg.PublicURL, OnFly: w.cfg.OnFly,
		PhoneConnected: len(w.cfg.VAPISecrets) > 0, Airtable: !w.cfg.LocalMode(), Version: version,
	})}, nil
}

// desk returns the desk that decides.
func (w wiring) desk(record *systemOfRecord, messages *messaging, metrics *web.Metrics) *booking.Desk {
	return booking.NewDesk(booking.Config{
		Restaurant: w.restaurant, Ledger: record.ledger, Journal: record.journal, Answers: record.answers, Notify: messages.notifyPolicy(), Locks: w.locks, Clock: w.clock,
		Patience: w.cfg.ReplyBudget, NewID: store.NewIDs(), NewCode: store.NewCode, Count: metrics.Booking,
		Waitlist: w.file.Waitlist(), Hold: messages.hold(), LinkKey: w.linkKey,
		Quiet: func(now time.Time) (time.Time, bool) { return w.messages.Quiet(now, w.restaurant.Location) },
		OnDecided: func(e booking.Entry) {
			if len(e.Messages) > 0 {
				w.messageDue.Send()
			}
			w.decided.Send()
		},
	})
}

// authenticators recognise who calls the webhooks.
type authenticators struct {
	vapi    *webhook.VAPIAuth
	twilio  *webhook.TwilioAuth
	metrics *webhook.Metrics
	onFly   bool
	log     *slog.Logger
}

func (w wiring) authenticators() (authenticators, error) {
	vapi, err := webhook.NewVAPIAuth(webhook.VAPIConfig{
		Mode: w.cfg.VAPIAuth, Secrets: w.cfg.VAPISecrets.Reveal(), RequireTimestamp: w.cfg.VAPIRequireTimestamp, Now: time.Now,
	})
	if err != nil {
		return authenticators{}, err
	}
	twilio, err := webhook.NewTwilioAuth(webhook.TwilioConfig{
		Tokens: w.cfg.TwilioAuthTokens.Reveal(), PublicURL: w.cfg.PublicURL, AccountSID: w.cfg.TwilioAccountSID,
	})
	if err != nil {
		return authenticators{}, configError(err)
	}
	return authenticators{vapi, twilio, webhook.NewMetrics(w.registry), w.cfg.OnFly, w.log}, nil
}

// guard lets through to next only the requests that auth recognises.
func (a authenticators) guard(source string, auth webhook.Authenticator, next webhook.Next) http.Handler {
	return webhook.Guard(webhook.GuardConfig{
		Source: source, Auth: auth, Metrics: a.metrics, Log: a.log,
		ClientIP: func(r *http.Request) string { return web.ClientIP(r, a.onFly).String() },
	}, next)
}

package premises

import (
	"context"
	"fmt"
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

// frontRoom is where guests come in, and who works there.
type frontRoom struct {
	handler http.Handler
	usher   *retry.Usher // nil: the house keeps no waitlist
}

// frontRoom connects the rooms: who may call, what is said, who decides, where it is kept.
func (g ground) frontRoom(back *backRoom, post *postRoom, found guards) (frontRoom, error) {
	metrics := web.NewMetrics(g.registry, g.Version, g.Revision)
	desk, usher := g.desk(back, post, metrics)
	back.meet(desk)
	profile := g.profile(desk, post.words, desk.KeepsWaitlist())
	if _, err := profile.Saved(); err != nil {
		return frontRoom{}, &Mistake{fmt.Errorf("restaurant file: VAPI would refuse the assistant: %w", err)}
	}
	reader, idempotency := phrase.New(phrase.HouseOf(desk)), webhook.NewIdempotency(g.file, g.Log)
	calls := vapi.New(vapi.Config{
		Desk: desk, Renderer: answer.New(post.words, desk.Now), Reader: reader, Phones: g.phones, Idempotency: idempotency, Log: g.Log, Profile: profile,
	})
	chats := whatsapp.New(whatsapp.Config{
		Desk: desk, Words: post.words, Reader: reader, Phones: g.phones, Idempotency: idempotency, Dialogues: g.file.Dialogues(), OptOut: post, Escalate: g.callStaff(post),
		Heard: post.outbox.HeardFrom, AccountSID: g.Twilio.AccountSID, Now: desk.Now, Log: g.Log,
	})
	doors, err := g.doors()
	if err != nil {
		return frontRoom{}, err
	}
	var ping http.Handler
	if back.ping != nil {
		ping = doors.guard("airtable", webhook.NewAirtableAuth(back.secret), back.ping)
	}
	return frontRoom{usher: usher, handler: web.New(web.Config{
		Log: g.Log, Metrics: metrics, Restaurant: g.House.Restaurant, Desk: desk, Words: post.words, Phones: g.phones, Idempotency: idempotency, Journal: back.waiting, Quarantine: g.file, Messages: post.outbox, AirtablePing: ping,
		Bookings: struct {
			booking.Ledger
			booking.Journal
		}{back.ledger, back.journal},
		VAPI:           doors.guard("vapi", doors.vapi, calls.ServeVAPI),
		WhatsApp:       doors.guard("twilio", doors.twilio, chats.ServeWhatsApp),
		WhatsAppStatus: doors.guard("twilio", doors.twilio, twilio.Status(post.outbox, post.wake, g.Log)),
		KnownBase:      back.known,
		Ready: func(ctx context.Context) []web.Check {
			return slices.Concat(ready(ctx, g.file), back.ready(ctx), post.ready(), found.ready(ctx, g.file))
		},
		AdminPassword: g.AdminPassword.Reveal(), SessionKey: g.sessions, AdminToken: g.AdminToken.Reveal(), PublicURL: g.PublicURL, OnFly: g.OnFly,
		PhoneConnected: len(g.VAPI.Secrets) > 0, Airtable: !g.local(), Version: g.Version,
	})}, nil
}

// desk returns who decides, and who offers free tables to those who wait; nil
// where the house keeps no waitlist.
func (g ground) desk(back *backRoom, post *postRoom, metrics *web.Metrics) (*booking.Desk, *retry.Usher) {
	var usher *retry.Usher // set before anybody decides
	desk := booking.NewDesk(booking.Config{
		Restaurant: g.House.Restaurant, Ledger: back.ledger, Journal: back.journal, Answers: back.answers, Letters: post.writes(), Locks: store.NewDateLocks(), Watch: g.Watch,
		Patience: g.ReplyBudget, NewID: store.NewIDs(), NewCode: store.NewCode, Count: metrics.Booking,
		Waitlist: g.file.Waitlist(), Hold: post.hold(), LinkKey: g.links,
		Quiet: func(now time.Time) (time.Time, bool) { return g.House.Messages.Quiet(now, g.House.Restaurant.Location) },
		Decided: func(e booking.Entry) {
			if len(e.Owed) > 0 {
				post.wake()
			}
			if usher != nil {
				usher.Kick()
			}
		},
	})
	if desk.KeepsWaitlist() {
		usher = g.usher(desk, back)
	}
	return desk, usher
}

// doors are who recognises callers, and what keeps the others out.
type doors struct {
	vapi    *webhook.VAPIAuth
	twilio  *webhook.TwilioAuth
	metrics *webhook.Metrics
	ground
}

func (g ground) doors() (doors, error) {
	vapi, err := webhook.NewVAPIAuth(webhook.VAPIConfig{
		Mode: g.VAPI.Auth, Secrets: g.VAPI.Secrets.Reveal(), RequireTimestamp: g.VAPI.RequireTimestamp, Now: time.Now,
	})
	if err != nil {
		return doors{}, err
	}
	twilio, err := webhook.NewTwilioAuth(webhook.TwilioConfig{
		Tokens: g.Twilio.Tokens.Reveal(), PublicURL: g.PublicURL, AccountSID: g.Twilio.AccountSID,
	})
	if err != nil {
		return doors{}, &Mistake{err}
	}
	return doors{vapi, twilio, webhook.NewMetrics(g.registry), g}, nil
}

// guard lets through to next only whom auth recognises.
func (d doors) guard(source string, auth webhook.Authenticator, next webhook.Next) http.Handler {
	return webhook.Guard(webhook.GuardConfig{
		Source: source, Auth: auth, Metrics: d.metrics, Log: d.Log,
		ClientIP: func(r *http.Request) string { return web.ClientIP(r, d.OnFly).String() },
	}, next)
}

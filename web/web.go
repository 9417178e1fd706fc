package web

import (
	"context"
	"html/template"
	"log/slog"
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/webhook"
	"maitre/webhook/answer"
	"maitre/webhook/phone"
)

// Bookings is the book that the staff read: a [booking.Ledger], and how far what
// is in it has come.
type Bookings interface {
	// Freshen brings what is known of a day up to date.
	Freshen(context.Context, booking.Date, booking.Freshness) error
	// SyncState reports whether a booking is in the system of record yet.
	SyncState(bookingID string) booking.SyncState
	// Day returns the bookings of a service day, in every status, not to be changed.
	Day(context.Context, booking.Date) (*booking.Day, error)
}

// Config is what the site is made of. Fields are needed unless they say otherwise.
type Config struct {
	Log        *slog.Logger
	Metrics    *Metrics
	Restaurant *booking.Restaurant
	Desk       webhook.Desk
	// Words are what the restaurant says to its guests.
	Words  *catalogue.Catalogue
	Phones *phone.Parser
	// Idempotency gives a repeated request its first answer.
	Idempotency *webhook.Idempotency
	Bookings    Bookings
	// Journal is what waits to be written; nil: nothing ever does.
	Journal Journal
	// Quarantine is what of the data file could not be read; nil: nothing ever is.
	Quarantine Quarantine
	// Messages are those to guests and staff.
	Messages Messages
	// VAPI answers POST /vapi; it authenticates its callers itself.
	VAPI http.Handler
	// WhatsApp and WhatsAppStatus answer POST /whatsapp and /whatsapp/status, for
	// Twilio, and authenticate it.
	WhatsApp, WhatsAppStatus http.Handler
	// AirtablePing answers POST /airtable, where Airtable says that something has
	// changed, and authenticates it; nil: there is no such address.
	AirtablePing http.Handler
	// KnownBase returns what the staff's base was found to be, as JSON, for whoever
	// looks it over; nil: there is no base.
	KnownBase func() any
	// Ready reports how each part of the process is doing. It is called for every
	// home page and readiness probe, so it must be cheap; its context ends after two
	// seconds.
	Ready func(context.Context) []Check

	// AdminPassword is what the staff sign in with. Empty: nobody can.
	AdminPassword string
	// SessionKey is the secret by which the staff's sessions are signed; needed with
	// AdminPassword.
	SessionKey []byte
	// AdminToken is the bearer token of the staff API and of /metrics. Empty: they
	// take a session of the staff, and /metrics also callers on this machine.
	AdminToken string
	// PublicURL is how the world reaches us, without a trailing slash. Over
	// https, the answers have Strict-Transport-Security.
	PublicURL string
	// OnFly: requests come through Fly.io's proxy, whose word about the client's
	// address is to be trusted. False anywhere else, where anyone could write that header.
	OnFly bool
	// PhoneConnected: the voice assistant's webhook has a secret, so calls are answered.
	PhoneConnected bool
	// Airtable: the system of record is Airtable; otherwise it is the file on this machine.
	Airtable bool
	// Version is shown at the foot of the pages; may be empty.
	Version string
}

// New returns the handler of everything that maitre serves over HTTP.
func New(c Config) http.Handler {
	c.PublicURL = strings.TrimSuffix(c.PublicURL, "/")
	if c.Journal == nil {
		c.Journal = noJournal{}
	}
	if c.Quarantine == nil {
		c.Quarantine = noQuarantine{}
	}
	s := &site{cfg: c, assets: loadAssets()}
	s.languages = language.NewMatcher(tags(c.Restaurant.Languages))
	s.templates = parseTemplates(s.assets)
	s.staffToken, s.password = newToken(c.AdminToken), newToken(c.AdminPassword)
	if c.AdminPassword != "" && len(c.SessionKey) == 0 {
		panic("web: sessions without a key could be made by anybody")
	}
	s.sessions = newSessions(c.SessionKey, c.AdminPassword)
	s.signIns = webhook.NewRateLimiter(signInsAtOnce, signInsEvery)
	s.spoken, s.written = answer.New(c.Words, c.Desk.Now), answer.New(c.Words.Written(), c.Desk.Now)
	s.asks, s.forms = webhook.NewRateLimiter(asksAtOnce, asksEvery), webhook.NewRateLimiter(formsAtOnce, formsEvery)
	return s.routes()
}

// site is the Config with what is derived from it once.
type site struct {
	cfg        Config
	assets     assets
	templates  map[string]*template.Template
	languages  language.Matcher
	staffToken token
	password   token
	sessions   *sessions
	signIns    *webhook.RateLimiter
	// spoken renders in one line, for programs; written as people read it.
	spoken, written *answer.Renderer
	asks, forms     *webhook.RateLimiter
}

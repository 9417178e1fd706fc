package airtabletest

import (
	"cmp"
	"net/http"
	"time"
)

// Options say what kind of Airtable to start. The zero value is a whole one: a
// base with DefaultSchema, no records, one token that may do everything, the
// machine's clock and Airtable's own limits.
type Options struct {
	// Tokens are the personal access tokens that exist. Defaults to one of all
	// scopes; Server.Token names it.
	Tokens []Token
	// BaseID is "app" and 14 base-62 characters. Defaults to one drawn from Seed.
	BaseID string
	// BaseName is what GET /v0/meta/bases calls it. Defaults to "Restaurante".
	BaseName string
	// Tables is the schema to begin with. Nil is DefaultSchema(); empty and not
	// nil is a base without tables.
	Tables []Table
	// Clock is the time of everything but latency and ping retries: the rate
	// limit, iterators, webhooks, formulas, createdTime. Defaults to time.Now.
	// Server.Advance adds to it.
	Clock func() time.Time
	// RatePerBase is how many requests a second a base takes. 0 is Airtable's 5,
	// Unlimited switches it off.
	RatePerBase int
	// RatePerUser is how many requests a second a user makes over all tokens. 0
	// is Airtable's 50, Unlimited switches it off.
	RatePerUser int
	// MonthlyCalls is the plan's quota of calls a month (UTC); 0 is none. See also
	// Server.SpendQuota.
	MonthlyCalls int
	// IteratorTTL is how long a list can be continued. Defaults to 5 minutes: the
	// documents say that iterators expire, not when [?].
	IteratorTTL time.Duration
	// MaxBody is the largest request body in bytes. Defaults to 4 MiB: the
	// documents name no figure [?].
	MaxBody int64
	// PageSize, if set, caps pages below Airtable's 100, so that a few records
	// make several pages.
	PageSize int
	// PingClient sends webhook pings. Defaults to one with a 10 s timeout.
	PingClient *http.Client
	// PingRetry says how long to wait before retry number n (from 1) of a failed
	// ping, in real time, and whether there is one. Defaults to four retries
	// after 1, 2, 4 and 8 s: Airtable's own schedule is not published [?].
	PingRetry func(n int) (time.Duration, bool)
	// ControlToken opens /_control/. Empty: those endpoints do not exist.
	ControlToken string
	// Seed feeds the IDs and the chances of faults, which are the same for the
	// same seed. 0 is a fixed seed too.
	Seed uint64
}

// Unlimited switches a rate limit off.
const Unlimited = -1

// Token is a personal access token.
type Token struct {
	// Secret is what goes behind "Bearer ".
	Secret string
	// User is whose token it is: the 50 requests a second are counted by user.
	// Defaults to "usr" and 14 characters drawn from the seed, the same for all.
	User string
	// Email is returned by whoami to tokens with the scope user.email:read.
	Email string
	// Scopes are what the token may do. Nil is all of them.
	Scopes []string
	// Role is the user's in the base: RoleCreator (default), RoleEditor, RoleReader.
	Role string
	// Bases it was granted. Nil is all.
	Bases []string
}

// The scopes that the endpoints ask for.
const (
	ScopeRead        = "data.records:read"
	ScopeWrite       = "data.records:write"
	ScopeSchemaRead  = "schema.bases:read"
	ScopeSchemaWrite = "schema.bases:write"
	ScopeWebhooks    = "webhook:manage"
	ScopeEmail       = "user.email:read"
)

// The roles of a user in a base, as Airtable spells them (permissionLevel).
const (
	RoleCreator = "create"
	RoleEditor  = "edit"
	RoleReader  = "read"
)

const (
	ratePerBase = 5
	ratePerUser = 50
	penalty     = 30 * time.Second
	maxPage     = 100
	maxBatch    = 10
	maxURL      = 16_000
	maxWebhooks = 10
	webhookLife = 7 * 24 * time.Hour
)

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Tables == nil {
		o.Tables = DefaultSchema()
	}
	o.BaseName = cmp.Or(o.BaseName, "Restaurante")
	o.RatePerBase = cmp.Or(o.RatePerBase, ratePerBase)
	o.RatePerUser = cmp.Or(o.RatePerUser, ratePerUser)
	o.IteratorTTL = cmp.Or(o.IteratorTTL, 5*time.Minute)
	o.MaxBody = cmp.Or(o.MaxBody, 4<<20)
	o.PageSize = min(cmp.Or(o.PageSize, maxPage), maxPage)
	o.PingClient = cmp.Or(o.PingClient, &http.Client{Timeout: 10 * time.Second})
	if o.PingRetry == nil {
		o.PingRetry = func(n int) (time.Duration, bool) { return time.Second << (n - 1), n <= 4 }
	}
	return o
}

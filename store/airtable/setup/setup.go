package setup

import (
	"context"
	"time"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

// Base is what is asked of the staff's base; *airtable.Client is one.
type Base interface {
	mapping.Base
	WhoAmI(ctx context.Context) (airtable.User, error)
	List(ctx context.Context, table string, opts airtable.ListOptions) ([]airtable.Record, error)
	Webhooks(ctx context.Context) ([]airtable.Webhook, error)
}

var _ Base = (*airtable.Client)(nil)

// Setup is a base, and the house that it is to serve. Its methods are not to be
// called concurrently.
type Setup struct {
	Base Base
	// Endpoint and BaseID are what the Base was made with, for telling.
	Endpoint, BaseID string
	// Mapper is not bound: it knows the names, and perhaps what went by them before.
	Mapper     *mapping.Mapper
	Restaurant *booking.Restaurant
	Now        time.Time
}

// patience is how often a request is sent again when there were too many.
const maxRetries = 3

// patiently asks, and waits where Airtable asks for it. The client does not send
// the next request before that time is over.
func (s Setup) withRetries(ctx context.Context, p *printer, ask func() error) error {
	for again := 0; ; again++ {
		err := ask()
		e := asError(err)
		if e == nil || e.Kind != airtable.RateLimited || again == maxRetries || ctx.Err() != nil {
			return err
		}
		p.say("wait: Airtable had too many requests at once, from here or from a maitre that is at work; going on in %s.",
			e.RetryAfter.Round(time.Second))
	}
}

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

// Setup is a base and the restaurant that it serves. Its methods must not be called
// concurrently.
type Setup struct {
	Base Base
	// Endpoint and BaseID are what the Base was made with, for messages.
	Endpoint, BaseID string
	// Mapper is not bound. It knows the names, and may know the IDs from before.
	Mapper     *mapping.Mapper
	Restaurant *booking.Restaurant
	Now        time.Time
}

// maxRetries is how often a request is sent again after too many requests.
const maxRetries = 3

// withRetries calls ask, and again after too many requests. The client does not send
// the next request before the wait is over.
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

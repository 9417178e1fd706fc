package airtable

import "context"

type urgency struct{}

// Urgent returns a context whose requests go before others: a guest is waiting
// for the answer. Without it a request is background work, which gives way but
// never waits for more than a few urgent ones in a row.
func Urgent(ctx context.Context) context.Context {
	return context.WithValue(ctx, urgency{}, true)
}

func isUrgent(ctx context.Context) bool {
	urgent, _ := ctx.Value(urgency{}).(bool)
	return urgent
}

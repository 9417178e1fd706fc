package whatsapp

import (
	"context"
	"fmt"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
)

// StaffAlert sends the staff's phones a message about each guest who wants a call. It implements [Escalate].
type StaffAlert struct {
	// Outbox takes the messages; what it has taken is on disk.
	Outbox interface {
		Put(ctx context.Context, messages ...booking.Message) (kept int, err error)
	}
	Words *catalogue.Catalogue
	// Staff are the phones to alert; never empty.
	Staff []booking.Phone
	// OnQueued is called after messages were put, so that they are sent at once.
	OnQueued func()
}

var _ Escalate = StaffAlert{}

// callsMatter is how long an alert is worth sending.
const callsMatter = 24 * time.Hour

// Escalate implements [Escalate]. A guest who asks twice within a minute, or
// whose message comes twice, causes one alert.
func (a StaffAlert) Escalate(ctx context.Context, e Escalation) error {
	messages := make([]booking.Message, 0, len(a.Staff))
	for _, phone := range a.Staff {
		m := a.Words.Call(e.At, phone, e.Phone, e.Name, e.Said)
		m.Key = fmt.Sprintf("alert/call/%s/%d/%s", e.Phone, e.At.Unix()/60, phone)
		m.Expires = e.At.Add(callsMatter)
		messages = append(messages, m)
	}
	if _, err := a.Outbox.Put(ctx, messages...); err != nil {
		return fmt.Errorf("alert the staff: %w", err)
	}
	a.OnQueued()
	return nil
}

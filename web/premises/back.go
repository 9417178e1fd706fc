package premises

import (
	"context"

	"maitre/booking"
	"maitre/retry"
	"maitre/web"
	"maitre/webhook"
)

// backRoom is what stands behind the desk: where the book is kept, and who works
// on it while guests talk.
type backRoom struct {
	takes   func() bool // whether the book takes bookings now; nil: always
	ledger  booking.Ledger
	journal booking.Journal
	answers booking.Answers // may be nil
	waiting web.Journal     // may be nil
	ping    webhook.Next    // Airtable's; nil: there is none
	secret  func() []byte   // of those
	known   func() any      // what the base was found to be; nil: there is none
	meet    func(*booking.Desk)
	ready   func(context.Context) []web.Check
	workers []func(context.Context)
	closers []func()
}

// backRoom furnishes the one that keeps the book where it is to be kept, having
// bound the data file to that.
func (g ground) backRoom(ctx context.Context, post *postRoom, metrics *retry.Metrics) (*backRoom, error) {
	mirror := g.file.Mirror()
	if err := g.bind(ctx, mirror); err != nil {
		return nil, err
	}
	if g.local() {
		return g.localRoom(), nil
	}
	return g.airtableRoom(ctx, mirror, post, metrics)
}

// localRoom keeps the book in the data file: nothing waits, and nobody works.
func (g ground) localRoom() *backRoom {
	local := g.file.Local()
	return &backRoom{
		ledger: local, journal: local, meet: func(*booking.Desk) {},
		ready: func(context.Context) []web.Check {
			return []web.Check{{Name: "system_of_record", OK: true, Detail: "the data file on this machine"}}
		},
	}
}

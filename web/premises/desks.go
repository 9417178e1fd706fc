package premises

import (
	"context"
	"time"

	"maitre/store"
	"maitre/store/airtable"
	"maitre/store/airtable/ledger"
	"maitre/webhook/phone"
)

// holdTime is how long a start waits to see that no other desk writes to the
// base. Where that is not known by then the desk opens, and writes nothing before it is.
const holdTime = 5 * time.Second

// hold makes sure that the base is this desk's, as far as Airtable answers. That
// another has it is a [Mistake].
func hold(ctx context.Context, staffLedger *ledger.Ledger) error {
	ctx, cancel := context.WithTimeout(ctx, holdTime)
	defer cancel()
	if err := staffLedger.Hold(ctx); err != nil {
		return &Mistake{err}
	}
	return nil
}

// onLost tells that another desk was seen to have the base.
func (g ground) onLost(other *ledger.OtherDeskError) {
	g.Log.Error("this desk stops: another has its base", "error", other)
	if g.OnLost != nil {
		g.OnLost(&Mistake{other})
	}
}

// TakeOver makes the base the one of this data file's desk from its next start
// on, if another has it and agree says so: it is given that desk, by what it says
// of itself. It returns whether the base is this desk's now.
//
// Errors: a [Mistake] in what was configured; what Airtable or the file cannot do.
func TakeOver(ctx context.Context, file *store.File, c Config, agree func(*ledger.OtherDeskError) (bool, error)) (ours bool, err error) {
	phones, err := phone.New(region)
	if err != nil {
		return false, err
	}
	client, mapper, err := c.base(phones, airtable.Config{Pace: checkPace})
	if err != nil {
		return false, err
	}
	defer client.Close()
	b, err := ledger.New(ctx, ledger.Config{
		Client: client, Mapper: mapper, House: c.House.Restaurant, Mirror: file.Mirror(), Host: c.Host, Now: c.Watch.Now, Log: c.Log,
	})
	if err != nil {
		return false, err
	}
	defer b.Close()
	other, err := b.OtherDesk(ctx)
	if err != nil || other == nil {
		return err == nil, err
	}
	if yes, err := agree(other); !yes || err != nil {
		return false, err
	}
	return true, b.TakeOver(ctx)
}

package premises

import (
	"context"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
	"maitre/store/airtable"
	"maitre/store/airtable/ledger"
	"maitre/store/airtable/mapping"
	"maitre/web"
	"maitre/webhook"
	"maitre/webhook/phone"
)

// airtableRoom keeps the book in the staff's base, with the data file as its
// mirror and journal.
func (g ground) airtableRoom(ctx context.Context, mirror *store.Mirror, post *postRoom, metrics *retry.Metrics) (*backRoom, error) {
	client, mapper, err := g.base(g.phones, airtable.Config{Cautious: true, Registerer: g.registry, Log: g.Log})
	if err != nil {
		return nil, err
	}
	journal := g.file.Journal()
	alarm := g.alarm(journal, mirror, post)
	breaker := retry.NewBreaker("Airtable", retry.BreakerOptions{After: 3, Changed: noteBreaker(metrics, "Airtable", g.Log)})
	staffLedger, err := ledger.New(ctx, ledger.Config{
		Client: client, Mapper: mapper, House: g.House.Restaurant, Mirror: mirror, NotifyURL: g.notifyURL(), Host: g.Host, OnLost: g.onLost,
		Allow: breaker.Allow, Report: func(t *booking.Trouble) { breaker.Report(retry.ResultOf(t)) }, Up: func() bool { return breaker.State() == retry.Closed },
		Missing: func(ctx context.Context, entries []booking.JournalEntry) { alarm.Waits(ctx, entries[0], nil) }, // the rest show in the digest
		Poll:    g.Airtable.Poll, MaxAge: g.Airtable.MaxAge, Patience: g.ReplyBudget / 2, Now: g.Watch.Now, Registerer: g.registry, Log: g.Log,
	})
	if err != nil {
		client.Close()
		return nil, err
	}
	if err := hold(ctx, staffLedger); err != nil {
		staffLedger.Close()
		client.Close()
		return nil, err
	}
	retry.ShowTrouble(g.registry, "Airtable", staffLedger.Trouble)
	worker := retry.New(retry.Config{
		Journal: journal, Record: staffLedger, Breaker: breaker, Words: post.spoken(), Owed: post.wake, Ears: alarm, Changed: staffLedger.Touch,
		Watch: g.Watch, Tick: g.RetryTick, MaxAttempts: g.RetryMaxAttempts, Log: g.Log, Metrics: metrics,
	})
	worker.Watched(g.registry)
	return &backRoom{
		ledger: staffLedger, journal: staffLedger.Noting(worker), answers: staffLedger, waiting: worker,
		ping: webhook.AirtablePing(staffLedger.Pinged), secret: staffLedger.Secret,
		known:   func() any { return staffLedger.KnownBase() },
		meet:    func(d *booking.Desk) { worker.SetDesk(d) },
		takes:   func() bool { return breaker.State() == retry.Closed },
		ready:   func(ctx context.Context) []web.Check { return airtableReady(ctx, worker, breaker, staffLedger) },
		workers: []func(context.Context){staffLedger.Run, worker.Run, func(ctx context.Context) { alarm.Run(ctx, g.RetryTick) }},
		closers: []func(){client.Close, staffLedger.Close},
	}, nil
}

// alarm returns who tells the staff of bookings that wait; nobody, where nothing can be sent.
func (g ground) alarm(journal *store.Journal, notebook *store.Mirror, post *postRoom) *retry.Alarm {
	staff := g.StaffPhones
	if !post.sends() {
		staff = nil
	}
	return retry.NewAlarm(retry.AlarmConfig{
		Journal: journal, Outbox: post.outbox, Notebook: notebook, Words: retry.Spoken{Words: post.words, Link: post.link}, Staff: staff,
		Watch: g.Watch, Told: post.wake, Log: g.Log,
	})
}

// base returns what speaks with the staff's base in that manner, and what its rows mean.
func (c Config) base(phones *phone.Parser, manner airtable.Config) (*airtable.Client, *mapping.Mapper, error) {
	manner.Endpoint, manner.Token, manner.BaseID = c.Airtable.Endpoint, c.Airtable.Token, c.Airtable.BaseID
	client, err := airtable.New(manner)
	if err != nil {
		return nil, nil, &Mistake{err}
	}
	names := c.House.Airtable
	names.BookingsTable, names.TablesTable = c.Airtable.Bookings, c.Airtable.Tables
	return client, mapping.New(names, c.House.Restaurant, phones), nil
}

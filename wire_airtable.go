package main

import (
	"context"
	"strings"
	"time"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
	"maitre/store/airtable"
	"maitre/store/airtable/ledger"
	"maitre/store/airtable/mapping"
	"maitre/web"
	"maitre/webhook"
)

// airtableRecord keeps the bookings in the staff's base, with the data file as its
// mirror and journal.
func (w wiring) airtableRecord(ctx context.Context, mirror *store.Mirror, messages *messaging, metrics *retry.Metrics) (*systemOfRecord, error) {
	client, mapper, err := w.base(airtable.Config{Cautious: true, Registerer: w.registry, Log: w.log})
	if err != nil {
		return nil, err
	}
	journal := w.file.Journal()
	alarm := w.alarm(journal, mirror, messages)
	breaker := retry.NewBreaker("Airtable", retry.BreakerOptions{After: 3, OnChange: noteBreaker(metrics, "Airtable", w.log)})
	staffLedger, err := ledger.New(ctx, ledger.Config{
		Client: client, Mapper: mapper, Restaurant: w.restaurant, Mirror: mirror, NotifyURL: w.notifyURL(), Host: host(), OnLost: w.otherDesk,
		Allow: breaker.Allow, Report: func(t *booking.RecordError) { breaker.Report(retry.ResultOf(t)) }, Up: func() bool { return breaker.State() == retry.Closed },
		Missing: func(ctx context.Context, entries []booking.JournalEntry) { alarm.Waits(ctx, entries[0], nil) }, // the rest show in the digest
		Poll:    w.cfg.AirtablePoll, MaxAge: w.cfg.AirtableMaxAge, Patience: w.cfg.ReplyBudget / 2, Now: w.clock.Now, Registerer: w.registry, Log: w.log,
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
	retry.ShowProblem(w.registry, "Airtable", staffLedger.Problem)
	rechecker := booking.NewRechecker(booking.Config{
		Restaurant: w.restaurant, Ledger: staffLedger, Answers: staffLedger, Locks: w.locks, Clock: w.clock, Patience: w.cfg.ReplyBudget,
	}, staffLedger.Keeping(journal))
	worker := retry.New(retry.Config{
		Journal: journal, Record: staffLedger, Breaker: breaker, Rechecker: rechecker, Words: messages.texts(), OnQueued: w.messageDue.Send, Observer: alarm, OnChange: staffLedger.Touch,
		Clock: w.clock, Tick: w.cfg.RetryTick, MaxAttempts: w.cfg.RetryMaxAttempts, Log: w.log, Metrics: metrics,
	})
	worker.Watched(w.registry)
	return &systemOfRecord{
		ledger: staffLedger, journal: staffLedger.Noting(worker), answers: staffLedger, waiting: worker,
		ping: webhook.AirtablePing(staffLedger.Pinged), secret: staffLedger.Secret,
		known:   func() any { return staffLedger.KnownBase() },
		takes:   func() bool { return breaker.State() == retry.Closed },
		ready:   func(ctx context.Context) []web.Check { return w.airtableReady(ctx, worker, breaker, staffLedger) },
		workers: []func(context.Context){staffLedger.Run, worker.Run, func(ctx context.Context) { alarm.Run(ctx, w.cfg.RetryTick) }},
		closers: []func(){client.Close, staffLedger.Close},
	}, nil
}

// alarm returns what tells the staff of bookings that wait; nobody is told where nothing can be sent.
func (w wiring) alarm(journal *store.Journal, notebook *store.Mirror, messages *messaging) *retry.Alarm {
	staff := w.cfg.StaffPhones
	if !messages.sends() {
		staff = nil
	}
	return retry.NewAlarm(retry.AlarmConfig{
		Journal: journal, Outbox: messages.outbox, Notebook: notebook, Words: retry.Texts{Words: messages.words, Link: messages.link}, Staff: staff,
		Clock: w.clock, OnQueued: w.messageDue.Send, Log: w.log,
	})
}

// notifyURL is where Airtable tells us of changes; empty where it cannot reach us.
func (p program) notifyURL() string {
	if !strings.HasPrefix(p.cfg.PublicURL, "https://") {
		return ""
	}
	return p.cfg.PublicURL + "/airtable"
}

// base returns the client of the staff's base, made from c, and what the rows mean.
func (p program) base(c airtable.Config) (*airtable.Client, *mapping.Mapper, error) {
	c.Endpoint, c.Token, c.BaseID = p.cfg.AirtableURL, airtable.Token(p.cfg.AirtableAPIKey.Reveal()), p.cfg.AirtableBaseID
	client, err := airtable.New(c)
	if err != nil {
		return nil, nil, configError(err)
	}
	return client, mapping.New(p.names, p.restaurant, p.phones), nil
}

// holdTime is how long a start waits to see that no other desk writes to the
// base. Where that is not known by then the desk opens, and writes nothing before it is.
const holdTime = 5 * time.Second

// hold makes sure that the base is this desk's, as far as Airtable answers. Error: a
// [ConfigError] where another desk has it.
func hold(ctx context.Context, l *ledger.Ledger) error {
	ctx, cancel := context.WithTimeout(ctx, holdTime)
	defer cancel()
	if err := l.Hold(ctx); err != nil {
		return configError(err)
	}
	return nil
}

// otherDesk stops this desk: another was seen to have its base.
func (w wiring) otherDesk(other *ledger.OtherDeskError) {
	w.log.Error("this desk stops: another has its base", "error", other)
	if w.onLost != nil {
		w.onLost(configError(other))
	}
}

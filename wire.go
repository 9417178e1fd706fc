package main

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
	"maitre/store/airtable/mapping"
	"maitre/webhook/phone"
)

// program is what the commands work with: the configuration, what the restaurant file
// says, and what follows from both.
type program struct {
	cfg        Config
	restaurant *booking.Restaurant
	messages   booking.Correspondence // the owner's rules for messages
	names      mapping.Names          // what tables and fields are called in Airtable
	phones     *phone.Parser
	clock      booking.Clock
	log        *slog.Logger
}

// region is where a telephone number is that names no country.
const region = "ES"

// newProgram reads the restaurant file and checks it. warnings are what can be lived with.
//
// Errors: a [ConfigError].
func newProgram(cfg Config, log *slog.Logger) (p program, warnings []string, err error) {
	file, warnings, err := readRestaurantFile(cfg.RestaurantFile)
	if err != nil {
		return program{}, nil, err
	}
	phones, err := phone.New(region)
	if err != nil {
		return program{}, nil, err
	}
	names := file.Airtable
	names.BookingsTable, names.TablesTable = cfg.AirtableBookings, cfg.AirtableTablesName
	return program{
		cfg: cfg, restaurant: file.Restaurant, messages: file.Messages, names: names, phones: phones, clock: clockFrom(cfg.Now), log: log,
	}, warnings, nil
}

// readProgram is newProgram for a command that prints, and does not log.
func readProgram(getenv func(string) string) (program, error) {
	cfg, err := readConfig(getenv)
	if err != nil {
		return program{}, err
	}
	p, _, err := newProgram(cfg, slog.New(slog.DiscardHandler))
	return p, err
}

// server is a built program: its handler answers every guest, every webhook and the
// staff.
type server struct {
	handler http.Handler
	workers []func(context.Context)
	closers []func()
}

// work runs the background workers until ctx ends; what it returns waits for them.
func (s *server) work(ctx context.Context) (wait func()) {
	var all sync.WaitGroup
	for _, work := range s.workers {
		all.Go(func() { work(ctx) })
	}
	return all.Wait
}

// close releases what was opened, after the workers have ended. The data file is its
// owner's to close.
func (s *server) close() {
	for _, c := range slices.Backward(s.closers) {
		c()
	}
}

// wiring is what every part of the server is built from.
type wiring struct {
	program
	file     *store.File
	changed  *retry.Dates // days whose bookings change in the data file
	onLost   func(error)  // called once when another desk has the base
	registry *prometheus.Registry
	locks    *store.DateLocks
	// messageDue is sent when a message was put into the outbox, decided when the desk
	// has decided something.
	messageDue, decided retry.Signal
	// linkKey is the key by which guests' links to their bookings are made.
	linkKey []byte
	// sessionKey is the key by which the staff's sessions are signed.
	sessionKey []byte
}

// wire builds the server on an open data file. changed collects the days that change in
// the file; see [store.Options]. onLost is called once, when it must stop because another
// desk writes to its base.
//
// Errors: a [ConfigError]; whatever the data file cannot do.
func wire(ctx context.Context, p program, file *store.File, changed *retry.Dates, onLost func(error)) (*server, error) {
	links, err := file.Key(ctx, "links")
	if err != nil {
		return nil, err
	}
	sessions, err := file.Key(ctx, "sessions")
	if err != nil {
		return nil, err
	}
	w := wiring{
		program: p, file: file, changed: changed, onLost: onLost, registry: prometheus.NewRegistry(), locks: store.NewDateLocks(),
		messageDue: retry.NewSignal(), decided: retry.NewSignal(), linkKey: links, sessionKey: sessions,
	}
	metrics := retry.NewMetrics(w.registry)
	messages, err := w.messaging(metrics)
	if err != nil {
		return nil, err
	}
	record, err := w.record(ctx, messages, metrics)
	if err != nil {
		return nil, err
	}
	s := &server{workers: record.workers, closers: append(record.closers, messages.close)}
	found := w.guards(record, messages)
	s.workers = append(s.workers, found.overlaps.Run, found.quarantine.Run)
	front, err := w.web(record, messages, found)
	if err != nil {
		s.close()
		return nil, err
	}
	s.handler = front.handler
	if messages.sends() {
		s.workers = append(s.workers, messages.sender.Run, w.reminders(record, messages).Run)
	}
	if messages.unreached != nil {
		s.workers = append(s.workers, messages.unreached.Run)
	}
	if front.offers != nil {
		s.workers = append(s.workers, front.offers.Run)
	}
	return s, nil
}

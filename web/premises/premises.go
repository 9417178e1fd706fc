// Package premises builds the house: it furnishes each room and connects it with
// the others, from the back to the door. Somebody must hand each room what it
// needs of the rest, so this package knows them all, as main does; only main
// knows it.
//
// It decides who is given what, and nothing else: what is said, who may call and
// which table a guest gets are for the rooms. It must not know the environment,
// which main reads.
package premises

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"maitre/retry"
	"maitre/store"
	"maitre/webhook/phone"
)

// Mistake is of whoever set the house up: what a person must write otherwise
// before it can be built.
type Mistake struct{ Err error }

// Error says what is wrong and how to mend it.
func (m *Mistake) Error() string { return m.Err.Error() }

// Unwrap returns the mistake itself.
func (m *Mistake) Unwrap() error { return m.Err }

// Premises are a house that is built. Its front door is open as long as somebody
// serves Handler.
type Premises struct {
	// Handler answers every guest, every webhook and the staff.
	Handler http.Handler

	workers []func(context.Context)
	closers []func()
}

// Work lets those work who work behind the desk, until ctx ends; what it returns
// waits for them.
func (p *Premises) Work(ctx context.Context) (wait func()) {
	var all sync.WaitGroup
	for _, work := range p.workers {
		all.Go(func() { work(ctx) })
	}
	return all.Wait
}

// Close lets go of what was opened, when nobody works any more. The data file is
// its owner's to close.
func (p *Premises) Close() {
	for _, c := range slices.Backward(p.closers) {
		c()
	}
}

// ground is what everything is built on.
type ground struct {
	Config
	file     *store.File
	phones   *phone.Parser
	registry *prometheus.Registry
	// links is the key by which guests' links to their bookings are made.
	links []byte
	// sessions is the key by which the staff's sessions are signed.
	sessions []byte
}

// region is where a telephone number is that names no country.
const region = "ES"

// Open builds the rooms, from the back to the door, on an open data file.
//
// Errors: a [Mistake] in what was configured; whatever the data file cannot do.
func Open(ctx context.Context, file *store.File, c Config) (*Premises, error) {
	phones, err := phone.New(region)
	if err != nil {
		return nil, err
	}
	links, err := file.Key(ctx, "links")
	if err != nil {
		return nil, err
	}
	sessions, err := file.Key(ctx, "sessions")
	if err != nil {
		return nil, err
	}
	g := ground{c, file, phones, prometheus.NewRegistry(), links, sessions}
	metrics := retry.NewMetrics(g.registry)
	post, err := g.postRoom(metrics)
	if err != nil {
		return nil, err
	}
	back, err := g.backRoom(ctx, post, metrics)
	if err != nil {
		return nil, err
	}
	p := &Premises{workers: back.workers, closers: append(back.closers, post.close)}
	found := g.guards(back, post)
	p.workers = append(p.workers, found.overlaps.Run, found.quarantine.Run)
	front, err := g.frontRoom(back, post, found)
	if err != nil {
		p.Close()
		return nil, err
	}
	p.Handler = front.handler
	if post.sends() {
		p.workers = append(p.workers, post.postman.Run, g.reminders(back, post).Run)
	}
	if post.unheard != nil {
		p.workers = append(p.workers, post.unheard.Run)
	}
	if front.usher != nil {
		p.workers = append(p.workers, front.usher.Run)
	}
	return p, nil
}

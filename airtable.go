package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"

	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
	"maitre/store/airtable/setup"
	"maitre/web/remote"
)

// airtableCommand carries out "maitre airtable init": it adds what the base lacks.
func airtableCommand(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout io.Writer) error {
	how, err := setup.ReadHow(args)
	if err != nil {
		return configError(err)
	}
	cfg, err := readConfig(getenv)
	if err != nil {
		return err
	}
	if cfg.LocalMode() {
		return usage("airtable init: AIRTABLE_API_KEY and AIRTABLE_BASE_ID are not set: there is no base to set up (docs/airtable.md)")
	}
	p, _, err := newProgram(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	s, done, err := p.setup(p.knownBase(ctx))
	if err != nil {
		return err
	}
	defer done()
	return s.Init(ctx, stdin, stdout, how)
}

// checkPace leaves requests to a desk that works on the same base.
const checkPace = 2

// setup returns what checks and changes the base's tables. known is what a running desk
// knows the base to be, as JSON; nil: there is none.
func (p program) setup(known []byte) (s setup.Setup, done func(), err error) {
	client, mapper, err := p.base(airtable.Config{Pace: checkPace})
	if err != nil {
		return s, nil, err
	}
	var k mapping.Known
	if known != nil && json.Unmarshal(known, &k) == nil { // else the names must do
		mapper = mapper.Knowing(k)
	}
	return setup.Setup{
		Base: client, Endpoint: p.cfg.AirtableURL, BaseID: p.cfg.AirtableBaseID, Mapper: mapper, Restaurant: p.restaurant, Now: p.clock.Now(),
	}, client.Close, nil
}

// knownBase returns what a running desk knows the Airtable base to be: it knows by its
// ID what was renamed. Nil: no desk is running, or it cannot be asked.
func (p program) knownBase(ctx context.Context) []byte {
	if p.cfg.AdminToken == "" || p.cfg.LocalMode() {
		return nil
	}
	staff, err := remote.New(p.cfg.Address(), p.cfg.AdminToken.Reveal())
	if err != nil {
		return nil
	}
	return staff.KnownBase(ctx)
}

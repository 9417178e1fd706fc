package premises

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
	"maitre/store/airtable/setup"
	"maitre/webhook/phone"
)

// Check prints a line for each thing outside the house that it needs: Airtable,
// Twilio. well is false when something must be mended before the desk can work.
// It needs no data file, and of c no Log. known is what a desk that is open knows
// the base to be, as JSON; nil: there is none.
//
// Errors: a [Mistake] in what was configured; what out or ctx says.
func Check(ctx context.Context, c Config, known []byte, out io.Writer) (well bool, err error) {
	well, err = c.checkBook(ctx, known, out)
	if err != nil {
		return false, err
	}
	return c.checkTwilio(ctx, out) && well, nil
}

// checkBook looks at where the book is kept.
func (c Config) checkBook(ctx context.Context, known []byte, out io.Writer) (well bool, err error) {
	if c.local() {
		_, _ = fmt.Fprintln(out, "ok: local mode: the data file keeps the book (AIRTABLE_API_KEY is not set)")
		return true, nil
	}
	s, done, err := c.setup(known)
	if err != nil {
		return false, err
	}
	defer done()
	return s.Check(ctx, out)
}

// checkTwilio asks Twilio for its account; false: messages cannot be sent.
func (c Config) checkTwilio(ctx context.Context, out io.Writer) bool {
	if c.Twilio.AccountSID == "" {
		_, _ = fmt.Fprintln(out, "note: Twilio is not set up: nothing can be sent to guests or staff; set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_WHATSAPP_FROM")
		return true
	}
	carrier, err := c.carrier()
	if err == nil {
		defer carrier.Close()
		var name string
		if name, err = carrier.Account(ctx); err == nil {
			_, _ = fmt.Fprintf(out, "ok: the Twilio account %q\n", name)
			return true
		}
	}
	_, _ = fmt.Fprintf(out, "wrong: Twilio: %v\n", err)
	return false
}

// Furnish adds what the Airtable base lacks, as [setup.Setup.Init] says, where
// there is a base. It needs no data file, and of c no Log. known is as Check has it.
//
// Errors: a [Mistake] in what was configured, and those of Init.
func Furnish(ctx context.Context, c Config, known []byte, in io.Reader, out io.Writer, how setup.How) error {
	s, done, err := c.setup(known)
	if err != nil {
		return err
	}
	defer done()
	return s.Init(ctx, in, out, how)
}

// checkPace leaves room for a desk that works on the same base.
const checkPace = 2

func (c Config) setup(known []byte) (s setup.Setup, done func(), err error) {
	phones, err := phone.New(region)
	if err != nil {
		return s, nil, err
	}
	client, mapper, err := c.base(phones, airtable.Config{Pace: checkPace})
	if err != nil {
		return s, nil, err
	}
	var k mapping.Known
	if known != nil && json.Unmarshal(known, &k) == nil { // else the names must do
		mapper = mapper.Knowing(k)
	}
	return setup.Setup{
		Base: client, Endpoint: c.Airtable.Endpoint, BaseID: c.Airtable.BaseID, Mapper: mapper, House: c.House.Restaurant, Now: c.Watch.Now(),
	}, client.Close, nil
}

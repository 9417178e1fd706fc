package twilio_test

import (
	"errors"
	"testing"

	"maitre/webhook/whatsapp/twilio"
	"maitre/webhook/whatsapp/twilio/twiliotest"
)

func TestTheAccountIsAskedFor(t *testing.T) {
	t.Parallel()
	srv := twiliotest.Start(t, twiliotest.Options{})
	for token, want := range map[string]twilio.Kind{srv.Token(): "", "wrongtoken": twilio.Unauthorized} {
		c, err := twilio.New(twilio.Config{AccountSID: srv.AccountSID(), Token: twilio.Token(token), WhatsApp: "+34600000000", Endpoint: srv.URL()})
		if err != nil {
			t.Fatal(err)
		}
		name, err := c.Account(t.Context())
		if want == "" {
			if err != nil || name != "Test" {
				t.Errorf("%q, %v", name, err)
			}
			continue
		}
		var refused *twilio.Error
		if !errors.As(err, &refused) || refused.Kind != want {
			t.Errorf("with a wrong token: %q, %v", name, err)
		}
	}
}

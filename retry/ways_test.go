package retry_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"maitre/booking"
	"maitre/retry"
)

// The way depends on the phone's last message, what is set up, and what the restaurant
// allows.
func TestWays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		heard    time.Duration // before; 0: never
		template bool
		sms      bool
		way      string
	}{
		"just wrote":                      {time.Second, true, true, "text"},
		"wrote within the day":            {24*time.Hour - 61*time.Second, true, true, "text"},
		"wrote nearly a day ago":          {24*time.Hour - 60*time.Second, true, true, "template"},
		"wrote long ago":                  {48 * time.Hour, true, true, "template"},
		"never wrote":                     {0, true, false, "template"},
		"never wrote, no template":        {0, false, true, "sms"},
		"never wrote, nothing else":       {0, false, false, "text"}, // the carrier knows better than we
		"wrote, neither template nor SMS": {time.Hour, false, false, "text"},
	} {
		t.Run(name, func(t *testing.T) {
			options := retry.SenderOptions{SMS: c.sms}
			if c.template {
				options.Template = templates
			}
			withSender(t, options, func(o *senderFixture) {
				if c.heard > 0 {
					o.received(ana)
					o.pass(c.heard)
				}
				o.put(guestMessage())
				if c.way == "" {
					o.wantSent()
					if m := o.want(booking.MessageFailed, 0); m.Reason == "" {
						t.Error("it does not say why")
					}
					return
				}
				o.wantSent(c.way + "@" + c.heard.String())
				o.want(booking.MessageSent, 0)
			})
		})
	}
}

// If WhatsApp does not reach the phone, as reported at once or later, the next way is
// tried, each once.
func TestWhatDoesNotReachGoesAnotherWay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		heard, template, sms bool
		codes                []int // of each message in turn; 0 arrives
		atOnce               bool  // refused in the answer, not by a receipt
		ways                 []string
		state                booking.MessageState
		code                 int
	}{
		"window closed after all":          {true, true, true, []int{63016, 0}, false, []string{"text", "template"}, booking.MessageDelivered, 0},
		"window closed, at once":           {true, true, true, []int{63016, 0}, true, []string{"text", "template"}, booking.MessageDelivered, 0},
		"window closed, no template":       {true, false, true, []int{63016, 0}, false, []string{"text", "sms"}, booking.MessageDelivered, 0},
		"window closed, nothing else":      {true, false, false, []int{63016}, false, []string{"text"}, booking.MessageFailed, 63016},
		"never wrote, nothing else":        {false, false, false, []int{63016}, false, []string{"text"}, booking.MessageFailed, 63016},
		"no WhatsApp":                      {false, true, true, []int{63003, 0}, false, []string{"template", "sms"}, booking.MessageDelivered, 0},
		"no WhatsApp, at once":             {false, true, true, []int{63024, 0}, true, []string{"template", "sms"}, booking.MessageDelivered, 0},
		"no WhatsApp in an open window":    {true, true, true, []int{63003, 0}, false, []string{"text", "sms"}, booking.MessageDelivered, 0},
		"no WhatsApp, no SMS":              {false, true, false, []int{63024}, false, []string{"template"}, booking.MessageFailed, 63024},
		"a template outside the window":    {false, true, true, []int{63016, 0}, false, []string{"template", "sms"}, booking.MessageDelivered, 0},
		"the whole way down":               {true, true, true, []int{63016, 63003, 30006}, false, []string{"text", "template", "sms"}, booking.MessageFailed, 30006},
		"a template that breaks the rules": {false, true, true, []int{63013}, false, []string{"template"}, booking.MessageFailed, 63013},
		"no reason given":                  {false, true, true, []int{30008}, false, []string{"template"}, booking.MessageFailed, 30008},
	} {
		t.Run(name, func(t *testing.T) {
			options := retry.SenderOptions{SMS: c.sms}
			if c.template {
				options.Template = templates
			}
			withSender(t, options, func(o *senderFixture) {
				if c.heard {
					o.received(ana)
				}
				o.carrier.answer = func(_ context.Context, n int, _ booking.OutgoingMessage) (bool, error) {
					if n < len(c.codes) && c.codes[n] != 0 && c.atOnce {
						return false, carryErr(booking.CarryRefused, c.codes[n])
					}
					return true, nil
				}
				o.put(guestMessage())
				for n, code := range c.codes {
					if n >= len(o.carrier.sent()) {
						break
					}
					switch sid := o.carrier.sent()[n].sid; {
					case sid == "":
					case code == 0:
						o.receipt(sid, "delivered", 0)
					default:
						o.receipt(sid, "sent", 0)
						o.receipt(sid, "undelivered", code)
						o.receipt(sid, "undelivered", code) // reported twice, handled once
						o.receipt(sid, "failed", code)
					}
				}
				o.pass(24 * time.Hour)
				var ways []string
				for _, p := range o.carrier.sent() {
					ways = append(ways, string(p.Way))
				}
				if !slices.Equal(ways, c.ways) {
					t.Errorf("went by %v, want %v", ways, c.ways)
				}
				if m := o.want(c.state, c.code); m.State == booking.MessageFailed && m.Reason == "" {
					t.Error("it does not say why")
				}
			})
		})
	}
}

// A window that proved closed stays closed for a message, whatever is thought of it.
func TestNoWayBackToAWayThatBounced(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates}, func(o *senderFixture) {
		o.received(ana)
		o.carrier.answer = func(_ context.Context, n int, _ booking.OutgoingMessage) (bool, error) {
			if n == 1 {
				return false, carryErr(booking.CarryLater, 20429)
			}
			return true, nil
		}
		o.put(guestMessage())
		o.receipt("SM1", "undelivered", 63016)
		o.pass(time.Minute)
		o.wantSent("text@0s", "template@0s", "template@5s")
	})
}

// A channel that is too busy gets the same message again later, but not
// for ever.
func TestBusyChannelIsTriedAgain(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates, SMS: true}, func(o *senderFixture) {
		o.put(guestMessage())
		o.receipt("SM1", "undelivered", 63018)
		o.want(booking.MessageWaiting, 63018)
		o.pass(5 * time.Second)
		o.wantSent("template@0s", "template@5s")
		for range 20 {
			messages := o.carrier.sent()
			o.receipt(messages[len(messages)-1].sid, "undelivered", 63018)
			o.pass(2 * time.Hour)
		}
		if n := len(o.carrier.sent()); n != 12 {
			t.Errorf("%d messages", n)
		}
		o.want(booking.MessageFailed, 63018)
	})
}

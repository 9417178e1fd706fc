package e2e

import (
	"testing"
	"time"

	"maitre/webhook/whatsapp/twilio/twiliotest"
)

// TestADoubtIsSettledByTwiliosListWhateverOurClockSays: whether a message left is
// not known, the program is killed, and its clock is another at the next start.
// The list shows a message a minute and a half after Twilio took it; no receipt comes.
func TestADoubtIsSettledByTwiliosListWhateverOurClockSays(t *testing.T) {
	t.Parallel()
	type start struct {
		twilio time.Duration // passes at Twilio meanwhile
		clock  int           // ours, in minutes past one o'clock
	}
	for name, c := range map[string]struct {
		taken  bool // it had left
		blind  bool // the first program cannot read the list
		starts []start
	}{
		"set back three minutes": {true, true, []start{{6 * time.Minute, 3}, {3 * time.Minute, 6}, {3 * time.Minute, 9}}},
		"set ahead ten minutes":  {true, false, []start{{10 * time.Second, 10}, {3 * time.Minute, 13}, {3 * time.Minute, 16}}},
		"set ahead a week":       {true, true, []start{{10 * time.Second, 7 * 24 * 60}, {3 * time.Minute, 7*24*60 + 3}, {3 * time.Minute, 7*24*60 + 6}}},
		"it was never taken":     {false, true, []start{{6 * time.Minute, 3}, {3 * time.Minute, 6}, {3 * time.Minute, 9}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chat := startChatWith(t, twiliotest.Options{Lag: 90 * time.Second, Statuses: []string{}})
			chat.twilio.Inject(twiliotest.Fault{Ops: []twiliotest.Op{twiliotest.OpSend}, Drop: true, After: c.taken, Times: 1})
			lift := func() int { return 0 }
			if c.blind {
				lift = chat.twilio.Inject(twiliotest.Fault{Ops: []twiliotest.Op{twiliotest.OpList}, Status: 503})
			}
			chat.ask(dinnerFor(1, "Ana"))
			chat.until("it is in doubt", func() (bool, any) {
				all := chat.outbox("unknown")
				return len(all) == 1, all
			})
			for _, s := range c.starts {
				chat.kill()
				lift()
				chat.passes(s.twilio)
				before := chat.looks()
				chat.restartBy(s.clock)
				chat.until("Twilio was asked, or it is settled", func() (bool, any) {
					all := chat.outbox("unknown", "sending", "waiting")
					return len(all) == 0 || chat.looks() > before, all
				})
			}
			chat.outboxEmpties()
			if sent := chat.sentTo("+34612345601"); len(sent) != 1 {
				t.Errorf("it left %d times: %+v", len(sent), sent)
			}
			chat.stop()
		})
	}
}

// looks is how often Twilio was asked for its list.
func (c *chat) looks() (n int) {
	for _, r := range c.twilio.Requests() {
		if r.Op == twiliotest.OpList && r.Status == 200 {
			n++
		}
	}
	return n
}

package retry_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/retry"
)

func TestFirstAttemptAtOnceWhenWoken(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates}, func(o *office) {
		o.pass(time.Second)
		o.put(owed())
		o.wantLetters("template@1s")
		o.want(booking.MessageSent, 0)
		if l := o.carrier.posted()[0]; l.Template != "HXbooked" || !slices.Equal(l.Vars, []string{"Ana"}) || l.Text != "" || l.To != ana || l.Message != o.only().ID {
			t.Errorf("%+v", l)
		}
	})
}

func TestTickFindsWhatNobodyTold(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates}, func(o *office) {
		o.pass(time.Second)
		if _, err := o.box.Put(o.t.Context(), owed()); err != nil {
			t.Fatal(err)
		}
		o.pass(4*time.Second - 1)
		o.wantLetters()
		o.pass(1)
		o.wantLetters("template@5s")
	})
}

func TestNothingLeavesBeforeItsTime(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates}, func(o *office) {
		m := owed()
		m.NotBefore = time.Now().Add(time.Hour)
		o.put(m)
		o.pass(time.Hour - 1)
		o.wantLetters()
		o.pass(1)
		o.wantLetters("template@1h0m0s")
	})
}

// The way by the phone's last message, what there is, and what the house allows.
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
		"never wrote, nothing":            {0, false, false, ""},
		"wrote, neither template nor SMS": {time.Hour, false, false, "text"},
	} {
		t.Run(name, func(t *testing.T) {
			options := retry.PostmanOptions{SMS: c.sms}
			if c.template {
				options.Template = templates
			}
			inOffice(t, options, func(o *office) {
				if c.heard > 0 {
					o.heard(ana)
					o.pass(c.heard)
				}
				o.put(owed())
				if c.way == "" {
					o.wantLetters()
					if m := o.want(booking.MessageFailed, 0); m.Reason == "" {
						t.Error("it does not say why")
					}
					return
				}
				o.wantLetters(c.way + "@" + c.heard.String())
				o.want(booking.MessageSent, 0)
			})
		})
	}
}

func TestExpiredIsDroppedAndSeen(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates}, func(o *office) {
		m := owed()
		m.NotBefore, m.Expires = time.Now().Add(time.Hour), time.Now().Add(time.Hour)
		o.put(m)
		o.pass(time.Hour)
		o.wantLetters()
		o.want(booking.MessageExpired, 0)
	})
}

// quietHours are from midnight to nine; the bubble's time begins at midnight.
func quietHours(now time.Time) (time.Time, bool) {
	until := now.Truncate(24 * time.Hour).Add(9 * time.Hour)
	return until, now.Before(until)
}

func TestQuietHours(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates, Quiet: quietHours}, func(o *office) {
		urgent, late := to(eva), to("+34633333333")
		urgent.Urgent = true
		late.Expires = time.Now().Add(8 * time.Hour)
		o.put(owed(), urgent, late)
		o.wantLetters("template@0s")
		o.pass(9*time.Hour - 1)
		o.wantLetters("template@0s")
		counts, err := o.box.Counts(o.t.Context())
		if err != nil || counts[booking.MessageExpired] != 1 {
			t.Error(counts, err)
		}
		o.pass(1)
		o.wantLetters("template@0s", "template@9h0m0s")
	})
}

func TestOptedOutGetsNothingStaffDoes(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates, Staff: []booking.Phone{staff}}, func(o *office) {
		o.ok(o.box.OptOut(o.t.Context(), ana, true))
		o.ok(o.box.OptOut(o.t.Context(), staff, true))
		o.put(owed(), to(staff))
		o.wantLetters("template@0s")
		withheld, err := o.box.List(o.t.Context(), booking.MessageWithheld, 2)
		if err != nil || len(withheld) != 1 || withheld[0].To != ana || withheld[0].Reason == "" {
			t.Errorf("%+v, %v", withheld, err)
		}
		o.ok(o.box.OptOut(o.t.Context(), ana, false))
		o.put(owed())
		o.wantLetters("template@0s", "template@0s")
	})
}

// What was surely not sent is sent again after a growing pause, or after the one
// that the carrier asks for.
func TestLaterIsLater(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates, Tick: time.Second}, func(o *office) {
		o.carrier.answer = func(_ context.Context, n int, _ booking.Letter) (bool, error) {
			switch n {
			case 0, 1:
				return false, carryErr(booking.CarryLater, 20429)
			case 2:
				return false, &booking.CarryError{Kind: booking.CarryLater, RetryAfter: time.Minute}
			case 3:
				return false, carryErr(booking.CarryUnauthorized, 20003)
			}
			return true, nil
		}
		o.put(owed())
		if m := o.want(booking.MessageWaiting, 20429); m.Failures != 1 || m.Reason != "on command" {
			t.Errorf("%+v", m)
		}
		o.pass(5 * time.Minute)
		o.wantLetters("template@0s", "template@2s", "template@6s", "template@1m6s", "template@1m22s")
		o.want(booking.MessageSent, 0)
	})
}

func TestRefusedIsGivenUpAndSeen(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates, SMS: true}, func(o *office) {
		o.carrier.answer = func(context.Context, int, booking.Letter) (bool, error) {
			return false, carryErr(booking.CarryRefused, 21211)
		}
		o.put(owed())
		o.pass(24 * time.Hour)
		o.wantLetters("template@0s")
		o.want(booking.MessageFailed, 21211)
	})
}

func TestStopAtTheCarrierIsWithheld(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates, SMS: true}, func(o *office) {
		o.carrier.answer = func(context.Context, int, booking.Letter) (bool, error) {
			return false, carryErr(booking.CarryRefused, 21610)
		}
		o.put(owed())
		o.pass(time.Hour)
		o.wantLetters("template@0s")
		o.want(booking.MessageWithheld, 21610)
	})
}

// Where WhatsApp does not reach, told at once or later, the next way is tried,
// each once.
func TestWhatDoesNotReachGoesAnotherWay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		heard, template, sms bool
		codes                []int // of each letter in turn; 0 arrives
		atOnce               bool  // refused in the answer, not by a receipt
		ways                 []string
		state                booking.MessageState
		code                 int
	}{
		"window closed after all":          {true, true, true, []int{63016, 0}, false, []string{"text", "template"}, booking.MessageDelivered, 0},
		"window closed, at once":           {true, true, true, []int{63016, 0}, true, []string{"text", "template"}, booking.MessageDelivered, 0},
		"window closed, no template":       {true, false, true, []int{63016, 0}, false, []string{"text", "sms"}, booking.MessageDelivered, 0},
		"window closed, nothing else":      {true, false, false, []int{63016}, false, []string{"text"}, booking.MessageFailed, 63016},
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
			options := retry.PostmanOptions{SMS: c.sms}
			if c.template {
				options.Template = templates
			}
			inOffice(t, options, func(o *office) {
				if c.heard {
					o.heard(ana)
				}
				o.carrier.answer = func(_ context.Context, n int, _ booking.Letter) (bool, error) {
					if n < len(c.codes) && c.codes[n] != 0 && c.atOnce {
						return false, carryErr(booking.CarryRefused, c.codes[n])
					}
					return true, nil
				}
				o.put(owed())
				for n, code := range c.codes {
					if n >= len(o.carrier.posted()) {
						break
					}
					switch sid := o.carrier.posted()[n].sid; {
					case sid == "":
					case code == 0:
						o.receipt(sid, "delivered", 0)
					default:
						o.receipt(sid, "sent", 0)
						o.receipt(sid, "undelivered", code)
						o.receipt(sid, "undelivered", code) // told twice, acted on once
						o.receipt(sid, "failed", code)
					}
				}
				o.pass(24 * time.Hour)
				var ways []string
				for _, p := range o.carrier.posted() {
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
	inOffice(t, retry.PostmanOptions{Template: templates}, func(o *office) {
		o.heard(ana)
		o.carrier.answer = func(_ context.Context, n int, _ booking.Letter) (bool, error) {
			if n == 1 {
				return false, carryErr(booking.CarryLater, 20429)
			}
			return true, nil
		}
		o.put(owed())
		o.receipt("SM1", "undelivered", 63016)
		o.pass(time.Minute)
		o.wantLetters("text@0s", "template@0s", "template@5s")
	})
}

// A channel that has too much to do gets the same letter again later, but not
// for ever.
func TestBusyChannelIsTriedAgain(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates, SMS: true}, func(o *office) {
		o.put(owed())
		o.receipt("SM1", "undelivered", 63018)
		o.want(booking.MessageWaiting, 63018)
		o.pass(5 * time.Second)
		o.wantLetters("template@0s", "template@5s")
		for range 20 {
			letters := o.carrier.posted()
			o.receipt(letters[len(letters)-1].sid, "undelivered", 63018)
			o.pass(2 * time.Hour)
		}
		if n := len(o.carrier.posted()); n != 12 {
			t.Errorf("%d letters", n)
		}
		o.want(booking.MessageFailed, 63018)
	})
}

// What may have been sent is looked for, and not sent again if it is found.
func TestUnknownThatArrivedIsNotSentAgain(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates}, func(o *office) {
		o.carrier.answer = func(context.Context, int, booking.Letter) (bool, error) {
			return true, carryErr(booking.CarryUnknown, 0)
		}
		o.put(owed())
		o.want(booking.MessageUnknown, 0)
		o.pass(2*time.Minute - 1)
		if o.carrier.searched() != 0 {
			t.Error("looked for before it could be there")
		}
		o.pass(time.Hour)
		o.wantLetters("template@0s")
		if m := o.want(booking.MessageSent, 0); m.SID != "SM1" || o.carrier.searched() != 1 {
			t.Errorf("%+v after %d searches", m, o.carrier.searched())
		}
		o.receipt("SM1", "delivered", 0)
		o.want(booking.MessageDelivered, 0)
	})
}

func TestUnknownThatIsAbsentIsSentAgain(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates}, func(o *office) {
		o.carrier.answer = func(_ context.Context, n int, _ booking.Letter) (bool, error) {
			if n == 0 {
				return false, errors.New("what no carrier should say")
			}
			return true, nil
		}
		o.put(owed())
		o.pass(time.Hour)
		o.wantLetters("template@0s", "template@2m0s")
		if m := o.want(booking.MessageSent, 0); m.Doubts != 1 || m.Tries != 2 {
			t.Errorf("%+v", m)
		}
	})
}

// Never blindly: while nobody can say whether it arrived, it is not sent again.
func TestUnknownIsNotSentWhileNobodyKnows(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates, Breaker: retry.NewBreaker("Twilio", retry.BreakerOptions{After: 1 << 30})}, func(o *office) {
		var blind atomic.Bool
		blind.Store(true)
		o.carrier.findErr = func() error {
			if blind.Load() {
				return carryErr(booking.CarryLater, 0)
			}
			return nil
		}
		o.carrier.answer = func(_ context.Context, n int, _ booking.Letter) (bool, error) {
			return n > 0, map[bool]error{true: carryErr(booking.CarryUnknown, 0)}[n == 0]
		}
		o.put(owed())
		o.pass(24 * time.Hour)
		o.wantLetters("template@0s")
		if m := o.want(booking.MessageUnknown, 0); m.Failures < 10 || o.carrier.searched() > 40 {
			t.Errorf("%d failures, %d searches", m.Failures, o.carrier.searched())
		}
		blind.Store(false)
		o.pass(time.Hour)
		if n := len(o.carrier.posted()); n != 2 {
			t.Errorf("%d letters", n)
		}
		o.want(booking.MessageSent, 0)
	})
}

func TestUnknownForDaysIsAPersonsCase(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates, Breaker: retry.NewBreaker("Twilio", retry.BreakerOptions{After: 1 << 30})}, func(o *office) {
		o.carrier.findErr = func() error { return carryErr(booking.CarryLater, 0) }
		o.carrier.answer = func(context.Context, int, booking.Letter) (bool, error) {
			return true, carryErr(booking.CarryUnknown, 0)
		}
		o.put(owed())
		o.pass(74 * time.Hour)
		o.wantLetters("template@0s")
		o.want(booking.MessageFailed, 0)
	})
}

func TestTooManyDoubtsAreGivenUp(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates}, func(o *office) {
		o.carrier.answer = func(context.Context, int, booking.Letter) (bool, error) {
			return false, carryErr(booking.CarryUnknown, 0)
		}
		o.put(owed())
		o.pass(24 * time.Hour)
		if n := len(o.carrier.posted()); n != 3 {
			t.Errorf("%d letters, want 3", n)
		}
		o.want(booking.MessageFailed, 0)
	})
}

// What is found must not be another message that says the same.
func TestTwoMessagesThatSayTheSame(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates}, func(o *office) {
		o.carrier.answer = func(_ context.Context, n int, _ booking.Letter) (bool, error) {
			return n != 1, map[bool]error{true: carryErr(booking.CarryUnknown, 0)}[n == 1]
		}
		o.put(owed(), owed()) // the first arrives, the second gets lost
		o.pass(time.Hour)
		o.wantLetters("template@0s", "template@0s", "template@2m0s")
		counts, err := o.box.Counts(o.t.Context())
		if err != nil || counts[booking.MessageSent] != 2 {
			t.Error(counts, err)
		}
	})
}

// An outage costs a few requests and then a probe now and then, not a queue of
// timeouts; afterwards everything goes.
func TestOutageCostsProbesOnly(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates}, func(o *office) {
		var down atomic.Bool
		down.Store(true)
		o.carrier.answer = func(context.Context, int, booking.Letter) (bool, error) {
			if down.Load() {
				return false, carryErr(booking.CarryLater, 0)
			}
			return true, nil
		}
		var all []booking.Message
		for i := range 100 {
			all = append(all, to(booking.Phone("+346000000"+string(rune('0'+i/10))+string(rune('0'+i%10)))))
		}
		o.put(all...)
		if n := len(o.carrier.posted()); n < 5 || n > 8 {
			t.Errorf("%d requests before it was seen to be down", n)
		}
		o.pass(24 * time.Hour)
		if n := len(o.carrier.posted()); n > 50 {
			t.Errorf("%d requests in a day of outage", n)
		}
		down.Store(false)
		o.pass(3 * time.Hour)
		counts, err := o.box.Counts(o.t.Context())
		if err != nil || counts[booking.MessageSent] != 100 {
			t.Error(counts, err)
		}
	})
}

// Letters to several phones go side by side, to one phone one after the other,
// and an urgent one need not wait for the rest.
func TestHands(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates, Hands: 3}, func(o *office) {
		o.carrier.answer = func(ctx context.Context, _ int, _ booking.Letter) (bool, error) {
			return true, sleep(ctx, time.Second)
		}
		urgent := to(staff)
		urgent.Urgent = true
		o.put(owed(), owed(), to(eva), owed(), to("+34633333333"), urgent)
		o.wantLetters("template@0s", "template@0s", "template@0s")
		if !slices.ContainsFunc(o.carrier.posted(), func(p posted) bool { return p.To == staff }) {
			t.Error("the urgent one waits")
		}
		o.pass(10 * time.Second)
		o.wantLetters("template@0s", "template@0s", "template@0s", "template@1s", "template@1s", "template@2s")
	})
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return carryErr(booking.CarryUnknown, 0)
	}
}

// An attempt that ends within the grace counts; one that does not is cut off,
// and its outcome is unknown, on disk.
func TestStop(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		takes time.Duration
		state booking.MessageState
		ends  time.Duration
	}{{2 * time.Second, booking.MessageSent, 2 * time.Second}, {10 * time.Second, booking.MessageUnknown, 3 * time.Second}} {
		t.Run(c.takes.String(), func(t *testing.T) {
			var log bytes.Buffer
			errorsOnly := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelError}))
			inOffice(t, retry.PostmanOptions{Template: templates, Log: errorsOnly}, func(o *office) {
				o.carrier.answer = func(ctx context.Context, _ int, _ booking.Letter) (bool, error) { return true, sleep(ctx, c.takes) }
				o.put(owed())
				o.want(booking.MessageSending, 0)
				o.stop()
				if took := time.Since(o.opened); took != c.ends {
					t.Errorf("it stopped after %s, want %s", took, c.ends)
				}
				o.want(c.state, 0)
				if log.Len() > 0 {
					t.Errorf("a stop is no error: %s", log.String())
				}
				// The next postman finds out.
				o.start(retry.PostmanOptions{Template: templates, Jitter: highest})
				o.pass(time.Hour)
				if m := o.want(booking.MessageSent, 0); m.Tries != 1 || m.SID != "SM1" {
					t.Errorf("%+v", m)
				}
				o.wantLetters("template@0s")
			})
		})
	}
}

// What could not be reached because we stopped is no failure of anybody.
func TestStopBeforeTheConnectionIsNoFailure(t *testing.T) {
	inOffice(t, retry.PostmanOptions{Template: templates}, func(o *office) {
		o.carrier.answer = func(ctx context.Context, n int, _ booking.Letter) (bool, error) {
			if n == 0 {
				<-ctx.Done()
				return false, carryErr(booking.CarryLater, 0)
			}
			return true, nil
		}
		o.put(owed())
		o.stop()
		if m := o.want(booking.MessageWaiting, 0); m.Failures != 0 || m.Doubts != 0 {
			t.Errorf("%+v", m)
		}
	})
}

// failingBox is an outbox whose disk fails at times.
type failingBox struct {
	retry.Outbox
	begins, finishes, reads int // how many of the next fail
}

var errDisk = errors.New("no space left on device")

func (b *failingBox) Begin(ctx context.Context, seen booking.Owed, way booking.Way, now time.Time) (booking.Owed, bool, error) {
	if b.begins--; b.begins >= 0 {
		return booking.Owed{}, false, errDisk
	}
	return b.Outbox.Begin(ctx, seen, way, now)
}

func (b *failingBox) Finish(ctx context.Context, seen booking.Owed, out booking.Outcome, now time.Time) (booking.Owed, error) {
	if b.finishes--; b.finishes >= 0 {
		return booking.Owed{}, errDisk
	}
	return b.Outbox.Finish(ctx, seen, out, now)
}

func (b *failingBox) LastHeard(ctx context.Context, phone booking.Phone) (time.Time, error) {
	if b.reads--; b.reads >= 0 {
		return time.Time{}, errDisk
	}
	return b.Outbox.LastHeard(ctx, phone)
}

// While the disk fails nothing is sent; what was sent is not sent again because
// it could not be written down.
func TestFailingDisk(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		box     failingBox
		letters []string
	}{
		"begin":  {failingBox{begins: 2}, []string{"template@10s"}},
		"finish": {failingBox{finishes: 3}, []string{"template@0s"}},
		"read":   {failingBox{reads: 1}, []string{"template@5s"}},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, retry.PostmanOptions{}, func(o *office) {
				o.stop()
				box := c.box
				box.Outbox = o.box
				var heard []booking.MessageState
				postman := retry.NewPostman(&box, o.carrier, retry.PostmanOptions{Template: templates, Jitter: highest,
					Finished: func(m booking.Owed) { heard = append(heard, m.State) }})
				ctx, cancel := context.WithCancel(context.Background())
				done := make(chan struct{})
				go func() { defer close(done); postman.Run(ctx) }()
				if _, err := o.box.Put(o.t.Context(), owed()); err != nil {
					t.Fatal(err)
				}
				postman.Wake()
				o.pass(time.Minute)
				cancel()
				<-done
				o.wantLetters(c.letters...)
				o.want(booking.MessageSent, 0)
				if !slices.Equal(heard, []booking.MessageState{booking.MessageSent}) {
					t.Errorf("heard %v", heard)
				}
			})
		})
	}
}

// Wake never blocks, whoever calls it.
func TestWakeNeverBlocks(t *testing.T) {
	inOffice(t, retry.PostmanOptions{}, func(o *office) {
		o.stop()
		for range 10 {
			o.postman.Wake()
		}
		synctest.Wait()
	})
}

package premises

import (
	"cmp"
	"context"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/notify"
	"maitre/retry"
	"maitre/store"
	"maitre/web"
)

// postRoom is how messages are sent; without Twilio none are, and none are promised.
type postRoom struct {
	outbox  *store.Outbox
	postman *retry.Postman // nil: there is no Twilio
	notify  *notify.Policy // nil likewise
	unheard *retry.Unheard // nil: nobody can be told
	words   *catalogue.Catalogue
	link    string // where the staff see the journal
	close   func()
}

func (g ground) postRoom(metrics *retry.Metrics) (*postRoom, error) {
	rules := g.House.Messages
	room := &postRoom{outbox: g.file.Outbox(), words: catalogue.New(g.House.Restaurant), link: g.PublicURL + "/admin", close: func() {}}
	if g.Twilio.AccountSID == "" {
		room.words = room.words.Silent()
		return room, nil
	}
	carrier, err := g.carrier()
	if err != nil {
		return nil, err
	}
	room.close = carrier.Close
	room.notify = g.policy(room.words, g.phones)
	if !g.sms() && len(rules.Templates) == 0 {
		g.Log.Warn("guests who have not written within a day cannot be written to: give [messages.templates], or set TWILIO_SMS_FROM (docs/messages.md)")
	}
	if len(g.StaffPhones) > 0 {
		room.unheard = retry.NewUnheard(retry.UnheardConfig{
			Outbox: room.outbox, Booking: g.file.Local().ByID, Word: room.words.Unheard, Staff: g.StaffPhones, Watch: g.Watch, Told: room.wake, Log: g.Log,
		})
	}
	room.postman = retry.NewPostman(room.outbox, carrier, retry.PostmanOptions{
		Template: rules.Template, SMS: g.sms(), Staff: g.StaffPhones, Tick: g.RetryTick, Log: g.Log, Now: g.Watch.Now,
		Quiet:    func(now time.Time) (time.Time, bool) { return rules.Quiet(now, g.House.Restaurant.Location) },
		Still:    room.still(g.file.Local(), g.Watch),
		Breaker:  retry.NewBreaker("Twilio", retry.BreakerOptions{Changed: noteBreaker(metrics, "Twilio", g.Log)}),
		Finished: func(o booking.Owed) { metrics.Message(o); room.unheard.Hear(o) },
	})
	retry.ShowTrouble(g.registry, "Twilio", room.postman.Trouble)
	return room, nil
}

// ready tells whether messages leave, where they are to; the desk works without.
func (r *postRoom) ready() []web.Check {
	if !r.sends() {
		return nil
	}
	why := r.postman.Trouble()
	return []web.Check{{Name: "messages", OK: why == "", Optional: true, Detail: cmp.Or(why, "Twilio")}}
}

// sends tells whether messages are sent.
func (r *postRoom) sends() bool { return r.postman != nil }

func (r *postRoom) wake() {
	if r.postman != nil {
		r.postman.Wake()
	}
}

// spoken makes the messages that are owed; nil where none can be sent.
func (r *postRoom) spoken() retry.Words {
	if !r.sends() {
		return nil
	}
	return retry.Spoken{Words: r.words, Link: r.link}
}

// writes returns what guests are written of decisions; nil where nothing can be sent.
func (r *postRoom) writes() booking.Letters {
	if !r.sends() {
		return nil
	}
	return r.notify
}

// hold is how long a table is held for a party of the waitlist; zero: there is none.
func (r *postRoom) hold() time.Duration {
	if !r.sends() {
		return 0
	}
	return r.notify.Hold()
}

// Stop and Start keep who wants no messages.
func (r *postRoom) Stop(ctx context.Context, phone booking.Phone) error {
	return r.outbox.OptOut(ctx, phone, true)
}

// Start undoes Stop.
func (r *postRoom) Start(ctx context.Context, phone booking.Phone) error {
	return r.outbox.OptOut(ctx, phone, false)
}

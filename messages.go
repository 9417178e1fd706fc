package main

import (
	"context"
	"errors"
	"time"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
	"maitre/webhook/whatsapp"
)

// Here is wired what is written to guests and staff without their asking:
// reminders, offers to those who wait, calls for a person.

// still tells the postman whether a message about a booking tells what is so.
func (r *postRoom) still(book *store.Local, watch booking.Watch) func(context.Context, booking.Owed) (bool, error) {
	return func(ctx context.Context, o booking.Owed) (bool, error) {
		if o.Booking == "" || o.Kind == booking.MessageAlert {
			return true, nil
		}
		b, err := book.ByID(ctx, o.Booking)
		switch {
		case errors.Is(err, booking.ErrNotFound):
			return false, nil // the staff took it out of the book
		case err != nil:
			return false, err
		}
		return r.letters.Still(o.Message, b, watch.Now()), nil
	}
}

// writes returns what guests are written of decisions; nil where nothing can be sent.
func (r *postRoom) writes() booking.Letters {
	if !r.sends() {
		return nil
	}
	return r.letters
}

// reminders returns what reminds guests of tomorrow.
func (p premises) reminders(room *backRoom, post *postRoom) *retry.Reminders {
	house, rules := p.house.Restaurant, p.house.Messages
	return retry.NewReminders(retry.RemindersConfig{
		Ledger: room.ledger, Outbox: post.outbox, Reminder: post.letters.Reminder, Location: house.Location,
		Due:   func(date booking.Date) time.Time { return rules.ReminderDue(date, house.Location) },
		Watch: p.watch, Told: post.wake, Log: p.log,
	})
}

// callStaff has a person call a guest; nil where nobody could be told.
func (p premises) callStaff(post *postRoom) whatsapp.Escalate {
	if !post.sends() || len(p.cfg.StaffPhones) == 0 {
		return nil
	}
	return whatsapp.StaffAlert{Outbox: post.outbox, Words: post.words, Staff: p.cfg.StaffPhones, Told: post.wake}
}

// allowsSMS tells whether messages may go by SMS.
func allowsSMS(cfg Config, rules booking.Correspondence) bool {
	return cfg.TwilioSMS != "" && !rules.NoSMS
}

// hold is how long a table is held for a party of the waitlist; zero: there is none.
func (r *postRoom) hold() time.Duration {
	if !r.sends() {
		return 0
	}
	return r.letters.Hold()
}

// usher returns who offers free tables to those who wait.
func (p premises) usher(room *backRoom) *retry.Usher {
	house, rules := p.house.Restaurant, p.house.Messages
	return retry.NewUsher(retry.UsherConfig{
		Desk: room.desk, Dates: p.file.Waitlist().Dates, Ready: room.takes, Watch: p.watch, Tick: p.cfg.RetryTick, Log: p.log,
		Quiet: func(now time.Time) bool { _, quiet := rules.Quiet(now, house.Location); return quiet },
	})
}

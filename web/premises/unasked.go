package premises

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
		return r.notify.Still(o.Message, b, watch.Now()), nil
	}
}

// reminders returns what reminds guests of tomorrow.
func (g ground) reminders(back *backRoom, post *postRoom) *retry.Reminders {
	house, rules := g.House.Restaurant, g.House.Messages
	return retry.NewReminders(retry.RemindersConfig{
		Ledger: back.ledger, Outbox: post.outbox, Reminder: post.notify.Reminder, Location: house.Location,
		Due:   func(date booking.Date) time.Time { return rules.ReminderDue(date, house.Location) },
		Watch: g.Watch, Told: post.wake, Log: g.Log,
	})
}

// callStaff has a person call a guest; nil where nobody could be told.
func (g ground) callStaff(post *postRoom) whatsapp.Escalate {
	if !post.sends() || len(g.StaffPhones) == 0 {
		return nil
	}
	return whatsapp.StaffAlert{Outbox: post.outbox, Words: post.words, Staff: g.StaffPhones, Told: post.wake}
}

// usher returns who offers free tables to those who wait.
func (g ground) usher(desk *booking.Desk, back *backRoom) *retry.Usher {
	return retry.NewUsher(retry.UsherConfig{
		Desk: desk, Dates: g.file.Waitlist().Dates, Ready: back.takes, Watch: g.Watch, Tick: g.RetryTick, Log: g.Log,
	})
}

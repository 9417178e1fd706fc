package notify_test

import (
	"strings"
	"testing"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/notify"
	"maitre/store/restaurantfile"
)

const (
	mobile   booking.Phone = "+34612345678"
	other    booking.Phone = "+34687654321"
	landline booking.Phone = "+34941000126"
)

var (
	monday = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) // 13:00 in Madrid
	friday = booking.NewDate(2026, 11, 27)
)

func policy(t *testing.T, change ...func(*booking.Correspondence)) notify.Policy {
	t.Helper()
	restaurant, err := restaurantfile.LoadFile("")
	if err != nil {
		t.Fatal(err)
	}
	rules := booking.UsualCorrespondence()
	for _, c := range change {
		c(&rules)
	}
	return notify.Policy{
		SMS:   true,
		Words: catalogue.New(restaurant.Restaurant), Rules: rules,
		Mobile: func(p booking.Phone) bool { return strings.HasPrefix(string(p), "+346") },
	}
}

func inWriting(c *booking.Correspondence) { c.InWriting = true }

func without(kinds ...booking.MessageKind) func(*booking.Correspondence) {
	return func(c *booking.Correspondence) { c.Kinds = kinds }
}

// made is a booking for Friday at nine, made last Saturday.
func made(change ...func(*booking.Booking)) booking.Booking {
	b := booking.Booking{
		ID: "01", Code: "K7QF", Name: "Ana", Phone: mobile, Date: friday, Time: booking.NewTimeOfDay(21, 0), Party: 4, Zone: "terraza",
		Start: time.Date(2026, 11, 27, 20, 0, 0, 0, time.UTC), Status: booking.Confirmed, Channel: booking.ByPhone, Lang: booking.Spanish,
		Created: monday.AddDate(0, 0, -2), Updated: monday.AddDate(0, 0, -2),
	}
	for _, c := range change {
		c(&b)
	}
	return b
}

func by(channel booking.Channel, phone booking.Phone) booking.Caller {
	return booking.Caller{Channel: channel, Phone: phone}
}

func status(s booking.Status) func(*booking.Booking) {
	return func(b *booking.Booking) { b.Status = s }
}
func from(p booking.Phone) func(*booking.Booking) { return func(b *booking.Booking) { b.Phone = p } }
func at(hour int) func(*booking.Booking) {
	return func(b *booking.Booking) { b.Time = booking.NewTimeOfDay(hour, 0) }
}

func TestGuestsWhoKnowAlreadyGetNoMessage(t *testing.T) {
	t.Parallel()
	held := status(booking.PreBooked)
	was := func(change ...func(*booking.Booking)) *booking.Booking { b := made(change...); return &b }
	for _, c := range []struct {
		name   string
		caller booking.Caller
		now    booking.Booking
		was    *booking.Booking
		rules  []func(*booking.Correspondence)
		want   booking.MessageKind
	}{
		{"booked by phone, held", by(booking.ByPhone, mobile), made(held), nil, nil, booking.MessageConfirm},
		{"booked by phone, held, and no question is wanted", by(booking.ByPhone, mobile), made(held), nil, []func(*booking.Correspondence){without(booking.MessageReminder)}, ""},
		{"booked by phone, confirmed aloud", by(booking.ByPhone, mobile), made(), nil, nil, ""},
		{"booked by phone, in writing too", by(booking.ByPhone, mobile), made(), nil, []func(*booking.Correspondence){inWriting}, booking.MessageBooked},
		{"booked by WhatsApp", by(booking.ByWhatsApp, mobile), made(), nil, nil, ""},
		{"booked on the web", by(booking.ByWeb, ""), made(), nil, nil, booking.MessageBooked},
		{"booked on the web, from a landline", by(booking.ByWeb, ""), made(from(landline)), nil, nil, ""},
		{"booked by the staff", by(booking.ByStaff, ""), made(), nil, nil, ""},
		{"held for the waitlist", by("", ""), made(held), nil, []func(*booking.Correspondence){inWriting}, ""},
		{"changed by the guest, by phone", by(booking.ByPhone, mobile), made(at(22)), was(), nil, ""},
		{"changed by the guest, by phone, while held", by(booking.ByPhone, mobile), made(held, at(22)), was(held), nil, booking.MessageConfirm},
		{"changed by the guest, by WhatsApp, while held", by(booking.ByWhatsApp, mobile), made(held, at(22)), was(held), nil, ""},
		{"changed from another number", by(booking.ByPhone, other), made(at(22)), was(), nil, booking.MessageChanged},
		{"changed by the staff", by(booking.ByStaff, ""), made(at(22)), was(), nil, booking.MessageChanged},
		{"changed on the web", by(booking.ByWeb, ""), made(at(22)), was(), nil, booking.MessageChanged},
		{"only a note", by(booking.ByStaff, ""), made(func(b *booking.Booking) { b.Notes = "trona" }), was(), nil, ""},
		{"cancelled by the guest", by(booking.ByWhatsApp, mobile), made(status(booking.Cancelled)), was(), nil, ""},
		{"cancelled by the guest, in writing too", by(booking.ByPhone, mobile), made(status(booking.Cancelled)), was(), []func(*booking.Correspondence){inWriting}, booking.MessageCancelled},
		{"cancelled from another number", by(booking.ByWhatsApp, other), made(status(booking.Cancelled)), was(), nil, booking.MessageCancelled},
		{"cancelled by the staff", by(booking.ByStaff, ""), made(status(booking.Cancelled)), was(), nil, booking.MessageCancelled},
		{"confirmed by the guest", by(booking.ByWhatsApp, mobile), made(), was(held), nil, ""},
		{"confirmed by the staff", by(booking.ByStaff, ""), made(), was(held), nil, booking.MessageBooked},
		{"seated", by(booking.ByStaff, ""), made(status(booking.Seated)), was(), nil, ""},
		{"did not come", by(booking.ByStaff, ""), made(status(booking.NoShow)), was(), nil, ""},
		{"nobody to write to", by(booking.ByStaff, ""), made(from(""), at(22)), was(from("")), nil, ""},
		{"taken back by the desk", by("", ""), made(status(booking.Cancelled)), was(held), nil, ""},
	} {
		got := policy(t, c.rules...).Messages(booking.Decision{Caller: c.caller, Booking: c.now, Was: c.was, Now: monday})
		switch {
		case len(got) == 0 && c.want == "":
		case len(got) != 1 || got[0].Kind != c.want || got[0].To != mobile || got[0].Booking != "01" || got[0].Key == "":
			t.Errorf("%s: messages %+v, want %q", c.name, got, c.want)
		}
	}
}

func TestOnlyMobilesThatPhoneAreAskedInWriting(t *testing.T) {
	t.Parallel()
	w := policy(t)
	quiet := policy(t, without(booking.MessageReminder))
	web := made(func(b *booking.Booking) { b.Channel = booking.ByWeb })
	unreached := w
	unreached.SMS = false
	templates := policy(t, func(c *booking.Correspondence) {
		c.Templates = map[booking.Lang]map[booking.MessageKind]string{booking.Spanish: {booking.MessageConfirm: "HX1"}}
	})
	templates.SMS = false
	english := made(func(b *booking.Booking) { b.Lang = booking.English })
	if unreached.Asks(made()) || !templates.Asks(made()) || templates.Asks(english) {
		t.Error("want nobody asked whom neither a template nor SMS reaches")
	}
	if !w.Asks(made()) || w.Asks(made(from(landline))) || w.Asks(made(from(""))) || w.Asks(web) || quiet.Asks(made()) {
		t.Error("want a mobile that phones, and nobody else, and nobody where the restaurant does not ask")
	}
}

func TestReminders(t *testing.T) {
	t.Parallel()
	w := policy(t)
	due, now := time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC), time.Date(2026, 11, 26, 10, 5, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		b    booking.Booking
		kind booking.MessageKind
	}{
		"confirmed":             {made(), booking.MessageReminder},
		"of any channel":        {made(func(b *booking.Booking) { b.Channel = booking.ByStaff }), booking.MessageReminder},
		"still held":            {made(status(booking.PreBooked)), booking.MessageConfirm},
		"offered just now":      {made(status(booking.PreBooked), func(b *booking.Booking) { b.HeldUntil = now.Add(time.Minute) }), ""},
		"cancelled":             {made(status(booking.Cancelled)), ""},
		"there already":         {made(status(booking.Seated)), ""},
		"a landline":            {made(from(landline)), ""},
		"made after the hour":   {made(func(b *booking.Booking) { b.Created, b.Updated = due, due }), ""},
		"changed after it":      {made(func(b *booking.Booking) { b.Updated = due.Add(time.Minute) }), ""},
		"its time has gone by":  {made(func(b *booking.Booking) { b.Start = now }), ""},
		"typed by hand, no day": {made(func(b *booking.Booking) { b.Created, b.Updated = time.Time{}, time.Time{} }), booking.MessageReminder},
	} {
		m, ok := w.Reminder(c.b, due, now)
		if ok != (c.kind != "") || ok && (m.Kind != c.kind || m.Key != "reminder/01/2026-11-27" || m.To != mobile) {
			t.Errorf("%s: %v %+v, want %q", name, ok, m, c.kind)
		}
	}
	if _, ok := policy(t, without(booking.MessageConfirm)).Reminder(made(), due, now); ok {
		t.Error("a restaurant that sends no reminders sends one")
	}
}

func TestOutdatedMessagesAreNotSent(t *testing.T) {
	t.Parallel()
	w := policy(t)
	held, gone := status(booking.PreBooked), status(booking.Cancelled)
	offered := made(held, func(b *booking.Booking) { b.HeldUntil = monday.Add(15 * time.Minute) })
	elsewhere := func(b *booking.Booking) { b.Zone = "interior" }
	tomorrow := func(b *booking.Booking) { b.Date++ }
	noZone := func(b *booking.Booking) { b.Zone = "" }
	for _, c := range []struct {
		name string
		m    booking.Message
		now  booking.Booking
		late time.Duration
		want bool
	}{
		{"asked, still held", w.Words.AskToConfirm(monday, made(held)), made(held), 0, true},
		{"asked, at another table", w.Words.AskToConfirm(monday, made(held)), made(held, elsewhere), 0, true},
		{"asked, confirmed since", w.Words.AskToConfirm(monday, made(held)), made(), 0, false},
		{"asked, moved since", w.Words.AskToConfirm(monday, made(held)), made(held, at(22)), 0, false},
		{"asked, cancelled since", w.Words.AskToConfirm(monday, made(held)), made(gone), 0, false},
		{"reminder", w.Words.Reminder(monday, made()), made(), 0, true},
		{"reminder, no zones", w.Words.Reminder(monday, made(noZone)), made(noZone), 0, true},
		{"reminder, cancelled since", w.Words.Reminder(monday, made()), made(gone), 0, false},
		{"reminder, another day since", w.Words.Reminder(monday, made()), made(tomorrow), 0, false},
		{"reminder, more guests since", w.Words.Reminder(monday, made()), made(func(b *booking.Booking) { b.Party = 6 }), 0, false},
		{"booked, cancelled since", w.Words.NowBooked(monday, made()), made(gone), 0, false},
		{"cancelled", w.Words.NowCancelled(monday, made(gone)), made(gone), 0, true},
		{"offered", w.Words.TableFree(monday, offered, offered.HeldUntil), offered, 0, true},
		{"offered, too late", w.Words.TableFree(monday, offered, offered.HeldUntil), offered, 15 * time.Minute, false},
		{"offered, taken since", w.Words.TableFree(monday, offered, offered.HeldUntil), made(), 0, false},
		{"a call", w.Words.NotKept(monday, made()), made(gone), 0, true},
	} {
		if got := w.Still(c.m, c.now, monday.Add(c.late)); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestTheWaitlistNeedsMessagesInEveryLanguage(t *testing.T) {
	t.Parallel()
	free := booking.MessageTableFree
	byTemplate := func(langs ...booking.Lang) notify.Policy {
		w := policy(t, func(c *booking.Correspondence) {
			c.Templates = map[booking.Lang]map[booking.MessageKind]string{}
			for _, lang := range langs {
				c.Templates[lang] = map[booking.MessageKind]string{free: "HX1"}
			}
		})
		w.SMS = false
		return w
	}
	for name, c := range map[string]struct {
		w    notify.Policy
		want time.Duration
	}{
		"SMS":                        {policy(t), 15 * time.Minute},
		"no SMS, no template":        {byTemplate(), 0},
		"a template in one language": {byTemplate(booking.Spanish), 0},
		"a template in each":         {byTemplate(booking.Spanish, booking.English), 15 * time.Minute},
		"not wanted":                 {policy(t, without(booking.MessageConfirm)), 0},
	} {
		if got := c.w.Hold(); got != c.want {
			t.Errorf("%s: held for %s, want %s", name, got, c.want)
		}
	}
}

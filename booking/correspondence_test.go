package booking_test

import (
	"testing"
	"time"

	"maitre/booking"
)

func madridTime(t *testing.T, at string) (time.Time, *time.Location) {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	now, err := time.ParseInLocation("2006-01-02 15:04", at, loc)
	if err != nil {
		t.Fatal(err)
	}
	return now, loc
}

func TestQuietHoursEndOnTheClock(t *testing.T) {
	t.Parallel()
	usual := booking.UsualCorrespondence()
	nap := usual
	nap.QuietFrom, nap.QuietUntil = booking.NewTimeOfDay(14, 0), booking.NewTimeOfDay(17, 0)
	none := usual
	none.QuietFrom, none.QuietUntil = booking.NewTimeOfDay(9, 0), booking.NewTimeOfDay(9, 0)
	for _, c := range []struct {
		rules booking.Correspondence
		now   string
		until string // empty: not quiet
	}{
		{usual, "2026-11-23 22:29", ""},
		{usual, "2026-11-23 22:30", "2026-11-24 09:30"},
		{usual, "2026-11-23 23:59", "2026-11-24 09:30"},
		{usual, "2026-11-24 00:10", "2026-11-24 09:30"},
		{usual, "2026-11-24 09:29", "2026-11-24 09:30"},
		{usual, "2026-11-24 09:30", ""},
		{usual, "2027-03-27 23:00", "2027-03-28 09:30"}, // an hour is skipped in that night
		{usual, "2026-10-24 23:00", "2026-10-25 09:30"}, // and one comes twice in this
		{nap, "2026-11-23 14:00", "2026-11-23 17:00"},
		{nap, "2026-11-23 17:00", ""},
		{nap, "2026-11-23 03:00", ""},
		{none, "2026-11-23 09:00", ""},
	} {
		now, loc := madridTime(t, c.now)
		until, quiet := c.rules.Quiet(now.UTC(), loc)
		if got := until.Format("2006-01-02 15:04"); quiet != (c.until != "") || quiet && got != c.until {
			t.Errorf("at %s: quiet %v until %s, want until %q", c.now, quiet, got, c.until)
		}
	}
}

func TestRemindersComeTheDayBeforeWhateverTheClocksDo(t *testing.T) {
	t.Parallel()
	rules := booking.UsualCorrespondence()
	for date, want := range map[string]string{
		"2026-11-24": "2026-11-23 11:00", "2027-03-28": "2027-03-27 11:00", "2027-03-29": "2027-03-28 11:00",
		"2026-10-25": "2026-10-24 11:00", "2026-10-26": "2026-10-25 11:00", "2027-01-01": "2026-12-31 11:00",
	} {
		at, loc := madridTime(t, want)
		day, err := booking.ParseDate(date)
		if err != nil {
			t.Fatal(err)
		}
		if got := rules.ReminderDue(day, loc); !got.Equal(at) {
			t.Errorf("guests of %s are reminded at %s, want %s", date, got.In(loc), want)
		}
	}
}

func TestWhatSomebodyWaitsForIsAlwaysSent(t *testing.T) {
	t.Parallel()
	var nothing booking.Correspondence
	usual := booking.UsualCorrespondence()
	for _, kind := range booking.GuestMessages() {
		if nothing.Sends(kind) || !usual.Sends(kind) {
			t.Errorf("%s: sent %v by a restaurant that sends nothing, %v by one with the defaults", kind, nothing.Sends(kind), usual.Sends(kind))
		}
	}
	if !nothing.Sends(booking.MessageAlert) || !nothing.Sends(booking.MessageCall) {
		t.Error("an alert or a call is not sent")
	}
}

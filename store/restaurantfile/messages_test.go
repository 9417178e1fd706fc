package restaurantfile_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/booking"
	"maitre/store/restaurantfile"
)

func TestWithoutASectionAllMessagesAreSentAsUsual(t *testing.T) {
	t.Parallel()
	f, err := restaurantfile.ParseFile("f.toml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(booking.UsualCorrespondence(), f.Messages); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestMessagesOfARestaurant(t *testing.T) {
	t.Parallel()
	const es, en = "HX0123456789abcdef0123456789abcdef", "HXfedcba9876543210fedcba9876543210"
	f, err := restaurantfile.ParseFile("f.toml", []byte(strings.Replace(small, "phone =", "languages = [\"es\", \"en\"]\nphone =", 1)+`
[messages]
send = ["confirm", "reminder", "table-free"]
in_writing = true
quiet = { from = "23:00", until = "10:00" }
remind_at = "12:30"
waitlist_hold = "20m"
sms = false
[messages.templates.es]
reminder = "`+es+`"
alert = "`+es+`"
[messages.templates.en]
reminder = "`+en+`"
`))
	if err != nil {
		t.Fatal(err)
	}
	want := booking.Correspondence{
		Kinds:     []booking.MessageKind{booking.MessageConfirm, booking.MessageReminder, booking.MessageTableFree},
		InWriting: true, QuietFrom: booking.NewTimeOfDay(23, 0), QuietUntil: booking.NewTimeOfDay(10, 0), RemindAt: booking.NewTimeOfDay(12, 30),
		Hold: 20 * time.Minute, NoSMS: true,
		Templates: map[booking.Lang]map[booking.MessageKind]string{
			"es": {booking.MessageReminder: es, booking.MessageAlert: es}, "en": {booking.MessageReminder: en},
		},
	}
	if diff := cmp.Diff(want, f.Messages); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestProblemsInTheMessagesSayHowToFixThem(t *testing.T) {
	t.Parallel()
	for section, want := range map[string]string{
		"[messages]\nsend = [\"reminders\"]":                  `f.toml:21: messages.send[1] = "reminders" is not one of the choices; write one of ["confirm"`,
		"[messages]\nsend = [\"reminder\", \"reminder\"]":     `f.toml:21: messages.send[2] = "reminder" stands twice; take one away`,
		"[messages]\nsent = []":                               `f.toml:21: messages.sent is not a known key; did you mean "send"?`,
		"[messages]\nquiet = { from = \"22:30\" }":            `f.toml:21: messages.quiet.until is missing; add: until = "09:30"`,
		"[messages]\nremind_at = \"11h\"":                     `f.toml:21: messages.remind_at = "11h" is not a time of day; write "11:00"`,
		"[messages]\nwaitlist_hold = \"2m\"":                  `f.toml:21: messages.waitlist_hold = "2m" is out of range; write from 5m to 1d`,
		"[messages]\nsms = \"no\"":                            `f.toml:21: messages.sms = "no" is neither true nor false`,
		"[messages.templates.es]\nreminder = \"recordar\"":    `f.toml:21: messages.templates.es.reminder = "recordar" is no template of Twilio's; copy its Content SID`,
		"[messages.templates.es]\nreminders = \"HX\"":         `f.toml:21: messages.templates.es.reminders is not a known key; did you mean "reminder"?`,
		"[messages.templates.fr]\nreminder = \"HX\"":          `f.toml:20: messages.templates.fr is in a language that the house does not speak; add "fr" to languages`,
		"[messages.templates]\nreminder = \"HX0123456789\"\n": `messages.templates.reminder = "HX0123456789" is in a language that the house does not speak`,
	} {
		t.Run(section, func(t *testing.T) {
			t.Parallel()
			_, err := restaurantfile.ParseFile("f.toml", []byte(small+section))
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got:  %v\nwant: %s", err, want)
			}
		})
	}
}

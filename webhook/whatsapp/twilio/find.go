package twilio

import (
	"context"
	"net/mail"
	"net/url"
	"strings"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"maitre/booking"
)

const (
	findPage  = 100
	findPages = 5
	// findMargin is how much earlier than our attempt Twilio's clock may say that
	// it came.
	findMargin = 2 * time.Minute
	// sentByRequest is the direction of what a request like ours sent; answers to
	// a guest's message have another.
	sentByRequest = "outbound-api"
)

// Find returns Twilio's names for what may be a letter that was sent so long
// ago: what went from the same sender to the same phone since then and says the
// same. Which of them belong to other messages the caller knows. None means that
// the letter did not arrive. Every error is an [*Error], and means that nobody
// knows yet.
//
// The time is an age, since our clock need not be Twilio's: it is counted back
// from the moment that Twilio's answer gives.
func (c *Client) Find(ctx context.Context, l booking.Letter, age time.Duration) (sids []string, err error) {
	from, to, refusal := c.addresses(l)
	if refusal != nil {
		refusal.Operation = opFind
		return nil, refusal
	}
	// By number and not by date: what is queued still has no date of sending.
	params := (&api.ListMessageParams{}).SetPathAccountSid(c.cfg.AccountSID).SetTo(to).SetFrom(from).SetPageSize(findPage)
	token, page := "", ""
	for range findPages {
		r := &request{client: c, ctx: ctx, op: opFind}
		answer, err := api.NewApiServiceWithClient(r).PageMessage(params, token, page)
		if err != nil {
			return nil, r.asError(err)
		}
		if r.date.IsZero() {
			return nil, &Error{Kind: Later, Operation: opFind, Message: "the answer says no time"}
		}
		since := r.date.Add(-age - findMargin)
		older := false
		for i := range answer.Messages {
			m := &answer.Messages[i]
			made, err := mail.ParseDate(text(m.DateCreated))
			switch {
			case err == nil && made.Before(since):
				older = true // they come newest first
			case text(m.Direction) == sentByRequest && says(text(m.Body), l) && text(m.Sid) != "":
				sids = append(sids, text(m.Sid))
			}
		}
		if older || text(answer.NextPageUri) == "" {
			return sids, nil
		}
		next, err := url.Parse(text(answer.NextPageUri))
		if err != nil {
			return nil, r.asError(err)
		}
		token, page = next.Query().Get("PageToken"), next.Query().Get("Page")
	}
	return nil, &Error{Kind: Later, Operation: opFind, Message: "there are too many messages to this number to be sure"}
}

// says tells whether a message's body can be the letter's. Twilio puts words of
// its own before the texts of a trial account. Of a template we know only what
// it was filled with, and it need not show all of that: half must be there.
func says(body string, l booking.Letter) bool {
	if l.Way != booking.ByTemplate {
		return strings.HasSuffix(strings.TrimSpace(body), strings.TrimSpace(l.Text))
	}
	values, shown := 0, 0
	for _, value := range clean(l.Vars) {
		if value == noValue {
			continue
		}
		values++
		if strings.Contains(body, value) {
			shown++
		}
	}
	return 2*shown >= values
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

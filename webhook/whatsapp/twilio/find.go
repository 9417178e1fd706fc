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
	findPages = 20
	// clockError is by how much our clock may have been set since an attempt: how
	// long ago it was is as uncertain as that.
	clockError = 7 * 24 * time.Hour
	// sentByRequest is the direction of what a request like ours sent; answers to
	// a guest's message have another.
	sentByRequest = "outbound-api"
)

// Find returns Twilio's names for what may be a message that was sent so long
// ago: what went from the same sender to the same phone since then and says the
// same, the newest first. Which of them belong to other messages the caller knows.
// asOf is when Twilio answered, by its own clock: a message that is not there had
// not arrived some time before. Every error is an [*Error], and means that nobody
// knows yet.
//
// The time is an age, and one that is counted by a clock that may have been set
// meanwhile: it is counted back, with a week to spare, from Twilio's own time.
func (c *Client) Find(ctx context.Context, l booking.OutgoingMessage, age time.Duration) (sids []string, asOf time.Time, err error) {
	from, to, refusal := c.addresses(l)
	if refusal != nil {
		refusal.Operation = opFind
		return nil, asOf, refusal
	}
	// By number and not by date: what is queued still has no date of sending.
	params := (&api.ListMessageParams{}).SetPathAccountSid(c.cfg.AccountSID).SetTo(to).SetFrom(from).SetPageSize(findPage)
	token, page := "", ""
	for range findPages {
		r := &request{client: c, ctx: ctx, op: opFind}
		answer, err := api.NewApiServiceWithClient(r).PageMessage(params, token, page)
		if err != nil {
			return nil, asOf, r.asError(err)
		}
		if r.date.IsZero() {
			return nil, asOf, &Error{Kind: Later, Operation: opFind, Message: "the answer says no time"}
		}
		if asOf.IsZero() {
			asOf = r.date
		}
		since := asOf.Add(-max(age, 0) - clockError)
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
			return sids, asOf, nil
		}
		next, err := url.Parse(text(answer.NextPageUri))
		if err != nil {
			return nil, asOf, r.asError(err)
		}
		token, page = next.Query().Get("PageToken"), next.Query().Get("Page")
	}
	return nil, asOf, &Error{Kind: Later, Operation: opFind, Message: "there are too many messages to this number to be sure"}
}

// says reports whether a message's body can be the message's. Twilio puts words of
// its own before the texts of a trial account. Of a template we know only what
// it was filled with, and it need not show all of that: half must be there.
func says(body string, l booking.OutgoingMessage) bool {
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

package twilio

import (
	"context"
	"fmt"

	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// Account returns the name of the account, if it can send: it asks Twilio, and
// sends nothing. Every error is an [*Error].
func (c *Client) Account(ctx context.Context) (name string, err error) {
	r := &request{client: c, ctx: ctx, op: opAccount}
	account, err := api.NewApiServiceWithClient(r).FetchAccount(c.cfg.AccountSID)
	if err != nil {
		return "", r.asError(err)
	}
	if status := text(account.Status); status != "active" {
		return "", &Error{Kind: Refused, Operation: opAccount, Message: fmt.Sprintf("the account is %s: see to it at https://console.twilio.com", status)}
	}
	return text(account.FriendlyName), nil
}

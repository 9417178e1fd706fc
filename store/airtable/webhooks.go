package airtable

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Webhook is a subscription to the base's changes. It ends 7 days after it was
// made, refreshed or last read.
type Webhook struct {
	ID string `json:"id"`
	// Secret is the key of the notifications' MAC in base64. Airtable shows it
	// once, in the answer to CreateWebhook.
	Secret  string    `json:"macSecretBase64"`
	Expires time.Time `json:"expirationTime"`

	// The rest is returned by Webhooks only.

	URL string `json:"notificationUrl"`
	// Enabled reports whether the webhook records changes, Notifies whether it
	// notifies URL: Airtable stops that after failures.
	Enabled  bool `json:"isHookEnabled"`
	Notifies bool `json:"areNotificationsEnabled"`
}

// WebhookFilter chooses which changes a webhook records.
type WebhookFilter struct {
	// DataTypes: "tableData", "tableFields", "tableMetadata".
	DataTypes []string `json:"dataTypes"`
	// WatchFields are the IDs of the fields whose changes count. Empty is all.
	WatchFields []string `json:"watchDataInFieldIds,omitempty"`
}

func (c *Client) hooks(rest ...string) []string {
	return append([]string{"bases", c.cfg.BaseID, "webhooks"}, rest...)
}

// CreateWebhook subscribes to changes. The payloads carry all cells of a changed
// record and what they were before. An empty notify makes one that is only read.
func (c *Client) CreateWebhook(ctx context.Context, notify string, filter WebhookFilter) (Webhook, error) {
	type object = map[string]any
	body := object{"specification": object{"options": object{
		"filters":  filter,
		"includes": object{"includeCellValuesInFieldIds": "all", "includePreviousCellValues": true},
	}}}
	if notify != "" {
		body["notificationUrl"] = notify
	}
	var made Webhook
	r := request{op: OpCreateWebhook, writes: true, method: http.MethodPost, path: c.hooks(), body: body}
	if err := c.ask(ctx, r, &made); err != nil {
		return Webhook{}, err
	}
	if made.ID == "" || made.Secret == "" {
		return Webhook{}, r.incomplete()
	}
	return made, nil
}

// Webhooks returns those of the base that this token may see, without secrets.
func (c *Client) Webhooks(ctx context.Context) ([]Webhook, error) {
	var answer struct {
		Webhooks []Webhook `json:"webhooks"`
	}
	r := request{op: OpWebhooks, method: http.MethodGet, path: c.hooks()}
	if err := c.ask(ctx, r, &answer); err != nil {
		return nil, err
	}
	if answer.Webhooks == nil {
		return nil, r.incomplete()
	}
	return answer.Webhooks, nil
}

// RefreshWebhook extends a webhook's life.
func (c *Client) RefreshWebhook(ctx context.Context, id string) error {
	return c.ask(ctx, request{op: OpRefreshWebhook, writes: true, method: http.MethodPost, path: c.hooks(id, "refresh")}, nil)
}

// DeleteWebhook ends a subscription.
func (c *Client) DeleteWebhook(ctx context.Context, id string) error {
	return c.ask(ctx, request{op: OpDeleteWebhook, writes: true, method: http.MethodDelete, path: c.hooks(id)}, nil)
}

// EnableWebhook switches a webhook's notifications on or off. Payloads are
// recorded in either case.
func (c *Client) EnableWebhook(ctx context.Context, id string, enable bool) error {
	return c.ask(ctx, request{
		op: OpEnableWebhook, writes: true, method: http.MethodPost, path: c.hooks(id, "enableNotifications"),
		body: map[string]bool{"enable": enable},
	}, nil)
}

// Payloads is a page of what a webhook recorded.
type Payloads struct {
	Payloads []Payload `json:"payloads"`
	// Cursor is the number of the payload to read next.
	Cursor int `json:"cursor"`
	// More reports that there may be more by now.
	More bool `json:"mightHaveMore"`
}

// Payloads returns what a webhook recorded from number cursor on; the first is
// 1. Reading extends the webhook's life. Payloads are kept for a week.
func (c *Client) Payloads(ctx context.Context, id string, cursor int) (Payloads, error) {
	var answer Payloads
	r := request{
		op: OpPayloads, method: http.MethodGet, path: c.hooks(id, "payloads"),
		query: url.Values{"cursor": {strconv.Itoa(max(1, cursor))}},
	}
	if err := c.ask(ctx, r, &answer); err != nil {
		return Payloads{}, err
	}
	if answer.Cursor < cursor {
		return Payloads{}, r.incomplete()
	}
	return answer, nil
}

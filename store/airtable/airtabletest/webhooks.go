package airtabletest

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// webhook watches the base for somebody. It is guarded by Server.mu.
type webhook struct {
	id            string
	url           string
	secret        []byte
	specification json.RawMessage
	spec          specification
	expires       time.Time
	notify        bool
	payloads      []payload // those of the last week
	next          int       // the number that the next payload gets
	delivery      delivery
}

// specification is what a webhook watches for. Filters that are empty let
// everything through.
type specification struct {
	Options struct {
		Filters struct {
			DataTypes              []string `json:"dataTypes"`
			RecordChangeScope      string   `json:"recordChangeScope"`
			ChangeTypes            []string `json:"changeTypes"`
			FromSources            []string `json:"fromSources"`
			WatchDataInFieldIDs    []string `json:"watchDataInFieldIds"`
			WatchSchemasOfFieldIDs []string `json:"watchSchemasOfFieldIds"`
		} `json:"filters"`
		Includes struct {
			CellValues          any  `json:"includeCellValuesInFieldIds"` // "all" or IDs
			PreviousCellValues  bool `json:"includePreviousCellValues"`
			PreviousDefinitions bool `json:"includePreviousFieldDefinitions"`
		} `json:"includes"`
	} `json:"options"`
}

func (h *webhook) active(now time.Time) bool { return now.Before(h.expires) }

// webhook finds one. An expired one can be read for seven more days.
func (s *Server) webhook(id string) (*webhook, error) {
	now := s.now()
	s.webhooks = slices.DeleteFunc(s.webhooks, func(h *webhook) bool { return !now.Before(h.expires.Add(webhookLife)) })
	for _, h := range s.webhooks {
		if h.id == id {
			return h, nil
		}
	}
	return nil, errWebhookNotFound
}

func (s *Server) createWebhook(c *call) (any, error) {
	if err := c.mayChangeSchema(); err != nil { // the role that the docs name
		return nil, err
	}
	object, err := c.object("notificationUrl", "specification")
	if err != nil {
		return nil, err
	}
	address, _ := object["notificationUrl"].(string)
	if v := object["notificationUrl"]; v != nil {
		if parsed, err := url.Parse(address); err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http" {
			return nil, errInvalidRequest
		}
	}
	raw, err := json.Marshal(object["specification"])
	h := &webhook{url: address, specification: raw, next: 1, notify: true}
	if err != nil || json.Unmarshal(raw, &h.spec) != nil || !s.base.watchable(h.spec) {
		return nil, errInvalidRequest
	}
	now := s.now()
	if s.activeWebhooks(now) >= maxWebhooks {
		return nil, unprocessable("TOO_MANY_WEBHOOKS_IN_BASE", "") // the type is a guess [?]
	}
	h.id, h.expires = s.base.draw("ach"), now.Add(webhookLife)
	h.secret = make([]byte, 32)
	for i := range h.secret {
		h.secret[i] = byte(s.base.rand.Uint32())
	}
	s.webhooks = append(s.webhooks, h)
	return map[string]any{"id": h.id, "macSecretBase64": base64.StdEncoding.EncodeToString(h.secret),
		"expirationTime": formatInstant(h.expires)}, nil
}

func (s *Server) activeWebhooks(now time.Time) int {
	n := 0
	for _, h := range s.webhooks {
		if h.active(now) {
			n++
		}
	}
	return n
}

// watchable checks a specification.
func (b *base) watchable(spec specification) bool {
	f := spec.Options.Filters
	known := func(values []string, words ...string) bool {
		return !slices.ContainsFunc(values, func(v string) bool { return !slices.Contains(words, v) })
	}
	if len(f.DataTypes) == 0 || !known(f.DataTypes, "tableData", "tableFields", "tableMetadata") ||
		!known(f.ChangeTypes, "add", "remove", "update") ||
		!known(f.FromSources, "client", "publicApi", "formSubmission", "formPageSubmission", "automation", "system",
			"sync", "anonymousUser", "unknown") {
		return false
	}
	if scope := f.RecordChangeScope; scope != "" && !b.hasScope(scope) {
		return false
	}
	switch v := spec.Options.Includes.CellValues.(type) {
	case nil:
	case string:
		return v == "all"
	default:
		_, ok := stringList(v)
		return ok
	}
	return true
}

// hasScope reports whether a table or a view has the ID.
func (b *base) hasScope(id string) bool {
	return slices.ContainsFunc(b.tables, func(t *table) bool { return t.within(id) })
}

func (t *table) within(scope string) bool {
	return scope == "" || t.id == scope || slices.ContainsFunc(t.views, func(v View) bool { return v.ID == scope })
}

func (s *Server) listWebhooks(*call) (any, error) {
	now := s.now()
	_, _ = s.webhook("") // forgets those long expired
	out := []any{}
	for _, h := range s.webhooks {
		_, next := s.readable(h, now)
		shown := map[string]any{
			"id": h.id, "specification": h.specification, "notificationUrl": nil,
			"cursorForNextPayload": next, "areNotificationsEnabled": h.notify, "isHookEnabled": h.active(now),
			"expirationTime": formatInstant(h.expires), "lastSuccessfulNotificationTime": nil, "lastNotificationResult": nil,
		}
		if h.url != "" {
			shown["notificationUrl"] = h.url
		}
		if !h.delivery.lastSuccess.IsZero() {
			shown["lastSuccessfulNotificationTime"] = formatInstant(h.delivery.lastSuccess)
		}
		if h.delivery.result != nil {
			shown["lastNotificationResult"] = h.delivery.result
		}
		out = append(out, shown)
	}
	return map[string]any{"webhooks": out}, nil
}

func (s *Server) deleteWebhook(c *call) (any, error) {
	h, err := s.webhook(c.id)
	if err != nil {
		return nil, err
	}
	s.webhooks = slices.DeleteFunc(s.webhooks, func(x *webhook) bool { return x == h })
	return map[string]any{}, nil
}

// refreshWebhook gives it seven days from now. One that has expired stays
// expired: the endpoint is for active webhooks.
func (s *Server) refreshWebhook(c *call) (any, error) {
	h, err := s.webhook(c.id)
	if err != nil {
		return nil, err
	}
	now := s.now()
	if !h.active(now) {
		return nil, unprocessable("INVALID_HOOK", "Webhook has expired") // the type is a guess [?]
	}
	h.expires = now.Add(webhookLife)
	return map[string]any{"expirationTime": formatInstant(h.expires)}, nil
}

func (s *Server) enableNotifications(c *call) (any, error) {
	h, err := s.webhook(c.id)
	if err != nil {
		return nil, err
	}
	object, err := c.object("enable")
	if err != nil {
		return nil, err
	}
	enable, ok := object["enable"].(bool)
	if !ok {
		return nil, errInvalidRequest
	}
	h.notify = enable
	return map[string]any{}, nil
}

// listPayloads answers the payloads from a cursor on (from 1 without one), at
// most 50. It extends the life of an active webhook.
func (s *Server) listPayloads(c *call) (any, error) {
	h, err := s.webhook(c.id)
	if err != nil {
		return nil, err
	}
	cursor, limit := 1, 50
	for key, values := range c.query {
		n, err := strconv.Atoi(values[0])
		if err != nil || n < 1 {
			return nil, errInvalidRequest
		}
		switch key {
		case "cursor":
			cursor = n
		case "limit":
			limit = min(n, 50)
		default:
			return nil, errInvalidRequest
		}
	}
	now := s.now()
	h.forget(now)
	payloads, coming := s.readable(h, now)
	if cursor > coming {
		return nil, errInvalidRequest // what a cursor from the future answers is not known [?]
	}
	if h.active(now) {
		h.expires = now.Add(webhookLife)
	}
	out := []any{}
	next := cursor
	for _, p := range payloads {
		if p.number < cursor || len(out) == limit {
			continue
		}
		out, next = append(out, p.body), p.number+1
	}
	if len(out) == 0 {
		next = coming
	}
	return map[string]any{"payloads": out, "cursor": next, "mightHaveMore": next < coming}, nil
}

// forget drops payloads that are more than a week old.
func (h *webhook) forget(now time.Time) {
	h.payloads = slices.DeleteFunc(h.payloads, func(p payload) bool { return now.Sub(p.at) >= webhookLife })
}

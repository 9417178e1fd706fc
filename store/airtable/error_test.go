package airtable_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"maitre/store/airtable"
)

// Each row of the error table in the facts, and each shape of a body.
func TestEveryErrorSaysWhatToDo(t *testing.T) {
	t.Parallel()
	const (
		permanent = airtable.Permanent
		unknown   = airtable.UnknownOutcome
		again     = airtable.Unreachable
		html      = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
	)
	tests := map[string]struct {
		status int
		body   string
		kind   airtable.Kind // of a write
		read   airtable.Kind // of a read, where it differs
		typ    string
		blame  airtable.Blame
		field  string
		choice string
		fix    string // part of it
	}{
		"unparseable body":         {400, `{"error":{"type":"INVALID_REQUEST_BODY"}}`, permanent, "", "INVALID_REQUEST_BODY", airtable.BlameRequest, "", "", "report"},
		"unparseable body, as 422": {422, `{"error":{"type":"INVALID_REQUEST_BODY","message":"Could not parse request body"}}`, permanent, "", "INVALID_REQUEST_BODY", airtable.BlameRequest, "", "", "report"},
		"no token":                 {401, `{"error":{"type":"AUTHENTICATION_REQUIRED","message":"Authentication required"}}`, permanent, "", "AUTHENTICATION_REQUIRED", airtable.BlameAccess, "", "", "AIRTABLE_API_KEY"},
		"revoked token":            {401, `{"error":{"type":"UNAUTHORIZED","message":"Invalid authentication token"}}`, permanent, "", "UNAUTHORIZED", airtable.BlameAccess, "", "", "create/tokens"},
		"401 of an unknown shape":  {401, `unauthorized`, permanent, "", "", airtable.BlameAccess, "", "", "revoked"},
		"payment required":         {402, `{"error":"PAYMENT_REQUIRED"}`, permanent, "", "PAYMENT_REQUIRED", airtable.BlameAccess, "", "", "billing"},
		"unknown base or table": {403, `{"error":{"type":"INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND","message":"Invalid permissions, or the requested model was not found. Check…"}}`,
			permanent, "", "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", airtable.BlameAccess, "", "", `"Reservas"`},
		"may not create": {403, `{"error":{"type":"INVALID_PERMISSIONS","message":"You are not permitted to create records in table Reservas (tblAAAAAAAAAAAAAA)"}}`,
			permanent, "", "INVALID_PERMISSIONS", airtable.BlameAccess, "", "", "editor"},
		"may not write a field": {403, `{"error":{"type":"INVALID_PERMISSIONS","message":"You are not permitted to write cell values in field Estado (fldAAAAAAAAAAAAAA)"}}`,
			permanent, "", "INVALID_PERMISSIONS", airtable.BlameAccess, "Estado", "", "locked"},
		"bad route, bare string": {404, `{"error":"NOT_FOUND"}`, permanent, "", "NOT_FOUND", airtable.BlameAccess, "", "", "AIRTABLE_BASE_ID"},
		"bad route, type only":   {404, `{"error":{"type":"NOT_FOUND"}}`, permanent, "", "NOT_FOUND", airtable.BlameAccess, "", "", "AIRTABLE_BASE_ID"},
		"no such record":         {404, `{"error":{"type":"MODEL_ID_NOT_FOUND","message":"Record not found"}}`, permanent, "", "MODEL_ID_NOT_FOUND", airtable.BlameRecord, "", "", "not in Airtable any more"},
		"404 of somebody else":   {404, html, permanent, "", "", airtable.BlameEndpoint, "", "", "AIRTABLE_ENDPOINT_URL"},
		"redirect":               {302, "", permanent, "", "", airtable.BlameEndpoint, "", "", "AIRTABLE_ENDPOINT_URL"},
		"payload too large":      {413, `{"error":{"type":"REQUEST_TOO_LARGE"}}`, permanent, "", "REQUEST_TOO_LARGE", airtable.BlameRecord, "", "", "shorten"},
		"invalid request": {422, `{"error":{"type":"INVALID_REQUEST_UNKNOWN","message":"Invalid request: parameter validation failed. Check your request data."}}`,
			permanent, "", "INVALID_REQUEST_UNKNOWN", airtable.BlameRequest, "", "", "maitre check"},
		"unknown field": {422, `{"error":{"type":"UNKNOWN_FIELD_NAME","message":"Unknown field name: \"Mesa \"VIP\"\""}}`,
			permanent, "", "UNKNOWN_FIELD_NAME", airtable.BlameBase, `Mesa "VIP"`, "", "has no field"},
		"bad value": {422, `{"error":{"type":"INVALID_VALUE_FOR_COLUMN","message":"Field \"Hora\" cannot accept the provided value"}}`,
			permanent, "", "INVALID_VALUE_FOR_COLUMN", airtable.BlameRecord, "Hora", "", "type"},
		"computed field": {422, `{"error":{"type":"INVALID_VALUE_FOR_COLUMN","message":"Field \"Total\" cannot accept a value because the field is computed"}}`,
			permanent, "", "INVALID_VALUE_FOR_COLUMN", airtable.BlameBase, "Total", "", "computed"},
		"missing choice": {422, `{"error":{"type":"INVALID_MULTIPLE_CHOICE_OPTIONS","message":"Insufficient permissions to create new select option \"\"A medias\"\""}}`,
			permanent, "", "INVALID_MULTIPLE_CHOICE_OPTIONS", airtable.BlameBase, "", "A medias", "airtable init"},
		"missing choice, escaped twice": {422, `{"error":{"type":"INVALID_MULTIPLE_CHOICE_OPTIONS","message":"Insufficient permissions to create new select option \"\\\"A medias\\\"\""}}`,
			permanent, "", "INVALID_MULTIPLE_CHOICE_OPTIONS", airtable.BlameBase, "", "A medias", "airtable init"},
		"bad records": {422, `{"error":{"type":"INVALID_RECORDS","message":"You must provide an array of up to 10 record objects"}}`,
			permanent, "", "INVALID_RECORDS", airtable.BlameRecord, "", "", "same ID"},
		"linked record gone": {422, `{"error":{"type":"ROW_DOES_NOT_EXIST","message":"Record ID rec does not exist in this table"}}`,
			permanent, "", "ROW_DOES_NOT_EXIST", airtable.BlameRecord, "", "", "linked"},
		"bad formula": {422, `{"error":{"type":"INVALID_FILTER_BY_FORMULA","message":"The formula for filtering records is invalid: Unknown field names: x"}}`,
			permanent, "", "INVALID_FILTER_BY_FORMULA", airtable.BlameBase, "", "", "renamed"},
		"bad offset":           {422, `{"error":{"type":"INVALID_OFFSET_VALUE","message":"The value of offset X is invalid"}}`, again, "", "INVALID_OFFSET_VALUE", "", "", "", ""},
		"expired iterator":     {422, `{"error":{"type":"LIST_RECORDS_ITERATOR_NOT_AVAILABLE"}}`, again, "", "LIST_RECORDS_ITERATOR_NOT_AVAILABLE", "", "", "", ""},
		"422 with no body":     {422, "", permanent, "", "", airtable.BlameRequest, "", "", "report"},
		"rate limit":           {429, `{"error":{"type":"RATE_LIMIT_REACHED","message":"Rate limit exceeded. Please try again later"}}`, airtable.RateLimited, "", "RATE_LIMIT_REACHED", "", "", "", ""},
		"429 with no body":     {429, "", airtable.RateLimited, "", "", "", "", "", ""},
		"quota spent":          {429, `{"error":{"type":"PUBLIC_API_BILLING_LIMIT_EXCEEDED","message":"API billing plan limit exceeded"}}`, airtable.QuotaSpent, "", "PUBLIC_API_BILLING_LIMIT_EXCEEDED", "", "", "", "next month"},
		"unexpected":           {500, `{"error":{"type":"SERVER_ERROR","message":"Try again."}}`, unknown, again, "SERVER_ERROR", "", "", "", ""},
		"500 with no body":     {500, "", unknown, again, "", "", "", "", ""},
		"restart":              {502, `{"error":{"type":"SERVER_ERROR"}}`, again, "", "SERVER_ERROR", "", "", "", ""},
		"restart, as HTML":     {502, html, again, "", "", "", "", "", ""},
		"safe to retry":        {503, `{"error":{"type":"RETRIABLE_ERROR","message":"…it is safe to retry the request"}}`, again, "", "RETRIABLE_ERROR", "", "", "", ""},
		"503 may be a timeout": {503, `{"error":{"type":"SERVICE_UNAVAILABLE"}}`, unknown, again, "SERVICE_UNAVAILABLE", "", "", "", ""},
		"503 as HTML":          {503, html, unknown, again, "", "", "", "", ""},
		"gateway timeout":      {504, html, unknown, again, "", "", "", "", ""},
		"error is a number":    {422, `{"error":7}`, permanent, "", "", airtable.BlameRequest, "", "", "report"},
		"type is a number":     {422, `{"error":{"type":7,"message":"m"}}`, permanent, "", "", airtable.BlameRequest, "", "", "report"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json; charset=utf-8")
				if strings.HasPrefix(tt.body, "<") {
					w.Header().Set("Content-Type", "text/html")
				}
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			}
			wrote := asError(t, scripted(t, answer).Upsert(t.Context(), bookings, row("1"))[0].Err)
			if wrote.Kind != tt.kind || !errors.Is(wrote, tt.kind) {
				t.Errorf("write: kind %q, want %q", wrote.Kind, tt.kind)
			}
			if wrote.Operation != airtable.OpUpsert || wrote.Table != "Reservas" || wrote.Status != tt.status || wrote.Type != tt.typ {
				t.Errorf("write: got %+v", wrote)
			}
			if wrote.Blame != tt.blame || wrote.Field != tt.field || wrote.Choice != tt.choice {
				t.Errorf("blame %q field %q choice %q, want %q %q %q", wrote.Blame, wrote.Field, wrote.Choice, tt.blame, tt.field, tt.choice)
			}
			if !strings.Contains(wrote.Fix, tt.fix) || (tt.fix == "") != (wrote.Fix == "") {
				t.Errorf("fix %q, want %q in it", wrote.Fix, tt.fix)
			}
			_, err := scripted(t, answer).List(t.Context(), "Reservas", airtable.ListOptions{})
			want := tt.read
			if want == "" {
				want = tt.kind
			}
			if read := asError(t, err); read.Kind != want {
				t.Errorf("read: kind %q, want %q", read.Kind, want)
			}
		})
	}
}

func TestErrorsTellHowLongToWait(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC()
	nextMonth := time.Date(now.Year(), now.Month()+1, 1, 0, 0, 0, 0, time.UTC).Sub(now)
	tests := map[string]struct {
		status   int
		header   string
		body     string
		min, max time.Duration
	}{
		"the penalty":                {429, "", "", 30 * time.Second, 30 * time.Second},
		"a shorter Retry-After":      {429, "2", "", 30 * time.Second, 30 * time.Second},
		"a longer one":               {429, "45", "", 45 * time.Second, 45 * time.Second},
		"one that is a date":         {429, now.Add(10 * time.Minute).Format(http.TimeFormat), "", 9 * time.Minute, 10 * time.Minute},
		"one that is nonsense":       {429, "soon", "", 30 * time.Second, 30 * time.Second},
		"one beyond belief":          {429, "1e300", "", 24 * time.Hour, 24 * time.Hour},
		"a negative one":             {429, "-7", "", 30 * time.Second, 30 * time.Second},
		"of a 503":                   {503, "7", `{"error":{"type":"RETRIABLE_ERROR"}}`, 7 * time.Second, 7 * time.Second},
		"of a 503 that has none":     {503, "", `{"error":{"type":"RETRIABLE_ERROR"}}`, 0, 0},
		"until the quota comes back": {429, "", `{"error":{"type":"PUBLIC_API_BILLING_LIMIT_EXCEEDED"}}`, nextMonth - time.Minute, nextMonth},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := scripted(t, func(w http.ResponseWriter, _ *http.Request) {
				if tt.header != "" {
					w.Header().Set("Retry-After", tt.header)
				}
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			})
			_, err := c.List(t.Context(), "Reservas", airtable.ListOptions{})
			if e := asError(t, err); e.RetryAfter < tt.min || e.RetryAfter > tt.max {
				t.Errorf("wait %s, want %s to %s", e.RetryAfter, tt.min, tt.max)
			}
		})
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	c := scripted(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(422)
		_, _ = w.Write([]byte(`{"error":{"type":"UNKNOWN_FIELD_NAME","message":"Unknown field name:\n \"X\""}}`))
	})
	err := c.Upsert(t.Context(), bookings, with(row("1"), "X", airtable.Number(1)))[0].Err
	const want = `airtable upsert "Reservas": 422 UNKNOWN_FIELD_NAME: Unknown field name:  "X"; ` +
		`The table "Reservas" has no field "X": give it back its name, or write its new one in the restaurant file.`
	if err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
}

func TestARecordThatIsNotThereIsNotFound(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"error":{"type":"MODEL_ID_NOT_FOUND","message":"Record not found"}}`: true,
		`{"error":"NOT_FOUND"}`: false,
		`<html>`:                false,
	} {
		c := scripted(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(404)
			_, _ = w.Write([]byte(body))
		})
		if err := c.Delete(t.Context(), "Reservas", "rec1")[0].Err; errors.Is(err, airtable.ErrNotFound) != want {
			t.Errorf("%s: not found is %t, want %t", body, !want, want)
		}
	}
}

package airtable

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind says what an [Error] means for whoever asked. A Kind is itself an error
// to be compared with: errors.Is(err, airtable.UnknownOutcome).
type Kind string

// The kinds. With each but UnknownOutcome, nothing was written.
const (
	// Permanent: the same request will fail again until a person fixes something;
	// Error.Fix says what, Error.Blame where.
	Permanent Kind = "permanent"
	// RateLimited: to be sent again after Error.RetryAfter. Either Airtable said
	// so, or the request waited as long as its caller could.
	RateLimited Kind = "rate_limited"
	// QuotaSpent: the plan's calls of this month are used up. Not to be tried
	// again before Error.RetryAfter, unless a person buys more.
	QuotaSpent Kind = "quota_spent"
	// UnknownOutcome: the write may have happened. Only an upsert is safe to send again.
	UnknownOutcome Kind = "unknown_outcome"
	// Unreachable: there was no useful answer, and nothing was written. To be
	// tried again.
	Unreachable Kind = "unreachable"
)

// Error says which kind.
func (k Kind) Error() string { return "airtable: " + strings.ReplaceAll(string(k), "_", " ") }

// ErrNotFound is what an [Error] is, by errors.Is, when Airtable has no record
// by that ID.
var ErrNotFound = errors.New("no such record in Airtable")

// Blame says where the cause of a [Permanent] error lies, so that it is known
// whether other requests will meet it too.
type Blame string

// Where the cause lies.
const (
	// BlameAccess: the token, its scopes or grants. Every request fails.
	BlameAccess Blame = "access"
	// BlameBase: the base's tables, fields, choices or views are not as we
	// expect. Every request that touches them fails.
	BlameBase Blame = "base"
	// BlameRecord: this record's values. Others may pass.
	BlameRecord Blame = "record"
	// BlameRequest: we asked for something that Airtable does not understand, or
	// we do not understand its answer.
	BlameRequest Blame = "request"
	// BlameEndpoint: what answers is not Airtable.
	BlameEndpoint Blame = "endpoint"
)

// Operation names what was asked; it labels metrics.
type Operation string

// The operations.
const (
	OpList           Operation = "list"
	OpCreate         Operation = "create"
	OpUpdate         Operation = "update"
	OpUpsert         Operation = "upsert"
	OpDelete         Operation = "delete"
	OpSchema         Operation = "schema"
	OpCreateTable    Operation = "create_table"
	OpCreateField    Operation = "create_field"
	OpWebhooks       Operation = "webhooks"
	OpCreateWebhook  Operation = "create_webhook"
	OpRefreshWebhook Operation = "refresh_webhook"
	OpDeleteWebhook  Operation = "delete_webhook"
	OpEnableWebhook  Operation = "enable_webhook"
	OpPayloads       Operation = "payloads"
	OpWhoAmI         Operation = "whoami"
)

// Error is every failure of the client's requests.
type Error struct {
	Kind      Kind
	Operation Operation
	Table     string // as the caller named it; empty where there is none

	// Status is the HTTP status; 0 when there was no answer.
	Status int
	// Type and Message are Airtable's, bounded. The message may hold what was
	// typed into a cell: it is for the staff, and goes into no log line that does
	// not concern the record.
	Type, Message string

	// Fix says, in words for the staff, what to do about a Permanent error or a
	// spent quota.
	Fix   string
	Blame Blame  // of a Permanent error
	Field string // the field that Airtable's message names
	// Choice is the option that a select field lacks.
	Choice string

	// RetryAfter is how long to wait at least; 0 where nobody knows.
	RetryAfter time.Duration
	// Err is the cause below HTTP: a *net.OpError, a context's error, [ErrClosed].
	Err error
}

// Error reads "upsert Reservas: 422 UNKNOWN_FIELD_NAME: …; fix".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("airtable " + strings.ReplaceAll(string(e.Operation), "_", " "))
	if e.Table != "" {
		fmt.Fprintf(&b, " %q", e.Table)
	}
	b.WriteString(":")
	if e.Status != 0 {
		fmt.Fprintf(&b, " %d", e.Status)
	}
	if e.Type != "" {
		b.WriteString(" " + e.Type)
	}
	if e.Status != 0 || e.Type != "" {
		b.WriteString(":")
	}
	b.WriteString(" " + cmp.Or(e.Message, strings.ReplaceAll(string(e.Kind), "_", " ")))
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, "; wait %s", e.RetryAfter.Round(time.Millisecond))
	}
	if e.Fix != "" {
		b.WriteString("; " + e.Fix)
	}
	return b.String()
}

// Unwrap returns the cause below HTTP.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the error's Kind, or [ErrNotFound] of a record that is not there.
func (e *Error) Is(target error) bool {
	if kind, ok := target.(Kind); ok {
		return e.Kind == kind
	}
	return target == ErrNotFound && e.noRecord()
}

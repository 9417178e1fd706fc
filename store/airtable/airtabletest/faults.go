package airtabletest

import (
	"net/http"

	"maitre/e2e/servertest"
)

// What the server shares with other servers for tests.
type (
	Op       = servertest.Op
	Fault    = servertest.Fault
	Duration = servertest.Duration
	Request  = servertest.Request
	Counts   = servertest.Counts
)

// The operations.
const (
	OpList        Op = "list"
	OpGet         Op = "get"
	OpCreate      Op = "create"
	OpUpdate      Op = "update"
	OpUpsert      Op = "upsert"
	OpDelete      Op = "delete"
	OpSchemaRead  Op = "schema-read"  // GET of bases and tables
	OpSchemaWrite Op = "schema-write" // POST and PATCH of tables and fields
	OpWhoami      Op = "whoami"
	OpWebhook     Op = "webhook" // create, list, delete, refresh, enableNotifications
	OpPayloads    Op = "payloads"
	OpUnknown     Op = "unknown" // no such route
)

// Writes are the operations that change records.
func Writes() []Op { return []Op{OpCreate, OpUpdate, OpUpsert, OpDelete} }

// hit returns the fault that hits a request, or nil. s.mu is held.
func (s *Server) hit(c *call) *Fault {
	return s.Hit(c.op, func(f *Fault) bool { return f.Table == "" || s.base.same(f.Table, c.table) })
}

// same reports whether two references, each a name or an ID, mean one table.
func (b *base) same(a, c string) bool {
	t := b.table(a)
	return a == c || t != nil && t == b.table(c)
}

// faultReply is what a fault with a status answers.
func faultReply(f *Fault) reply {
	out := reply{status: f.Status, header: http.Header{}}
	if f.RetryAfter != "" {
		out.header.Set("Retry-After", f.RetryAfter)
	}
	switch {
	case f.HTML:
		out.html = servertest.GatewayPage(f.Status)
	case f.Body != "":
		out.raw = []byte(f.Body)
	default:
		out.body = usual(f.Status).body()
	}
	return out
}

// usual returns the error that Airtable sends with a status.
func usual(status int) *refusal {
	for _, r := range []*refusal{errAuthenticationRequired, errModelNotFound, errNotFound, errTooLarge, errInvalidRequest,
		errRateLimited, errRetriable} {
		if r.status == status {
			return r
		}
	}
	return unexpected(status)
}

package airtabletest

import (
	"net/http"
	"net/url"
	"strings"
)

// route finds the operation. A malformed ID in the path is no route.
func (s *Server) route(r *http.Request) (*call, bool) {
	unknown := &call{op: OpUnknown}
	parts := strings.Split(strings.Trim(r.URL.EscapedPath(), "/"), "/")
	for i, part := range parts {
		plain, err := url.PathUnescape(part)
		if err != nil {
			return unknown, false
		}
		parts[i] = plain
	}
	if len(parts) < 3 || parts[0] != "v0" {
		return unknown, false
	}
	var c *call
	switch parts[1] {
	case "meta":
		c = s.routeMeta(r.Method, parts[2:])
	case "bases":
		c = s.routeWebhooks(r.Method, parts[2:])
	default:
		c = s.routeRecords(r.Method, parts[1:])
	}
	if c == nil {
		return unknown, false
	}
	return c, true
}

// routeRecords: {base}/{table}, {base}/{table}/listRecords, {base}/{table}/{record}.
func (s *Server) routeRecords(method string, parts []string) *call {
	if len(parts) < 2 || len(parts) > 3 || !isID("app", parts[0]) || parts[1] == "" {
		return nil
	}
	c := &call{base: parts[0], table: parts[1]}
	if len(parts) == 3 {
		c.id = parts[2]
		if c.id == "listRecords" && method == http.MethodPost {
			return c.to(OpList, s.listByBody)
		}
		if !isID("rec", c.id) {
			return nil
		}
		switch method {
		case http.MethodGet:
			return c.to(OpGet, s.get)
		case http.MethodPatch:
			return c.to(OpUpdate, s.patchOne)
		case http.MethodPut:
			return c.to(OpUpdate, s.putOne)
		case http.MethodDelete:
			return c.to(OpDelete, s.deleteOne)
		}
		return nil
	}
	switch method {
	case http.MethodGet:
		return c.to(OpList, s.listByQuery)
	case http.MethodPost:
		return c.to(OpCreate, s.create)
	case http.MethodPatch:
		return c.to(OpUpdate, s.patchMany)
	case http.MethodPut:
		return c.to(OpUpdate, s.putMany)
	case http.MethodDelete:
		return c.to(OpDelete, s.deleteMany)
	}
	return nil
}

// routeMeta: whoami, bases, bases/{base}/tables[/{table}[/fields[/{field}]]].
func (s *Server) routeMeta(method string, parts []string) *call {
	c := &call{}
	if len(parts) == 1 && method == http.MethodGet {
		switch parts[0] {
		case "whoami":
			return c.to(OpWhoami, s.whoami)
		case "bases":
			return c.to(OpSchemaRead, s.listBases)
		}
		return nil
	}
	if len(parts) < 3 || parts[0] != "bases" || !isID("app", parts[1]) || parts[2] != "tables" {
		return nil
	}
	c.base = parts[1]
	if len(parts) > 3 {
		c.table = parts[3]
	}
	switch {
	case len(parts) == 3 && method == http.MethodGet:
		return c.to(OpSchemaRead, s.listTables)
	case len(parts) == 3 && method == http.MethodPost:
		return c.to(OpSchemaWrite, s.createTable)
	case len(parts) == 4 && method == http.MethodPatch:
		return c.to(OpSchemaWrite, s.patchTable)
	case len(parts) == 5 && parts[4] == "fields" && method == http.MethodPost:
		return c.to(OpSchemaWrite, s.createField)
	case len(parts) == 6 && parts[4] == "fields" && isID("fld", parts[5]) && method == http.MethodPatch:
		c.id = parts[5]
		return c.to(OpSchemaWrite, s.patchField)
	}
	return nil
}

// routeWebhooks: {base}/webhooks[/{webhook}[/refresh|enableNotifications|payloads]].
func (s *Server) routeWebhooks(method string, parts []string) *call {
	if len(parts) < 2 || len(parts) > 4 || !isID("app", parts[0]) || parts[1] != "webhooks" {
		return nil
	}
	c := &call{base: parts[0]}
	if len(parts) == 2 {
		switch method {
		case http.MethodGet:
			return c.to(OpWebhook, s.listWebhooks)
		case http.MethodPost:
			return c.to(OpWebhook, s.createWebhook)
		}
		return nil
	}
	if c.id = parts[2]; !isID("ach", c.id) {
		return nil
	}
	last := ""
	if len(parts) == 4 {
		last = parts[3]
	}
	switch method + " " + last {
	case "DELETE ":
		return c.to(OpWebhook, s.deleteWebhook)
	case "POST refresh":
		return c.to(OpWebhook, s.refreshWebhook)
	case "POST enableNotifications":
		return c.to(OpWebhook, s.enableNotifications)
	case "GET payloads":
		return c.to(OpPayloads, s.listPayloads)
	}
	return nil
}

func (c *call) to(op Op, serve func(*call) (any, error)) *call {
	c.op, c.serve = op, serve
	return c
}

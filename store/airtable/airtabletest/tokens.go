package airtabletest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

func (t *Token) complete(user string) {
	t.User = cmp.Or(t.User, user)
	t.Email = cmp.Or(t.Email, "maitre@example.com")
	t.Role = cmp.Or(t.Role, RoleCreator)
	if t.Scopes == nil {
		t.Scopes = []string{ScopeRead, ScopeWrite, ScopeSchemaRead, ScopeSchemaWrite, ScopeWebhooks, ScopeEmail}
	}
}

// authenticate finds whose request it is. s.mu is held.
func (s *Server) authenticate(r *http.Request) (Token, error) {
	scheme, secret, found := strings.Cut(strings.TrimSpace(r.Header.Get("Authorization")), " ")
	secret = strings.TrimSpace(secret)
	if !found || !strings.EqualFold(scheme, "Bearer") || secret == "" {
		return Token{}, errAuthenticationRequired
	}
	for _, t := range s.tokens {
		if t.Secret == secret {
			return t, nil
		}
	}
	return Token{}, errInvalidToken
}

// may reports whether the token reaches the base for this operation. A scope or a
// base that was not granted is answered like one that does not exist.
func (s *Server) may(c *call) error {
	if scope := c.scope(); scope != "" && !slices.Contains(c.token.Scopes, scope) {
		return errModelNotFound
	}
	if c.base == "" {
		return nil
	}
	if c.base != s.base.id || c.token.Bases != nil && !slices.Contains(c.token.Bases, c.base) {
		return errModelNotFound
	}
	return nil
}

func (c *call) scope() string {
	switch c.op {
	case OpList, OpGet:
		return ScopeRead
	case OpCreate, OpUpdate, OpUpsert, OpDelete:
		return ScopeWrite
	case OpSchemaRead:
		return ScopeSchemaRead
	case OpSchemaWrite:
		return ScopeSchemaWrite
	case OpWebhook, OpPayloads:
		return ScopeWebhooks
	default:
		return ""
	}
}

package main

import (
	"encoding"
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[secret]"

// Secret is a value that no log, no error and no dump may show; only Reveal returns it.
type Secret string

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String shows only whether there is a secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// Format keeps every verb of fmt, wrong ones too, from showing the secret.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue is what slog shows.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

var _ encoding.TextMarshaler = Secret("")

// MarshalText is what JSON shows.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Secrets are several secrets, of which any will do.
type Secrets []Secret

// Reveal returns the secrets themselves.
func (ss Secrets) Reveal() []string {
	all := make([]string, len(ss))
	for i, s := range ss {
		all[i] = s.Reveal()
	}
	return all
}

// First returns the one that we use ourselves; empty when there is none.
func (ss Secrets) First() Secret {
	if len(ss) == 0 {
		return ""
	}
	return ss[0]
}

package main

import (
	"crypto/rand"
	"log/slog"
	"strings"
)

// passwordLength is that of a password that we make: 80 bits, and few enough
// letters to be typed on a phone.
const passwordLength = 16

// giveStaffPassword makes a password for the staff where the owner gave none, and
// tells it: it is the one secret that a log may show, and is another at every start.
// Only in local mode can it be missing.
func giveStaffPassword(cfg *Config, log *slog.Logger) {
	if cfg.AdminPassword != "" {
		return
	}
	cfg.AdminPassword = Secret(strings.ToLower(rand.Text()[:passwordLength]))
	log.Warn("the staff sign in with this password until the next start; set ADMIN_PASSWORD to choose your own",
		"password", cfg.AdminPassword.Reveal(), "url", cfg.PublicURL+"/admin")
}

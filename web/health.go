package web

import (
	"context"
	"net/http"
	"time"
)

// Check is how one part of the process is doing.
type Check struct {
	Name string `json:"name"` // such as "data_file", "worker", "system_of_record"
	OK   bool   `json:"ok"`
	// Optional: the desk works without this part, so its failure does not make
	// the process unready.
	Optional bool `json:"optional,omitempty"`
	// Detail says what is wrong, in a few words. Anyone may read it: no paths, no secrets.
	Detail string `json:"detail,omitempty"`
}

const readyBudget = 2 * time.Second

func (s *site) checks(ctx context.Context) []Check {
	ctx, cancel := context.WithTimeout(ctx, readyBudget)
	defer cancel()
	checks := s.cfg.Ready(ctx)
	if checks == nil {
		checks = []Check{} // [] in JSON, not null
	}
	return checks
}

// condition reports whether all required parts work (ready) and whether all do (whole).
func condition(checks []Check) (ready, whole bool) {
	ready, whole = true, true
	for _, c := range checks {
		whole = whole && c.OK
		ready = ready && (c.OK || c.Optional)
	}
	return ready, whole
}

// healthz reports that the process serves.
func (s *site) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n")) // the caller may have hung up
}

// readyz reports whether the process can do its work.
func (s *site) readyz(w http.ResponseWriter, r *http.Request) {
	checks := s.checks(r.Context())
	ready, _ := condition(checks)
	status := http.StatusOK
	if !ready {
		status = http.StatusServiceUnavailable
	}
	writeJSON(w, status, struct {
		Ready  bool    `json:"ready"`
		Checks []Check `json:"checks"`
	}{ready, checks})
}

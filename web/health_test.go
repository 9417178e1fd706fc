package web_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maitre/web"
)

func TestReadyzIsUnreadyOnlyForWhatTheDeskNeeds(t *testing.T) {
	t.Parallel()
	fine := web.Check{Name: "data_file", OK: true}
	full := web.Check{Name: "data_file", Detail: "no space left"}
	down := web.Check{Name: "system_of_record", Optional: true, Detail: "does not answer"}
	tests := map[string]struct {
		checks []web.Check
		status int
	}{
		"nothing to check":      {[]web.Check{}, 200},
		"all well":              {[]web.Check{fine}, 200},
		"data file full":        {[]web.Check{full}, 503},
		"system of record down": {[]web.Check{fine, down}, 200},
		"both":                  {[]web.Check{full, down}, 503},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, func(c *web.Config) { c.Ready = func(context.Context) []web.Check { return tt.checks } })
			got := s.ask(t, "GET", "/readyz")
			var answer struct {
				Ready  bool
				Checks []web.Check
			}
			if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
				t.Fatal(err)
			}
			if got.status != tt.status || answer.Ready != (tt.status == 200) {
				t.Errorf("%d %s, want %d", got.status, got.body, tt.status)
			}
			if diff := cmp.Diff(tt.checks, answer.Checks); diff != "" {
				t.Errorf("checks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestChecksAreGivenALimitedTime(t *testing.T) {
	t.Parallel()
	s := open(t, func(c *web.Config) {
		c.Ready = func(ctx context.Context) []web.Check {
			_, limited := ctx.Deadline()
			return []web.Check{{Name: "limited", OK: limited}}
		}
	})
	if got := s.ask(t, "GET", "/readyz"); got.status != 200 {
		t.Error("a check that hangs would hang the probe")
	}
}

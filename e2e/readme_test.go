package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheReadmeWorksAsPrinted runs the phone call of README.md in a shell, word
// for word but for the port, against a desk that has its secret from a .env file.
func TestTheReadmeWorksAsPrinted(t *testing.T) {
	t.Parallel()
	script := printed(t, "../README.md")
	p := start(t)
	if err := os.WriteFile(filepath.Join(p.dir, ".env"), []byte("VAPI_WEBHOOK_SECRET="+testSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(p.dir, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(binary, filepath.Join(p.dir, "bin", "maitre")); err != nil {
		t.Fatal(err)
	}
	out := p.runs(script)
	answers := strings.Split(strings.TrimSpace(out), "\n")
	if len(answers) != 4 {
		t.Fatalf("%d answers, want 4:\n%s", len(answers), out)
	}
	for i, want := range []string{"jueves 3 de diciembre", "jueves 3 de diciembre", "sábado 5 de diciembre", "cancelada"} {
		if !strings.Contains(answers[i], `\"success\":true`) || !strings.Contains(answers[i], want) {
			t.Errorf("answer %d: %s\nwant a success that says %q", i+1, answers[i], want)
		}
	}
	p.stop()
}

// TestThePageOfTheWebWorksAsPrinted runs the booking of docs/web.md.
func TestThePageOfTheWebWorksAsPrinted(t *testing.T) {
	t.Parallel()
	p := start(t)
	if out := p.runs(printed(t, "../docs/web.md")); !strings.Contains(out, `"success":true`) || len(p.book("2026-12-24")) != 1 {
		t.Error(out)
	}
	p.stop()
}

// printed is the block of a document that says that a test runs it.
func printed(t *testing.T, document string) string {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	_, block, found := strings.Cut(string(text), "<!-- A test runs this block as it stands. -->\n```sh\n")
	script, _, ended := strings.Cut(block, "\n```")
	if !found || !ended {
		t.Fatalf("%s has lost the block that this test runs", document)
	}
	return script
}

// runs runs a script against a desk, as a reader would.
func (p *program) runs(script string) string {
	p.t.Helper()
	cmd := exec.Command("bash", "-euo", "pipefail", "-c", strings.ReplaceAll(script, "http://localhost:8000", p.url))
	cmd.Dir = p.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		p.t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

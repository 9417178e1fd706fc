package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDotenvFillsWhatIsUnset(t *testing.T) {
	t.Parallel()
	path := dotenv(t, "# first\nexport PORT=1\nDATA_DIR='a $b # c' # a note\nADMIN_TOKEN=\"x\ny\"\r\nLOG_LEVEL=\n")
	set := func(name string) string { return map[string]string{"PORT": "2"}[name] }
	getenv, err := withFile(set, path)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"PORT": "2", "DATA_DIR": "a $b # c", "ADMIN_TOKEN": "x\ny", "LOG_LEVEL": "", "OTHER": ""} {
		if got := getenv(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	getenv, err = withFile(set, filepath.Join(t.TempDir(), "none"))
	if err != nil || getenv("PORT") != "2" {
		t.Errorf("without a file: %v", err)
	}
}

func TestMalformedDotenvNamesItsLineAndShowsNothing(t *testing.T) {
	t.Parallel()
	none := func(string) string { return "" }
	for text, line := range map[string]int{
		"PORT=1\n\nhush hush\n":              3,
		"hush-hush=1\n":                      1,
		"PORT=1\nADMIN_TOKEN=\"hush\n":       2,
		"A='x\ny'\n# note\nB=\"hush\nC=1\n":  4,
		"PORT=1\nhush":                       2,
		"PORT=1\nhush hush=2\nDATA_DIR=./d":  2,
		"PORT=1\nADMIN_TOKEN='hush' garbage": 2,
	} {
		path := dotenv(t, text)
		_, err := withFile(none, path)
		if err == nil || !strings.HasPrefix(err.Error(), fmt.Sprintf("%s:%d: ", path, line)) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: got %v, want line %d and nothing shown", text, err, line)
		}
	}
	if _, err := withFile(none, dotenv(t, strings.Repeat("# x\n", 20_000))); err == nil {
		t.Error("a huge file was read")
	}
}

func dotenv(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

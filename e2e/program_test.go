// Package e2e drives the built binary as VAPI, Twilio, Airtable, a browser and the
// staff do: over HTTP, with signatures made here, by the words of the contract alone.
package e2e

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the path of the program under test; TestMain builds it.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "maitre-e2e")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "maitre")
	build := exec.Command("go", "build", "-tags", "crashpoints", "-race", "-o", binary, "..")
	if os.Getenv("MAITRE_SOAK_RACE") == "0" { // many more rounds in the same time
		build = exec.Command("go", "build", "-tags", "crashpoints", "-o", binary, "..")
	}
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Printf("go build: %v\n%s", err, out)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

const (
	testSecret = "a-secret-for-tests-only"
	testToken  = "a-token-for-tests-only"
	// monday is when these tests take place: Monday 23 November 2026, 13:00 in Madrid.
	monday = "2026-11-23T13:00:00+01:00"
)

// program is a running maitre.
type program struct {
	t      testing.TB
	cmd    *exec.Cmd
	url    string
	dir    string
	env    []string
	log    *logbook
	exited chan error
	client *http.Client
}

// logbook is what the program has logged so far.
type logbook struct {
	mu    sync.Mutex
	grown *sync.Cond
	text  strings.Builder
	ended bool
}

func newLogbook() *logbook {
	l := &logbook{}
	l.grown = sync.NewCond(&l.mu)
	return l
}

func (l *logbook) add(line []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(append(line, '\n'))
	l.grown.Broadcast()
}

func (l *logbook) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	l.grown.Broadcast()
}

// waitFor waits until the log holds want; false when it ended without.
func (l *logbook) waitFor(want string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !strings.Contains(l.text.String(), want) {
		if l.ended {
			return false
		}
		l.grown.Wait()
	}
	return true
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// start runs the binary on a data directory of its own; env comes on top.
func start(t testing.TB, env ...string) *program {
	t.Helper()
	return startIn(t, t.TempDir(), env...)
}

func startIn(t testing.TB, dir string, env ...string) *program {
	t.Helper()
	return startAs(t, dir, env, func(*exec.Cmd) {})
}

// startAs is startIn for a test that changes how the binary is started.
func startAs(t testing.TB, dir string, env []string, adjust func(*exec.Cmd)) *program {
	t.Helper()
	var book []string
	if srv := base(t, dir, env); srv != nil {
		book = keptBy(srv)
	}
	env = append(append([]string{
		"PATH=" + os.Getenv("PATH"), "PORT=0", "DATA_DIR=" + filepath.Join(dir, "data"), "LOG_FORMAT=json", "LOG_LEVEL=info",
		"VAPI_WEBHOOK_SECRET=" + testSecret, "ADMIN_TOKEN=" + testToken, "MAITRE_NOW=" + monday,
		// A guest waits longer than in life: how long the disk of a busy machine takes is
		// no matter here, and with 200 at once the pace that Airtable allows makes them queue.
		"REPLY_BUDGET=14s",
	}, book...), env...)
	p := &program{t: t, dir: dir, env: env, log: newLogbook(), exited: make(chan error, 1),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}, Timeout: time.Minute}}
	p.cmd = exec.Command(binary, "serve")
	p.cmd.Env, p.cmd.Dir = env, dir
	adjust(p.cmd)
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	opened := make(chan string, 1)
	go p.follow(stderr, opened)
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		p.client.CloseIdleConnections()
		if t.Failed() {
			t.Logf("what maitre logged, process %d:\n%s", p.cmd.Process.Pid, p.log)
		}
	})
	select {
	case p.url = <-opened:
	case err := <-p.exited:
		t.Fatalf("maitre ended at start: %v\n%s", err, p.log)
	case <-time.After(30 * time.Second):
		t.Fatalf("maitre did not open\n%s", p.log)
	}
	return p
}

// follow keeps the log, and tells when the desk is open and when it has ended.
func (p *program) follow(stderr io.Reader, opened chan<- string) {
	lines := bufio.NewScanner(stderr)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		p.log.add(lines.Bytes())
		var line struct{ Msg, URL string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "maitre is open" {
			opened <- line.URL
		}
	}
	p.log.end()
	p.exited <- p.cmd.Wait()
}

// again starts the binary once more on the same data.
func (p *program) again(env ...string) *program {
	p.t.Helper()
	return startIn(p.t, p.dir, append(p.env, env...)...)
}

// kill ends the program as a power cut would.
func (p *program) kill() {
	p.t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGKILL)
	if err := <-p.exited; err == nil {
		p.t.Error("killed, and yet it ended well")
	}
}

// stop asks the program to end, and wants it to end well.
func (p *program) stop() {
	p.t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-p.exited:
		if err != nil {
			p.t.Errorf("after SIGTERM: %v\n%s", err, p.log)
		}
	case <-time.After(30 * time.Second):
		p.t.Fatalf("did not stop\n%s", p.log)
	}
}

// call is one tool call of a phone call.
type call struct {
	ID   string // of the phone call
	Tool string // ID of the tool call
	From string // the caller's number
	Name string
	Args map[string]any
}

func (c call) body() []byte {
	message := map[string]any{
		"type": "tool-calls",
		"toolCallList": []any{map[string]any{
			"id": c.Tool, "type": "function", "function": map[string]any{"name": c.Name, "arguments": c.Args},
		}},
		"call": map[string]any{"id": c.ID, "type": "inboundPhoneCall", "customer": map[string]any{"number": c.From}},
	}
	body, err := json.Marshal(map[string]any{"message": message})
	if err != nil {
		panic(err)
	}
	return body
}

// sealed are the headers of a rightly signed request.
func sealed(body []byte) map[string]string {
	stamp := strconv.FormatInt(time.Now().UnixMilli(), 10)
	mac := hmac.New(sha256.New, []byte(testSecret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	return map[string]string{"X-Vapi-Timestamp": stamp, "X-Vapi-Signature": hex.EncodeToString(mac.Sum(nil))}
}

func (p *program) do(method, path string, header map[string]string, body []byte) (int, http.Header, []byte, error) {
	req, err := http.NewRequest(method, p.url+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, nil, err
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	res, err := p.client.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer func() { _ = res.Body.Close() }() // read to its end
	got, err := io.ReadAll(res.Body)
	return res.StatusCode, res.Header, got, err
}

// post sends a signed body to /vapi and wants 200.
func (p *program) post(body []byte) []byte {
	p.t.Helper()
	status, _, got, err := p.do("POST", "/vapi", sealed(body), body)
	if err != nil || status != 200 {
		p.t.Fatalf("POST /vapi: %d %v %s", status, err, got)
	}
	return got
}

// result is the result of the one tool call in an answer of /vapi.
func result(answer []byte) (string, error) {
	var got struct {
		Results []struct{ Name, ToolCallID, Result string }
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		return "", err
	}
	if len(got.Results) != 1 {
		return "", fmt.Errorf("%d results in %s", len(got.Results), answer)
	}
	return got.Results[0].Result, nil
}

// reply is the answer object.
type reply struct {
	Success      bool
	Error, Field string
	Message      string
	Booking      struct {
		Code, Date, Time, Name, Table, Zone, Status string
		Party                                       int
	}
	Alternatives []struct{ Date, Time, Zone string }
}

// ask makes a tool call and reads the answer object.
func (p *program) ask(c call) reply {
	p.t.Helper()
	line, err := result(p.post(c.body()))
	if err != nil {
		p.t.Fatal(err)
	}
	if strings.ContainsAny(line, "\n\r") {
		p.t.Errorf("result of several lines: %q", line)
	}
	var got reply
	if err := json.Unmarshal([]byte(line), &got); err != nil {
		p.t.Fatalf("%s: %v", line, err)
	}
	return got
}

// kept is a booking as the staff see it.
type kept struct {
	Code, Date, Time, Name, Table, Zone, Status, Phone, Channel, Notes string
	Party                                                              int
}

// book is what stands in the staff's book of a date.
func (p *program) book(date string) []kept {
	p.t.Helper()
	status, _, got, err := p.do("GET", "/admin/api/bookings?date="+date, map[string]string{"Authorization": "Bearer " + testToken}, nil)
	if err != nil || status != 200 {
		p.t.Fatalf("GET /admin/api/bookings: %d %v %s", status, err, got)
	}
	var list struct{ Bookings []kept }
	if err := json.Unmarshal(got, &list); err != nil {
		p.t.Fatal(err)
	}
	return list.Bookings
}

// holdARequestOpen sends half a request and keeps the line until the program
// hangs up. It returns once the program has begun to read it.
func (p *program) holdARequestOpen() net.Conn {
	p.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		p.t.Fatal(err)
	}
	_, err = fmt.Fprintf(conn, "POST /vapi HTTP/1.1\r\nHost: maitre\r\nX-Vapi-Signature: %064d\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n", 0)
	if err != nil {
		p.t.Fatal(err)
	}
	// The server says "continue" when the handler starts to read.
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "100") {
		p.t.Fatalf("%q, %v: want to be told to continue", line, err)
	}
	return conn
}

package e2e

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"maitre/webhook/whatsapp/twilio/twiliotest"
)

// These tests drive the built binary as guests who write, by way of a Twilio: it
// signs what comes in with the published npm client, and takes what goes out.

// signer signs with the published npm client, in a process of its own.
type signer struct {
	mu  sync.Mutex
	in  io.WriteCloser
	out *bufio.Reader
}

// npmClient returns where the client is: where the webhook's own tests put it, or
// put there now by the same lock file.
var npmClient = sync.OnceValues(func() (string, error) {
	const checkedIn = "../webhook/testdata/npm"
	lock, err := os.ReadFile(filepath.Join(checkedIn, "package-lock.json"))
	if err != nil {
		return "", err
	}
	stamp, err := os.ReadFile(filepath.Join(checkedIn, "node_modules", ".installed-from"))
	if err == nil && string(stamp) == fmt.Sprintf("%x", sha256.Sum256(lock)) {
		return checkedIn, nil
	}
	dir := filepath.Join(filepath.Dir(binary), "npm")
	if err := os.CopyFS(dir, os.DirFS(checkedIn)); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = dir
	if said, err := npm.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci, for Twilio's published client: %w\n%s", err, said)
	}
	return dir, nil
})

func newSigner(t testing.TB) *signer {
	t.Helper()
	dir, err := npmClient()
	if err != nil {
		t.Fatalf("Node.js 20 or later and npm are needed to sign with Twilio's published client: %v", err)
	}
	node := exec.Command("node", "sign.js")
	node.Dir, node.Stderr = dir, os.Stderr
	in, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close(); _ = node.Wait() })
	return &signer{in: in, out: bufio.NewReader(out)}
}

func (s *signer) sign(t testing.TB, token, address string, form url.Values) string {
	t.Helper()
	params := map[string]string{}
	for key := range form {
		params[key] = form.Get(key)
	}
	line, err := json.Marshal(map[string]any{"token": token, "url": address, "params": params})
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.in.Write(append(line, '\n')); err != nil {
		t.Fatal(err)
	}
	signature, err := s.out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(signature)
}

// twilioToken is the account's; staffPhone is where alerts go.
const (
	twilioToken = "0123456789abcdef0123456789abcdef"
	staffPhone  = "+34699999999"
)

// entrance is the address by which the world reaches the program, whichever runs:
// Twilio must know it before there is one, and the port of a program that was
// killed may be anybody's by the time it starts again. Who comes meanwhile waits.
type entrance struct {
	url  string
	mu   sync.Mutex
	open chan struct{} // closed when a program is open
	to   *url.URL
}

func newEntrance(t testing.TB) *entrance {
	t.Helper()
	e := &entrance{open: make(chan struct{})}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(e.behind())
			r.Out.Host = r.In.Host
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.mu.Lock()
		open := e.open
		e.mu.Unlock()
		select {
		case <-open:
			proxy.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	e.url = srv.URL
	return e
}

func (e *entrance) behind() *url.URL {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.to
}

// close keeps whoever comes waiting until leadTo.
func (e *entrance) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.open = make(chan struct{})
}

func (e *entrance) leadTo(t testing.TB, p *program) {
	t.Helper()
	to, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.to = to
	close(e.open)
}

// chat is a maitre with a Twilio before it.
type chat struct {
	*program
	twilio *twiliotest.Server
	npm    *signer
	public *entrance
	ahead  *atomic.Int64 // Twilio's clock, of the machine's, in nanoseconds
	minute int           // at which it was started last, past one o'clock
}

// passes lets time pass at Twilio.
func (c *chat) passes(d time.Duration) { c.ahead.Add(int64(d)) }

// startChat runs the binary with a Twilio; env comes on top.
func startChat(t testing.TB, env ...string) *chat {
	t.Helper()
	return startChatWith(t, twiliotest.Options{}, env...)
}

func startChatWith(t testing.TB, o twiliotest.Options, env ...string) *chat {
	t.Helper()
	o.Token = twilioToken
	ahead := new(atomic.Int64)
	o.Clock = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	c := &chat{twilio: twiliotest.Start(t, o), npm: newSigner(t), public: newEntrance(t), ahead: ahead}
	c.program = start(t, append([]string{
		"PUBLIC_URL=" + c.public.url, "TWILIO_ACCOUNT_SID=" + c.twilio.AccountSID(), "TWILIO_AUTH_TOKEN=" + twilioToken,
		"TWILIO_WHATSAPP_FROM=+34941000126", "TWILIO_SMS_FROM=+34941000127", "TWILIO_ENDPOINT_URL=" + c.twilio.URL(),
		"STAFF_PHONE=" + staffPhone, "RETRY_TICK=200ms",
	}, env...)...)
	c.public.leadTo(t, c.program)
	if base(t, c.dir, c.env) != nil && !c.log.waitFor("all days were read") {
		t.Fatal("the base was not read")
	}
	return c
}

func (c *chat) kill() {
	c.t.Helper()
	c.public.close()
	c.program.kill()
}

// restart starts the binary once more on the same data, behind the same address.
func (c *chat) restart(env ...string) {
	c.t.Helper()
	c.program = c.again(env...)
	c.public.leadTo(c.t, c.program)
}

// restartAt is restart at so many minutes past one o'clock, for a clock that does
// not go back; Twilio's goes with it.
func (c *chat) restartAt(minutes int) {
	c.t.Helper()
	c.passes(time.Duration(minutes-c.minute) * time.Minute)
	c.restartBy(minutes)
}

// restartBy is restart by a clock that shows so many minutes past one, whatever
// Twilio's shows.
func (c *chat) restartBy(minutes int) {
	c.t.Helper()
	c.minute = minutes
	at, err := time.Parse(time.RFC3339, monday)
	if err != nil {
		c.t.Fatal(err)
	}
	c.restart("MAITRE_NOW=" + at.Add(time.Duration(minutes)*time.Minute).Format(time.RFC3339))
}

var written atomic.Int64

// message is a guest's message as Twilio sends it.
func (c *chat) message(from, text string) url.Values {
	sid := fmt.Sprintf("SM%032d", written.Add(1))
	return url.Values{
		"AccountSid": {c.twilio.AccountSID()}, "MessageSid": {sid}, "SmsMessageSid": {sid}, "SmsStatus": {"received"}, "ApiVersion": {"2010-04-01"},
		"From": {"whatsapp:" + from}, "To": {"whatsapp:+34941000126"}, "WaId": {strings.TrimPrefix(from, "+")}, "ProfileName": {"👩‍🍳"},
		"Body": {text}, "NumMedia": {"0"}, "NumSegments": {"1"}, "MessageType": {"text"},
	}
}

// deliver hands a message over, signed by the npm client.
func (c *chat) deliver(form url.Values) ([]byte, error) {
	c.t.Helper()
	header := map[string]string{
		"Content-Type":       "application/x-www-form-urlencoded",
		"X-Twilio-Signature": c.npm.sign(c.t, twilioToken, c.public.url+"/whatsapp", form),
	}
	status, _, got, err := c.do("POST", "/whatsapp", header, []byte(form.Encode()))
	if err == nil && status != 200 {
		err = fmt.Errorf("status %d: %s", status, got)
	}
	return got, err
}

// says has a guest write, and returns the answer.
func (c *chat) says(from, text string) string {
	c.t.Helper()
	c.twilio.Inbound(from)
	got, err := c.deliver(c.message(from, text))
	if err != nil {
		c.t.Fatalf("%q: %v\n%s", text, err, c.log)
	}
	return c.read(got)
}

func (c *chat) read(twiml []byte) string {
	c.t.Helper()
	var response struct {
		XMLName  xml.Name `xml:"Response"`
		Messages []string `xml:"Message"`
	}
	if err := xml.Unmarshal(twiml, &response); err != nil {
		c.t.Fatalf("no TwiML: %v in %s", err, twiml)
	}
	return strings.Join(response.Messages, "\n\n")
}

// wants checks that an answer holds all of the parts.
func (p *program) wants(answer string, parts ...string) {
	p.t.Helper()
	for _, part := range parts {
		if !strings.Contains(answer, part) {
			p.t.Fatalf("the answer lacks %q:\n%s\n%s", part, answer, p.log)
		}
	}
}

// sentTo are the messages that Twilio took for a phone, by whichever way.
func (c *chat) sentTo(phone string) (sent []twiliotest.Message) {
	for _, m := range c.twilio.Messages() {
		if strings.TrimPrefix(m.To, "whatsapp:") == phone {
			sent = append(sent, m)
		}
	}
	return sent
}

// awaits waits until so many messages have left for a phone, and returns the last.
func (c *chat) awaits(phone string, n int, parts ...string) twiliotest.Message {
	c.t.Helper()
	c.until(fmt.Sprintf("%d messages to %s", n, phone), func() (bool, any) {
		sent := c.sentTo(phone)
		return len(sent) >= n, sent
	})
	sent := c.sentTo(phone)
	if len(sent) != n {
		c.t.Fatalf("%d messages left for %s, want %d: %+v", len(sent), phone, n, sent)
	}
	c.wants(sent[n-1].Body, parts...)
	return sent[n-1]
}

// outbox returns the messages in one of the states, as the staff see them.
func (c *chat) outbox(states ...string) (all []outboxMessage) {
	c.t.Helper()
	for _, state := range states {
		status, _, got, err := c.do("GET", "/admin/api/messages?state="+state, map[string]string{"Authorization": "Bearer " + testToken}, nil)
		if err != nil || status != 200 {
			c.t.Fatalf("GET /admin/api/messages: %d %v %s", status, err, got)
		}
		var list struct{ Messages []outboxMessage }
		if err := json.Unmarshal(got, &list); err != nil {
			c.t.Fatal(err)
		}
		all = append(all, list.Messages...)
	}
	return all
}

type outboxMessage struct {
	To, State, Reason string
	Code              int
}

// outboxEmpties waits until every message has left, or never will.
func (c *chat) outboxEmpties() {
	c.t.Helper()
	c.until("the outbox empties", func() (bool, any) {
		c.twilio.WaitCallbacks() // which may give something back
		open := c.outbox("waiting", "sending", "unknown", "bounced")
		return len(open) == 0, open
	})
}

// one is the only booking of a date.
func (c *chat) one(date string) kept {
	c.t.Helper()
	all := c.book(date)
	if len(all) != 1 {
		c.t.Fatalf("%d bookings on %s: %+v\n%s", len(all), date, all, c.log)
	}
	return all[0]
}

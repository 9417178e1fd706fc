package twiliotest_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
	"go.uber.org/goleak"

	"maitre/webhook/whatsapp/twilio/twiliotest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rewrite sends Twilio's library to the server.
type rewrite struct{ to *url.URL }

func (r rewrite) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host = r.to.Scheme, r.to.Host
	return http.DefaultTransport.RoundTrip(req)
}

// Twilio's own library finds the Twilio that it knows.
func TestTwiliosLibrary(t *testing.T) {
	srv := twiliotest.Start(t, twiliotest.Options{Statuses: []string{}, PageSize: 2})
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	to, err := url.Parse(srv.URL())
	if err != nil {
		t.Fatal(err)
	}
	library := func(token string) *api.ApiService {
		c := &client.Client{Credentials: client.NewCredentials(srv.AccountSID(), token), HTTPClient: &http.Client{Transport: rewrite{to}}}
		c.SetAccountSid(srv.AccountSID())
		return api.NewApiServiceWithClient(c)
	}
	params := (&api.CreateMessageParams{}).SetTo("whatsapp:+34612345678").SetFrom("whatsapp:+34941123456").SetBody("Hola")
	for range 5 {
		if m, err := library(srv.Token()).CreateMessage(params); err != nil || *m.Status != "queued" || *m.Body != "Hola" {
			t.Fatal(m, err)
		}
	}
	list, err := library(srv.Token()).ListMessage((&api.ListMessageParams{}).SetTo("whatsapp:+34612345678"))
	if err != nil || len(list) != 5 || *list[0].Sid != srv.Messages()[4].SID {
		t.Errorf("%d listed, %v", len(list), err)
	}
	for code, try := range map[int]func() error{
		20003: func() error { _, err := library("wrong").CreateMessage(params); return err },
		21211: func() error {
			_, err := library(srv.Token()).CreateMessage((&api.CreateMessageParams{}).SetTo("+1").SetFrom("+34941123456").SetBody("x"))
			return err
		},
		20429: func() error {
			defer srv.Inject(twiliotest.Fault{Code: 20429})()
			_, err := library(srv.Token()).CreateMessage(params)
			return err
		},
	} {
		var refusal *client.TwilioRestError
		if err := try(); !errors.As(err, &refusal) || refusal.Code != code {
			t.Errorf("%d: %v", code, err)
		}
	}
	if account, err := library(srv.Token()).FetchAccount(srv.AccountSID()); err != nil || *account.Status != "active" {
		t.Error(account, err)
	}
}

func TestFormsThatTwilioRefuses(t *testing.T) {
	t.Parallel()
	srv := twiliotest.Start(t, twiliotest.Options{})
	whole := "To=whatsapp%3A%2B34612345678&From=whatsapp%3A%2B34941123456"
	for form, code := range map[string]float64{
		"": 21604,
		"To=%2B34612345678&From=whatsapp%3A%2B34941123456&Body=x":                21910,
		"To=612345678&From=%2B34941123456&Body=x":                                21211,
		"To=%2B34612345678&Body=x":                                               21603,
		"To=%2B34612345678&From=Casa&Body=x":                                     21212,
		whole:                                                                    21602,
		whole + "&Body=x&ContentSid=HX1":                                         21654,
		whole + "&ContentSid=1":                                                  21655,
		whole + "&ContentSid=HX1&ContentVariables=1":                             21656,
		whole + "&Body=x&ContentVariables=%7B%7D":                                21656,
		whole + "&ContentSid=HX1&ContentVariables=%7B%221%22%3A%22%22%7D":        63013,
		whole + "&ContentSid=HX1&ContentVariables=%7B%221%22%3A%22a%5Cnb%22%7D":  63013,
		whole + "&ContentSid=HX1&ContentVariables=%7B%221%22%3A%22a+++++b%22%7D": 63013,
		whole + "&Body=x&StatusCallback=nowhere":                                 21609,
		whole + "&Body=x&StatusCallback=http%3A%2F%2Fa_b%2F":                     21609,
		whole + "&Body=x&Body=y":                                                 20001,
		whole + "&Body=" + strings.Repeat("x", 1601):                             21617,
		whole + "&Body=%zz":                                                      20001,
	} {
		status, body := ask(t, srv, http.MethodPost, "/2010-04-01/Accounts/"+srv.AccountSID()+"/Messages.json", form, "")
		if status != http.StatusBadRequest || body["code"] != code {
			t.Errorf("%.100s: %d %v, want %v", form, status, body, code)
		}
	}
	if status, body := ask(t, srv, http.MethodPost, "/2010-04-01/Accounts/AC2/Messages.json", "", ""); status != http.StatusNotFound || body["code"] != 20404.0 {
		t.Error(status, body)
	}
	if n := len(srv.Messages()); n != 0 {
		t.Errorf("%d were taken", n)
	}
}

// ask makes a request: with a control token, or signed in with the account.
func ask(t *testing.T, srv *twiliotest.Server, method, path, body, control string) (int, map[string]any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, srv.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if control != "" {
		r.Header.Set("Authorization", "Bearer "+control)
	} else {
		r.SetBasicAuth(srv.AccountSID(), srv.Token())
	}
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	_ = json.Unmarshal(text, &out) // the help is text
	return resp.StatusCode, out
}

// Free text reaches a phone only within a day of its last message.
func TestWindow(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	srv := twiliotest.Start(t, twiliotest.Options{Window: true, Clock: func() time.Time { return now }})
	send := func(form string) twiliotest.Message {
		t.Helper()
		status, body := ask(t, srv, http.MethodPost, "/2010-04-01/Accounts/"+srv.AccountSID()+"/Messages.json", form, "")
		if status != http.StatusCreated {
			t.Fatal(status, body)
		}
		srv.WaitCallbacks()
		all := srv.Messages()
		return all[len(all)-1]
	}
	const text = "To=whatsapp%3A%2B34612345678&From=whatsapp%3A%2B34941123456&Body=x"
	if m := send(text); m.Status != "undelivered" || m.Code != 63016 {
		t.Errorf("never heard: %+v", m)
	}
	srv.Inbound("whatsapp:+34612345678")
	now = now.Add(24*time.Hour - 1)
	if m := send(text); m.Status != "delivered" {
		t.Errorf("within: %+v", m)
	}
	now = now.Add(1)
	if m := send(text); m.Code != 63016 {
		t.Errorf("after: %+v", m)
	}
	if m := send(strings.Replace(text, "Body=x", "ContentSid=HX1", 1)); m.Status != "delivered" {
		t.Errorf("a template: %+v", m)
	}
	if m := send("To=%2B34612345678&From=%2B34941123456&Body=x"); m.Status != "delivered" {
		t.Errorf("an SMS: %+v", m)
	}
}

func TestFaultsStrikeWhomTheyMean(t *testing.T) {
	t.Parallel()
	srv := twiliotest.Start(t, twiliotest.Options{Statuses: []string{}})
	send := func(to string) int {
		from := "+34941123456"
		if strings.HasPrefix(to, "whatsapp:") {
			from = "whatsapp:" + from
		}
		form := url.Values{"To": {to}, "From": {from}, "Body": {"x"}}
		status, _ := ask(t, srv, http.MethodPost, "/2010-04-01/Accounts/"+srv.AccountSID()+"/Messages.json", form.Encode(), "")
		return status
	}
	lift := srv.Inject(twiliotest.Fault{Ops: []twiliotest.Op{twiliotest.OpSend}, To: "whatsapp:", Skip: 1, Times: 2, Status: 503})
	for i, want := range []int{201, 201, 503, 503, 201} {
		to := "whatsapp:+34612345678"
		if i == 0 {
			to = "+34612345678"
		}
		if got := send(to); got != want {
			t.Errorf("%d: %d, want %d", i, got, want)
		}
	}
	if hits := lift(); hits != 2 {
		t.Error(hits)
	}
	srv.Inject(twiliotest.Fault{To: "+34612345678", Latency: 1})
	if got := send("+34612345678"); got != 500 {
		t.Error(got)
	}
	if got := send("+34612345679"); got != 201 {
		t.Error(got)
	}
	requests := srv.Requests()
	if last := requests[len(requests)-2]; last.Status != 500 || last.Op != twiliotest.OpSend || last.To != "+34612345678" || last.SID != "" {
		t.Errorf("%+v", last)
	}
}

func TestControl(t *testing.T) {
	t.Parallel()
	srv := twiliotest.Start(t, twiliotest.Options{ControlToken: "control", Statuses: []string{}})
	const messages = "/_control/messages"
	if status, _ := ask(t, srv, http.MethodGet, messages, "", "wrong"); status != http.StatusUnauthorized {
		t.Error(status)
	}
	do := func(method, path, body string, want int) map[string]any {
		t.Helper()
		status, out := ask(t, srv, method, path, body, "control")
		if status != want {
			t.Errorf("%s %s: %d %v, want %d", method, path, status, out, want)
		}
		return out
	}
	api := "/2010-04-01/Accounts/" + srv.AccountSID() + "/Messages.json"
	do(http.MethodGet, "/_control/", "", 200)
	do(http.MethodPost, "/_control/faults", `{"ops":["send"],"code":21610,"times":1,"latency":"1ms"}`, 200)
	if faults := do(http.MethodGet, "/_control/faults", "", 200)["faults"].([]any); len(faults) != 1 {
		t.Error(faults)
	}
	form := "To=%2B34612345678&From=%2B34941123456&Body=x&StatusCallback=http%3A%2F%2F127.0.0.1%3A1%2F"
	if status, _ := ask(t, srv, http.MethodPost, api, form, ""); status != http.StatusBadRequest {
		t.Error(status)
	}
	do(http.MethodPost, "/_control/faults", `{"status":500}`, 200)
	do(http.MethodDelete, "/_control/faults", "", 200)
	if status, _ := ask(t, srv, http.MethodPost, api, form, ""); status != http.StatusCreated {
		t.Error(status)
	}
	list := do(http.MethodGet, messages, "", 200)["messages"].([]any)
	sid := list[0].(map[string]any)["sid"].(string)
	do(http.MethodPost, "/_control/callbacks", `{"sid":"`+sid+`","status":"delivered"}`, 200)
	if made := do(http.MethodGet, "/_control/callbacks", "", 200)["callbacks"].([]any); len(made) != 1 || made[0].(map[string]any)["answered"] != 0.0 {
		t.Error(made)
	}
	do(http.MethodPost, "/_control/callbacks", `{"sid":"SM0","status":"delivered"}`, 400)
	do(http.MethodPost, "/_control/heard", `{"phone":"+34612345678"}`, 200)
	if all := do(http.MethodGet, "/_control/requests", "", 200)["requests"].([]any); len(all) != 2 {
		t.Error(all)
	}
	do(http.MethodDelete, messages, "", 200)
	if len(srv.Messages()) != 0 {
		t.Error("not forgotten")
	}
	for _, body := range []string{`{"latency":3}`, `{"latency":"long"}`, `nonsense`} {
		do(http.MethodPost, "/_control/faults", body, 400)
	}
	do(http.MethodPost, "/_control/heard", `nonsense`, 400)
	do(http.MethodPost, "/_control/nothing", ``, 404)
}

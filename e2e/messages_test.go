package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCapturedMessagesGetTheRightAnswers sends what VAPI was seen to send, with
// our tools in it, to the built binary.
func TestCapturedMessagesGetTheRightAnswers(t *testing.T) {
	both(t, testCapturedMessagesGetTheRightAnswers)
}

func testCapturedMessagesGetTheRightAnswers(t *testing.T) {
	const thatEvening = `"date\":\"2026-12-24\",\"time\":\"21:00\"`
	want := map[string][]string{
		"assistant-request-2024-07.json":          {`{"assistant":{`, "Candil y Parra", "lunes 23 de noviembre (2026-11-23)", "13:00", "Europe/Madrid", `"create_reservation"`, "asistente automático"},
		"end-of-call-report-2025-06.json":         {`{}`},
		"tool-calls-phone-2024-07.json":           {`{"results":[{"name":"check_availability","toolCallId":"call_51kj","result":"{\"success\":true,`, thatEvening, "jueves 24 de diciembre"},
		"tool-calls-string-arguments.json":        {`{"results":[{"name":"check_availability","toolCallId":"call_1","result":"{\"success\":true,`, thatEvening},
		"tool-calls-empty-arguments-2024-07.json": {`{"results":[{"name":"get_info","toolCallId":"call_fzEwCjWnJsuwoeGQGbITcnpw","result":"{\"success\":true,`, "Logroño"},
		"tool-calls-web-2024-12.json":             {`{"results":[{"name":"create_reservation","toolCallId":"call_kwm0","result":"{\"success\":true,`, thatEvening, `\"party\":4`, "Ana Ruiz", `\"status\":\"confirmed\"`},
		"tool-calls-flattened-2026.json":          {`{"results":[{"name":"get_hours","toolCallId":"toolu_01DTPAzUm5Gk3zxrpJ969oMF","result":"{\"success\":true,`, "20:30"},
		"tool-calls-parameters-2026.json":         {`{"results":[{"name":"check_availability","toolCallId":"abc123","result":"{\"success\":true,`, `\"slots\":[`},
	}
	files, err := filepath.Glob("../webhook/vapi/testdata/messages/*.json")
	if err != nil || len(files) != len(want) {
		t.Fatalf("%d messages, %v; %d are expected", len(files), err, len(want))
	}
	p := start(t)
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := string(p.post(body))
		if !json.Valid([]byte(got)) {
			t.Errorf("%s: not JSON: %s", file, got)
		}
		for _, piece := range want[filepath.Base(file)] {
			if !strings.Contains(got, piece) {
				t.Errorf("%s lacks %s:\n%s", file, piece, got)
			}
		}
		if again := string(p.post(body)); strings.Contains(file, "web-2024") && again != got {
			t.Errorf("%s sent again:\n%s\nwant\n%s", file, again, got)
		}
	}
	p.stop()
}

func TestSeveralCallsInOneMessageAreAnsweredInOrder(t *testing.T) {
	both(t, testSeveralCallsInOneMessageAreAnsweredInOrder)
}

func testSeveralCallsInOneMessageAreAnsweredInOrder(t *testing.T) {
	p := start(t)
	got := p.post([]byte(`{"message":{"type":"tool-calls","call":{"id":"c1","customer":{"number":"+34612345678"}},"toolCallList":[
		{"id":"a","function":{"name":"check_availability","arguments":{"date":"2026-12-24","time":"21:00","pax":2}}},
		{"id":"b","function":{"name":"create_reservation","arguments":"{broken"}},
		{"id":"c","function":{"name":"no_such_tool","arguments":{}}},
		{"id":"d","function":{"name":"create_reservation","arguments":{"date":"2026-12-24","time":"21:00","pax":2,"customer_name":"Ana"}}},
		{"id":"e","function":{"name":"get_reservation","arguments":null}}]}}`))
	var answer struct {
		Results []struct{ Name, ToolCallID, Result string }
	}
	if err := json.Unmarshal(got, &answer); err != nil || len(answer.Results) != 5 {
		t.Fatalf("%v in %s", err, got)
	}
	for i, want := range []bool{true, false, false, true, true} {
		var a reply
		r := answer.Results[i]
		if err := json.Unmarshal([]byte(r.Result), &a); err != nil || a.Success != want || r.ToolCallID != string(rune('a'+i)) || a.Message == "" {
			t.Errorf("result %d: %+v, %v: want success %v, in order", i, r, err, want)
		}
	}
	p.stop()
}

func TestOtherWaysOfSigningIn(t *testing.T) {
	t.Parallel()
	for mode, header := range map[string]map[string]string{
		"header": {"X-Vapi-Secret": testSecret},
		"bearer": {"Authorization": "Bearer " + testSecret},
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			p := start(t, "VAPI_AUTH="+mode, "VAPI_WEBHOOK_SECRET=an-older-secret,"+testSecret)
			body := anasBooking("c1", "t1", ana).body()
			if status, _, got, err := p.do("POST", "/vapi", header, body); status != 200 || !strings.Contains(string(got), `\"success\":true`) {
				t.Errorf("%d %v %s, want the booking", status, err, got)
			}
			for name, wrong := range map[string]map[string]string{
				"hmac": sealed(body), "empty": {"X-Vapi-Secret": "", "Authorization": "Bearer "}, "another": {"X-Vapi-Secret": "x", "Authorization": "Bearer x"},
			} {
				if status, _, got, _ := p.do("POST", "/vapi", wrong, body); status != 401 {
					t.Errorf("%s: %d %s, want 401", name, status, got)
				}
			}
			p.stop()
		})
	}
}

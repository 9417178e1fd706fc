package vapi_test

import (
	"encoding/json"
	"testing"
)

// Every place and form in which a tool call has been seen or is documented.
func TestShapesOfAToolCall(t *testing.T) {
	t.Parallel()
	const (
		call  = `{"id":"c1","type":"function","function":{"name":"check_availability","arguments":{"date":"2026-12-24","pax":2}}}`
		other = `{"id":"c2","type":"function","function":{"name":"get_info","arguments":{}}}`
	)
	h := open(t)
	for name, message := range map[string]string{
		"toolCallList":                 `"toolCallList":[` + call + `]`,
		"toolCalls":                    `"toolCalls":[` + call + `]`,
		"toolCalls, list empty":        `"toolCallList":[],"toolCalls":[` + call + `]`,
		"toolCalls, list null":         `"toolCalls":[` + call + `],"toolCallList":null`,
		"toolWithToolCallList":         `"toolWithToolCallList":[{"type":"function","function":{"name":"check_availability","parameters":{"type":"object","properties":{"date":{}}}},"toolCall":` + call + `}]`,
		"toolWithToolCallList, bare":   `"toolWithToolCallList":[{"toolCall":{"id":"c1","function":{"arguments":{"date":"2026-12-24","pax":2}}},"function":{"name":"check_availability"}}]`,
		"the first list, whole":        `"toolCalls":[` + other + `],"toolWithToolCallList":[{"toolCall":` + other + `}],"toolCallList":[` + call + `]`,
		"flat arguments":               `"toolCallList":[{"id":"c1","name":"check_availability","arguments":{"date":"2026-12-24","pax":2}}]`,
		"flat parameters":              `"toolCallList":[{"id":"c1","name":"check_availability","parameters":{"date":"2026-12-24","pax":2}}]`,
		"function.parameters":          `"toolCallList":[{"id":"c1","function":{"name":"check_availability","parameters":{"date":"2026-12-24","pax":2}}}]`,
		"empty arguments, parameters":  `"toolCallList":[{"id":"c1","name":"check_availability","arguments":{},"parameters":{"date":"2026-12-24","pax":2}}]`,
		"a string":                     `"toolCallList":[{"id":"c1","function":{"name":"check_availability","arguments":"{\"date\":\"2026-12-24\",\"pax\":2}"}}]`,
		"a string with blanks":         `"toolCallList":[{"id":"c1","function":{"name":"check_availability","arguments":" {\"date\" : \"2026-12-24\",\n\"pax\":2} "}}]`,
		"an empty string, parameters":  `"toolCallList":[{"id":"c1","name":"check_availability","arguments":"","parameters":{"date":"2026-12-24","pax":2}}]`,
		"escaped names":                `"\u0074oolCallList":[{"id":"c1","name":"check_availability","arguments":{"d\u0061te":"2026-12-24","pax":2}}]`,
		"unknown keys, odd values":     `"timestamp":"2026-11-23T18:00:00Z","artifact":{"messages":[{"time":1722115418016.999}]},"call":{"id":17,"customer":{"number":null}},"customer":[],"chat":7,"toolCallList":[` + call + `]`,
		"a name twice, the last stays": `"toolCallList":[` + other + `],"toolCallList":[` + call + `]`,
	} {
		w := h.post([]byte(`{"message":{"type":"tool-calls",` + message + `}}`))
		var r results
		if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil || len(r.Results) != 1 {
			t.Errorf("%s: %v in %s", name, err, w.Body)
			continue
		}
		got := r.Results[0]
		if a := decoded(t, got.Result); got.ToolCallID != "c1" || got.Name != "check_availability" || len(a.Slots) == 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// An argument without content counts as not given: the desk asks for what it needs.
func TestArgumentsThatSayNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, arguments := range []string{`{}`, `null`, `""`, `"{}"`, `"null"`, `"not JSON"`, `"{\"date\":"`, `[]`, `[1]`, `7`, `true`, `"\"\""`} {
		w := h.post([]byte(`{"message":{"type":"tool-calls","toolCallList":[{"id":5,"function":{"name":"check_availability","arguments":` + arguments + `}}]}}`))
		if a := decodedMessage(t, w.Body.String()); a.Error != "invalid" || a.Field != "date" {
			t.Errorf("%s: %+v", arguments, a)
		}
		var r results
		if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil || r.Results[0].ToolCallID != "5" {
			t.Errorf("%s: %v in %s", arguments, err, w.Body)
		}
	}
}

package vapi

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// Bodies are an availability question as VAPI sends it: early in a call, and
// after some talk.
func Bodies(b *testing.B) map[string][]byte {
	b.Helper()
	raw, err := os.ReadFile("testdata/messages/tool-calls-phone-2024-07.json")
	if err != nil {
		b.Fatal(err)
	}
	turn := `{"role":"bot","message":"Hola, gracias por llamar, ¿en qué puedo ayudarle?","time":1722032450480,"endTime":1722032452920,"secondsFromStart":1.52,"source":""},`
	long := bytes.Replace(raw, []byte(`"artifact":{"messages":[`), []byte(`"artifact":{"messages":[`+strings.Repeat(turn, 26)), 1)
	all := map[string][]byte{}
	for name, body := range map[string][]byte{"2KiB": raw, "6KiB": long} {
		var compact bytes.Buffer
		if err := json.Compact(&compact, body); err != nil {
			b.Fatal(err)
		}
		all[name] = compact.Bytes()
	}
	return all
}

func BenchmarkDecode(b *testing.B) {
	for name, body := range Bodies(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if m, err := decode(body); err != nil || len(m.calls) != 1 {
					b.Fatal(err)
				}
			}
		})
	}
}

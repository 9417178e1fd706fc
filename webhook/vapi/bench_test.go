package vapi_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"maitre/webhook/vapi"
)

func BenchmarkAvailability(b *testing.B) {
	h := open(b)
	r := httptest.NewRequest(http.MethodPost, "/vapi", nil)
	for name, body := range vapi.Bodies(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				w := httptest.NewRecorder()
				if h.handler.ServeVAPI(w, r, body); w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
		})
	}
}

func BenchmarkAcknowledged(b *testing.B) {
	h := open(b)
	r := httptest.NewRequest(http.MethodPost, "/vapi", nil)
	for name, body := range vapi.Bodies(b) {
		body = bytes.Replace(body, []byte(`"type":"tool-calls"`), []byte(`"type":"conversation-update"`), 1)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				w := httptest.NewRecorder()
				if h.handler.ServeVAPI(w, r, body); w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
		})
	}
}

func BenchmarkAssistantRequest(b *testing.B) {
	h := open(b)
	r := httptest.NewRequest(http.MethodPost, "/vapi", nil)
	body := []byte(`{"message":{"type":"assistant-request","call":{"id":"c"}}}`)
	b.ReportAllocs()
	for b.Loop() {
		h.handler.ServeVAPI(httptest.NewRecorder(), r, body)
	}
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"maitre/retry"
	"maitre/store"
	"maitre/web/premises"
	"maitre/webhook"
)

const benchSecret = "a-secret-for-benchmarks-only"

// inProcess wires a desk as serve does, on a data file of its own.
func inProcess(b *testing.B, restaurantFile string) http.Handler {
	b.Helper()
	values := map[string]string{
		"VAPI_WEBHOOK_SECRET": benchSecret, "MAITRE_NOW": "2026-11-23T13:00:00+01:00", "DATA_DIR": b.TempDir(),
		"RESTAURANT_FILE": restaurantFile,
	}
	cfg, err := readConfig(func(name string) string { return values[name] })
	if err != nil {
		b.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	house, _, err := premises.ReadHouse(cfg.RestaurantFile)
	if err != nil {
		b.Fatal(err)
	}
	plan := cfg.plan(house, log)
	plan.Changed = retry.NewDates()
	file, err := store.Open(context.Background(), filepath.Join(cfg.DataDir, "maitre.db"), store.Options{Slug: house.Restaurant.Slug, Log: log, OnDays: plan.Changed.Add})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = file.Close() })
	built, err := premises.Open(b.Context(), file, plan)
	if err != nil {
		b.Fatal(err)
	}
	return built.Handler
}

// discard is a response that nobody reads.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}

// phoneCall is a tool call of VAPI's, and its signature.
type phoneCall struct {
	body   []byte
	header []webhook.Header
}

func newPhoneCall(caller, tool, arguments, before string) phoneCall {
	body := fmt.Appendf(nil, `{"message":{%s"type":"tool-calls","call":{"id":"call%[2]s","type":"inboundPhoneCall","customer":{"number":%[2]q}},
		"toolCallList":[{"id":"t1","type":"function","function":{"name":%[3]q,"arguments":%[4]s}}]}}`, before, caller, tool, arguments)
	return phoneCall{body, webhook.SignVAPI("hmac", benchSecret, body, time.Now())}
}

func (c phoneCall) post(handler http.Handler) {
	r := httptest.NewRequest("POST", "/vapi", io.NopCloser(bytes.NewReader(c.body)))
	for _, h := range c.header {
		r.Header.Set(h.Name, h.Value)
	}
	handler.ServeHTTP(&discard{http.Header{}}, r)
}

func guest(n int) string { return fmt.Sprintf("+346%08d", n) }

// BenchmarkAvailabilityCall is a signed availability call without the network.
func BenchmarkAvailabilityCall(b *testing.B) {
	handler := inProcess(b, "")
	for i := range 40 {
		newPhoneCall(guest(i), "create_reservation", `{"date":"2026-12-03","time":"14:00","pax":2,"customer_name":"Ana"}`, "").post(handler)
	}
	// With what was said before it, as VAPI sends it: 2 KiB.
	said := strings.Repeat(`{"role":"user","message":"Hola, quería reservar una mesa para cenar.","time":1722032457924,"secondsFromStart":6.98},`, 14)
	call := newPhoneCall("+34612345678", "check_availability", `{"date":"2026-12-03","time":"14:00","pax":4}`,
		`"artifact":{"messages":[`+strings.TrimSuffix(said, ",")+`]},`)
	b.ReportAllocs()
	for b.Loop() {
		call.post(handler)
	}
}

// BenchmarkBookingCall is a signed booking without the network, by many guests at once.
func BenchmarkBookingCall(b *testing.B) {
	oneTable, err := os.ReadFile("e2e/testdata/one-table.toml")
	if err != nil {
		b.Fatal(err)
	}
	large := strings.NewReplacer(`id = "I1"`, `ids = "I1-I200"`, "horizon = 120", "horizon = 400").Replace(string(oneTable))
	file := filepath.Join(b.TempDir(), "restaurant.toml")
	if err := os.WriteFile(file, []byte(large), 0o600); err != nil {
		b.Fatal(err)
	}
	handler := inProcess(b, file)
	date := func(i int) string {
		return time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%400).Format(time.DateOnly)
	}
	b.ReportAllocs()
	b.SetParallelism(64)
	var n atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := int(n.Add(1))
			newPhoneCall(guest(i), "create_reservation", fmt.Sprintf(`{"date":%q,"time":%q,"pax":2,"customer_name":"Ana"}`,
				date(i), []string{"20:30", "22:30"}[i/400%2]), "").post(handler)
		}
	})
}

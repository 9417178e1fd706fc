package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"maitre/retry"
	"maitre/store"
	"maitre/web/premises"
)

// inProcess wires a desk as serve does, on a data file of its own.
func inProcess(b *testing.B, restaurantFile string) http.Handler {
	b.Helper()
	values := map[string]string{
		"VAPI_WEBHOOK_SECRET": testSecret, "ADMIN_TOKEN": testToken, "MAITRE_NOW": monday, "DATA_DIR": b.TempDir(),
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

func post(handler http.Handler, header map[string]string, body []byte) {
	r := httptest.NewRequest("POST", "/vapi", io.NopCloser(bytes.NewReader(body)))
	for k, v := range header {
		r.Header.Set(k, v)
	}
	handler.ServeHTTP(&discard{http.Header{}}, r)
}

// BenchmarkAvailabilityCall is a signed availability call without the network.
func BenchmarkAvailabilityCall(b *testing.B) {
	handler := inProcess(b, "")
	for i := range 40 {
		body := call{fmt.Sprint("c", i), "t1", fmt.Sprintf("+346%08d", i), "create_reservation",
			map[string]any{"date": "2026-12-03", "time": "14:00", "pax": 2, "customer_name": "Ana"}}.body()
		post(handler, sealed(body), body)
	}
	body := longCall(call{"c1", "t1", ana, "check_availability", map[string]any{"date": "2026-12-03", "time": "14:00", "pax": 4}})
	header := sealed(body)
	b.ReportAllocs()
	for b.Loop() {
		post(handler, header, body)
	}
}

// BenchmarkBookingCall is a signed booking without the network, by many guests at once.
func BenchmarkBookingCall(b *testing.B) {
	large := strings.NewReplacer(`id = "I1"`, `ids = "I1-I200"`, "horizon = 120", "horizon = 400").Replace(oneTable)
	handler := inProcess(b, strings.TrimPrefix(restaurantFile(b, large), "RESTAURANT_FILE="))
	date := func(i int) string {
		return time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%400).Format(time.DateOnly)
	}
	b.ReportAllocs()
	b.SetParallelism(64)
	var n counter
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.next()
			body := call{fmt.Sprint("c", i), "t1", fmt.Sprintf("+346%08d", i), "create_reservation",
				map[string]any{"date": date(i), "time": []string{"20:30", "22:30"}[i/400%2], "pax": 2, "customer_name": "Ana"}}.body()
			post(handler, sealed(body), body)
		}
	})
}

type counter struct{ n atomic.Int64 }

func (c *counter) next() int { return int(c.n.Add(1)) }

// longCall is a call with what was said before it, as VAPI sends it: 2 KiB.
func longCall(c call) []byte {
	said := strings.Repeat(`{"role":"user","message":"Hola, quería reservar una mesa para cenar.","time":1722032457924,"secondsFromStart":6.98},`, 14)
	return bytes.Replace(c.body(), []byte(`{"message":{`), []byte(`{"message":{"artifact":{"messages":[`+strings.TrimSuffix(said, ",")+`]},`), 1)
}

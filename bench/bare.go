package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/store"
	"maitre/store/restaurantfile"
	"maitre/web"
	"maitre/webhook"
)

// valueSize is what one booking commits, in bytes: the booking and the answer
// that is kept for a repeat (seen in a data file: 560 and 610).
const valueSize = 1200

// bare serves POST /vapi with the signature check of maitre and nothing behind
// it, until it is killed. Kind is "constant" or "durable".
func bare(kind string) error {
	debug.SetGCPercent(400) // as maitre does
	log := slog.New(slog.DiscardHandler)
	sample, err := restaurantfile.LoadFile("")
	if err != nil {
		return err
	}
	auth, err := webhook.NewVAPIAuth(webhook.VAPIConfig{Mode: webhook.ModeHMAC, Secrets: []string{secret}, Now: time.Now})
	if err != nil {
		return err
	}
	answer := []byte(`{"results":[{"name":"check_availability","toolCallId":"t1","result":"` + strings.Repeat("x", 400) + `"}]}`)
	next := func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write(answer)
	}
	if kind == "durable" {
		if next, err = durable(next, log); err != nil {
			return err
		}
	}
	desk := booking.NewDesk(booking.Config{Restaurant: sample.Restaurant})
	registry := prometheus.NewRegistry()
	handler := web.New(web.Config{
		Log: log, Metrics: web.NewMetrics(registry, "bench", ""), Restaurant: sample.Restaurant, Desk: desk, Words: catalogue.New(sample.Restaurant),
		VAPI:  webhook.Guard(webhook.GuardConfig{Source: "vapi", Auth: auth, Metrics: webhook.NewMetrics(registry), Log: log}, next),
		Ready: func(context.Context) []web.Check { return nil },
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + listener.Addr().String())
	return web.Server(handler, log).Serve(listener)
}

// durable commits one value under a fresh key before it answers.
func durable(next webhook.Next, log *slog.Logger) (webhook.Next, error) {
	file, err := store.Open(context.Background(), filepath.Join(os.Getenv("DATA_DIR"), "bare.db"), store.Options{Slug: "bare", Log: log})
	if err != nil {
		return nil, err
	}
	value := make([]byte, valueSize)
	var n atomic.Int64
	return func(w http.ResponseWriter, r *http.Request, body []byte) {
		key := fmt.Sprintf("vapi/%020d", n.Add(1))
		if err := file.Remember(r.Context(), booking.StoredAnswer{Key: key, Answer: value}); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		next(w, r, body)
	}, nil
}

// Command maitre runs a restaurant's reservation desk: guests book by phone, by
// WhatsApp and on a web page, and no booking is lost, doubled or let in by a
// stranger.
//
// This package reads the configuration and wires the rooms of the house
// together; it is the one place that knows them all, and nobody knows it.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // a machine without zone files must not change what nine o'clock is

	"github.com/lmittmann/tint"
	"github.com/prometheus/client_golang/prometheus"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/phrase"
	"maitre/store"
	"maitre/store/restaurantfile"
	"maitre/web"
	"maitre/webhook"
	"maitre/webhook/answer"
	"maitre/webhook/phone"
	"maitre/webhook/vapi"
)

// Set by the linker; see the Makefile.
var (
	version = "dev"
	commit  = ""
)

func main() {
	err := run(untilSignal(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "maitre:", err)
	var wrong *usageError
	if errors.As(err, &wrong) {
		os.Exit(2)
	}
	os.Exit(1)
}

// untilSignal returns a context that ends with the first SIGINT or SIGTERM. The
// first signal asks; by the time anybody hears of it, a second one ends the
// program without waiting.
func untilSignal() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		signal.Stop(signals)
		cancel()
	}()
	return ctx
}

// usageError is a mistake of whoever started maitre: exit code 2.
type usageError struct{ error }

// Unwrap returns the mistake.
func (e *usageError) Unwrap() error { return e.error }

func usage(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

const help = `maitre runs a restaurant's reservation desk.

  maitre [serve]              run the desk (serve --help lists every variable)
  maitre understand [TEXT]    what the desk makes of a guest's words, as JSON
  maitre sign vapi|twilio     headers that make a request validly signed, for curl
  maitre vapi assistant       the VAPI assistant, as JSON to paste or POST
  maitre version              version, commit, Go version
`

func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) error {
	command := "serve"
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	switch command {
	case "version":
		_, _ = fmt.Fprintln(stdout, "maitre", version, revision(), runtime.Version())
		return nil
	case "help", "--help", "-h":
		_, _ = fmt.Fprint(stdout, help)
		return nil
	}
	getenv, err := environment(getenv, ".env")
	if err != nil {
		return &usageError{err}
	}
	switch command {
	case "serve":
		return serve(ctx, args, getenv, stdout, stderr)
	case "understand":
		return understand(args, getenv, stdin, stdout)
	case "sign":
		return sign(args, getenv, stdin, stdout)
	case "vapi":
		return printAssistant(args, getenv, stdout)
	}
	return usage("unknown command %q\n\n%s", command, help)
}

func revision() string {
	if commit != "" {
		return commit
	}
	info, _ := debug.ReadBuildInfo()
	if info != nil {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return "unknown"
}

// serve runs the desk until ctx ends, then finishes what is in hand and closes
// the data file.
func serve(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		printVariables(stdout)
		return nil
	} else if err != nil || flags.NArg() > 0 {
		return usage("serve takes no arguments; its variables are listed by: maitre serve --help")
	}
	cfg, err := readConfig(getenv)
	if err != nil {
		return &usageError{err}
	}
	if !cfg.LocalMode() {
		return usage("AIRTABLE_API_KEY: this version keeps its book in its own file only; unset AIRTABLE_API_KEY and AIRTABLE_BASE_ID")
	}
	if getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	log := newLogger(cfg, stderr)
	restaurant, err := loadRestaurant(cfg, log)
	if err != nil {
		return err
	}
	watch := watchFrom(cfg.Now)
	listener, err := net.Listen("tcp", cfg.Address())
	if err != nil {
		return fmt.Errorf("listen on %s (PORT, LISTEN_HOST): %w", cfg.Address(), err)
	}
	defer func() { _ = listener.Close() }() // the server closes it first
	file, err := store.Open(ctx, filepath.Join(cfg.DataDir, "maitre.db"), store.Options{
		Slug: restaurant.Slug, Log: log, Now: watch.Now,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()

	handler, err := wire(cfg, restaurant, file, watch, log)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	forgotten := file.KeepForgetting(ctx, restaurant.Location, cfg.RetentionDays)
	defer forgotten() // after stop
	defer stop()
	announce(listener, cfg, log)
	return web.Serve(ctx, web.Server(handler, log), listener, log)
}

// gcPercent lets the heap grow to five times what is live before it is cleaned:
// little is live here, a few megabytes, and at Go's own 100 the collector would
// run a hundred times a second under load. GOGC overrides it.
const gcPercent = 400

// wire connects the rooms: who may call, what is said, who decides, where it is kept.
func wire(cfg Config, restaurant *booking.Restaurant, file *store.File, watch booking.Watch, log *slog.Logger) (http.Handler, error) {
	registry := prometheus.NewRegistry()
	metrics := web.NewMetrics(registry, version, revision())
	book := file.Local()
	desk := booking.NewDesk(booking.Config{
		Restaurant: restaurant, Ledger: book, Journal: book, Locks: store.NewDateLocks(), Watch: watch,
		NewID: store.NewIDs(), NewCode: store.NewCode, Count: metrics.Booking,
	})
	phones, err := phone.New("ES")
	if err != nil {
		return nil, err
	}
	words := catalogue.New(restaurant)
	profile := vapi.Profile{House: desk, Words: words, PublicURL: cfg.PublicURL, CredentialID: cfg.VAPICredentialID}
	if _, err := profile.Saved(); err != nil {
		return nil, &usageError{fmt.Errorf("restaurant file: VAPI would refuse the assistant: %w", err)}
	}
	calls := vapi.New(vapi.Config{
		Desk: desk, Speaker: answer.New(words, desk.Now), Reader: phrase.New(phrase.HouseOf(desk)), Phones: phones,
		Replay: webhook.NewReplay(file), Memory: file, Log: log, Profile: profile,
	})
	auth, err := webhook.NewVAPIAuth(webhook.VAPIConfig{
		Mode: cfg.VAPIAuth, Secrets: cfg.VAPISecrets.Reveal(), RequireTimestamp: cfg.VAPIRequireTimestamp, Now: time.Now,
	})
	if err != nil {
		return nil, err
	}
	clientIP := func(r *http.Request) string { return web.ClientIP(r, cfg.OnFly).String() }
	return web.New(web.Config{
		Log: log, Metrics: metrics, Restaurant: restaurant, Desk: desk, Bookings: book,
		VAPI: webhook.Guard(webhook.GuardConfig{
			Source: "vapi", Auth: auth, Metrics: webhook.NewMetrics(registry), Log: log, ClientIP: clientIP,
		}, calls.ServeVAPI),
		Ready:      func(ctx context.Context) []web.Check { return ready(ctx, file) },
		AdminToken: cfg.AdminToken.Reveal(), PublicURL: cfg.PublicURL, OnFly: cfg.OnFly,
		PhoneConnected: len(cfg.VAPISecrets) > 0, Version: version,
	}), nil
}

// announce tells a person where to look.
func announce(listener net.Listener, cfg Config, log *slog.Logger) {
	log.Info("maitre is open", "url", "http://"+listener.Addr().String(), "version", version, "data", cfg.DataDir)
	for _, w := range cfg.Warnings {
		log.Warn(w)
	}
	if len(cfg.VAPISecrets) == 0 {
		log.Warn("nobody can phone: /vapi answers 401 to everything until VAPI_WEBHOOK_SECRET is set")
	}
	if cfg.TwilioAccountSID != "" {
		log.Warn("nobody can write: this version does not answer WhatsApp yet; the TWILIO_ variables are read and not used")
	}
	if cfg.AdminToken == "" {
		log.Warn("the staff API is closed until ADMIN_TOKEN is set")
	}
}

func ready(ctx context.Context, file *store.File) []web.Check {
	check := web.Check{Name: "data_file", OK: true}
	if err := file.Probe(ctx); err != nil {
		check.OK, check.Detail = false, "cannot be written; nothing can be booked"
	}
	return []web.Check{check, {Name: "system_of_record", OK: check.OK, Detail: "the data file on this machine"}}
}

func loadRestaurant(cfg Config, log *slog.Logger) (*booking.Restaurant, error) {
	r, err := restaurantfile.Parse("built-in sample", restaurantfile.Sample())
	if cfg.RestaurantFile != "" {
		r, err = restaurantfile.Load(cfg.RestaurantFile)
	}
	if err != nil {
		return nil, &usageError{err}
	}
	warnings, err := r.Check()
	if err != nil {
		return nil, &usageError{fmt.Errorf("restaurant file %s: %w", cfg.RestaurantFile, err)}
	}
	for _, w := range warnings {
		log.Warn("restaurant file: " + w)
	}
	return r, nil
}

func newLogger(cfg Config, w io.Writer) *slog.Logger {
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: cfg.LogLevel}))
	}
	return slog.New(tint.NewTextHandler(w, &tint.Options{Level: cfg.LogLevel, TimeFormat: time.TimeOnly}))
}

// watchFrom returns a clock that shows start now and runs on; the machine's when start is zero.
func watchFrom(start time.Time) booking.Watch {
	if start.IsZero() {
		return ahead(0)
	}
	return ahead(time.Until(start))
}

// ahead is a clock that is ahead of the machine's.
type ahead time.Duration

// Now implements booking.Watch.
func (a ahead) Now() time.Time { return time.Now().Add(time.Duration(a)) }

// understand prints what the desk makes of a text, or of each line of the input.
func understand(args []string, getenv func(string) string, stdin io.Reader, stdout io.Writer) error {
	flags := flag.NewFlagSet("understand", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	now := flags.String("now", "", "")
	lang := flags.String("lang", "", "")
	if err := flags.Parse(args); err != nil {
		return usage("understand [--now RFC3339] [--lang es|en] [TEXT]: %w", err)
	}
	at := time.Now()
	if *now != "" {
		var err error
		if at, err = time.Parse(time.RFC3339, *now); err != nil {
			return usage("--now %q: want RFC 3339, such as 2026-11-23T13:00:00+01:00", *now)
		}
	}
	if *lang != "" && *lang != "es" && *lang != "en" {
		return usage("--lang %q: want es or en", *lang)
	}
	restaurant, err := loadRestaurant(Config{RestaurantFile: getenv("RESTAURANT_FILE")}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	understands := phrase.New(phrase.HouseOf(booking.NewDesk(booking.Config{Restaurant: restaurant})))
	lines := bufio.NewScanner(stdin)
	lines.Buffer(nil, 1<<20)
	if flags.NArg() > 0 {
		lines = bufio.NewScanner(strings.NewReader(strings.Join(flags.Args(), " ")))
	}
	out := json.NewEncoder(stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		if err := out.Encode(understands.Understand(lines.Text(), at, booking.Lang(*lang))); err != nil {
			return err
		}
	}
	return lines.Err()
}

// sign prints the headers that make a body a validly signed request.
func sign(args []string, getenv func(string) string, stdin io.Reader, stdout io.Writer) error {
	const want = "sign vapi|twilio [--url URL] [FILE]"
	if len(args) == 0 {
		return usage(want)
	}
	flags := flag.NewFlagSet("sign", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	address := flags.String("url", "", "")
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() > 1 {
		return usage(want)
	}
	cfg, err := readConfig(getenv)
	if err != nil {
		return &usageError{err}
	}
	if flags.NArg() == 1 {
		file, err := os.Open(flags.Arg(0))
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }() // only read
		stdin = file
	}
	body, err := io.ReadAll(io.LimitReader(stdin, webhook.DefaultMaxBody+1))
	if err != nil {
		return fmt.Errorf("read the body to sign: %w", err)
	}
	headers, err := signed(args[0], cfg, cmp.Or(*address, cfg.PublicURL+"/whatsapp"), body)
	if err != nil {
		return err
	}
	for _, h := range headers {
		_, _ = fmt.Fprintf(stdout, "%s: %s\n", h.Name, h.Value)
	}
	return nil
}

func signed(source string, cfg Config, address string, body []byte) ([]webhook.Header, error) {
	switch source {
	case "vapi":
		if len(cfg.VAPISecrets) == 0 {
			return nil, usage("VAPI_WEBHOOK_SECRET is not set; make run writes one into .env")
		}
		return webhook.SignVAPI(cfg.VAPIAuth, cfg.VAPISecrets.Reveal()[0], body, time.Now()), nil
	case "twilio":
		if len(cfg.TwilioAuthTokens) == 0 {
			return nil, usage("TWILIO_AUTH_TOKEN is not set")
		}
		return webhook.SignTwilio(cfg.TwilioAuthTokens.Reveal()[0], address, body)
	}
	return nil, usage("sign %q: want vapi or twilio", source)
}

// printAssistant prints the assistant as VAPI takes it.
func printAssistant(args []string, getenv func(string) string, stdout io.Writer) error {
	if len(args) != 1 || args[0] != "assistant" {
		return usage("vapi assistant")
	}
	cfg, err := readConfig(getenv)
	if err != nil {
		return &usageError{err}
	}
	restaurant, err := loadRestaurant(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	house := booking.NewDesk(booking.Config{Restaurant: restaurant})
	assistant, err := vapi.Profile{
		House: house, Words: catalogue.New(restaurant), PublicURL: cfg.PublicURL, CredentialID: cfg.VAPICredentialID,
	}.Saved()
	if err != nil {
		return err
	}
	printed, err := assistant.JSON()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%s\n", bytes.TrimSpace(printed))
	return err
}

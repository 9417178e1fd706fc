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
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	_ "time/tzdata" // a machine without zone files must not change what nine o'clock is

	"github.com/lmittmann/tint"
	"github.com/prometheus/client_golang/prometheus"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/letters"
	"maitre/booking/phrase"
	"maitre/retry"
	"maitre/store"
	"maitre/store/airtable"
	"maitre/store/airtable/book"
	"maitre/store/airtable/mapping"
	"maitre/store/airtable/setup"
	"maitre/store/restaurantfile"
	"maitre/web"
	"maitre/web/remote"
	"maitre/webhook"
	"maitre/webhook/answer"
	"maitre/webhook/phone"
	"maitre/webhook/vapi"
	"maitre/webhook/whatsapp"
	"maitre/webhook/whatsapp/twilio"
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
  maitre check                whether the desk can work: configuration, Airtable, Twilio
  maitre airtable init        add what the Airtable base lacks (--dry-run, --yes)
  maitre journal              bookings that are not in the book yet: list, show ID,
                              retry ID|all, settle ID --why TEXT
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
	case "check":
		return check(ctx, args, getenv, stdout)
	case "airtable":
		return furnish(ctx, args, getenv, stdin, stdout)
	case "journal":
		return journal(ctx, args, getenv, stdout)
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
	if getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	log := newLogger(cfg, stderr)
	giveStaffPassword(&cfg, log)
	house, err := loadHouse(cfg, log)
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
		Slug: house.Restaurant.Slug, Log: log, Now: watch.Now, At: dieAt(cfg.DieAt),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()

	p := premises{cfg: cfg, house: house, file: file, watch: watch, registry: prometheus.NewRegistry(), log: log}
	handler, room, err := p.build(ctx)
	if err != nil {
		return err
	}
	defer room.close()
	// What works behind the desk goes on until the last guest has been answered.
	behind, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer room.start(behind)() // waits, after stop
	defer file.KeepForgetting(behind, house.Restaurant.Location, cfg.RetentionDays)()
	defer stop()
	announce(listener, cfg, log)
	return web.Serve(ctx, web.Server(handler, log), listener, log)
}

// dieAt returns what kills the program when it reaches a named point for the
// n-th time ("journal.after_sync:3"), for tests of what is left behind; nil for none.
func dieAt(where string) func(string) {
	if where == "" {
		return nil
	}
	point, times, _ := strings.Cut(where, ":")
	left := atomic.Int64{}
	left.Store(1)
	if n, err := strconv.Atoi(times); err == nil {
		left.Store(int64(n))
	}
	return func(at string) {
		if at == point && left.Add(-1) == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL) // nothing runs after it
		}
	}
}

// premises is what everything is built on.
type premises struct {
	cfg      Config
	house    restaurantfile.File
	file     *store.File
	watch    booking.Watch
	registry *prometheus.Registry
	log      *slog.Logger
}

// postRoom is how messages are sent; without Twilio none are, and none are promised.
type postRoom struct {
	outbox  *store.Outbox
	postman *retry.Postman  // nil: there is no Twilio
	letters *letters.Writer // nil likewise
	words   *catalogue.Catalogue
	link    string // where the staff see the journal
}

func (p premises) postRoom(metrics *retry.Metrics) (*postRoom, error) {
	cfg, rules := p.cfg, p.house.Messages
	sms := allowsSMS(cfg, rules)
	room := &postRoom{outbox: p.file.Outbox(), words: catalogue.New(p.house.Restaurant), link: cfg.PublicURL + "/admin"}
	if cfg.TwilioAccountSID == "" {
		room.words = room.words.Silent()
		return room, nil
	}
	carrier, err := twilioClient(cfg)
	if err != nil {
		return nil, err
	}
	phones, err := phone.New("ES")
	if err != nil {
		return nil, err
	}
	room.letters = &letters.Writer{Words: room.words, Rules: rules, Mobile: phones.Mobile, SMS: sms}
	if !sms && len(rules.Templates) == 0 {
		p.log.Warn("guests who have not written within a day cannot be written to: give [messages.templates], or set TWILIO_SMS_FROM (docs/messages.md)")
	}
	room.postman = retry.NewPostman(room.outbox, carrier, retry.PostmanOptions{
		Template: rules.Template, SMS: sms, Staff: cfg.StaffPhones, Tick: cfg.RetryTick, Log: p.log, Now: p.watch.Now,
		Quiet:    func(now time.Time) (time.Time, bool) { return rules.Quiet(now, p.house.Restaurant.Location) },
		Still:    room.still(p.file.Local(), p.watch),
		Breaker:  retry.NewBreaker("Twilio", retry.BreakerOptions{Changed: noteBreaker(metrics, "Twilio", p.log)}),
		Finished: metrics.Message,
	})
	return room, nil
}

func twilioClient(cfg Config) (*twilio.Client, error) {
	carrier, err := twilio.New(twilio.Config{
		AccountSID: cfg.TwilioAccountSID, Token: twilio.Token(cfg.TwilioAuthTokens.Reveal()[0]),
		WhatsApp: cfg.TwilioWhatsApp, SMS: cfg.TwilioSMS, StatusCallback: cfg.PublicURL + "/whatsapp/status", Endpoint: cfg.TwilioURL,
	})
	if err != nil {
		return nil, &usageError{err}
	}
	return carrier, nil
}

// sends tells whether messages are sent.
func (r *postRoom) sends() bool { return r.postman != nil }

func (r *postRoom) wake() {
	if r.postman != nil {
		r.postman.Wake()
	}
}

// spoken makes the messages that are owed; nil where none can be sent.
func (r *postRoom) spoken() retry.Words {
	if !r.sends() {
		return nil
	}
	return retry.Spoken{Words: r.words, Link: r.link}
}

// Stop and Start keep who wants no messages.
func (r *postRoom) Stop(ctx context.Context, phone booking.Phone) error {
	return r.outbox.OptOut(ctx, phone, true)
}

// Start undoes Stop.
func (r *postRoom) Start(ctx context.Context, phone booking.Phone) error {
	return r.outbox.OptOut(ctx, phone, false)
}

// Here is wired what is written to guests and staff without their asking:
// reminders, offers to those who wait, calls for a person.

// still tells the postman whether a message about a booking tells what is so.
func (r *postRoom) still(book *store.Local, watch booking.Watch) func(context.Context, booking.Owed) (bool, error) {
	return func(ctx context.Context, o booking.Owed) (bool, error) {
		if o.Booking == "" || o.Kind == booking.MessageAlert {
			return true, nil
		}
		b, err := book.ByID(ctx, o.Booking)
		switch {
		case errors.Is(err, booking.ErrNotFound):
			return false, nil // the staff took it out of the book
		case err != nil:
			return false, err
		}
		return r.letters.Still(o.Message, b, watch.Now()), nil
	}
}

// writes returns what guests are written of decisions; nil where nothing can be sent.
func (r *postRoom) writes() booking.Letters {
	if !r.sends() {
		return nil
	}
	return r.letters
}

// reminders returns what reminds guests of tomorrow.
func (p premises) reminders(room *backRoom, post *postRoom) *retry.Reminders {
	house, rules := p.house.Restaurant, p.house.Messages
	return retry.NewReminders(retry.RemindersConfig{
		Ledger: room.ledger, Outbox: post.outbox, Reminder: post.letters.Reminder, Location: house.Location,
		Due:   func(date booking.Date) time.Time { return rules.ReminderDue(date, house.Location) },
		Watch: p.watch, Told: post.wake, Log: p.log,
	})
}

// callStaff has a person call a guest; nil where nobody could be told.
func (p premises) callStaff(post *postRoom) whatsapp.Escalate {
	if !post.sends() || len(p.cfg.StaffPhones) == 0 {
		return nil
	}
	return whatsapp.StaffAlert{Outbox: post.outbox, Words: post.words, Staff: p.cfg.StaffPhones, Told: post.wake}
}

// allowsSMS tells whether messages may go by SMS.
func allowsSMS(cfg Config, rules booking.Correspondence) bool {
	return cfg.TwilioSMS != "" && !rules.NoSMS
}

// hold is how long a table is held for a party of the waitlist; zero: there is none.
func (r *postRoom) hold() time.Duration {
	if !r.sends() {
		return 0
	}
	return r.letters.Hold()
}

// usher returns who offers free tables to those who wait.
func (p premises) usher(room *backRoom) *retry.Usher {
	house, rules := p.house.Restaurant, p.house.Messages
	return retry.NewUsher(retry.UsherConfig{
		Desk: room.desk, Dates: p.file.Waitlist().Dates, Ready: room.takes, Watch: p.watch, Tick: p.cfg.RetryTick, Log: p.log,
		Quiet: func(now time.Time) bool { _, quiet := rules.Quiet(now, house.Location); return quiet },
	})
}

// backRoom is what stands behind the desk: where the book is kept, and who works
// on it while guests talk.
type backRoom struct {
	desk    *booking.Desk
	takes   func() bool // whether the book takes bookings now; nil: always
	ledger  booking.Ledger
	journal booking.Journal
	answers booking.Answers // may be nil
	waiting web.Journal     // may be nil
	ping    webhook.Next    // Airtable's; nil: there is none
	secret  func() []byte   // of those
	meet    func(*booking.Desk)
	ready   func(context.Context) []web.Check
	workers []func(context.Context)
	closers []func()
}

// start lets the workers work until ctx ends; what it returns waits for them.
func (r *backRoom) start(ctx context.Context) (wait func()) {
	var all sync.WaitGroup
	for _, work := range r.workers {
		all.Go(func() { work(ctx) })
	}
	return all.Wait
}

func (r *backRoom) close() {
	for _, c := range slices.Backward(r.closers) {
		c()
	}
}

// build builds the rooms, from the back to the door.
func (p premises) build(ctx context.Context) (http.Handler, *backRoom, error) {
	metrics := retry.NewMetrics(p.registry)
	post, err := p.postRoom(metrics)
	if err != nil {
		return nil, nil, err
	}
	room, err := p.backRoom(ctx, post, metrics)
	if err != nil {
		return nil, nil, err
	}
	if post.postman != nil {
		room.workers = append(room.workers, post.postman.Run, p.reminders(room, post).Run)
	}
	handler, err := p.wire(room, post)
	if err != nil {
		room.close()
		return nil, nil, err
	}
	return handler, room, nil
}

func (p premises) backRoom(ctx context.Context, post *postRoom, metrics *retry.Metrics) (*backRoom, error) {
	mirror := p.file.Mirror()
	rebound, err := mirror.Bind(ctx, p.cfg.AirtableBaseID, p.watch.Now())
	if err != nil {
		return nil, err
	}
	if rebound.Changed {
		p.log.Info("the book is kept elsewhere from now on", "from", cmp.Or(rebound.From, "the data file"), "to", cmp.Or(rebound.To, "the data file"),
			"to_be_written", rebound.Queued, "removed", rebound.Removed)
	}
	if p.cfg.LocalMode() {
		local := p.file.Local()
		return &backRoom{
			ledger: local, journal: local, meet: func(*booking.Desk) {},
			ready: func(context.Context) []web.Check {
				return []web.Check{{Name: "system_of_record", OK: true, Detail: "the data file on this machine"}}
			},
		}, nil
	}
	return p.airtableRoom(ctx, mirror, post, metrics)
}

// airtableRoom keeps the book in the staff's base, with the data file as its
// mirror and journal.
func (p premises) airtableRoom(ctx context.Context, mirror *store.Mirror, post *postRoom, metrics *retry.Metrics) (*backRoom, error) {
	cfg, house, watch, registry, log := p.cfg, p.house, p.watch, p.registry, p.log
	client, mapper, err := airtableClient(cfg, house, airtable.Config{Cautious: true, Registerer: registry, Log: log})
	if err != nil {
		return nil, err
	}
	breaker := retry.NewBreaker("Airtable", retry.BreakerOptions{After: 3, Changed: noteBreaker(metrics, "Airtable", log)})
	staffBook, err := book.New(ctx, book.Config{
		Client: client, Mapper: mapper, House: house.Restaurant, Mirror: mirror, NotifyURL: notifyURL(cfg),
		Allow: breaker.Allow, Report: func(t *booking.Trouble) { breaker.Report(retry.ResultOf(t)) },
		Poll: cfg.AirtablePoll, MaxAge: cfg.AirtableMaxAge, Patience: cfg.ReplyBudget / 2, Now: watch.Now, Registerer: registry, Log: log,
	})
	if err != nil {
		client.Close()
		return nil, err
	}
	journal := p.file.Journal()
	staff := cfg.StaffPhones
	if !post.sends() {
		staff = nil
	}
	alarm := retry.NewAlarm(retry.AlarmConfig{
		Journal: journal, Outbox: post.outbox, Notebook: mirror, Words: retry.Spoken{Words: post.words, Link: post.link}, Staff: staff,
		Watch: watch, Told: post.wake, Log: log,
	})
	worker := retry.New(retry.Config{
		Journal: journal, Record: staffBook, Breaker: breaker, Words: post.spoken(), Owed: post.wake, Ears: alarm, Changed: staffBook.Touch,
		Watch: watch, Tick: cfg.RetryTick, MaxAttempts: cfg.RetryMaxAttempts, Log: log, Metrics: metrics,
	})
	worker.Watched(registry)
	return &backRoom{
		ledger: staffBook, journal: staffBook.Noting(worker), answers: staffBook, waiting: worker,
		ping: webhook.AirtablePing(staffBook.Pinged), secret: staffBook.Secret,
		meet:    func(d *booking.Desk) { worker.SetDesk(d) },
		takes:   func() bool { return breaker.State() == retry.Closed },
		ready:   func(ctx context.Context) []web.Check { return airtableReady(ctx, worker, breaker, staffBook) },
		workers: []func(context.Context){staffBook.Run, worker.Run, func(ctx context.Context) { alarm.Run(ctx, cfg.RetryTick) }},
		closers: []func(){client.Close, staffBook.Close},
	}, nil
}

// airtableClient returns what speaks with the base, and what its rows mean.
func airtableClient(cfg Config, house restaurantfile.File, c airtable.Config) (*airtable.Client, *mapping.Mapper, error) {
	phones, err := phone.New("ES")
	if err != nil {
		return nil, nil, err
	}
	c.Endpoint, c.Token, c.BaseID = cfg.AirtableURL, airtable.Token(cfg.AirtableAPIKey.Reveal()), cfg.AirtableBaseID
	c.Timeout = airtablePatience
	client, err := airtable.New(c)
	if err != nil {
		return nil, nil, &usageError{err}
	}
	names := house.Airtable
	names.BookingsTable, names.TablesTable = cfg.AirtableBookings, cfg.AirtableTablesName
	return client, mapping.New(names, house.Restaurant, phones), nil
}

// airtablePatience is how long one request to Airtable may take. It answers within
// a second; while one hangs, no other write goes.
const airtablePatience = 10 * time.Second

// notifyURL is where Airtable tells us of changes; empty where it cannot reach us.
func notifyURL(cfg Config) string {
	if !strings.HasPrefix(cfg.PublicURL, "https://") {
		return ""
	}
	return cfg.PublicURL + "/airtable"
}

func noteBreaker(metrics *retry.Metrics, dependency string, log *slog.Logger) func(retry.State) {
	gauge := metrics.BreakerChanged(dependency)
	return func(s retry.State) {
		gauge(s)
		switch s {
		case retry.Open:
			log.Warn("does not answer; nobody waits for it", "dependency", dependency)
		case retry.Closed:
			log.Info("answers again", "dependency", dependency)
		case retry.HalfOpen:
		}
	}
}

// airtableReady tells how Airtable and the journal are doing. Neither makes the
// desk unready: it works without them.
func airtableReady(ctx context.Context, worker *retry.Worker, breaker *retry.Breaker, staffBook *book.Book) []web.Check {
	record := web.Check{Name: "system_of_record", OK: breaker.State() == retry.Closed, Optional: true, Detail: "Airtable"}
	if !record.OK {
		record.Detail = "Airtable does not answer; bookings are taken and wait"
	} else if why := staffBook.Trouble(); why != "" {
		record.OK, record.Detail = false, why
	}
	waits := web.Check{Name: "journal", OK: true, Optional: true}
	depth, err := worker.Journal.Depth(ctx)
	switch {
	case err != nil:
		waits.OK, waits.Detail = false, "cannot be read"
	case depth.Pending+depth.Parked > 0:
		waits.OK = depth.Parked == 0
		waits.Detail = fmt.Sprintf("%d pending, %d need a person", depth.Pending, depth.Parked)
		if !depth.Oldest.IsZero() {
			waits.Detail += fmt.Sprintf("; the oldest has waited %s", worker.Watch.Now().Sub(depth.Oldest).Round(time.Second))
		}
	}
	return []web.Check{{Name: "worker", OK: worker.Alive()}, record, waits}
}

// gcPercent lets the heap grow to five times what is live before it is cleaned:
// little is live here, a few megabytes, and at Go's own 100 the collector would
// run a hundred times a second under load. GOGC overrides it.
const gcPercent = 400

// wire connects the rooms: who may call, what is said, who decides, where it is kept.
func (p premises) wire(room *backRoom, post *postRoom) (http.Handler, error) {
	cfg, restaurant, file, log := p.cfg, p.house.Restaurant, p.file, p.log
	metrics := web.NewMetrics(p.registry, version, revision())
	var usher *retry.Usher // set before anybody decides
	desk := booking.NewDesk(booking.Config{
		Restaurant: restaurant, Ledger: room.ledger, Journal: room.journal, Answers: room.answers, Letters: post.writes(), Locks: store.NewDateLocks(), Watch: p.watch,
		Patience: cfg.ReplyBudget, NewID: store.NewIDs(), NewCode: store.NewCode, Count: metrics.Booking,
		Waitlist: file.Waitlist(), Hold: post.hold(),
		Decided: func(e booking.Entry) {
			if len(e.Owed) > 0 {
				post.wake()
			}
			if usher != nil {
				usher.Kick()
			}
		},
	})
	room.desk = desk
	if desk.KeepsWaitlist() {
		usher = p.usher(room)
		room.workers = append(room.workers, usher.Run)
	}
	room.meet(desk)
	phones, err := phone.New("ES")
	if err != nil {
		return nil, err
	}
	words := post.words
	profile := vapi.Profile{House: desk, Words: words, PublicURL: cfg.PublicURL, CredentialID: cfg.VAPICredentialID, Waitlist: desk.KeepsWaitlist()}
	if _, err := profile.Saved(); err != nil {
		return nil, &usageError{fmt.Errorf("restaurant file: VAPI would refuse the assistant: %w", err)}
	}
	reader, replay := phrase.New(phrase.HouseOf(desk)), webhook.NewReplay(file)
	calls := vapi.New(vapi.Config{
		Desk: desk, Speaker: answer.New(words, desk.Now), Reader: reader, Phones: phones, Replay: replay, Log: log, Profile: profile,
	})
	chats := whatsapp.New(whatsapp.Config{
		Desk: desk, Words: words, Reader: reader, Phones: phones, Replay: replay, Dialogues: file.Dialogues(), OptOut: post, Escalate: p.callStaff(post),
		Heard: post.outbox.HeardFrom, AccountSID: cfg.TwilioAccountSID, Now: desk.Now, Log: log,
	})
	auth, err := webhook.NewVAPIAuth(webhook.VAPIConfig{
		Mode: cfg.VAPIAuth, Secrets: cfg.VAPISecrets.Reveal(), RequireTimestamp: cfg.VAPIRequireTimestamp, Now: time.Now,
	})
	if err != nil {
		return nil, err
	}
	signed, err := webhook.NewTwilioAuth(webhook.TwilioConfig{
		Tokens: cfg.TwilioAuthTokens.Reveal(), PublicURL: cfg.PublicURL, AccountSID: cfg.TwilioAccountSID,
	})
	if err != nil {
		return nil, &usageError{err}
	}
	doors := webhook.NewMetrics(p.registry)
	door := func(source string, auth webhook.Authenticator, next webhook.Next) http.Handler {
		return webhook.Guard(webhook.GuardConfig{
			Source: source, Auth: auth, Metrics: doors, Log: log,
			ClientIP: func(r *http.Request) string { return web.ClientIP(r, cfg.OnFly).String() },
		}, next)
	}
	var ping http.Handler
	if room.ping != nil {
		ping = door("airtable", webhook.NewAirtableAuth(room.secret), room.ping)
	}
	return web.New(web.Config{
		Log: log, Metrics: metrics, Restaurant: restaurant, Desk: desk, Words: words, Phones: phones, Replay: replay, Journal: room.waiting, Messages: post.outbox, AirtablePing: ping,
		Bookings: struct {
			booking.Ledger
			booking.Journal
		}{room.ledger, room.journal},
		VAPI:           door("vapi", auth, calls.ServeVAPI),
		WhatsApp:       door("twilio", signed, chats.ServeWhatsApp),
		WhatsAppStatus: door("twilio", signed, twilio.Status(post.outbox, post.wake, log)),
		Ready:          func(ctx context.Context) []web.Check { return append(ready(ctx, file), room.ready(ctx)...) },
		AdminPassword:  cfg.AdminPassword.Reveal(), AdminToken: cfg.AdminToken.Reveal(), PublicURL: cfg.PublicURL, OnFly: cfg.OnFly,
		PhoneConnected: len(cfg.VAPISecrets) > 0, Airtable: !cfg.LocalMode(), Version: version,
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
	if len(cfg.TwilioAuthTokens) == 0 {
		log.Warn("nobody can write: /whatsapp answers 401 to everything until TWILIO_AUTH_TOKEN is set")
	}
	if cfg.TwilioAccountSID == "" {
		log.Warn("nothing can be sent, to guests or staff, until TWILIO_ACCOUNT_SID and TWILIO_WHATSAPP_FROM are set")
	} else if len(cfg.StaffPhones) == 0 {
		log.Warn("nobody is told when a booking waits: set STAFF_PHONE")
	}
	if cfg.AdminToken == "" {
		log.Warn("maitre journal cannot speak with this desk until ADMIN_TOKEN is set; the staff's pages can")
	}
}

func ready(ctx context.Context, file *store.File) []web.Check {
	check := web.Check{Name: "data_file", OK: true}
	if err := file.Probe(ctx); err != nil {
		check.OK, check.Detail = false, "cannot be written; nothing can be booked"
	}
	return []web.Check{check}
}

func loadRestaurant(cfg Config, log *slog.Logger) (*booking.Restaurant, error) {
	house, err := loadHouse(cfg, log)
	return house.Restaurant, err
}

func loadHouse(cfg Config, log *slog.Logger) (restaurantfile.File, error) {
	house, err := restaurantfile.LoadFile(cfg.RestaurantFile)
	if err != nil {
		return house, &usageError{err}
	}
	warnings, err := house.Restaurant.Check()
	if err != nil {
		return house, &usageError{fmt.Errorf("restaurant file %s: %w", cfg.RestaurantFile, err)}
	}
	for _, w := range warnings {
		log.Warn("restaurant file: " + w)
	}
	return house, nil
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

// errCannotWork is returned by check when something must be mended first.
var errCannotWork = errors.New("the desk cannot work like this: mend what is marked wrong")

// check prints a line for each thing that the desk needs. Where all is well and a
// desk is open, what waits for a mended cause goes on.
func check(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	if len(args) > 0 {
		return usage("check")
	}
	cfg, err := readConfig(getenv)
	if err != nil {
		return &usageError{err}
	}
	_, _ = fmt.Fprintln(stdout, "ok: the configuration")
	log := slog.New(tint.NewTextHandler(stdout, &tint.Options{Level: slog.LevelWarn, NoColor: true, ReplaceAttr: asNote}))
	house, err := loadHouse(cfg, log)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(stdout, "ok: the restaurant file of %s\n", house.Restaurant.Name)
	well := true
	if cfg.LocalMode() {
		_, _ = fmt.Fprintln(stdout, "ok: local mode: the data file keeps the book (AIRTABLE_API_KEY is not set)")
	} else {
		s, done, err := setupOf(cfg, house)
		if err != nil {
			return err
		}
		defer done()
		if well, err = s.Check(ctx, stdout); err != nil {
			return err
		}
	}
	if well = checkTwilio(ctx, cfg, stdout) && well; !well {
		return errCannotWork
	}
	if cfg.AdminToken != "" && !cfg.LocalMode() {
		goOn(ctx, cfg, stdout)
	}
	return nil
}

// asNote makes a warning of the restaurant file a line like the others.
func asNote(_ []string, a slog.Attr) slog.Attr {
	switch a.Key {
	case slog.TimeKey:
		return slog.Attr{}
	case slog.LevelKey:
		return slog.String(slog.LevelKey, "note:")
	}
	return a
}

// checkTwilio asks Twilio for its account; false: messages cannot be sent.
func checkTwilio(ctx context.Context, cfg Config, stdout io.Writer) bool {
	if cfg.TwilioAccountSID == "" {
		_, _ = fmt.Fprintln(stdout, "note: Twilio is not set up: nothing can be sent to guests or staff; set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_WHATSAPP_FROM")
		return true
	}
	carrier, err := twilioClient(cfg)
	if err == nil {
		var name string
		if name, err = carrier.Account(ctx); err == nil {
			_, _ = fmt.Fprintf(stdout, "ok: the Twilio account %q\n", name)
			return true
		}
	}
	_, _ = fmt.Fprintf(stdout, "wrong: Twilio: %v\n", err)
	return false
}

// goOn has the desk that is open, if there is one, attempt again what waited for
// something to be mended.
func goOn(ctx context.Context, cfg Config, stdout io.Writer) {
	// What waits goes at the pace that Airtable allows, as soon as what was asked
	// here does not count any more.
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
	}
	staff, err := remote.New(cfg.Address(), cfg.AdminToken.Reveal())
	if err != nil {
		return
	}
	if n, err := staff.Retry(ctx, "mended"); err == nil && n > 0 {
		_, _ = fmt.Fprintf(stdout, "ok: bookings that waited for this and go on now: %d\n", n)
	}
}

// checkPace leaves room for a desk that works on the same base.
const checkPace = 2

func setupOf(cfg Config, house restaurantfile.File) (setup.Setup, func(), error) {
	client, mapper, err := airtableClient(cfg, house, airtable.Config{Pace: checkPace})
	if err != nil {
		return setup.Setup{}, nil, err
	}
	return setup.Setup{
		Base: client, Endpoint: cfg.AirtableURL, BaseID: cfg.AirtableBaseID, Mapper: mapper, House: house.Restaurant,
		Now: watchFrom(cfg.Now).Now(),
	}, client.Close, nil
}

// furnish adds what the Airtable base lacks.
func furnish(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout io.Writer) error {
	const want = "airtable init [--dry-run] [--yes]"
	if len(args) == 0 || args[0] != "init" {
		return usage(want)
	}
	var how setup.How
	flags := flag.NewFlagSet("init", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&how.DryRun, "dry-run", false, "")
	flags.BoolVar(&how.Yes, "yes", false, "")
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() > 0 {
		return usage(want)
	}
	cfg, err := readConfig(getenv)
	if err != nil {
		return &usageError{err}
	}
	if cfg.LocalMode() {
		return usage("airtable init: AIRTABLE_API_KEY and AIRTABLE_BASE_ID are not set: there is no base to furnish (docs/airtable.md)")
	}
	house, err := loadHouse(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	s, done, err := setupOf(cfg, house)
	if err != nil {
		return err
	}
	defer done()
	return s.Init(ctx, stdin, stdout, how)
}

// journal speaks with the desk that is open about what is not in the book yet.
func journal(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	cfg, err := readConfig(getenv)
	if err != nil {
		return &usageError{err}
	}
	staff, err := remote.New(cfg.Address(), cfg.AdminToken.Reveal())
	if err != nil {
		return &usageError{err}
	}
	if err := staff.Journal(ctx, args, stdout); errors.Is(err, remote.ErrUsage) {
		return &usageError{err}
	} else if err != nil {
		return err
	}
	return nil
}

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
	file, err := loadHouse(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	house, words := booking.NewDesk(booking.Config{Restaurant: file.Restaurant}), catalogue.New(file.Restaurant)
	writes := letters.Writer{Words: words, Rules: file.Messages, SMS: allowsSMS(cfg, file.Messages)}
	assistant, err := vapi.Profile{
		House: house, Words: words, PublicURL: cfg.PublicURL, CredentialID: cfg.VAPICredentialID,
		Waitlist: cfg.TwilioAccountSID != "" && writes.Hold() > 0,
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

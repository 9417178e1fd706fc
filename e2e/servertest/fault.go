package servertest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Op names what a request asks for; faults and counters go by it.
type Op string

// Fault is something that goes wrong, and with which requests. It stays until
// its Times are used up or it is lifted. Of several that fit, the oldest acts.
type Fault struct {
	// ID numbers the faults from 1, and Hits is how many requests it has hit; Inject
	// sets both.
	ID   int `json:"id,omitempty"`
	Hits int `json:"hits"`

	// Ops are the operations it hits; none is every one.
	Ops []Op `json:"ops,omitempty"`
	// Table is the name or ID of the table of Airtable that it hits; empty is every one.
	Table string `json:"table,omitempty"`
	// To is the receiver of Twilio that it hits, as the request has it: "+34612345678"
	// by SMS, "whatsapp:+34612345678" by WhatsApp, "whatsapp:" all of WhatsApp. Empty
	// is every one.
	To string `json:"to,omitempty"`
	// Skip lets so many requests through first.
	Skip int `json:"skip,omitempty"`
	// Times is how many requests it hits; 0 is all until it is lifted.
	Times int `json:"times,omitempty"`
	// Probability hits by chance, drawn from the server's seed; 0 is always.
	Probability float64 `json:"probability,omitempty"`

	// After lets the request take effect first, so that what follows hits the
	// answer: a write that took place and whose outcome nobody is told.
	After bool `json:"after,omitempty"`
	// Callback takes the message, of Twilio, and fails it later with this code.
	Callback int `json:"callback,omitempty"`
	// Latency is waited for in real time. Alone, Airtable then answers the request,
	// and Twilio refuses it with 500.
	Latency Duration `json:"latency,omitempty"`
	// Drop closes the connection without an answer.
	Drop bool `json:"drop,omitempty"`
	// Hang never answers, until the client gives up or the server closes.
	Hang bool `json:"hang,omitempty"`
	// Code is Twilio's; without a Status it comes with 429 for 20429, 401 for
	// 20003 and else 400.
	Code int `json:"code,omitempty"`
	// Status answers with it, and with Body or else the body that the service sends
	// with that status.
	Status int `json:"status,omitempty"`
	// RetryAfter goes into the header of that name.
	RetryAfter string `json:"retry_after,omitempty"`
	// HTML sends the page of a gateway in place of JSON; Twilio without a Status, with 502.
	HTML bool   `json:"html,omitempty"`
	Body string `json:"body,omitempty"` // of Airtable
	// Late lets a request of Airtable take effect so much later, in real time, and
	// nobody is told what came of it: the client is told at once what the fault says,
	// or nothing (Drop) where it says nothing.
	Late Duration `json:"late,omitempty"`
	// Do is called by the request of Airtable that is hit, which waits for it: before
	// it takes effect or, with After, between that and the answer. It may ask the
	// server for anything.
	Do func() `json:"-"`
}

// Answered reports whether the client is told something else than what the
// request came to.
func (f *Fault) Answered() bool { return f.Drop || f.Hang || f.Status != 0 }

// Hold waits as long as the fault says, and reports whether an answer is to follow.
func (f *Fault) Hold(client, server context.Context) bool {
	Wait(client, server, time.Duration(f.Latency))
	if f.Hang {
		select {
		case <-client.Done():
		case <-server.Done():
		}
	}
	return !f.Hang && !f.Drop
}

// Wait lets real time pass, until the client or the server gives up.
func Wait(client, server context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-client.Done():
	case <-server.Done():
	}
}

// GatewayPage returns the page that a gateway sends with a status.
func GatewayPage(status int) string {
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title + "</h1></center>\r\n" +
		"<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
}

// Duration is a time.Duration that JSON writes as "1.5s".
type Duration time.Duration

// MarshalJSON writes "1.5s".
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(d).String()) }

// UnmarshalJSON reads "1.5s".
func (d *Duration) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("read duration: it is text such as \"1.5s\": %w", err)
	}
	parsed, err := time.ParseDuration(s)
	if err != nil {
		return fmt.Errorf("read duration: %w", err)
	}
	*d = Duration(parsed)
	return nil
}

// Injector has the faults in force. It is safe for concurrent use.
type Injector struct {
	mu      sync.Mutex
	inForce []*injected
	last    int // ID
	chance  *rand.Rand
}

type injected struct {
	Fault
	seen int // requests that it fits
}

// NewInjector returns one without faults; chances are the same for the same seed.
func NewInjector(seed uint64) *Injector {
	return &Injector{chance: rand.New(rand.NewPCG(seed, 1))}
}

// Inject puts a fault in force. lift takes it away again, and returns how many
// requests it has hit.
func (in *Injector) Inject(f Fault) (lift func() int) {
	i := in.inject(f)
	return func() int {
		in.mu.Lock()
		defer in.mu.Unlock()
		in.lift(i)
		return i.Hits
	}
}

func (in *Injector) inject(f Fault) *injected {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.last++
	f.ID, f.Hits = in.last, 0
	f.Drop = f.Drop || f.Late > 0 && !f.Answered()
	i := &injected{Fault: f}
	in.inForce = append(in.inForce, i)
	return i
}

func (in *Injector) lift(i *injected) {
	in.inForce = slices.DeleteFunc(in.inForce, func(x *injected) bool { return x == i })
}

// LiftFaults takes every fault away.
func (in *Injector) LiftFaults() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.inForce = nil
}

// Faults returns those in force, oldest first.
func (in *Injector) Faults() []Fault {
	in.mu.Lock()
	defer in.mu.Unlock()
	out := make([]Fault, 0, len(in.inForce))
	for _, i := range in.inForce {
		out = append(out, i.Fault)
	}
	return out
}

// Hit returns a copy of the fault that hits a request, or nil. fits reports
// whether a fault means whom the request asks for.
func (in *Injector) Hit(op Op, fits func(*Fault) bool) *Fault {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, i := range in.inForce {
		if len(i.Ops) > 0 && !slices.Contains(i.Ops, op) || !fits(&i.Fault) {
			continue
		}
		if i.seen++; i.seen <= i.Skip {
			continue
		}
		if i.Probability > 0 && in.chance.Float64() >= i.Probability {
			continue
		}
		if i.Hits++; i.Times > 0 && i.Hits >= i.Times {
			in.lift(i)
		}
		hit := i.Fault
		return &hit
	}
	return nil
}

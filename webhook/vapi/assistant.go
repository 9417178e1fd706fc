package vapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
)

// CredentialPlaceholder is in a saved assistant in place of the ID of VAPI's
// credential for our webhook (Integrations, Server Configuration, Add Custom
// Credential). VAPI refuses an assistant that still has it; without it, its calls
// would come unsigned and be refused.
const CredentialPlaceholder = "REPLACE-WITH-YOUR-CREDENTIAL-ID"

// Limits that VAPI sets.
const (
	maxName    = 40   // characters in an assistant's name
	maxContent = 1000 // characters in a tool's message
)

// answerTime is how long VAPI waits for us, in seconds: its default, given explicitly
// because [actionTime] stays below it.
const answerTime = 20

// Restaurant is what an assistant knows of a restaurant; *booking.Desk implements it.
type Restaurant interface {
	Restaurant() *booking.Restaurant
	Week() [7][]booking.ServiceHours
}

// Profile is what an assistant is made from.
type Profile struct {
	Restaurant Restaurant
	Words      *catalogue.Catalogue
	// PublicURL is how VAPI reaches us, without the path.
	PublicURL string
	// CredentialID is VAPI's ID of the credential with which it signs what it
	// sends us; may be empty.
	CredentialID string
	// Waitlist: the restaurant keeps one, see [booking.Desk.KeepsWaitlist].
	Waitlist bool
}

// Assistant is a VAPI assistant: the fields of CreateAssistantDTO that we set.
type Assistant struct {
	Name               string      `json:"name"`
	FirstMessage       string      `json:"firstMessage"`
	FirstMessageMode   string      `json:"firstMessageMode"`
	Transcriber        transcriber `json:"transcriber"`
	Voice              voice       `json:"voice"`
	Model              model       `json:"model"`
	MaxDurationSeconds int         `json:"maxDurationSeconds"`
	// ServerMessages are those that VAPI sends us; by default it also sends
	// everything that is said.
	ServerMessages []string     `json:"serverMessages"`
	Server         *server      `json:"server,omitempty"`
	ArtifactPlan   artifactPlan `json:"artifactPlan"`
}

type transcriber struct {
	Provider string `json:"provider"`
	Model    string `json:"model"`
	Language string `json:"language"`
}

type voice struct {
	Provider string `json:"provider"`
	VoiceID  string `json:"voiceId"`
}

type model struct {
	Provider    string         `json:"provider"`
	Model       string         `json:"model"`
	Temperature float64        `json:"temperature"`
	Messages    []modelMessage `json:"messages"`
	Tools       []tool         `json:"tools"`
}

type modelMessage struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type server struct {
	URL            string `json:"url"`
	TimeoutSeconds int    `json:"timeoutSeconds"`
	CredentialID   string `json:"credentialId,omitempty"`
}

// artifactPlan says what VAPI keeps of a call. Recording is off, as callers are not
// told of it.
type artifactPlan struct {
	RecordingEnabled bool `json:"recordingEnabled"`
}

// Live returns the assistant for a call that begins now, in the restaurant's zone.
//
// Without a CredentialID it names no server. VAPI then sends the call's tool
// calls where it has just sent the assistant-request, signed in the same way
// (tool, assistant, phone number, organisation: the first that has a URL
// counts), whereas a server of ours without a credential would be called unsigned.
//
// Errors: what VAPI would not take, see [Profile.Saved].
func (p Profile) Live(now time.Time) (Assistant, error) {
	a, err := p.assistant(p.today(now))
	if p.CredentialID != "" {
		a.Server = p.server(p.CredentialID)
	}
	return a, err
}

// Saved returns the assistant to be saved at VAPI. It has no date of its own:
// VAPI fills that in when a call begins. Without a CredentialID it has
// [CredentialPlaceholder].
//
// Errors: a restaurant whose name or texts VAPI would not take.
func (p Profile) Saved() (Assistant, error) {
	a, err := p.assistant(p.todayByVAPI())
	a.Server = p.server(p.CredentialID)
	if p.CredentialID == "" {
		a.Server.CredentialID = CredentialPlaceholder
	}
	return a, err
}

// JSON returns the assistant as VAPI's API takes it, indented.
func (a Assistant) JSON() ([]byte, error) { return encode(a, "  ") }

func (p Profile) server(credential string) *server {
	return &server{URL: strings.TrimSuffix(p.PublicURL, "/") + "/vapi", TimeoutSeconds: answerTime, CredentialID: credential}
}

func (p Profile) assistant(t today) (Assistant, error) {
	restaurant := p.Restaurant.Restaurant()
	lang := p.Words.Language(restaurant.Languages[0])
	prompt, err := p.prompt(lang, t)
	if err != nil {
		return Assistant{}, err
	}
	a := Assistant{
		Name:             shorten(restaurant.Name, maxName),
		FirstMessage:     unliquid(p.Words.Greeting(lang)),
		FirstMessageMode: "assistant-speaks-first",
		Transcriber:      transcriber{Provider: "deepgram", Model: "nova-3", Language: string(lang)},
		Voice:            voice{Provider: "azure", VoiceID: voices[lang]},
		Model: model{
			Provider:    "openai",
			Model:       "gpt-4.1",
			Temperature: 0.2,
			Messages:    []modelMessage{{Role: "system", Content: prompt}},
			Tools:       toolbox(restaurant, p.Words, p.Waitlist),
		},
		MaxDurationSeconds: 600,
		ServerMessages:     []string{toolCalls, statusUpdate, endOfCallReport, hang},
		ArtifactPlan:       artifactPlan{RecordingEnabled: false},
	}
	if len(restaurant.Languages) > 1 {
		a.Transcriber.Language, a.Voice.VoiceID = "multi", "multilingual-auto"
	}
	return a, a.check()
}

// voices speak one language each.
var voices = map[booking.Lang]string{booking.Spanish: "es-ES-ElviraNeural", booking.English: "en-GB-SoniaNeural"}

// check finds what VAPI would refuse.
func (a Assistant) check() error {
	var problems []error
	if a.Name == "" || len([]rune(a.Name)) > maxName {
		problems = append(problems, fmt.Errorf("name %q: VAPI wants 1 to %d characters", a.Name, maxName))
	}
	for _, t := range a.Model.Tools {
		problems = append(problems, t.check())
	}
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("describe assistant: %w", err)
	}
	return nil
}

// assistant answers an assistant-request. It only reads the clock, as VAPI
// hangs up on the caller after 7.5 seconds.
func (h *Handler) assistant(ctx context.Context, m message) []byte {
	a, err := h.cfg.Profile.Live(h.cfg.Desk.Now())
	if err == nil {
		var said []byte
		if said, err = encode(map[string]Assistant{"assistant": a}, ""); err == nil {
			return said
		}
	}
	h.cfg.Log.ErrorContext(ctx, "describe assistant", "call", clip(m.call), "error", err)
	// VAPI says the error to the caller.
	return append(quoted([]byte(`{"error":`), h.cfg.Profile.Words.Failed(h.first)), '}')
}

// encode writes JSON that people can read too, without the escapes for HTML.
func encode(v any, indent string) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode assistant: %w", err)
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}

// shorten cuts a text to so many characters, at a word where there is one.
func shorten(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	cut := string(runes[:most+1])
	if blank := strings.LastIndexByte(cut, ' '); blank > 0 {
		return cut[:blank]
	}
	return string(runes[:most])
}

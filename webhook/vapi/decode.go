package vapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// The messages that are more than acknowledged.
const (
	toolCalls        = "tool-calls"
	assistantRequest = "assistant-request"
	statusUpdate     = "status-update"
	endOfCallReport  = "end-of-call-report"
	hang             = "hang"
)

// message is what we read of a server message. The rest of it (the whole
// assistant, the conversation, secrets of VAPI's own tools) is passed over.
type message struct {
	kind   string
	call   string // the call's ID; empty in a chat
	chat   string // the chat's ID; empty in a call
	caller string // the number of who calls, as VAPI has it; may be withheld
	status string
	reason string // why the call ended
	calls  []toolCall
}

// toolCall is one call of a tool by the assistant's model.
type toolCall struct {
	id, name string
	args     arguments
}

var errTrailing = errors.New("more follows the JSON value")

// decode reads a message in one pass over the body. What is JSON but no message
// gives one without a kind. The result shares no memory with the body.
//
// It is lenient in what a message may look like, for VAPI's own documents and
// traffic differ, and strict in that the whole body must be JSON. Of a key that
// comes twice, the last counts. Nesting is bounded by the decoder.
func decode(body []byte) (message, error) {
	var m message
	w := walk(body)
	defer w.done()
	err := w.fields(func(name []byte) error {
		if string(name) != "message" {
			return w.skip()
		}
		m = message{}
		return m.read(w)
	})
	if err != nil {
		return message{}, fmt.Errorf("decode message: %w", err)
	}
	switch _, err := w.dec.ReadToken(); {
	case err == nil:
		return message{}, fmt.Errorf("decode message: %w", errTrailing)
	case !errors.Is(err, io.EOF):
		return message{}, fmt.Errorf("decode message: %w", err)
	}
	return m, nil
}

func (m *message) read(w walker) error {
	// VAPI sends the calls of one message up to three times over. Only the first
	// list that has any counts: with a second one everything would be done twice.
	var lists [3][]byte
	var customer, caller string
	err := w.fields(func(name []byte) (err error) {
		switch string(name) {
		case "type":
			m.kind, err = w.text()
		case "toolCallList":
			lists[0], err = w.raw()
		case "toolCalls":
			lists[1], err = w.raw()
		case "toolWithToolCallList":
			lists[2], err = w.raw()
		case "call":
			m.call, caller, err = w.party()
		case "chat":
			m.chat, _, err = w.party()
		case "customer":
			customer, err = w.number()
		case "status":
			m.status, err = w.text()
		case "endedReason":
			m.reason, err = w.text()
		default:
			err = w.skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	if m.caller = caller; m.caller == "" {
		m.caller = customer
	}
	if m.kind != toolCalls {
		return nil
	}
	for _, list := range lists {
		if m.calls = readCalls(list); len(m.calls) > 0 {
			break
		}
	}
	return nil
}

// maxListed is how many tool calls of one message are read; a list of more is
// not of a model's making. Of those that are read, [maxCalls] are carried out.
const maxListed = 256

// readCalls reads a list of tool calls out of a body that is known to be JSON.
// An element that is no tool call still counts: VAPI expects an answer for each.
func readCalls(list []byte) []toolCall {
	if len(list) == 0 || list[0] != '[' {
		return nil
	}
	w := walk(list)
	defer w.done()
	if _, err := w.dec.ReadToken(); err != nil {
		return nil
	}
	var calls []toolCall
	for w.dec.PeekKind() != jsontext.KindEndArray && len(calls) < maxListed {
		call, err := readCall(w)
		if err != nil {
			return calls
		}
		calls = append(calls, call)
	}
	return calls
}

// readCall reads {id, function:{name, arguments}}, the same without function,
// and either of them wrapped in {toolCall}. Arguments may go by parameters.
func readCall(w walker) (toolCall, error) {
	var call, wrapped toolCall
	var given [4][]byte // in the order in which they are looked at
	var isWrapped bool
	err := w.fields(func(name []byte) (err error) {
		switch string(name) {
		case "id":
			call.id, err = w.text()
		case "name":
			var flat string
			if flat, err = w.text(); call.name == "" {
				call.name = flat
			}
		case "arguments":
			given[2], err = w.raw()
		case "parameters":
			given[3], err = w.raw()
		case "function":
			err = w.fields(func(name []byte) (err error) {
				switch string(name) {
				case "name":
					call.name, err = w.text()
				case "arguments":
					given[0], err = w.raw()
				case "parameters":
					given[1], err = w.raw()
				default:
					err = w.skip()
				}
				return err
			})
		case "toolCall":
			isWrapped = true
			wrapped, err = readCall(w)
		default:
			err = w.skip()
		}
		return err
	})
	if err != nil {
		return toolCall{}, err
	}
	if isWrapped {
		if wrapped.name == "" { // {"toolCall":{"id":…}}: the name is the tool's
			wrapped.name = call.name
		}
		return wrapped, nil
	}
	for _, raw := range given {
		if args, any := readArguments(raw); any {
			call.args = args
			break
		}
	}
	return call, nil
}

// walker goes through JSON value by value. Every method consumes exactly one.
// It uses jsontext, which is in the standard library from Go 1.27 on: on VAPI's bodies
// it takes less than half the time of encoding/json with a struct, and as long as
// gjson, whose validation does not bound nesting.
type walker struct {
	dec  *jsontext.Decoder
	json []byte
	from *source
}

// source is a decoder and what it reads from, kept for the next message: setting
// one up costs as much as reading a short body.
type source struct {
	dec jsontext.Decoder
	// A bytes.Buffer is read in place, not copied.
	buffer bytes.Buffer
}

var sources = sync.Pool{New: func() any { return new(source) }}

// walk begins at the first value of json; done must be called at the end.
func walk(json []byte) walker {
	from := sources.Get().(*source)
	from.buffer = *bytes.NewBuffer(json)
	from.dec.Reset(&from.buffer, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	return walker{&from.dec, json, from}
}

// done gives the decoder back, with nothing left of what it read.
func (w walker) done() {
	w.from.buffer = bytes.Buffer{}
	w.from.dec.Reset(&w.from.buffer)
	sources.Put(w.from)
}

// fields calls each with every name of an object, which it must not keep; each must
// consume the value that goes with it. A value that is no object is passed over.
func (w walker) fields(each func(name []byte) error) error {
	if w.dec.PeekKind() != jsontext.KindBeginObject {
		return w.skip()
	}
	if _, err := w.dec.ReadToken(); err != nil {
		return err
	}
	for w.dec.PeekKind() != jsontext.KindEndObject {
		name, err := w.dec.ReadValue()
		if err != nil {
			return err
		}
		if err := each(unquoted(name)); err != nil {
			return err
		}
	}
	_, err := w.dec.ReadToken()
	return err
}

// skip passes over a value. Reading it whole is a fifth faster than the decoder's
// own SkipValue, which goes token by token to save memory that is not used here:
// the bytes are in memory already.
func (w walker) skip() error {
	_, err := w.dec.ReadValue()
	return err
}

// unquoted returns the text of a JSON string, without a copy where nothing is escaped.
func unquoted(s jsontext.Value) []byte {
	if bytes.IndexByte(s, '\\') < 0 {
		return bytes.Trim(s, `"`)
	}
	plain, _ := jsontext.AppendUnquote(nil, s) // the error is only for broken UTF-8
	return plain
}

// raw returns the value as it is written in the JSON.
func (w walker) raw() ([]byte, error) {
	value, err := w.dec.ReadValue()
	if err != nil {
		return nil, err
	}
	end := int(w.dec.InputOffset())
	return w.json[end-len(value) : end], nil
}

// text returns a string, or a number or boolean as it is written; anything else is "".
func (w walker) text() (string, error) {
	switch w.dec.PeekKind() {
	case jsontext.KindBeginObject, jsontext.KindBeginArray, jsontext.KindNull:
		return "", w.skip()
	}
	token, err := w.dec.ReadToken()
	if err != nil {
		return "", err
	}
	return token.String(), nil
}

// party returns the ID of a call or chat and the number of its customer.
func (w walker) party() (id, number string, err error) {
	err = w.fields(func(name []byte) (err error) {
		switch string(name) {
		case "id":
			id, err = w.text()
		case "customer":
			number, err = w.number()
		default:
			err = w.skip()
		}
		return err
	})
	return id, number, err
}

// number returns the number of a customer.
func (w walker) number() (number string, err error) {
	err = w.fields(func(name []byte) (err error) {
		if string(name) != "number" {
			return w.skip()
		}
		number, err = w.text()
		return err
	})
	return number, err
}

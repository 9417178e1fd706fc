// Package vapi connects the desk to VAPI, the voice platform that answers the
// restaurant's telephone: it reads VAPI's server messages, turns the tool calls
// in them into requests to the desk, and returns the answers in the order of the
// calls. It also describes the assistant that makes those calls.
//
// It must not know who may call (that is webhook's business and is settled
// before a message comes here), nor decide anything about tables; and the words
// that guests hear come from the catalogue, except for the few that VAPI says
// by itself while a tool runs.
//
// Names of messages, fields and limits are those of VAPI's API reference, in
// the shape of its server SDK 2.0.1.
package vapi

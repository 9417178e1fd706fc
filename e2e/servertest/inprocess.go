package servertest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
)

// InProcess returns a transport that carries every request to a handler without
// sockets, so that time can be faked. As one over the network would, it tells a
// trace when a request has gone out, and fails where the handler hangs up.
func InProcess(h http.Handler) http.RoundTripper { return inProcess{h} }

type inProcess struct{ http.Handler }

// RoundTrip implements [http.RoundTripper].
func (p inProcess) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	defer func() {
		switch reason := recover(); reason {
		case nil:
		case http.ErrAbortHandler: // the connection was closed
			resp, err = nil, io.ErrUnexpectedEOF
			if r.Context().Err() != nil {
				err = r.Context().Err()
			}
		default:
			panic(reason)
		}
	}()
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil {
		tellTrace(trace, r.URL.Host)
	}
	if r.Body == nil {
		r = r.Clone(r.Context())
		r.Body = http.NoBody
	}
	answer := httptest.NewRecorder()
	p.ServeHTTP(answer, r)
	return answer.Result(), nil
}

// tellTrace tells a trace that a request has found its connection and gone out.
func tellTrace(trace *httptrace.ClientTrace, host string) {
	if trace.GetConn != nil {
		trace.GetConn(host)
	}
	if trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	if trace.WroteRequest != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
}

package twiliotest

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// list answers with the messages that were taken, newest first.
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	request := Request{Op: OpList, To: q.Get("To")}
	if fault := s.hit(OpList, request.To); fault != nil {
		s.fail(w, r, request, fault)
		return
	}
	size := s.options.PageSize
	if n, err := strconv.Atoi(q.Get("PageSize")); err == nil && n > 0 {
		size = min(n, size)
	}
	page, _ := strconv.Atoi(q.Get("Page")) // none is the first
	s.mu.Lock()
	var found []map[string]any
	for i := len(s.messages) - 1; i >= 0; i-- {
		m := s.messages[i]
		if s.options.Clock().Sub(m.Created) < s.options.Lag {
			continue
		}
		if (q.Get("To") == "" || m.To == q.Get("To")) && (q.Get("From") == "" || m.From == q.Get("From")) {
			found = append(found, resource(s.options.AccountSID, m))
		}
	}
	s.mu.Unlock()
	from, to := min(page*size, len(found)), min((page+1)*size, len(found))
	body := map[string]any{"messages": append([]map[string]any{}, found[from:to]...), "page": page, "page_size": size,
		"uri": r.URL.RequestURI(), "next_page_uri": nil}
	if to < len(found) {
		next := url.Values{"To": {q.Get("To")}, "From": {q.Get("From")}, "PageSize": {strconv.Itoa(size)},
			"Page": {strconv.Itoa(page + 1)}, "PageToken": {fmt.Sprintf("PA%d", to)}}
		body["next_page_uri"] = r.URL.Path + "?" + next.Encode()
	}
	s.answer(w, r, request, reply{status: http.StatusOK, body: body})
}

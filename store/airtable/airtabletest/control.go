package airtabletest

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// Control describes the endpoints under /_control/ for whoever asks them with
// GET. They want Options.ControlToken as a bearer token, take and answer JSON,
// and are for tests of a built binary: the Go methods do the same.
const Control = `GET    /_control/                    this text
GET    /_control/records?table=NAME   all rows of a table, or of all tables
POST   /_control/staff               {"do":"create|update|delete|clear|restore","table","id","ids","fields"}
POST   /_control/schema              {"do":"rename-table|add-field|rename-field|remove-field|add-choice|rename-choice|remove-choice|lock|unlock",
                                      "table","field","choice","name","spec"}
GET    /_control/faults              the faults in force
POST   /_control/faults              {"ops":["upsert"],"table","skip","times","probability","after","latency":"1.5s",
                                      "drop","hang","status","retry_after","html","body","late":"1.5s"}: puts one in force, answers {"id"}
DELETE /_control/faults              lifts them all
GET    /_control/requests            the request log
DELETE /_control/requests            forgets it, and sets the counters to 0
GET    /_control/counters            how often something was asked and answered
GET    /_control/clock               the server's time
POST   /_control/clock               {"advance":"30s"}
POST   /_control/quota               {"spent":true}
POST   /_control/penalty             30 s of RATE_LIMIT_REACHED from now
POST   /_control/tokens              {"revoke":"pat…"} or {"add":"pat…"}
POST   /_control/iterators           ends every list under way
POST   /_control/pings               {"lose":true}
POST   /_control/lag                 {"by":"3s"}: webhooks tell of changes so much later
POST   /_control/split               {"records":1}: one action makes several webhook payloads
`

// order is the body of any request to /_control/.
type order struct {
	Do      string         `json:"do"`
	Table   string         `json:"table"`
	ID      string         `json:"id"`
	IDs     []string       `json:"ids"`
	Fields  map[string]any `json:"fields"`
	Field   string         `json:"field"`
	Choice  string         `json:"choice"`
	Name    string         `json:"name"`
	Spec    Field          `json:"spec"`
	Advance Duration       `json:"advance"`
	Spent   bool           `json:"spent"`
	Revoke  string         `json:"revoke"`
	Add     string         `json:"add"`
	Lose    bool           `json:"lose"`
	Records int            `json:"records"`
	By      Duration       `json:"by"`
}

func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	secret, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if subtle.ConstantTimeCompare([]byte(secret), []byte(s.options.ControlToken)) != 1 {
		answerControl(w, http.StatusUnauthorized, map[string]any{"error": "send the control token as a bearer token"})
		return
	}
	path := strings.TrimPrefix(r.URL.Path, "/_control/")
	if path == "" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, Control) // the client may have gone
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		answerControl(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
		return
	}
	out, err := s.command(r.Method+" "+path, r, body)
	switch {
	case errors.Is(err, errNoCommand):
		answerControl(w, http.StatusNotFound, map[string]any{"error": err.Error()})
	case err != nil:
		answerControl(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
	default:
		answerControl(w, http.StatusOK, out)
	}
}

func answerControl(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may have gone
}

var errNoCommand = errors.New("no such command: GET /_control/ lists them")

func (s *Server) command(what string, r *http.Request, body []byte) (any, error) {
	var o order
	done := map[string]any{}
	if len(body) > 0 && what != "POST faults" {
		if err := json.Unmarshal(body, &o); err != nil {
			return nil, err
		}
	}
	switch what {
	case "GET records":
		return s.dump(r.URL.Query().Get("table")), nil
	case "POST staff":
		return s.staffOrder(o)
	case "POST schema":
		return done, s.schemaOrder(o)
	case "GET faults", "POST faults", "DELETE faults":
		return s.faultOrder(r.Method, body)
	case "GET requests":
		return map[string]any{"requests": s.Requests()}, nil
	case "DELETE requests":
		s.ResetLog()
	case "GET counters":
		return s.Counts(), nil
	case "GET clock", "POST clock":
		s.Advance(time.Duration(o.Advance))
		return map[string]any{"now": s.Now()}, nil
	case "POST quota":
		s.SpendQuota(o.Spent)
	case "POST penalty":
		s.Penalise()
	case "POST tokens":
		if o.Revoke != "" {
			s.RevokeToken(o.Revoke)
		}
		if o.Add != "" {
			s.AddToken(Token{Secret: o.Add})
		}
	case "POST iterators":
		s.ExpireIterators()
	case "POST pings":
		s.LosePings(o.Lose)
	case "POST lag":
		s.LagPayloads(time.Duration(o.By))
	case "POST split":
		s.SplitPayloads(o.Records)
	default:
		return nil, errNoCommand
	}
	return done, nil
}

// dump shows the rows of a table, or of all of them by name.
func (s *Server) dump(table string) any {
	if table != "" {
		return map[string]any{"records": s.Records(table)}
	}
	all := map[string][]Record{}
	for _, t := range s.Tables() {
		all[t.Name] = s.Records(t.ID)
	}
	return map[string]any{"tables": all}
}

func (s *Server) staffOrder(o order) (any, error) {
	staff := s.Staff()
	switch o.Do {
	case "create":
		return staff.Create(o.Table, o.Fields)
	case "update":
		return staff.Update(o.Table, o.ID, o.Fields)
	case "delete":
		if o.ID != "" {
			o.IDs = append(o.IDs, o.ID)
		}
		return map[string]any{}, staff.Delete(o.Table, o.IDs...)
	case "clear":
		return map[string]any{}, staff.Clear(o.Table)
	case "restore":
		return map[string]any{}, staff.Restore(o.Table, o.IDs...)
	}
	return nil, errNoCommand
}

func (s *Server) schemaOrder(o order) error {
	staff := s.Staff()
	switch o.Do {
	case "rename-table":
		return staff.RenameTable(o.Table, o.Name)
	case "add-field":
		_, err := staff.AddField(o.Table, o.Spec)
		return err
	case "rename-field":
		return staff.RenameField(o.Table, o.Field, o.Name)
	case "remove-field":
		return staff.RemoveField(o.Table, o.Field)
	case "add-choice":
		return staff.AddChoice(o.Table, o.Field, o.Name)
	case "rename-choice":
		return staff.RenameChoice(o.Table, o.Field, o.Choice, o.Name)
	case "remove-choice":
		return staff.RemoveChoice(o.Table, o.Field, o.Choice)
	case "lock":
		return staff.Lock(o.Table, o.Field)
	case "unlock":
		return staff.Unlock(o.Table, o.Field)
	}
	return errNoCommand
}

func (s *Server) faultOrder(method string, body []byte) (any, error) {
	switch method {
	case http.MethodPost:
		var f Fault
		if err := json.Unmarshal(body, &f); err != nil {
			return nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		return map[string]any{"id": s.arm(f).id}, nil
	case http.MethodDelete:
		s.LiftFaults()
		return map[string]any{}, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	type inForce struct {
		ID   int `json:"id"`
		Hits int `json:"hits"`
		Fault
	}
	faults := []inForce{}
	for _, a := range s.faults {
		faults = append(faults, inForce{a.id, a.hits, a.Fault})
	}
	return map[string]any{"faults": faults}, nil
}

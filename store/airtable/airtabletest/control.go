package airtabletest

import (
	"net/http"
	"time"

	"maitre/e2e/servertest"
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

func (s *Server) command(what string, r *http.Request, o order) (any, error) {
	switch what {
	case "GET records":
		return s.dump(r.URL.Query().Get("table")), nil
	case "POST staff":
		return s.staffOrder(o)
	case "POST schema":
		return nil, s.schemaOrder(o)
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
		return nil, servertest.ErrNoCommand
	}
	return nil, nil
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
		return nil, staff.Delete(o.Table, o.IDs...)
	case "clear":
		return nil, staff.Clear(o.Table)
	case "restore":
		return nil, staff.Restore(o.Table, o.IDs...)
	}
	return nil, servertest.ErrNoCommand
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
	return servertest.ErrNoCommand
}

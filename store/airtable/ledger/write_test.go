package ledger_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/ledger"
)

// Each row of the facts' table of errors: what it means for the entry that waits,
// whose it is to see to it, and what it says to do.
func TestClientErrorsAsRecordErrors(t *testing.T) {
	t.Parallel()
	body := func(kind, message string) string {
		return `{"error":{"type":"` + kind + `","message":"` + message + `"}}`
	}
	for name, c := range map[string]struct {
		status int
		body   string
		kind   booking.RecordErrorKind
		cause  booking.ParkCause
		fix    string
	}{
		"400":                          {400, body("INVALID_REQUEST_BODY", "Could not parse request body"), booking.Permanent, booking.ParkedRecord, "report"},
		"401":                          {401, body("AUTHENTICATION_REQUIRED", "Authentication required"), booking.Permanent, booking.ParkedAccess, "token"},
		"402":                          {402, body("PAYMENT_REQUIRED", ""), booking.Permanent, booking.ParkedAccess, "plan"},
		"403 not found or not allowed": {403, body("INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", "Invalid permissions"), booking.Permanent, booking.ParkedAccess, "scopes"},
		"403 not allowed":              {403, body("INVALID_PERMISSIONS", "You are not permitted to create records"), booking.Permanent, booking.ParkedAccess, "editor"},
		"404 bare":                     {404, `{"error":"NOT_FOUND"}`, booking.Permanent, booking.ParkedAccess, "AIRTABLE_BASE_ID"},
		"404 typed":                    {404, `{"error":{"type":"NOT_FOUND"}}`, booking.Permanent, booking.ParkedAccess, "AIRTABLE_BASE_ID"},
		"404 no record":                {404, body("MODEL_ID_NOT_FOUND", "Record not found"), booking.RateLimited, "", ""},
		"413":                          {413, body("REQUEST_TOO_LARGE", ""), booking.Permanent, booking.ParkedRecord, "shorten"},
		"422 unknown field":            {422, body("UNKNOWN_FIELD_NAME", `Unknown field name: \"Mesa\"`), booking.Permanent, booking.ParkedBase, `"Mesa"`},
		"422 value":                    {422, body("INVALID_VALUE_FOR_COLUMN", `Field \"Email\" cannot accept the provided value`), booking.Permanent, booking.ParkedRecord, `"Email"`},
		"422 computed":                 {422, body("INVALID_VALUE_FOR_COLUMN", `Field \"Email\" cannot accept a value because the field is computed`), booking.Permanent, booking.ParkedBase, "computed"},
		"422 choice":                   {422, body("INVALID_MULTIPLE_CHOICE_OPTIONS", `Insufficient permissions to create new select option \"\\\"Web\\\"\"`), booking.Permanent, booking.ParkedBase, "Web"},
		"422 records":                  {422, body("INVALID_RECORDS", "You must provide an array"), booking.Permanent, booking.ParkedRecord, "same ID"},
		"422 unknown":                  {422, body("INVALID_REQUEST_UNKNOWN", "Invalid request"), booking.Permanent, booking.ParkedRecord, "check"},
		"422 formula":                  {422, body("INVALID_FILTER_BY_FORMULA", "The formula is invalid"), booking.Permanent, booking.ParkedBase, "renamed"},
		"429":                          {429, body("RATE_LIMIT_REACHED", "Rate limit exceeded"), booking.RateLimited, "", ""},
		"429 of the month":             {429, body("PUBLIC_API_BILLING_LIMIT_EXCEEDED", "API billing plan limit exceeded"), booking.Permanent, booking.ParkedQuota, "plan"},
		"500":                          {500, "", booking.UnknownOutcome, "", ""},
		"502 of a gateway":             {502, "<html>", booking.Unreachable, "", ""},
		"503 retriable":                {503, body("RETRIABLE_ERROR", "it is safe to retry"), booking.Unreachable, "", ""},
		"503":                          {503, "<html>", booking.UnknownOutcome, "", ""},
		"a page that is no Airtable's": {404, "<html>", booking.Permanent, booking.ParkedAccess, "AIRTABLE_ENDPOINT_URL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := open(t, options{})
			r.reserve(friday, 4)
			if c.body == "" {
				c.body = body("SERVER_ERROR", "")
			}
			r.srv.Inject(airtabletest.Fault{Ops: airtabletest.Writes(), Times: 1, Status: c.status, Body: c.body})
			failures := r.write()
			if len(failures) != 1 {
				t.Fatalf("%d failures", len(failures))
			}
			got := failures[0]
			if got.Kind != c.kind || got.Cause != c.cause || !strings.Contains(got.Fix, c.fix) || (c.fix == "") != (got.Fix == "") {
				t.Errorf("kind %q, cause %q, fix %q; want %q, %q, %q in it", got.Kind, got.Cause, got.Fix, c.kind, c.cause, c.fix)
			}
			if got.Text == "" {
				t.Error("it does not say what is wrong")
			}
		})
	}
}

func TestOtherErrorsAsRecordErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want booking.RecordErrorKind
	}{
		{&airtable.Error{Kind: airtable.Unreachable, Err: airtable.ErrClosed}, booking.Interrupted},
		{&airtable.Error{Kind: airtable.UnknownOutcome, Err: context.Canceled}, booking.Interrupted},
		{&airtable.Error{Kind: airtable.Unreachable, Err: context.DeadlineExceeded}, booking.Unreachable},
		{context.Canceled, booking.Interrupted},
		{errors.New("disk"), booking.Unreachable},
	} {
		if got := ledger.RecordErrorOf(c.err); got.Kind != c.want {
			t.Errorf("%v is %s, want %s", c.err, got.Kind, c.want)
		}
	}
	if ledger.RecordErrorOf(nil) != nil {
		t.Error("nothing is trouble")
	}
}

// An unanswered write is made again, and makes no second row.
func TestAnUnansweredWriteMakesNoSecondRow(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	made := r.reserve(friday, 4)
	r.srv.Inject(airtabletest.Fault{Ops: airtabletest.Writes(), Times: 1, After: true, Drop: true})
	if failures := r.write(); len(failures) != 1 || failures[0].Kind != booking.UnknownOutcome {
		t.Fatalf("failures %v", failures)
	}
	if len(r.srv.Records("Reservas")) != 1 {
		t.Fatal("it was not written the first time")
	}
	r.follow() // its echo
	r.mustWrite()
	rows := r.srv.Records("Reservas")
	if len(rows) != 1 || rows[0].Fields["ID Reserva"] != made.ID {
		t.Errorf("rows %v", rows)
	}
	r.follow()
	if wrong := r.compare(friday); wrong != "" {
		t.Error(wrong)
	}
}

// The staff deleted the row that a guest changes: that is for a person to decide.
// Who insists has it back, whole.
func TestADeletedRowComesBackWholeIfAPersonInsists(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	made := r.reserve(friday, 4)
	r.mustWrite()
	r.follow()
	name := "Ana Ruiz"
	if _, err := r.desk.Change(t.Context(), booking.Change{Who: whoOf(made), Name: &name}); err != nil {
		t.Fatal(err)
	}
	r.remove(r.srv.Records("Reservas")[0].ID)
	r.follow()
	if failures := r.write(); len(failures) != 1 || failures[0].Kind != clashed || len(r.srv.Records("Reservas")) != 0 {
		t.Fatalf("failures %v, rows %v", failures, r.srv.Records("Reservas"))
	}
	r.insist()
	r.mustWrite()
	r.follow()
	if wrong := r.compare(friday); wrong != "" {
		t.Error(wrong)
	}
	row := r.srv.Records("Reservas")[0].Fields
	if row["Nombre del Cliente"] != name || row["Cantidad de Personas"] != 4.0 || row["Fecha de Reserva"] != "2026-11-27" || row["Mesa"] == nil || row["Código"] != made.Code {
		t.Errorf("row %v", row)
	}
}

// A row that is deleted between our looking and our writing is not made anew of the
// few cells that changed, and the entry is not taken for written.
func TestNoPartOfARowIsWrittenWhereThereIsNone(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	made := r.reserve(friday, 4)
	r.mustWrite()
	name := "Ana Ruiz"
	if _, err := r.desk.Change(t.Context(), booking.Change{Who: whoOf(made), Name: &name}); err != nil {
		t.Fatal(err)
	}
	row := r.srv.Records("Reservas")[0].ID
	r.srv.Inject(airtabletest.Fault{Ops: airtabletest.Writes(), Times: 1, Do: func() { r.remove(row) }})
	if failures := r.write(); len(failures) != 1 || failures[0].Kind != booking.RateLimited || len(r.srv.Records("Reservas")) != 0 {
		t.Fatalf("failures %v, rows %v", failures, r.srv.Records("Reservas"))
	}
	if failures := r.write(); len(failures) != 1 || failures[0].Kind != clashed {
		t.Errorf("looked at again: %v", failures)
	}
}

// The staff copied a booking's row to another day and deleted the first: what the
// guest changes then goes to the copy, which is the booking from now on, and no
// other one besides.
func TestACopyThatBecomesTheBooking(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	made := r.reserve(friday, 4)
	r.mustWrite()
	r.follow()
	first := r.srv.Records("Reservas")[0]
	copied := when("2026-11-28 21:00")
	for name, value := range first.Fields {
		if _, dated := copied[name]; !dated {
			copied[name] = value
		}
	}
	r.clock.pass(time.Second)
	if _, err := r.srv.Staff().Create("Reservas", copied); err != nil {
		t.Fatal(err)
	}
	r.follow()
	r.wantDay(saturday, "21:00 I1 Ana")
	name := "Ana Ruiz"
	change := booking.Change{Who: whoOf(made), Name: &name}
	change.Who.Code = made.Code
	if _, err := r.desk.Change(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	r.remove(first.ID)
	r.mustWrite()
	r.follow()
	r.wantDay(friday, "")
	r.wantDay(saturday, "21:00 I1 Ana Ruiz")
	if wrong := r.compare(friday, saturday); wrong != "" {
		t.Error(wrong)
	}
}

func whoOf(b booking.Booking) booking.Who {
	return booking.Who{Caller: booking.Caller{Channel: booking.ByPhone, Phone: b.Phone}}
}

// Two rows with one ID: the entry is parked, and says which they are. The others
// of the batch are written.
func TestTwoRowsWithOneID(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	made := r.reserve(friday, 4)
	r.mustWrite()
	first := r.srv.Records("Reservas")[0]
	second, err := r.srv.Staff().Create("Reservas", first.Fields)
	if err != nil {
		t.Fatal(err)
	}
	// Neither is known to be the booking's row: the one that was is deleted.
	third, err := r.srv.Staff().Create("Reservas", first.Fields)
	if err != nil {
		t.Fatal(err)
	}
	r.remove(first.ID)
	first = third
	name := "Ana Ruiz"
	if _, err := r.desk.Change(t.Context(), booking.Change{Who: whoOf(made), Name: &name}); err != nil {
		t.Fatal(err)
	}
	r.reserve(saturday, 4)
	failures := r.write()
	if len(failures) != 1 || failures[0].Cause != booking.ParkedRecord || !strings.Contains(failures[0].Text, first.ID) || !strings.Contains(failures[0].Text, second.ID) ||
		!strings.Contains(failures[0].Fix, "Delete all but one") {
		t.Fatalf("failures %v", failures)
	}
	if rows := r.srv.Records("Reservas"); len(rows) != 3 || rows[2].Fields["Fecha de Reserva"] != "2026-11-28" {
		t.Errorf("rows %v", rows)
	}
}

// A guest changes a row that the staff typed: what they typed in other cells stays.
func TestWhatTheStaffTypedStays(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	id := r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva (la de siempre)", "Cantidad de Personas": 4, "Teléfono": "612 34 56 78",
		"Mesa": []string{"T1"}, "Estado": "Pre-reserva", "Notas Especiales": "ventana, por favor", "Email": "eva en casa"})
	r.follow()
	at := booking.NewTimeOfDay(22, 0)
	if _, err := r.desk.Change(t.Context(), booking.Change{Who: booking.Who{Caller: guest}, Time: &at}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.desk.Confirm(t.Context(), booking.Confirmation{Who: booking.Who{Caller: guest}, Confirmed: true}); err != nil {
		t.Fatal(err)
	}
	r.mustWrite()
	rec, _ := r.srv.Record(id)
	row := rec.Fields
	if row["Teléfono"] != "612 34 56 78" || row["Email"] != "eva en casa" || row["Nombre del Cliente"] != "Eva (la de siempre)" || row["Notas Especiales"] != "ventana, por favor" {
		t.Errorf("cells that were not changed: %v", row)
	}
	if row["Hora"] != "2026-11-27T21:00:00.000Z" || row["Estado"] != "Confirmada" || row["ID Reserva"] != nil {
		t.Errorf("row %v", row)
	}
	if rows := r.srv.Records("Reservas"); len(rows) != 1 {
		t.Errorf("%d rows", len(rows))
	}
}

// A combination links to each of its tables, and the words are the base's own.
func TestCombinationsAndWords(t *testing.T) {
	t.Parallel()
	schema := airtabletest.DefaultSchema()
	for i, f := range schema[0].Fields {
		if f.Name == "Estado" {
			schema[0].Fields[i].Options = &airtabletest.Config{Choices: []airtabletest.Choice{{Name: "pendiente"}, {Name: "OK"}, {Name: "Anulada"}, {Name: "Sentada"}, {Name: "Terminada"}, {Name: "Plantón"}}}
		}
	}
	r := open(t, options{server: airtabletest.Options{Tables: schema}})
	made := r.reserve(friday, 6)
	r.mustWrite()
	row := r.srv.Records("Reservas")[0].Fields
	links, _ := row["Mesa"].([]string)
	if len(links) != 2 {
		for _, link := range row["Mesa"].([]any) {
			links = append(links, link.(string))
		}
	}
	var tables []string
	for _, link := range links {
		rec, _ := r.srv.Record(link)
		tables = append(tables, rec.Fields["ID Mesa"].(string))
	}
	slices.Sort(tables)
	if !slices.Equal(tables, []string{"I1", "I2"}) || row["Estado"] != "OK" {
		t.Errorf("row %v at %v", row, tables)
	}
	if _, err := r.desk.Cancel(t.Context(), booking.Cancellation{Who: whoOf(made)}); err != nil {
		t.Fatal(err)
	}
	r.mustWrite()
	if got := r.srv.Records("Reservas")[0].Fields["Estado"]; got != "Anulada" {
		t.Errorf("status %q", got)
	}
	r.clock.pass(time.Second)
	r.follow()
	r.wantDay(friday, "")
}

// One answer is asked for by Probe, whatever the breaker says.
func TestProbe(t *testing.T) {
	t.Parallel()
	r := open(t, options{config: func(c *ledger.Config) { c.Allow = func() error { return errors.New("open") } }, cold: true})
	r.wantAsked(1, func() {
		if failed := r.ledger.Probe(t.Context()); failed != nil {
			t.Error(failed)
		}
	})
	r.srv.Inject(airtabletest.Fault{Status: http.StatusInternalServerError})
	if failed := r.ledger.Probe(t.Context()); failed == nil || failed.Kind != booking.Unreachable {
		t.Errorf("trouble %v", failed)
	}
}

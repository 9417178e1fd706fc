package airtable

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

const (
	fixRequest  = "Airtable does not accept the request. If maitre check finds nothing to fix in the base, please report this line."
	ourFault    = "This is a fault in maitre: please report it with this line."
	fixToken    = "The token (AIRTABLE_API_KEY) is wrong or was revoked: make a new one at https://airtable.com/create/tokens and put it in its place."
	fixEndpoint = "What answers is not Airtable: check AIRTABLE_ENDPOINT_URL and any proxy in between."
)

// explain fills in what a person can do about a Permanent error.
func (e *Error) explain(isJSON bool) {
	switch e.Status {
	case http.StatusUnauthorized:
		e.blame(BlameAccess, fixToken)
	case http.StatusPaymentRequired:
		e.blame(BlameAccess, "Airtable asks for payment: check the workspace's plan and billing.")
	case http.StatusForbidden:
		e.explainForbidden()
	case http.StatusNotFound:
		e.explainNotFound(isJSON)
	case http.StatusRequestEntityTooLarge:
		e.blame(BlameRecord, "The record is larger than Airtable takes: shorten its texts.")
	case http.StatusUnprocessableEntity:
		e.explainUnprocessable()
	default:
		if !isJSON || e.Status < http.StatusBadRequest {
			e.blame(BlameEndpoint, fixEndpoint)
			return
		}
		e.blame(BlameRequest, fixRequest)
	}
}

func (e *Error) blame(b Blame, fix string) { e.Blame, e.Fix = b, fix }

func (e *Error) explainForbidden() {
	switch {
	case e.Type == "INVALID_PERMISSIONS":
		e.Field = between(e.Message, "field ", " (fld")
		e.blame(BlameAccess, "The token's user may not do this: make them an editor of the base (a creator, to change its fields), "+
			"and see that the table or field is not locked.")
	case e.Table != "":
		e.blame(BlameAccess, fmt.Sprintf("Airtable does not show the table %q to this token: check AIRTABLE_BASE_ID and the table's name, "+
			"and that the token was given this base and the scopes %s.", e.Table, scopes(e.Operation)))
	default:
		e.blame(BlameAccess, fmt.Sprintf("Airtable does not show this to the token: check AIRTABLE_BASE_ID, "+
			"and that the token was given this base and the scopes %s.", scopes(e.Operation)))
	}
}

// scopes names those that an operation asks for.
func scopes(op Operation) string {
	switch op {
	case OpSchema:
		return "schema.bases:read"
	case OpCreateTable, OpCreateField:
		return "schema.bases:write"
	case OpWebhooks, OpCreateWebhook, OpRefreshWebhook, OpDeleteWebhook, OpEnableWebhook:
		return "webhook:manage"
	case OpPayloads:
		return "webhook:manage and data.records:read"
	case OpList:
		return "data.records:read"
	default:
		return "data.records:read and data.records:write"
	}
}

func (e *Error) noRecord() bool { return e.Status == http.StatusNotFound && e.Type == typeNoRecord }

func (e *Error) explainNotFound(isJSON bool) {
	switch {
	case e.noRecord():
		e.blame(BlameRecord, "The record is not in Airtable any more, or is in another table.")
	case !isJSON:
		e.blame(BlameEndpoint, fixEndpoint)
	case slices.Contains([]Operation{OpRefreshWebhook, OpDeleteWebhook, OpEnableWebhook, OpPayloads}, e.Operation):
		e.blame(BlameRequest, "Airtable does not know this webhook any more: it is to be made anew.")
	default:
		e.blame(BlameAccess, "Airtable does not know this address: check AIRTABLE_BASE_ID, which starts with \"app\", and the table's name.")
	}
}

func (e *Error) explainUnprocessable() {
	if e.Type == "INVALID_RECORDS" && e.Operation == OpUpsert {
		// The documents say that an upsert with several matches fails, not how [?].
		e.blame(BlameRecord, fmt.Sprintf("Several rows of %q most likely carry the same ID: delete all but one.", e.Table))
		return
	}
	switch e.Type {
	case "UNKNOWN_FIELD_NAME":
		e.Field = between(e.Message, `"`, `"`)
		e.blame(BlameBase, fmt.Sprintf("The table %q has no field %q: give it back its name, or write its new one in the restaurant file.", e.Table, e.Field))
	case "INVALID_VALUE_FOR_COLUMN":
		e.Field = between(e.Message, `Field "`, `" cannot accept`)
		if strings.Contains(e.Message, "field is computed") {
			e.blame(BlameBase, fmt.Sprintf("The field %q of %q is computed by Airtable and takes no values: name another field in the restaurant file, or change its type.", e.Field, e.Table))
			return
		}
		e.blame(BlameRecord, fmt.Sprintf("The field %q of %q does not take the value: check that its type is the one that maitre check expects.", e.Field, e.Table))
	case "INVALID_MULTIPLE_CHOICE_OPTIONS":
		_, choice, _ := strings.Cut(e.Message, "option ")
		e.Choice = strings.Trim(choice, `"\`)
		e.blame(BlameBase, fmt.Sprintf("A select field of %q lacks the choice %q: add it (maitre airtable init does), or write the name it has now in the restaurant file.", e.Table, e.Choice))
	case "ROW_DOES_NOT_EXIST", "INVALID_RECORD_ID", typeNoRecord:
		e.blame(BlameRecord, "A record that is linked or named is not in Airtable any more.")
	case "INVALID_FILTER_BY_FORMULA":
		e.blame(BlameBase, fmt.Sprintf("A filter does not fit the table %q, most likely because a field was renamed or removed: maitre check names it.", e.Table))
	default:
		e.blame(BlameRequest, fixRequest)
	}
}

// between returns the text in s after the first start and before the last
// end: names may hold quotes themselves.
func between(s, start, end string) string {
	_, rest, ok := strings.Cut(s, start)
	if !ok {
		return ""
	}
	i := strings.LastIndex(rest, end)
	if i < 0 {
		return ""
	}
	return rest[:i]
}

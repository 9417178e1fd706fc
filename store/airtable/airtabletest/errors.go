package airtabletest

import (
	"fmt"
	"net/http"
	"strings"
)

// refusal is an error as Airtable sends it, in one of three shapes:
// {"error":{"type","message"}}, {"error":{"type"}} and {"error":"NOT_FOUND"}.
type refusal struct {
	status  int
	kind    string
	message string
	bare    bool // the third shape
}

// Error names the type, and what it is about.
func (r *refusal) Error() string { return strings.TrimSuffix(r.kind+": "+r.message, ": ") }

func (r *refusal) body() map[string]any {
	if r.bare {
		return map[string]any{"error": r.kind}
	}
	detail := map[string]any{"type": r.kind}
	if r.message != "" {
		detail["message"] = r.message
	}
	return map[string]any{"error": detail}
}

func unprocessable(kind, message string) *refusal {
	return &refusal{status: http.StatusUnprocessableEntity, kind: kind, message: message}
}

var (
	// errNotFound is a bad route or a malformed ID; it is returned before access is checked
	// who they are [emu].
	errNotFound = &refusal{status: http.StatusNotFound, kind: "NOT_FOUND", bare: true}
	// errWebhookNotFound uses the shape without a message: the pages that were read do
	// not say which one it is [?].
	errWebhookNotFound        = &refusal{status: http.StatusNotFound, kind: "NOT_FOUND"}
	errRecordNotFound         = &refusal{status: http.StatusNotFound, kind: "MODEL_ID_NOT_FOUND", message: "Record not found"}
	errAuthenticationRequired = &refusal{status: http.StatusUnauthorized, kind: "AUTHENTICATION_REQUIRED", message: "Authentication required"}
	// errInvalidToken: the troubleshooting page says "unauthorized, invalid
	// authentication token"; how the type is spelled is a guess [?].
	errInvalidToken = &refusal{status: http.StatusUnauthorized, kind: "UNAUTHORIZED", message: "Invalid authentication token"}
	// errModelNotFound is one answer for what is not there and what was not granted.
	errModelNotFound = &refusal{status: http.StatusForbidden, kind: "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND",
		message: "Invalid permissions, or the requested model was not found. Check that both your user and your token have " +
			"the required permissions, and that the model names and/or ids are correct."}
	// errTooLarge: the doc names the status only; type and message are those that
	// airtable.js reports [?].
	errTooLarge       = &refusal{status: http.StatusRequestEntityTooLarge, kind: "REQUEST_TOO_LARGE", message: "Request body is too large"}
	errInvalidRequest = unprocessable("INVALID_REQUEST_UNKNOWN", "Invalid request: parameter validation failed. Check your request data.")
	// errBadBody: the doc says 400 for JSON that cannot be parsed; the emulator, which
	// says what was seen of the real service, 422 with this [?].
	errBadBody = unprocessable("INVALID_REQUEST_BODY", "Could not parse request body")
	// errAmbiguousUpsert: the doc says that the request fails, the emulator how.
	errAmbiguousUpsert = unprocessable("INVALID_RECORDS",
		"More than one existing record matches the fieldsToMergeOn values of a record in the request")
	errIteratorGone  = unprocessable("LIST_RECORDS_ITERATOR_NOT_AVAILABLE", "")
	errViewElsewhere = unprocessable("FAILED_STATE_CHECK", "") // a view of another table
	errRateLimited   = &refusal{status: http.StatusTooManyRequests, kind: "RATE_LIMIT_REACHED",
		message: "Rate limit exceeded. Please try again later"}
	errQuotaSpent = &refusal{status: http.StatusTooManyRequests, kind: "PUBLIC_API_BILLING_LIMIT_EXCEEDED",
		message: "API billing plan limit exceeded"}
	errRetriable = &refusal{status: http.StatusServiceUnavailable, kind: "RETRIABLE_ERROR",
		message: "Server encountered an error while processing your request, and it is safe to retry the request"}

	errRecordsToCreate = unprocessable("INVALID_RECORDS",
		`You must provide an array of up to 10 record objects, each with a "fields" object for cell values.`)
	errRecordsToUpdate = unprocessable("INVALID_RECORDS", `You must provide an array of up to 10 record objects, `+
		`each with an "id" ID field and a "fields" object for cell values.`)
	errRecordsToDelete = unprocessable("INVALID_RECORDS", "You must provide an array of up to 10 record IDs.")
)

// unexpected: the doc describes 500 and 502 without naming a type [?].
func unexpected(status int) *refusal {
	return &refusal{status: status, kind: "SERVER_ERROR", message: "Try again. If the problem persists, contact support."}
}

func notPermitted(what string) *refusal {
	return &refusal{status: http.StatusForbidden, kind: "INVALID_PERMISSIONS", message: "You are not permitted to " + what}
}

func unknownField(name string) *refusal {
	return unprocessable("UNKNOWN_FIELD_NAME", fmt.Sprintf(`Unknown field name: "%s"`, name))
}

func badValue(f *field) *refusal {
	return unprocessable("INVALID_VALUE_FOR_COLUMN", fmt.Sprintf(`Field "%s" cannot accept the provided value`, f.Name))
}

func computedField(f *field) *refusal {
	return unprocessable("INVALID_VALUE_FOR_COLUMN",
		fmt.Sprintf(`Field "%s" cannot accept a value because the field is computed`, f.Name))
}

// badChoice has the quotes twice, as the real service was seen to send them.
func badChoice(name string) *refusal {
	return unprocessable("INVALID_MULTIPLE_CHOICE_OPTIONS",
		fmt.Sprintf(`Insufficient permissions to create new select option ""%s""`, name))
}

// The facts do not list what a link to nothing answers. These two are from field
// reports [?].
func noSuchLink(id string) *refusal {
	return unprocessable("ROW_DOES_NOT_EXIST", fmt.Sprintf("Record ID %s does not exist in this table", id))
}

func notARecordID(s string) *refusal {
	return unprocessable("INVALID_RECORD_ID", fmt.Sprintf(`Value "%s" is not a valid record ID.`, s))
}

func badFormula(detail string) *refusal {
	return unprocessable("INVALID_FILTER_BY_FORMULA", "The formula for filtering records is invalid: "+detail)
}

func badOffset(offset string) *refusal {
	return unprocessable("INVALID_OFFSET_VALUE", fmt.Sprintf("The value of offset %s is invalid", offset))
}

func viewNotFound(view string) *refusal {
	kind := "VIEW_NAME_NOT_FOUND"
	if isID("viw", view) {
		kind = "VIEW_ID_NOT_FOUND"
	}
	return unprocessable(kind, fmt.Sprintf("View %s not found", view))
}

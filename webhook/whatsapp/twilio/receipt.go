package twilio

import (
	"net/url"
	"strconv"

	"maitre/booking"
)

// callbackMessage is the parameter of the status callback's query that names our
// message. Twilio signs it with the rest of the URL.
const callbackMessage = "message"

// Receipt reads a status callback: the query of its URL, and the form that was
// posted to it. The caller has checked Twilio's signature over both.
func Receipt(query, form url.Values) booking.Receipt {
	r := booking.Receipt{
		Message: query.Get(callbackMessage),
		SID:     form.Get("MessageSid"),
		Status:  form.Get("MessageStatus"),
	}
	r.Code, _ = strconv.Atoi(form.Get("ErrorCode")) // no code is none
	return r
}

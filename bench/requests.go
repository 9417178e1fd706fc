package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

const (
	secret = "a-secret-for-benchmarks-only"
	// now is when the measured desk believes to be: a Monday.
	now = "2026-11-23T13:00:00+01:00"
)

// signed is a whole HTTP request with one tool call, such as VAPI sends: about
// 2 KiB, most of it what was said before.
func signed(call, tool, from, name string, arguments map[string]any) []byte {
	said := strings.Repeat(`{"role":"user","message":"Hola, quería reservar una mesa para cenar.","time":1722032457924,"secondsFromStart":6.98},`, 12)
	args, err := json.Marshal(arguments)
	if err != nil {
		panic(err)
	}
	body := fmt.Sprintf(`{"message":{"timestamp":1734990578879,"type":"tool-calls","toolCallList":[{"id":%q,"type":"function","function":{"name":%q,"arguments":%s}}],`+
		`"call":{"id":%q,"orgId":"00000000-0000-4000-8000-0000000000aa","type":"inboundPhoneCall","status":"ringing","customer":{"number":%q}},"customer":{"number":%q},`+
		`"artifact":{"messages":[%s]}}}`, tool, name, args, call, from, from, strings.TrimSuffix(said, ","))
	stamp := strconv.FormatInt(time.Now().UnixMilli(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "." + body))
	return fmt.Appendf(nil, "POST /vapi HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Vapi-Timestamp: %s\r\nX-Vapi-Signature: %s\r\nContent-Length: %d\r\n\r\n%s",
		stamp, hex.EncodeToString(mac.Sum(nil)), len(body), body)
}

// day is the i-th day from the Tuesday on, Mondays left out.
func day(i int) string {
	return time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i/6*7+i%6).Format(time.DateOnly)
}

func bareRequests() *plan {
	one := signed("c1", "t1", "+34612345678", "check_availability", map[string]any{"date": day(9), "time": "14:00", "pax": 4})
	return &plan{request: func(int) []byte { return one }, want: []byte("results")}
}

// availableDays are the days that guests ask for.
const availableDays = 90

// availability asks for the next ninety days, for the sizes and times that
// guests ask for, on a book in which most lunches are half full.
func availability(server string, _ int) (*plan, error) {
	fill := &plan{want: []byte("success"), request: func(i int) []byte {
		return bookTable(i, day(i%availableDays), fmt.Sprintf("%d:%02d", 13+i%2, 15*(i/availableDays%4)), 2+i%4)
	}}
	if err := sendAll(server, fill, 20*availableDays); err != nil {
		return nil, err
	}
	requests := make([][]byte, 4000)
	chance := rand.New(rand.NewPCG(1, 2))
	for i := range requests {
		requests[i] = signed(fmt.Sprint("c", i), "t1", "+34612345678", "check_availability", map[string]any{
			"date": day(chance.IntN(availableDays)), "time": fmt.Sprintf("%d:%02d", 13+chance.IntN(2), 15*chance.IntN(4)), "pax": 2 + chance.IntN(5)})
	}
	return &plan{request: func(i int) []byte { return requests[i%len(requests)] }, want: []byte("success")}, nil
}

// bookings books, each time for another guest, spread over the days of the
// horizon and on each over its meals; every one must succeed.
func bookings(string, int) (*plan, error) {
	requests := make([][]byte, 160*horizon)
	for i := range requests {
		turn := i / horizon
		hour := []string{"13:00", "20:00", "15:00", "22:00"}[turn%4]
		date := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%horizon).Format(time.DateOnly)
		requests[i] = bookTable(i, date, hour, 2+turn%3)
	}
	return &plan{request: func(i int) []byte { return requests[i%len(requests)] }, want: []byte(`\"success\":true`)}, nil
}

func bookTable(i int, date, time string, party int) []byte {
	return signed(fmt.Sprint("b", i), "t1", fmt.Sprintf("+346%08d", i), "create_reservation", map[string]any{
		"date": date, "time": time, "pax": party, "customer_name": fmt.Sprintf("Guest %d", i)})
}

package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
)

// visitor is a guest who comes again and again, on one channel.
type visitor struct {
	number  string
	channel string
	stay    *stay // the one that he has, or had last
	calls   int
	lives   int // how often he came under another number
}

// again gives him another number: under his own a booking may stand that is not
// looked at any more.
func (v *visitor) again() {
	v.lives++
	v.number = fmt.Sprintf("%s%02d%s", v.number[:len(v.number)-3], v.lives, v.number[len(v.number)-1:])
	v.stay = nil
}

func newVisitor(i int) *visitor {
	channel := []string{"landline", "whatsapp", "page", "mobile"}[i%4]
	number := fmt.Sprintf("+34600000%03d", i)
	if channel == "landline" {
		number = fmt.Sprintf("+34941000%03d", i)
	}
	return &visitor{number: number, channel: channel}
}

// The days, hours and tables of the worlds.
var (
	worldDays  = []string{"2026-12-15", "2026-12-16", "2026-12-17"}
	worldHours = []string{"20:30", "21:00", "21:30", "22:00", "22:30"}
	worldSeats = []int{2, 2, 4, 4}
)

// request is what a visitor asks for next.
type request struct {
	kind string // book, change, cancel, confirm or look
	stay *stay
	says cells // what it changes
}

// draw returns one of several.
func (w *world) draw(from []string) string { return from[w.chance.IntN(len(from))] }

// drawNew returns one that the cell has had in no state since the round began.
func (w *world) drawNew(s *stay, cell string, from []string) string {
	left := slices.DeleteFunc(slices.Clone(from), func(v string) bool {
		return slices.ContainsFunc(s.states(), func(state cells) bool { return state[cell] == v })
	})
	if len(left) == 0 {
		return ""
	}
	return w.draw(left)
}

var parties = []string{"1", "2", "3", "4"}

// nameOf makes names that nobody else has, of syllables as a chat understands them.
func (w *world) nameOf(first string) string {
	w.made++
	name := first + " "
	for i, digit := range fmt.Sprintf("%04d", w.made) {
		syllable := []string{"ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru"}[digit-'0']
		if i == 0 {
			syllable = string(syllable[0]-'a'+'A') + syllable[1:]
		}
		name += syllable
	}
	return name
}

// requestOf draws what a visitor asks for; false: nothing, now.
func (w *world) requestOf(v *visitor) (request, bool) {
	s := v.stay
	if s == nil || s.dropped || !live(s.now()[cStatus]) && s.open == nil {
		s = &stay{name: w.nameOf("Eva"), by: v}
		w.stays = append(w.stays, s)
		v.stay = s
		status := confirmed
		if v.channel == "mobile" { // until he says yes in writing
			status = preBooked
		}
		return request{"book", s, cells{cStatus: status, cDate: w.draw(worldDays), cTime: w.draw(worldHours), cParty: w.draw(parties)}}, true
	}
	if s.open != nil || s.code == "" || s.emptied != "" {
		return request{}, false // he waits until he knows
	}
	switch n := w.chance.IntN(10); {
	case s.now()[cStatus] == preBooked && n < 6:
		return request{"confirm", s, cells{cStatus: confirmed}}, true
	case n < 2:
		return request{"look", s, nil}, true
	case n < 5:
		return request{"cancel", s, cells{cStatus: cancelled}}, true
	}
	says := cells{}
	cell := w.draw([]string{cDate, cTime, cTime, cParty})
	if says[cell] = w.drawNew(s, cell, map[string][]string{cDate: worldDays, cTime: worldHours, cParty: parties}[cell]); says[cell] == "" {
		return request{}, false
	}
	return request{"change", s, says}, true
}

// guestActs has several visitors speak at the same time.
func (w *world) guestActs(n int) {
	if w.farAway() {
		return
	}
	atOnce(w.requests(n), -1, func() {})
}

// requests draws what several visitors ask for; each call asks for one thing.
func (w *world) requests(n int) (asks []func()) {
	order := w.chance.Perm(len(w.visitors))
	for _, i := range order[:n] {
		v := w.visitors[i]
		a, ok := w.requestOf(v)
		if !ok {
			continue
		}
		v.calls++
		w.total.add("guests: "+a.kind, 1)
		w.note("%s (%s) asks to %s %s %v", a.stay.name, v.channel, a.kind, a.stay.code, a.says)
		asks = append(asks, func() { w.asks(v, a) })
	}
	return asks
}

// atOnce lets all ask at the same time, and calls enough once so many have been answered.
func atOnce(asks []func(), after int, enough func()) {
	var answered atomic.Int64
	var all sync.WaitGroup
	var once sync.Once
	if after == 0 {
		once.Do(enough)
	}
	for _, ask := range asks {
		all.Go(func() {
			ask()
			if answered.Add(1) == int64(after) {
				once.Do(enough)
			}
		})
	}
	all.Wait()
	once.Do(enough)
}

// asks asks for something, and notes what was heard.
func (w *world) asks(v *visitor, a request) {
	var heard reply
	var err error
	switch {
	case a.kind == "book" && v.channel == "page":
		heard, err = w.onThePage(v, a)
	case v.channel == "whatsapp" && a.kind == "book":
		heard, err = w.inTheChat(v, fmt.Sprintf("mesa para %s el %s a las %s a nombre de %s", a.says[cParty], spokenDay(a.says[cDate]), a.says[cTime], a.stay.name))
	case v.channel == "whatsapp" && a.kind == "cancel":
		heard, err = w.inTheChat(v, "quiero cancelar mi reserva")
	case v.channel == "mobile" && a.kind == "confirm" && v.calls%2 == 0:
		heard, err = w.saysYes(v)
	case v.channel == "page" && a.kind == "cancel" && a.stay.link != "":
		heard, err = w.onHisOwnPage(a)
	default:
		heard, err = w.byPhone(v, a)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hears(v, a, heard, err)
}

// byPhone makes the call of a tool.
func (w *world) byPhone(v *visitor, a request) (reply, error) {
	c := call{ID: fmt.Sprintf("%s-%d", v.number, v.calls), Tool: "t1", From: v.number, Args: map[string]any{}}
	c.Name = map[string]string{"book": "create_reservation", "change": "update_reservation", "cancel": "cancel_reservation",
		"confirm": "confirm_reservation", "look": "get_reservation"}[a.kind]
	for cell, arg := range map[string]string{cDate: "date", cTime: "time"} {
		if a.says[cell] != "" {
			c.Args[arg] = a.says[cell]
		}
	}
	if n, err := strconv.Atoi(a.says[cParty]); err == nil {
		c.Args["pax"] = n
	}
	switch a.kind {
	case "book":
		c.Args["customer_name"] = a.stay.name
	case "confirm":
		c.Args["confirmed"] = true
		fallthrough
	default:
		c.Args["code"] = a.stay.code
	}
	body := c.body()
	status, _, got, err := w.s.do("POST", "/vapi", sealed(body), body)
	if err != nil || status != 200 {
		return reply{}, fmt.Errorf("status %d: %w", status, errOr(err))
	}
	line, err := result(got)
	if err != nil {
		return reply{}, err
	}
	var heard reply
	return heard, json.Unmarshal([]byte(line), &heard)
}

func errOr(err error) error {
	if err == nil {
		return fmt.Errorf("not answered well")
	}
	return err
}

// hears notes what a visitor was told.
func (w *world) hears(v *visitor, a request, heard reply, err error) {
	s := a.stay
	if err != nil {
		w.note("%s is not answered: %v", s.name, err)
		if a.kind != "look" {
			s.open = a.says
		}
		return
	}
	w.note("%s hears %v %s %+v %.90q", s.name, heard.Success, heard.Error, heard.Booking, heard.Message)
	switch {
	case a.kind == "look":
		w.looks(s, heard)
	case a.kind == "book" && heard.Booking.Name != "" && heard.Booking.Name != s.name:
		// He has one at that hour already, by the name that he gave then.
	case heard.Success:
		w.isTold(s, a, heard, true)
	case heard.Error == "temporary_failure" && heard.Booking.Code != "" && heard.Booking.Status == "processing":
		w.isTold(s, a, heard, false)
	case a.kind != "book" && (heard.Error == "not_found" || heard.Error == "not_allowed") && w.surelyLive(s):
		w.wrong("untrue", "%s hears %s: %s", s.name, heard.Error, heard.Message)
	}
}

// isTold notes that a request was acknowledged, and looks whether the answer says what was asked for.
func (w *world) isTold(s *stay, a request, heard reply, sure bool) {
	says := maps.Clone(a.says)
	if s.code == "" {
		s.code = heard.Booking.Code
	}
	w.said(s, "guest", sure, says)
	w.total.add(map[bool]string{true: "told: done", false: "told: being processed"}[sure], 1)
	for cell, has := range map[string]string{cDate: heard.Booking.Date, cTime: heard.Booking.Time, cParty: strconv.Itoa(heard.Booking.Party)} {
		if a.kind != "cancel" && a.kind != "confirm" && says[cell] != "" && heard.Booking.Date != "" && has != says[cell] {
			w.wrong("untrue", "%s asked for %v and hears %+v", s.name, says, heard.Booking)
		}
	}
}

// surelyLive reports whether the booking stands in every state since the round began.
func (w *world) surelyLive(s *stay) bool {
	return !slices.ContainsFunc(s.states(), func(state cells) bool { return !live(state[cStatus]) || state[cStatus] == "Sentada" })
}

// looks wants what a visitor hears of his booking to have been so since the round began.
func (w *world) looks(s *stay, heard reply) {
	if heard.Error == "temporary_failure" {
		return
	}
	b := heard.Booking
	for _, state := range s.states() {
		if !live(state[cStatus]) && (!heard.Success || b.Status == "cancelled") ||
			live(state[cStatus]) && heard.Success && b.Status != "cancelled" && b.Date == state[cDate] && b.Time == state[cTime] && strconv.Itoa(b.Party) == state[cParty] {
			return
		}
	}
	w.wrong("untrue", "%s hears %s %+v of his booking; %s", s.name, heard.Error, b, s.story())
}

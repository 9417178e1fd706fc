package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"maitre/booking"
)

// What the buttons of the journal's page do.
const (
	retryPath  = "/admin/libro/intentar"
	settlePath = "/admin/libro/resolver"
	seenPath   = "/admin/libro/visto"
)

// journalPage is what is not in the book yet, as the staff read it.
type journalPage struct {
	staffPage
	// Wrong: what was just done did not work.
	Wrong bool
	// Missing says how many bookings disappeared; empty: none.
	Missing string
	// Tryable: some wait for a person, and it helps to try them.
	Tryable bool
	Cases   []caseView
	// Aside are values that could not be read.
	Aside []asideView
}

// caseView is an entry of the journal in words.
type caseView struct {
	ID     string
	Parked bool
	// Changed: the staff changed the row meanwhile. Settled: a person settled it.
	// Missing: its row disappeared.
	Changed, Settled, Missing bool
	// Chip is its state, in a word or two.
	Chip string
	// Row is what the staff made of the row, where they changed it.
	Row string
	// Urgent: there is nothing to fix, and somebody must call the guest.
	Urgent bool
	Kind   string // a new booking, a change, a cancellation
	Day    string
	arrival
	Why   causeWords
	Tries string
	Next  string // when it is tried again; empty: not by itself
	Since string
	Offer []string
	Error string
	Fix   string
	// History is what failed, the newest last.
	History []failure
}

type failure struct{ At, Kind, Text string }

// What the address of the journal's page says was just done.
const (
	didRetry    = "intentada" // and is being attempted
	didRetryAll = "todas"
	didLook     = "vista" // that attempt has been waited for
	didSettle   = "resuelta"
	didNothing  = "ninguna" // it was not there any more
	didNotSay   = "sin-motivo"
	didSee      = "visto"
	didFail     = "fallo"
)

// journalPage answers GET /admin/libro.
func (s *site) journalPage(w http.ResponseWriter, r *http.Request) {
	entries, err := s.cfg.Journal.Entries(r.Context(), maxEntries)
	view := journalPage{staffPage: s.staffPage(r, journalPath, entries)}
	if err != nil {
		s.cfg.Log.ErrorContext(r.Context(), "journal for the staff", "error", err)
		s.staffProblem(w, view.page, http.StatusServiceUnavailable, view.Words.Staff.Case.NotRead, view.Words.Staff.NotReadHelp)
		return
	}
	// What needs a person first, and of each kind the oldest.
	slices.SortStableFunc(entries, func(a, b booking.JournalEntry) int { return rank(a) - rank(b) })
	answering := s.cfg.Journal.Answering()
	missing := 0
	for _, e := range entries {
		view.Cases = append(view.Cases, s.caseOf(view.page, e, answering))
		switch last := view.Cases[len(view.Cases)-1]; {
		case last.Missing:
			missing++
		case last.Parked && !last.Changed:
			view.Tryable = true
		}
	}
	switch words := view.Words.Staff.Case; missing {
	case 0:
	case 1:
		view.Missing = words.MissingOne
	default:
		view.Missing = strconv.Itoa(missing) + " " + words.Missing
	}
	view.Aside = s.aside(view.page, r)
	view.tell(w, r.URL.Query())
	s.render(w, http.StatusOK, "journal", view.Lang, view)
}

func rank(e booking.JournalEntry) int {
	if e.State == booking.EntryParked {
		return 0
	}
	return 1
}

// tell shows the result of the last action. An attempt and a settlement take a
// moment: the browser reloads once by itself for the result.
func (v *journalPage) tell(w http.ResponseWriter, asked url.Values) {
	words, id := v.Words.Staff.Case, asked.Get("id")
	waits := slices.ContainsFunc(v.Cases, func(c caseView) bool { return c.ID == id })
	switch asked.Get("hecho") {
	case didRetry, didLook:
		switch {
		case !waits:
			v.Said = words.Landed
		case asked.Get("hecho") == didLook:
			v.Said, v.Wrong = words.Remains, true
		default:
			v.Said = words.Trying
			w.Header().Set("Refresh", "2; url="+v.did(didLook, id))
		}
	case didRetryAll:
		v.Said = words.TryingAll
		w.Header().Set("Refresh", "3; url="+v.To(journalPath))
	case didSettle:
		v.Said = words.WasSettled
		if waits || id == missingEntries {
			w.Header().Set("Refresh", "2; url="+v.did(didSettle, ""))
		}
	case didSee:
		v.Said = v.Words.Staff.Aside.WasSeen
	case didNothing:
		v.Said = words.NoLonger
	case didNotSay:
		v.Said, v.Wrong = words.NoWhy, true
	case didFail:
		v.Said, v.Wrong = words.NotChanged, true
	}
}

// did is the address of the journal's page after something was done to an entry.
func (p staffPage) did(what, id string) string {
	address := p.To(journalPath) + "&hecho=" + what
	if id != "" {
		address += "&id=" + url.QueryEscape(id)
	}
	return address
}

// caseOf is an entry in words.
func (s *site) caseOf(p page, e booking.JournalEntry, answering bool) caseView {
	words, entry := p.Words.Staff.Case, s.viewEntry(e, answering)
	v := caseView{
		ID: e.ID, Day: p.Words.dayOf(e.Booking.Date, e.Booking.Time), arrival: s.arrival(p, e.Booking, booking.Pending),
		Kind: words.New, Chip: words.Pending, Why: words.Waits, Since: s.momentOf(p, e.Created), Error: entry.Error, Fix: entry.Fix,
	}
	switch {
	case e.Booking.Status == booking.Cancelled:
		v.Kind = words.Cancel
	case e.Was != nil && !booking.SameInRow(*e.Was, e.Booking): // what disappeared is no change
		v.Kind = words.Change
	}
	switch e.Tried {
	case 0:
		v.Tries = words.Untried
	case 1:
		v.Tries = words.TriedOnce
	default:
		v.Tries = strconv.Itoa(e.Tried) + " " + words.Tried
	}
	for _, a := range e.Attempts {
		v.History = append(v.History, failure{s.momentOf(p, a.At), a.Kind, a.Text})
	}
	if e.Parked == nil {
		switch {
		case !answering:
			v.Next = words.NextAnswers
		case e.Next.After(s.cfg.Desk.Now()):
			v.Next = words.Next + " " + s.momentOf(p, e.Next)
		default:
			v.Next = words.NextNow
		}
		if v.Settled = e.Settled != nil; v.Settled {
			v.Kind, v.Chip, v.Why = "", words.SettledChip, words.Settling
		}
		return v
	}
	v.Parked, v.Chip, v.Why = true, words.Parked, words.causes[e.Parked.Cause]
	v.Urgent = !e.Parked.Cause.Fixable() && e.Parked.Cause != booking.ParkedRecord
	if v.Missing = e.Parked.Cause == booking.ParkedMissing; v.Missing {
		v.Kind, v.Chip, v.Tries, v.Urgent = "", words.MissingChip, "", false
	}
	if v.Changed = e.Parked.Row != nil; v.Changed {
		v.Why, v.Row = words.Changed, s.rowOf(p, *e.Parked.Row)
	}
	for _, o := range e.Parked.Offer {
		v.Offer = append(v.Offer, s.moment(p, booking.Alternative(o)))
	}
	return v
}

// rowOf is what a row of the system of record says, in words.
func (s *site) rowOf(p page, row booking.Row) string {
	if row.Missing() {
		return p.Words.Staff.Case.RowGone
	}
	now := s.arrival(p, row.Booking, booking.Written)
	says := []string{p.Words.dayOf(row.Booking.Date, row.Booking.Time) + ", " + now.Time, now.Guests, now.Table, now.StatusText}
	if now.Notes != "" {
		says = append(says, "«"+now.Notes+"»")
	}
	return p.Words.Staff.Case.RowSays + " " + strings.Join(says, " · ") + "."
}

// retryFromPage answers the buttons that try an entry, or all that wait for a person.
func (s *site) retryFromPage(w http.ResponseWriter, r *http.Request) {
	id := r.PostForm.Get("id")
	_, err := s.retry(r.Context(), id)
	what := didRetry
	if id == allEntries || id == missingEntries {
		what, id = didRetryAll, ""
	}
	s.done(w, r, what, id, err)
}

// settleFromPage answers the button that says that an entry is settled.
func (s *site) settleFromPage(w http.ResponseWriter, r *http.Request) {
	id, err := s.settle(r.Context(), r.PostForm.Get("id"), r.PostForm.Get("why"))
	s.done(w, r, didSettle, id, err)
}

// done goes back to the journal and says there what was done.
func (s *site) done(w http.ResponseWriter, r *http.Request, what, id string, err error) {
	switch {
	case errors.Is(err, booking.ErrNotFound):
		what, id = didNothing, ""
	case errors.Is(err, errNoWhy):
		what, id = didNotSay, ""
	case err != nil:
		s.cfg.Log.ErrorContext(r.Context(), "journal for the staff", "error", err)
		what, id = didFail, ""
	}
	http.Redirect(w, r, s.staffPage(r, journalPath, nil).did(what, id), http.StatusSeeOther)
}

package web

import (
	"net/http"

	"github.com/julienschmidt/httprouter"
)

// routes returns the handler of all addresses.
func (s *site) routes() http.Handler {
	r := &routes{httprouter.New(), s}
	// A redirected POST loses its body with many callers, and nobody needs OPTIONS:
	// both are answered plainly.
	r.RedirectTrailingSlash, r.RedirectFixedPath, r.HandleOPTIONS = false, false, false
	r.NotFound = s.observeUnrouted(s.asPage(s.notFound))
	r.MethodNotAllowed = s.observeUnrouted(s.asAPI(http.HandlerFunc(s.methodNotAllowed)))

	r.get("/", s.asPage(s.home))
	r.get("/assets/:file", s.asPage(s.asset))

	r.get("/reservar", s.asPage(s.limited(s.asks, s.tooManyPage, s.timesPage)))
	r.handle(http.MethodPost, "/reservar", s.asGuestForm(s.bookPage))
	r.handle(http.MethodPost, "/espera", s.asGuestForm(s.waitPage))

	r.get("/reserva/:link", s.asPage(s.limited(s.asks, s.tooManyPage, s.ownPage)))
	r.get("/reserva/:link/cita.ics", s.asPage(s.limited(s.asks, s.tooManyPage, s.calendar)))
	r.handle(http.MethodPost, "/reserva/:link/cambiar", s.asGuestForm(s.changePage))
	r.handle(http.MethodPost, "/reserva/:link/cancelar", s.asGuestForm(s.cancelPage))

	r.get("/api/availability", s.asAPI(s.limited(s.asks, tooManyRequests, s.availability)))
	r.handle(http.MethodPost, "/api/bookings", s.asAPI(s.limited(s.forms, tooManyRequests, s.book)))
	r.handle(http.MethodPost, "/api/waitlist", s.asAPI(s.limited(s.forms, tooManyRequests, s.enlist)))

	r.handle(http.MethodPost, "/vapi", s.asAPI(s.cfg.VAPI))

	r.handle(http.MethodPost, "/whatsapp", s.asAPI(s.cfg.WhatsApp))
	r.handle(http.MethodPost, "/whatsapp/status", s.asAPI(s.cfg.WhatsAppStatus))
	if s.cfg.AirtablePing != nil {
		r.handle(http.MethodPost, "/airtable", s.asAPI(s.cfg.AirtablePing))
	}

	r.get(signInPath, s.asPage(private(s.signInForm)))
	r.handle(http.MethodPost, signInPath, s.asPage(private(sameOrigin(s.staffElsewhere, s.signIn))))
	r.handle(http.MethodPost, signOutPath, s.asPage(private(sameOrigin(s.staffElsewhere, s.signOut))))
	r.get(dayPath, s.asStaff(s.dayPage))
	r.get(journalPath, s.asStaff(s.journalPage))
	r.handle(http.MethodPost, retryPath, s.asStaffForm(s.retryFromPage))
	r.handle(http.MethodPost, settlePath, s.asStaffForm(s.settleFromPage))
	r.handle(http.MethodPost, seenPath, s.asStaffForm(s.seenFromPage))
	r.get(messagesPath, s.asStaff(s.messagesPage))

	r.get("/admin/api/journal", s.asAPI(s.staffOnly(s.staffJournal)))
	r.handle(http.MethodPost, "/admin/api/journal/:id/retry", s.asAPI(s.staffOnly(s.retryEntry)))
	r.handle(http.MethodPost, "/admin/api/journal/:id/settle", s.asAPI(s.staffOnly(s.settleEntry)))
	if s.cfg.KnownBase != nil {
		r.get("/admin/api/base", s.asAPI(s.staffOnly(s.knownBase)))
	}
	r.get("/admin/api/messages", s.asAPI(s.staffOnly(s.staffMessages)))
	r.get("/admin/api/bookings", s.asAPI(s.staffOnly(s.staffBookings)))

	r.get("/healthz", s.asAPI(http.HandlerFunc(s.healthz)))
	r.get("/readyz", s.asAPI(http.HandlerFunc(s.readyz)))
	r.get("/metrics", s.asAPI(s.metricsReaders(s.cfg.Metrics.handler())))
	return r
}

// routes is a router whose every route is measured, logged and recovered.
type routes struct {
	*httprouter.Router
	site *site
}

func (r *routes) handle(method, path string, h http.Handler) {
	r.Handler(method, path, r.site.observe(path, method, h))
}

// get serves GET, and HEAD with it: net/http drops the body by itself.
func (r *routes) get(path string, h http.Handler) {
	r.handle(http.MethodGet, path, h)
	r.handle(http.MethodHead, path, h)
}

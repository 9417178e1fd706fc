package web_test

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"maitre/booking"
	"maitre/web"
)

// TestPagesInARealBrowser looks at the pages as people do: on a phone and on a
// desk, by day and by night, in both languages.
func TestPagesInARealBrowser(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	long := func(c *web.Config) {
		c.PhoneConnected = false
		c.Restaurant.Name = "Restobar Donostiarra-Extraordinariamente Largo de la Vieja Guardia"
		c.Restaurant.Address = "Avenida de la República Argentina 112, bajo izquierda, 26007 Logroño (La Rioja)"
		c.Ready = func(context.Context) []web.Check { return []web.Check{{Name: "data_file"}} }
	}
	plain, wordy := open(t), open(t, long)
	wordy.restaurant.today = booking.DayHours{
		Date: thursday, Holiday: booking.Text{booking.Spanish: "Nochebuena"},
		Closure: booking.Text{booking.Spanish: "Cerramos para cenar en casa, como casi todo el mundo en esta ciudad."},
	}
	tests := map[string]struct {
		site   *site
		path   string
		width  int64
		scheme string
		shows  []string
	}{
		"phone":                 {plain, "/?lang=es", 390, "light", []string{"La Grajera", "+34 941 12 34 56", "Jueves 24 de diciembre", "En marcha"}},
		"phone at night":        {plain, "/?lang=en", 390, "dark", []string{"La Grajera", "+34 941 12 34 56", "Thursday 24 December", "Running"}},
		"small phone":           {wordy, "/?lang=es", 320, "light", []string{"Vieja Guardia", "+34 941 12 34 56", "Cerrado", "Parada"}},
		"desk":                  {plain, "/?lang=en", 1280, "light", []string{"La Grajera", "+34 941 12 34 56", "Closed", "Connected"}},
		"desk at night":         {wordy, "/?lang=es", 1280, "dark", []string{"Vieja Guardia", "+34 941 12 34 56", "Cerrado", "Sin conectar"}},
		"nothing here, phone":   {wordy, "/nada?lang=es", 390, "dark", []string{"Aquí no hay nada", "Volver al inicio"}},
		"nothing here, English": {plain, "/nada?lang=en", 1280, "light", []string{"There is nothing here", "Back to the start"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			look := browser.look(t, tt.site.URL+tt.path, tt.width, tt.scheme)
			look.check(t, tt.site.URL, tt.width, tt.shows)
		})
	}
}

// look is what a browser makes of a page.
type look struct {
	Width    int64
	Overflow int64
	Text     string   // what is to be seen
	Faint    []string // text that is hard to read on its ground
	Small    []string // links that are hard to hit

	requests, complaints []string
}

// check fails unless the page can be read and used by itself.
func (l look) check(t *testing.T, site string, width int64, shows []string) {
	t.Helper()
	if l.Width != width {
		t.Fatalf("the window is %d px wide, want %d", l.Width, width)
	}
	if l.Overflow > 0 {
		t.Errorf("the page is %d px wider than the window", l.Overflow)
	}
	for _, want := range shows {
		if !strings.Contains(l.Text, want) {
			t.Errorf("the page does not show %q; it shows:\n%s", want, l.Text)
		}
	}
	for _, faint := range l.Faint {
		t.Errorf("contrast below 4.5:1: %s", faint)
	}
	for _, small := range l.Small {
		t.Errorf("too small for a thumb: %s", small)
	}
	if len(l.requests) < 3 {
		t.Errorf("saw the page load only %q, want at least itself, its stylesheet and its icon", l.requests)
	}
	for _, address := range l.requests {
		if !strings.HasPrefix(address, site) && !strings.HasPrefix(address, "data:") { // the browser's own date picker has its icon in one
			t.Errorf("the page asks another host: %s", address)
		}
	}
	for _, complaint := range l.complaints {
		t.Errorf("the browser complains: %s", complaint)
	}
}

// measure runs in the page. Contrast is WCAG's, over the nearest ground that is painted.
const measure = `(() => {
  const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b };
  const colour = s => s.match(/[\d.]+/g).map(Number);
  const ground = e => { for (; e; e = e.parentElement) { const c = colour(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c.slice(0, 3) } return [255, 255, 255] };
  const faint = [], small = [];
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const a = light(colour(getComputedStyle(e).color).slice(0, 3)), b = light(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) faint.push(ratio.toFixed(2) + ' ' + e.textContent.trim());
  }
  for (const e of document.querySelectorAll('a:not(.skip), button')) {
    if (!e.checkVisibility()) continue;
    const box = e.getBoundingClientRect();
    if (box.height < 24 || box.width < 24) small.push(e.textContent.trim());
  }
  const root = document.documentElement;
  return {Width: root.clientWidth, Overflow: root.scrollWidth - root.clientWidth, Text: document.body.innerText, Faint: faint, Small: small};
})()`

type browser struct{ ctx context.Context }

// plainHost is a name of this machine that is none to a browser: what it shows
// over plain HTTP there is not secure to it, as it is at 127.0.0.1.
const plainHost = "mesas.example"

// newBrowser starts Chromium. It does not skip where there is none: a page that
// nobody looked at has not been tested.
func newBrowser(t *testing.T) browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Fatal("no Chromium to look at the pages with: run 'make deps', or 'apt-get update && apt-get install -y chromium'")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		// A loaded machine may take its time to start a browser.
		chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP "+plainHost+" 127.0.0.1"),
	)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return browser{ctx}
}

// look opens an address in a tab of its own.
func (b browser) look(t *testing.T, address string, width int64, scheme string) look {
	t.Helper()
	var mu sync.Mutex
	var seen look
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithListener(func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			seen.requests = append(seen.requests, e.Request.URL)
		case *cdplog.EventEntryAdded:
			// A page that says 404 is meant to.
			if !strings.Contains(e.Entry.Text, "404") {
				seen.complaints = append(seen.complaints, e.Entry.Text)
			}
		}
	}))
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	defer cancel()
	measured, err := chromedp.Run(ctx, func(ctx context.Context, tab *chromedp.Target) (look, error) {
		_, networkErr := cdp.Call(ctx, tab, network.Enable, network.EnableParams{})
		_, logErr := cdp.Call(ctx, tab, cdplog.Enable, cdp.Empty{})
		_, sizeErr := cdp.Call(ctx, tab, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: width, Height: 844, DeviceScaleFactor: 1, Mobile: width < 600,
		})
		_, mediaErr := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		_, openErr := chromedp.Navigate(address)(ctx, tab)
		if err := errors.Join(networkErr, logErr, sizeErr, mediaErr, openErr); err != nil {
			return look{}, err
		}
		return chromedp.Evaluate[look](measure)(ctx, tab)
	})
	if err != nil {
		t.Fatalf("look at %s: %v", address, err)
	}
	mu.Lock()
	defer mu.Unlock()
	measured.requests, measured.complaints = seen.requests, seen.complaints
	return measured
}

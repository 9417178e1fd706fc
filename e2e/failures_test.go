package e2e

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"maitre/store/airtable/airtabletest"
	"maitre/webhook/whatsapp/twilio/twiliotest"
)

// warm starts a desk whose book is an Airtable base, and waits until it has read it.
func warm(t *testing.T, env ...string) (*program, *airtabletest.Server) {
	t.Helper()
	p := start(t, env...)
	if !p.log.waitFor("all days were read") {
		t.Fatalf("the base was not read\n%s", p.log)
	}
	return p, base(t, p.dir, p.env)
}

// at are the variables of a command that speaks with the running program.
func (p *program) at() []string {
	p.t.Helper()
	u, err := url.Parse(p.url)
	if err != nil {
		p.t.Fatal(err)
	}
	return append(slices.Clone(p.env), "PORT="+u.Port())
}

func dinnerFor(n int, name string) call {
	return call{ID: fmt.Sprint("call", n), Tool: "t1", From: fmt.Sprintf("+3461234560%d", n), Name: "create_reservation",
		Args: map[string]any{"date": eve, "time": "21:00", "pax": 2, "customer_name": name}}
}

// TestWhatAPersonMustFixParksAndGoesOn breaks the base in ways that only a person
// can fix. The guest hears the truth at once, the entry says what to fix, and
// once it is fixed the booking goes into the book, by maitre check or by a retry.
func TestWhatAPersonMustFixParksAndGoesOn(t *testing.T) {
	t.Parallel()
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		spoil, fix func(t *testing.T, srv *airtabletest.Server)
		away       bool // it happens while the desk is not running
		cause      string
		says       []string // in what is wrong, or how to fix it
		shown      string   // in /readyz
	}{
		"a field made anew under another name while the desk was away": {
			func(t *testing.T, srv *airtabletest.Server) {
				must(t, srv.Staff().RemoveField("Reservas", "Nombre del Cliente"))
				_, err := srv.Staff().AddField("Reservas", airtabletest.Field{Name: "Nombre", Type: airtabletest.SingleLineText})
				must(t, err)
			},
			func(t *testing.T, srv *airtabletest.Server) {
				must(t, srv.Staff().RenameField("Reservas", "Nombre", "Nombre del Cliente"))
			}, true, "base", []string{"Nombre del Cliente", "airtable.bookings"}, "maitre check",
		},
		"a choice removed": {
			func(t *testing.T, srv *airtabletest.Server) {
				must(t, srv.Staff().RemoveChoice("Reservas", "Estado", "Confirmada"))
			},
			func(t *testing.T, srv *airtabletest.Server) {
				must(t, srv.Staff().AddChoice("Reservas", "Estado", "Confirmada"))
			}, false, "base", []string{"airtable init"}, "maitre check",
		},
		"a token revoked": {
			func(_ *testing.T, srv *airtabletest.Server) { srv.RevokeToken(srv.Token()) },
			func(_ *testing.T, srv *airtabletest.Server) { srv.AddToken(airtabletest.Token{Secret: "patRevoked"}) },
			false, "access", []string{"AIRTABLE_API_KEY"}, "AIRTABLE_API_KEY",
		},
		"a month's calls used up": {
			func(_ *testing.T, srv *airtabletest.Server) { srv.SpendQuota(true) },
			func(_ *testing.T, srv *airtabletest.Server) { srv.SpendQuota(false) },
			false, "quota", []string{"plan"}, "larger plan",
		},
	} {
		t.Run("airtable/"+name, func(t *testing.T) {
			t.Parallel()
			p, srv := warm(t, "REPLY_BUDGET=2s")
			token := srv.Token()
			if c.away {
				p.stop()
				c.spoil(t, srv)
				p = p.again()
			} else {
				c.spoil(t, srv)
			}
			told := p.ask(dinnerFor(1, "Ana"))
			if told.Success || told.Error != "temporary_failure" || told.Booking.Status != "processing" {
				t.Errorf("the guest heard %+v", told)
			}
			var parked entry
			p.until("parked", func() (bool, any) {
				entries := p.journal()
				if len(entries) == 1 && entries[0].State == "parked" {
					parked = entries[0]
				}
				return parked.ID != "", entries
			})
			for _, want := range c.says {
				if parked.Cause != c.cause || !strings.Contains(parked.Error+" "+parked.Fix, want) {
					t.Errorf("parked as %q: %q; fix: %q; want %s, and a word of %q", parked.Cause, parked.Error, parked.Fix, c.cause, want)
				}
			}
			if record := p.check("system_of_record"); record.OK || !strings.Contains(record.Detail, c.shown) {
				t.Errorf("/readyz says %+v, want %q", record, c.shown)
			}
			if code, out, _ := exit(t, p.at(), "check"); code != 1 || !strings.Contains(out, "wrong: ") {
				t.Errorf("check finds nothing wrong: %d\n%s", code, out)
			}
			c.fix(t, srv)
			if name == "a token revoked" {
				// A new token is a new start.
				p.stop()
				p = p.again("AIRTABLE_API_KEY=patRevoked")
				p.log.waitFor("all days were read") // or check and it would ask too much at once
			}
			code, out, stderr := exit(t, p.at(), "check")
			if code != 0 {
				t.Errorf("check after the fix: %d\n%s%s", code, out, stderr)
			}
			p.settled()
			p.agrees(eve)
			if record := p.check("system_of_record"); !record.OK {
				t.Errorf("once it is fixed, /readyz says %+v", record)
			}
			if booked := p.book(eve); len(booked) != 1 || booked[0].Status != "confirmed" {
				t.Errorf("in the book: %+v", booked)
			}
			if strings.Contains(out+stderr+p.log.String(), token) {
				t.Error("the token is told")
			}
			p.stop()
		})
	}
}

// readiness is a part of what /readyz says.
type readiness struct {
	Name, Detail string
	OK           bool
}

// check is what /readyz says of one part of a desk that is ready.
func (p *program) check(name string) readiness {
	p.t.Helper()
	status, _, got, err := p.do("GET", "/readyz", nil, nil)
	var said struct{ Checks []readiness }
	if err != nil || status != 200 || json.Unmarshal(got, &said) != nil {
		p.t.Fatalf("GET /readyz: %d %v %s", status, err, got)
	}
	for _, c := range said.Checks {
		if c.Name == name {
			return c
		}
	}
	p.t.Fatalf("/readyz says nothing of %s: %s", name, got)
	return readiness{}
}

// TestWhatTwilioRefusesIsShown: a token that is not accepted shows with the first
// message that does not leave, and the desk is ready all the same.
func TestWhatTwilioRefusesIsShown(t *testing.T) {
	t.Parallel()
	phone := twiliotest.Start(t, twiliotest.Options{})
	p := start(t, "TWILIO_ENDPOINT_URL="+phone.URL(), "TWILIO_ACCOUNT_SID="+phone.AccountSID(), "TWILIO_AUTH_TOKEN=of-another-account",
		"TWILIO_WHATSAPP_FROM=+34941000126", "TWILIO_SMS_FROM=+34941000126")
	if c := p.check("messages"); !c.OK {
		t.Errorf("before any message: %+v", c)
	}
	p.ask(dinnerFor(1, "Ana"))
	p.until("shown", func() (bool, any) {
		c := p.check("messages")
		return !c.OK && strings.Contains(c.Detail, "TWILIO_AUTH_TOKEN"), c
	})
	_, _, got, _ := p.do("GET", "/metrics", map[string]string{"Authorization": "Bearer " + testToken}, nil)
	if !strings.Contains(string(got), `maitre_dependency_trouble{dependency="Twilio"} 1`) {
		t.Error("/metrics does not show it")
	}
	p.stop()
}

// TestWhatIsRenamedDoesNoHarm: fields, tables and choices go by their IDs, also once
// the desk has looked at the base again, and after a restart.
func TestWhatIsRenamedDoesNoHarm(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		p, srv := warm(t, "AIRTABLE_POLL=200ms", "REPLY_BUDGET=2s")
		staff := srv.Staff()
		for _, err := range []error{
			staff.RenameField("Reservas", "Teléfono", "Móvil"), staff.RenameField("Mesas", "Capacidad", "Plazas"),
			staff.RenameChoice("Reservas", "Estado", "Confirmada", "✅"), staff.RenameTable("Reservas", "Libro"),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		looks := srv.Count(airtabletest.OpSchemaRead)
		p.until("the desk looked at the base again", func() (bool, any) {
			n := srv.Count(airtabletest.OpSchemaRead)
			return n > looks, n
		})
		// Changes are asked for anew once all of that was taken up.
		polls := srv.Count(airtabletest.OpPayloads)
		p.until("and took it up", func() (bool, any) {
			n := srv.Count(airtabletest.OpPayloads)
			return n > polls+1, n
		})
		booked := func(n int, name string) {
			t.Helper()
			told := p.ask(dinnerFor(n, name))
			if !told.Success || told.Booking.Status != "confirmed" {
				t.Errorf("%s was told %+v", name, told)
			}
			for _, r := range srv.Records("Libro") {
				if r.Fields["Nombre del Cliente"] == name && (r.Fields["Móvil"] != dinnerFor(n, "").From || r.Fields["Estado"] != "✅") {
					t.Errorf("the row of %s says %v", name, r.Fields)
				}
			}
			if record := p.check("system_of_record"); !record.OK {
				t.Errorf("/readyz says %+v", record)
			}
		}
		booked(1, "Ana")
		p.stop()
		p = p.again()
		booked(2, "Luis")
		code, out, stderr := exit(t, p.at(), "check")
		if code != 0 || strings.Contains(out, "wrong: ") || !strings.Contains(out, `phone = "Móvil"`) || strings.Contains(out, "press +") {
			t.Errorf("check: %d\n%s%s", code, out, stderr)
		}
		if code, out, stderr := exit(t, p.at(), "airtable", "init", "--dry-run"); code != 0 || !strings.Contains(out, "There is nothing to add") {
			t.Errorf("init: %d\n%s%s", code, out, stderr)
		}
		if booked := p.book(eve); len(booked) != 2 || booked[0].Status != "confirmed" || booked[1].Status != "confirmed" {
			t.Errorf("in the book %+v", booked)
		}
		if strings.Contains(p.log.String(), "is missing") {
			t.Error("the log says that something is missing")
		}
		p.stop()
	})
}

// TestTheJournalAtTheShell: what waits is listed, shown, retried and settled by
// the commands of the contract.
func TestTheJournalAtTheShell(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		p, srv := warm(t, "REPLY_BUDGET=2s")
		if err := srv.Staff().RemoveChoice("Reservas", "Estado", "Confirmada"); err != nil {
			t.Fatal(err)
		}
		p.ask(dinnerFor(1, "Ana"))
		p.ask(dinnerFor(2, "Luis"))
		p.until("two parked", func() (bool, any) {
			entries := p.journal()
			return len(entries) == 2 && entries[0].State == "parked" && entries[1].State == "parked", entries
		})
		entries := p.journal()
		first, second := entries[0].ID, entries[1].ID
		do := func(want int, args ...string) string {
			t.Helper()
			code, out, stderr := exit(t, p.at(), append([]string{"journal"}, args...)...)
			if code != want {
				t.Errorf("journal %v: exit %d, want %d\n%s%s", args, code, want, out, stderr)
			}
			return out + stderr
		}
		if out := do(0, "list"); !strings.Contains(out, first) || !strings.Contains(out, "parked (base)") || !strings.Contains(out, "Ana") {
			t.Errorf("list:\n%s", out)
		}
		if out := do(0, "show", first); !strings.Contains(out, "mend") || !strings.Contains(out, "Ana") || !strings.Contains(out, "attempts") {
			t.Errorf("show:\n%s", out)
		}
		do(2, "dance")
		do(1, "show", "01NOTHERE")
		do(1, "settle", second)
		do(0, "settle", second, "--why", "llamé a Luis: no viene")
		if left := p.journal(); len(left) != 1 || left[0].ID != first {
			t.Errorf("after settling one: %+v", left)
		}
		if booked := p.book(eve); len(booked) != 1 || booked[0].Name != "Ana" {
			t.Errorf("the settled booking still holds its table: %+v", booked)
		}
		if err := srv.Staff().AddChoice("Reservas", "Estado", "Confirmada"); err != nil {
			t.Fatal(err)
		}
		// What the desk knows of a choice that is missing is looked at again no
		// sooner than a few seconds later.
		p.until("written", func() (bool, any) {
			for _, e := range p.journal() {
				if e.State == "parked" {
					do(0, "retry", first)
				}
			}
			entries := p.journal()
			return len(entries) == 0, entries
		})
		if out := do(0, "list"); !strings.Contains(out, "empty") {
			t.Errorf("list at the end:\n%s", out)
		}
		p.agrees(eve)
		p.stop()
		if out := do(1, "list"); !strings.Contains(out, "no maitre is open") {
			t.Errorf("with no desk open:\n%s", out)
		}
	})
}

// TestAnOutageIsToldToGuestsAndStaff: while Airtable does not answer, each guest
// hears that the booking is being processed; the staff get one alert, not one for
// each; afterwards each guest is written to once, and the staff hear how it ended.
func TestAnOutageIsToldToGuestsAndStaff(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		post, public := twiliotest.Start(t, twiliotest.Options{}), newEntrance(t)
		const staff = "+34600111222"
		p, srv := warm(t, "REPLY_BUDGET=1s", "PUBLIC_URL="+public.url, "STAFF_PHONE="+staff,
			"TWILIO_ACCOUNT_SID="+post.AccountSID(), "TWILIO_AUTH_TOKEN="+post.Token(), "TWILIO_WHATSAPP_FROM=+34941000000", "TWILIO_ENDPOINT_URL="+post.URL())
		public.leadTo(t, p)
		lift := srv.Inject(airtabletest.Fault{Status: 503})
		codes := map[string]string{}
		for n := 1; n <= 6; n++ {
			told := p.ask(dinnerFor(n, fmt.Sprint("Guest ", n)))
			if told.Error != "temporary_failure" || told.Booking.Status != "processing" || !strings.Contains(told.Message, "le escribimos") {
				t.Errorf("guest %d heard %+v", n, told)
			}
			codes["whatsapp:"+dinnerFor(n, "").From] = told.Booking.Code
		}
		to := func(phone string) (got []twiliotest.Message) {
			for _, m := range post.Messages() {
				if m.To == "whatsapp:"+phone {
					got = append(got, m)
				}
			}
			return got
		}
		p.until("the staff are alerted", func() (bool, any) { got := to(staff); return len(got) > 0, got })
		if alert := to(staff)[0].Body; !strings.Contains(alert, "Guest") || !strings.Contains(alert, "/admin") || !strings.Contains(alert, "24 de diciembre") {
			t.Errorf("the alert says %q", alert)
		}
		lift()
		p.settled()
		p.until("everybody is told", func() (bool, any) { got := post.Messages(); return len(got) >= 8, got })
		p.stop() // waits for what is under way
		for phone, code := range codes {
			got := to(strings.TrimPrefix(phone, "whatsapp:"))
			if len(got) != 1 || !strings.Contains(got[0].Body, code) {
				t.Errorf("%s, whose code is %s, got %+v", phone, code, got)
			}
		}
		if got := to(staff); len(got) != 2 || !strings.Contains(got[1].Body, "6") {
			t.Errorf("the staff got %+v, want an alert, and how it ended", got)
		}
	})
}

// TestTheTableGivenAwayMeanwhile: the staff type a booking onto the table of one
// that waits. Where another table is free, the booking moves there; where none
// is, it waits for a person with other times at hand. No table is ever given twice.
func TestTheTableGivenAwayMeanwhile(t *testing.T) {
	t.Parallel()
	t.Run("airtable/none left", func(t *testing.T) {
		t.Parallel()
		p, srv := warm(t, restaurantFile(t, oneTable), "REPLY_BUDGET=1s")
		lift := srv.Inject(airtabletest.Fault{Status: 503})
		book := dinnerFor(1, "Ana")
		if told := p.ask(book); told.Booking.Status != "processing" {
			t.Fatalf("told %+v", told)
		}
		var table string
		for _, r := range srv.Records("Mesas") {
			table = r.ID
		}
		if _, err := srv.Staff().Create("Reservas", map[string]any{"Nombre del Cliente": "Cena de empresa", "Fecha de Reserva": eve,
			"Hora": time.Date(2026, 12, 24, 20, 0, 0, 0, time.UTC), "Cantidad de Personas": 2, "Estado": "Confirmada", "Mesa": []string{table}}); err != nil {
			t.Fatal(err)
		}
		lift()
		var parked entry
		p.until("parked", func() (bool, any) {
			for _, e := range p.journal() {
				if e.State == "parked" {
					parked = e
				}
			}
			return parked.ID != "", p.journal()
		})
		if parked.Cause != "conflict" || len(parked.Alternatives) == 0 {
			t.Errorf("parked as %+v", parked)
		}
		for _, r := range srv.Records("Reservas") {
			if r.Fields["Nombre del Cliente"] == "Ana" {
				t.Errorf("written all the same: %+v", r)
			}
		}
		p.stop()
	})
	t.Run("airtable/another table", func(t *testing.T) {
		t.Parallel()
		p, srv := warm(t, "REPLY_BUDGET=1s")
		lift := srv.Inject(airtabletest.Fault{Status: 503})
		told := p.ask(dinnerFor(1, "Ana"))
		if told.Booking.Status != "processing" {
			t.Fatalf("told %+v", told)
		}
		if _, err := srv.Staff().Create("Reservas", map[string]any{"Nombre del Cliente": "Marta", "Fecha de Reserva": eve,
			"Hora": time.Date(2026, 12, 24, 20, 0, 0, 0, time.UTC), "Cantidad de Personas": 2, "Estado": "Confirmada", "Mesa": []string{told.Booking.Table}}); err != nil {
			t.Fatal(err)
		}
		lift()
		p.settled()
		tables := map[string]string{}
		for _, b := range p.book(eve) {
			if other := tables[b.Table]; other != "" {
				t.Errorf("%s and %s share %s", other, b.Name, b.Table)
			}
			tables[b.Table] = b.Name
		}
		if len(tables) != 2 || tables[told.Booking.Table] != "Marta" {
			t.Errorf("the tables: %v; Ana had %s", tables, told.Booking.Table)
		}
		p.stop()
	})
}

// TestAFullDisk: the guest hears that the booking could not be taken, nothing
// that was acknowledged is lost, and with room again the desk goes on.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"file", "airtable"} {
		t.Run(mode+"/", func(t *testing.T) {
			t.Parallel()
			p := start(t)
			acknowledged := map[string]bool{}
			for n := 1; n <= 3; n++ {
				if told := p.ask(dinnerFor(n, "Ana")); told.Success {
					acknowledged[told.Booking.Code] = true
				}
			}
			p.settled()
			p.stop()
			full := onSmallDisk(t, p)
			if disk := full.check("disk"); disk.OK || !strings.Contains(disk.Detail, "make room") || !full.check("data_file").OK {
				t.Errorf("before anything fails, /readyz says %+v", disk)
			}
			refused := 0
			for n := range 400 {
				c := call{ID: fmt.Sprint("full", n), Tool: "t1", From: fmt.Sprintf("+346%08d", n), Name: "create_reservation",
					Args: map[string]any{"date": fmt.Sprintf("2026-12-%02d", 9+n%14), "time": fmt.Sprintf("%d:%02d", 13+n%2, 15*(n%4)), "pax": 1,
						"customer_name": "Eva", "notes": strings.Repeat("x", 180)}}
				told := full.ask(c)
				switch {
				case told.Success:
					acknowledged[told.Booking.Code] = true
				case told.Error == "temporary_failure" && told.Booking.Code == "":
					refused++
				case told.Error == "temporary_failure":
					acknowledged[told.Booking.Code] = true
				}
				if refused >= 5 {
					break
				}
			}
			if refused < 5 {
				t.Fatalf("the disk never filled up: %d acknowledged", len(acknowledged))
			}
			full.stop()
			p = startIn(t, p.dir, p.env...) // on the file that was copied back
			p.settled()
			held := map[string]bool{}
			for day := 9; day <= 24; day++ {
				date := fmt.Sprintf("2026-12-%02d", day)
				for _, b := range p.book(date) {
					held[b.Code] = true
				}
				p.agrees(date)
			}
			for code := range acknowledged {
				if !held[code] {
					t.Errorf("%s was acknowledged and is not there", code)
				}
			}
			if len(held) != len(acknowledged) {
				t.Errorf("%d in the book, %d acknowledged", len(held), len(acknowledged))
			}
			p.stop()
			t.Logf("%d acknowledged, %d refused", len(acknowledged), refused)
		})
	}
}

// onSmallDisk starts the program again on a disk that has room for little more
// than its data file: a small file system in memory, in a mount namespace of its own.
func onSmallDisk(t *testing.T, was *program) *program {
	t.Helper()
	disk := filepath.Join(was.dir, "small")
	if err := os.MkdirAll(disk, 0o700); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(was.dir, "data")
	var taken syscall.Stat_t
	if err := syscall.Stat(filepath.Join(data, "maitre.db"), &taken); err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf(`mount -t tmpfs -o size=%[1]d none %[2]s && cp %[3]s/maitre.db %[2]s/ || exit 9
%[4]s serve & pid=$!
trap "kill -TERM $pid" TERM
wait $pid; wait $pid; code=$?
cp %[2]s/maitre.db %[3]s/maitre.db
exit $code`, taken.Blocks*512+256<<10, disk, data, binary)
	return startAs(t, was.dir, append(slices.Clone(was.env), "DATA_DIR="+disk), func(cmd *exec.Cmd) {
		cmd.Path, cmd.Args = "/bin/sh", []string{"sh", "-c", script}
		cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
		if os.Geteuid() != 0 {
			cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
			cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
			cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
		}
	})
}

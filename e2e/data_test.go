package e2e

import (
	"bytes"
	"encoding/json"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"maitre/store/airtable/airtabletest"
	"maitre/webhook/whatsapp/twilio/twiliotest"
)

// staffOf are the variables of a desk that can write to guests and staff.
func staffOf(post *twiliotest.Server) []string {
	return []string{
		"STAFF_PHONE=" + staffPhone, "TWILIO_ACCOUNT_SID=" + post.AccountSID(), "TWILIO_AUTH_TOKEN=" + post.Token(),
		"TWILIO_WHATSAPP_FROM=+34941000126", "TWILIO_SMS_FROM=+34941000127", "TWILIO_ENDPOINT_URL=" + post.URL(),
		"RETRY_TICK=200ms", "ADMIN_PASSWORD=a-password-for-tests-only",
	}
}

// toStaff are the messages to the staff that say something.
func toStaff(post *twiliotest.Server, says string) (got []string) {
	for _, m := range post.Messages() {
		if strings.HasSuffix(m.To, staffPhone) && strings.Contains(m.Body, says) {
			got = append(got, m.Body)
		}
	}
	return got
}

// damage writes to the restaurant's part of the data file of a desk that is stopped.
func damage(t *testing.T, p *program, fn func(bucket func(string) *bbolt.Bucket) error) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(p.dir, "data", "maitre.db"), 0o600, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		return fn(func(name string) *bbolt.Bucket { return tx.Bucket([]byte("candil-y-parra")).Bucket([]byte(name)) })
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// spoilOne overwrites the value of a bucket that holds a word.
func spoilOne(t *testing.T, b *bbolt.Bucket, word string, with string) error {
	t.Helper()
	cursor := b.Cursor()
	for k, v := cursor.First(); k != nil; k, v = cursor.Next() {
		if bytes.Contains(v, []byte(word)) {
			return b.Put(bytes.Clone(k), []byte(with))
		}
	}
	t.Fatalf("no value holds %q", word)
	return nil
}

// TestOneBadValueDoesNotStopTheRest: a value of each kind in the data file is
// damaged, or of a newer format. The rest is listed, written and sent, and a
// person is told, once, on every way there is.
func TestOneBadValueDoesNotStopTheRest(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		post := twiliotest.Start(t, twiliotest.Options{})
		p, srv := warm(t, append(staffOf(post), "REPLY_BUDGET=2s")...)
		for n, name := range []string{"Ana", "Berta"} {
			if told := p.ask(dinnerFor(n+1, name)); !told.Success {
				t.Fatalf("%+v", told)
			}
		}
		p.settled()
		srv.Inject(airtabletest.Fault{Status: 503})
		for n, name := range []string{"Carla", "Dora"} {
			if told := p.ask(dinnerFor(n+3, name)); told.Booking.Status != "processing" {
				t.Fatalf("%+v", told)
			}
		}
		p.stop()
		srv.LiftFaults()
		const newer, bad = `{"v":9,"value":["another","shape"],"id":7}`, `{"v":1,"value":{"id"`
		spoilt := 0
		damage(t, p, func(bucket func(string) *bbolt.Bucket) error {
			for _, v := range [][3]string{
				{"journal", "Carla", newer}, {"bookings", "Ana", bad}, {"archive", "Ana", bad}, {"days", "", newer}, {"tables", "", bad},
			} {
				spoilt++
				if err := spoilOne(t, bucket(v[0]), v[1], v[2]); err != nil {
					return err
				}
			}
			const message = "00000000000000000000000000"
			for _, v := range [][3]string{
				{"outbox", message, bad}, {"waitlist", eve + message, bad}, {"dialogues", "+34600000009", bad}, {"phones", "+34600000009", newer}, {"feed", "hook", bad},
				{"outbox_states", "waiting\x00" + message, ""}, {"outbox_due", "\x00\x00\x00\x00\x00\x00\x00\x00\x01" + message, ""},
			} {
				if v[2] != "" {
					spoilt++
				}
				if err := bucket(v[0]).Put([]byte(v[1]), []byte(v[2])); err != nil {
					return err
				}
			}
			return nil
		})

		p = p.again()
		p.log.waitFor("all days were read")
		var parked entry
		p.until("all others are written, and the one that could not be read waits for a person", func() (bool, any) {
			entries := p.journal()
			if len(entries) == 1 && entries[0].State == "parked" {
				parked = entries[0]
			}
			return parked.ID != "", entries
		})
		if parked.Cause != "data" || parked.Booking.Name != "Carla" || parked.Fix == "" {
			t.Errorf("parked: %+v", parked)
		}
		if told := p.ask(dinnerFor(5, "Eva")); !told.Success {
			t.Errorf("a new guest heard %+v", told)
		}
		var names []string
		for _, b := range p.book(eve) {
			names = append(names, b.Name)
		}
		if got := strings.Join(names, " "); len(names) != 5 {
			t.Errorf("on that day: %s, want all five", got)
		}
		p.until("Dora is written to", func() (bool, any) {
			got := post.Messages()
			for _, m := range got {
				if strings.Contains(m.Body, "Dora") && strings.HasSuffix(m.To, dinnerFor(4, "").From) {
					return true, got
				}
			}
			return false, got
		})
		p.until("the staff are told", func() (bool, any) {
			got := toStaff(post, "no se puede")
			return len(got) > 0, got
		})

		p.until("/readyz says so", func() (bool, any) {
			c := p.check("data")
			return !c.OK && strings.Contains(c.Detail, "1 of waitlist") && strings.Contains(c.Detail, "Pendientes"), c
		})
		_, _, metrics, _ := p.do("GET", "/metrics", map[string]string{"Authorization": "Bearer " + testToken}, nil)
		for _, want := range []string{`maitre_quarantined_values{bucket="outbox"} 1`, `maitre_quarantined_values{bucket="dialogues"} 1`} {
			if !strings.Contains(string(metrics), want) {
				t.Errorf("/metrics lacks %s", want)
			}
		}
		if code, out, stderr := exit(t, p.at(), "journal", "list"); code != 0 || !strings.Contains(out, "values of the data file could not be read") || !strings.Contains(out, "Carla") {
			t.Errorf("journal list: %d\n%s%s", code, out, stderr)
		}
		cookie := p.signsIn(p.password())
		page := p.reads("/admin/libro?lang=es", cookie)
		p.wants(page, "Alguien de la lista de espera no se puede leer", "Un mensaje no se puede leer", "No se puede leer si ya pasó al libro", "Carla", "versión más nueva")
		p.presses("/admin/libro/visto", cookie, url.Values{"id": {between(page, `id="aside-`, `"`)}, "lang": {"es"}}, "Visto.")
		p.until("the log tells of each once", func() (bool, any) {
			n := strings.Count(p.log.String(), "could not be read; it was put aside whole")
			return n == spoilt, n
		})

		p.decides(parked.ID+"/retry", nil)
		p.settled()
		p.agrees(eve)
		p.stop()
		p = p.again()
		p.settled()
		p.stop()
		if got := toStaff(post, "no se puede"); len(got) != 1 {
			t.Errorf("the staff were told %q, want it once", got)
		}
		if strings.Contains(p.log.String(), "could not be read; it was put aside whole") {
			t.Error("the log tells of it again after a restart")
		}
	})
	t.Run("file/", func(t *testing.T) {
		post := twiliotest.Start(t, twiliotest.Options{})
		p := start(t, staffOf(post)...)
		ana := p.ask(dinnerFor(1, "Ana"))
		p.ask(dinnerFor(2, "Berta"))
		p.stop()
		damage(t, p, func(bucket func(string) *bbolt.Bucket) error { return spoilOne(t, bucket("bookings"), "Ana", "{") })
		p = p.again()
		if booked := p.book(eve); len(booked) != 1 || booked[0].Name != "Berta" {
			t.Errorf("on that day: %+v", booked)
		}
		if told := p.ask(dinnerFor(3, "Carla")); !told.Success {
			t.Errorf("a new guest heard %+v", told)
		}
		p.until("the staff are told", func() (bool, any) {
			got := toStaff(post, "sus mesas pueden darse a otros")
			return len(got) == 1, got
		})
		cookie := p.signsIn(p.password())
		p.wants(p.reads("/admin/libro?lang=es", cookie), "Una reserva guardada no se puede leer", ana.Booking.Code, "24 de diciembre", `href="tel:&#43;34612345601"`)
		var said struct {
			Quarantined []struct{ Code, Phone string }
		}
		_, _, got, _ := p.do("GET", "/admin/api/journal", map[string]string{"Authorization": "Bearer " + testToken}, nil)
		if json.Unmarshal(got, &said) != nil || len(said.Quarantined) != 1 || said.Quarantined[0].Code != ana.Booking.Code {
			t.Errorf("the API says %s", got)
		}
		p.stop()
	})
}

// between is what stands between two words.
func between(text, before, after string) string {
	_, rest, _ := strings.Cut(text, before)
	found, _, _ := strings.Cut(rest, after)
	return found
}

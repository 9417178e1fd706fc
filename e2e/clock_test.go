package e2e

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"maitre/store/airtable/airtabletest"
)

// logged waits until the log holds one of several texts.
func (p *program) logged(texts ...string) {
	p.t.Helper()
	p.until("logged one of: "+strings.Join(texts, "; "), func() (bool, any) {
		log := p.log.String()
		for _, text := range texts {
			if strings.Contains(log, text) {
				return true, nil
			}
		}
		return false, "nothing of it"
	})
}

// A machine whose clock is wrong for one start has lost nothing when it is right
// again: no booking, and not the answer that a repeat must get.
func TestOneStartWithAClockYearsAheadLosesNothing(t *testing.T) {
	both(t, testOneStartWithAClockYearsAheadLosesNothing)
}

func testOneStartWithAClockYearsAheadLosesNothing(t *testing.T) {
	p := start(t, "RETENTION_DAYS=30")
	ana := anasBooking("call1", "t1", "+34612345678").body()
	first := p.post(ana)
	p.settled()
	before := p.book(eve)
	p.stop()
	p = p.again("MAITRE_NOW=2028-11-23T13:00:00+01:00")
	p.logged("removed what is older", "nothing is deleted")
	if clock := p.check("clock"); clock.OK || !strings.Contains(clock.Detail, "2028-11-23") {
		t.Errorf("/readyz says %+v of a clock that is two years ahead", clock)
	}
	p.stop()
	p = p.again("MAITRE_NOW=2026-11-23T14:00:00+01:00")
	after := p.book(eve)
	if len(before) != 1 || len(after) != 1 || after[0] != before[0] {
		t.Errorf("before the clock was wrong %+v, after it %+v", before, after)
	}
	if again := p.post(ana); !bytes.Equal(again, first) {
		t.Errorf("a repeat hears %s, first was %s", again, first)
	}
	if clock := p.check("clock"); !clock.OK {
		t.Errorf("/readyz says %+v of a clock that is right again", clock)
	}
	p.stop()
}

// Days that were read under a clock that was ahead are not taken for read after a
// record of changes that began later.
func TestDaysReadUnderAClockAheadAreReadAgain(t *testing.T) {
	t.Parallel()
	t.Run("airtable/ahead", func(t *testing.T) {
		t.Parallel()
		p := start(t, "MAITRE_NOW=2026-11-23T15:00:00+01:00")
		p.logged("all days were read")
		srv := base(t, p.dir, p.env)
		p.ask(dinnerFor(1, "Ana"))
		p.settled()
		p.stop()
		srv.Advance(8 * 24 * time.Hour) // the webhook ends
		cancelsAll(t, srv)
		p = p.again("MAITRE_NOW=2026-11-23T13:00:00+01:00")
		p.logged("all days were read")
		for _, b := range p.book(eve) {
			if b.Status != "cancelled" {
				t.Errorf("the staff cancelled it in Airtable, and the desk says %+v", b)
			}
		}
		p.stop()
	})
}

// cancelsAll has the staff cancel every booking.
func cancelsAll(t *testing.T, srv *airtabletest.Server) {
	t.Helper()
	rows := srv.Records("Reservas")
	if len(rows) == 0 {
		t.Fatal("no rows to cancel")
	}
	for _, row := range rows {
		if _, err := srv.Staff().Update("Reservas", row.ID, map[string]any{"Estado": "Cancelada"}); err != nil {
			t.Fatal(err)
		}
	}
}

// A booking that waits, and is looked at under a clock by which its time is over,
// goes into the book once the clock is right.
func TestWhatAClockAheadTookForPastGoesOn(t *testing.T) {
	t.Parallel()
	t.Run("airtable/past", func(t *testing.T) {
		t.Parallel()
		p, srv := warm(t, "REPLY_BUDGET=400ms")
		lift := srv.Inject(airtabletest.Fault{Ops: airtabletest.Writes(), Status: 503})
		p.ask(dinnerFor(1, "Ana"))
		p.stop()
		lift()
		p = p.again("MAITRE_NOW=2028-11-23T13:00:00+01:00")
		p.until("parked as past", func() (bool, any) {
			entries := p.journal()
			return len(entries) == 1 && entries[0].Cause == "past", entries
		})
		p.stop()
		p = p.again("MAITRE_NOW=2026-11-23T14:00:00+01:00")
		p.settled()
		if booked := p.book(eve); len(booked) != 1 || booked[0].Status != "confirmed" {
			t.Errorf("booked: %+v", booked)
		}
		p.agrees(eve)
		p.stop()
	})
}

package booking_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"maitre/booking"
)

// stood is a booking as the system of record may hold it.
func stood() booking.Booking {
	start := time.Date(2026, 12, 3, 20, 0, 0, 0, time.UTC)
	return booking.Booking{
		ID: "01B", Code: "K7QF", Name: "Ana", Phone: "+34600000001", Date: on("2026-12-03"), Time: at("21:00"), Party: 2,
		Start: start, End: start.Add(90 * time.Minute), Service: "dinner", Tables: []string{"T1"}, Zone: "terraza", Status: booking.Confirmed,
		Channel: booking.ByPhone, Notes: "celíaca",
	}
}

// changes are what a guest may wish or a person may do to a row, each of one thing.
var changes = map[string]func(*booking.Booking){
	"when": func(b *booking.Booking) {
		b.Time, b.HourUnknown = b.Time+60, false
		b.Start = b.Start.Add(time.Hour)
		b.End = b.Start.Add(90 * time.Minute)
	},
	"day": func(b *booking.Booking) {
		b.Date = b.Date.AddDays(1)
		b.Start, b.End = b.Start.AddDate(0, 0, 1), b.End.AddDate(0, 0, 1)
	},
	"hour": func(b *booking.Booking) { // at the clock that the service begins at, for all of it
		b.HourUnknown = true
		b.End = b.Start.Add(24 * time.Hour)
	},
	"party":  func(b *booking.Booking) { b.Party += 2; b.End = b.End.Add(30 * time.Minute) },
	"tables": func(b *booking.Booking) { b.Tables = []string{"T" + b.Tables[0]} },
	"name":   func(b *booking.Booking) { b.Name += " García" },
	"phone":  func(b *booking.Booking) { b.Phone += "9" },
	"notes":  func(b *booking.Booking) { b.Notes += "; trona" },
	"zone":   func(b *booking.Booking) { b.AskedZone += "interior" },
	"cancel": func(b *booking.Booking) { b.Status = booking.Cancelled },
	"seat":   func(b *booking.Booking) { b.Status = booking.Seated },
}

func changed(b booking.Booking, what ...string) booking.Booking {
	for _, w := range what {
		changes[w](&b)
	}
	return b
}

func entryOf(was *booking.Booking, wish booking.Booking, passed ...booking.Booking) booking.JournalEntry {
	return booking.JournalEntry{ID: "01E", Booking: wish, Was: was, Passed: passed, Rev: 1 + len(passed)}
}

func rowAs(b booking.Booking) booking.Row { return booking.Row{Record: "rec1", Booking: b} }

func TestMerge(t *testing.T) {
	t.Parallel()
	was := stood()
	settled := func(e booking.JournalEntry) booking.JournalEntry {
		e.Settled = &booking.Settled{Why: "visto"}
		return e
	}
	settledGone := func(e booking.JournalEntry) booking.JournalEntry {
		e.Settled = &booking.Settled{Why: "visto", Gone: true}
		return e
	}
	insisting := func(e booking.JournalEntry) booking.JournalEntry {
		e.Insist = true
		return e
	}
	insisted := changed(was, "when", "notes", "party") // and two more stay as long as two more do
	insistedAll := changed(was, "when")
	insistedAll.Notes = changed(was, "notes").Notes // nothing that was noted is lost
	for _, c := range []struct {
		name  string
		entry booking.JournalEntry
		row   booking.Row
		want  booking.Booking
		clash []booking.Clash
	}{
		{"nobody touched it", entryOf(&was, changed(was, "when")), rowAs(was), changed(was, "when"), nil},
		{"written already, unheard", entryOf(&was, changed(was, "when")), rowAs(changed(was, "when")), changed(was, "when"), nil},
		{"an older wish arrived", entryOf(&was, changed(was, "day"), changed(was, "when")), rowAs(changed(was, "when")), changed(was, "day"), nil},
		{"the staff changed another thing", entryOf(&was, changed(was, "when")), rowAs(changed(was, "tables")), changed(was, "when", "tables"), nil},
		{"the staff changed the same", entryOf(&was, changed(was, "when")), rowAs(changed(was, "day")), changed(was, "day"), []booking.Clash{booking.ClashWhen}},
		{"both did the same", entryOf(&was, changed(was, "when")), rowAs(changed(was, "when", "tables")), changed(was, "when", "tables"), nil},
		{"a note of the staff stays", entryOf(&was, changed(was, "when")), rowAs(changed(was, "notes")), changed(was, "when", "notes"), nil},
		{"the staff cancelled", entryOf(&was, changed(was, "when")), rowAs(changed(was, "cancel")), changed(was, "when", "cancel"), []booking.Clash{booking.ClashStatus}},
		{"both cancelled", entryOf(&was, changed(was, "cancel")), rowAs(changed(was, "cancel")), changed(was, "cancel"), nil},
		{"the guest cancels, and sits", entryOf(&was, changed(was, "cancel")), rowAs(changed(was, "seat")), changed(was, "seat"), []booking.Clash{booking.ClashStatus}},
		{"a change of who sits", entryOf(&was, changed(was, "when")), rowAs(changed(was, "seat")), changed(was, "when", "seat"), []booking.Clash{booking.ClashStatus}},
		{"a person insists: the guest's hour, the staff's note", insisting(entryOf(&was, changed(was, "when"))), rowAs(changed(was, "day", "notes", "party")), insisted, nil},
		{"a person insists on what was cancelled", insisting(entryOf(&was, changed(was, "when"))), rowAs(changed(was, "cancel")), changed(was, "when"), nil},
		{"a person insists on a cancellation of who sits", insisting(entryOf(&was, changed(was, "cancel"))), rowAs(changed(was, "seat", "notes")), changed(was, "cancel", "notes"), nil},
		{"a person insists on what was deleted", insisting(entryOf(nil, changed(was, "when"))), booking.Row{Record: "rec1"}, changed(was, "when"), nil},
		{"a person insists on all of it", insisting(entryOf(nil, changed(was, "when"))), rowAs(changed(was, "notes", "tables")), insistedAll, nil},
		{"the staff emptied the hour", entryOf(&was, changed(was, "notes")), rowAs(changed(was, "hour")), changed(was, "notes", "hour"), nil},
		{"deleted", entryOf(&was, changed(was, "when")), booking.Row{}, changed(was, "when"), []booking.Clash{booking.ClashGone}},
		{"deleted, and cancelled here", entryOf(&was, changed(was, "cancel")), booking.Row{}, changed(was, "cancel"), nil},
		{"new", entryOf(nil, was), booking.Row{}, was, nil},
		{"new, arrived unheard", entryOf(nil, was), rowAs(was), was, nil},
		{"new, arrived unheard, and the staff moved it", entryOf(nil, was), rowAs(changed(was, "tables", "notes")), changed(was, "tables", "notes"), nil},
		{"new, arrived unheard, and the staff cancelled it", entryOf(nil, was), rowAs(changed(was, "cancel")), changed(was, "cancel"), []booking.Clash{booking.ClashStatus}},
		{"settled new, arrived", settled(entryOf(nil, changed(was, "cancel"), was)), rowAs(was), changed(was, "cancel"), nil},
		{"settled new, arrived and seated", settled(entryOf(nil, changed(was, "cancel"), was)), rowAs(changed(was, "seat")), changed(was, "seat"), nil},
		{"settled change, arrived", settled(entryOf(&was, was, changed(was, "when"))), rowAs(changed(was, "when")), was, nil},
		{"settled change, and the staff have moved it", settled(entryOf(&was, was, changed(was, "day", "tables"))), rowAs(changed(was, "when", "tables")), changed(was, "when", "tables"), nil},
		{"settled change, deleted", settled(entryOf(&was, was, changed(was, "when"))), booking.Row{}, was, []booking.Clash{booking.ClashGone}},
		{"settled change, known to be deleted", settledGone(entryOf(&was, was, changed(was, "when"))), booking.Row{}, changed(was, "cancel"), nil},
	} {
		got, clash := booking.Merge(c.entry, c.row)
		if diff := cmp.Diff(c.want, got); diff != "" || !slices.Equal(clash, c.clash) {
			t.Errorf("%s: clashes %v, want %v\n(-want +got)\n%s", c.name, clash, c.clash, diff)
		}
	}
}

// What a person put into the row is in the merged booking, or there is a clash that
// says that it is not settled whose word stands; what the guest wants is in it
// unless there is a clash; and notes lose no word of either.
func TestMergeOverridesNobodySilently(t *testing.T) {
	t.Parallel()
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range changes {
			if !yield(name) {
				return
			}
		}
	})
	rapid.Check(t, func(rt *rapid.T) {
		some := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 4, rapid.ID[string])
		was := stood()
		if rapid.Bool().Draw(rt, "no hour") {
			was = changed(was, "hour")
		}
		wish, row := changed(was, some.Draw(rt, "guest")...), changed(was, some.Draw(rt, "staff")...)
		entry := entryOf(&was, wish)
		if rapid.Bool().Draw(rt, "an older wish") {
			entry.Passed = append(entry.Passed, changed(was, some.Draw(rt, "older")...))
		}
		merged, clashes := booking.Merge(entry, rowAs(row))
		if len(clashes) > 0 {
			return
		}
		ours := append([]booking.Booking{was, wish}, entry.Passed...)
		for what, of := range map[string]func(booking.Booking) string{
			"name":   func(b booking.Booking) string { return b.Name },
			"phone":  func(b booking.Booking) string { return string(b.Phone) },
			"tables": func(b booking.Booking) string { return strings.Join(b.Tables, "+") },
			"when":   func(b booking.Booking) string { return b.Date.String() + b.Time.String() + fmt.Sprint(b.HourUnknown) },
			"party":  func(b booking.Booking) string { return string(rune('0' + b.Party)) },
			"zone":   func(b booking.Booking) string { return b.AskedZone },
		} {
			staffs := !slices.ContainsFunc(ours, func(b booking.Booking) bool { return of(b) == of(row) })
			if staffs && of(merged) != of(row) {
				rt.Fatalf("%s: the staff's %q became %q", what, of(row), of(merged))
			}
			if of(wish) != of(was) && of(merged) != of(wish) {
				rt.Fatalf("%s: the guest's %q became %q", what, of(wish), of(merged))
			}
		}
		notes := strings.Split(wish.Notes, "; ")
		if !slices.ContainsFunc(ours, func(b booking.Booking) bool { return b.Notes == row.Notes }) {
			notes = append(notes, strings.Split(row.Notes, "; ")...)
		}
		for _, note := range notes {
			if !strings.Contains(merged.Notes, note) {
				rt.Fatalf("the note %q is lost: %q", note, merged.Notes)
			}
		}
		if merged.Status != wish.Status && merged.Status != row.Status {
			rt.Fatalf("status %s of %s and %s", merged.Status, wish.Status, row.Status)
		}
		if stay := merged.End.Sub(merged.Start); stay < 90*time.Minute || stay > 4*time.Hour && !merged.HourUnknown {
			rt.Fatalf("stays from %s to %s", merged.Start, merged.End)
		}
	})
}

func TestBothPlacesAreHeld(t *testing.T) {
	t.Parallel()
	was := stood()
	moved := changed(was, "tables")
	again := changed(was, "day")
	for _, c := range []struct {
		name  string
		entry booking.JournalEntry
		want  []booking.Booking
	}{
		{"new", entryOf(nil, was), nil},
		{"a note", entryOf(&was, changed(was, "notes")), nil},
		{"moved", entryOf(&was, moved), []booking.Booking{was}},
		{"moved twice", entryOf(&was, again, moved), []booking.Booking{was, moved}},
		{"moved and back", entryOf(&was, was, moved), []booking.Booking{moved}},
		{"cancelled", entryOf(&was, changed(was, "cancel")), []booking.Booking{was}},
		{"larger, at the same table", entryOf(&was, changed(was, "party")), []booking.Booking{was}},
	} {
		if diff := cmp.Diff(c.want, c.entry.HeldBeside()); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, diff)
		}
	}
}

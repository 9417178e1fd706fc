package retry_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
)

// While the record is known not to answer, a guest is told at once that the booking is
// being processed. That answer is in the entry's commit, and stays.
func TestWhileTheRecordIsDownTheAnswerIsKeptWithTheEntry(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		s.record.down(unreachable)
		failing(t, s.breaker, 3)
		r := booking.Request{
			Caller: booking.Caller{Channel: booking.ByPhone, Phone: "+34600000001", Lang: booking.Spanish},
			Date:   service, Time: 21 * 60, Party: 2, Name: "Ana",
			Reply: booking.Reply{Key: "k", Say: func(r booking.Result) []byte {
				if r.State == booking.Pending {
					return []byte("on its way")
				}
				return []byte("done")
			}},
		}
		began := time.Now()
		result, err := s.desk.Book(context.Background(), r)
		if err != nil || result.State != booking.Pending || time.Since(began) != 0 {
			t.Fatalf("%+v, %v after %s", result, err, time.Since(began))
		}
		if said, kept := r.Reply.To(result); string(said) != "on its way" || !kept {
			t.Errorf("said %q, kept %v", said, kept)
		}
		wantKept := func(when string) {
			t.Helper()
			if kept, ok, err := s.file.Recall(context.Background(), "k"); string(kept) != "on its way" || !ok || err != nil {
				t.Errorf("%s: %q, %v, %v is kept", when, kept, ok, err)
			}
		}
		wantKept("while it waits")
		if waiters, _ := s.Waiters(); waiters != 0 {
			t.Errorf("%d waiters", waiters)
		}
		s.record.down(nil)
		s.run()
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(s.entries()) != 0 || len(s.messages()) != 1 {
			t.Errorf("journal %v, messages %q", s.entries(), s.messages())
		}
		wantKept("once it is written")
	})
}

package phrase

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"maitre/booking"
)

func TestZZ(t *testing.T) {
	f := os.Getenv("ZZ")
	if f == "" {
		t.Skip()
	}
	loc, _ := time.LoadLocation("Europe/Madrid")
	r := New(House{Location: loc, Usual: []Window{{booking.Clock(13, 0), booking.Clock(15, 30)}, {booking.Clock(20, 30), booking.Clock(23, 0)}}})
	in, _ := os.Open(f)
	sc := bufio.NewScanner(in)
	for sc.Scan() {
		m := r.Understand(sc.Text(), time.Date(2026, 11, 23, 13, 0, 0, 0, loc), "")
		b, _ := json.Marshal(m)
		fmt.Printf("%-60s %s\n", sc.Text(), b)
		if os.Getenv("ZV") != "" {
			s := r.read(sc.Text())
			for i := range s.toks {
				fmt.Printf("   %d %d %q n=%v cls=%b groups=%v\n", i, s.toks[i].kind, s.toks[i].text, s.nums[i], s.toks[i].lex.class, s.toks[i].lex.groups)
			}
			s.takeGreetings()
			fmt.Println("  name", r.findName(s))
			fmt.Println("  times", s.findTimes(s.findParts(), time.Now(), false))
			fmt.Println("  dates", r.findDates(s, booking.NewDate(2026, 11, 23)))
			fmt.Println("  heads", s.findParties(false))
			h := r.findSenses(s)
			fmt.Println("  senses", *h)
		}
	}
}

package phrase_test

import (
	"fmt"
	"time"

	"maitre/booking/phrase"
)

func Example() {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		fmt.Println(err)
		return
	}
	reader := phrase.New(phrase.Restaurant{Location: madrid})
	now := time.Date(2026, time.November, 23, 13, 0, 0, 0, madrid) // a Monday

	m := reader.Understand("hola! mesa pa 4 el sabado a las nueve y media en la terraza, a nombre de Ana", now, "")
	fmt.Println(m.Intent, m.Date, m.Time, m.Party, m.Zone, m.Name)

	m = reader.Understand("a las 9 no, mejor a las 10", now, "")
	fmt.Println(m.Intent, m.Time)

	_, ok := reader.Date("el sábado 29", now) // the 29th is a Sunday: it is asked, not guessed
	fmt.Println(ok)
	// Output:
	// book 2026-11-28 21:30 4 terraza Ana
	// change 22:00
	// false
}

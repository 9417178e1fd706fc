package cache_test

import (
	"context"
	"fmt"
	"time"

	"maitre/store/cache"
)

func ExampleGet() {
	c, err := cache.New(cache.Options{})
	if err != nil {
		panic(err)
	}
	defer c.Close()

	free := map[string]int{"2026-12-24": 12, "2026-12-25": 9} // the source, which is slow
	tables := func(date string) int {
		entry := cache.Entry{Key: "free/" + date, Kind: "free", Tags: []cache.Tag{"tables", cache.Tag("date:" + date)}}
		n, err := cache.Get(context.Background(), c, entry, func(context.Context) (int, error) {
			fmt.Println("count the free tables of", date)
			return free[date], nil
		})
		if err != nil {
			panic(err)
		}
		return n
	}
	fmt.Println(tables("2026-12-24"), tables("2026-12-24"), tables("2026-12-25"))

	free["2026-12-24"]--
	fmt.Println("forgotten:", c.Invalidate("date:2026-12-24"))
	fmt.Println(tables("2026-12-24"), tables("2026-12-25"))
	// Output:
	// count the free tables of 2026-12-24
	// count the free tables of 2026-12-25
	// 12 12 9
	// forgotten: 1
	// count the free tables of 2026-12-24
	// 11 9
}

// A value that says as of when it is can be refused for its age.
func ExampleGetIf() {
	c, err := cache.New(cache.Options{})
	if err != nil {
		panic(err)
	}
	defer c.Close()

	now := time.Date(2026, 12, 24, 20, 0, 0, 0, time.UTC)
	read := func(maxAge time.Duration) time.Time {
		asOf, err := cache.GetIf(context.Background(), c, cache.Entry{Key: "menu"},
			func(asOf time.Time) bool { return now.Sub(asOf) <= maxAge },
			func(context.Context) (time.Time, error) { return now, nil })
		if err != nil {
			panic(err)
		}
		return asOf
	}
	fmt.Println(read(time.Minute).Format(time.TimeOnly))
	now = now.Add(30 * time.Second)
	fmt.Println(read(time.Minute).Format(time.TimeOnly))
	fmt.Println(read(10 * time.Second).Format(time.TimeOnly))
	// Output:
	// 20:00:00
	// 20:00:00
	// 20:00:30
}

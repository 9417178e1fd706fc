// Command bench measures a running maitre over HTTP on loopback, beside a bare
// server that only checks the signature, and prints one table.
//
// The bare server is the same web server with the same router, metrics and
// signature check; it answers a constant ("bare"), or commits one value of a
// booking's size through the same group commit and then answers a constant
// ("bare, durable"). Load and servers share the machine, so ratios say more
// than rates. It must not know how the desk works: it speaks to the binary.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "bare" {
		if err := bare(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, "bench: bare server:", err)
			os.Exit(1)
		}
		return
	}
	binary := flag.String("binary", "../bin/maitre", "the maitre to measure")
	each := flag.Duration("each", 3*time.Second, "how long each measurement takes")
	brief := flag.Bool("brief", false, "measure each only once, with few callers: whether it works, not how fast")
	flag.Parse()
	callers, rounds := []int{1, 16, 64}, 2
	if *brief {
		callers, rounds = []int{4}, 1
	}
	if err := run(*binary, *each, callers, rounds); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// pair is a request to maitre and the bare one that it is held against.
type pair struct {
	name, bare string
	restaurant string // a restaurant file; empty: the built-in sample
	maitre     func(server string, callers int) (*plan, error)
}

// run measures with each of the numbers of callers, connections that have one
// request under way.
func run(binary string, each time.Duration, callers []int, rounds int) (err error) {
	dir, err := os.MkdirTemp("", "maitre-bench")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(out, "callers\trequest\trequests/s\tp50\tp99\tserver CPU\tof bare\t")
	for _, p := range []pair{
		{name: "availability", bare: "constant", maitre: availability},
		{name: "booking", bare: "durable", restaurant: restaurant, maitre: bookings},
	} {
		for _, n := range callers {
			if err := compare(out, binary, filepath.Join(dir, fmt.Sprint(p.name, n)), p, n, each, rounds); err != nil {
				return fmt.Errorf("%s with %d callers: %w", p.name, n, err)
			}
		}
	}
	return out.Flush()
}

// compare measures the bare server and maitre one after the other, each alone on
// the machine, some rounds in turn, and prints the best run of each.
func compare(out *tabwriter.Writer, binary, dir string, p pair, callers int, each time.Duration, rounds int) error {
	var bareBest, best measured
	for round := range rounds {
		home := filepath.Join(dir, fmt.Sprint(round))
		got, err := measureBare(p.bare, home, callers, each)
		if err != nil {
			return err
		}
		bareBest = bareBest.better(got)
		if got, err = measureMaitre(binary, home, p, callers, each); err != nil {
			return err
		}
		best = best.better(got)
	}
	bareBest.print(out, callers, "bare, "+p.bare, "")
	best.print(out, callers, p.name, fmt.Sprintf("%.2f", best.rate/bareBest.rate))
	return nil
}

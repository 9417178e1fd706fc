package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"
)

// plan is what to send: request i of the run, ready signed, and what its answer
// must hold for the run to count.
type plan struct {
	request func(i int) []byte
	want    []byte
}

// measured is one run.
type measured struct {
	rate     float64 // requests a second
	p50, p99 time.Duration
	cpu      time.Duration // of the server, for each request; 0: not known
}

func (m measured) better(o measured) measured {
	if o.rate > m.rate {
		return o
	}
	return m
}

func (m measured) print(out *tabwriter.Writer, callers int, name, ratio string) {
	_, _ = fmt.Fprintf(out, "%d\t%s\t%.0f\t%.2f ms\t%.2f ms\t%d µs\t%s\t\n", callers, name, m.rate, ms(m.p50), ms(m.p99), m.cpu.Microseconds(), ratio)
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// warmUp is how many requests each caller makes before the clock starts.
const warmUp = 50

// load keeps one request under way on each connection until the time is over.
// The generator is as lean as it can be: requests are made beforehand, answers
// are read to their length and looked at for one word.
func load(server string, p *plan, callers int, each time.Duration) (measured, error) {
	address := strings.TrimPrefix(server, "http://")
	var next, done atomic.Int64
	var wg sync.WaitGroup
	var mu sync.Mutex
	var took []time.Duration
	var failed error
	ready, start := make(chan struct{}, callers), make(chan time.Time)
	for range callers {
		wg.Go(func() {
			mine, err := oneCaller(address, p, &next, &done, ready, start, each)
			mu.Lock()
			defer mu.Unlock()
			took = append(took, mine...)
			failed = errors.Join(failed, err)
		})
	}
	for range callers {
		<-ready
	}
	began := time.Now()
	for range callers {
		start <- began
	}
	wg.Wait()
	if failed != nil {
		return measured{}, failed
	}
	slices.Sort(took)
	return measured{
		rate: float64(len(took)) / each.Seconds(),
		p50:  took[len(took)/2], p99: took[len(took)*99/100],
	}, nil
}

func oneCaller(address string, p *plan, next, done *atomic.Int64, ready chan<- struct{}, start <-chan time.Time, each time.Duration) (took []time.Duration, err error) {
	conn, err := net.Dial("tcp", address)
	answers := bufio.NewReaderSize(conn, 16<<10)
	for i := 0; i < warmUp && err == nil; i++ {
		err = exchange(conn, answers, p, int(next.Add(1)-1))
	}
	ready <- struct{}{}
	until := (<-start).Add(each)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	for began := time.Now(); began.Before(until); {
		if err := exchange(conn, answers, p, int(next.Add(1)-1)); err != nil {
			return nil, err
		}
		now := time.Now()
		took = append(took, now.Sub(began))
		began = now
		done.Add(1)
	}
	return took, nil
}

// exchange sends one request and reads its answer.
func exchange(conn net.Conn, answers *bufio.Reader, p *plan, i int) error {
	if _, err := conn.Write(p.request(i)); err != nil {
		return err
	}
	length, status := -1, ""
	for {
		line, err := answers.ReadSlice('\n')
		if err != nil {
			return err
		}
		if status == "" {
			status = string(line)
		}
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			break
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return fmt.Errorf("an answer without a length: %s", status)
	}
	body, err := answers.Peek(min(length, answers.Size()))
	if err == nil && (!strings.Contains(status, " 200 ") || !bytes.Contains(body, p.want)) {
		err = fmt.Errorf("request %d: %s %s", i, strings.TrimSpace(status), body)
	}
	if err != nil {
		return err
	}
	_, err = io.CopyN(io.Discard, answers, int64(length))
	return err
}

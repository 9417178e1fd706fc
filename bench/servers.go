package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func measureBare(kind, home string, callers int, each time.Duration) (measured, error) {
	self, err := os.Executable()
	if err != nil {
		return measured{}, err
	}
	cmd := exec.Command(self, "bare", kind)
	cmd.Env, cmd.Stderr = append(os.Environ(), "DATA_DIR="+home), os.Stderr
	server, stop, err := begin(cmd, func(c *exec.Cmd) (io.ReadCloser, error) { return c.StdoutPipe() }, func(line []byte) string { return string(line) })
	if err != nil {
		return measured{}, err
	}
	defer stop()
	return loadProcess(cmd.Process.Pid, server, bareRequests(), callers, each)
}

// loadProcess loads a server and sees what processor time its process took.
// The rates of one run after another suffer from whatever else the machine
// does; the time that a request costs hardly does.
func loadProcess(pid int, server string, p *plan, callers int, each time.Duration) (measured, error) {
	before := processorTime(pid)
	m, err := load(server, p, callers, each)
	if n := int64(m.rate*each.Seconds()) + int64(callers*warmUp); err == nil && n > 0 {
		m.cpu = (processorTime(pid) - before) / time.Duration(n)
	}
	return m, err
}

// processorTime is what a process has used so far, from /proc; 0 where there is none.
func processorTime(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond // 100 ticks a second on Linux
}

func measureMaitre(binary, home string, p pair, callers int, each time.Duration) (measured, error) {
	if err := os.MkdirAll(home, 0o700); err != nil {
		return measured{}, err
	}
	file := ""
	if p.restaurant != "" {
		file = filepath.Join(home, "restaurant.toml")
		if err := os.WriteFile(file, []byte(p.restaurant), 0o600); err != nil {
			return measured{}, err
		}
	}
	absolute, err := filepath.Abs(binary)
	if err != nil {
		return measured{}, err
	}
	cmd := exec.Command(absolute, "serve")
	cmd.Dir = home
	cmd.Env = []string{"PORT=0", "DATA_DIR=" + filepath.Join(home, "data"), "VAPI_WEBHOOK_SECRET=" + secret, "RESTAURANT_FILE=" + file,
		"LOG_FORMAT=json", "MAITRE_NOW=" + now, "ADMIN_TOKEN=" + secret}
	server, stop, err := begin(cmd, func(c *exec.Cmd) (io.ReadCloser, error) { return c.StderrPipe() }, func(line []byte) string {
		var entry struct{ Msg, URL string }
		// Other lines name addresses too.
		if json.Unmarshal(line, &entry) != nil || entry.Msg != "maitre is open" {
			return ""
		}
		return entry.URL
	})
	if err != nil {
		return measured{}, err
	}
	defer stop()
	requests, err := p.maitre(server, callers)
	if err != nil {
		return measured{}, err
	}
	return loadProcess(cmd.Process.Pid, server, requests, callers, each)
}

// begin starts a server and waits until it tells its address.
func begin(cmd *exec.Cmd, output func(*exec.Cmd) (io.ReadCloser, error), address func(line []byte) string) (server string, stop func(), err error) {
	out, err := output(cmd)
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	var said []byte
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		said = append(append(said, lines.Bytes()...), '\n')
		if server = address(lines.Bytes()); server != "" {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	stop = func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }
	if server == "" {
		stop()
		return "", nil, fmt.Errorf("%s did not start: %s", cmd.Path, said)
	}
	return server, stop, nil
}

// sendAll makes the first n requests of a plan.
func sendAll(server string, p *plan, n int) (err error) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(server, "http://"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	answers := bufio.NewReaderSize(conn, 16<<10)
	for i := range n {
		if err := exchange(conn, answers, p, i); err != nil {
			return err
		}
	}
	return nil
}

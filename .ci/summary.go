// Summary reads the output of 'go test -json', shows what people want to see of
// it (each package's result, all that a failed test said), and ends with a line
// that counts. It fails when a test failed, or when none ran.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// event is one line of test2json; see 'go doc test2json'.
type event struct {
	Action, Package, Test, Output, ImportPath string
}

func main() {
	passed, failed, skipped := 0, 0, 0
	said := make(map[string][]string) // by package and test
	failedIn := make(map[string]bool) // packages with a failed test
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 16<<20)
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil || e.Action == "" {
			fmt.Println(in.Text()) // make's own lines, and the compiler's
			continue
		}
		key := e.Package + " " + e.Test
		switch e.Action {
		case "build-output":
			fmt.Print(e.Output)
		case "output":
			if e.Test == "" && (strings.HasPrefix(e.Output, "ok ") || strings.HasPrefix(e.Output, "FAIL\t")) {
				fmt.Print(e.Output)
			} else {
				said[key] = append(said[key], e.Output)
			}
		case "skip":
			if e.Test != "" {
				skipped++
				fmt.Print(strings.Join(said[key], ""))
			}
		case "pass":
			if e.Test != "" {
				passed++
				delete(said, key)
			}
		case "fail":
			fmt.Print(strings.Join(said[key], ""))
			switch {
			case e.Test != "":
				failed++
				failedIn[e.Package] = true
			case !failedIn[e.Package]: // it did not build, or fell over outside its tests
				failed++
			}
		}
	}
	if err := in.Err(); err != nil {
		fmt.Println("read the tests' output:", err)
		failed++
	}
	if skipped > 0 {
		fmt.Printf("%d skipped\n", skipped)
	}
	// What ran before, by what it exited with.
	for i, what := range []string{"lint", "bench, fuzz or soak"} {
		if len(os.Args) > i+1 && os.Args[i+1] != "0" {
			fmt.Println(what + " failed: see above")
		}
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}

package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"io"
	"strings"
	"time"

	"maitre/booking"
	"maitre/booking/phrase"
)

// understand prints what the desk makes of a text, or of each line of the input.
func understand(args []string, getenv func(string) string, stdin io.Reader, stdout io.Writer) error {
	asked, err := readUnderstanding(args, time.Now())
	if err != nil {
		return err
	}
	file, _, err := readRestaurantFile(getenv("RESTAURANT_FILE"))
	if err != nil {
		return err
	}
	return asked.print(file.Restaurant, stdin, stdout)
}

// understanding is a question what the desk makes of a text.
type understanding struct {
	now  time.Time
	lang booking.Lang
	text []string // none: each line of the input
}

// readUnderstanding reads the arguments of "maitre understand"; now is the time of the
// question where they do not say it. Every error is a [ConfigError].
func readUnderstanding(args []string, now time.Time) (understanding, error) {
	flags := flag.NewFlagSet("understand", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	at := flags.String("now", "", "")
	lang := flags.String("lang", "", "")
	if err := flags.Parse(args); err != nil {
		return understanding{}, usage("understand [--now RFC3339] [--lang es|en] [TEXT]: %w", err)
	}
	if *at != "" {
		var err error
		if now, err = time.Parse(time.RFC3339, *at); err != nil {
			return understanding{}, usage("--now %q: want RFC 3339, such as 2026-11-23T13:00:00+01:00", *at)
		}
	}
	if *lang != "" && *lang != "es" && *lang != "en" {
		return understanding{}, usage("--lang %q: want es or en", *lang)
	}
	return understanding{now, booking.Lang(*lang), flags.Args()}, nil
}

// maxLine bounds a line of the input, in bytes.
const maxLine = 1 << 20

// print prints as JSON what a desk of this restaurant makes of the text, or of
// each line of in.
func (u understanding) print(restaurant *booking.Restaurant, in io.Reader, out io.Writer) error {
	reader := phrase.New(phrase.RestaurantOf(booking.NewDesk(booking.Config{Restaurant: restaurant})))
	if len(u.text) > 0 {
		in = strings.NewReader(strings.Join(u.text, " "))
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	encode := json.NewEncoder(out)
	encode.SetEscapeHTML(false)
	for lines.Scan() {
		if err := encode.Encode(reader.Understand(lines.Text(), u.now, u.lang)); err != nil {
			return err
		}
	}
	return lines.Err()
}

package shell

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"maitre/booking"
	"maitre/booking/phrase"
)

// Understanding asks what the desk makes of a text.
type Understanding struct {
	now  time.Time
	lang booking.Lang
	text []string // none: each line of the input
}

// ReadUnderstanding reads the arguments of "maitre understand"; now is when it is
// asked where they do not say. Every error is of the arguments.
func ReadUnderstanding(args []string, now time.Time) (Understanding, error) {
	flags := silent("understand")
	at := flags.String("now", "", "")
	lang := flags.String("lang", "", "")
	if err := flags.Parse(args); err != nil {
		return Understanding{}, fmt.Errorf("understand [--now RFC3339] [--lang es|en] [TEXT]: %w", err)
	}
	if *at != "" {
		var err error
		if now, err = time.Parse(time.RFC3339, *at); err != nil {
			return Understanding{}, fmt.Errorf("--now %q: want RFC 3339, such as 2026-11-23T13:00:00+01:00", *at)
		}
	}
	if *lang != "" && *lang != "es" && *lang != "en" {
		return Understanding{}, fmt.Errorf("--lang %q: want es or en", *lang)
	}
	return Understanding{now, booking.Lang(*lang), flags.Args()}, nil
}

// maxLine bounds a line of the input, in bytes.
const maxLine = 1 << 20

// Print prints as JSON what a desk of this restaurant makes of the text, or of
// each line of in.
func (u Understanding) Print(restaurant *booking.Restaurant, in io.Reader, out io.Writer) error {
	understands := phrase.New(phrase.HouseOf(booking.NewDesk(booking.Config{Restaurant: restaurant})))
	if len(u.text) > 0 {
		in = strings.NewReader(strings.Join(u.text, " "))
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	encode := json.NewEncoder(out)
	encode.SetEscapeHTML(false)
	for lines.Scan() {
		if err := encode.Encode(understands.Understand(lines.Text(), u.now, u.lang)); err != nil {
			return err
		}
	}
	return lines.Err()
}

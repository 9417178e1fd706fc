package env

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"maitre/booking"
)

// Reader takes a value, or says how to mend it and which part of it may be shown.
type Reader func(value string) (shown, mend string)

// parsed reads with parse; mend says what it takes.
func parsed[T any](to *T, parse func(string) (T, error), mend string) Reader {
	return func(value string) (string, string) {
		v, err := parse(value)
		if err != nil {
			return value, mend
		}
		*to = v
		return "", ""
	}
}

// Text takes anything.
func Text[T ~string](to *T) Reader {
	return parsed(to, func(s string) (T, error) { return T(s), nil }, "")
}

// Choice takes one of the options.
func Choice(to *string, options ...string) Reader {
	return parsed(to, func(s string) (string, error) {
		return s, unless(slices.Contains(options, s))
	}, "write one of "+strings.Join(options, ", "))
}

// Bool takes true and false.
func Bool(to *bool) Reader { return parsed(to, strconv.ParseBool, "write true or false") }

// Number takes a whole number in a range.
func Number(to *int, least, most int) Reader {
	return parsed(to, func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		return n, errors.Join(err, unless(least <= n && n <= most))
	}, fmt.Sprintf("write a whole number from %d to %d", least, most))
}

// Duration takes a time with its unit, above nothing.
func Duration(to *time.Duration, most time.Duration) Reader {
	return parsed(to, func(s string) (time.Duration, error) {
		d, err := time.ParseDuration(s)
		return d, errors.Join(err, unless(0 < d && d <= most))
	}, fmt.Sprintf("write a time with its unit, such as 1s or 500ms, above 0 and up to %s", most))
}

// Moment takes a date with time and zone.
func Moment(to *time.Time) Reader {
	return parsed(to, func(s string) (time.Time, error) { return time.Parse(time.RFC3339, s) },
		"write date, time and zone, such as 2026-11-23T13:00:00+01:00")
}

// Level takes a level of the log.
func Level(to *slog.Level) Reader {
	return parsed(to, func(s string) (l slog.Level, err error) {
		err = l.UnmarshalText([]byte(s))
		return l, err
	}, "write debug, info, warn or error")
}

// Address takes where something is reached by HTTP; it keeps no slash at the end.
func Address(to *string) Reader {
	return parsed(to, address, "write an absolute address without query, such as https://desk.example")
}

func address(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil {
		return "", errBad
	}
	ok := (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
	return strings.TrimRight(s, "/"), unless(ok)
}

const mendPhone = "write it with its country, such as +34612345678"

// Phone takes a number with its country, or a Spanish one. Whether it exists is
// for the network to say: a test's sender need not.
func Phone(to *booking.Phone) Reader { return parsed(to, e164, mendPhone) }

// Phones takes several, between commas.
func Phones(to *[]booking.Phone) Reader { return list(to, e164, mendPhone) }

var e164Shape = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)

func e164(s string) (booking.Phone, error) {
	s = strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "").Replace(strings.TrimPrefix(s, "whatsapp:"))
	if rest, ok := strings.CutPrefix(s, "00"); ok {
		s = "+" + rest
	}
	if len(s) == 9 && strings.ContainsAny(s[:1], "6789") {
		s = "+34" + s
	}
	return booking.Phone(s), unless(e164Shape.MatchString(s))
}

// list reads values between commas.
func list[S ~[]T, T any](to *S, parse func(string) (T, error), mend string) Reader {
	return parsed(to, func(s string) (all S, err error) {
		for item := range strings.SplitSeq(s, ",") {
			item = strings.TrimSpace(item)
			v, bad := parse(item)
			all, err = append(all, v), errors.Join(err, bad, unless(item != ""))
		}
		return all, err
	}, mend+"; between commas, none empty")
}

// AnyOf takes several secrets, between commas, without ever showing them.
func AnyOf(to *Secrets) Reader {
	read := list(to, func(s string) (Secret, error) { return Secret(s), nil }, "write one or more secrets")
	return func(value string) (string, string) {
		_, mend := read(value)
		return "", mend
	}
}

var errBad = errors.New("not acceptable")

func unless(ok bool) error {
	if ok {
		return nil
	}
	return errBad
}

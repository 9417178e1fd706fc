package main

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

// reader takes a value, or returns how to fix it and the part of it that may be shown.
type reader func(value string) (shown, fix string)

// parsed returns a reader that uses parse; fix says what that takes.
func parsed[T any](to *T, parse func(string) (T, error), fix string) reader {
	return func(value string) (string, string) {
		v, err := parse(value)
		if err != nil {
			return value, fix
		}
		*to = v
		return "", ""
	}
}

// asText takes anything.
func asText[T ~string](to *T) reader {
	return parsed(to, func(s string) (T, error) { return T(s), nil }, "")
}

// asChoice takes one of the options.
func asChoice(to *string, options ...string) reader {
	return parsed(to, func(s string) (string, error) {
		return s, unless(slices.Contains(options, s))
	}, "write one of "+strings.Join(options, ", "))
}

// asBool takes true and false.
func asBool(to *bool) reader { return parsed(to, strconv.ParseBool, "write true or false") }

// asNumber takes a whole number in a range.
func asNumber(to *int, least, most int) reader {
	return parsed(to, func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		return n, errors.Join(err, unless(least <= n && n <= most))
	}, fmt.Sprintf("write a whole number from %d to %d", least, most))
}

// asDuration takes a time with its unit, above nothing.
func asDuration(to *time.Duration, most time.Duration) reader {
	return parsed(to, func(s string) (time.Duration, error) {
		d, err := time.ParseDuration(s)
		return d, errors.Join(err, unless(0 < d && d <= most))
	}, fmt.Sprintf("write a time with its unit, such as 1s or 500ms, above 0 and up to %s", most))
}

// asTime takes a date with time and zone.
func asTime(to *time.Time) reader {
	return parsed(to, func(s string) (time.Time, error) { return time.Parse(time.RFC3339, s) },
		"write date, time and zone, such as 2026-11-23T13:00:00+01:00")
}

// asLevel takes a level of the log.
func asLevel(to *slog.Level) reader {
	return parsed(to, func(s string) (l slog.Level, err error) {
		err = l.UnmarshalText([]byte(s))
		return l, err
	}, "write debug, info, warn or error")
}

// asAddress takes where something is reached by HTTP; it keeps no slash at the end.
func asAddress(to *string) reader {
	return parsed(to, parseAddress, "write an absolute address without query, such as https://desk.example")
}

func parseAddress(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil {
		return "", errBad
	}
	ok := (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
	return strings.TrimRight(s, "/"), unless(ok)
}

const fixPhone = "write it with its country, such as +34612345678"

// asPhone takes a number with its country, or a Spanish one. Whether it exists is
// not checked: a sender for tests does not.
func asPhone(to *booking.Phone) reader { return parsed(to, parsePhone, fixPhone) }

// asPhones takes several, between commas.
func asPhones(to *[]booking.Phone) reader { return list(to, parsePhone, fixPhone) }

var e164Shape = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)

func parsePhone(s string) (booking.Phone, error) {
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
func list[S ~[]T, T any](to *S, parse func(string) (T, error), fix string) reader {
	return parsed(to, func(s string) (all S, err error) {
		for item := range strings.SplitSeq(s, ",") {
			item = strings.TrimSpace(item)
			v, bad := parse(item)
			all, err = append(all, v), errors.Join(err, bad, unless(item != ""))
		}
		return all, err
	}, fix+"; between commas, none empty")
}

// asSecrets takes several secrets, between commas, without ever showing them.
func asSecrets(to *Secrets) reader {
	read := list(to, func(s string) (Secret, error) { return Secret(s), nil }, "write one or more secrets")
	return func(value string) (string, string) {
		_, fix := read(value)
		return "", fix
	}
}

var errBad = errors.New("not acceptable")

func unless(ok bool) error {
	if ok {
		return nil
	}
	return errBad
}

package booking

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"strings"
)

// linkBytes is the length of a link's signature, in bytes.
const linkBytes = 15

var linkEncoding = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// Link returns the part of an address that identifies a booking to its guest: the code
// and a signature of the booking's ID. Whoever has it may see, change and cancel the
// booking. It is empty without a LinkKey.
func (d *Desk) Link(b Booking) string {
	if len(d.config.LinkKey) == 0 {
		return ""
	}
	return b.Code + "-" + d.seal(b)
}

func (d *Desk) seal(b Booking) string {
	mac := hmac.New(sha256.New, d.config.LinkKey)
	mac.Write([]byte("link/" + b.ID))
	return linkEncoding.EncodeToString(mac.Sum(nil)[:linkBytes])
}

// byLink finds the booking that a link names. An altered link
// gets the same answer as an unknown one.
func (d *Desk) byLink(ctx context.Context, link string) (Booking, *Refusal) {
	code, seal, _ := strings.Cut(link, "-")
	b, refusal := d.coded(ctx, code, "link")
	switch {
	case refusal != nil:
		return Booking{}, refusal
	case len(d.config.LinkKey) == 0, subtle.ConstantTimeCompare([]byte(seal), []byte(d.seal(b))) != 1:
		return Booking{}, &Refusal{Reason: NotFound, Field: "link"}
	}
	return b, nil
}

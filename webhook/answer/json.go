package answer

import "strconv"

// JSON returns the answer as one line of compact JSON, the same bytes for the
// same answer, without a line end. They are those that encoding/json writes with
// HTML escaping off, at a part of its cost: every call of a tool ends here.
func (a Answer) JSON() []byte { return a.AppendJSON(make([]byte, 0, a.size())) }

// size is what the answer takes up, unless much of it must be escaped.
func (a *Answer) size() int {
	n := 64 + len(a.Error) + len(a.Field) + len(a.Message) + 160*len(a.Bookings) + 64*len(a.Alternatives) +
		64*len(a.Slots) + 192*len(a.Services) + 256*len(a.Week)
	if a.Booking != nil {
		n += 160 + len(a.Booking.Name)
	}
	if a.Offer != nil {
		n += 160
	}
	if a.House != nil {
		n += 64 + len(a.House.Name) + len(a.House.Address)
	}
	for i := range a.Facts {
		n += 24 + len(a.Facts[i].Key) + len(a.Facts[i].Text)
	}
	return n
}

// AppendJSON appends to dst what [Answer.JSON] returns.
func (a Answer) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"success":`...)
	dst = strconv.AppendBool(dst, a.Success)
	dst = optional(dst, `,"error":`, a.Error)
	dst = optional(dst, `,"field":`, a.Field)
	dst = text(dst, `,"message":`, a.Message)
	if a.Booking != nil {
		dst = append(dst, `,"booking":`...)
		dst = appendBooking(dst, a.Booking)
	}
	dst = array(dst, `,"bookings":`, a.Bookings, appendBooking)
	dst = array(dst, `,"alternatives":`, a.Alternatives, appendAlternative)
	if a.Offer != nil {
		dst = append(dst, `,"offer":`...)
		dst = appendOffer(dst, a.Offer)
	}
	dst = optional(dst, `,"date":`, a.Date)
	if a.Party != 0 {
		dst = number(dst, `,"party":`, a.Party)
	}
	dst = array(dst, `,"slots":`, a.Slots, appendSlot)
	dst = array(dst, `,"services":`, a.Services, appendService)
	dst = array(dst, `,"week":`, a.Week, appendWeekday)
	if a.House != nil {
		dst = append(dst, `,"house":`...)
		dst = appendHouse(dst, a.House)
	}
	dst = array(dst, `,"facts":`, a.Facts, appendFact)
	return append(dst, '}')
}

// Keys are given with their quotes and the punctuation before them.

func text(dst []byte, key, value string) []byte {
	return appendString(append(dst, key...), value)
}

func optional(dst []byte, key, value string) []byte {
	if value == "" {
		return dst
	}
	return text(dst, key, value)
}

func number(dst []byte, key string, value int) []byte {
	return strconv.AppendInt(append(dst, key...), int64(value), 10)
}

// array appends values that are there, and nothing for none.
func array[T any](dst []byte, key string, values []T, one func([]byte, *T) []byte) []byte {
	if len(values) == 0 {
		return dst
	}
	dst = append(dst, key...)
	for i := range values {
		if i == 0 {
			dst = append(dst, '[')
		} else {
			dst = append(dst, ',')
		}
		dst = one(dst, &values[i])
	}
	return append(dst, ']')
}

func appendElement(dst []byte, s *string) []byte { return appendString(dst, *s) }

func appendBooking(dst []byte, b *Booking) []byte {
	dst = text(dst, `{"code":`, b.Code)
	dst = text(dst, `,"date":`, b.Date)
	dst = text(dst, `,"time":`, b.Time)
	dst = number(dst, `,"party":`, b.Party)
	dst = text(dst, `,"name":`, b.Name)
	dst = text(dst, `,"table":`, b.Table)
	dst = text(dst, `,"zone":`, b.Zone)
	dst = text(dst, `,"status":`, b.Status)
	return append(dst, '}')
}

func appendAlternative(dst []byte, a *Alternative) []byte {
	dst = text(dst, `{"date":`, a.Date)
	dst = text(dst, `,"time":`, a.Time)
	dst = optional(dst, `,"zone":`, a.Zone)
	return append(dst, '}')
}

func appendOffer(dst []byte, o *Offer) []byte {
	dst = text(dst, `{"date":`, o.Date)
	dst = text(dst, `,"time":`, o.Time)
	dst = number(dst, `,"party":`, o.Party)
	dst = optional(dst, `,"zone":`, o.Zone)
	dst = array(dst, `,"zones":`, o.Zones, appendElement)
	dst = optional(dst, `,"until":`, o.Until)
	return append(dst, '}')
}

func appendSlot(dst []byte, s *Slot) []byte {
	dst = text(dst, `{"time":`, s.Time)
	dst = append(dst, `,"available":`...)
	dst = strconv.AppendBool(dst, s.Available)
	dst = array(dst, `,"zones":`, s.Zones, appendElement)
	return append(dst, '}')
}

func appendService(dst []byte, s *Service) []byte {
	dst = text(dst, `{"service":`, s.Service)
	dst = text(dst, `,"name":`, s.Name)
	dst = text(dst, `,"first":`, s.First)
	dst = text(dst, `,"last":`, s.Last)
	dst = optional(dst, `,"kitchen_closes":`, s.KitchenCloses)
	dst = optional(dst, `,"room_closes":`, s.RoomCloses)
	dst = array(dst, `,"seatings":`, s.Seatings, appendSeating)
	return append(dst, '}')
}

func appendSeating(dst []byte, s *Seating) []byte {
	dst = append(dst, '{')
	if s.Name != "" {
		dst = append(text(dst, `"name":`, s.Name), ',')
	}
	dst = text(dst, `"first":`, s.First)
	dst = text(dst, `,"last":`, s.Last)
	dst = text(dst, `,"until":`, s.Until)
	return append(dst, '}')
}

func appendWeekday(dst []byte, d *Weekday) []byte {
	dst = text(dst, `{"day":`, d.Day)
	dst = array(dst, `,"services":`, d.Services, appendService)
	return append(dst, '}')
}

func appendHouse(dst []byte, h *House) []byte {
	dst = text(dst, `{"name":`, h.Name)
	dst = optional(dst, `,"phone":`, h.Phone)
	dst = optional(dst, `,"address":`, h.Address)
	return append(dst, '}')
}

func appendFact(dst []byte, f *Fact) []byte {
	dst = text(dst, `{"key":`, f.Key)
	dst = text(dst, `,"text":`, f.Text)
	return append(dst, '}')
}

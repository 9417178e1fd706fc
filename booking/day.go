package booking

// Day is the book of one service day as it was at one moment.
type Day struct {
	Date     Date
	Bookings []Booking
}

package catalogue_test

import (
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
)

var logrono = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		panic(err)
	}
	return loc
}()

// now is Monday 2026-11-23 at 13:00, when the guests of the tests are spoken to.
func now() time.Time { return time.Date(2026, 11, 23, 13, 0, 0, 0, logrono) }

func text(es, en string) booking.Text {
	return booking.Text{booking.Spanish: es, booking.English: en}
}

var (
	lunch = booking.ServiceHours{ID: "lunch", Name: text("Comida", "Lunch"), First: at("13:00"), Last: at("15:30"),
		KitchenCloses: at("16:00"), RoomCloses: at("18:00")}
	dinner = booking.ServiceHours{ID: "dinner", Name: text("Cena", "Dinner"), First: at("20:30"), Last: at("23:00"),
		KitchenCloses: at("23:30"), RoomCloses: at("01:00")}
	lateDinner = booking.ServiceHours{ID: "dinner", Name: text("Cena", "Dinner"), First: at("20:30"), Last: at("01:30"),
		KitchenCloses: at("01:00"), RoomCloses: at("02:30"), Seatings: []booking.Seating{
			{Name: text("primer turno", "first seating"), First: at("20:30"), Last: at("21:00"), Until: at("22:45")},
			{Name: text("segundo turno", "second seating"), First: at("22:45"), Last: at("01:30"), Until: at("02:30")},
		}}
)

func restaurant() *booking.Restaurant {
	weekdays := []time.Weekday{time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
	service := func(h booking.ServiceHours, days ...time.Weekday) booking.Service {
		return booking.Service{ID: h.ID, Name: h.Name, Days: days, First: h.First, Last: h.Last,
			KitchenCloses: h.KitchenCloses, RoomCloses: h.RoomCloses, Seatings: h.Seatings}
	}
	return &booking.Restaurant{
		Slug: "casa-laurel", Name: "Casa Laurel", Phone: "+34941123456", Address: "calle del Laurel 12, Logroño",
		Languages: []booking.Lang{booking.Spanish, booking.English},
		Location:  logrono,
		Facts: []booking.Fact{
			{Key: "parking", Text: text("Hay un aparcamiento público a dos minutos, en la calle Marqués de Vallejo", "There is a public car park two minutes away, in Calle Marqués de Vallejo")},
			{Key: "pets", Text: text("Los perros son bienvenidos\n en la terraza.", "Dogs are welcome on the terrace.")},
		},
		Services: []booking.Service{
			service(lunch, weekdays...),
			service(dinner, time.Thursday),
			service(lateDinner, time.Friday, time.Saturday),
		},
		Step: 15, Horizon: 120, PartyLimit: 20,
		HolidayRules: []booking.HolidayRule{{On: booking.OnHoliday}},
		Zones: []booking.Zone{
			{ID: "terraza", Name: text("Terraza", "Terrace")},
			{ID: "interior", Name: text("Interior", "Dining room")},
			{ID: "barra", Name: text("la barra", "bar")},
			{ID: "sofas", Name: text("sofás", "sofas")},
		},
	}
}

func at(s string) booking.TimeOfDay {
	t, err := booking.ParseTimeOfDay(s)
	if err != nil {
		panic(err)
	}
	return t
}

func on(s string) booking.Date {
	d, err := booking.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func ana() booking.Booking {
	return booking.Booking{
		ID: "01J", Code: "K7QF", Name: "Ana García", Phone: "+34612345678", Date: on("2026-12-24"), Time: at("21:00"),
		Party: 4, Service: "dinner", Tables: []string{"T1"}, Zone: "terraza", Status: booking.Confirmed,
		Channel: booking.ByPhone, Lang: booking.Spanish,
	}
}

// with returns Ana's booking with something different.
func with(change func(*booking.Booking)) booking.Booking {
	b := ana()
	change(&b)
	return b
}

func week() (w [7][]booking.ServiceHours) {
	for _, day := range []time.Weekday{time.Tuesday, time.Wednesday, time.Sunday} {
		w[day] = []booking.ServiceHours{lunch}
	}
	w[time.Thursday] = []booking.ServiceHours{lunch, dinner}
	w[time.Friday] = []booking.ServiceHours{lunch, lateDinner}
	w[time.Saturday] = w[time.Friday]
	return w
}

func newCatalogue() *catalogue.Catalogue { return catalogue.New(restaurant()) }

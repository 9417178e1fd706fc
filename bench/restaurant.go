package main

import "fmt"

// horizon is how many days ahead the measured desk books. With forty tables and
// two meals it holds more bookings than a run makes.
const horizon = 500

// restaurant is the restaurant of the booking measurements: as large and as plain as
// it must be for every booking of a run to succeed. Availability is measured
// on the built-in sample.
var restaurant = fmt.Sprintf(`
name = "Banco de pruebas"
phone = "+34 941 000 000"
address = "Calle Mayor, 1, Logroño"
languages = ["es", "en"]
time_zone = "Europe/Madrid"
[booking]
slot_step = 15
horizon = %d
party_limit = 4
notice = "30m"
[turn_times]
more = "1h30m"
[[services]]
id = "lunch"
name = { es = "comida", en = "lunch" }
days = "mon-sun"
first_arrival = "13:00"
last_arrival = "15:30"
kitchen_closes = "16:00"
room_closes = "18:00"
[[services]]
id = "dinner"
name = { es = "cena", en = "dinner" }
days = "mon-sun"
first_arrival = "20:00"
last_arrival = "23:00"
kitchen_closes = "23:30"
room_closes = "01:00"
[zones]
interior = { es = "el comedor", en = "the dining room" }
terraza = { es = "la terraza", en = "the terrace" }
[[tables]]
ids = "I1-I20"
name = "Comedor {id}"
zone = "interior"
min = 1
max = 4
[[tables]]
ids = "T1-T20"
name = "Terraza {id}"
zone = "terraza"
min = 1
max = 4
`, horizon)

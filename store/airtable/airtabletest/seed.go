package airtabletest

import (
	"fmt"
	"time"
)

// Seed fills a base that has DefaultSchema as a restobar's would be: 35 tables
// in four zones, and on the days around today the bookings that the staff wrote
// down by hand, some of them with gaps. It is for trying things by hand and for
// tests that want a lived-in base.
func (s *Server) Seed() error {
	if err := s.seedTables(); err != nil {
		return err
	}
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		return fmt.Errorf("seed bookings: %w", err)
	}
	today := s.Now().In(zone)
	at := func(days, hour, minute int) time.Time {
		return time.Date(today.Year(), today.Month(), today.Day()+days, hour, minute, 0, 0, zone)
	}
	day := func(days int) string { return at(days, 12, 0).Format(time.DateOnly) }
	rows := []map[string]any{
		{"Nombre del Cliente": "Ana Ruiz", "Teléfono": "+34 600 100 201", "Fecha de Reserva": day(1), "Hora": at(1, 21, 0),
			"Cantidad de Personas": 4, "Estado": "Confirmada", "Mesa": []string{"T1"}, "Zona Preferida": "Terraza", "Canal": "Staff"},
		{"Nombre del Cliente": "Íñigo Sáenz", "Teléfono": "600100202", "Fecha de Reserva": day(1), "Hora": at(1, 21, 30),
			"Cantidad de Personas": 2, "Estado": "Confirmada", "Mesa": []string{"I1"}, "Canal": "Teléfono"},
		{"Nombre del Cliente": "Cena de empresa Bodegas Rivas", "Fecha de Reserva": day(2), "Hora": at(2, 14, 0),
			"Cantidad de Personas": 12, "Estado": "Pre-reserva", "Mesa": []string{"I5", "I6", "I7"},
			"Notas Especiales": "Menú de grupo cerrado.\nUna celíaca."},
		// With gaps: no time, no number of people, no table, no name, nothing but a note.
		{"Nombre del Cliente": "Marta (la de siempre)", "Fecha de Reserva": day(2), "Cantidad de Personas": 3, "Estado": "Confirmada"},
		{"Nombre del Cliente": "Luis", "Fecha de Reserva": day(3), "Hora": at(3, 21, 0), "Mesa": []string{"S1"}},
		{"Fecha de Reserva": day(3), "Hora": at(3, 20, 30), "Cantidad de Personas": 2, "Mesa": []string{"B1"}, "Estado": "Confirmada"},
		{"Nombre del Cliente": "Pilar", "Hora": at(4, 22, 0), "Cantidad de Personas": 6, "Mesa": []string{"T9"}, "Estado": "Confirmada"},
		{"Notas Especiales": "preguntar a Javi por el bautizo de mayo"},
		{"Nombre del Cliente": "O'Brien \\ hijos", "Fecha de Reserva": day(4), "Hora": at(4, 14, 30), "Cantidad de Personas": 5,
			"Estado": "Cancelada", "Mesa": []string{"I11"}},
		{"Nombre del Cliente": "Turno de noche", "Fecha de Reserva": day(5), "Hora": at(6, 0, 30), "Cantidad de Personas": 4,
			"Estado": "Confirmada", "Mesa": []string{"B3", "B4"}, "Notas Especiales": "llegan pasada la medianoche"},
	}
	for _, row := range rows {
		if _, err := s.Staff().Create("Reservas", row); err != nil {
			return fmt.Errorf("seed bookings: %w", err)
		}
	}
	return nil
}

func (s *Server) seedTables() error {
	rows := []struct {
		prefix             string
		from, to           int
		name, zone         string
		least, most, prior int
	}{
		{"T", 1, 8, "Terraza", "Terraza", 1, 4, 10},
		{"T", 9, 10, "Terraza", "Terraza", 4, 6, 10},
		{"I", 1, 4, "Comedor", "Interior", 1, 2, 10},
		{"I", 5, 10, "Comedor", "Interior", 2, 4, 10},
		{"I", 11, 13, "Comedor", "Interior", 4, 6, 10},
		{"I", 14, 14, "Redonda", "Interior", 5, 8, 10},
		{"S", 1, 5, "Sofá", "Sofás", 2, 4, 20},
		{"B", 1, 6, "Barra", "Barra", 1, 2, 30},
	}
	for _, row := range rows {
		for n := row.from; n <= row.to; n++ {
			id := fmt.Sprintf("%s%d", row.prefix, n)
			_, err := s.Staff().Create("Mesas", map[string]any{"ID Mesa": id, "Nombre de Mesa": row.name + " " + id,
				"Ubicación": row.zone, "Capacidad": row.most, "Capacidad Mínima": row.least, "Prioridad": row.prior,
				"Disponible": true})
			if err != nil {
				return fmt.Errorf("seed tables: %w", err)
			}
		}
	}
	return nil
}

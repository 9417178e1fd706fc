package phrase

import "maitre/booking"

// languageWords are words by which a language is known. No word is in both.
var languageWords = map[booking.Lang]string{
	booking.Spanish: `el la los las un una unos unas de del al y o para pa por en con que es somos seremos quiero queria quisiera queremos podemos puedo podeis puede pueden teneis tienen hay esta este estos hoy manana pasado tarde noche mediodia
 si vale venga gracias hola buenas buenos dias tardes noches mesa mesas reserva reservar reservado cancelar anular cambiar mover muevela personas gente nino ninos bebe bebes mi mis nombre soy voy vamos solo sola pero porque como donde cuando cuanto
 lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre uno dos tres cuatro cinco seis siete ocho nueve diez doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte veintiuna treinta media cuarto menos punto
 terraza fuera dentro salon confirmo perfecto claro genial mejor perdon nosotros nosotras tengo tenemos alguien persona hablar abris cerrais horario cena cenar comer comida almorzar sitio hueco baja alta adelante correcto pareja parejas amigos mujer marido sobre igual tambien favor semana proximo proxima siguiente finde nochebuena nochevieja navidad reyes llamo ponme cual tenia telefono grupo unas docena nadie nada ninguna primero barra interior comedor
 se te le lo su sus yo ya muy mas entonces ahora aqui alli seria sea ser estoy estamos cerca aparcar perro perros carta otro otra mismo dic ene abr ago sab mie jue vie lun`,
	booking.English: `the for at on of and i we you my our is are am was were be will would can could do does did have has this that these those it in to from with by about around an
 today tomorrow tonight monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december
 one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty half past quarter oclock table tables book booking reserve reservation please thanks thank hello hi hey
 yes yeah yep sure fine great cancel change move people guests adults kids wife husband friends just next week morning afternoon evening night lunch dinner noon midnight name under inside outside open close hours where when what how someone speak talk
 human party couple couples dozen fortnight sorry actually instead not want need like make get new year christmas eve day days weeks after before anywhere first second third us alone sat mon tue tues wed thu thur thurs fri jan apr aug dec nice lovely myself
 terrace indoors outdoors available availability space room there any some which who unsubscribe nope wrong right good perfect correct cheers bye`,
}

// language tells which language a text is in by its words; hint, then the house's
// own, where they do not tell.
func (r *Reader) language(s *sentence, hint booking.Lang) booking.Lang {
	spanish, english := 0, 0
	for i := range s.toks {
		switch s.at(i).lex.lang {
		case booking.Spanish:
			spanish++
		case booking.English:
			english++
		}
	}
	switch {
	case spanish > english:
		return booking.Spanish
	case english > spanish:
		return booking.English
	case hint != "":
		return hint
	case r.house.Lang != "":
		return r.house.Lang
	}
	return booking.Spanish
}

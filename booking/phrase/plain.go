package phrase

import "strings"

// Only plain words cancel a booking or answer a question with yes or no: every word of the
// text must be in the table below. "está reservada, ¿no?" is not a no.

// The senses of plainTable.
const (
	plainPolite sense = iota // courtesies and small words, which say nothing
	plainOK                  // a yes by itself; nothing beside a word that gives back
	plainYes
	plainNo
	plainStays  // cannot come
	plainCancel // have it cancelled
	plainObject // what is given back; only beside a word that gives it back
	plainReason // begins why; free to the end of the clause, as long as it takes nothing back
	plainSenses
)

var plainTable = []row[sense]{
	{plainPolite, `lo siento/sentimos mucho? pero|muchas? gracias pero|perdon/perdona/perdone/perdonad pero|me/nos sabe mal pero|me/nos sabe muy? mal|so? sorry but|i/we am/are so/very/really/terribly? sorry but|thanks but|thank you but|hola|buenas|buenas tardes/noches/dias|buenos dias|buen dia|muy buenas|gracias|muchas gracias|muchisimas gracias|mil gracias|gracias por todo/avisar/escribir/preguntar/contestar/entenderlo/llamar/guardarla|gracias por la comprension/llamada/paciencia|gracias igualmente|gracias de todas/todos formas/maneras/modos|de todas formas/maneras|de todos modos|por favor
 |lo siento mucho/muchisimo?|lo sentimos mucho/muchisimo?|siento mucho?|sentimos mucho?|perdon|perdona/perdone/perdonad/perdonen|perdon/perdonad/perdona/disculpad/disculpa por? las/la/el molestias/molestia/lio|siento/sentimos/perdon/disculpad/perdonad por? avisar tan? tarde|siento/sentimos avisar con tan poco tiempo|disculpa/disculpe/disculpad/disculpen|disculpas|mis disculpas|pues|mira/mire/mirad|oye/oiga|ay|uy|uf|jo|eh|ah|al final|finalmente|desgraciadamente|lamentablemente|por desgracia|me temo que?|nos tememos que?|entonces|que pena|una pena|una lastima|que lastima|que rabia
 |os/le/te/les aviso/avisamos/escribo/escribimos de? que?|queria/queriamos/quiero avisar/avisaros/avisarte/avisarle/deciros/decirte/decirle que?|solo? era/es para decir/decirte/deciros/avisar/avisaros/comentar/comentaros/cancelar que?|escribo/escribimos para avisar/avisaros/deciros/decir que?|para avisar/avisaros que?|un saludo|saludos|un abrazo|un beso|besos|adios|hasta luego|hasta pronto|hasta otra|hasta la proxima|feliz/buen dia/noche/tarde/finde/semana|feliz/buenas noche/tarde
 |otro dia sera|otra vez sera|sera otro dia|sera otra vez|sera en otra ocasion|otra ocasion sera|en otra ocasion|para otra ocasion|a la proxima|sera la proxima|la proxima vez sera?|soy|somos los? de la? mesa?|chicos|chicas|maja|majo|guapa|guapo|señor|señora|senor|senora|que
 |hi|hello|hey|good morning/evening/afternoon/day/night|thanks|thank you|thanks/thank you? so/very/a much/lot|thanks/thank you? anyway/again|thank you for letting me/us know|thank/thanks you? for asking/holding/calling/writing/understanding|please|sorry|so/very/really/terribly sorry|i/we am/are so/very/really/terribly? sorry|sorry for/about the inconvenience/trouble|sorry about that|sorry for * late notice|apologies|my apologies|i/we am/are afraid|unfortunately|sadly|after all|anyway|cheers|bye|goodbye|regards|kind/best regards|have a nice/good/lovely/great day/evening/night/weekend|just letting you know|just to let you know|i wanted to let you know|we wanted to let you know|i/we just? wanted to say|maybe/perhaps/some another/other time|another time|some other time|next time|oh|ah|well|mate|guys|folks|sir|madam|hi there|i|we|that|it is|such a shame|what a shame|what a pity`},
	{plainOK, `vale|ok|bueno|bien|muy bien|venga|listo|hecho|good|alright|all right|fine|cool|right`},
	{plainYes, `si|claro|claro que si|por supuesto|por supuesto que si|desde luego|de acuerdo|perfecto|genial|estupendo|fenomenal|fantastico|confirmo|confirmado|confirmada|confirmamos|confirmar|la/lo confirmo/confirmamos|adelante|correcto|exacto|eso es|asi es|dale|conforme|cambiala/cambialo/cambiela/cambielo/cambiadla/cambiamela|muevela/muevala/movedla|hazlo/hagalo/hacedlo|apuntalo/apuntala/apuntadlo/apuntelo|anotalo/anotadlo/anotelo|si quiero/queremos|👍|afirmativo|me/nos parece bien/perfecto/genial|me/nos va/viene bien/perfecto/genial|me/nos vale
 |yes|yep|yeah|yup|sure|sure thing|of course|absolutely|definitely|certainly|please do|go ahead|do it|change it|note it|move it|correct|exactly|confirm|confirmed|i/we confirm|sounds good/great/perfect|perfect|great|lovely|that is right/correct/fine/ok/perfect/great/good|that works|yes i/we do/would|agreed`},
	{plainNo, `no podemos/puedo/podremos/podre|i/we? can not|i/we will not|no thank you very/so much|no|nop|nope|nah|negativo|👎|mejor no|claro que no|por supuesto que no|desde luego que no|que va|para nada|ni hablar|va a ser que no|no hace falta|ya no|ya no hace falta|ya no nos/me hace falta|ya? no la/lo quiero/queremos/necesito/necesitamos|no quiero|no queremos|ya? no nos/me interesa|no nos/me viene bien|no me/nos? la/lo guardes/guarde/guardeis/guarden|no contigo/contamos con ella|no contamos con ella|ya? no me/nos va bien
 |no thanks|no thank you|absolutely/definitely/certainly/surely not|of course not|no way|not any more|not anymore|not anymore thanks|no i/we do not|no i/we would not|i/we do not|do not keep/hold it/them?|do not need/want it anymore?|i/we do not need/want it/the? table/booking? anymore?|no longer need/want it|no need|hell no`},
	{plainStays, `no podemos/puedo/podremos/podre ir/venir/asistir/acudir|no podemos/puedo/podremos/podre ir a comer/cenar|no vamos/voy/va/iba a poder|no vamos/voy a poder ir/venir/asistir/acudir/ser|no vamos/voy a poder ir a cenar/comer|no va a poder ser|no va a ser posible|no nos/me va a ser posible|no nos/me sera posible|no nos/me es posible|no nos/me es posible ir/asistir/acudir/venir|no nos/me va a ser posible ir/asistir/acudir/venir|nos/me es/sera imposible|nos/me va a ser imposible|nos/me es/sera imposible ir/asistir/acudir/venir|nos/me va a ser imposible ir/asistir/acudir/venir|no vamos/voy|no vamos/voy a ir/venir/asistir/acudir|no iremos|no ire|no vendremos|no vendre|no asistiremos|no asistire|no acudiremos|ya no vamos/voy|ya no podemos/puedo ir/venir/asistir?
 |i/we? can not make it/that/tonight?|i/we? can not come/attend|i/we? can not make it anymore/tonight|i/we? could not make it|i/we? will not make it|i/we? will not be able to make it|i/we? will not be able to come/attend|i/we? will not be able|i/we? will not be coming|i/we? will not come|i/we? am/are not coming|i/we? am/are not coming anymore|not coming|not coming anymore|i/we? am/are not able to make it|i/we? am/are not able to come/attend|i/we am/are not going to make it|i/we am/are not going to be able to make it|i/we am/are not going to be able to come|i/we? am/are unable to make it|i/we? am/are unable to come/attend|unable to make it|unable to come/attend|i/we? can no longer make it|i/we? can no longer come|i/we are not going|i am not going`},
	{plainCancel, `cancela/cancelala/cancelalo/cancelamela/cancelanosla/cancelenla/canceladla/canceladmela/cancelad/cancele/cancelela/cancelelo|cancelarla/cancelar/cancelarlo|la/lo cancelo/cancelamos|cancelo/cancelamos|anula/anulala/anuladla/anulad/anule/anulela/anulenla/anulamela|anular/anularla|la anulo/anulamos|anulo/anulamos|quitala/quitadla/quitela/quitenla|quita/quitad la/mi reserva/mesa|borrala/borradla/borrela|borra/borrad la/mi reserva/mesa|eliminala/eliminadla|quiero/queremos/queria/queriamos/quisiera/necesito/necesitamos/deseo/deseamos/tengo/tenemos que? cancelar/cancelarla/anular/anularla/anularlo/cancelarlo|me/nos gustaria cancelar/cancelarla/anular/anularla|hay que cancelarla/cancelar|voy/vamos a cancelar/cancelarla/anular/anularla|voy/vamos a tener que cancelar/cancelarla/anular/anularla|nos/me veo/vemos obligados/obligado/obligada a cancelar/cancelarla|puedes/podeis/puede/pueden cancelar/cancelarla/anular/anularla/cancelarmela/cancelarnosla|dejala/dejadla/dejela/dejarla libre|dejad/deja/deje la mesa libre|dejad/deja/deje libre la mesa|podeis/puedes/pueden disponer de la mesa|podeis/puedes/pueden dar/darle la mesa a otro/otros/otra/otras personas/clientes/persona/gente?|podeis/puedes/pueden darsela a otro/otros|dadle/dale la mesa a otro/otros|dadsela/dasela a otro/otros|soltadla/sueltala/liberala/liberadla|suelta/soltad/libera/liberad la mesa|da/dad/dame/dadme de baja la/mi reserva
 |cancel|cancel it/that/this|cancelling|have/need/want to cancel|have/need/want to cancel it/that/this|would/i like to cancel|would like to cancel it/that|going to have to cancel|got to cancel|must cancel|will have to cancel|can/could you cancel|can/could you cancel it/that|call it off|give it away|give it to someone/somebody else|give the table away|give the table to someone/somebody else|let it go|let the table go|release it|release the table`},
	{plainObject, `esta noche/tarde|la reserva|mi/nuestra/esta/esa reserva|mi/nuestra mesa|la mesa|esa mesa|reserva|mesa|de|del|a|al|el|la|las|los|para|por|en|dia|y|ya|my/our/the/this/that booking/reservation/table|booking|reservation|table|on|at|for|the|this|any more|anymore|any longer|and|so|asi|then|will|am|are`},
	{plainReason, `porque|es que|ya que|asi que|nos ha/han|me ha/han|se nos/me ha|se ha/han|ha surgido|hemos tenido|he tenido|tenemos un/una|tengo un/una|estoy|estamos|mi hijo/hija/marido/mujer/madre/padre/suegra/suegro/abuela/abuelo/pareja/novio/novia|por un/una/motivos/temas/tema/enfermedad/trabajo/problemas|ya hemos|because|something|due to|i/we have a|i/we have got a|my son/daughter/husband/wife/mother/father/partner/mum/dad|the kids are|the baby|since my`},
}

// takesBack are words with which a reason may say that the table is wanted after all, or
// for others, or at another time.
var takesBack = set(`pero aunque salvo excepto menos si sino but unless if except although though until hasta antes despues later tarde late pronto mejor otro otra otros otras another other cambiar cambio mover move change pasar seremos somos vamos voy va van viene vienen vendra vendran vendre vendremos ira iran iremos ire llegar llegamos llego llegaremos llegare
 come comes coming go goes going there still todavia aun guardar guardad guarda guardadla keep hold mantener mantened mantenla solo only todos todas all both instead quiza quizas igual maybe perhaps puede might may no not llegando camino esperando waiting creo imagino supongo think guess suppose espera wait luego`)

// inPlainWords returns the intent that a text says in plain words and with nothing else
// beside it: Yes, No or Cancel. Empty: none.
func (r *Reader) inPlainWords(s *sentence, k slots) string {
	if s.asks || strings.ContainsRune(s.src, '¿') || k.more || k.party || k.zone || k.phone {
		return ""
	}
	var said [plainSenses]bool
	denied := false // by a no in this clause: "I'm not going to cancel"
	for i := 0; i < len(s.toks); {
		switch s.at(i).kind {
		case comma, stop, dash:
			denied = false
			i++
			continue
		case ask:
			return ""
		}
		sense, to := r.plainAt(s, i)
		switch {
		case to == 0 && s.used[i]: // a day, a time, a name
			sense, to = plainObject, i+1
		case to == 0, sense == plainCancel && (denied || s.deniedAt(i)), s.supposes(i, sense):
			return ""
		case sense == plainReason:
			if to = s.reasonEnd(to); to == 0 {
				return ""
			}
		}
		if sense == plainNo && (said[plainCancel] || said[plainStays]) { // "cancélala no"
			return ""
		}
		said[sense] = true
		denied = denied || sense == plainNo || sense == plainStays
		i = to
	}
	return plainIntent(said, k)
}

// supposes reports whether the words at i are only supposed: "y si cancelo", "si no vamos".
func (s *sentence) supposes(i int, what sense) bool {
	bare := func(i int) bool {
		return s.at(i).is("si") && !s.accented(i)
	}
	if bare(i) && s.at(i-1).kind == word && !s.at(i-1).is("si") {
		return true
	}
	return bare(i-1) && (what == plainCancel || what == plainStays || what == plainNo)
}

// plainIntent decides by what was said.
func plainIntent(said [plainSenses]bool, k slots) string {
	switch {
	case said[plainStays] && (said[plainYes] || k.time): // "no podemos ir a las nueve": at another time, maybe
		return ""
	case said[plainCancel], said[plainStays]:
		return Cancel
	case said[plainNo] && (said[plainYes] || said[plainOK]): // "vale, ¿no?", written as people do
		return ""
	case said[plainObject], said[plainReason]: // "no, el jueves", "no puedo, estoy conduciendo"
		return ""
	case said[plainNo]:
		return No
	case said[plainYes], said[plainOK]:
		return Yes
	}
	return ""
}

// plainAt returns the longest pattern of plainTable that holds at i, with the token
// after it; 0: none does.
func (r *Reader) plainAt(s *sentence, i int) (best sense, end int) {
	for _, p := range r.plain[s.at(i).text] {
		if to := s.match(p.elements, i, &caught{}); to > end {
			best, end = p.means, to
		}
	}
	return best, end
}

// reasonEnd returns the token after the clause that says why, or 0 where it takes back
// what was said or says more than why.
func (s *sentence) reasonEnd(i int) int {
	for ; !s.at(i).mark(); i++ {
		t := s.at(i)
		if t.kind != word || takesBack[t.text] {
			return 0
		}
		for _, g := range t.lex.groups {
			if g == "#change" || g == "#cancel" || g == "#keep" || g == "#want" {
				return 0
			}
		}
		if t.is("asi", "so", "and", "y") {
			return i
		}
	}
	return i
}

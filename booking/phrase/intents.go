package phrase

// sense is what a pattern shows; several senses lead to one intent.
type sense uint8

const (
	senseStop sense = iota
	senseStart
	senseHuman
	sensePolicy
	senseCancel
	senseChange
	senseAmend // words that change something only beside what it becomes
	senseList
	senseRoom // is there room?
	senseBook
	senseTable // words of booking that need more to be one
	senseHours
	senseFact // a thing of the restaurant
	senseQuestion
	senseYes
	senseNo
	senseFirmNo
	senseDunno
	senseGreeting
	senseThanks
	senses
)

// wordGroups are the words that patterns name as #group. A ~ ends a stem.
var wordGroups = map[string]string{
	"#cancel": "cancel~ anul~ cancel cancela cancelar anular anula cancelled borrar borra borrad borrala borrarla eliminar elimina quitar quita quitad quitadla quitala quitame suprimir",
	"#change": `cambi~ modific~ aplaz~ pospon~ reprogram~ reschedul~ postpon~ atras~ retras~ chang~ cambiar cambia cambiarla cambiamos modificar mover mueve muevela muevelo muevenos movedla moverla moverlo muevan movemos
 moverme movernos trasladar trasladarla desplazar adelantar adelantarla adelantarlo adelanta adelantala adelantais adelantamos aplazar retrasar change move moving reschedule modify amend alter postpone switch swap update
 corregir rectificar ampliar reducir`,
	"#shift":   "pasar pasarla pasarlo pasala pasalo pasadla pasarme pasarnos pasame ponla ponlo ponerla ponerlo ponedla dejala dejarla dejalo cambiamela ponmela pasamela pasanosla",
	"#reserve": `reserv~ reservar reservarme reservarnos reservame reservanos reservo reservamos reservaros reserve book books apartar apartame apartarme booking`,
	"#booking": "reserva reservas booking bookings reservation reservations reservita",
	"#booked":  "reservada reservado reservadas reservados booked reserved",
	"#want": `quiero queria querria quisiera quisieramos queremos queriamos querriamos necesito necesitamos necesitaba necesitariamos gustaria deseo deseamos deseaba deseariamos busco buscamos buscaba want like need looking
 interesa interesaria interesados quieren querer wanna love fancy pensaba pensabamos`,
	"#have":  "teneis tienen tienes tiene tendriais tendrian tendrias tendria tendreis tendran hay habra habria queda quedan quedaria quedarian quedara os quedan",
	"#room":  "mesa mesas mesita sitio sitios hueco huecos huequito sitito disponibilidad plaza plazas lugar espacio libre libres disponible disponibles table tables space availability available slot slots room spot spots",
	"#table": "mesa mesas mesita sitio hueco table tables spot",
	"#keep": `guardar guardarme guardarnos guardame guardanos guardadme guardadnos guardas guardais guarda coger cogerme cogernos pillar ponme ponnos pon ponedme ponednos poner ponerme ponernos dame danos dadnos dadme darme darnos
 apuntame apuntanos apuntadme apuntadnos apuntarme apuntar apunta anotame anotanos anota anotar preparame preparanos preparadnos preparar tomar hacer hazme haznos haced haz hacernos hacerme pedir realizar efectuar conseguir sacar
 make get have do`,
	"#eat":  "cenar comer almorzar cena comida dinner lunch dine eat brunch desayunar tapear picar",
	"#open": "abris abren abre abriis abriran abrireis abiertos abierto abierta abiertas cerrais cierran cierra cerrado cerrados cerrada cerrareis open opening opens close closes closing closed horario horarios cerrar abrir",
	"#see":  "ver consultar comprobar revisar mirar saber confirmar recordar recordarme recordame recuerdas check see view find look know show localizar encontrar cual cuando cuales when which buscar dime decirme",
	"#person": `persona alguien encargado encargada encargados camarero camarera responsable dueno duena jefe jefa humano humana gerente operador operadora agente recepcion empleado maitre cocinero chef
 someone somebody human person manager staff owner agent operator waiter receptionist member team`,
	"#talk": "hablar hablo hable hablara ponme pasame pongame paseme comunicame comunicarme contactar atienda atiendas atender speak talk connect contact transfer put ponerme pasarme hablais ponedme conectame comuniqueme ponganme",
	"#fact": `parking aparcar aparcamiento aparco garaje park direccion ubicacion ubicados ubicado situados carta menu menus platos plato precio precios cuesta cuanto wifi perro perros mascota mascotas
 vegano vegana veganos veganas vegetariano vegetariana vegetarianos vegetarianas celiaco celiaca celiacos celiacas gluten alergeno alergenos alergia alergias alergico alergica intolerancia lactosa halal kosher trona tronas accesible minusvalidos
 silla ruedas discapacitados ascensor tarjeta tarjetas efectivo bizum pagar pago especialidad especialidades recomendais tarta cumpleanos descorche decoracion musica directo aire acondicionado calefaccion web instagram telefono
 email correo climatizada climatizado escaleras terraza jardin piscina autobus metro bus tren cerca lejos llegar ninos infantil parque vino vinos paella arroz chuleton marisco tapas racion raciones domicilio llevar delivery takeaway takeout
 dog dogs pet pets vegan vegetarian coeliac celiac allergy allergies allergic wheelchair accessible highchair highchairs card cards cash pay address located location directions price prices cost dress code
 birthday cake corkage music live specials wine wines website phone email parked garage car cars coche coches kids children menú nut nuts dairy private privado privada reservado patio lift elevator toilet aseos baño bano banos vistas views sol dieta cambiador postre postres raciones pescado carne pizza hamburguesa sushi cocina ambiente capacidad aforo fumar fumadores terrazas chef grupos comunion comuniones boda bodas bautizo eventos evento`,
}

// intentTable is what guests say for each sense.
var intentTable = []row[sense]{
	{senseStop, `stop mensajes/messages/whatsapp/please|no quiero que me escribais/mandeis/envieis/escribas|para/parad/deja/dejad ya? de escribir/escribirme/mandar/enviar/mandarme/enviarme|no me contacteis/molesteis/molestes|darme de baja|dame de baja|dadme de baja|darse de baja|quiero la? baja|no me escribais/escribas/escriban|no me envies/envieis/mandeis/mandes/envien|no quiero recibir|no quiero mas mensajes/mensaje|no mas mensajes|dejad/deja/dejen de escribirme/mandarme/enviarme|borrame de la lista
 |unsubscribe|stop messaging/texting/sending/writing/contacting|opt out|no more messages|do not message/text/contact/write me|remove me`},
	{senseStart, `darme de alta|dame de alta|quiero la? alta|volver a recibir|unstop|opt in|resubscribe`},
	{senseHuman, `me pasas/pasais/pones/poneis con|atencion humana/personal|#talk a * #person|#talk * con #person|#talk * con un/una/el/la/algun #person|hablar con vosotros/ustedes|ponme/pasame/pongame/paseme con|#talk * to/with * #person|speak/talk to/with someone/you|llamame|llamadme|llamarme|llamenme|llameme|me llamais|me llamen|me puede/podeis/puedes/pueden llamar|podeis/puedes/pueden/podriais llamarme|que me llame/llamen/llameis
 |call me back?|give me a call|ring me|a real person|real/actual person/human|a person please|una persona por favor|una persona de verdad|persona real|un humano|atencion al cliente|customer service|eres un robot/bot|no quiero hablar con un? robot/maquina|quiero poner una queja|queja|reclamacion|hoja de reclamaciones|complaint
 |con el/la encargado/encargada/responsable/jefe/jefa/dueno/duena|llegaremos/llegamos/llegare * tarde|llegar * tarde|running late|be late|nos retrasamos|perdido * cartera/abrigo/bolso/chaqueta/movil/gafas|me deje|olvide|olvidado|lost my|left my|hablar con un?/una? agente/operador/camarero/operadora|agente|operator|operadora|operador|recepcion|atienda/atiendan/atender * #person|hablar con * restaurante/local/cocina/recepcion`},
	{sensePolicy, `politica * cancelacion/cancelaciones|cancelacion gratuita/gratis|cancellation policy|cancellation fee|cobrais * cancelar/cancelacion|cuesta cancelar|penalizacion|free cancellation|hasta cuando * #cancel|se puede cancelar gratis`},
	{senseCancel, `#cancel|cancelacion|cancellation|anulacion|dar de baja * #booking|no podemos/puedo/podre/podremos/pueden * ir/venir/asistir/acudir|no vamos/voy * ir/venir/poder/asistir|al final no vamos/voy/iremos/ire/podemos/puedo ir/venir/asistir?|no iremos|no ire|no vendremos|no asistiremos|no podremos|no podre
 |can not make it|will not make it|can not come/attend|not able to make/come/attend|unable to make/come/attend|will not be able|will not be coming|are not coming|am not coming|no longer need/coming/able/make/come|do not need * table/#booking|call off|call it off|ya no queremos/necesitamos/necesito/quiero/vamos|ya no hace falta|give up * table|drop my #booking|cancelation please`},
	{senseChange, `#change|#shift * #booking|#shift * a/al/para|push * back|bring * forward|en vez de/del|en lugar de/del|instead of|anadir|anade|anadid|agregar|agrega|sumar * persona/personas|add * more/person/people/guest|al final somos/seremos/vamos/vendremos/iremos|somos/seremos/vamos/vienen/viene uno/una/dos/tres/cuatro mas
 |no somos/seremos/eramos|uno/una/dos/tres menos|one/two/three less/fewer|uno/una mas|one/two/three more|a different time/day/date|otra hora|otro dia|otra fecha|another time/day/date|make it * instead|earlier|later time|mas tarde|mas temprano|mas pronto|antes|now * of us|we are now|ahora somos|ya no somos`},
	{senseAmend, `#shift|mejor|make it|rather|instead|prefiero|preferimos|preferiria|prefeririamos|actually|perdon|quise decir|queria decir|i meant|i mean|no a|no el|sorry`},
	{senseList, `esta/sigue/queda reservada/confirmada/apuntada/guardada|tengo/tenemos hecha/hecho * #booking|confirmas/confirmais * #booking|puedes/podeis confirmar * mi/nuestra #booking|esta/sigue confirmada/hecha/guardada * #booking|mi/nuestra #booking esta/sigue/is|is my #booking confirmed|para cuantos/cuantas * mi #booking|a que nombre esta|consultar/comprobar/revisar/check/view * #booking|ver mi/la #booking|tengo/tenemos/tenia/teniamos/tendre * #booked|tengo/tenemos/tenia/teniamos alguna/una/la/mi/hecha/ya/otra? #booking|cuando/dia/hora tengo/tenemos * mesa/#booking|tengo/tenemos mesa|#booking tengo/tenemos|mis reservas|my bookings/reservations|all my #booking|#see * mi/la/my #booking|#see * mis #booking|mi #booking es/era|es/era mi/nuestra #booking|cuando/cual/donde es/era/esta mi/la/nuestra #booking
 |hora * mi/nuestra #booking|hora * tengo/tenemos|time * my/our #booking|day * my/our #booking|do i/we have * #booking/table/#booked|have i/we got * #booking/table|have i/we * #booked|i/we have a/an #booking|am i #booked|are we #booked|what did i book|what have i booked|existe/sale/aparece/consta/figura * mi/la #booking|sigue en pie|estado de mi #booking|when is * #booking|what time is * #booking|hice/hicimos una #booking|he/hemos hecho una? #booking|he/hemos reservado|estoy/estamos apuntado/apuntados|datos de mi #booking|details of my #booking`},
	{senseRoom, `como estais/andais * sitio/hueco/mesas|if/whether you have * #room|you have * #table|squeeze in|queda/quedan/quedara * #room|si hay/habria/queda/teneis/tienen * #room|#have * #room|#have algo/alguna/algun/alguno|#have para|#have libre|disponibilidad|availability|estais/estan/esta llenos/completos/lleno/completo/petados|esta todo lleno/reservado/completo|a tope|do you have * #room|do you have anything|have you got * #room|have you got anything|got * table/space/room/tables|is/are there * #room|is/are there anything|any tables/table/space/room/availability/chance/slots/spots
 |fit us/me in|fit * in|squeeze us/me in|fully booked|full tonight/on|nos/me cabe|cabemos|cabriamos|caben|what times * available/free|what/which times do you have|free table/tables|que horas/huecos/mesas * #have|a que hora #have|que #have libre/disponible|are you free|is * free/available|available/free * tonight/tomorrow|seria posible * #eat/mesa|sigue libre|hueco|huecos|can you seat|could you seat|can you take|can you accommodate`},
	{senseBook, `#reserve|#keep * una/a #booking|#keep * #table|#keep #booking|#want * #booking/#table|#want * #eat|guardais|una reserva|nueva reserva|new #booking|otra reserva|another #booking|mesa para/pa/x|mesita para|reserva para|table for|booking for|reservation for|party of|can/could/may i/we * table|can/could we come|ir/venir a #eat|come for #eat|like to come|apuntame|apuntanos|apuntadnos|ponme para|ponnos para|me guardas|nos guardas|me apuntas|nos apuntas|me pones|nos pones|me haces|para reservar|sit us`},
	{senseTable, `mesa|mesas|table|tables|#booking|#eat|cita|sitio`},
	{senseHours, `#open|a que hora #open/es/sirv/empieza/empezais/servis/sirven/comienza/se/dais/cerrais/acaba/termina|hasta que hora|desde que hora|que dias|what time do/are/is/does|what days|opening hours/times|hours|opening times|last orders|dais/servis cenas/comidas/cena/comida/desayunos/de|se puede comer/cenar * domingo/lunes|are you open|do you serve/do lunch/dinner/breakfast|trabajais|cuando abris|kitchen close`},
	{senseFact, `#fact|que teneis/hay/tienen/tienes * para/de comer/cenar/postre/beber|donde estais/esta/estan/es/queda/os|where are/is|how do i/we get|how to get|como llego/llegar/llegamos|que tipo de|what kind/type/sort of|high chair/chairs|se come|fuera de carta|comida para llevar|sin gluten|gluten free|menu del dia|happy hour|take away|para celiacos|dress code|cuanto dura/tiempo|how long|how much|sirven alcohol|admitis|aceptais|aceptan`},
	{senseQuestion, `hay|teneis|tienen|tienes|tiene|donde|como|cuanto|cuanta|cual|cuales|que|puedo|podemos|puede|pueden|se puede|se pueden|admitis|aceptais|aceptan|permitis|haceis|hacen|ofreceis|disponeis|disponen|es|sois|esta|estais|is there|are there|do you|does|can i|can we|could i|where|what|how|which|is it|are you|have you`},
	{senseYes, `si|todo bien/ok/perfecto/correcto|me/nos encaja/cuadra/gusta/convence|me/nos viene/va genial/perfecto/estupendo/fenomenal|lo confirmo|la confirmo|reservala|reservalo|reservanosla|reservamela|book it|reserve it|por mi/nosotros bien/perfecto/vale/si/genial|eso|esa|ese|👍|vale|venga|claro|perfecto|perfecta|genial|estupendo|fenomenal|fantastico|maravilloso|excelente|confirmo|confirmada|confirmado|confirmar|confirmamos|confirma|de acuerdo|por supuesto|adelante|correcto|correcta|exacto|exactamente|eso es|asi es|dale|listo|hecho|conforme|acepto|aceptamos|bien|muy bien|va bien|viene bien|parece bien|esta bien|sin problema|no hay problema|bueno|buenisimo|guay|trato hecho|como no|sip|sipi|ok|va|por que no|eso mismo|la quiero|lo quiero|me la quedo|me lo quedo|nos la quedamos
 |yes|yep|yeah|yup|aye|sure|of course|absolutely|definitely|certainly|sounds good/great/perfect/lovely|that works|works for me/us|perfect|great|fine|lovely|brilliant|excellent|wonderful|go ahead|go for it|confirm|confirmed|correct|right|that is right/fine/ok/perfect/good/great/correct|all good|deal|please do|why not|alright|cool|good|no problem|no worries|i will take it|we will take it|seguro|me apunto|ya esta bien|happy with that|ideal|agreed|por favor|please|afirmativo|cierto|claro que si|suena bien|me sirve|nos sirve|me vale|nos vale`},
	{senseNo, `no|nop|nope|nah|nanai|👎|ninguna|ninguno|none|neither|nada|nunca|not|negativo|incorrecto|incorrecta|wrong|mal|tampoco`},
	{senseFirmNo, `mejor no|no gracias|no thanks|no thank you|no muchas gracias|al final no|ahora no|de momento no|por ahora no|todavia no|claro que no|que va|para nada|ni hablar|en absoluto|not now|not really|no way|not today|do not think so|rather not|no me interesa|no nos interesa|no quiero|no queremos|no hace falta|nada gracias|no me va|no nos va|no me viene|no nos viene|no puedo|no podemos|no es correcto|not correct|not right|no esta bien|not ok|ninguna de|none of|better not|that is wrong|no confirmo|dejalo|lo dejamos|lo dejo|nothing|dejemoslo|olvidalo|forget it|leave it|never mind|por supuesto que no|creo que no|i am good thanks|that does not work|does not work|no need|no nos cuadra|no me cuadra|absolutely/definitely/certainly/surely not|of course not|desde luego que no`},
	{senseDunno, `no se|no lo se|ni idea|no estoy seguro/segura|no estamos seguros|do not know|not sure|no idea|no entiendo|no te entiendo|no comprendo|do not understand|what do you mean|no lo tengo claro|depende|but not yet/now/sure|but not right now|pero ahora/todavia/aun no|pero no ahora/todavia/aun`},
	{senseGreeting, `hola|buenas|buenos dias|buen dia|buenas tardes|buenas noches|saludos|hello|hi|hey|hiya|good morning|good afternoon|good evening|good day|que tal|muy buenas|ey|howdy|morning|evening`},
	{senseThanks, `gracias|mil gracias|muchas gracias|muchisimas gracias|agradecido|agradecida|thanks|thank you|cheers|ta|adios|hasta luego|hasta pronto|hasta manana|hasta el|nos vemos|chao|chau|bye|goodbye|see you|un saludo|buen finde|feliz dia|que vaya bien|good night|take care`},
}

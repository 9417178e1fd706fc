package phrase

// minTypo is the shortest word whose typos are corrected, in letters: shorter ones
// are too near to one another.
const minTypo = 5

// maxTypo bounds the work on one word.
const maxTypo = 24

// known returns the word of the lexicon that was meant, or w itself.
func (l *lexicon) known(w string) string {
	if l.has(w) {
		return w
	}
	if len(w) > maxTypo {
		return w
	}
	if single := squeeze(w, 2, 1); single != w && l.has(single) {
		return single
	}
	if double := squeeze(w, 3, 2); double != w {
		if l.has(double) {
			return double
		}
		w = squeeze(w, 3, 1)
	}
	if stem := withoutPossessive(w); stem != w && l.has(stem) {
		return stem
	}
	return l.correct(w)
}

func (l *lexicon) has(w string) bool {
	if _, ok := l.expansions[w]; ok {
		return true
	}
	return l.lexeme(w).known
}

func withoutPossessive(w string) string {
	if n := len(w) - 2; n > 0 && w[n:] == "'s" {
		return w[:n]
	}
	return w
}

// squeeze returns w with every run of at least n equal letters cut to m.
func squeeze(w string, n, m int) string {
	out := make([]byte, 0, len(w))
	changed := false
	for i := 0; i < len(w); {
		j := i
		for j < len(w) && w[j] == w[i] {
			j++
		}
		run := j - i
		if run >= n && w[i] < 0x80 {
			run = m
			changed = true
		}
		for range run {
			out = append(out, w[i])
		}
		i = j
	}
	if !changed {
		return w
	}
	return string(out)
}

// correct returns the one known word at a distance of one typo (a letter missing, too
// many, wrong, or two swapped). Where two words are as near and either is a
// number or a day, it stays as it was: nothing is guessed.
func (l *lexicon) correct(w string) string {
	if len(w) < minTypo-1 {
		return w
	}
	best, rival := "", false
	try := func(candidates []string) {
		for _, c := range candidates {
			if c == best || len(c) < minTypo || len(w) < minTypo && len(c) > minTypo || !oneTypo(w, c) {
				continue
			}
			switch {
			case best == "":
				best = c
			case l.exact(best) || l.exact(c):
				rival = true
			case c[0] == w[0] && best[0] != w[0]:
				best = c
			}
		}
	}
	try(l.near[w])
	var buf [maxTypo]byte
	for i := range len(w) {
		less := append(append(buf[:0], w[:i]...), w[i+1:]...)
		try(l.near[string(less)])
	}
	if best == "" || rival || len(w) < minTypo && best[0] != w[0] {
		return w
	}
	return best
}

// exact reports whether another word in its place would change a date or a number.
func (l *lexicon) exact(w string) bool {
	return l.entries[w].class&(isUnit|isTeen|isTen|isHundred|isOrdinal|isMonth|isWeekday) != 0
}

// oneTypo reports whether a becomes b by one insertion, deletion, replacement or
// swap of neighbours.
func oneTypo(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) {
		return true
	}
	if a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// shortForms are chat spellings, contractions and words run together, with what
// they are short for.
var shortForms = map[string]string{
	"q": "que", "k": "que", "ke": "que", "xa": "para", "pal": "para el", "xq": "por que", "pq": "por que", "porq": "porque", "tb": "tambien", "tmb": "tambien", "tbn": "tambien",
	"x": "x", "xfa": "por favor", "xfavor": "por favor", "porfa": "por favor", "porfi": "por favor", "porfis": "por favor", "porfavor": "por favor", "pf": "por favor", "pls": "please", "plz": "please", "pleas": "please", "plis": "please",
	"finde": "fin de semana", "findes": "fin de semana", "mnn": "manana", "mnna": "manana", "mnana": "manana", "manyana": "manana", "maana": "manana", "mna": "manana", "mananas": "manana", "oy": "hoy", "ola": "hola", "holi": "hola", "holis": "hola", "wenas": "buenas", "weno": "bueno", "bno": "bueno",
	"pasao": "pasado", "noxe": "noche", "nxe": "noche", "bale": "vale", "vle": "vale", "sip": "si", "sipi": "si", "oki": "ok", "okis": "ok", "okey": "ok", "okay": "ok", "okei": "ok", "okk": "ok", "oka": "ok", "kk": "ok",
	"grax": "gracias", "grcs": "gracias", "graxias": "gracias", "thx": "thanks", "thnx": "thanks", "tnx": "thanks", "ty": "thank you", "thankyou": "thank you",
	"tmrw": "tomorrow", "tmr": "tomorrow", "tomoz": "tomorrow", "tmw": "tomorrow", "tomorow": "tomorrow", "tommorow": "tomorrow", "tommorrow": "tomorrow", "2moro": "tomorrow", "tonite": "tonight", "2nite": "tonight",
	"u": "u", "ur": "your", "r": "are", "ppl": "people", "pers": "personas", "per": "personas", "prs": "personas", "perso": "personas", "persnas": "personas", "pls.": "please", "bday": "birthday", "rsv": "reserva", "resv": "reserva", "res": "reserva", "resa": "reserva", "rez": "reservation",
	"kiero": "quiero", "qiero": "quiero", "kisiera": "quisiera", "keria": "queria", "qeria": "queria", "keremos": "queremos", "qeremos": "queremos", "reserbar": "reservar", "reserba": "reserva", "aser": "hacer", "acer": "hacer", "ay": "ay", "ai": "hay", "hai": "hay", "teneys": "teneis", "tneis": "teneis", "tienes": "tienes", "aller": "ayer",
	"im": "i am", "i'm": "i am", "we're": "we are", "we'll": "we will", "i'll": "i will", "i'd": "i would", "we'd": "we would", "it's": "it is", "its": "it is", "it'll": "it will", "that's": "that is", "thats": "that is", "there's": "there is", "theres": "there is", "there'll": "there will", "you're": "you are", "they're": "they are", "they'll": "they will",
	"can't": "can not", "cant": "can not", "cannot": "can not", "don't": "do not", "dont": "do not", "doesn't": "does not", "doesnt": "does not", "won't": "will not", "wont": "will not", "couldn't": "could not", "isn't": "is not", "aren't": "are not", "haven't": "have not", "didn't": "did not", "wouldn't": "would not",
	"what's": "what is", "whats": "what is", "where's": "where is", "wheres": "where is", "when's": "when is", "who's": "who is", "how's": "how is", "name's": "name is", "names": "name is", "let's": "let us", "lets": "let us", "i've": "i have", "we've": "we have", "you've": "you have",
	"o'clock": "oclock", "wanna": "want to", "gonna": "going to", "gotta": "got to", "lemme": "let me", "pax.": "pax", "minutos": "minutos", "new year's": "new year", "yr": "year", "sth": "something",
	"alas": "a las", "ala": "a la", "paralas": "para las", "demas": "demas", "xra": "para", "pra": "para", "d": "de", "dl": "del", "m": "me", "aki": "aqui", "ls": "las", "lss": "las", "tngo": "tengo", "stoy": "estoy", "stamos": "estamos", "estais": "estais",
	"wensday": "wednesday", "wendsday": "wednesday", "dies": "diez", "onze": "once", "doze": "doce", "seix": "seis", "hocho": "ocho",
	"xmas": "christmas", "natividad": "navidad", "nochevija": "nochevieja", "findeano": "fin de ano", "medio": "medio", "hr": "h", "hrs": "h", "hs": "h", "horas": "horas", "amm": "am", "pmm": "pm", "noon": "noon", "afterwards": "after",
	"wknd": "weekend", "wkend": "weekend", "sabadito": "sabado", "dominguito": "domingo", "juevesito": "jueves", "viernesito": "viernes", "dosis": "dosis", "reservilla": "reserva", "mesilla": "mesita", "saludis": "saludos", "genialll": "genial", "perf": "perfecto", "perfe": "perfecto", "perfect!": "perfect", "dacuerdo": "de acuerdo", "deacuerdo": "de acuerdo", "porsupuesto": "por supuesto", "nose": "no se", "haber": "a ver", "acuerdo": "acuerdo",
}

// realWords are words that are one letter away from those of the tables and must
// stay what they are.
const realWords = `nueva nuevo nuevas nuevos nuestro coche coches noches hombre hombres cuanto cuanta cuantos cuantas fuego fuerte fuente meses tenga carta cartas viene vienen diner night right light might fight eight
 there these where here hear house horse mouse never sever even event every seventh cable tablet mango fable lunge launch bunch punch could would should sound found round hour hours your yours ours four fourth forty later water
 latter letter better matter after often listen soon sooner moon today toda todas todos todo tomo toma dice dicen dicho diente dieta nieve nieves nueces jamas junta juntas juntos junto marca marzo barco martes parte partes tarda tardes tardar carne
 cerca cerdo celia sabe saben sabor salado salada sabroso media medio medios misma mismo mesas masa pesa peso queso quiso tres trae traer trato cuatro cuadro cuadra cuarta cuartos teatro cinta cine sitios sierra siento siete sienta sentado
 quince quite quien quienes viejo vieja viaje verano otono invierno primavera domicilio doming lunar luna lunas jueza juegos juego viernes vientos viento abrir abrigo abrazo abrazos hoja hojas hora horas hola bola cola colas
 place places plate please plead piece peace price prize prime party parts pasta paste pastel tarta tartas torta porta puerta puerto punto puntos junco cenar cenas ceno cebolla cerveza menudo menor mejor mujer amigo abrigo amiga
 noche coche leche lecho techo hecho hecha ocho dicho dejar dejo dejamos bajar baja bajo caja cajas calle valle salle sale salir salida venir venga venta ventana ventanas verde verdad
 people couple couples purple simple sample apple third thirty thirsty thing think thanks tanks banks first fist sixth sixty fifth fifty lovely lively evening opening morning warning weeks weak week work works word words world
 since once twice thrice price nice rice dinner winner thinner dinners sunny sundae money monkey honey funny friend friends fried fries trends trend match march marsh mark mary may maybe many main mainly
 april apron august juntos justo julio junio juicio enero dinero entero febrero marzo mayor mayores menores reserve serve served service server severe several reverse change chance chain chair charge cancel panel candle
 table stable able move moved movie love loved glove name named game same fame inside aside beside outside indoor terrace terrible human humans woman women humano hermano hermanos verano manual anuncio anual anillo
 cosas cosa casa casas caso casi pasar pasado posar pesar pisar pesado pasada paso pasta barra barro burro marea sofia salsa salon talon balon balcon jabon jamon melon latex stop step shop shops start stark stare smart
 llegar llevar llenar llamar llena lleno llama llave lugar jugar lucir listo lista visto gusto gustos busto bueno buena buenas nueve duena dueno cuenta cuento viento quienes claro clara caro cara para paga pagar pasar parar
 mucho muchas muchos ducha lucha dulce dulces duce doble noble cable mejillon celebrar celebramos celebracion especial espacio despacio cerrado cerrada errado abierto cubierto acierto cierto tiempo tempo templo temprano ventilador
 sombra sombrilla sol solo sola solos solas bola pollo polla ensalada entrada sardina sopa copa copas ropa roja rojo mira mirad mire mirar tirar girar viva vive vivo vimos vamos damos dame llame
 hello hell help held herd heard yellow mellow fellow still chill bill fill hill kill mill pill till will well sell tell bell fell cell
 someone something anything anyone everyone everything nothing another other mother brother bother father rather feather weather whether lather
 early nearly yearly dearly clearly really finally family familia familiar final finales finca finas finos vinos vino pinos
 ramos ramas camas damas gamas mamas llamas cremas temas celos cielo hielo suelo vuelo abuelo pelo
 mexico mexicano italiano espanol ingles frances logrono rioja madrid bilbao pamplona burgos vitoria haro spanish english french german
 juntar juntarnos celebrar brindar probar probamos sorpresa fiesta boda bautizo comunion jubilacion empresa equipo trabajo oficina amor cielo corazon feliz felices felicidades
 rey reyes ley leyes buey bueyes grupo grupos tropa cuerpo cerca cierra tierra sierra guerra perra perro perras gorra borra borrar burra
 vais vayas vaya vale vales valle valor calor color dolor olor favor sabor labor
 hundred thousand million hungry angry happy sappy nappy puppy floor flour flower lower tower power shower
 moment momento segundo segundos minuto minutos ratito rato plato platos gato gatos pato patos dato datos
 tiene tienen tienda tiendas viene vienen vente veinte frente fuente puente suerte muerte fuerte
 booth tooth both bath path math month months mouth south north youth truth
 lucy lunch bench beach reach teach peach each
 party dirty thirty forty sorry worry hurry curry carry marry merry berry ferry
 number member timber lumber numero numeros nombre nombres hombre hambre sombre cumbre
 saturn sunset sundown weekday weekdays holiday holidays birthday birthdays
 quick quiet quite quote queen green seen been between
 corner corder order border older elder under wonder thunder
 alas atlas ahora hora horno hornos turno turnos otoño retorno entorno
 cafe cafes gafas jefe chefs pesto resto restos resta restar restaurante restaurant
 contar contamos contado cantar canto cantos tanto tantos llanto santo santa santos manta planta plantas
 serio seria serian series cerca verlo verla verlos tenerlo tenerla hacerlo hacerla ponerlo
 ayer ojala quizas quiza jamas nunca siempre luego pronto tarde
 light lights sight slight flight bright height weight freight straight
 marta marie carlos carla julia julie julian sabina lunes luna dana diana tania
 movil telefono contestar contesta escribir escribo mensaje mensajes audio foto fotos video
 estupenda fantastica preciosa bonito bonita rico rica ricos ricas barato caro cara
 aqui alli alla ahi asi cada toda sino segun donde adonde aunque mientras durante contra entre hacia desde hasta`

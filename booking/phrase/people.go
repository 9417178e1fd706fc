package phrase

// Words for guests. Every one of them takes a seat, babies too.
const (
	guestWords = `persona personas people person persons guest guests pax comensal comensales cubierto cubiertos cover covers adulto adultos adulta adultas adult adults grownup grownups
 plaza plazas seats seat sitios asientos diners diner invitados gente amigos amigas amigo amiga friend friends mayores mayor colega colegas companeros companeras companero companera
 mujer marido esposa esposo novio novia wife husband girlfriend boyfriend fiance fiancee partner madre padre mother father mum mom dad mama papa
 hermano hermana hermanos hermanas brother sister brothers sisters primo prima primos primas cousin cousins tio tia tios tias aunt uncle
 abuelo abuela grandma grandpa grandmother grandfather suegro suegra cunado cunada cunados cuñadas cunadas jefe boss socio socia cliente clientes client clients
 chicos chicas chico chica hombres mujeres hombre men women man woman lady ladies gentlemen guys girls boys guy colleague colleagues coworker coworkers vecinos vecino vecina familiares relatives peques mate mates buddy`
	minorWords = `nino ninos nina ninas bebe bebes baby babies kid kids child children infant infants toddler toddlers hijo hija hijos hijas son sons daughter daughters crio crios cria crias
 peque peques chiquitin chiquitina nieto nieta nietos nietas grandson granddaughter grandchildren sobrino sobrina sobrinos sobrinas nephew niece menor menores pequeno pequenos nene nena`
	chairWords = "trona tronas highchair highchairs"
	pairWords  = "pareja parejas couple couples matrimonio matrimonios"
	twoWords   = "padres parents suegros grandparents"
	mineWords  = "mi my our nuestro nuestra mis nuestros nuestras their"
	leadWords  = `somos seremos seriamos vamos iremos iriamos vendremos venimos eramos estamos estaremos estariamos seran serian quedamos cenamos comemos juntamos ser vienen vendran iran sumos semos
 vendriamos cenaremos comeremos cenariamos comeriamos fuesemos fueramos sentarnos`
	fillerWords = `un una unos unas como grupo grupito total en de casi aproximadamente aprox alrededor solo solamente about around roughly approximately maybe just probably maximo max party group familia family
 quizas igual creo ya ahora nosotros nosotras only exactamente posiblemente probablemente almost a menos o finalmente final al mesa us`
)

func (l *lexicon) addPeople() {
	for _, group := range []struct {
		words string
		class class
		seats int
	}{{guestWords, isPerson, 1}, {minorWords, isPerson | isMinor, 1}, {pairWords, isPerson | isPair, 2}, {twoWords, isPerson, 2}} {
		l.each(group.words, func(e *lexeme) { e.class, e.value = e.class|group.class, group.seats })
	}
	l.add(0, chairWords)
	l.add(isMine, mineWords)
	l.add(isLead, leadWords)
	l.add(isFiller, fillerWords)
	l.add(0, "docena dozen par media half entre between parejita incluido incluida incluidos incluyendo contando including included nosotros nosotras familias families sola solo alone myself")
}

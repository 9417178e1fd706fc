package formula_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maitre/store/airtable/airtabletest/formula"
)

func env() formula.Env {
	cells := map[string]formula.Value{
		"Nombre":            formula.Str("Íñigo O'Brien"),
		"fldNombre00000000": formula.Str("Íñigo O'Brien"),
		"Raro } aquí":       formula.Str("raro"),
		"Personas":          formula.Num(4),
		"Fecha":             formula.Instant(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)),
		// Half past midnight in Madrid: the day before in UTC.
		"Hora":   formula.Instant(time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)),
		"Mesa":   formula.Texts([]string{"T1", "T10"}),
		"Pagada": formula.Boolean(true),
		"Vacío":  {},
		"Mal":    formula.Fail(),
	}
	return formula.Env{
		Now: time.Date(2026, 11, 23, 18, 30, 0, 0, time.UTC), RecordID: "recABC",
		Created: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
		Field:   func(ref string) formula.Value { return cells[ref] },
		Modified: func(refs []string) time.Time {
			if len(refs) > 0 && refs[0] == "Vacío" {
				return time.Time{}
			}
			return time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
		},
	}
}

func TestFormulas(t *testing.T) {
	t.Parallel()
	tests := []struct{ formula, want string }{
		// Literals and escapes
		{`'a\'b\\c\n"'`, "a'b\\c\n\""},
		{`"a\"b'"`, `a"b'`},
		{`1.50`, "1.5"},
		{`.5+-2*3`, "-5.5"},
		{`-(2-5)/2`, "1.5"},
		{`{Raro \} aquí}`, "raro"},
		{`{fldNombre00000000}={Nombre}`, "1"},
		{`Personas = 4`, "1"},
		// Operators, from loose to tight
		{`1+1&2*3=26`, "1"},
		{`'a'='A'`, "0"},
		{`'a'!='A'`, "1"},
		{`2<10`, "1"},
		{`'2'<'10'`, "0"},
		{`{Personas}>='4'`, "1"},
		{`{Nombre}='Íñigo O\'Brien'`, "1"},
		{`1/0`, "#ERROR!"},
		{`'a'+1`, "#ERROR!"},
		// Blank
		{`{Vacío}=''`, "1"},
		{`{Vacío}=0`, "1"},
		{`{Vacío}=BLANK()`, "1"},
		{`{Nombre}=BLANK()`, "0"},
		{`NOT({Vacío})`, "1"},
		{`{Vacío}+1`, "1"},
		// Links: the text of the primary fields
		{`{Mesa}='T1, T10'`, "1"},
		{`{Mesa}='T1'`, "0"},
		{`FIND('T1', {Mesa})`, "1"},
		{`FIND(',T1,', ','&ARRAYJOIN({Mesa},',')&',')>0`, "1"},
		{`ARRAYJOIN({Mesa})`, "T1, T10"},
		// Logic
		{`AND(1,'x',{Pagada})`, "1"},
		{`AND(1,{Vacío})`, "0"},
		{`OR({Vacío},0)`, "0"},
		{`XOR(1,1,1)`, "1"},
		{`IF({Personas}>3,'muchos','pocos')`, "muchos"},
		{`IF(0,1)`, ""},
		{`IF(1,'a',ERROR())`, "a"},
		{`SWITCH({Personas},3,'tres',4,'cuatro','?')`, "cuatro"},
		{`OR(1,{Mal})`, "#ERROR!"},
		{`ISERROR({Mal})`, "1"},
		{`TRUE()=1`, "1"},
		// Text
		{`FIND('10','210')&SEARCH('ÍÑ',{Nombre})`, "21"},
		{`FIND('z','abc')`, "0"},
		{`SEARCH('z','abc')`, ""},
		{`FIND('a','banana',3)`, "4"},
		{`FIND('a','banana',99)`, "0"},
		{`LOWER('ÍÑ')&UPPER('íñ')&LEN('íñ🍷')`, "íñÍÑ3"},
		{`TRIM('  a ')&LEFT('íñigo',2)&RIGHT('íñigo',2)&MID('íñigo',2,3)`, "aíñgoñig"},
		{`SUBSTITUTE('a-b-c','-','+')&SUBSTITUTE('a-b-c','-','+',2)`, "a+b+ca-b+c"},
		{`CONCATENATE('a',1,{Mesa})`, "a1T1, T10"},
		{`VALUE('1,234.50 €')`, "1234.5"},
		{`VALUE('x')`, "#ERROR!"},
		{`REGEX_MATCH({Nombre},'^Íñ.*Brien$')`, "1"},
		{`REGEX_MATCH('a','(')`, "#ERROR!"},
		// Dates
		{`{Fecha}`, "2026-11-23T00:00:00.000Z"},
		{`{Fecha}='2026-11-23'`, "0"}, // the trap: use IS_SAME or DATETIME_FORMAT
		{`IS_SAME({Fecha},'2026-11-23','day')`, "1"},
		{`IS_SAME({Hora},'2026-11-23','day')`, "0"}, // UTC
		{`DATETIME_FORMAT(SET_TIMEZONE({Hora},'Europe/Madrid'),'YYYY-MM-DD')='2026-11-23'`, "1"},
		{`DATETIME_FORMAT({Hora},'YYYY-MM-DD HH:mm')`, "2026-11-22 23:30"},
		{`IS_SAME(SET_TIMEZONE({Hora},'Europe/Madrid'),'2026-11-23','day')`, "0"},
		{`AND(NOT(IS_BEFORE({Hora},DATETIME_PARSE('2026-11-22T23:00:00.000Z'))),IS_BEFORE({Hora},DATETIME_PARSE('2026-11-23T23:00:00.000Z')))`, "1"},
		{`IS_BEFORE({Hora},{Hora})`, "0"},
		{`IS_AFTER({Hora},{Hora})`, "0"},
		{`IS_AFTER({Fecha},'2026-11-22')`, "1"},
		{`IS_AFTER({Vacío},'2026-11-22')`, "#ERROR!"},
		{`IS_SAME({Fecha},'2026-11-30','month')`, "1"},
		{`{Fecha}>{Hora}`, "1"},
		{`DATEADD({Fecha},1,'day')`, "2026-11-24T00:00:00.000Z"},
		{`DATEADD('2026-01-31',1,'months')`, "2026-02-28T00:00:00.000Z"},
		{`DATEADD({Hora},-90,'minutes')`, "2026-11-22T22:00:00.000Z"},
		{`DATEADD({Fecha},999999999,'years')`, "#ERROR!"},
		{`DATETIME_DIFF('2026-11-24','2026-11-23','hours')`, "24"},
		{`DATETIME_PARSE('23/11/2026 21:30','DD/MM/YYYY HH:mm')`, "2026-11-23T21:30:00.000Z"},
		{`DATETIME_FORMAT('2026-11-03','[día] D/M/YY dddd MMMM Do Q E')`, "día 3/11/26 Tuesday November 3rd 4 2"},
		{`DATETIME_FORMAT('2026-11-03T15:04:05Z','h:mm A k Z X')`, "3:04 PM 15 +00:00 1793718245"},
		{`DATETIME_FORMAT({Vacío},'YYYY')`, "#ERROR!"},
		{`SET_TIMEZONE({Hora},'Nowhere/City')`, "#ERROR!"},
		{`TODAY()`, "2026-11-23T00:00:00.000Z"},
		{`NOW()`, "2026-11-23T18:30:00.000Z"},
		{`CREATED_TIME()`, "2026-11-01T00:00:00.000Z"},
		{`LAST_MODIFIED_TIME()`, "2026-11-20T00:00:00.000Z"},
		{`LAST_MODIFIED_TIME({Vacío})=BLANK()`, "1"},
		{`IS_AFTER(LAST_MODIFIED_TIME(),'2026-11-19T00:00:00Z')`, "1"},
		{`WEEKDAY({Fecha})&HOUR({Hora})&YEAR({Hora})`, "1232026"},
		{`RECORD_ID()`, "recABC"},
		{`ROUND(2.345,2)&MOD(7,3)&MAX(1,9,3)&SUM(1,2)&ABS(-1)`, "2.35" + "1" + "9" + "3" + "1"},
	}
	for _, test := range tests {
		t.Run(test.formula, func(t *testing.T) {
			f, err := formula.Parse(test.formula)
			if err != nil {
				t.Fatal(err)
			}
			if got := f.Eval(env()).String(); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestWhatIsNoFormula(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		``, ` `, `AND(`, `AND()`, `)`, `(1`, `1 2`, `'a`, `"a\`, `{a`, `{}`, `1+`, `NOPE(1)`, `LEN()`, `LEN(1,2)`, `1<>2`, `a==b`,
		`'a' 'b'`, `,`, `AND(1,)`, `LAST_MODIFIED_TIME('x')`, `{a}{b}`, "\xff", `@`,
		strings.Repeat("(", 100_000), strings.Repeat("-", 100_000) + "1", strings.Repeat("NOT(", 1000) + "1" + strings.Repeat(")", 1000),
		strings.Repeat(" ", formula.MaxSource) + "1",
	} {
		if _, err := formula.Parse(source); !errors.Is(err, formula.ErrSyntax) {
			t.Errorf("Parse(%.40q): %v, want ErrSyntax", source, err)
		}
	}
}

func TestRefs(t *testing.T) {
	t.Parallel()
	f, err := formula.Parse(`AND({B b}, A, {B b}, LAST_MODIFIED_TIME({C}))`)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(f.Refs(), "|"); got != "B b|A|C" {
		t.Errorf("refs %q", got)
	}
}

// The escaping that the facts prescribe (backslash, then quote) is undone by the
// lexer, whatever the text.
func TestEscapedTextIsItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		quote := rapid.SampledFrom([]string{`'`, `"`}).Draw(t, "quote")
		escaped := strings.ReplaceAll(strings.ReplaceAll(text, `\`, `\\`), quote, `\`+quote)
		f, err := formula.Parse(quote + escaped + quote)
		if err != nil {
			t.Fatalf("%q: %v", escaped, err)
		}
		if got := f.Eval(formula.Env{}).String(); got != text {
			t.Fatalf("%q came back as %q", text, got)
		}
	})
}

func TestTextsDoNotGrowWithoutBound(t *testing.T) {
	t.Parallel()
	double := "'" + strings.Repeat("x", 100) + "'"
	for range 30 {
		double = "SUBSTITUTE(" + double + ",'x','xxxxxxxxxx')"
	}
	f, err := formula.Parse(double)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Eval(formula.Env{}); got.Kind() != formula.Error {
		t.Errorf("a text of %d bytes, want an error", len(got.String()))
	}
}

// A long formula over a long text ends too.
func TestWorkIsBounded(t *testing.T) {
	t.Parallel()
	f, err := formula.Parse("OR(" + strings.Repeat("SEARCH('y',{Largo}),", 10_000) + "0)")
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	got := f.Eval(formula.Env{Field: func(string) formula.Value {
		looked++
		return formula.Str(strings.Repeat("x", formula.MaxText))
	}})
	if got.Kind() != formula.Error || looked > 100 {
		t.Errorf("kind %v after %d looks at a text of 1 MiB, want an error soon", got.Kind(), looked)
	}
}

// Whatever the text: no panic, an end, and a value of bounded size.
func FuzzFormula(f *testing.F) {
	for _, seed := range []string{
		`AND({Nombre}='a\'b', OR({Fecha}>1, NOT(BLANK())))`, `DATETIME_FORMAT(SET_TIMEZONE({Hora},'Europe/Madrid'),'[x]YYYY-MM-DD LLLL')`,
		`DATEADD({Fecha},1e9,'months')`, `DATEADD(NOW(),-999999999,'hours')`, `MID('íñ',1.5,-3)`, `SUBSTITUTE('aaa','a','aa',2)`,
		`REGEX_MATCH({Nombre},'(a+)+$')`, `IF({Mesa},LEFT({Mesa},99999999999),{Raro \} aquí})`, `DATETIME_PARSE('x','DD/MM/YYYY')`,
		`SWITCH(1,2,3)`, `DATETIME_DIFF({Fecha},{Hora},'M')`, `-'9999999999'*1/3&0.1`, `LAST_MODIFIED_TIME({a},b)`, `ROUND(1,400)`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		parsed, err := formula.Parse(source)
		if err != nil {
			if !errors.Is(err, formula.ErrSyntax) {
				t.Fatalf("Parse(%q): %v", source, err)
			}
			return
		}
		if got := parsed.Eval(env()); len(got.String()) > formula.MaxText {
			t.Fatalf("a value of %d bytes", len(got.String()))
		}
	})
}

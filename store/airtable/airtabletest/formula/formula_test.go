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
		RecordID: "recABC",
		Field:    func(ref string) formula.Value { return cells[ref] },
	}
}

func TestFormulas(t *testing.T) {
	t.Parallel()
	tests := []struct{ formula, want string }{
		// Literals and escapes
		{`'a\'b\\c\n"'`, "a'b\\c\n\""},
		{`"a\"b'"`, `a"b'`},
		{`1.50`, "1.5"},
		{`.5`, "0.5"},
		{`{Raro \} aquí}`, "raro"},
		{`{fldNombre00000000}={Nombre}`, "1"},
		{`Personas = 4`, "1"},
		// Operators, from loose to tight
		{`1&23=12&3`, "1"},
		{`'a'='A'`, "0"},
		{`'a'!='A'`, "1"},
		{`2<10`, "1"},
		{`'2'<'10'`, "0"},
		{`10<=(10)`, "1"},
		{`{Personas}>='4'`, "1"},
		{`{Nombre}='Íñigo O\'Brien'`, "1"},
		// Blank
		{`{Vacío}=''`, "1"},
		{`{Vacío}=0`, "1"},
		{`NOT({Vacío})`, "1"},
		// Links: the text of the primary fields
		{`{Mesa}='T1, T10'`, "1"},
		{`{Mesa}='T1'`, "0"},
		{`FIND('T1', {Mesa})`, "1"},
		// Logic
		{`AND(1,'x',{Pagada})`, "1"},
		{`AND(1,{Vacío})`, "0"},
		{`OR({Vacío},0)`, "0"},
		{`IF({Personas}>3,'muchos','pocos')`, "muchos"},
		{`IF(0,1)`, ""},
		{`IF(1,'a',{Mal})`, "a"},
		{`IF({Mal},'a','b')`, "#ERROR!"},
		{`OR(1,{Mal})`, "#ERROR!"},
		{`{Mal}=1`, "#ERROR!"},
		{`TRUE()=1`, "1"},
		{`false()`, "0"},
		// Text
		{`FIND('10','210')`, "2"},
		{`FIND('ñ','íñ')`, "2"},
		{`FIND('z','abc')`, "0"},
		{`UPPER('íñ')`, "ÍÑ"},
		{`TRIM('  a ')`, "a"},
		{`SUBSTITUTE('a-b-c','-','+')`, "a+b+c"},
		{`SUBSTITUTE('a-b-c','','+')`, "a-b-c"},
		// Dates
		{`{Fecha}`, "2026-11-23T00:00:00.000Z"},
		{`{Fecha}='2026-11-23'`, "0"}, // the trap: use IS_SAME or DATETIME_FORMAT
		{`IS_SAME({Fecha},'2026-11-23','day')`, "1"},
		{`IS_SAME({Hora},'2026-11-23','day')`, "0"},          // UTC
		{`IS_SAME({Fecha},'2026-11-23','month')`, "#ERROR!"}, // not modelled
		{`DATETIME_FORMAT(SET_TIMEZONE({Hora},'Europe/Madrid'),'YYYY-MM-DD')='2026-11-23'`, "1"},
		{`DATETIME_FORMAT({Hora},'YYYY-MM-DD HH:mm')`, "2026-11-22 23:30"},
		{`DATETIME_FORMAT({Hora},'dddd')`, "#ERROR!"}, // not modelled
		{`IS_SAME(SET_TIMEZONE({Hora},'Europe/Madrid'),'2026-11-23','day')`, "0"},
		{`AND(NOT(IS_BEFORE({Hora},DATETIME_PARSE('2026-11-22T23:00:00.000Z'))),IS_BEFORE({Hora},DATETIME_PARSE('2026-11-23T23:00:00.000Z')))`, "1"},
		{`IS_BEFORE({Hora},{Hora})`, "0"},
		{`IS_BEFORE('2026-11-22',{Fecha})`, "1"},
		{`IS_BEFORE({Vacío},'2026-11-22')`, "#ERROR!"},
		{`DATETIME_PARSE('mañana')`, "#ERROR!"},
		{`{Fecha}>{Hora}`, "1"},
		{`DATETIME_FORMAT({Vacío},'YYYY')`, "#ERROR!"},
		{`SET_TIMEZONE({Hora},'Nowhere/City')`, "#ERROR!"},
		{`RECORD_ID()`, "recABC"},
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
		``, ` `, `AND(`, `AND()`, `)`, `(1`, `1 2`, `'a`, `"a\`, `{a`, `{}`, `1=`, `NOPE(1)`, `TRIM()`, `TRIM(1,2)`, `1<>2`, `a==b`,
		`'a' 'b'`, `,`, `AND(1,)`, `{a}{b}`, "\xff", `@`,
		`1+1`, `-1`, `2*3`, `LEN('a')`, `IS_AFTER({a},{b})`, `NOW()`, `SWITCH(1,2,3)`, `REGEX_MATCH({a},'b')`, // not modelled
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
	f, err := formula.Parse(`AND({B b}, A, {B b}, NOT({C}))`)
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
	f, err := formula.Parse("OR(" + strings.Repeat("FIND('y',{Largo}),", 10_000) + "0)")
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
		`AND({Nombre}='a\'b', OR({Fecha}>1, NOT({Vacío})))`, `DATETIME_FORMAT(SET_TIMEZONE({Hora},'Europe/Madrid'),'YYYY-MM-DD')`,
		`SUBSTITUTE('aaa','a','aa')`, `IF({Mesa},UPPER({Mesa}),{Raro \} aquí})`, `DATETIME_PARSE('x')`, `IS_SAME({Fecha},{Hora},'day')`,
		`{Vacío}&''>.5`, `FIND('ñ',TRIM(Nombre))`,
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

package expr

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

func bind(t *testing.T, condition string) (*Bound, diag.List) {
	t.Helper()
	n, err := syntax.ParseCondition(condition, func(offset int) diag.Position {
		return diag.Position{File: "r.yaml", Line: 1, Column: offset + 1}
	})
	require.Nil(t, err, condition)
	return NewBinder().Bind(n)
}

func TestErrors(t *testing.T) {
	tests := map[string]struct{ condition, want string }{
		"unknown field":           {`proc.nam = x`, `r.yaml:1:1: error: unknown field "proc.nam"; did you mean proc.name? [LOAD_ERR_COMPILE_CONDITION]`},
		"no number":               {`sf.proc.uid = abc`, `r.yaml:1:15: error: sf.proc.uid is a number, and "abc" is none [LOAD_ERR_COMPILE_CONDITION]`},
		"no boolean":              {`evt.is_open_read = maybe`, `r.yaml:1:20: error: evt.is_open_read is a boolean, and "maybe" is none; use true or false [LOAD_ERR_COMPILE_CONDITION]`},
		"no address":              {`fd.sip = localhost`, `r.yaml:1:10: error: fd.sip is an address, and "localhost" is none; like 10.0.0.1, 10.0.0.0/8 or 2001:db8::/32 [LOAD_ERR_COMPILE_CONDITION]`},
		"text operator on number": {`proc.pid startswith 1`, `r.yaml:1:10: error: operator startswith does not fit proc.pid, which is a number; use =, !=, <, <=, >, >= or in [LOAD_ERR_COMPILE_CONDITION]`},
		"order of texts":          {`proc.name > a`, `r.yaml:1:11: error: operator > does not fit proc.name, which is a text; use =, in, contains, startswith, endswith, glob, regex or pmatch [LOAD_ERR_COMPILE_CONDITION]`},
		"order of booleans":       {`evt.is_open_read > 0`, `r.yaml:1:18: error: operator > does not fit evt.is_open_read, which is a boolean; use = or != [LOAD_ERR_COMPILE_CONDITION]`},
		"order of addresses":      {`fd.sip >= 10.0.0.1`, `r.yaml:1:8: error: operator >= does not fit fd.sip, which is an address; use =, != or in [LOAD_ERR_COMPILE_CONDITION]`},
		"bad pattern":             {`proc.name regex "a(b"`, "r.yaml:1:17: error: regex pattern \"a(b\": error parsing regexp: missing closing ): `a(b`; patterns are in RE2's syntax, without look-around and back references [LOAD_ERR_COMPILE_CONDITION]"},
		"look-ahead":              {`proc.name regex "(?=a)b"`, "r.yaml:1:17: error: regex pattern \"(?=a)b\": error parsing regexp: invalid or unsupported Perl syntax: `(?=`; patterns are in RE2's syntax, without look-around and back references [LOAD_ERR_COMPILE_CONDITION]"},
		"unknown event":           {`evt.type = exceve`, `r.yaml:1:12: error: unknown event type "exceve"; did you mean execve? [LOAD_ERR_COMPILE_CONDITION]`},
		"no hexadecimal":          {`fd.name bcontains xyz`, `r.yaml:1:19: error: "xyz" is no sequence of bytes in hexadecimal; like CAFE01 [LOAD_ERR_COMPILE_CONDITION]`},
		"two texts in order":      {`sf.proc.name < sf.pproc.name`, `r.yaml:1:14: error: < compares numbers, and sf.proc.name is a text, sf.pproc.name is a text [LOAD_ERR_COMPILE_CONDITION]`},
		"length of nothing known": {`len(proc.nam) > 3`, `r.yaml:1:5: error: unknown field "proc.nam"; did you mean proc.name? [LOAD_ERR_COMPILE_CONDITION]`},
		"transformer of a number": {`tolower(proc.pid) = a`, `r.yaml:1:9: error: tolower needs a text, and proc.pid is a number [LOAD_ERR_COMPILE_CONDITION]`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, found := bind(t, tt.condition)
			require.Len(t, found, 1)
			assert.Equal(t, tt.want, found[0].Error())
		})
	}
}

func TestWarnings(t *testing.T) {
	tests := map[string]struct {
		condition string
		code      diag.Code
		expr      string
	}{
		"nearly always true": {`sf.proc.name != [a, b]`, diag.WarnNearlyAlwaysTrue, `(not sf.proc.name 2 ["a"] or not sf.proc.name 2 ["b"])`},
		"misspelt":           {`srf.proc.name = a`, diag.WarnMisspelledAttribute, `sf.proc.name 2 ["a"]`},
		"no value of it":     {`sf.container.type = docker`, diag.WarnSuspiciousLiteral, `sf.container.type 2 ["docker"]`},
		"not recorded":       {`not evt.buffer contains ..`, diag.WarnUnanswerableField, `false`},
		"no such event":      {`evt.type = setsockopt`, diag.WarnUnanswerableEvent, `false`},
		"one event of two":   {`evt.type in (setsockopt, execve)`, diag.WarnUnanswerableEvent, `evt.type 2 ["execve"]`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			bound, found := bind(t, tt.condition)
			require.Len(t, found, 1)
			assert.Equal(t, diag.Warning, found[0].Severity)
			assert.Equal(t, tt.code, found[0].Code)
			assert.Equal(t, tt.expr, bound.Expr.Key())
		})
	}
}

// What means the same is one test, so that the engine answers it once.
func TestEqualConditionsHaveEqualKeys(t *testing.T) {
	for _, pair := range [][2]string{
		{`proc.name in (a, b)`, `proc.name in (b, a, a)`},
		{`proc.name = a`, `proc.name in ("a")`},
		{`fd.snet in ("10.0.0.0/8")`, `fd.snet = "10.1.2.3/8"`},
		{`fd.sport = 0x10`, `fd.sport in (16, 1.6e1)`},
		{`proc.name icontains ABC`, `proc.name icontains abc`},
		{`not not proc.name = a`, `proc.name = a`},
		{`fd.name pmatch (/etc/)`, `fd.name pmatch (/etc)`},
		{`proc.name = anyof (a, b)`, `proc.name = a or proc.name = b`},
	} {
		a, found := bind(t, pair[0])
		require.Empty(t, found)
		b, found := bind(t, pair[1])
		require.Empty(t, found)
		if pair[0] == `proc.name = anyof (a, b)` {
			assert.Equal(t, a.Expr.Key(), b.Expr.Key())
			continue
		}
		assert.Equal(t, a.Expr.Key(), b.Expr.Key(), "%v", pair)
	}
}

func TestGlob(t *testing.T) {
	tests := []struct {
		pattern, text string
		want          bool
	}{
		{"/home/*/.ssh/*", "/home/a/b/.ssh/id", true},
		{"*../*../*", "a/../../b", true},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{"[ab]x", "bx", true},
		{"[!ab]x", "bx", false},
		{"[]]x", "]x", true},
		{"[a-c]", "b", true},
		{"[ab", "[ab", true},
		{`a\*`, "a*", true},
		{`a\*`, "ab", false},
		{"a+(b)", "a+(b)", true},
		{"[[:alpha:]]*", "x1", true},
		{"[![:digit:]_]", "_", false},
		{"[[:nosuch", "[[:nosuch", true},
		{"*", "with\nnewline", true},
	}
	for _, tt := range tests {
		re, err := glob(tt.pattern, false)
		require.NoError(t, err, tt.pattern)
		assert.Equal(t, tt.want, re.MatchString(tt.text), "%s against %q", tt.pattern, tt.text)
	}
}

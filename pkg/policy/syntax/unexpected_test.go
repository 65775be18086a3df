package syntax

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestConditionErrors(t *testing.T) {
	for _, c := range []struct {
		text           string
		column, length int
		message, hint  string
	}{
		{"", 1, 1, "the condition is empty", ""},
		{" \n ", 1, 1, "the condition is empty", ""},

		// joining
		{"a && b", 3, 2, `expected "and" or "or", found "&&"`, "use and"},
		{"a || b", 3, 2, `expected "and" or "or", found "||"`, "use or"},
		{"a AND b", 3, 3, `expected "and" or "or", found "AND"`, "write and in lower case"},
		{"a amd b", 3, 3, `found "amd"`, "did you mean and?"},
		{"NOT a", 5, 1, `found "a"`, "write not in lower case"},
		{"!a", 1, 1, `found "!"`, "use not"},
		{"a b", 3, 1, `expected "and" or "or", found "b"`, ""},
		{"a and", 6, 1, `expected a check, a macro or '(', found the end of the condition`, ""},
		{"a or or b", 6, 2, `found "or"`, "there is no condition before or"},
		{"and a", 1, 3, `found "and"`, "there is no condition before and"},
		{"()", 2, 1, `found ")"`, "there is no condition before )"},

		// parentheses
		{"a and (b or (c)", 16, 1, "expected ')' for the '(' in line 1, column 7, found the end of the condition", ""},
		{"a and (b c)", 10, 1, `expected "and", "or" or ')' for the '(' in line 1, column 7, found "c"`, ""},
		{"a)", 2, 1, "there is no '(' for this ')'", ""},

		// operators
		{"proc.name matches x", 11, 7, `unknown operator "matches" after proc.name`, "use regex"},
		{"proc.name CONTAINS x", 11, 8, `unknown operator "CONTAINS"`, "write contains in lower case"},
		{"proc.name startwith x", 11, 9, `unknown operator "startwith"`, "did you mean startswith?"},
		{"proc.name frobs x", 11, 5, `unknown operator "frobs"`, "the operators are =, !=, <, <=, >, >=, bcontains, "},
		{"proc.name ! = x", 11, 1, `unknown operator "!"`, "use !="},
		{"proc.aname[1]", 14, 1, "expected an operator after proc.aname[1], found the end", "write proc.aname[1] exists"},
		{"proc.name and a", 11, 3, `expected an operator after proc.name, found "and"`, "write proc.name exists"},
		{"tolower(proc.name) and a", 20, 3, "expected an operator after tolower(proc.name)", ""},
		{"proc.env contains A=1", 20, 1, `found "="`, "put a text with such signs in quotes"},
		{"proc.args contains a b", 22, 1, `found "b"`, "put a text with blanks in quotes"},
		{"fd.num => 3", 11, 1, `found "3"`, "=> is no operator, use >="},
		{"proc.name =~ 'a.*'", 14, 5, `found "'a.*'"`, "=~ is no operator, use regex"},
		{"proc.name <> b", 14, 1, `found "b"`, "<> is no operator, use !="},
		{"= x", 1, 1, `expected a check, a macro or '(', found "="`, ""},
		{"in (x)", 1, 2, "there is no field before the operator in", ""},
		{"'x' = proc.name", 1, 3, "expected a check", "a check begins with a field"},
		{"12 = fd.num", 1, 2, "expected a check", "the number stands on the right"},
		{"12 in fd.port", 1, 2, "expected a check", "the number stands on the right"},
		{"12 = val(fd.num)", 1, 2, "expected a check", "the number stands on the right"},
		{"12", 1, 2, "expected a check", "the number stands on the right"},
		{"12 exists", 1, 2, "expected a check", "the number stands on the right"},
		{"'x'", 1, 3, "expected a check", "a check begins with a field"},
		{"'x = y", 1, 1, "the text that begins with ' is not closed", ""},
		{"1 = ", 5, 1, "expected a value after =, found the end of the condition", ""},
		{"fd.name/a = x", 8, 2, `unknown operator "/a" after fd.name`, ""},

		// right sides
		{"proc.name =", 12, 1, "expected a value after =, found the end of the condition", ""},
		{"proc.name = and b", 17, 1, `found "b"`, "the value after = is missing"},
		{"proc.name = a b", 15, 1, `found "b"`, "put a text with blanks in quotes"},
		{"(proc.name = a) b", 17, 1, `found "b"`, ""},
		{"proc.name = (a, b)", 13, 1, `expected a value after =, found "("`, "compare with a list by in (a, b)"},
		{"proc.name startswith (a)", 22, 1, "expected a value after startswith", "write startswith anyof (a, b)"},
		{"proc.name == = x", 14, 1, `expected a value after =, found "="`, "in quotes"},
		{"proc.name = foo(bar)", 13, 4, `"foo" is no transformer`, "put a text with parentheses in quotes"},
		{"proc.name = lowr(proc.name)", 13, 5, `"lowr" is no transformer`, ""},
		{"proc.name = 'abc", 13, 1, "the text that begins with ' is not closed", "end it with '"},
		{`proc.name regex "\d+"`, 18, 2, `unknown escape "\\d" in a quoted text`, `write \\ for a backslash`},
		{"proc.name = 'abc\\", 13, 1, "is not closed", ""},
		{"fd.num < anyof (1)", 10, 5, "the modifier anyof does not go with the operator <", ""},

		// lists
		{"proc.name in", 13, 1, "expected a list in parentheses after in, found the end", "write in (a, b)"},
		{"proc.name in [a]", 14, 3, "expected a list in parentheses after in", "write in (a, b)"},
		{"proc.name in 'a'", 14, 3, "expected a list in parentheses after in", ""},
		{"proc.name in /etc", 14, 4, `expected a list in parentheses after in, found "/etc"`, ""},
		{"proc.name in (a, b", 19, 1, "expected ',' or ')' in the list that opens in line 1, column 14, found the end", "close the list with )"},
		{"proc.name in (a, b and c", 20, 3, `column 14, found "and"`, "close the list with )"},
		{"proc.name in (a b)", 17, 1, `found "b"`, "put a text with blanks or signs in quotes"},
		{"proc.name in (a=b)", 16, 1, `found "="`, "in quotes"},
		{"proc.name in ([a, b])", 15, 1, "a bracket opens inside of a list in parentheses", "write the items without brackets"},
		{"sf.x = [a, b", 13, 1, "expected ',' or ']' in the list that opens in line 1, column 8", "close the list with ]"},

		// fields and transformers
		{"proc.aname[2 = x", 11, 1, "the argument of proc.aname is not closed by ']'", ""},
		{"proc.aname['2 = x", 12, 1, "the text that begins with ' is not closed", ""},
		{"proc.aname[] = x", 11, 2, "the argument of proc.aname is empty", ""},
		{"lower(proc.name) = x", 1, 5, `"lower" is no transformer`, "did you mean tolower?"},
		{"val(proc.name) = x", 1, 3, "val stands on the right of an operator only", ""},
		{"proc.name = tolower(val(proc.name))", 21, 3, "val cannot be an argument of a transformer", ""},
		{"proc.name = val('x')", 13, 8, "val takes a field", ""},
		{"tolower(proc.name = x", 19, 1, "expected ',' or ')' in the arguments that open in line 1, column 8", "close the arguments with )"},
		{"tolower(=) = x", 9, 1, `expected a field, a transformer, a number or a quoted text, found "="`, ""},
		{"tolower() = x", 1, 9, "tolower takes 1 argument, not 0", ""},
		{"join('a') = x", 1, 9, "join takes 2 arguments, not 1", ""},
		{"concat('a') = x", 1, 11, "concat takes at least 2 arguments, not 1", ""},
		{"tolower(foo) = x", 9, 3, `"foo" is no field`, "put a text in quotes"},
		{"getopt(proc.args, 'a')[ab] = x", 1, 6, "the argument of getopt must be one letter", ""},
		{"len(proc.args)[a] = x", 15, 3, "unknown operator", ""},
	} {
		t.Run(c.text, func(t *testing.T) {
			n, err := ParseCondition(c.text, nil)
			require.NotNil(t, err, "parsed as %v", n)
			assert.Contains(t, err.Message, c.message)
			assert.Contains(t, err.Hint, c.hint)
			assert.Equal(t, 1, err.At.Line)
			assert.Equal(t, c.column, err.At.Column)
			assert.Equal(t, c.length, err.Length)
			assert.EqualError(t, err, err.Message)
		})
	}
}

func TestErrorsEndWithTheLine(t *testing.T) {
	_, err := ParseCondition("a and\nproc.name = foo(\n'b c\nd'", nil)
	require.NotNil(t, err)
	assert.Equal(t, "2:13", err.At.String()[1:])
	_, err = ParseCondition("a\n'b\nc'", nil)
	require.NotNil(t, err)
	assert.Equal(t, ":2:1", err.At.String())
	assert.Equal(t, 2, err.Length)
}

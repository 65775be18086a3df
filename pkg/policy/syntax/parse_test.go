package syntax

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
)

func fld(name string) *Field            { return &Field{Name: name} }
func arg(name, a string) *Field         { return &Field{Name: name, Arg: a, HasArg: true} }
func bare(text string) *Literal         { return &Literal{Text: text} }
func str(text string) *Literal          { return &Literal{Text: text, Quoted: true} }
func macro(name string) *Macro          { return &Macro{Name: name} }
func call(n string, a ...Operand) *Call { return &Call{Name: n, Args: a} }

func is(left Operand, op Op, right ...Operand) *Check {
	return &Check{Left: left, Op: op, Right: right}
}

func list(left Operand, op Op, items ...Operand) *Check {
	return &Check{Left: left, Op: op, Right: items, Form: Parens}
}

func with(m Modifier, c *Check) *Check {
	c.Modifier = m
	return c
}

func brackets(left Operand, op Op, items ...Operand) *Check {
	return &Check{Left: left, Op: op, Right: items, Form: Brackets}
}

func TestParseCondition(t *testing.T) {
	a, b, c := macro("a"), macro("b"), macro("c")
	name := fld("proc.name")
	for text, want := range map[string]Node{
		// and, or, not
		"a":                       a,
		" \n\ta\r\n":              a,
		"a and b":                 &And{Operands: []Node{a, b}},
		"a and b or c":            &Or{Operands: []Node{&And{Operands: []Node{a, b}}, c}},
		"a or b and c":            &Or{Operands: []Node{a, &And{Operands: []Node{b, c}}}},
		"(a or b)and(c)":          &And{Operands: []Node{&Or{Operands: []Node{a, b}}, c}},
		"a and(b)or(c)":           &Or{Operands: []Node{&And{Operands: []Node{a, b}}, c}},
		"a and (b and c)":         &And{Operands: []Node{a, &And{Operands: []Node{b, c}}}},
		"not a and b":             &And{Operands: []Node{&Not{Operand: a}, b}},
		"not(a)":                  &Not{Operand: a},
		"not not a":               a,
		"not not not a":           &Not{Operand: a},
		"not (not a)":             &Not{Operand: &Not{Operand: a}},
		"((a))":                   a,
		"order and android_x":     &And{Operands: []Node{macro("order"), macro("android_x")}},
		"notary or inside":        &Or{Operands: []Node{macro("notary"), macro("inside")}},
		"my-macro":                macro("my-macro"),
		"not proc.name exists":    &Not{Operand: is(name, Exists)},
		"proc.name exists and a":  &And{Operands: []Node{is(name, Exists), a}},
		"(proc.name exists)and a": &And{Operands: []Node{is(name, Exists), a}},

		// operators and texts
		"proc.name=nginx":                 is(name, Eq, bare("nginx")),
		"proc.name == nginx":              is(name, Eq, bare("nginx")),
		"proc.name!=nginx":                is(name, Ne, bare("nginx")),
		"fd.num=-1":                       is(fld("fd.num"), Eq, bare("-1")),
		"fd.num>=0":                       is(fld("fd.num"), Ge, bare("0")),
		"fd.num < 0x1F":                   is(fld("fd.num"), Lt, bare("0x1F")),
		"fd.num<=1e+3":                    is(fld("fd.num"), Le, bare("1e+3")),
		"evt.dir=<":                       is(fld("evt.dir"), Eq, bare("<")),
		"evt.dir = > and a":               &And{Operands: []Node{is(fld("evt.dir"), Eq, bare(">")), a}},
		"fd.name contains '/a b'":         is(fld("fd.name"), Contains, str("/a b")),
		"fd.name icontains\n'x'":          is(fld("fd.name"), IContains, str("x")),
		"evt.buffer bcontains 0a":         is(fld("evt.buffer"), BContains, bare("0a")),
		"evt.buffer bstartswith 0a":       is(fld("evt.buffer"), BStartsWith, bare("0a")),
		"fd.name startswith /etc/":        is(fld("fd.name"), StartsWith, bare("/etc/")),
		"fd.name endswith .so":            is(fld("fd.name"), EndsWith, bare(".so")),
		"fd.name glob /etc/*":             is(fld("fd.name"), Glob, bare("/etc/*")),
		"fd.name iglob '*[!a]'":           is(fld("fd.name"), IGlob, str("*[!a]")),
		`fd.name regex "a\\.b|c"`:         is(fld("fd.name"), Regex, str(`a\.b|c`)),
		"globular":                        macro("globular"),
		"proc.name = globular":            is(name, Eq, bare("globular")),
		"proc.name = anyof":               is(name, Eq, bare("anyof")),
		"proc.name = [":                   is(name, Eq, bare("[")),
		"proc.name = [ and a":             &And{Operands: []Node{is(name, Eq, bare("[")), a}},
		"proc.name = [kworker/0:1]":       is(name, Eq, bare("[kworker/0:1]")),
		"proc.cmdline startswith runc:[0": is(fld("proc.cmdline"), StartsWith, bare("runc:[0")),
		"container.type != host":          is(fld("container.type"), Ne, bare("host")),
		"user = root":                     is(fld("user"), Eq, bare("root")),
		"sf-process.args contains 'f'":    is(fld("sf-process.args"), Contains, str("f")),
		"sf.proc.exe != sf.pproc.exe":     is(fld("sf.proc.exe"), Ne, bare("sf.pproc.exe")),

		// quotes
		`proc.name = ""`:             is(name, Eq, str("")),
		`proc.name = "a \"b\" c"`:    is(name, Eq, str(`a "b" c`)),
		`proc.name = 'it\'s "x"'`:    is(name, Eq, str(`it's "x"`)),
		`proc.name = "\b\f\n\r\t\\"`: is(name, Eq, str("\b\f\n\r\t\\")),
		`proc.name = "a\ b\/"`:       is(name, Eq, str(`a\b/`)), // a backslash before a blank: libs' escaping.cpp
		`proc.name = "größe 日本"`:     is(name, Eq, str("größe 日本")),

		// constants
		"1 = 1":               is(bare("1"), Eq, bare("1")),
		"-1.5<0 and a":        &And{Operands: []Node{is(bare("-1.5"), Lt, bare("0")), a}},
		"not 1=1":             &Not{Operand: is(bare("1"), Eq, bare("1"))},
		`'' != "a"`:           is(str(""), Ne, str("a")),
		`"a b" contains a`:    is(str("a b"), Contains, bare("a")),
		"2 in (1, 'x')":       list(bare("2"), In, bare("1"), str("x")),
		"2 in numbers":        is(bare("2"), In, bare("numbers")),
		"10.0.0.1 = 10.0.0.1": is(bare("10.0.0.1"), Eq, bare("10.0.0.1")),
		"1 = [1, 2]":          brackets(bare("1"), Eq, bare("1"), bare("2")),

		// lists
		"proc.name in (a)":                    list(name, In, bare("a")),
		"proc.name in(a,b)":                   list(name, In, bare("a"), bare("b")),
		"proc.name in ()":                     list(name, In),
		"proc.name in ( , )":                  list(name, In),
		"proc.name in (a, )":                  list(name, In, bare("a")),
		"proc.name in (,a,,'b c',)":           list(name, In, bare("a"), str("b c")),
		"proc.name in (shells)":               list(name, In, bare("shells")),
		"proc.name in cat":                    is(name, In, bare("cat")),
		"proc.name in shells":                 is(name, In, bare("shells")),
		"proc.name in shell-list or a":        &Or{Operands: []Node{is(name, In, bare("shell-list")), a}},
		"proc.name in (runc:[0:PARENT], [)":   list(name, In, bare("runc:[0:PARENT]"), bare("[")),
		"fd.name pmatch (/etc, '/var/a b')":   list(fld("fd.name"), PMatch, bare("/etc"), str("/var/a b")),
		"proc.aname intersects (a, b)":        list(fld("proc.aname"), Intersects, bare("a"), bare("b")),
		"fd.sip in (10.0.0.0/8, ::1)":         list(fld("fd.sip"), In, bare("10.0.0.0/8"), bare("::1")),
		"proc.name = anyof (a, b)":            with(AnyOf, list(name, Eq, bare("a"), bare("b"))),
		"proc.name != allof(a)":               with(AllOf, list(name, Ne, bare("a"))),
		"proc.cmdline contains oneof (a, b)":  with(OneOf, list(fld("proc.cmdline"), Contains, bare("a"), bare("b"))),
		"sf.opflags = [OPEN, 'A B']":          brackets(fld("sf.opflags"), Eq, bare("OPEN"), str("A B")),
		"sf.opflags != [OPEN,]":               brackets(fld("sf.opflags"), Ne, bare("OPEN")),
		"sf.proc.aname = [runc:[0:PARENT],x]": brackets(fld("sf.proc.aname"), Eq, bare("runc:[0:PARENT]"), bare("x")),
		"sf.opflags = []":                     brackets(fld("sf.opflags"), Eq),
		"proc.name = [a, b]":                  brackets(name, Eq, bare("a"), bare("b")),
		"proc.name = [ [a], b]":               brackets(name, Eq, bare("[a]"), bare("b")),

		// arguments
		"proc.aname[2] = x":                         is(arg("proc.aname", "2"), Eq, bare("x")),
		"evt.arg[path]=x":                           is(arg("evt.arg", "path"), Eq, bare("x")),
		"container.mount.dest[/proc*] exists":       is(arg("container.mount.dest", "/proc*"), Exists),
		`proc.env["A B"] = 'x'`:                     is(arg("proc.env", "A B"), Eq, str("x")),
		`json.value['/a]b'] = x`:                    is(arg("json.value", "/a]b"), Eq, bare("x")),
		`sf.pod.services[0.name] = x`:               is(arg("sf.pod.services", "0.name"), Eq, bare("x")),
		`sf.pod.services[#(name=="x").port.0] = 80`: is(arg("sf.pod.services", `#(name=="x").port.0`), Eq, bare("80")),
		`sf.pod.services[#(a == "b ]").c[1]] = 80`:  is(arg("sf.pod.services", `#(a == "b ]").c[1]`), Eq, bare("80")),
		`sf.pod.services["a b".c] = 80`:             is(arg("sf.pod.services", `"a b".c`), Eq, bare("80")),

		// labels
		"k8s.pod.label.app = x":                    is(fld("k8s.pod.label.app"), Eq, bare("x")),
		"k8s.pod.label.app.kubernetes.io/name=x":   is(fld("k8s.pod.label.app.kubernetes.io/name"), Eq, bare("x")),
		"(container.label.my-app/a_b exists)and a": &And{Operands: []Node{is(fld("container.label.my-app/a_b"), Exists), a}},
		"k8s.ns.label[a/b] = x":                    is(arg("k8s.ns.label", "a/b"), Eq, bare("x")),
		"toupper(k8s.pod.label.a/b) = X":           is(call("toupper", fld("k8s.pod.label.a/b")), Eq, bare("X")),

		// transformers
		"tolower(proc.name) = x":            is(call("tolower", name), Eq, bare("x")),
		"len( proc.aname[1] ) > 3":          is(call("len", arg("proc.aname", "1")), Gt, bare("3")),
		"toupper(basename(proc.exe)) = X":   is(call("toupper", call("basename", fld("proc.exe"))), Eq, bare("X")),
		"proc.name = val(proc.pname)":       is(name, Eq, call("val", fld("proc.pname"))),
		"proc.name in val( proc.aname )":    is(name, In, call("val", fld("proc.aname"))),
		"fd.num > len(proc.name)":           is(fld("fd.num"), Gt, call("len", name)),
		"proc.name = tolower(proc.pname)":   is(name, Eq, call("tolower", fld("proc.pname"))),
		"proc.name = tolower":               is(name, Eq, bare("tolower")),
		`concat(proc.name, "-", 1) = x`:     is(call("concat", name, str("-"), bare("1")), Eq, bare("x")),
		`join(",", (proc.name, "b")) = x`:   is(call("join", str(","), &Tuple{Items: []Operand{name, str("b")}}), Eq, bare("x")),
		`join(",", ()) = x`:                 is(call("join", str(","), &Tuple{}), Eq, bare("x")),
		`getopt(proc.args, "it:")[t] = x`:   is(&Call{Name: "getopt", Args: []Operand{fld("proc.args"), str("it:")}, Index: "t", HasIndex: true}, Eq, bare("x")),
		`getopt(proc.args, "it:") in (x)`:   list(call("getopt", fld("proc.args"), str("it:")), In, bare("x")),
		`b64(join("",proc.args))contains x`: is(call("b64", call("join", str(""), fld("proc.args"))), Contains, bare("x")),
	} {
		t.Run(text, func(t *testing.T) {
			got, err := ParseCondition(text, nowhere)
			require.Nil(t, err)
			assert.Equal(t, want, got)
			assertSame(t, got)
		})
	}
}

func TestPositions(t *testing.T) {
	text := "(a or\n  proc.name in (x,\n y)) and not b"
	n, err := ParseCondition(text, inText("f", text))
	require.Nil(t, err)
	at := func(line, column int) diag.Position { return diag.Position{File: "f", Line: line, Column: column} }
	and := n.(*And)
	assert.Equal(t, at(1, 1), and.At)
	or := and.Operands[0].(*Or)
	assert.Equal(t, at(1, 2), or.At)
	check := or.Operands[1].(*Check)
	assert.Equal(t, at(2, 3), check.At)
	assert.Equal(t, at(2, 3), check.Left.Pos())
	assert.Equal(t, at(2, 13), check.OpAt)
	assert.Equal(t, at(3, 2), check.Right[1].Pos())
	not := and.Operands[1].(*Not)
	assert.Equal(t, at(3, 10), not.At)
	assert.Equal(t, at(3, 14), not.Operand.Pos())
}

func TestDepth(t *testing.T) {
	nested := func(open string, n int) string {
		return strings.Repeat(open, n) + "a" + strings.Repeat(")", n)
	}
	_, err := ParseCondition(nested("(", maxDepth), nil)
	assert.Nil(t, err)
	_, err = ParseCondition(nested("(", maxDepth+1), nil)
	require.NotNil(t, err)
	assert.Equal(t, "the condition is nested deeper than 1000 levels", err.Message)
	assert.Equal(t, maxDepth+1, err.At.Column)
	_, err = ParseCondition(nested("not(", 1_000_000), nil)
	assert.NotNil(t, err)
	_, err = ParseCondition(nested("tolower(", 1_000_000)+" = x", nil)
	assert.NotNil(t, err)
	_, err = ParseCondition(strings.Repeat("not ", 100_001)+"a", nil)
	assert.Nil(t, err)
}

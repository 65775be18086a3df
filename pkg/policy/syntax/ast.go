// Package syntax reads the condition language that SysFlow policies and Falco rules share,
// and Falco's output templates. It knows neither fields nor lists: what a name means is
// decided where rules are loaded and bound.
//
// The grammar is that of Falco (falcosecurity/libs, userspace/libsinsp/filter/parser.h)
// with the additions of SysFlow policies: right sides in square brackets and fields with a
// gjson path as argument.
package syntax

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"

// Node is a condition. Nodes are immutable once a rule is loaded and may be shared.
type Node interface {
	// Pos is where the node begins in its file.
	Pos() diag.Position
	node()
}

// And holds if all operands hold. There are at least two.
type And struct {
	At       diag.Position
	Operands []Node
}

// Or holds if one operand holds. There are at least two.
type Or struct {
	At       diag.Position
	Operands []Node
}

// Not holds if its operand does not.
type Not struct {
	At      diag.Position
	Operand Node
}

// Macro is the name of a macro in the place of a condition.
type Macro struct {
	At   diag.Position
	Name string
}

// Check compares a value of the record with constants or with another value of it. Left may
// be a literal, too, as in the macro "1 = 1" that holds always; then the right side has
// literals alone.
type Check struct {
	At   diag.Position
	Left Operand
	Op   Op
	// OpAt is where the operator stands.
	OpAt     diag.Position
	Modifier Modifier
	// Right is empty for exists, has one element unless Form is Parens or Brackets.
	Right []Operand
	Form  ListForm
}

// Op is a comparison operator.
type Op string

// The operators of both languages. "==" is read as Eq.
const (
	Exists      Op = "exists"
	Eq          Op = "="
	Ne          Op = "!="
	Lt          Op = "<"
	Le          Op = "<="
	Gt          Op = ">"
	Ge          Op = ">="
	Contains    Op = "contains"
	IContains   Op = "icontains"
	BContains   Op = "bcontains"
	StartsWith  Op = "startswith"
	BStartsWith Op = "bstartswith"
	EndsWith    Op = "endswith"
	Glob        Op = "glob"
	IGlob       Op = "iglob"
	Regex       Op = "regex"
	In          Op = "in"
	Intersects  Op = "intersects"
	PMatch      Op = "pmatch"
)

// Modifier says how many of the items on the right must satisfy the operator.
type Modifier string

// The modifiers of Falco (since libs 0.25); none is the empty text.
const (
	NoModifier Modifier = ""
	OneOf      Modifier = "oneof"
	AnyOf      Modifier = "anyof"
	AllOf      Modifier = "allof"
)

// ListForm says how the right side was written.
type ListForm int

const (
	// Single is one operand: a literal, a name or a transformer.
	Single ListForm = iota
	// Parens is a list in parentheses.
	Parens
	// Brackets is a list in square brackets, after a scalar operator (SysFlow).
	Brackets
)

// Operand is a side of a comparison.
type Operand interface {
	Pos() diag.Position
	operand()
}

// Field is a value of the record: name, name[arg].
type Field struct {
	At   diag.Position
	Name string
	// Arg is the argument in brackets, without quotes; HasArg tells "" from none.
	Arg    string
	HasArg bool
}

// Call is a transformer: tolower(x), basename(x), val(x), join(sep, (a, b)), getopt(x, "o")[c].
type Call struct {
	At       diag.Position
	Name     string
	Args     []Operand
	Index    string
	HasIndex bool
}

// Literal is a constant as text. Unquoted ones may be names of lists, or of fields in
// SysFlow policies.
type Literal struct {
	At     diag.Position
	Text   string
	Quoted bool
}

// Tuple is a list in parentheses as argument of a transformer.
type Tuple struct {
	At    diag.Position
	Items []Operand
}

// Pos implements Node.
func (n *And) Pos() diag.Position { return n.At }

// Pos implements Node.
func (n *Or) Pos() diag.Position { return n.At }

// Pos implements Node.
func (n *Not) Pos() diag.Position { return n.At }

// Pos implements Node.
func (n *Macro) Pos() diag.Position { return n.At }

// Pos implements Node.
func (n *Check) Pos() diag.Position { return n.At }

// Pos implements Operand.
func (o *Field) Pos() diag.Position { return o.At }

// Pos implements Operand.
func (o *Call) Pos() diag.Position { return o.At }

// Pos implements Operand.
func (o *Literal) Pos() diag.Position { return o.At }

// Pos implements Operand.
func (o *Tuple) Pos() diag.Position { return o.At }

func (*And) node()   {}
func (*Or) node()    {}
func (*Not) node()   {}
func (*Macro) node() {}
func (*Check) node() {}

func (*Field) operand()   {}
func (*Call) operand()    {}
func (*Literal) operand() {}
func (*Tuple) operand()   {}

// Conjuncts returns what must all hold for a condition to hold.
func Conjuncts(n Node) []Node {
	and, ok := n.(*And)
	if !ok {
		return []Node{n}
	}
	var out []Node
	for _, o := range and.Operands {
		out = append(out, Conjuncts(o)...)
	}
	return out
}

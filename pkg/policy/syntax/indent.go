package syntax

import "strings"

// Indent writes a condition like Format does, but breaks what is longer than width into lines:
// one for each operand of and and or, indented by how deep it is nested. Lists are not broken.
func Indent(n Node, width int) string {
	var b strings.Builder
	indentNode(&b, n, width, 0)
	return b.String()
}

// step is how far a level of nesting is indented.
const step = 2

func indentNode(b *strings.Builder, n Node, width, margin int) {
	line := Format(n)
	if margin+len(line) <= width {
		b.WriteString(line)
		return
	}
	switch n := n.(type) {
	case *And:
		indentChain(b, n.Operands, "and ", width, margin)
	case *Or:
		indentChain(b, n.Operands, "or ", width, margin)
	case *Not:
		indentGroup(b, n, width, margin)
	default:
		b.WriteString(line)
	}
}

func indentChain(b *strings.Builder, operands []Node, join string, width, margin int) {
	for i, o := range operands {
		if i > 0 {
			newLine(b, margin)
			b.WriteString(join)
		}
		indentGroup(b, o, width, margin)
	}
}

// indentGroup writes what an operator applies to, in parentheses unless it is a check, a macro
// or their negation.
func indentGroup(b *strings.Builder, n Node, width, margin int) {
	inner := n
	if not, ok := n.(*Not); ok {
		b.WriteString("not ")
		inner = not.Operand
	}
	if _, double := inner.(*Not); !double && !isChain(inner) {
		b.WriteString(Format(inner))
		return
	}
	b.WriteByte('(')
	if line := Format(inner); margin+step+len(line) <= width {
		b.WriteString(line)
	} else {
		newLine(b, margin+step)
		indentNode(b, inner, width, margin+step)
		newLine(b, margin)
	}
	b.WriteByte(')')
}

func newLine(b *strings.Builder, margin int) {
	b.WriteByte('\n')
	b.WriteString(strings.Repeat(" ", margin))
}

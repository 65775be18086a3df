package syntax

import "strings"

// Format writes a condition as text that parses to the same condition.
func Format(n Node) string {
	var b strings.Builder
	formatNode(&b, n)
	return b.String()
}

// FormatOperand writes a side of a check as text.
func FormatOperand(o Operand) string {
	var b strings.Builder
	formatOperand(&b, o, Single)
	return b.String()
}

func formatNode(b *strings.Builder, n Node) {
	switch n := n.(type) {
	case *And:
		formatChain(b, n.Operands, " and ", isChain)
	case *Or:
		formatChain(b, n.Operands, " or ", func(o Node) bool { _, ok := o.(*Or); return ok })
	case *Not:
		b.WriteString("not ")
		_, double := n.Operand.(*Not)
		formatGroup(b, n.Operand, double || isChain(n.Operand))
	case *Macro:
		b.WriteString(n.Name)
	case *Check:
		formatCheck(b, n)
	}
}

func isChain(n Node) bool {
	switch n.(type) {
	case *And, *Or:
		return true
	}
	return false
}

func formatChain(b *strings.Builder, operands []Node, join string, grouped func(Node) bool) {
	for i, o := range operands {
		if i > 0 {
			b.WriteString(join)
		}
		formatGroup(b, o, grouped(o))
	}
}

func formatGroup(b *strings.Builder, n Node, grouped bool) {
	if grouped {
		b.WriteByte('(')
	}
	formatNode(b, n)
	if grouped {
		b.WriteByte(')')
	}
}

func formatCheck(b *strings.Builder, c *Check) {
	formatOperand(b, c.Left, Single)
	b.WriteByte(' ')
	b.WriteString(string(c.Op))
	if c.Op == Exists {
		return
	}
	b.WriteByte(' ')
	if c.Modifier != NoModifier {
		b.WriteString(string(c.Modifier))
		b.WriteByte(' ')
	}
	switch c.Form {
	case Parens:
		formatList(b, c.Right, '(', ')', Parens)
	case Brackets:
		formatList(b, c.Right, '[', ']', Brackets)
	default:
		for _, o := range c.Right {
			if l, ok := o.(*Literal); ok && strings.HasPrefix(l.Text, "[") && isSysFlow(c.Left) {
				b.WriteString(quote(l.Text)) // else it would be a list
				continue
			}
			formatOperand(b, o, Single)
		}
	}
}

func formatList(b *strings.Builder, items []Operand, opening, closing byte, form ListForm) {
	b.WriteByte(opening)
	for i, o := range items {
		if i > 0 {
			b.WriteString(", ")
		}
		formatOperand(b, o, form)
	}
	b.WriteByte(closing)
}

func formatOperand(b *strings.Builder, o Operand, form ListForm) {
	switch o := o.(type) {
	case *Field:
		b.WriteString(o.Name)
		if o.HasArg {
			formatArgument(b, o.Arg)
		}
	case *Literal:
		if o.Quoted || !readsBare(o.Text, form) {
			b.WriteString(quote(o.Text))
		} else {
			b.WriteString(o.Text)
		}
	case *Tuple:
		formatList(b, o.Items, '(', ')', Single)
	case *Call:
		b.WriteString(o.Name)
		formatList(b, o.Args, '(', ')', Single)
		if o.HasIndex {
			formatArgument(b, o.Index)
		}
	}
}

// formatArgument writes an argument as it stands if it reads back so, else in quotes.
func formatArgument(b *strings.Builder, arg string) {
	b.WriteByte('[')
	if arg != "" && !isQuote(arg[0]) && argumentLength(arg+"]") == len(arg) {
		b.WriteString(arg)
	} else {
		b.WriteString(quote(arg))
	}
	b.WriteByte(']')
}

// readsBare reports whether a text needs no quotes in a list of that form.
func readsBare(text string, form ListForm) bool {
	q := parser{text: text}
	if form == Brackets {
		return text != "" && q.bareInBrackets() == text
	}
	if form == Parens && opensBracket(text) {
		return false
	}
	return text != "" && q.span(isBare) == text
}

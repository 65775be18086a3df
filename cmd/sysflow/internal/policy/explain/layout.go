package explain

import (
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// lineWidth is how long a line of a condition may get before it is broken.
const lineWidth = 100

// layout writes a condition in lines. Joined by blanks they are the condition again.
func layout(n syntax.Node) []string {
	text := syntax.Format(n)
	if len(text) <= lineWidth {
		return []string{text}
	}
	switch n := n.(type) {
	case *syntax.And:
		return chain(n.Operands, "and ")
	case *syntax.Or:
		return chain(n.Operands, "or ")
	case *syntax.Not:
		return block("not (", n.Operand)
	default:
		return wrap(text)
	}
}

// chain writes operands below one another.
func chain(operands []syntax.Node, join string) []string {
	var out []string
	for i, o := range operands {
		lead := join
		if i == 0 {
			lead = ""
		}
		if isChain(o) {
			if text := "(" + syntax.Format(o) + ")"; len(text) <= lineWidth {
				out = append(out, lead+text)
			} else {
				out = append(out, block(lead+"(", o)...)
			}
			continue
		}
		lines := layout(o)
		lines[0] = lead + lines[0]
		out = append(out, lines...)
	}
	return out
}

// block writes a condition between parentheses.
func block(open string, n syntax.Node) []string {
	out := []string{open}
	for _, l := range layout(n) {
		out = append(out, "  "+l)
	}
	return append(out, ")")
}

func isChain(n syntax.Node) bool {
	switch n.(type) {
	case *syntax.And, *syntax.Or:
		return true
	default:
		return false
	}
}

// wrap breaks a long check after commas.
func wrap(text string) []string {
	var out []string
	indent := ""
	for len(indent)+len(text) > lineWidth {
		cut := strings.LastIndex(text[:lineWidth-len(indent)], ", ")
		if cut <= 0 {
			break
		}
		out = append(out, indent+text[:cut+1])
		text, indent = text[cut+2:], "    "
	}
	return append(out, indent+text)
}

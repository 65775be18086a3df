package policies

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// Whoever runs a command chooses its text, comments included. So no rule may be silenced by a text
// anywhere in a command line; an exemption says how the command line begins, or what the whole
// of it may be.
func TestNoCommentSilencesARule(t *testing.T) {
	n := 0
	for _, r := range stock(t).Rules {
		if r.Rule != nil {
			n += exemptions(t, r.Name, r.Rule.Condition, false)
			continue
		}
		for _, s := range r.Sequence.Steps {
			n += exemptions(t, r.Name, s.Condition, false)
		}
	}
	assert.Greater(t, n, 50, "the conditions were not walked")
}

// exemptions checks what is asked of command lines behind an odd number of negations, and
// returns how much that is.
func exemptions(t *testing.T, rule string, n syntax.Node, negated bool) (asked int) {
	t.Helper()
	switch n := n.(type) {
	case *syntax.And:
		for _, o := range n.Operands {
			asked += exemptions(t, rule, o, negated)
		}
	case *syntax.Or:
		for _, o := range n.Operands {
			asked += exemptions(t, rule, o, negated)
		}
	case *syntax.Not:
		asked += exemptions(t, rule, n.Operand, !negated)
	case *syntax.Check:
		left, isField := n.Left.(*syntax.Field)
		if !isField || !negated || !strings.HasSuffix(left.Name, "cmdline") && !strings.HasSuffix(left.Name, "args") {
			return 0
		}
		asked++
		anywhere := n.Op == syntax.Contains || n.Op == syntax.IContains || n.Op == syntax.EndsWith
		assert.False(t, anywhere, "%s:%d: %s: %s %s", n.At.File, n.At.Line, rule, left.Name, n.Op)
	}
	return asked
}

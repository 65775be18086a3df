package policy

import (
	"errors"
	"fmt"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/engine"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// ProcessCondition asks for properties of a process, its ancestors, container and pod. It
// must not be used by two goroutines at once.
type ProcessCondition struct {
	engine *engine.Engine
	record field.Record
	// own: it asks only for what a fork leaves as it is. container: it asks for containers,
	// described: for more of them than their id.
	own, container, described bool
}

// ParseProcessCondition reads a condition in the language of rules, without macros and lists, such
// as the filter of a capture. `container.id exists` means that there is a container, as the
// filters of SysFlow's collector do (its option -c), though Falco gives the host an id, too.
//
// The error says what is wrong at which column, and how to mend it; there may be several, joined.
func ParseProcessCondition(text string) (*ProcessCondition, error) {
	n, parseErr := syntax.ParseCondition(text, nil)
	if parseErr != nil {
		return nil, inCondition(parseErr.At, parseErr.Message, parseErr.Hint)
	}
	if err := noMacros(n); err != nil {
		return nil, err
	}
	bound, found := expr.Bind(inContainer(n))
	var errs []error
	for _, d := range found {
		if d.Severity == diag.Error {
			errs = append(errs, inCondition(d.Pos, d.Message, d.Hint))
		}
	}
	c := &ProcessCondition{own: true}
	for _, f := range bound.Fields {
		switch {
		case f.Answer == field.Unanswerable:
			errs = append(errs, fmt.Errorf("%s is not known of a process: %s", f.Text, f.Note))
		case f.Scope != field.ScopeProcess:
			errs = append(errs, fmt.Errorf("%s is not about a process: ask for what processes (proc.*), users, containers and pods are", f.Text))
		}
		c.own = c.own && !asksOthers(f.Name)
		c.container = c.container || asksContainer(f.Name)
		c.described = c.described || asksContainer(f.Name) && !isContainerID(f.Name)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	c.engine = engine.New(engine.Compile(engine.Program{Rules: []expr.Expr{bound.Expr}}), engine.Options{})
	c.record = field.Record{Kind: sysflow.KindProcessEvent, FD: sysflow.UnknownFD, Proto: sysflow.ProtoUnknown}
	return c, nil
}

// Holds reports whether the condition holds for a process.
func (c *ProcessCondition) Holds(p *field.Process) bool {
	c.record.Process, c.record.Node = p, p.Node
	return len(c.engine.Match(c.engine.Subject(p), &c.record).Rules) > 0
}

// Inherited reports whether a process that has just been forked satisfies the condition whenever
// its parent does: if it asks neither for ids of processes nor for ancestors.
func (c *ProcessCondition) Inherited() bool { return c.own }

// AsksContainer reports whether the condition asks for containers or pods.
func (c *ProcessCondition) AsksContainer() bool { return c.container }

// AsksRuntime reports whether the condition asks for what only a container runtime knows: more of a
// container than its id, or its pod.
func (c *ProcessCondition) AsksRuntime() bool { return c.described }

func isContainerID(name string) bool { return strings.TrimPrefix(name, "sf.") == "container.id" }

func asksContainer(name string) bool {
	what, isSysFlow := strings.CutPrefix(name, "sf.")
	return strings.HasPrefix(what, "container.") || strings.HasPrefix(what, "k8s.") || isSysFlow && strings.HasPrefix(what, "pod.")
}

// asksOthers reports whether a field has another value right after a fork.
func asksOthers(name string) bool {
	if strings.HasPrefix(name, "sf.pproc.") {
		return true
	}
	what, ok := strings.CutPrefix(name, "proc.")
	if !ok {
		what, ok = strings.CutPrefix(name, "sf.proc.")
	}
	if !ok {
		return false
	}
	switch {
	case strings.HasPrefix(what, "a"): // of ancestors; args is the only other one
		return !strings.HasPrefix(what, "args")
	case strings.HasPrefix(what, "p"), strings.HasPrefix(what, "v"), strings.HasPrefix(what, "s"), strings.HasPrefix(what, "is_"):
		return true // of the parent, pid, group and session
	case what == "tid", what == "createts", what == "createtime", what == "oid", what == "entry", what == "duration":
		return true
	}
	return false
}

func inCondition(at diag.Position, message, hint string) error {
	if hint != "" {
		message += "; " + hint
	}
	if at.Line > 1 {
		return fmt.Errorf("line %d, column %d: %s", at.Line, at.Column, message)
	}
	return fmt.Errorf("column %d: %s", at.Column, message)
}

func noMacros(n syntax.Node) error {
	switch n := n.(type) {
	case *syntax.Macro:
		return inCondition(n.At, fmt.Sprintf("%q is no comparison", n.Name), "macros are known in rule files only")
	case *syntax.And:
		return noMacrosIn(n.Operands)
	case *syntax.Or:
		return noMacrosIn(n.Operands)
	case *syntax.Not:
		return noMacros(n.Operand)
	}
	return nil
}

func noMacrosIn(list []syntax.Node) error {
	var errs []error
	for _, n := range list {
		errs = append(errs, noMacros(n))
	}
	return errors.Join(errs...)
}

// inContainer replaces `container.id exists`, which holds always, by what is meant.
func inContainer(n syntax.Node) syntax.Node {
	switch n := n.(type) {
	case *syntax.And:
		return &syntax.And{At: n.At, Operands: inContainers(n.Operands)}
	case *syntax.Or:
		return &syntax.Or{At: n.At, Operands: inContainers(n.Operands)}
	case *syntax.Not:
		return &syntax.Not{At: n.At, Operand: inContainer(n.Operand)}
	case *syntax.Check:
		if f, ok := n.Left.(*syntax.Field); ok && f.Name == "container.id" && !f.HasArg && n.Op == syntax.Exists {
			host := &syntax.Literal{At: n.At, Text: "host", Quoted: true}
			return &syntax.Check{At: n.At, Left: f, Op: syntax.Ne, OpAt: n.OpAt, Right: []syntax.Operand{host}}
		}
	}
	return n
}

func inContainers(list []syntax.Node) []syntax.Node {
	out := make([]syntax.Node, len(list))
	for i, n := range list {
		out[i] = inContainer(n)
	}
	return out
}

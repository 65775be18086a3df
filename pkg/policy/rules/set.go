// Package rules loads rule files: SysFlow policies and Falco rules, macros, lists, drops and
// sequences, with Falco's rules about appending, overriding and exceptions. What it returns
// has macros and lists resolved, and every condition still knows where it was written.
package rules

import (
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// File is a rule file.
type File struct {
	// Name is how diagnostics and alerts name it.
	Name string
	Text []byte
}

// Set is everything that a set of files defines, in the order of loading.
type Set struct {
	Rules     []*Rule
	Drops     []*Drop
	Sequences []*Sequence
	// Macros and Lists are those in force after the last file, by name.
	Macros map[string]*Macro
	Lists  map[string]*List
}

// Head is what rules and sequences have in common.
type Head struct {
	Name, Desc string
	// Ruleset is the name of the file without folder and extension.
	Ruleset  string
	Priority Priority
	Tags     []string
	Enabled  bool
	// Output is nil if the file gives none.
	Output *syntax.Template
	Pos    diag.Position
}

// Rule is a condition that raises an alert.
type Rule struct {
	Head
	// Condition has no macros and no names of lists any more. Exceptions are part of it.
	Condition syntax.Node
	// ConditionText is the condition as written, before exceptions.
	ConditionText string
	// Source is Falco's data source, "syscall" unless given.
	Source string
	// Prefilter restricts the rule to some kinds of records; nil means all. It is never empty.
	Prefilter []sysflow.Kind
	// Actions are those of SysFlow policies other than alert and tag, which name plugins.
	Actions []string
	// SkipIfUnknownFilter disables the rule instead of failing where a field is unknown.
	SkipIfUnknownFilter bool
}

// Drop is a condition whose records are discarded before any rule sees them.
type Drop struct {
	Name, Desc string
	Condition  syntax.Node
	Enabled    bool
	Prefilter  []sysflow.Kind
	Pos        diag.Position
}

// Restricted returns the condition with what the prefilter asks for.
func (r *Rule) Restricted() syntax.Node { return restricted(r.Condition, r.Prefilter, r.Pos) }

// Restricted returns the condition with what the prefilter asks for.
func (d *Drop) Restricted() syntax.Node { return restricted(d.Condition, d.Prefilter, d.Pos) }

// restricted adds the condition that a record is one of some kinds.
func restricted(n syntax.Node, kinds []sysflow.Kind, at diag.Position) syntax.Node {
	if kinds == nil {
		return n
	}
	c := &syntax.Check{At: at, Left: &syntax.Field{At: at, Name: "sf.type"}, Op: syntax.In, OpAt: at, Form: syntax.Parens}
	for _, k := range kinds {
		c.Right = append(c.Right, &syntax.Literal{At: at, Text: k.String(), Quoted: true})
	}
	return &syntax.And{At: at, Operands: []syntax.Node{c, n}}
}

// Sequence raises an alert when its steps happen one after the other.
type Sequence struct {
	Head
	// By says what joins the steps.
	By Join
	// Within is the longest time from the first step to the last.
	Within time.Duration
	Steps  []Step
}

// Step is a condition of a sequence.
type Step struct {
	Name          string
	Condition     syntax.Node
	ConditionText string
	Pos           diag.Position
}

// Join says which records may belong to the same sequence.
type Join struct {
	Kind JoinKind
	// Field is set for JoinField.
	Field *syntax.Field
	Pos   diag.Position
}

// JoinKind is what the steps of a sequence share.
type JoinKind int

const (
	// JoinProcess stands for the same process.
	JoinProcess JoinKind = iota
	// JoinAncestry stands for the process of the step before, or a descendant of it.
	JoinAncestry
	// JoinContainer stands for the same container; the host counts as one.
	JoinContainer
	// JoinField stands for the same value of a field; records without one take no part.
	JoinField
)

// Macro is a named condition.
type Macro struct {
	Name string
	// Condition has macros and lists resolved.
	Condition     syntax.Node
	ConditionText string
	Pos           diag.Position
}

// List is a named list; items that name lists are resolved.
type List struct {
	Name  string
	Items []*syntax.Literal
	Pos   diag.Position
}

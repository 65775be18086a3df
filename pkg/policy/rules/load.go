package rules

import (
	"cmp"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
)

// Load reads rule files in their order. It reports everything that is wrong with all of them,
// sorted by file and line. If there is an error among it, the set holds what could be read, to
// be searched for further mistakes and for nothing else.
func Load(files []File) (*Set, diag.List) {
	l := newLoader()
	for i, f := range files {
		l.file(i, f)
	}
	set := l.resolve()
	if len(files) == 0 || l.nothingToDo(set) {
		l.errorf(diag.ErrValidate, diag.Position{}, "", "add a rule", "the rule files define no rule, drop or sequence")
	}
	SortFindings(l.found, files)
	return set, l.found
}

// loader holds what has been defined so far.
type loader struct {
	found diag.List
	// order counts definitions and their changes.
	order int

	macros    table[*macro]
	lists     table[*list]
	rules     table[*rule]
	drops     table[*drop]
	sequences table[*sequence]

	// macroTrail and listTrail are what is being resolved, each because of the one before.
	macroTrail []*macro
	listTrail  []*list
	// cut is the first place in listTrail where a circle of lists has been cut.
	cut int

	expansion
}

func newLoader() *loader {
	return &loader{
		macros: newTable[*macro](), lists: newTable[*list](), rules: newTable[*rule](),
		drops: newTable[*drop](), sequences: newTable[*sequence](),
		expansion: newExpansion(), cut: noCut,
	}
}

func (l *loader) nothingToDo(set *Set) bool {
	return !l.found.HasErrors() && len(set.Rules)+len(set.Drops)+len(set.Sequences) == 0 && len(l.rules.all) == 0
}

func (l *loader) add(d *diag.Diagnostic) { l.found = append(l.found, d) }

func (l *loader) errorf(code diag.Code, at diag.Position, item, hint, format string, args ...any) {
	l.add(&diag.Diagnostic{
		Severity: diag.Error, Code: code, Pos: at, Item: item, Hint: hint, Message: fmt.Sprintf(format, args...),
	})
}

func (l *loader) warnf(code diag.Code, at diag.Position, item, hint, format string, args ...any) {
	l.add(&diag.Diagnostic{
		Severity: diag.Warning, Code: code, Pos: at, Item: item, Hint: hint, Message: fmt.Sprintf(format, args...),
	})
}

// SortFindings orders findings by file, in the order of files, then by line and column; those
// at one place stay as they are. What is about no file comes first.
func SortFindings(found diag.List, files []File) {
	index := map[string]int{}
	for i, f := range files {
		if _, known := index[f.Name]; !known {
			index[f.Name] = i + 1
		}
	}
	slices.SortStableFunc(found, func(a, b *diag.Diagnostic) int {
		return cmp.Or(cmp.Compare(index[a.Pos.File], index[b.Pos.File]),
			cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
}

// file reads a file and takes up what it defines.
func (l *loader) file(index int, f File) {
	base := filepath.Base(f.Name)
	s := &source{name: f.Name, ruleset: strings.TrimSuffix(base, filepath.Ext(base)), index: index}
	docs, problem := s.parse(f.Text)
	if problem != nil {
		l.add(problem)
		if problem.Severity == diag.Error {
			return
		}
	}
	empty := true
	for _, doc := range docs {
		if isNull(doc) {
			continue
		}
		empty = false
		l.document(s, doc)
	}
	if empty {
		l.errorf(diag.ErrYAMLValidate, diag.Position{File: f.Name}, "", "write rules, or leave the file out",
			"the file has no rules: it is empty or has only comments")
	}
}

func (l *loader) document(s *source, doc *yaml.Node) {
	if doc.Kind != yaml.SequenceNode {
		l.errorf(diag.ErrYAMLValidate, s.node(doc), "", `begin each item with "- rule:", "- macro:" or "- list:"`,
			"the file is %s, not a list of items", kindName(doc))
		return
	}
	s.sysflow = s.sysflow || isSysFlowStyle(doc)
	for _, n := range doc.Content {
		if n = deref(n); !isNull(n) {
			l.item(s, n)
		}
	}
}

// isSysFlowStyle reports whether items are written in the style of SysFlow policies: they
// use its attributes, or keys that Falco does not have.
func isSysFlowStyle(doc *yaml.Node) bool {
	for _, item := range doc.Content {
		if item = deref(item); item.Kind != yaml.MappingNode {
			continue
		}
		for key, value := range pairs(item) {
			switch key.Value {
			case "filter", "drop", "prefilter", "action", "actions":
				return true
			case "condition":
				if namesAttribute(deref(value).Value) {
					return true
				}
			}
		}
	}
	return false
}

func namesAttribute(condition string) bool {
	for {
		i := strings.Index(condition, "sf.")
		if i < 0 {
			return false
		}
		if i == 0 || strings.IndexByte(" \t\r\n(", condition[i-1]) >= 0 {
			return true
		}
		condition = condition[i+3:]
	}
}

// pairs yields the keys and values of a mapping.
func pairs(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(key, value *yaml.Node) bool) {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}

// deref returns what an alias stands for.
func deref(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool {
	return n.Kind == 0 || n.Kind == yaml.ScalarNode && n.Tag == "!!null"
}

// kindName says what a node is, for messages.
func kindName(n *yaml.Node) string {
	switch {
	case isNull(n):
		return "empty"
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	}
	return "a text"
}

package rules

import (
	"fmt"
	"iter"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
)

// definition is what macros, lists, rules, drops and sequences have in common.
type definition struct {
	kind, name string
	source     *source
	pos        diag.Position
	// order is when the name was defined first, changed when it was touched last.
	order, changed int
	// index is its place in the table.
	index int
}

func (d *definition) def() *definition { return d }

func (d *definition) label() string { return fmt.Sprintf("%s %q", d.kind, d.name) }

// definer is a pointer to something that begins with a definition.
type definer interface {
	comparable
	def() *definition
}

// table holds the definitions of a kind.
type table[D definer] struct {
	all    []D
	byName map[string][]D
}

func newTable[D definer]() table[D] { return table[D]{byName: map[string][]D{}} }

// names yields the names that are defined.
func (t *table[D]) names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for n := range t.byName {
			if !yield(n) {
				return
			}
		}
	}
}

// visible returns what a name means in a file. Two files that define a name alike do not
// always mean the same by it. In the style of SysFlow policies a name is first that of the
// file itself, then that of an earlier, then of a later file; so sf-processor does it, later
// files excepted. In Falco's files the last definition holds for all files; those of SysFlow
// policies only count where there is no other.
func (t *table[D]) visible(name string, from *source) (D, bool) {
	var best D
	rank := 0
	for _, d := range t.byName[name] {
		if r := visibility(d.def().source, from); r >= rank {
			best, rank = d, r
		}
	}
	return best, rank > 0
}

func visibility(at, from *source) int {
	switch {
	case from.sysflow && at == from:
		return 3
	case from.sysflow && at.index < from.index, !from.sysflow && !at.sysflow:
		return 2
	}
	return 1
}

// define takes up a definition. Within a file a name can be defined once; a later file
// replaces what it would otherwise see, in its place.
func define[D definer](l *loader, t *table[D], d D) {
	now := d.def()
	l.order++
	now.order, now.changed = l.order, l.order
	list := t.byName[now.name]
	for i, old := range list {
		before := old.def()
		switch {
		case before.source == now.source:
			hint := "rename one of them"
			if now.kind == "rule" || now.kind == "macro" || now.kind == "list" {
				hint += ", or change the first with override"
			}
			l.errorf(diag.ErrValidate, now.pos, now.label(), hint,
				"the %s %q is defined twice in this file, first in line %d", now.kind, now.name, before.pos.Line)
			return
		case replaces(now, before):
			l.warnf(diag.WarnRedefinition, now.pos, now.label(), "", "this replaces the %s of the same name at %s", before.kind, before.pos)
			now.order, now.index = before.order, before.index
			list[i], t.all[now.index] = d, d
			return
		}
	}
	now.index = len(t.all)
	t.byName[now.name] = append(list, d)
	t.all = append(t.all, d)
}

// replaces reports whether a definition takes the place of an earlier one. Macros and lists
// of SysFlow policies hold for their own file.
func replaces(now, before *definition) bool {
	if now.kind == "macro" || now.kind == "list" {
		return !now.source.sysflow && !before.source.sysflow
	}
	return true
}

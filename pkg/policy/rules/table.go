package rules

import (
	"fmt"
	"iter"
	"sort"

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

// isName reports whether this is a name for something, which conditions use.
func (d *definition) isName() bool { return d.kind == "macro" || d.kind == "list" }

// definer is a pointer to something that begins with a definition.
type definer interface {
	comparable
	def() *definition
}

// table holds the definitions of a kind.
type table[D definer] struct {
	all    []D
	byName map[string][]D
	// versions are the definitions of what a file in SysFlow's style defines more than once,
	// in their order; byName has but the last.
	versions map[nameIn][]D
}

// nameIn is a name in a file.
type nameIn struct {
	name string
	in   *source
}

func newTable[D definer]() table[D] {
	return table[D]{byName: map[string][]D{}, versions: map[nameIn][]D{}}
}

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

// seenBy returns what a name means to something that is defined. sf-processor reads the macros
// and lists of a file, and then the file again with its rules, which therefore see the nearest
// definition before them, or else the last of the file.
func (t *table[D]) seenBy(name string, user *definition) (D, bool) {
	best, ok := t.visible(name, user.source)
	if !ok || best.def().source != user.source {
		return best, ok
	}
	all := t.versions[nameIn{name, user.source}]
	if i := sort.Search(len(all), func(i int) bool { return all[i].def().order > user.order }); i > 0 {
		return all[i-1], true
	}
	return best, true
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

// define takes up a definition. A macro or list replaces what it would otherwise see, in its
// place; in SysFlow's style only for what follows in its file. So does anything else of a later
// file, but within a file its name can be defined once.
func define[D definer](l *loader, t *table[D], d D) {
	now := d.def()
	l.order++
	now.order, now.changed = l.order, l.order
	list := t.byName[now.name]
	for i, old := range list {
		before := old.def()
		switch {
		case before.source == now.source && now.isName() && now.source.sysflow:
			l.warnf(diag.WarnRedefinition, now.pos, now.label(), "",
				"from here on this replaces the %s of the same name at %s", before.kind, before.pos)
			t.shadow(i, d)
			return
		case before.source == now.source && !now.isName():
			hint := "rename one of them"
			if now.kind == "rule" {
				hint += ", or change the first with override"
			}
			l.errorf(diag.ErrValidate, now.pos, now.label(), hint,
				"the %s %q is defined twice in this file, first in line %d", now.kind, now.name, before.pos.Line)
			now.index = len(t.all)
			t.all = append(t.all, d) // so that it is searched for mistakes too
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

// shadow takes up another definition of a name in a file, where the last one is a place of those
// of that name.
func (t *table[D]) shadow(place int, d D) {
	now := d.def()
	list := t.byName[now.name]
	key := nameIn{now.name, now.source}
	if len(t.versions[key]) == 0 {
		t.versions[key] = []D{list[place]}
	}
	t.versions[key] = append(t.versions[key], d)
	list[place] = d
	now.index = len(t.all)
	t.all = append(t.all, d)
}

// replaces reports whether a definition takes the place of an earlier one. Macros and lists
// of SysFlow policies hold for their own file.
func replaces(now, before *definition) bool {
	if now.isName() {
		return !now.source.sysflow && !before.source.sysflow
	}
	return true
}

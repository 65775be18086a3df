package rules

import (
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// list is a list while it is loaded.
type list struct {
	definition
	items    []*syntax.Literal
	state    state
	resolved []*syntax.Literal
	operands []syntax.Operand
	used     bool
}

// resolveList replaces the items of a list that name lists. Falco does the same whatever the
// order of the lists, since it puts them into conditions one after the other.
func (l *loader) resolveList(ls *list) {
	switch ls.state {
	case done, failed:
		return
	case inWork:
		for _, t := range cycle(l, l.listTrail, ls) {
			t.state = failed
		}
		return
	}
	ls.state = inWork
	l.listTrail = append(l.listTrail, ls)
	if len(l.listTrail) > maxNested {
		ls.state = failed
		l.errorf(diag.ErrValidate, ls.pos, ls.label(), "", "lists name lists more than %d levels deep", maxNested)
	}
	for _, it := range ls.items {
		if ls.state == failed {
			break
		}
		l.resolveItem(ls, it)
	}
	l.listTrail = l.listTrail[:len(l.listTrail)-1]
	if ls.state == inWork {
		ls.state = done
	}
}

func (l *loader) resolveItem(ls *list, it *syntax.Literal) {
	var sub *list
	if !it.Quoted {
		var ok bool
		if sub, ok = l.lists.visible(it.Text, ls.source); !ok {
			l.suspect(it, ls.definition)
		}
	}
	if sub == nil {
		ls.resolved = append(ls.resolved, &syntax.Literal{At: it.At, Text: it.Text, Quoted: true})
		return
	}
	sub.used = true
	l.resolveList(sub)
	switch {
	case sub.state == failed:
		ls.state = failed
	case len(ls.resolved)+len(sub.resolved) > maxValues:
		ls.state = failed
		l.errorf(diag.ErrValidate, it.At, ls.label(), "", "the list has more than %d values when the lists in it are written out", maxValues)
	case !l.copies(len(sub.resolved), it.At, ls.definition):
		ls.state = failed
	case ls.state == inWork:
		ls.resolved = append(ls.resolved, sub.resolved...)
	}
}

// suspect warns about an unquoted text that is probably meant to be the name of a list: it is
// nearly one, or has an ending that several lists have, or is the name of a macro.
func (l *loader) suspect(lit *syntax.Literal, in definition) {
	if !strings.Contains(lit.Text, "_") || !macroName.MatchString(lit.Text) {
		return
	}
	hint, ok := l.guessed[lit.Text]
	if !ok {
		hint = l.guess(lit.Text, in.source)
		l.guessed[lit.Text] = hint
	}
	if hint != "" {
		l.warnf(diag.WarnSuspiciousLiteral, lit.At, in.label(), hint, "%q is no list and taken as a text", lit.Text)
		l.found[len(l.found)-1].Length = len(lit.Text)
	}
}

func (l *loader) guess(text string, from *source) string {
	if _, ok := l.macros.visible(text, from); ok {
		return "it is a macro, which cannot stand in a list"
	}
	near := ""
	if l.guesses -= len(l.lists.all); l.guesses >= 0 {
		near = diag.Nearest(text, l.lists.names())
	}
	const several = 3
	if l.suffixes == nil {
		l.suffixes = map[string]int{}
		for name := range l.lists.names() {
			l.suffixes[lastWord(name)]++
		}
	}
	switch {
	case near != "" && near[0] == text[0]:
		return "did you mean " + near + "? If not, put it in quotes"
	case l.suffixes[lastWord(text)] >= several:
		return "define the list, or put the text in quotes"
	}
	return ""
}

// lastWord returns what follows the last underscore of a name, with it.
func lastWord(name string) string {
	return name[max(0, strings.LastIndexByte(name, '_')):]
}

// cycle reports definitions that name each other in a circle, which are those of a trail from the
// one that came again, and returns them.
func cycle[D definer](l *loader, trail []D, again D) []D {
	members := trail[slices.Index(trail, again):]
	names := make([]string, 0, len(members)+1)
	for _, m := range members {
		names = append(names, m.def().name)
	}
	d := again.def()
	l.errorf(diag.ErrValidate, d.pos, d.label(), "", "%s", cycleText(d.kind, append(names, d.name)))
	return members
}

// cycleText shows the names of a circle, of a long one its ends.
func cycleText(kind string, names []string) string {
	const most = 10
	if len(names) > most {
		names = slices.Concat(names[:most/2], []string{"..."}, names[len(names)-most/2:])
	}
	return "the " + kind + " stands for itself: " + strings.Join(names, " -> ")
}

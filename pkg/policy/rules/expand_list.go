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
	// circular says that a circle with this list has been told.
	circular bool
}

// noCut is where no circle has been cut.
const noCut = maxNested + 1

// resolveList replaces the items of a list that name lists. Falco does the same whatever the
// order of the lists, since it puts them into conditions one after the other.
func (l *loader) resolveList(ls *list) {
	if ls.state != untouched {
		return
	}
	ls.state, ls.resolved = inWork, nil
	place, outer := len(l.listTrail), l.cut
	l.cut = noCut
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
	l.listTrail = l.listTrail[:place]
	cut := l.cut < place
	if cut {
		l.cut = min(l.cut, outer)
	} else {
		l.cut = outer
	}
	switch {
	case ls.state == failed:
	case !cut:
		ls.state = done
	case l.copies(len(ls.items), ls.pos, ls.definition):
		ls.state = untouched // a list in work is missing in it: it is resolved anew where it is used
	default:
		ls.state = failed
	}
}

func (l *loader) resolveItem(ls *list, it *syntax.Literal) {
	sub := l.itemList(ls, it)
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

// itemList returns the list that an item names, nil if it names none. The list's own name is no
// list in it, as to Falco only a list that has been defined before is one.
func (l *loader) itemList(ls *list, it *syntax.Literal) *list {
	if it.Quoted || it.Text == ls.name {
		return nil
	}
	sub, ok := l.lists.seenBy(it.Text, &ls.definition)
	switch {
	case !ok:
		l.suspect(it, ls.definition)
		return nil
	case sub.state == inWork && !l.circle(sub, ls, it):
		return nil
	}
	return sub
}

// circle reports that an item of a list names one that is being resolved, and whether this is an
// error. In Falco's style it is none: of lists that name each other one comes first, to which the
// name of the other is a text. In SysFlow's the order does not count.
func (l *loader) circle(again, ls *list, it *syntax.Literal) bool {
	start := slices.Index(l.listTrail, again)
	members := l.listTrail[start:]
	if slices.ContainsFunc(members, func(m *list) bool { return m.source.sysflow }) {
		for _, m := range cycle(l, l.listTrail, again) {
			m.state = failed
		}
		return true
	}
	l.cut = min(l.cut, start)
	if !slices.ContainsFunc(members, func(m *list) bool { return !m.circular }) {
		return false
	}
	for _, m := range members {
		m.circular = true
	}
	l.warnf(diag.WarnSuspiciousLiteral, it.At, ls.label(), "put it in quotes, or leave it out",
		"%q is taken as a text, because the lists name each other in a circle: %s", it.Text, trailText(members))
	l.found[len(l.found)-1].Length = len(it.Text)
	return false
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
		l.suspicious(lit, in, hint)
	}
}

// suspicious warns about a text that is probably meant to be the name of a list.
func (l *loader) suspicious(lit *syntax.Literal, in definition, hint string) {
	l.warnf(diag.WarnSuspiciousLiteral, lit.At, in.label(), hint, "%q is no list and taken as a text", lit.Text)
	l.found[len(l.found)-1].Length = len(lit.Text)
}

// defineIt is the hint where no list is nearly called so.
const defineIt = "define the list, or put the text in quotes"

func (l *loader) guess(text string, from *source) string {
	if _, ok := l.macros.visible(text, from); ok {
		return "it is a macro, which cannot stand in a list"
	}
	near := l.nearList(text)
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
		return defineIt
	}
	return ""
}

// nearList returns the list that a text was probably meant to name, empty if there is none.
func (l *loader) nearList(text string) string {
	near, ok := l.near[text]
	if !ok {
		if l.guesses -= len(l.lists.all); l.guesses >= 0 {
			near = diag.Nearest(text, l.lists.names())
		}
		l.near[text] = near
	}
	return near
}

// lastWord returns what follows the last underscore of a name, with it.
func lastWord(name string) string {
	return name[max(0, strings.LastIndexByte(name, '_')):]
}

// cycle reports definitions that name each other in a circle, which are those of a trail from the
// one that came again, and returns them.
func cycle[D definer](l *loader, trail []D, again D) []D {
	members := trail[slices.Index(trail, again):]
	d := again.def()
	l.errorf(diag.ErrValidate, d.pos, d.label(), "", "the %s stands for itself: %s", d.kind, trailText(members))
	return members
}

// trailText shows the names of a circle, of a long one its ends.
func trailText[D definer](members []D) string {
	names := make([]string, 0, len(members)+1)
	for _, m := range members {
		names = append(names, m.def().name)
	}
	names = append(names, names[0])
	const most = 10
	if len(names) > most {
		names = slices.Concat(names[:most/2], []string{"..."}, names[len(names)-most/2:])
	}
	return strings.Join(names, " -> ")
}

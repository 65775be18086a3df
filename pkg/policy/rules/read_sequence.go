package rules

import (
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// sequence is a sequence while it is loaded.
type sequence struct {
	definition
	out    Sequence
	output passage
	steps  []passage
}

func (it *item) sequence() {
	d, ok := it.named("sequence")
	if !ok {
		return
	}
	if it.isToggle() {
		it.toggleSequence(d)
		return
	}
	it.onlyKeys("sequence", "desc", "by", "within", "steps", "priority", "tags", "output", "enabled")
	s := &sequence{definition: d}
	it.head(d, &s.out.Head, &s.output)
	s.out.By = it.join()
	it.within(&s.out.Within)
	it.steps(s)
	if !clash(it, it.rules.byName[d.name]) {
		define(it.loader, &it.sequences, s)
	}
}

func (it *item) toggleSequence(d definition) {
	it.onlyKeys("sequence", "enabled")
	base, ok := it.sequences.visible(d.name, it.source)
	if !ok {
		it.noBase("sequence", d.name, diag.Nearest(d.name, it.sequences.names()))
		return
	}
	it.touch(&base.definition)
	it.truth("enabled", &base.out.Enabled)
}

// clash reports a name that both a rule and a sequence have: alerts are known by it.
func clash[D definer](it *item, others []D) bool {
	if len(others) == 0 {
		return false
	}
	other := others[0].def()
	it.errorf(diag.ErrValidate, it.pos, it.label, "rename one of them", "%s has the name of the %s at %s", it.label, other.kind, other.pos)
	return true
}

var joins = map[string]JoinKind{"process": JoinProcess, "ancestry": JoinAncestry, "container": JoinContainer}

// join reads what the steps have in common.
func (it *item) join() Join {
	text, n, ok := it.optional("by")
	if !ok {
		return Join{Kind: JoinProcess, Pos: it.pos}
	}
	j := Join{Kind: JoinField, Pos: it.source.node(n)}
	text = strings.TrimSpace(text)
	if kind, ok := joins[text]; ok {
		j.Kind = kind
		return j
	}
	cond, problem := syntax.ParseCondition(text+" exists", it.source.locator(n))
	if c, ok := cond.(*syntax.Check); problem == nil && ok && c.Op == syntax.Exists {
		if f, ok := c.Left.(*syntax.Field); ok && strings.Contains(f.Name, ".") {
			j.Field = f
			return j
		}
	}
	hint := "use process, ancestry, container, or a field like fd.sip"
	if near := diag.Nearest(text, slices.Values([]string{"process", "ancestry", "container"})); near != "" {
		hint = "did you mean " + near + "?"
	}
	it.invalid(n, hint, "the steps of a sequence cannot be joined by %q", text)
	return j
}

func (it *item) within(d *time.Duration) {
	text, n, ok := it.text("within")
	if !ok {
		return
	}
	var err error
	if *d, err = time.ParseDuration(strings.TrimSpace(text)); err != nil || *d <= 0 {
		it.invalid(n, "write it like 60s, 5m or 1h", "%q is no time within which a sequence can happen", text)
	}
}

func (it *item) steps(s *sequence) {
	if !it.has("steps") {
		it.text("steps")
		return
	}
	for n := range it.elements("steps") {
		step := it.newItem(it.source, n, it.label)
		if n.Kind != yaml.MappingNode {
			step.invalid(n, `write it as "- condition: ..."`, "a step must be a mapping, not %s", kindName(n))
			it.ok = false
			continue
		}
		step.onlyKeys("name", "condition")
		out := Step{Pos: step.pos}
		out.Name, _, _ = step.optional("name")
		if text, c, ok := step.text("condition"); ok {
			s.steps = append(s.steps, step.passage(text, c))
			s.out.Steps = append(s.out.Steps, out)
		}
		it.ok = it.ok && step.ok
	}
	if len(s.steps) < 2 && it.ok {
		it.invalid(it.keys["steps"], "write a rule for a single condition", "a sequence must have at least two steps")
	}
}

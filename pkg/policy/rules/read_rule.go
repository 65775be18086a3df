package rules

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// rule is a rule while it is loaded.
type rule struct {
	definition
	out               Rule
	condition, output passage
	exceptions        []*exception
	// descs are appended to the description.
	descs []string
	// skipped is set where the source of events is not known.
	skipped bool
}

// drop is a global drop condition while it is loaded.
type drop struct {
	definition
	out       Drop
	condition passage
}

var ruleKeys = []string{
	"rule", "desc", "condition", "output", "priority", "tags", "enabled", "source", "exceptions", "warn_evttypes",
	"skip-if-unknown-filter", "capture", "capture_duration", "append", "override", "prefilter", "action", "actions",
}

func (it *item) rule() {
	d, ok := it.named("rule")
	if !ok {
		return
	}
	old := it.oldAppend()
	changes := it.overrides(ruleAppends, ruleReplaces)
	switch {
	case old && len(changes) > 0:
		it.appendAndOverride()
	case len(changes) > 0:
		it.changeRule(d, changes)
	case old:
		it.appendRule(d)
	case it.isToggle():
		it.toggleRule(d)
	case it.ok || !it.has("override"):
		it.newRule(d)
	}
}

// isToggle reports whether an item does nothing but switch something on or off.
func (it *item) isToggle() bool {
	return it.has("enabled") && !slices.ContainsFunc([]string{"condition", "output", "desc", "priority", "steps"}, it.has)
}

func (it *item) toggleRule(d definition) {
	it.onlyKeys("rule", "enabled", "append", "override")
	it.warn(diag.WarnDeprecatedItem, it.keys["enabled"], `add "override: {enabled: replace}"`,
		`a rule with nothing but "enabled" is deprecated`)
	if base, ok := it.base(d); ok {
		it.truth("enabled", &base.out.Enabled)
	}
}

func (it *item) newRule(d definition) {
	it.onlyKeys(ruleKeys...)
	r := &rule{definition: d}
	r.out.Source = syscallSource
	it.head(d, &r.out.Head, &r.output)
	if text, n, ok := it.text("condition"); ok {
		r.condition = it.passage(text, n)
	}
	it.evttypes()
	it.truth("skip-if-unknown-filter", &r.out.SkipIfUnknownFilter)
	if src, n, ok := it.optional("source"); ok {
		r.out.Source = src
		if r.skipped = src != syscallSource; r.skipped {
			it.warn(diag.WarnUnknownSource, n, "", "the rule is skipped: its source %q is not known here, which has only %s", src, syscallSource)
		}
	}
	it.prefilter(&r.out.Prefilter, &r.out.Enabled)
	r.out.Actions = it.actions()
	r.exceptions = it.exceptions()
	if clash(it, it.sequences.byName[d.name]) {
		return
	}
	if old, ok := it.rules.visible(d.name, it.source); ok && old.source != it.source && old.out.Source != r.out.Source {
		it.errorf(diag.ErrValidate, it.pos, it.label, "", "the rule has the source %q, but at %s it has the source %q",
			r.out.Source, old.pos, old.out.Source)
		return
	}
	define(it.loader, &it.rules, r)
}

// evttypes checks a key that has nothing to switch here: Falco warns about rules for many types
// of events because each is looked up by type, which rules here are not.
func (it *item) evttypes() {
	var ignored bool
	it.truth("warn_evttypes", &ignored)
}

// syscallSource is the only source of events here; Falco's plugins bring others.
const syscallSource = "syscall"

// head reads what rules and sequences have in common. SysFlow's grammar demands a
// description, Falco also an output and a priority; SysFlow's default priority is low.
func (it *item) head(d definition, h *Head, output *passage) {
	*h = Head{Name: d.name, Ruleset: it.source.ruleset, Priority: Low, Enabled: true, Pos: it.pos}
	h.Desc, _, _ = it.text("desc")
	h.Desc = strings.TrimSpace(h.Desc)
	it.priority(&h.Priority)
	it.truth("enabled", &h.Enabled)
	if it.has("tags") {
		h.Tags = it.texts("tags")
	}
	if text, n, ok := it.optional("output"); ok {
		*output = it.passage(text, n)
	}
}

func (it *item) priority(p *Priority) {
	text, n, ok := it.optional("priority")
	if !ok {
		return
	}
	if *p, ok = ParsePriority(text); !ok {
		near := diag.Nearest(text, slices.Values(priorityNames[:]))
		hint := "use emergency, alert, critical, error, warning, notice, info, debug, or high, medium, low"
		if near != "" {
			hint = "did you mean " + near + "?"
		}
		it.invalid(n, hint, "there is no priority %q", text)
	}
}

// prefilter reads to which kinds of records a rule is restricted. With none of them a
// rule never fires; sf-processor loads it nevertheless.
func (it *item) prefilter(kinds *[]sysflow.Kind, enabled *bool) {
	n, ok := it.keys["prefilter"]
	if !ok {
		return
	}
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		it.warn(diag.WarnNeverMatches, n, `leave the key "prefilter" out, or name kinds like [PE, FF]`,
			"an empty prefilter lets no record pass, so this is disabled")
		*enabled = false
		return
	}
	for e := range it.elements("prefilter") {
		name, ok := it.scalar(e, "a kind of the prefilter")
		if !ok {
			continue
		}
		k, ok := sysflow.ParseKind(name)
		if !ok || k.IsEntity() {
			it.invalid(e, "the kinds are PE, FE, FF, NF, NE, PF and KE", "there is no kind of event %q", name)
			continue
		}
		if !slices.Contains(*kinds, k) {
			*kinds = append(*kinds, k)
		}
	}
}

// actions reads the actions of SysFlow policies. The old alert and tag say that the record
// is kept and gets the rule's tags, which happens in any case; all others name plugins.
func (it *item) actions() []string {
	var out []string
	for _, key := range []string{"action", "actions"} {
		n, ok := it.keys[key]
		if !ok {
			continue
		}
		names := []string{}
		if n.Kind == yaml.ScalarNode {
			if name, ok := it.scalar(n, "the action"); ok {
				names = append(names, name)
			}
		} else {
			names = it.texts(key)
		}
		for _, a := range names {
			if a == "alert" || a == "tag" {
				continue
			}
			out = append(out, a)
			it.warn(diag.WarnUnsupportedAction, n, "use a processor of the collector behind the policy for what it does",
				"the action %q is a plugin of sf-processor, which does not run here", a)
		}
	}
	return out
}

func (it *item) drop(kind string) {
	d, ok := it.named(kind)
	if !ok {
		return
	}
	it.onlyKeys(kind, "desc", "condition", "enabled", "prefilter")
	p := &drop{definition: d, out: Drop{Name: d.name, Enabled: true, Pos: it.pos}}
	p.out.Desc, _, _ = it.optional("desc")
	if text, n, ok := it.text("condition"); ok {
		p.condition = it.passage(text, n)
	}
	it.truth("enabled", &p.out.Enabled)
	it.prefilter(&p.out.Prefilter, &p.out.Enabled)
	define(it.loader, &it.drops, p)
}

// unique removes repetitions.
func unique(texts []string) []string {
	seen := make(map[string]bool, len(texts))
	return slices.DeleteFunc(texts, func(t string) bool {
		twice := seen[t]
		seen[t] = true
		return twice
	})
}

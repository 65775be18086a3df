package rules

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
)

// What Falco lets one change of a rule (falco, userspace/engine/rule_loader_reader.cpp).
var (
	ruleAppends  = []string{"condition", "output", "desc", "tags", "exceptions"}
	ruleReplaces = []string{
		"condition", "output", "desc", "priority", "capture", "capture_duration", "tags", "exceptions",
		"enabled", "warn_evttypes", "skip-if-unknown-filter",
	}
)

// change says that a key is added to, or put in the place of, what was there.
type change struct {
	key, how string
	node     *yaml.Node
}

// overrides reads which keys of an item change an earlier one.
func (it *item) overrides(appends, replaces []string) []change {
	n, ok := it.keys["override"]
	if !ok {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		it.invalid(n, "write it like {condition: append}", "the value of \"override\" must be a mapping, not %s", kindName(n))
		return nil
	}
	var out []change
	for k, v := range pairs(n) {
		k, v = deref(k), deref(v)
		how := strings.TrimSpace(v.Value)
		canAppend, canReplace := slices.Contains(appends, k.Value), slices.Contains(replaces, k.Value)
		switch {
		case how == "append" && !canAppend && canReplace:
			it.invalid(k, "use replace", "the key %q cannot be appended to", k.Value)
		case how == "append" && !canAppend, how == "replace" && !canReplace:
			it.invalid(k, "the keys are "+strings.Join(replaces, ", "), "the key %q cannot be overridden", k.Value)
		case how != "append" && how != "replace":
			it.invalid(v, "write "+allowed(canAppend, canReplace), "%q is no way to override the key %q", how, k.Value)
		case slices.ContainsFunc(out, func(c change) bool { return c.key == k.Value }):
			it.invalid(k, "leave one of them out", "the key %q is given twice", k.Value)
		default:
			out = append(out, change{k.Value, how, k})
		}
	}
	return out
}

func allowed(canAppend, canReplace bool) string {
	if canAppend && canReplace {
		return "append or replace"
	}
	if canAppend {
		return "append"
	}
	return "replace"
}

// appends reads how a list or macro changes an earlier one: "append", "replace", or not at
// all. They have but one key, so a replacement is as good as a definition.
func (it *item) appends(key string) string {
	old := it.oldAppend()
	changes := it.overrides([]string{key}, []string{key})
	switch {
	case len(changes) > 0:
		if old {
			it.appendAndOverride()
		}
		return changes[0].how
	case old:
		return "append"
	}
	return ""
}

// oldAppend reads "append: true", which Falco has deprecated.
func (it *item) oldAppend() bool {
	on := false
	it.truth("append", &on)
	if on {
		it.warn(diag.WarnDeprecatedItem, it.keys["append"], `write an entry under "override", like "condition: append"`,
			`the key "append" is deprecated`)
	}
	return on
}

func (it *item) appendAndOverride() {
	it.invalid(it.keys["override"], `add an entry like "condition: append" under "override" instead`,
		`"override" and "append: true" cannot be used together`)
}

// changeRule applies what an item overrides to an earlier rule.
func (it *item) changeRule(d definition, changes []change) {
	it.onlyKeys(slices.Concat([]string{"rule", "append", "override"}, ruleReplaces)...)
	listed := func(key string) bool {
		return slices.ContainsFunc(changes, func(c change) bool { return c.key == key })
	}
	for _, key := range ruleReplaces {
		if n, ok := it.keys[key]; ok && !listed(key) {
			it.invalid(n, fmt.Sprintf("add %q under \"override\"", key+": replace"),
				"unexpected key %q: there is no entry for it under \"override\"", key)
		}
	}
	base, ok := it.base(d)
	if !ok {
		return
	}
	for _, c := range changes {
		switch {
		case !it.has(c.key):
			it.invalid(c.node, "", "%q is to be overridden (%s), but the item does not have it", c.key, c.how)
		case c.how == "append":
			it.appendKey(base, c.key)
		default:
			it.replaceKey(base, c.key)
		}
	}
}

// base returns the rule that an item changes.
func (it *item) base(d definition) (*rule, bool) {
	base, ok := it.rules.visible(d.name, it.source)
	if !ok {
		it.noBase("rule", d.name, diag.Nearest(d.name, it.rules.names()))
		return nil, false
	}
	it.touch(&base.definition)
	return base, true
}

// appendRule adds a condition or exceptions to an earlier rule: "append: true".
func (it *item) appendRule(d definition) {
	it.onlyKeys("rule", "append", "condition", "exceptions")
	base, ok := it.base(d)
	if !ok {
		return
	}
	if !it.has("condition") && !it.has("exceptions") {
		it.invalid(it.node, "", "an appended rule must have a condition or exceptions")
	}
	for _, key := range []string{"condition", "exceptions"} {
		if it.has(key) {
			it.appendKey(base, key)
		}
	}
}

// appendKey adds to a key of a rule. Texts are joined by a blank.
func (it *item) appendKey(base *rule, key string) {
	switch key {
	case "tags":
		base.out.Tags = append(base.out.Tags, it.texts(key)...)
	case "exceptions":
		it.appendExceptions(base)
	default:
		text, n, ok := it.text(key)
		if !ok {
			return
		}
		p := it.passage(text, n)
		switch key {
		case "condition":
			base.condition.append(&p)
		case "output":
			base.output.append(&p)
		case "desc":
			base.descs = append(base.descs, strings.TrimSpace(text))
		}
	}
}

// replaceKey puts the key of an item in the place of that of a rule.
func (it *item) replaceKey(base *rule, key string) {
	switch key {
	case "condition":
		base.condition = passage{}
		it.appendKey(base, key)
	case "output":
		base.output = passage{}
		it.appendKey(base, key)
	case "desc":
		base.out.Desc, base.descs = "", nil
		it.appendKey(base, key)
	case "tags":
		base.out.Tags = nil
		it.appendKey(base, key)
	case "exceptions":
		base.exceptions = it.exceptions()
	case "priority":
		it.priority(&base.out.Priority)
	case "enabled":
		it.truth(key, &base.out.Enabled)
	case "warn_evttypes":
		it.evttypes()
	case "skip-if-unknown-filter":
		it.truth(key, &base.out.SkipIfUnknownFilter)
	}
}

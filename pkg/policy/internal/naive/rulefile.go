package naive

import (
	"encoding/json"
	"fmt"
	"strings"
)

// File returns a random rule file with so many rules, as text. Some of it may be refused:
// not every operator goes with every field.
func (g *Rules) File(rules int) string {
	var b strings.Builder
	g.macros, g.lists = nil, nil
	for i := range g.rnd.IntN(3) {
		name := fmt.Sprintf("list%d", i)
		fmt.Fprintf(&b, "- list: %s\n  items: [%s]\n", name, strings.Trim(g.list(func() string { return yamlText(g.word()) }), "()"))
		g.lists = append(g.lists, name)
	}
	for i := range g.rnd.IntN(4) {
		name := fmt.Sprintf("macro%d", i)
		fmt.Fprintf(&b, "- macro: %s\n  condition: %s\n", name, yamlText(g.Condition(1)))
		g.macros = append(g.macros, name)
	}
	if g.chance(40) {
		fmt.Fprintf(&b, "- drop: noise\n  condition: %s\n", yamlText(strings.Join([]string{g.group(1), g.group(1), g.group(0)}, " and ")))
	}
	for i := range rules {
		b.WriteString(g.Rule(i))
	}
	return b.String()
}

// Rule returns the text of a rule with a number for its name.
func (g *Rules) Rule(i int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "- rule: r%d\n  desc: d\n  priority: %s\n", i, g.one("low", "Warning", "high", "ERROR"))
	condition := g.Condition(3)
	if g.chance(30) && !strings.Contains(condition, "  ") {
		fmt.Fprintf(&b, "  condition: >\n    %s\n", strings.ReplaceAll(condition, " and ", "\n    and "))
	} else {
		fmt.Fprintf(&b, "  condition: %s\n", yamlText(condition))
	}
	b.WriteString("  output: \"%proc.name %evt.type %fd.name\"\n")
	if g.chance(15) {
		fmt.Fprintf(&b, "  prefilter: [%s]\n", g.one("FF", "PE, FE", "NF, NE", "FF, NF, PE"))
	}
	if g.chance(5) {
		b.WriteString("  enabled: false\n")
	}
	if g.chance(10) {
		fmt.Fprintf(&b, "  exceptions:\n    - name: e\n      fields: [proc.name, fd.name]\n      comps: [=, startswith]\n      values:\n        - [%s, %s]\n",
			g.one("bash", "sh", "nginx"), g.one("/etc", "/tmp", "10."))
	}
	return b.String()
}

// Sequence returns the text of a sequence with a number for its name.
func (g *Rules) Sequence(i int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "- sequence: s%d\n  desc: d\n  by: %s\n  within: %s\n  priority: high\n  steps:\n",
		i, g.one("process", "ancestry", "container", "proc.name", "fd.sport", "proc.aname[1]"), g.one("2s", "10s", "1m"))
	for range 2 + g.rnd.IntN(2) {
		fmt.Fprintf(&b, "    - condition: %s\n", yamlText(g.Condition(1)))
	}
	return b.String()
}

// word is an item of a list.
func (g *Rules) word() string {
	return g.one("bash", "sh", "nginx", "/etc/passwd", "/tmp", "OPEN", "EXEC", "root", "web", "f", "10", "a b", "docker.sock")
}

// yamlText writes a text in double quotes. JSON's strings are YAML's, too.
func yamlText(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // texts always can be written
	}
	return string(b)
}

package policytest

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
)

// Read reads and parses a file of test cases.
func Read(path string) (*File, diag.List) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, diag.List{{Code: diag.ErrFileRead, Pos: diag.Position{File: path}, Message: err.Error()}}
	}
	return Parse(path, text)
}

// Parse parses a file of test cases. The file is nil if there are errors, all of which are
// returned. Paths in the file are relative to the folder of name.
func Parse(name string, text []byte) (*File, diag.List) {
	d := &decoder{file: name, lines: strings.Split(string(text), "\n")}
	root, err := document(text)
	if err != nil {
		return nil, diag.List{syntaxError(name, text, err)}
	}
	if root == nil {
		return nil, diag.List{{
			Code: diag.ErrYAMLValidate, Pos: diag.Position{File: name},
			Message: "the file is empty", Hint: "write at least one case below cases:",
		}}
	}
	f := &File{Name: name}
	seen := d.object(root, "a file of test cases", map[string]setter{
		"policies": into(&f.Policies, d.texts),
		"cases":    d.list("cases", func(n *yaml.Node) { f.Cases = append(f.Cases, d.testCase(n)) }),
	})
	if len(f.Cases) == 0 && len(d.findings) == 0 {
		d.add(root, "write at least one case below cases:", "the file has no cases")
	}
	for i, p := range f.Policies {
		if p == "" {
			d.add(seen["policies"], "", "policies: a path must not be empty")
		}
		f.Policies[i] = d.path(p)
	}
	d.uniqueNames(f.Cases)
	if d.findings.HasErrors() {
		return nil, d.findings
	}
	return f, d.findings
}

// path returns p as seen from here.
func (d *decoder) path(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(filepath.Dir(d.file), p)
}

func (d *decoder) uniqueNames(cases []*Case) {
	first := make(map[string]diag.Position)
	for _, c := range cases {
		if before, double := first[c.Name]; double && c.Name != "" {
			d.findings = append(d.findings, &diag.Diagnostic{
				Code: diag.ErrYAMLValidate, Pos: c.Pos, Message: "a case " + strconv.Quote(c.Name) + " is already on line " + strconv.Itoa(before.Line),
				Hint: "give each case a name of its own",
			})
			continue
		}
		first[c.Name] = c.Pos
	}
}

// document returns the root of the one YAML document in text, nil if there is nothing in it.
func document(text []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, nil // nothing is no error of the syntax
	case err != nil:
		return nil, err
	}
	switch err := dec.Decode(&more); {
	case err == nil:
		return nil, errSecondDocument(more.Content[0].Line)
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	root := deref(doc.Content[0])
	if root.Tag == "!!null" {
		return nil, nil // as above
	}
	return root, nil
}

// errSecondDocument is a second document, which begins on a line.
type errSecondDocument int

func (errSecondDocument) Error() string {
	return "a second YAML document begins here, only one is read"
}

// syntaxError says where the text has an error of the YAML reader.
func syntaxError(name string, text []byte, err error) *diag.Diagnostic {
	out := &diag.Diagnostic{Code: diag.ErrYAMLParse, Pos: diag.Position{File: name}, Message: err.Error()}
	if line := errSecondDocument(0); errors.As(err, &line) {
		out.Pos.Line, out.Pos.Column = int(line), 1
		return out
	}
	out.Pos, out.Message = rules.SyntaxError(name, text, err)
	return out
}

func (d *decoder) testCase(n *yaml.Node) *Case {
	c := &Case{Pos: d.pos(n)}
	var s scene
	seen := d.object(n, "a case", map[string]setter{
		"name":       into(&c.Name, d.text),
		"about":      func(n *yaml.Node) { c.About = d.about(n) },
		"trace":      into(&c.Trace, d.text),
		"node":       into(&s.node, d.node),
		"pods":       d.names("pods", func(k, v *yaml.Node) { s.pods = append(s.pods, d.pod(k, v)) }),
		"containers": d.names("containers", func(k, v *yaml.Node) { s.containers = append(s.containers, d.container(k, v)) }),
		"processes":  d.names("processes", func(k, v *yaml.Node) { s.processes = append(s.processes, d.process(k, v)) }),
		"records":    d.list("records", func(n *yaml.Node) { s.records = append(s.records, d.record(n)) }),
		"alerts":     func(n *yaml.Node) { c.Alerts = d.alerts(n) },
	})
	if c.Name == "" {
		d.add(n, "add name: what the case is about", "the case has no name")
	}
	switch {
	case seen["trace"] == nil && seen["records"] == nil:
		d.add(n, "add records: or trace:", "case %q has neither records nor a trace", c.Name)
	case seen["trace"] == nil:
		c.Records, c.lines = d.build(&s)
	default:
		for _, key := range []string{"node", "pods", "containers", "processes", "records"} {
			if seen[key] != nil {
				d.add(seen[key], "", "case %q takes its records from a trace, so it can have no %s", c.Name, key)
			}
		}
		c.Trace = d.path(c.Trace)
	}
	return c
}

// about reads the name of a rule, or a list of them.
func (d *decoder) about(n *yaml.Node) []Expectation {
	if n.Kind == yaml.ScalarNode {
		return []Expectation{{Rule: n.Value, Pos: d.pos(n)}}
	}
	var out []Expectation
	d.list("about", func(item *yaml.Node) {
		if rule, ok := d.text(item); ok {
			out = append(out, Expectation{Rule: rule, Pos: d.pos(item)})
		}
	})(n)
	return out
}

// alerts reads a list of rules, or a mapping from rules to numbers.
func (d *decoder) alerts(n *yaml.Node) []Expectation {
	var out []Expectation
	known := make(map[string]bool)
	add := func(n *yaml.Node, count int) {
		rule, ok := d.text(n)
		switch {
		case !ok:
		case rule == "" || known[rule]:
			d.add(n, "", "alerts: %q is no name, or is there twice", rule)
		default:
			known[rule] = true
			out = append(out, Expectation{Rule: rule, Count: count, Pos: d.pos(n)})
		}
	}
	switch n.Kind {
	case yaml.MappingNode:
		d.names("alerts", func(key, value *yaml.Node) {
			count, ok := number[int32](d, 32)(value)
			if ok && count < 1 {
				d.add(value, "leave out rules that must not match", "alerts: %q must match at least once", key.Value)
			}
			add(key, int(count))
		})(n)
	case yaml.SequenceNode:
		d.list("alerts", func(item *yaml.Node) { add(item, 0) })(n)
	default:
		if n.Tag != "!!null" {
			d.add(n, "write [Rule name], or {Rule name: 3} to count", "alerts must be a list or a mapping, not %s", kindName(n))
		}
	}
	return out
}

// HasCases tells whether a text looks like a file of test cases: a YAML mapping with the key
// cases. Rule files are lists.
func HasCases(text []byte) bool { return casesKey.Match(text) }

var casesKey = regexp.MustCompile(`(?m)^(?:cases|"cases"|'cases')\s*:`)

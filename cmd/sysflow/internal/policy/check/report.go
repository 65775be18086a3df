package check

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/policy/load"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
)

func (r *report) write(w io.Writer, o *options) error {
	if o.quiet {
		r.findings = slices.DeleteFunc(r.findings, func(d *diag.Diagnostic) bool { return d.Severity == diag.Warning })
	}
	if o.format == "json" {
		return r.writeJSON(w, o)
	}
	if err := load.Write(w, r.findings, r.files); err != nil {
		return err
	}
	var b strings.Builder
	if len(r.findings) > 0 {
		b.WriteByte('\n')
	}
	if r.set != nil && o.coverage {
		writeCoverage(&b, coverage(r.set))
		b.WriteByte('\n')
	}
	b.WriteString(r.summary())
	_, err := io.WriteString(w, b.String())
	return err
}

// summary returns what was loaded and how many findings there are.
func (r *report) summary() string {
	found := load.Plural(r.errors, "error") + ", " + load.Plural(r.warnings, "warning")
	if r.set == nil {
		return found + ": nothing can be loaded\n"
	}
	set := r.set.Set
	parts := []string{load.Plural(len(set.Rules), "rule")}
	if disabled := r.disabled(); disabled > 0 {
		parts[0] += fmt.Sprintf(" (%d disabled)", disabled)
	}
	for _, kind := range []struct {
		n    int
		what string
	}{
		{len(set.Sequences), "sequence"}, {len(set.Drops), "drop"}, {len(set.Macros), "macro"}, {len(set.Lists), "list"},
	} {
		if kind.n > 0 {
			parts = append(parts, load.Plural(kind.n, kind.what))
		}
	}
	return fmt.Sprintf("%s in %s: %s\n", strings.Join(parts, ", "), load.Plural(len(r.files), "file"), found)
}

func (r *report) disabled() int {
	n := 0
	for _, rule := range r.set.Rules {
		if rule.Disabled != "" && rule.Rule != nil {
			n++
		}
	}
	return n
}

// jsonReport is the report as JSON.
type jsonReport struct {
	OK       bool           `json:"ok"`
	Errors   int            `json:"errors"`
	Warnings int            `json:"warnings"`
	Findings []jsonFinding  `json:"findings"`
	Coverage []ruleCoverage `json:"coverage,omitempty"`
}

type jsonFinding struct {
	Severity string `json:"severity"`
	Code     string `json:"code,omitempty"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Length   int    `json:"length,omitempty"`
	Item     string `json:"item,omitempty"`
	Message  string `json:"message"`
	Hint     string `json:"hint,omitempty"`
}

func (r *report) writeJSON(w io.Writer, o *options) error {
	out := jsonReport{OK: r.errors == 0, Errors: r.errors, Warnings: r.warnings, Findings: []jsonFinding{}}
	for _, d := range r.findings {
		out.Findings = append(out.Findings, jsonFinding{
			Severity: d.Severity.String(), Code: string(d.Code), File: d.Pos.File, Line: d.Pos.Line, Column: d.Pos.Column,
			Length: d.Length, Item: d.Item, Message: d.Message, Hint: d.Hint,
		})
	}
	if r.set != nil && o.coverage {
		out.Coverage = coverage(r.set)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

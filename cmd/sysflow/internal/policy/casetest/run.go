package casetest

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/policy/load"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/policytest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
)

// run runs the cases of all files.
func run(cmd *cobra.Command, o *options, paths []string) error {
	wanted, err := regexp.Compile(o.run)
	if err != nil {
		return cli.Usagef("--run: %w", err)
	}
	files, findErr := find(paths)
	t := &tester{
		out: cmd.OutOrStdout(), options: o, wanted: wanted, sets: make(map[string]*ruleset), name: cmd.CommandPath(),
		stderr: cmd.ErrOrStderr(),
	}
	if findErr != nil {
		t.broken(findErr)
	}
	for _, f := range files {
		t.file(f)
	}
	if o.run != "" && t.cases == 0 && !t.bad {
		t.broken(fmt.Errorf("--run: no case matches %q", o.run))
	}
	t.printf("%s, %d failed\n", load.Plural(t.cases, "case"), t.failed)
	switch {
	case t.err != nil:
		return t.err
	case t.failed > 0 || t.bad:
		return cli.ErrReported
	default:
		return nil
	}
}

// tester runs files of cases and writes how they went, much as `go test` does.
type tester struct {
	out, stderr   io.Writer
	options       *options
	wanted        *regexp.Regexp
	name          string
	sets          map[string]*ruleset
	cases, failed int
	// bad tells that something else than a case failed; err is a failure to write.
	bad bool
	err error
}

// ruleset is what was loaded for some policies, nil if they have errors.
type ruleset struct{ *policy.Ruleset }

func (t *tester) printf(format string, args ...any) {
	if _, err := fmt.Fprintf(t.out, format, args...); err != nil {
		t.err = errors.Join(t.err, err)
	}
}

func (t *tester) broken(err error) {
	t.bad = true
	fmt.Fprintf(t.stderr, "%s: %v\n", t.name, err)
}

// findings reports what is wrong with a file of cases.
func (t *tester) findings(f rules.File, l diag.List) {
	t.bad = true
	if err := diag.Write(t.out, l, load.Source([]rules.File{f})); err != nil {
		t.err = errors.Join(t.err, err)
	}
}

func (t *tester) file(f rules.File) {
	began := time.Now()
	file, found := policytest.Parse(f.Name, f.Text)
	if found.HasErrors() {
		t.findings(f, found)
		t.printf("FAIL\t%s\n", f.Name)
		return
	}
	set := t.rules(file)
	if set == nil {
		t.printf("FAIL\t%s\n", f.Name)
		return
	}
	unknown := file.UnknownRules(set)
	if unknown != nil {
		t.findings(f, unknown)
	}
	n, failed := 0, 0
	for _, c := range file.Cases {
		if !t.wanted.MatchString(c.Name) {
			continue
		}
		n++
		if !t.run(set, c) {
			failed++
		}
	}
	t.cases += n
	t.failed += failed
	verdict := "ok"
	if failed > 0 || unknown != nil {
		verdict = "FAIL"
	}
	t.printf("%s\t%s\t%s\t%.3fs\n", verdict, f.Name, load.Plural(n, "case"), time.Since(began).Seconds())
}

// rules loads what the cases of a file are about, nil after an error. The same rules are
// loaded once.
func (t *tester) rules(f *policytest.File) *policy.Ruleset {
	paths := f.Policies
	if len(t.options.policies) > 0 {
		paths = t.options.policies
	}
	if len(paths) == 0 {
		t.broken(fmt.Errorf("%s names no policies: add policies: [FILE], or use -p", f.Name))
		return nil
	}
	key := strings.Join(paths, "\n")
	if known := t.sets[key]; known != nil {
		t.bad = t.bad || known.Ruleset == nil
		return known.Ruleset
	}
	set, err := load.Rules(t.stderr, paths)
	t.sets[key] = &ruleset{set}
	switch {
	case errors.Is(err, cli.ErrReported):
		t.bad = true
	case err != nil:
		t.broken(err)
	}
	return set
}

// run runs a case and reports whether it passed.
func (t *tester) run(set *policy.Ruleset, c *policytest.Case) bool {
	res, err := policytest.Run(set, c)
	if err == nil && len(res.Failures) == 0 {
		if t.options.verbose {
			t.printf("--- PASS: %s\n", c.Name)
		}
		return true
	}
	t.printf("--- FAIL: %s (%s:%d)\n", c.Name, c.Pos.File, c.Pos.Line)
	if err != nil {
		t.printf("    %v\n", err)
		return false
	}
	for _, f := range res.Failures {
		t.printf("    %s\n", f.Message)
		for _, d := range f.Details {
			t.printf("      %s\n", d)
		}
	}
	return false
}

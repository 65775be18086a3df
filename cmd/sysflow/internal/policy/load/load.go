// Package load reads rules for the policy commands and reports what is wrong with them.
package load

import (
	"fmt"
	"io"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
)

// Rules loads the rules of files, patterns and folders. Errors in them are shown on stderr with
// their lines; then the result is cli.ErrReported. Warnings are `sysflow policy check`'s.
func Rules(stderr io.Writer, paths []string) (*policy.Ruleset, error) {
	files, err := rules.ReadFiles(paths)
	if err != nil {
		return nil, err // says which paths
	}
	set, findings := policy.Load(files)
	if set != nil {
		return set, nil
	}
	var errs diag.List
	for _, d := range findings {
		if d.Severity == diag.Error {
			errs = append(errs, d)
		}
	}
	if err := Write(stderr, errs, files); err != nil {
		return nil, err
	}
	fmt.Fprintf(stderr, "%s, no rules were loaded\n", Plural(len(errs), "error"))
	return nil, cli.ErrReported
}

// Source returns the texts of files by name, as diag.Write wants them.
func Source(files []rules.File) func(name string) ([]byte, bool) {
	return func(name string) ([]byte, bool) {
		for _, f := range files {
			if f.Name == name {
				return f.Text, true
			}
		}
		return nil, false
	}
}

// Plural returns "1 error", "2 errors".
func Plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

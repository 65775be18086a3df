package casetest

import (
	"errors"
	"fmt"
	"os"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/policytest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
)

// find reads the files of paths; from directories only those that have cases, since rule files
// lie beside them.
func find(paths []string) ([]rules.File, error) {
	var out []rules.File
	var errs []error
	seen := make(map[string]bool)
	for _, path := range paths {
		files, err := rules.ReadFiles([]string{path})
		if err != nil {
			errs = append(errs, err)
			continue
		}
		info, err := os.Stat(path)
		folder := err == nil && info.IsDir()
		before := len(out)
		for _, f := range files {
			if (!folder || policytest.HasCases(f.Text)) && !seen[f.Name] {
				seen[f.Name] = true
				out = append(out, f)
			}
		}
		if folder && len(out) == before {
			errs = append(errs, fmt.Errorf("%s: no file below has cases", path))
		}
	}
	return out, errors.Join(errs...)
}

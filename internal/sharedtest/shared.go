// Package sharedtest finds files that other projects made and that are not part of the
// repository, for tests and benchmarks: traces of the SysFlow project, rule files of Falco
// and SysFlow. Where they are missing the test is skipped.
package sharedtest

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// Trace returns the path of a trace, by its path below the folder that SYSFLOW_TRACES
// names, by default ../shared/traces beside the repository.
func Trace(tb testing.TB, name string) string {
	tb.Helper()
	return find(tb, "SYSFLOW_TRACES", "traces", name)
}

// Traces returns the paths of all traces of the SysFlow project that are there.
func Traces(tb testing.TB) []string {
	tb.Helper()
	paths, err := filepath.Glob(filepath.Join(Trace(tb, "sf"), "*.sf"))
	if err != nil {
		tb.Fatal(err)
	}
	if len(paths) == 0 {
		tb.Skip("there are no traces in the folder sf; SYSFLOW_TRACES names its parent")
	}
	return paths
}

// Rules returns the path of a rule file, by its name in the folder that SYSFLOW_RULES
// names, by default ../shared/rules beside the repository.
func Rules(tb testing.TB, name string) string {
	tb.Helper()
	return find(tb, "SYSFLOW_RULES", "rules", name)
}

func find(tb testing.TB, variable, folder, name string) string {
	tb.Helper()
	dir := os.Getenv(variable)
	if dir == "" {
		_, file, _, _ := runtime.Caller(0)
		dir = filepath.Join(filepath.Dir(file), "..", "..", "..", "shared", folder)
	}
	path := filepath.Join(dir, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil { //nolint:gosec // the developer names the folder
		tb.Skipf("%s is missing; %s names its folder", name, variable)
	}
	return path
}

// Repeat hands n records to fn: those of a trace, again and again, with one header.
func Repeat(tb testing.TB, path string, n int, fn func(sysflow.Record)) {
	tb.Helper()
	for count := 0; count < n; {
		before, events := count, 0
		sysflowtest.Each(tb, path, func(rec sysflow.Record) bool {
			if rec.Kind() != sysflow.KindHeader {
				events++
			} else if before > 0 {
				return true
			}
			fn(rec)
			count++
			return count < n
		})
		if events == 0 && count < n {
			tb.Fatalf("%s has nothing but a header", path)
		}
	}
}

// Package sharedtest finds files that other projects made and that are not part of the
// repository, for tests and benchmarks: traces of the SysFlow project, rule files of Falco
// and SysFlow. Where they are missing the test is skipped.
package sharedtest

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// Trace returns the path of a trace, by its path below the folder that SYSFLOW_TRACES
// names, by default ../shared/traces beside the repository.
func Trace(tb testing.TB, name string) string {
	tb.Helper()
	return find(tb, "SYSFLOW_TRACES", "traces", name)
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
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("%s is missing; %s names its folder", name, variable)
	}
	return path
}

// Read hands every record of a trace to fn until it returns false. Events and flows may
// be kept only until then.
func Read(tb testing.TB, path string, fn func(sysflow.Record) bool) {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	r, err := avro.NewReader(file, avro.ReaderOptions{Name: path})
	if err != nil {
		tb.Fatal(err)
	}
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			tb.Fatal(err)
		}
		if !fn(rec) {
			return
		}
	}
}

// Repeat hands n records to fn: those of a trace, again and again, with one header.
func Repeat(tb testing.TB, path string, n int, fn func(sysflow.Record)) {
	tb.Helper()
	for count := 0; count < n; {
		Read(tb, path, func(rec sysflow.Record) bool {
			if rec.Kind() == sysflow.KindHeader && count > 0 {
				return true
			}
			fn(rec)
			count++
			return count < n
		})
	}
}

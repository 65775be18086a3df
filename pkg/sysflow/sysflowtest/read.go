package sysflowtest

import (
	"os"
	"testing"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// Each hands every record of a trace file, which must be without fault, to fn until that
// returns false. The reader reuses events and flows: fn keeps a sysflow.Clone of them.
func Each(tb testing.TB, path string, fn func(sysflow.Record) bool) {
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
	for rec, err := range r.All() {
		if err != nil {
			tb.Fatal(err)
		}
		if !fn(rec) {
			return
		}
	}
}

// ReadFile returns the records of a trace file, which must be without fault.
func ReadFile(tb testing.TB, path string) []sysflow.Record {
	tb.Helper()
	var out []sysflow.Record
	Each(tb, path, func(rec sysflow.Record) bool {
		out = append(out, sysflow.Clone(rec))
		return true
	})
	return out
}

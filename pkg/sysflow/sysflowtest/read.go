package sysflowtest

import (
	"os"
	"slices"
	"testing"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// Each hands every record of a trace file, which must be without fault, to fn until that
// returns false. The reader reuses events and flows: fn keeps a Clone of them.
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
		out = append(out, Clone(rec))
		return true
	})
	return out
}

// Clone copies an event or flow, and of the entities a process and a pod, so that the copy
// can be kept or changed. It returns other entities as they are.
func Clone(rec sysflow.Record) sysflow.Record {
	switch r := rec.(type) {
	case *sysflow.ProcessEvent:
		c := new(*r)
		c.Args = slices.Clone(r.Args)
		return c
	case *sysflow.FileEvent:
		c := new(*r)
		c.Args = slices.Clone(r.Args)
		if r.NewFileOID != nil {
			c.NewFileOID = new(*r.NewFileOID)
		}
		return c
	case *sysflow.FileFlow:
		return new(*r)
	case *sysflow.NetworkFlow:
		return new(*r)
	case *sysflow.NetworkEvent:
		c := new(*r)
		c.Args = slices.Clone(r.Args)
		return c
	case *sysflow.ProcessFlow:
		return new(*r)
	case *sysflow.K8sEvent:
		return new(*r)
	case *sysflow.Gap:
		return new(*r)
	case *sysflow.Process:
		return new(*r)
	case *sysflow.Pod:
		c := new(*r)
		c.Services = slices.Clone(r.Services)
		return c
	}
	return rec
}

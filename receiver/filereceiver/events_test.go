package filereceiver

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// observe goes through everything that was accepted, in the order of arrival.
func (s *sink) observe(tb testing.TB, yield func(*plogs.Observation)) {
	tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	decoder := plogs.NewDecoder()
	for _, ld := range s.logs {
		require.NoError(tb, decoder.Decode(ld, func(o *plogs.Observation) error {
			if o.Event != nil {
				yield(o)
			}
			return nil
		}))
	}
}

// events returns the events and flows that were accepted.
func (s *sink) events(tb testing.TB) (out []sysflow.Record) {
	tb.Helper()
	s.observe(tb, func(o *plogs.Observation) { out = append(out, sysflow.Clone(o.Event)) })
	return out
}

// contexts tells of each event that was accepted what process and file it came with.
func (s *sink) contexts(tb testing.TB) (out []string) {
	tb.Helper()
	s.observe(tb, func(o *plogs.Observation) { out = append(out, contextOf(o.Process, o.Container, o.File)) })
	return out
}

// contextsOf tells of each event of a trace what process and file it belongs to.
func contextsOf(records []sysflow.Record) (out []string) {
	var table sysflow.Table
	for _, rec := range records {
		var p *sysflow.Process
		var f *sysflow.File
		switch r := rec.(type) {
		case *sysflow.K8sEvent, *sysflow.Gap:
		case *sysflow.ProcessEvent:
			p = table.Process(r.ProcOID)
		case *sysflow.NetworkFlow:
			p = table.Process(r.ProcOID)
		case *sysflow.NetworkEvent:
			p = table.Process(r.ProcOID)
		case *sysflow.ProcessFlow:
			p = table.Process(r.ProcOID)
		case *sysflow.FileFlow:
			p, f = table.Process(r.ProcOID), table.File(r.FileOID)
		case *sysflow.FileEvent:
			p, f = table.Process(r.ProcOID), table.File(r.FileOID)
		default:
			table.Put(rec)
			continue
		}
		var c *sysflow.Container
		if p != nil {
			c = table.Container(p.ContainerID)
		}
		out = append(out, contextOf(p, c, f))
	}
	return out
}

func contextOf(p *sysflow.Process, c *sysflow.Container, f *sysflow.File) string {
	text := ""
	if p != nil {
		text += fmt.Sprint(p.OID, p.Exe, p.ExeArgs, p.UID, p.CWD, p.Env)
	}
	if c != nil {
		text += fmt.Sprint(" in ", c.Name, c.Image)
	}
	if f != nil {
		text += fmt.Sprint(" file ", f.Path, f.Type)
	}
	return text
}

// assertEvents compares events, and shows the first difference only.
func assertEvents(tb testing.TB, want, got []sysflow.Record, msg ...any) bool {
	tb.Helper()
	for i := range min(len(want), len(got)) {
		if !assert.Equal(tb, want[i], got[i], "event %d of %d", i, len(want)) {
			return false
		}
	}
	return assert.Equal(tb, len(want), len(got), msg...) //nolint:testifylint // Len would print thousands of events
}

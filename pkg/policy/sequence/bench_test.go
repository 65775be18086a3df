package sequence

import (
	"strconv"
	"testing"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// BenchmarkStep tells of hits that complete nothing, with a full table: each evicts another.
func BenchmarkStep(b *testing.B) {
	const processes = 2 * DefaultMaxHits
	node := &field.Node{Name: "n"}
	records := make([]*field.Record, processes)
	parent := &field.Process{Node: node}
	parent.OID.HPID = 1 << 40
	for i := range records {
		p := &field.Process{Node: node, Parent: parent}
		p.OID = sysflow.OID{CreateTS: 1, HPID: int64(i)}
		records[i] = &field.Record{Process: p, Node: node, File: field.File{Path: "/tmp/" + strconv.Itoa(i)}}
	}
	for _, c := range []struct {
		name string
		by   rules.JoinKind
		step int
		keys int
	}{
		{"process", rules.JoinProcess, 1, processes},
		{"ancestry", rules.JoinAncestry, 1, processes},
		{"field", rules.JoinField, 1, processes},
		{"one key", rules.JoinProcess, 0, 1},
	} {
		b.Run(c.name, func(b *testing.B) {
			m := NewMachine([]Spec{{By: c.by, Field: refText, Within: time.Hour, Steps: 3}}, Options{})
			describe := func() string { return "a text" }
			i := 0
			step := func() {
				r := records[i%c.keys]
				r.TS = int64(i)
				i++
				m.NextRecord()
				m.Step(0, c.step, r, r.Process, describe)
			}
			for range processes {
				step()
			}
			b.ReportAllocs()
			for b.Loop() {
				step()
			}
		})
	}
}

// BenchmarkComplete completes a sequence with every second hit.
func BenchmarkComplete(b *testing.B) {
	ps := tree()
	m := NewMachine([]Spec{{By: rules.JoinAncestry, Within: time.Hour, Steps: 2}}, Options{})
	r := &field.Record{Node: ps["sh"].Node}
	describe := func() string { return "a text" }
	b.ReportAllocs()
	for b.Loop() {
		r.TS++
		r.Process = ps["nginx"]
		m.NextRecord()
		m.Step(0, 0, r, r.Process, describe)
		r.TS++
		r.Process = ps["curl"]
		m.NextRecord()
		if m.Step(0, 1, r, r.Process, describe) == nil {
			b.Fatal("not complete")
		}
	}
}

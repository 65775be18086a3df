package suppress

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// at returns a record of a file flow, so many seconds into the trace, changed.
func at(seconds float64, change ...func(*field.Record)) *field.Record {
	r := &field.Record{
		Kind: sysflow.KindFileFlow, TS: int64(seconds * 1e9), File: field.File{Path: "/etc/shadow"},
		Node:    &field.Node{Name: "node"},
		Process: &field.Process{Process: sysflow.Process{OID: sysflow.OID{HPID: 7}, ContainerID: "c"}},
	}
	for _, f := range change {
		f(r)
	}
	return r
}

// pass raises the alert unless it is a repetition.
func pass(d *Dedup, rule string, r *field.Record) (suppressed int64, ok bool) {
	if d.Repeats(rule, r) {
		return 0, false
	}
	return d.Raised(rule, r), true
}

func TestDedupWindow(t *testing.T) {
	d := NewDedup(10*time.Second, 100)
	steps := []struct {
		seconds    float64
		ok         bool
		suppressed int64
	}{
		{100, true, 0},
		{105, false, 0},
		{99, false, 0}, // came late
		{109.9, false, 0},
		{110, true, 3},
		{119, false, 0},
		{50, true, 1}, // another trace
		{51, false, 0},
		{1000, true, 1},
	}
	for i, s := range steps {
		suppressed, ok := pass(d, "rule", at(s.seconds))
		assert.Equal(t, s.ok, ok, "step %d", i)
		assert.Equal(t, s.suppressed, suppressed, "step %d", i)
	}
}

func TestDedupKey(t *testing.T) {
	net := func(r *field.Record) {
		r.Kind = sysflow.KindNetworkFlow
		r.SIP, r.DIP = netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")
	}
	tests := map[string]struct {
		a, b   *field.Record
		repeat bool
	}{
		"the same":       {at(1), at(2), true},
		"another path":   {at(1), at(2, func(r *field.Record) { r.File.Path = "/etc/passwd" }), false},
		"another node":   {at(1), at(2, func(r *field.Record) { r.Node = &field.Node{Name: "b"} }), false},
		"process":        {at(1), at(2, func(r *field.Record) { r.Process.OID.HPID++ }), false},
		"container":      {at(1), at(2, func(r *field.Record) { r.Process.ContainerID = "d" }), false},
		"no process":     {at(1), at(2, func(r *field.Record) { r.Process = nil }), false},
		"flow that ends": {at(1), at(0, func(r *field.Record) { r.EndTS = 3e9 }), true},
		"same peer":      {at(1, net), at(2, net, func(r *field.Record) { r.SPort = 4 }), true},
		"another peer":   {at(1, net), at(2, net, func(r *field.Record) { r.DIP = r.SIP }), false},
		"accepted, same": {
			at(1, net, accepted), at(2, net, accepted, func(r *field.Record) { r.DIP = r.DIP.Next() }), true,
		},
		"accepted, another": {
			at(1, net, accepted), at(2, net, accepted, func(r *field.Record) { r.SIP = r.SIP.Next() }), false,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := NewDedup(time.Minute, 100)
			_, ok := pass(d, "rule", tt.a)
			assert.True(t, ok)
			_, ok = pass(d, "rule", tt.b)
			assert.Equal(t, tt.repeat, !ok)
			_, ok = pass(d, "other rule", tt.b)
			assert.True(t, ok)
		})
	}
}

func accepted(r *field.Record) { r.Ops |= sysflow.OpAccept }

func TestDedupIsBounded(t *testing.T) {
	d := NewDedup(time.Hour, 10)
	for i := range 1000 {
		_, ok := pass(d, "rule", at(1, func(r *field.Record) { r.Process.OID.HPID = int64(i) }))
		assert.True(t, ok)
	}
	assert.LessOrEqual(t, len(d.young)+len(d.old), 10)
	assert.EqualValues(t, 990, d.Evicted())

	least := NewDedup(time.Hour, MinEntries)
	for i := range 10 {
		pass(least, "rule", at(1, func(r *field.Record) { r.Process.OID.HPID = int64(i) }))
		assert.LessOrEqual(t, len(least.young)+len(least.old), MinEntries)
	}
}

// What is past its window and was not repeated is no loss.
func TestDedupCountsLosses(t *testing.T) {
	d := NewDedup(10*time.Second, 2)
	process := func(n int64) func(*field.Record) { return func(r *field.Record) { r.Process.OID.HPID = n } }
	for i := range int64(10) {
		pass(d, "rule", at(float64(100*i), process(i)))
	}
	assert.Zero(t, d.Evicted())
	pass(d, "rule", at(1000, process(10)))
	pass(d, "rule", at(1001, process(10)))
	pass(d, "rule", at(2000, process(11)))
	assert.Zero(t, d.Evicted())
	pass(d, "rule", at(3000, process(12)))
	assert.EqualValues(t, 1, d.Evicted(), "the count of the repetition")
}

// An alert that something else held back was not given: the next one is no repetition of
// it, and tells of those before.
func TestDedupForgetsWhatWasNotRaised(t *testing.T) {
	d := NewDedup(10*time.Second, 100)
	assert.False(t, d.Repeats("rule", at(100)))
	assert.False(t, d.Repeats("rule", at(101)), "the first was not raised")
	assert.Zero(t, d.Raised("rule", at(101)))
	assert.True(t, d.Repeats("rule", at(105)))
	assert.False(t, d.Repeats("rule", at(112)))
	assert.False(t, d.Repeats("rule", at(113)))
	assert.EqualValues(t, 1, d.Raised("rule", at(113)))
}

func TestNoDedup(t *testing.T) {
	d := NewDedup(0, 100)
	for range 3 {
		_, ok := pass(d, "rule", at(1))
		assert.True(t, ok)
	}
	assert.Zero(t, d.Evicted())
}

func TestLimit(t *testing.T) {
	l := NewLimit(2, 3)
	steps := []struct {
		seconds float64
		passes  int // of 5 alerts
	}{
		{100, 3},
		{100.4, 0},
		{100.5, 1},
		{99, 0}, // came late, brings nothing
		{101, 1},
		{200, 3},
		{200 - 3601, 3},   // another trace
		{-3401 - 600, 0},  // the clock was set back
		{-3401 - 599, 2},  // and goes on from there
		{-3401 + 1200, 3}, // a record dated ahead
		{-3401 - 598, 0},
		{-3401 - 597, 2}, // does not mute those that follow
	}
	for i, s := range steps {
		passes := 0
		for range 5 {
			if _, ok := l.Pass("rule", at(s.seconds)); ok {
				passes++
			}
		}
		assert.Equal(t, s.passes, passes, "step %d", i)
	}
	for rule, r := range map[string]*field.Record{
		"other rule": at(200), "rule": at(200, func(r *field.Record) { r.Node = &field.Node{Name: "b"} }),
	} {
		held, ok := l.Pass(rule, r)
		assert.True(t, ok, rule)
		assert.Zero(t, held, "that is told of the same rule and node only")
	}
}

func TestLimitTellsWhatItHeldBack(t *testing.T) {
	l := NewLimit(1, 1)
	steps := []struct {
		seconds float64
		ok      bool
		held    int64
	}{
		{100, true, 0},
		{100.1, false, 0},
		{100.2, false, 0},
		{101, true, 2},
		{102, true, 0},
		{102.5, false, 0},
		{102 - 7200, true, 1}, // another trace; nobody was told of the one before
		{102 - 7100, true, 0},
	}
	for i, s := range steps {
		held, ok := l.Pass("rule", at(s.seconds))
		assert.Equal(t, s.ok, ok, "step %d", i)
		assert.Equal(t, s.held, held, "step %d", i)
	}
}

func TestBurst(t *testing.T) {
	tests := []struct {
		rate  float64
		burst int
		want  float64
	}{{0.1, 0, 1}, {2.5, 0, 3}, {2.5, 1, 1}, {1, 50, 50}}
	for _, tt := range tests {
		assert.InDelta(t, tt.want, NewLimit(tt.rate, tt.burst).burst, 0)
	}
	assert.Nil(t, NewLimit(0, 10))
	_, ok := NewLimit(0, 10).Pass("rule", at(1))
	assert.True(t, ok)
}

package sysflowpolicyprocessor

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel/metric"

	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/hosts"
)

// state is what the rules in force and the shards hold.
type state struct {
	enabled, disabled int64
	engineStates      int64
	counts            engineCounts
	pending           int64
	hosts             hosts.Stats
	dedupEvicted      int64
}

// state looks at all shards. It waits for the batches under way. Without rules there is none.
func (p *policyProcessor) state() (state, bool) {
	p.gate.RLock()
	defer p.gate.RUnlock()
	g := p.rules
	if g == nil {
		return state{}, false
	}
	s := state{
		enabled: int64(len(g.set.Rules) - g.disabled), disabled: int64(g.disabled),
		counts: g.before, dedupEvicted: p.dedup.Evicted(),
	}
	for _, sh := range p.shards.all {
		sh.mu.Lock()
		stats := g.evaluators[sh.index].Stats()
		known := sh.hosts.Stats()
		sh.mu.Unlock()
		s.engineStates += stats.Engine.States
		s.pending += stats.SequencePending
		s.counts.add(stats)
		s.hosts.Processes += known.Processes
		s.hosts.EvictedHosts += known.EvictedHosts
		s.hosts.EvictedProcesses += known.EvictedProcesses
	}
	return s, true
}

// observe registers the metrics that are read when they are asked for: all of them at
// once, as each look at the shards waits for the batches under way.
func (t *telemetry) observe(meter metric.Meter, p *policyProcessor) error {
	b := t.builder
	enabled, disabled := t.attr("status", "enabled"), t.attr("status", "disabled")
	room, repetition := t.attr("reason", "room"), t.attr("reason", "repetition")
	var err error
	t.observed, err = meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		s, ok := p.state()
		if !ok {
			return nil
		}
		o.ObserveInt64(b.SysflowPolicyRules, s.enabled, enabled)
		o.ObserveInt64(b.SysflowPolicyRules, s.disabled, disabled)
		o.ObserveInt64(b.SysflowPolicyEngineStates, s.engineStates, t.own)
		o.ObserveInt64(b.SysflowPolicyEngineResets, s.counts.resets, t.own)
		o.ObserveInt64(b.SysflowPolicyEngineDirectRecords, s.counts.direct, t.own)
		o.ObserveInt64(b.SysflowPolicySequencesPending, s.pending, t.own)
		o.ObserveInt64(b.SysflowPolicySequencesEvicted, s.counts.evicted, room)
		o.ObserveInt64(b.SysflowPolicySequencesEvicted, s.counts.repeated, repetition)
		o.ObserveInt64(b.SysflowPolicyProcesses, s.hosts.Processes, t.own)
		o.ObserveInt64(b.SysflowPolicyProcessesEvicted, s.hosts.EvictedProcesses, t.own)
		o.ObserveInt64(b.SysflowPolicyHostsEvicted, s.hosts.EvictedHosts, t.own)
		o.ObserveInt64(b.SysflowPolicyDedupEvicted, s.dedupEvicted, t.own)
		return nil
	},
		b.SysflowPolicyRules, b.SysflowPolicyEngineStates, b.SysflowPolicyEngineResets, b.SysflowPolicyEngineDirectRecords,
		b.SysflowPolicySequencesPending, b.SysflowPolicySequencesEvicted, b.SysflowPolicyProcesses, b.SysflowPolicyProcessesEvicted,
		b.SysflowPolicyHostsEvicted, b.SysflowPolicyDedupEvicted,
	)
	if err != nil {
		return fmt.Errorf("register metrics: %w", err)
	}
	return nil
}

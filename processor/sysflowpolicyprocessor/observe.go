package sysflowpolicyprocessor

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/metric"
)

// state is what the rules in force and the shards hold.
type state struct {
	enabled, disabled  int64
	engineStates       int64
	counts             engineCounts
	pending            int64
	processes, evicted int64
}

// state looks at all shards. It waits for the batches under way. Without rules there is none.
func (p *policyProcessor) state() (state, bool) {
	p.gate.RLock()
	defer p.gate.RUnlock()
	g := p.rules
	if g == nil {
		return state{}, false
	}
	s := state{enabled: int64(len(g.set.Rules) - g.disabled), disabled: int64(g.disabled), counts: g.before}
	for _, sh := range p.shards.all {
		sh.mu.Lock()
		if e := g.evaluators[sh.index]; e != nil {
			stats := e.Stats()
			s.engineStates += stats.Engine.States
			s.pending += stats.SequencePending
			s.counts.add(stats)
		}
		for _, h := range sh.hosts.All() {
			s.processes += int64(h.Processes())
		}
		s.evicted += sh.evicted
		sh.mu.Unlock()
	}
	return s, true
}

// observe registers the metrics that are read when they are asked for.
func (t *telemetry) observe(p *policyProcessor) error {
	value := func(get func(state) int64) metric.Int64Callback {
		return func(_ context.Context, o metric.Int64Observer) error {
			if s, ok := p.state(); ok {
				o.Observe(get(s))
			}
			return nil
		}
	}
	enabled, disabled := attr("status", "enabled"), attr("status", "disabled")
	b := t.builder
	return errors.Join(
		b.RegisterSysflowPolicyRulesCallback(func(_ context.Context, o metric.Int64Observer) error {
			if s, ok := p.state(); ok {
				o.Observe(s.enabled, enabled)
				o.Observe(s.disabled, disabled)
			}
			return nil
		}),
		b.RegisterSysflowPolicyEngineStatesCallback(value(func(s state) int64 { return s.engineStates })),
		b.RegisterSysflowPolicyEngineResetsCallback(value(func(s state) int64 { return s.counts.resets })),
		b.RegisterSysflowPolicyEngineDirectRecordsCallback(value(func(s state) int64 { return s.counts.direct })),
		b.RegisterSysflowPolicySequencesPendingCallback(value(func(s state) int64 { return s.pending })),
		b.RegisterSysflowPolicySequencesEvictedCallback(value(func(s state) int64 { return s.counts.evicted })),
		b.RegisterSysflowPolicyProcessesCallback(value(func(s state) int64 { return s.processes })),
		b.RegisterSysflowPolicyProcessesEvictedCallback(value(func(s state) int64 { return s.evicted })),
	)
}

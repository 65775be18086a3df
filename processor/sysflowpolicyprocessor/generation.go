package sysflowpolicyprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/metric"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
)

// generation is a set of rules in force, until the next reload.
type generation struct {
	set *policy.Ruleset
	// evaluators are those of the shards. Each is guarded by the lock of its shard.
	evaluators []*policy.Evaluator
	rules      map[*policy.Rule]*rule
	disabled   int
	// before are the counts of the generations before.
	before engineCounts
}

// engineCounts are those counts of evaluators that only grow.
type engineCounts struct{ resets, direct, evicted, repeated int64 }

func (c *engineCounts) add(s policy.Stats) {
	c.resets += s.Engine.Resets
	c.direct += s.Engine.Direct
	c.evicted += s.SequenceEvicted
	c.repeated += s.SequenceRepeated
}

// rule is what alerts and metrics say of a rule.
type rule struct {
	*policy.Rule
	index        int
	severity     plog.SeverityNumber
	severityText string
	source       string
	// Options of metrics.
	matched, repeated, limited metric.MeasurementOption
}

// newGeneration compiles the rules, which takes a while: no batch needs to wait for it.
func newGeneration(set *policy.Ruleset, cfg *Config, shards int, t *telemetry) *generation {
	g := &generation{
		set:        set,
		evaluators: make([]*policy.Evaluator, shards),
		rules:      make(map[*policy.Rule]*rule, len(set.Rules)),
	}
	options := policy.Options{
		FirstMatch: cfg.RuleMatching == MatchFirst, DropsOnly: cfg.Mode == ModeFilter, MaxSequenceHits: cfg.Sequences.MaxHits,
	}
	for i := range g.evaluators {
		g.evaluators[i] = set.NewEvaluator(options)
	}
	for i, r := range set.Rules {
		g.rules[r] = newRule(r, i, t)
		if r.Disabled != "" {
			g.disabled++
		}
	}
	return g
}

func newRule(r *policy.Rule, index int, t *telemetry) *rule {
	at := r.Pos
	at.Column = 0
	return &rule{
		Rule:         r,
		index:        index,
		severity:     severity(r.Priority),
		severityText: capitalized(r.Priority.String()),
		source:       at.String(),
		matched:      t.attr("security_rule.name", r.Name),
		repeated:     t.attr("security_rule.name", r.Name, "reason", "dedup"),
		limited:      t.attr("security_rule.name", r.Name, "reason", "rate_limit"),
	}
}

// takeOver keeps the counts of the generation before. No batch may be under way.
func (g *generation) takeOver(old *generation) {
	g.before = old.before
	for _, e := range old.evaluators {
		g.before.add(e.Stats())
	}
}

// severity maps priorities to the severities that OpenTelemetry's data model gives the
// levels of syslog.
func severity(p rules.Priority) plog.SeverityNumber {
	switch p {
	case rules.Emergency:
		return plog.SeverityNumberFatal
	case rules.Alert:
		return plog.SeverityNumberError3
	case rules.Critical:
		return plog.SeverityNumberError2
	case rules.Error, rules.High:
		return plog.SeverityNumberError
	case rules.Warning, rules.Medium:
		return plog.SeverityNumberWarn
	case rules.Notice:
		return plog.SeverityNumberInfo2
	case rules.Debug:
		return plog.SeverityNumberDebug
	}
	return plog.SeverityNumberInfo
}

// capitalized begins with a capital letter, as Falco prints priorities.
func capitalized(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

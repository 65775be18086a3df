package sysflowpolicyprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/sequence"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// mostAttributes is how many attributes an alert adds to those of its record.
const mostAttributes = 10

// output is where the alerts of a place are: copies of its resource and scope, once there are any.
type output struct {
	rl                   plog.ResourceLogs
	sl                   plog.ScopeLogs
	hasResource, inScope bool
}

// raise makes an alert of the record, unless it is suppressed.
func (w *worker) raise(a *policy.Alert) {
	r := w.rules.rules[a.Rule]
	w.tally.match(r)
	if w.p.dedup.Repeats(r.Name, a.Record) {
		w.tally.repeat(r)
		return
	}
	held, ok := w.p.limit.Pass(r.Name, a.Record)
	if !ok {
		w.tally.limit(r)
		return
	}
	suppressed := held + w.p.dedup.Raised(r.Name, a.Record)
	lr := w.copyRecord()
	lr.SetEventName(plogs.AlertEvent)
	w.text = a.AppendOutput(w.text[:0])
	describe(lr, r, w.text, a.Steps)
	if suppressed > 0 {
		lr.Attributes().PutInt(plogs.KeyRuleSuppressed, suppressed)
	}
}

// copyRecord appends a copy of the record to the alerts, under its resource and scope.
func (w *worker) copyRecord() plog.LogRecord {
	p := &w.matches.places[w.place]
	out := &p.out
	if !out.inScope {
		out.inScope = true
		out.sl = w.copyResource(p).ScopeLogs().AppendEmpty()
		out.sl.SetSchemaUrl(p.sl.SchemaUrl())
		p.sl.Scope().CopyTo(out.sl.Scope())
	}
	lr := out.sl.LogRecords().AppendEmpty()
	lr.Attributes().EnsureCapacity(w.lr.Attributes().Len() + mostAttributes) // the copy keeps it
	w.lr.CopyTo(lr)
	return lr
}

// copyResource returns the copy of a resource, which its scopes share.
func (w *worker) copyResource(p *place) plog.ResourceLogs {
	out := &w.matches.places[p.resource].out
	if !out.hasResource {
		out.hasResource = true
		out.rl = w.alerts.ResourceLogs().AppendEmpty()
		out.rl.SetSchemaUrl(p.rl.SchemaUrl())
		p.rl.Resource().CopyTo(out.rl.Resource())
	}
	return out.rl
}

// describe writes what a rule says into a record that it matches.
func describe(lr plog.LogRecord, r *rule, text []byte, steps []sequence.Hit) {
	lr.SetSeverityNumber(r.severity)
	lr.SetSeverityText(r.severityText)
	lr.Body().SetStr(strings.ToValidUTF8(string(text), "\uFFFD"))
	m := lr.Attributes()
	m.RemoveIf(ofRule)
	m.EnsureCapacity(m.Len() + mostAttributes)
	m.PutStr(plogs.KeyRuleName, r.Name)
	if r.Desc != "" {
		m.PutStr(plogs.KeyRuleDescription, r.Desc)
	}
	if r.Ruleset != "" {
		m.PutStr(plogs.KeyRulesetName, r.Ruleset)
	}
	m.PutStr(plogs.KeyRulePriority, r.Priority.String())
	m.PutStr(plogs.KeyRuleSource, r.source)
	putTexts(m, plogs.KeyRuleTags, r.Tags)
	putTexts(m, plogs.KeyRuleTechniques, r.Techniques)
	if len(steps) > 0 {
		s := m.PutEmptySlice(plogs.KeyRuleSteps)
		s.EnsureCapacity(len(steps))
		for i := range steps {
			s.AppendEmpty().SetStr(strings.ToValidUTF8(steps[i].Text, "\uFFFD"))
		}
	}
}

// ofRule tells the attributes that another collector may have left in the record, whose
// alert is judged again here.
func ofRule(key string, _ pcommon.Value) bool {
	return strings.HasPrefix(key, "sysflow.rule.") || strings.HasPrefix(key, "security_rule.")
}

func putTexts(m pcommon.Map, key string, list []string) {
	if len(list) == 0 {
		return
	}
	s := m.PutEmptySlice(key)
	s.EnsureCapacity(len(list))
	for _, v := range list {
		s.AppendEmpty().SetStr(v)
	}
}

package plogs

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	semconv "go.opentelemetry.io/otel/semconv/v1.38.0"
)

// Attributes that a rule adds to the records it matches.
const (
	KeyRuleName        = string(semconv.SecurityRuleNameKey)
	KeyRuleDescription = string(semconv.SecurityRuleDescriptionKey)
	KeyRulesetName     = string(semconv.SecurityRuleRulesetNameKey)
	KeyRulePriority    = "sysflow.rule.priority"
	KeyRuleTags        = "sysflow.rule.tags"
	KeyRuleTechniques  = "sysflow.rule.techniques"
	KeyRuleSource      = "sysflow.rule.source"
	KeyRuleSteps       = "sysflow.rule.steps"
	KeyRuleSuppressed  = "sysflow.rule.suppressed"
	KeyRuleNames       = "sysflow.rule.names"
)

// AlertEvent is the event name of alerts: copies of records, one for each rule that matched.
const AlertEvent = "sysflow.alert"

// AlertAttributes returns the description of the attributes that rules add.
func AlertAttributes() []Attribute {
	return []Attribute{
		standard(KeyRuleName, OnRecord, Text, nil, "the rule; of several that match a record, the gravest"),
		standard(KeyRuleDescription, OnRecord, Text, nil, "what the rule is about"),
		standard(KeyRulesetName, OnRecord, Text, nil, "the rule file, without folder and extension"),
		own(KeyRulePriority, OnRecord, Text, nil, "", "the priority as the rule file gives it, in lower case"),
		own(KeyRuleTags, OnRecord, TextList, nil, "", "the tags of the rule"),
		own(KeyRuleTechniques, OnRecord, TextList, nil, "", "the ids of MITRE ATT&CK among the tags"),
		own(KeyRuleSource, OnRecord, Text, nil, "", "where the rule was written: file and line"),
		own(KeyRuleSteps, OnRecord, TextList, nil, "", "what happened, step by step; of sequences"),
		own(KeyRuleSuppressed, OnRecord, Int, nil, "alerts", "how many alerts like this one, or of this rule on this node, were held back since the last one"),
		own(KeyRuleNames, OnRecord, TextList, nil, "", "all rules that match the record, in order of loading; where the record is no copy"),
	}
}

// Alert is what a rule says about a record that it matched.
type Alert struct {
	Rule string
	// Priority is as people read it: "Critical".
	Priority string
	// Severity is OpenTelemetry's severity number.
	Severity int32
	// Text is the output of the rule.
	Text string
	// Names are all rules that matched the record, nil where it is an alert of one.
	Names []string
	// Steps are what happened one after the other, of a sequence.
	Steps []string
}

// alert returns what a rule said about the record, nil if none did.
func (d *Decoder) alert(it *item) *Alert {
	if d.fields.rule == "" {
		return nil
	}
	d.ruled = Alert{Rule: d.fields.rule, Priority: it.record.SeverityText(), Severity: int32(it.record.SeverityNumber()), Names: d.fields.ruleNames, Steps: d.fields.ruleSteps}
	if body := it.record.Body(); body.Type() == pcommon.ValueTypeStr {
		d.ruled.Text = body.Str()
	}
	return &d.ruled
}

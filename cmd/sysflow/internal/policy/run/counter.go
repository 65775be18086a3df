package run

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/policy/load"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// counter counts alerts instead of printing them.
type counter struct {
	counts map[*policy.Rule]int64
}

func (c *counter) alert(a *policy.Alert, _ *sysflow.Table, _ sysflow.Record) error {
	c.counts[a.Rule]++
	return nil
}

func (c *counter) flush() error { return nil }

// totals is what --count prints.
type totals struct {
	Records int64       `json:"records"`
	Dropped int64       `json:"dropped"`
	Alerts  int64       `json:"alerts"`
	Rules   []ruleCount `json:"rules"`
}

type ruleCount struct {
	Rule     string `json:"rule"`
	Priority string `json:"priority"`
	Source   string `json:"source"`
	Count    int64  `json:"count"`
}

// totals lists the rules that matched, the most frequent first.
func (c *counter) totals(records, dropped int64) *totals {
	t := &totals{Records: records, Dropped: dropped, Rules: []ruleCount{}}
	for rule, n := range c.counts {
		t.Alerts += n
		t.Rules = append(t.Rules, ruleCount{Rule: rule.Name, Priority: rule.Priority.String(), Source: rule.Pos.String(), Count: n})
	}
	slices.SortFunc(t.Rules, func(a, b ruleCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Source, b.Source))
	})
	return t
}

func (t *totals) write(w io.Writer, format string) error {
	if format == "json" {
		text, err := json.Marshal(t)
		if err == nil {
			_, err = fmt.Fprintf(w, "%s\n", text)
		}
		return err
	}
	var b strings.Builder
	for _, r := range t.Rules {
		fmt.Fprintf(&b, "%10d  %-13s  %s\n", r.Count, r.Priority, r.Rule)
	}
	fmt.Fprintf(&b, "%10d  alerts of %s, from %s", t.Alerts, load.Plural(len(t.Rules), "rule"), load.Plural(int(t.Records), "record"))
	if t.Dropped > 0 {
		fmt.Fprintf(&b, " (%d dropped)", t.Dropped)
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

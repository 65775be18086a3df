package sysflowpolicyprocessor

import (
	"strings"
	"sync"

	"go.opentelemetry.io/collector/component"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
)

// lastGood holds the rule files that were last in force, by component and policies, as long
// as the program runs. When the collector gets SIGHUP it ends all components and makes new
// ones, with factories that are new as well. A mistake in the rules then would be the end
// of the collector, and there is no other place from which a new component could learn
// what the one before it had in force.
var lastGood sync.Map

func lastGoodKey(id component.ID, policies []string) string {
	return id.String() + "\x00" + strings.Join(policies, "\x00")
}

func (p *policyProcessor) remember(files []rules.File) {
	lastGood.Store(lastGoodKey(p.id, p.cfg.Policies), files)
}

// recall returns the files that the component before this one had in force, if there was
// one with the same policies.
func (p *policyProcessor) recall() ([]rules.File, bool) {
	files, ok := lastGood.Load(lastGoodKey(p.id, p.cfg.Policies))
	if !ok {
		return nil, false
	}
	return files.([]rules.File), true
}

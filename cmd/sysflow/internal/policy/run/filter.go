package run

import (
	"path"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/policy/load"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
)

// chosen returns the rules that --rule names, nil if it is not given.
func chosen(set *policy.Ruleset, patterns []string) (map[*policy.Rule]bool, error) {
	if len(patterns) == 0 {
		return nil, nil // every rule is wanted
	}
	out := make(map[*policy.Rule]bool)
	for _, p := range patterns {
		found := false
		for _, r := range set.Rules {
			match, err := path.Match(p, r.Name)
			if err != nil {
				return nil, cli.Usagef("--rule: %q is no pattern of names", p)
			}
			if match || p == r.Name {
				out[r], found = true, true
			}
		}
		if !found {
			return nil, cli.Usagef("--rule: no rule is named %q%s", p, load.Suggestion(set, p))
		}
	}
	return out, nil
}

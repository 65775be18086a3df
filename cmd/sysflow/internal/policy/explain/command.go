// Package explain implements `sysflow policy explain`, which shows what a rule comes to.
package explain

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/policy/load"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
)

const long = `Show what a rule or sequence comes to when all files are loaded: after appending,
overriding and exceptions, with macros and lists expanded; the fields that it asks
for and what SysFlow records answer; the kinds of records and the operations that
can match.`

const example = `  sysflow policy explain -p falco_rules.yaml 'Terminal shell in container'
  sysflow policy explain -p policies/ -p my_overrides.yaml 'Crypto miner'`

// NewCommand returns the command.
func NewCommand() *cobra.Command {
	var policies []string
	cmd := &cobra.Command{
		Use:     "explain RULE -p POLICIES",
		Short:   "Show what a rule comes to",
		Long:    long,
		Example: example,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) != 1:
				return cli.Usagef("name one rule; quote its name if it has blanks")
			case len(policies) == 0:
				return cli.Usagef("name the rules with -p: files, patterns or folders")
			}
			set, err := load.Rules(cmd.ErrOrStderr(), policies)
			if err != nil {
				return err // says which files
			}
			return explain(cmd.OutOrStdout(), set, args[0])
		},
	}
	cmd.Flags().StringArrayVarP(&policies, "policies", "p", nil, "rule files, patterns or folders; may be repeated")
	return cmd
}

// explain writes about all rules of a name: SysFlow policies may have several.
func explain(w io.Writer, set *policy.Ruleset, name string) error {
	var b strings.Builder
	for _, c := range set.Coverage() {
		if c.Rule.Name != name {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		describe(&b, &c)
	}
	if b.Len() == 0 {
		return cli.Usagef("no rule is named %q%s", name, load.Suggestion(set, name))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

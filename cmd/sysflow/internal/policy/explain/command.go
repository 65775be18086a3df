// Package explain implements `sysflow policy explain`, which shows what a rule, drop, macro or list
// comes to.
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
can match. A NAME may also be that of a drop, a macro (its condition, expanded) or a
list (its items).`

const example = `  sysflow policy explain -p falco_rules.yaml 'Terminal shell in container'
  sysflow policy explain -p policies/ -p my_overrides.yaml 'Crypto miner'
  sysflow policy explain -p policies/ spawned_process`

// NewCommand returns the command.
func NewCommand() *cobra.Command {
	var policies []string
	cmd := &cobra.Command{
		Use:     "explain NAME -p POLICIES",
		Short:   "Show what a rule, drop, macro or list comes to",
		Long:    long,
		Example: example,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) != 1:
				return cli.Usagef("name one rule, drop, macro or list; quote its name if it has blanks")
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

// explain writes about all that has a name: SysFlow policies may have several rules of one, and
// a macro may be called like a list.
func explain(w io.Writer, set *policy.Ruleset, name string) error {
	var parts []string
	add := func(describe func(b *strings.Builder)) {
		var b strings.Builder
		describe(&b)
		parts = append(parts, b.String())
	}
	for _, c := range set.Coverage() {
		if c.Rule.Name == name {
			add(func(b *strings.Builder) { describe(b, &c) })
		}
	}
	for _, d := range set.Set.Drops {
		if d.Name == name {
			add(func(b *strings.Builder) { describeDrop(b, d) })
		}
	}
	if m := set.Set.Macros[name]; m != nil {
		add(func(b *strings.Builder) { describeMacro(b, m) })
	}
	if l := set.Set.Lists[name]; l != nil {
		add(func(b *strings.Builder) { describeList(b, l) })
	}
	if parts == nil {
		return cli.Usagef("no rule, drop, macro or list is named %q%s", name, load.SuggestionOfAll(set, name))
	}
	_, err := io.WriteString(w, strings.Join(parts, "\n"))
	return err
}

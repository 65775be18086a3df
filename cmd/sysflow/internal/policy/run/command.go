// Package run implements `sysflow policy run`, which evaluates rules on stored traces.
package run

import (
	"github.com/spf13/cobra"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/input"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/render"
)

const long = `Evaluate rules on stored traces and print the alerts.

A PATH is a trace file, a directory (its files, oldest first) or - for standard
input, which is also read when there is no PATH and input comes from a pipe. All
traces are one stream, so a sequence may begin in one file and end in the next.

Rules come from -p: files, patterns or folders, in the order of loading. They are
loaded as one set, as the collector does.

Formats: table (the default on a terminal), json (the default elsewhere: a line for
each alert, with all about its record), flatjson (dotted names), csv, and lines
(only the output of each rule, one line each).

Exit status: 0 all fine, whatever the rules found; 1 rules or some input could not
be read; 2 wrong usage.`

const example = `  sysflow policy run -p policies/ trace.sf              a table
  sysflow policy run -p falco_rules.yaml -o lines traces/
  sysflow policy run -p policies/ --count trace.sf      alerts per rule
  sysflow policy run -p policies/ --rule 'Shell*' -o json trace.sf | jq .rule.name
  sysflow policy run -p policies/ -c ts,rule.name,proc.exe,res trace.sf`

// options are the flags.
type options struct {
	policies   []string
	output     string
	fields     []string
	list       bool
	count      bool
	rules      []string
	first      bool
	limit      int64
	look       render.LookFlags
	noProgress bool
}

// NewCommand returns the command.
func NewCommand() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:     "run -p POLICIES [flags] [PATH...]",
		Short:   "Evaluate rules on stored traces",
		Long:    long,
		Example: example,
		RunE: func(cmd *cobra.Command, paths []string) error {
			if o.list {
				return listFields(cmd.OutOrStdout())
			}
			if len(o.policies) == 0 {
				return cli.Usagef("name the rules with -p: files, patterns or folders")
			}
			paths, err := input.Args(paths)
			if err != nil {
				return err
			}
			return run(cmd, &o, paths)
		},
	}
	addFlags(cmd, &o)
	return cmd
}

func addFlags(cmd *cobra.Command, o *options) {
	f := cmd.Flags()
	f.SortFlags = false
	f.StringArrayVarP(&o.policies, "policies", "p", nil, "rule files, patterns or folders; may be repeated")
	f.StringVarP(&o.output, "output", "o", "auto", "format: table, json, flatjson, csv, lines; auto is table on a terminal, else json")
	f.StringSliceVarP(&o.fields, "fields", "c", nil, "fields to print, in this order: ts,rule.name,proc.exe")
	f.BoolVarP(&o.list, "list", "l", false, "list the fields of alerts and their meanings")
	f.BoolVar(&o.count, "count", false, "print only how often each rule matched")
	f.StringArrayVar(&o.rules, "rule", nil, "only alerts of rules with this name, * and ? are wildcards; may be repeated")
	f.BoolVar(&o.first, "first", false, "only the first rule that matches a record (rule_matching: first)")
	f.Int64VarP(&o.limit, "limit", "n", 0, "stop after this many alerts; 0 is no limit")
	o.look.Add(f)
	f.BoolVar(&o.noProgress, "no-progress", false, "show no progress bar")
}

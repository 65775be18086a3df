package print

import (
	"github.com/spf13/cobra"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/input"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/render"
)

const long = `Print SysFlow traces: one row for each event and flow, with the process, the
container, the pod and the files that it refers to.

A PATH is a trace file, a directory (its files, oldest first) or - for standard
input, which is also read when there is no PATH and input comes from a pipe.
Traces of all schema versions and codecs are read.

Op flags are words (EXEC, EXIT, RENAME, ...) or letters by position:

  O open   A accept     C connect  W write, send           R read, receive
  N setns  M mmap       S shutdown C close                 T ended without close
  D digest

Without -c a table shows the usual columns, JSON and CSV have all fields.
In a table, a value that is too long keeps its end, after "..".

Exit status: 0 all fine (also when the reader of the output ends early), 1 some
input could not be read or the output not written, 2 wrong usage. What precedes a
fault in a file is printed, and the other files are.`

const example = `  sysflow print trace.sf                            a table, as wide as the terminal
  sysflow print -o json traces/ | jq .proc.exe      all traces of a directory
  sysflow print -c ts,proc.exe,proc.cmdline,ret --type PE trace.sf
  sysflow print -o csv -A -w out.csv trace.sf       all fields, for a spreadsheet
  sysflow print --since 2026-03-01T12:00 --until 2026-03-01T12:05 traces/
  zcat trace.sf.gz | sysflow print --limit 20
  sysflow print --list                              names and meanings of the fields`

// options are the flags.
type options struct {
	output     string
	fields     []string
	all        bool
	k8s        bool
	k8sEvents  bool
	list       bool
	file       string
	types      []string
	since      string
	until      string
	limit      int64
	look       render.LookFlags
	noProgress bool
}

// NewCommand returns the command.
func NewCommand() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:     "print [flags] [PATH...]",
		Short:   "Print traces as a table, JSON lines or CSV",
		Long:    long,
		Example: example,
		RunE: func(cmd *cobra.Command, paths []string) error {
			if o.list {
				return list(cmd.OutOrStdout())
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
	f.StringVarP(&o.output, "output", "o", "table", "format: table, json (lines, nested), flatjson (lines, dotted names), csv")
	f.StringSliceVarP(&o.fields, "fields", "c", nil, "fields to print, in this order: a,b,c")
	f.BoolVarP(&o.all, "all", "A", false, "print all fields")
	f.BoolVarP(&o.k8s, "k8s", "k", false, "add pod.name to the usual columns")
	f.BoolVarP(&o.k8sEvents, "k8sevents", "K", false, "print the columns of Kubernetes events")
	f.BoolVarP(&o.list, "list", "l", false, "list the fields and their meanings")
	f.StringVarP(&o.file, "file", "w", "", "write to this file (-: standard output, the default)")
	f.StringSliceVarP(&o.types, "type", "t", nil, "only rows of these types: PE,FE,NE,PF,FF,NF,KE,GAP")
	f.StringVar(&o.since, "since", "", "only what ended at or after this time: 2026-03-01T12:00:00 (UTC), with zone, seconds or ns since the epoch, or 15m (ago)")
	f.StringVar(&o.until, "until", "", "only what began before this time")
	f.Int64VarP(&o.limit, "limit", "n", 0, "stop after this many rows; 0 is no limit")
	o.look.Add(f)
	f.BoolVar(&o.noProgress, "no-progress", false, "show no progress bar")
}

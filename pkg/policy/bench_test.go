package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/lineage"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// load loads rule files that must be good.
func load(tb testing.TB, files ...rules.File) *policy.Ruleset {
	tb.Helper()
	set, found := policy.Load(files)
	require.NoError(tb, found.Err())
	return set
}

func loadFile(tb testing.TB, path string) *policy.Ruleset {
	tb.Helper()
	files, err := policy.ReadFiles([]string{path})
	require.NoError(tb, err)
	return load(tb, files...)
}

// records returns the records of a trace, each with what it refers to.
func records(tb testing.TB, path string) []*field.Record {
	tb.Helper()
	stream := lineage.NewStream()
	var out []*field.Record
	sysflowtest.Each(tb, path, func(rec sysflow.Record) bool {
		if seen, ok := stream.Observe(sysflow.Clone(rec)); ok {
			kept := *seen
			out = append(out, &kept)
		}
		return true
	})
	return out
}

func benchmarkEvaluate(b *testing.B, set *policy.Ruleset, list []*field.Record) {
	e := set.NewEvaluator(policy.Options{})
	subject := e.Subject(nil)
	var process *field.Process
	alerts := 0
	emit := func(*policy.Alert) { alerts++ }
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		r := list[i]
		i = (i + 1) % len(list)
		if r.Process != process {
			process = r.Process
			subject = e.Subject(process)
		}
		e.Evaluate(subject, r, emit)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(float64(alerts)/float64(b.N), "alerts/op")
	s := e.Stats().Engine
	b.ReportMetric(float64(s.States), "states")
	b.ReportMetric(float64(s.Direct), "direct")
}

func BenchmarkEvaluate(b *testing.B) {
	trace := sharedtest.Trace(b, "sf/express-attack.v1000.sf")
	for _, name := range []string{"sysflow_ttps.yaml", "falco_rules.yaml"} {
		b.Run(strings.TrimSuffix(name, ".yaml"), func(b *testing.B) {
			benchmarkEvaluate(b, loadFile(b, sharedtest.Rules(b, name)), records(b, trace))
		})
	}
	for _, n := range []int{100, 1000} {
		b.Run(fmt.Sprintf("synthetic-%d", n), func(b *testing.B) {
			benchmarkEvaluate(b, load(b, synthetic(n)), records(b, trace))
		})
	}
}

// synthetic returns n rules of the kinds that people write, each with constants of its own.
func synthetic(n int) rules.File {
	kinds := []string{
		`evt.type in (execve, execveat) and proc.name in (tool%[1]d, helper%[1]d) and not proc.pname in (parent%[1]d)`,
		`evt.type in (open, openat, openat2) and evt.is_open_write=true and fd.name startswith /opt/app%[1]d/`,
		`evt.type in (open, openat, openat2) and evt.is_open_read=true and fd.name in (/etc/secret%[1]d, /root/.key%[1]d) and not proc.name in (reader%[1]d)`,
		`evt.type = connect and fd.sport = %[1]d and proc.name != client%[1]d`,
		`evt.type = connect and fd.snet = "10.%[2]d.%[3]d.0/24" and not proc.aname in (agent%[1]d)`,
		`sf.opflags = EXEC and sf.proc.args contains "--option%[1]d" and sf.pproc.name = shell%[1]d`,
		`sf.opflags in (WRITE, SEND) and sf.file.path endswith ".ext%[1]d" and sf.flow.wbytes > %[1]d`,
		`sf.type = FF and sf.file.path pmatch (/data%[1]d/, /srv%[1]d/) and sf.proc.exe != /usr/bin/server%[1]d`,
		`evt.type in (rename, renameat, unlink, unlinkat) and fd.directory = /var/log/app%[1]d and not user.name = user%[1]d`,
		`evt.type in (execve, execveat) and proc.cmdline icontains "SECRET%[1]d" and container.id != host`,
	}
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "- rule: rule %d\n  desc: synthetic\n  condition: >\n    %s\n  output: \"%%proc.name\"\n  priority: NOTICE\n",
			i, fmt.Sprintf(kinds[i%len(kinds)], i, i/256%256, i%256))
	}
	return rules.File{Name: "synthetic.yaml", Text: []byte(b.String())}
}

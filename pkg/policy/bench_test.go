package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/benchtest"
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

// limitEvaluate is how long a record may take, and limitRules how many times as long with 1,000 rules
// as with 100.
const (
	limitEvaluate = time.Microsecond
	limitRules    = 3
)

// benchmarkEvaluate returns how to evaluate all records once more.
func benchmarkEvaluate(b *testing.B, set *policy.Ruleset, list []*field.Record) (again func()) {
	b.Helper()
	e := set.NewEvaluator(policy.Options{})
	subject := e.Subject(nil)
	var process *field.Process
	alerts := 0
	emit := func(*policy.Alert) { alerts++ }
	b.ReportAllocs()
	evaluate := func(r *field.Record) {
		if r.Process != process {
			process = r.Process
			subject = e.Subject(process)
		}
		e.Evaluate(subject, r, emit)
	}
	i := 0
	for b.Loop() {
		evaluate(list[i])
		i = (i + 1) % len(list)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(float64(alerts)/float64(b.N), "alerts/op")
	s := e.Stats().Engine
	b.ReportMetric(float64(s.States), "states")
	b.ReportMetric(float64(s.Direct), "direct")
	return func() {
		for _, r := range list {
			evaluate(r)
		}
	}
}

func BenchmarkEvaluate(b *testing.B) {
	trace := sharedtest.Trace(b, "sf/express-attack.v1000.sf")
	for _, name := range []string{"sysflow_ttps.yaml", "falco_rules.yaml"} {
		b.Run(strings.TrimSuffix(name, ".yaml"), func(b *testing.B) {
			list := records(b, trace)
			again := benchmarkEvaluate(b, loadFile(b, sharedtest.Rules(b, name)), list)
			benchtest.Within(b, limitEvaluate, len(list), again)
		})
	}
	var few time.Duration
	for _, n := range []int{100, 1000} {
		b.Run(fmt.Sprintf("synthetic-%d", n), func(b *testing.B) {
			list := records(b, trace)
			again := benchmarkEvaluate(b, load(b, synthetic(n)), list)
			if n == 100 {
				few = benchtest.Best(0, again)
			} else if few > 0 && benchtest.Enforced() {
				many := benchtest.Best(limitRules*few, again)
				assert.LessOrEqual(b, many, limitRules*few, "%d records with 1,000 rules, where 100 take %v", len(list), few)
			}
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

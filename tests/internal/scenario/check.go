package scenario

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/trace"
)

// NewFolder returns a folder that looks at the scenario's processes only: pids may have
// been used before.
func NewFolder(want *Expected, run *Run) *trace.Folder {
	from := run.Start.Add(-time.Second).UnixNano()
	return &trace.Folder{Keep: func(p *sysflow.Process) bool {
		return want.PIDs[p.OID.HPID] && p.OID.CreateTS >= from
	}}
}

// loaderFiles are what the dynamic loader and the C library of a program open, or look for.
var loaderFiles = regexp.MustCompile(
	`^FE OPEN tid=\d+ "(/etc/ld\.so\.(cache|preload)|(/usr)?/lib(64)?/.*)" ret=-2 |` +
		`^FF tid=\d+ fd=\d+ f "(/etc/ld\.so\.(cache|preload)|(/usr)?/lib(64)?/.*\.so[.0-9]*|/usr/lib/locale/.*)" OPEN\|(READ_RECV\|)?CLOSE(\|MMAP)? open=RDONLY\|CLOEXEC `)

// Check wants every line that is expected, and none besides.
func Check(t testing.TB, want *Expected, f *trace.Folder) {
	t.Helper()
	var own []trace.Line
	libc := false
	for _, l := range f.Lines() {
		if want.Foreign[l.PID] && loaderFiles.MatchString(l.Text) {
			libc = libc || strings.Contains(l.Text, "libc.so") && strings.Contains(l.Text, "OPEN|READ_RECV|CLOSE|MMAP")
			continue
		}
		own = append(own, l)
	}
	assert.True(t, len(want.Foreign) == 0 || libc, "the C library of a dynamic program was not seen")
	// whether a form of the records has origins is its own affair: see TestLiveIOUring
	Report(t, "differences", trace.Compare(trace.WithoutOrigins(want.Lines), trace.WithoutOrigins(own)))
	Report(t, "breaches of the format", f.Problems)
	t.Logf("%d expected, %d seen; records by kind: %v", len(want.Lines), len(own), f.Kinds)
}

// Report fails the test with a list.
func Report(t testing.TB, what string, problems []string) {
	t.Helper()
	if len(problems) > 0 {
		t.Errorf("%d %s:\n%s", len(problems), what, strings.Join(problems, "\n"))
	}
}

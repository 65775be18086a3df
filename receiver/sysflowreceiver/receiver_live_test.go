package sysflowreceiver

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/capture"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/text"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/sysflowreceiver/internal/metadata"
)

// needCapture skips where live capture is not asked for, and fails where it is and not possible.
func needCapture(tb testing.TB) {
	tb.Helper()
	if os.Getenv("SYSFLOW_TEST_PRIVILEGED") == "" {
		tb.Skip("loads BPF programs: set SYSFLOW_TEST_PRIVILEGED=1, as make test-all does")
	}
	for _, r := range capture.Check() {
		if !r.OK {
			tb.Fatalf("live capture is not possible here: %s; %s", r.Detail, r.Remedy)
		}
	}
}

// observed collects what the receiver yields.
type observed struct {
	mu    sync.Mutex
	dec   *plogs.Decoder
	lines []string
	fmt   *text.LineFormatter
}

func (o *observed) consume(_ context.Context, ld plog.Logs) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.dec.Decode(ld, func(ob *plogs.Observation) error {
		if ob.Event != nil {
			o.lines = append(o.lines, string(o.fmt.Append(nil, ob)))
		}
		return nil
	})
}

// has tells whether a line matches.
func (o *observed) has(pattern string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.ContainsFunc(o.lines, regexp.MustCompile(pattern).MatchString)
}

func startReceiver(t *testing.T, o *observed, change ...func(*Config)) {
	t.Helper()
	sink, err := consumer.NewLogs(o.consume)
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	for _, c := range change {
		c(cfg)
	}
	r, err := newReceiver(receivertest.NewNopSettings(metadata.Type), cfg, sink)
	require.NoError(t, err)
	require.NoError(t, r.Start(context.Background(), componenttest.NewNopHost()))
	t.Cleanup(func() { require.NoError(t, r.Shutdown(context.Background())) })
}

func TestObservesCommand(t *testing.T) {
	needCapture(t)
	o := &observed{dec: plogs.NewDecoder(), fmt: text.NewLineFormatter(text.LineOptions{})}
	startReceiver(t, o)

	dir := t.TempDir()
	file := filepath.Join(dir, "greeting.txt")
	cmd := exec.Command("/bin/sh", "-c", "echo hello > greeting.txt; exit 3")
	cmd.Dir = dir
	_ = cmd.Run()
	process := fmt.Sprintf(`\[%d\] `, cmd.Process.Pid)

	require.Eventually(t, func() bool { return o.has(process + `.* EXIT .* status 3`) },
		5*time.Second, 20*time.Millisecond, "exit of the shell")
	assert.True(t, o.has(process+`.* EXEC .* -c echo hello > greeting.txt; exit 3`), "its exec")
	assert.True(t, o.has(process+`.* O +C +`+regexp.QuoteMeta(file)), "the file it opened, and moved to its standard output")
	assert.True(t, o.has(process+`.* W +C +`+regexp.QuoteMeta(file)+` +w 1/6B`), "what it wrote")
	if t.Failed() || os.Getenv("SYSFLOW_SHOW") != "" {
		for _, l := range o.lines {
			t.Log(l)
		}
	}
}

func TestFilterLive(t *testing.T) {
	needCapture(t)
	o := &observed{dec: plogs.NewDecoder(), fmt: text.NewLineFormatter(text.LineOptions{})}
	t.Cleanup(func() {
		if t.Failed() {
			for _, l := range o.lines {
				t.Log(l)
			}
		}
	})
	startReceiver(t, o, func(c *Config) { c.Filter = "proc.name = head and proc.aname in (sh, dash, bash)" })

	file := filepath.Join(t.TempDir(), "some.txt")
	require.NoError(t, os.WriteFile(file, []byte("one\n"), 0o600))
	require.NoError(t, exec.Command("/bin/sh", "-c", "cat $0 $0; sleep 0.1; cat $0; head -n 1 $0; mkdir $0.d; true", file).Run())

	require.Eventually(t, func() bool { return o.has(`head\[\d+\] .* EXIT`) }, 5*time.Second, 20*time.Millisecond, "exit of head")
	assert.True(t, o.has(`head\[\d+\] .* EXEC .*head -n 1`))
	assert.True(t, o.has(`head\[\d+\] .* O +R +C +`+regexp.QuoteMeta(file)))
	assert.False(t, o.has(`^(?:\S+ +){2}(cat|sh|mkdir)\[`), "what others did")
}

func TestModesLive(t *testing.T) {
	needCapture(t)
	for _, tt := range []struct {
		mode      capture.Mode
		seen, not []string
	}{
		{capture.ModeFlow, []string{`FF .* O +R? +C `, `FE .* MKDIR `}, nil},
		{capture.ModeNoFiles, nil, []string{` FF `, ` FE `}},
		{capture.ModeConsume, []string{`FF .* O +/`, `FE .* MKDIR `}, []string{`FF .* R`, `FF .* C +/`}},
	} {
		t.Run(tt.mode.String(), func(t *testing.T) {
			o := &observed{dec: plogs.NewDecoder(), fmt: text.NewLineFormatter(text.LineOptions{})}
			startReceiver(t, o, func(c *Config) {
				c.Capture.Mode = tt.mode
				c.Filter = "proc.aname = sysflow-mode or proc.name = sysflow-mode"
			})
			dir := t.TempDir()
			shell := filepath.Join(dir, "sysflow-mode")
			require.NoError(t, os.Symlink("/bin/sh", shell))
			copied, err := os.ReadFile("/bin/sh")
			require.NoError(t, err)
			require.NoError(t, os.Remove(shell))
			require.NoError(t, os.WriteFile(shell, copied, 0o700))
			cmd := exec.Command(shell, "-c", "cat /etc/passwd; mkdir d; true")
			cmd.Dir = dir
			require.NoError(t, cmd.Run())
			require.Eventually(t, func() bool { return o.has(`sysflow-mode\[\d+\] .* EXIT`) }, 5*time.Second, 20*time.Millisecond)
			for _, p := range tt.seen {
				assert.True(t, o.has(p), p)
			}
			for _, p := range tt.not {
				assert.False(t, o.has(p), p)
			}
			if t.Failed() {
				for _, l := range o.lines {
					t.Log(l)
				}
			}
		})
	}
}

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

// skipWithoutRights skips where live capture is not possible, and says why.
func skipWithoutRights(tb testing.TB) {
	tb.Helper()
	if os.Getenv("SYSFLOW_TEST_PRIVILEGED") == "" {
		tb.Skip("loads BPF programs: set SYSFLOW_TEST_PRIVILEGED=1, as make test-all does")
	}
	for _, r := range capture.Check() {
		if !r.OK {
			tb.Skipf("live capture is not possible here: %s", r.Detail)
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

func startReceiver(t *testing.T, o *observed) *sysflowReceiver {
	t.Helper()
	sink, err := consumer.NewLogs(o.consume)
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	r, err := newReceiver(receivertest.NewNopSettings(metadata.Type), cfg, sink)
	require.NoError(t, err)
	require.NoError(t, r.Start(context.Background(), componenttest.NewNopHost()))
	t.Cleanup(func() { require.NoError(t, r.Shutdown(context.Background())) })
	return r
}

func TestObservesCommand(t *testing.T) {
	skipWithoutRights(t)
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
